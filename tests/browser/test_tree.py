"""Under the hood, the tree of pictures: it is the bot's own, and stays readable."""

from __future__ import annotations

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.stage import ANN, PHONE, SAMPLES, WIDE, Visitor, puppet_stage, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

DRAWN = """() => [...document.querySelectorAll('.tree-node')].map((node) => {
  const branches = [];
  for (let at = node.closest('.line'); at; at = at.parentElement.closest('.line')) branches.push(at);
  return [node.querySelector('.tree-wish').textContent, branches.length - 1];
})"""
"""Each row of the tree: the wish, and how many branches it is away from the first picture."""


async def test_the_tree_is_that_of_the_bot_however_quickly_one_writes(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go()
    await page.click("#hood-toggle")
    for words in ("a lighthouse at dusk", "warmer", "/new a landscape in the morning", "/help", "add a boat", "/tree"):
        await visitor.say(words)
    await expect(page.locator(".tree-wish")).to_have_count(4, timeout=30_000)
    first = page.locator(".msg.in", has=page.locator(".photo")).first
    await first.click(button="right", position={"x": 40, "y": 10})
    await page.get_by_role("menuitem", name="Reply").click()
    await visitor.say("colder")
    await visitor.attach(SAMPLES / "cat.jpg", caption="flip it")
    await expect(page.locator(".tree-wish")).to_have_count(6, timeout=30_000)
    assert await page.evaluate(DRAWN) == [
        ["a lighthouse at dusk", 0],
        ["warmer", 1],
        ["colder", 1],
        ["flip it", 1],
        ["a landscape in the morning", 0],
        ["add a boat", 0],
    ]
    await expect(page.locator(".tree-node[aria-current] .tree-wish")).to_have_text("flip it")
    await expect(page.locator(".tree-node[aria-current] img")).to_have_count(2)  # the photo came with the wish

    await page.locator(".tree-node", has_text="flip it").click()
    path = page.get_by_role("navigation", name="The path that led to this picture")
    await expect(path.locator(".step-wish")).to_have_text(["a lighthouse at dusk", "colder", "flip it"])
    await expect(path.locator(".step")).to_have_count(4)


def turn(number: int, parent: int | None) -> dict[str, Any]:
    """Return a turn without pictures, as the bot tells it."""
    wish = f"wish {number} with a bit more contrast"
    return {"number": number, "parent": parent, "wish": wish, "current": False, "sent": [], "shown": [], "again": []}


CHAIN = [turn(number, number - 1 or None) for number in range(1, 21)]
BRANCHED = [turn(1, None), *(turn(number, number - 2 if number % 2 else number - 1) for number in range(2, 22))]
"""Of every second picture, two were made, and the story went on from the second of them."""


@pytest.mark.parametrize("window", [WIDE, PHONE])
@pytest.mark.parametrize("story", [CHAIN, BRANCHED])
async def test_a_long_story_stays_readable(
    browser: Browser, window: dict[str, int], story: list[dict[str, Any]]
) -> None:
    async def tree(chat_id: int, topic: int) -> list[dict[str, Any]]:
        return story

    async with puppet_stage(tree=tree) as puppet, visiting(browser, puppet.url, viewport=window) as guest:
        page = guest.page
        await page.goto(f"{guest.url}/#/{ANN}/{ANN}")
        await page.click("#hood-toggle")
        wishes = page.locator(".tree-wish")
        await expect(wishes).to_have_count(len(story))
        widths = [box["width"] for wish in await wishes.all() if (box := await wish.bounding_box())]
        assert len(widths) == len(story)
        assert min(widths) > (150 if story is CHAIN else 90)
        assert await page.evaluate("document.querySelector('.panel-body').scrollWidth <= innerWidth")
