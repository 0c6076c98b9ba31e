"""axe-core finds nothing serious in any state of the page, light and dark, wide and narrow."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from playwright.async_api import Browser, Page
from telegram import InlineKeyboardButton, InlineKeyboardMarkup, InputMediaPhoto, ReactionTypeEmoji

from tests.browser.stage import ANN, PHONE, SAMPLES, Puppet, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

# Colours in the middle of an animation are not what a person reads.
CALM = {"reduced_motion": "reduce"}
AXE = (Path(__file__).parent / "vendor" / "axe.min.js").read_text()
CAT = (SAMPLES / "cat.jpg").read_bytes()


async def findings(page: Page, *rules: str) -> list[str]:
    """Return axe's serious and critical findings, one line each. ``rules`` limits the rules."""
    if not await page.evaluate("'axe' in window"):
        await page.evaluate(f"() => {{ {AXE} }}")
    # Only the number of passes is needed, and a name for each would cost most of the time.
    options = {"resultTypes": ["violations"]} | ({"runOnly": list(rules)} if rules else {})
    found: dict[str, Any] = await page.evaluate("options => axe.run(document, options)", options)
    return [
        f"{violation['id']}: {node['target']} {node['failureSummary']}"
        for violation in found["violations"]
        if violation["impact"] in {"serious", "critical"}
        for node in violation["nodes"]
    ]


async def converse(puppet: Puppet) -> None:
    """Fill Ann's chat with one of each kind of message."""
    bot = puppet.bot
    buttons = InlineKeyboardMarkup([[InlineKeyboardButton("Again", callback_data="again")]])
    first = await bot.send_message(ANN, "Send me a photo. /start", reply_markup=buttons)
    await bot.send_photo(ANN, CAT, caption="A cat", reply_to_message_id=first.message_id, reply_markup=buttons)
    await bot.send_photo(ANN, CAT)
    await bot.send_media_group(ANN, [InputMediaPhoto(CAT), InputMediaPhoto(CAT)])
    await bot.send_document(ANN, CAT, filename="cat.jpg")
    await bot.set_message_reaction(ANN, first.message_id, [ReactionTypeEmoji("👍")])
    await bot.set_my_commands([("undo", "one back"), ("new", "start over")])


async def walk(guest: Visitor, puppet: Puppet) -> AsyncIterator[str]:
    """Bring a wide page into one state after the other and name each."""
    page = guest.page
    await guest.go()
    yield "the empty chat"
    await converse(puppet)
    await guest.say("hello")
    await guest.own.first.wait_for()
    yield "a conversation"
    await page.click("#hood-toggle")
    yield "under the hood"
    await page.keyboard.press("Escape")
    await page.locator(".photo").first.click()
    yield "a picture at full size"
    await page.keyboard.press("Escape")
    await page.fill("#composer-text", "/")
    yield "commands"
    await page.fill("#composer-text", "")
    await page.click("#attach")
    yield "the attach menu"
    await page.keyboard.press("Escape")
    await page.click("#new-group")
    yield "the dialog for a group"
    await page.fill("#group-title", "Painters")
    await page.click("#create-group")
    await page.locator(".service").first.wait_for()
    await page.click("#chat-info")
    yield "a group and what it is"


async def test_a_light_page_has_no_serious_finding(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url, **CALM) as guest:
        async for state in walk(guest, puppet):
            assert await findings(guest.page) == [], state


async def test_a_dark_page_has_enough_contrast(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url, **CALM, color_scheme="dark") as guest:
        async for state in walk(guest, puppet):
            assert await findings(guest.page, "color-contrast") == [], state


async def test_a_phone_has_no_serious_finding(browser: Browser, puppet: Puppet) -> None:
    async with visiting(browser, puppet.url, **CALM, viewport=PHONE, has_touch=True, is_mobile=True) as guest:
        await converse(puppet)
        await guest.go()
        assert await findings(guest.page) == []
        await guest.page.locator(".chat-row").first.tap()
        assert await findings(guest.page) == []
