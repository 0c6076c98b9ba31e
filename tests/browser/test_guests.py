"""The bot as a guest in the sandbox's page: called in a group that it is not in, and followed into the private chat."""

from __future__ import annotations

import re

import pytest
from playwright.async_api import expect

from tests.browser.stage import ANSWER_MS, Visitor, loaded

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def strangers(visitor: Visitor) -> None:
    """Make a group without the bot."""
    page = visitor.page
    await page.click("#new-group")
    await page.fill("#group-title", "Strangers")
    await page.locator("label.pick").filter(has_text="the bot").locator("input").uncheck()
    await page.locator('input[name="kind"][value="supergroup"]').check()
    await page.click("#create-group")


async def test_it_is_called_by_its_name_and_goes_on_in_private(visitor: Visitor) -> None:
    page = visitor.page
    await visitor.go()
    await visitor.say("/start")
    await visitor.answer(1)
    await strangers(visitor)
    await expect(page.locator(".welcome-card")).to_contain_text("comes as a guest")
    await page.fill("#composer-text", "")
    await page.locator("#composer-text").press_sequentially("@pent")
    await page.keyboard.press("Tab")
    await page.locator("#composer-text").press_sequentially("a lighthouse at dusk")
    await page.keyboard.press("Enter")
    await expect(visitor.answers.first.locator(".photo img")).to_be_visible(timeout=ANSWER_MS)
    await loaded(visitor.answers.first.locator(".photo img"))
    await visitor.answers.first.locator(".key").filter(has_text="Go on in private").click()
    await expect(page.locator(".head-title")).to_have_text("Pentimento")
    await expect(visitor.answers.last).to_contain_text("Here we go on with", timeout=ANSWER_MS)


async def test_an_example_calls_it(visitor: Visitor) -> None:
    await visitor.go()
    await visitor.say("/start")
    await visitor.answer(1)
    await strangers(visitor)
    await visitor.page.locator(".chip").filter(has_text="lighthouse").click()
    await expect(visitor.own.locator(".text")).to_have_text("@pentimento_bot a lighthouse at dusk")
    await expect(visitor.answers.first.locator(".photo img")).to_be_visible(timeout=ANSWER_MS)


async def test_what_is_offered_behind_its_name_is_painted_or_sent(visitor: Visitor) -> None:
    """Inline mode: nothing is chosen by itself, so Enter would send the words as they stand there."""
    page = visitor.page
    await visitor.go()
    await visitor.say("a castle")
    await visitor.answer(1)
    await strangers(visitor)
    offers = page.locator(".suggestion")
    await page.fill("#composer-text", "@pentimento_bot a lighthouse at dusk")
    await expect(offers.first).to_contain_text("Paint: a lighthouse at dusk", timeout=ANSWER_MS)
    await expect(page.locator('.suggestion[aria-selected="true"]')).to_have_count(0)
    await offers.first.click()
    await expect(page.locator("#composer-text")).to_have_value("")
    await expect(visitor.own.first).to_contain_text("via @pentimento_bot")
    await loaded(visitor.own.first.locator(".photo img"))
    await page.fill("#composer-text", "@pentimento_bot ")
    await expect(offers).to_have_text([re.compile("One of your pictures")], timeout=ANSWER_MS)
    await page.keyboard.press("ArrowDown")
    await page.keyboard.press("Enter")
    await expect(visitor.own).to_have_count(2)
    await loaded(visitor.own.last.locator(".photo img"))
