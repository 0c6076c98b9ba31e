"""Calculations of the page's modules, run inside the browser: which picture came from which, and mosaics."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.page.routes import STATIC_DIR
from tests.browser.stage import Puppet, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

BOT, ANN = {"id": 7, "is_bot": True}, {"id": 1}
Json = dict[str, Any]


def words(number: int, text: str, reply_to: int | None = None, sender: Json = ANN) -> Json:
    """Return a message of words."""
    reply = {"reply_to_message": {"message_id": reply_to}} if reply_to else {}
    return {"message_id": number, "from": sender, "text": text} | reply


def photo(number: int, caption: str = "", sender: Json = BOT, album: str | None = None, of: int | None = None) -> Json:
    """Return a photo; ``of`` is the number of an earlier one that it shows once more."""
    size = {"file_id": f"f{number}", "width": 800, "height": 600, "file_size": 1000 + (of or number)}
    more = {"media_group_id": album} if album else {}
    return {"message_id": number, "from": sender, "caption": caption, "photo": [size]} | more


STORIES: dict[str, tuple[list[Json], dict[int, list[int]]]] = {
    "refined": ([photo(1, "sepia", ANN), photo(2), words(3, "warmer"), photo(4)], {1: [], 2: [1], 4: [2]}),
    "a photo waits for its wish": (
        [photo(1, "", ANN), words(2, "What shall I do with it?", sender=BOT), words(3, "sepia"), photo(4)],
        {1: [], 4: [1]},
    ),
    "branched": (
        [photo(1, "sepia", ANN), photo(2), words(3, "warmer"), photo(4), words(5, "rotate", reply_to=2), photo(6)],
        {1: [], 2: [1], 4: [2], 6: [2]},
    ),
    "undone": (
        [
            photo(1, "sepia", ANN),
            photo(2),
            words(3, "warmer"),
            photo(4),
            words(5, "/undo"),
            photo(6, of=2),
            words(7, "rotate"),
            photo(8),
        ],
        {1: [], 2: [1], 4: [2], 8: [2]},
    ),
    "begun anew": (
        [words(1, "a cat"), photo(2), words(3, "/new@some_bot"), words(4, "a dog"), photo(5)],
        {2: [], 5: []},
    ),
    "two pictures": (
        [photo(1, "side by side", ANN, "a"), photo(2, "", ANN, "a"), photo(3)],
        {1: [], 2: [], 3: [1, 2]},
    ),
    "a board of pictures is no step": (
        [photo(1, "sepia", ANN), photo(2), words(3, "/tree"), photo(4), words(5, "warmer"), photo(6)],
        {1: [], 2: [1], 6: [2]},
    ),
    "a failed wish is no parent": (
        [
            words(1, "a cat"),
            photo(2),
            photo(3, "blend", ANN, "a"),
            photo(4, "", ANN, "a"),
            words(5, "Too many pictures.", sender=BOT),
            words(6, "warmer"),
            photo(7),
        ],
        {2: [], 3: [], 4: [], 7: [2]},
    ),
}


@pytest.mark.parametrize("story", STORIES)
async def test_the_tree_of_pictures(library: Visitor, story: str) -> None:
    messages, parents = STORIES[story]
    found = await library.page.evaluate(
        """async messages => {
          const {pictureTree} = await import('/static/js/pictures.js');
          const {nodes} = pictureTree(messages, user => user.is_bot === true);
          return Object.fromEntries([...nodes.values()].map(n => [n.id, n.parents]));
        }""",
        messages,
    )
    assert {int(number): of for number, of in found.items()} == parents


@pytest.mark.parametrize("count", range(1, 11))
async def test_a_mosaic_shows_every_picture_once_and_none_too_small(library: Visitor, count: int) -> None:
    ratios = [(1.5, 0.7, 1.0, 2.0)[i % 4] for i in range(count)]
    rows: list[list[int]] = await library.page.evaluate(
        "async ratios => (await import('/static/js/media.js')).mosaic(ratios)", ratios
    )
    assert [i for row in rows for i in row] == list(range(count))
    heights = [1 / sum(ratios[i] for i in row) for row in rows]  # as parts of the width
    assert min(heights) > 0.15
    assert count < 3 or 0.5 < sum(heights) < 2


@pytest.mark.parametrize(
    ("text", "entities", "drawn"),
    [
        ("🎨 bold", [("bold", 3, 4)], "🎨 <strong>bold</strong>"),
        ("ab", [("bold", 0, 2), ("italic", 1, 1)], "<strong>a<em>b</em></strong>"),
        ("abc", [("bold", 0, 2), ("italic", 1, 2)], "<strong>ab</strong>c"),
        ("x", [("bold", 0, 9)], "<strong>x</strong>"),
        ("x", [("bold", 5, 2)], "x"),
        ("go", [("text_link", 0, 2, "javascript:alert(1)")], "<span>go</span>"),
    ],
)
async def test_entities_become_elements(library: Visitor, text: str, entities: list[Any], drawn: str) -> None:
    given = [dict(zip(("type", "offset", "length", "url"), entity, strict=False)) for entity in entities]
    html = await library.page.evaluate(
        """async ([text, entities]) => {
          const {rich} = await import('/static/js/entities.js');
          const box = document.createElement('div');
          box.append(...rich(text, entities));
          return box.innerHTML;
        }""",
        [text, given],
    )
    assert html == drawn


async def test_every_module_is_announced_to_the_browser(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url) as guest:
        await guest.go()
        links = guest.page.locator("link[rel=modulepreload]")
        announced = {await link.get_attribute("href") for link in await links.all()}
        modules = {path.name for path in (STATIC_DIR / "js").iterdir()} - {"main.js", "theme-init.js"}
        assert announced == {f"/static/js/{name}" for name in modules}
        await expect(guest.page.locator(".welcome")).to_be_visible()
