"""Calculations of the page's modules, run inside the browser: mosaics, and text with entities."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from bot.sandbox.page.routes import STATIC_DIR
from tests.browser.stage import Puppet, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


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
