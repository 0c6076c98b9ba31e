"""What the page shows while the bot works: the draft, and when it ends."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.stage import ANN, Puppet, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_draft_grows_and_becomes_the_message(guest: Visitor, puppet: Puppet) -> None:
    await guest.go()
    await puppet.bot.send_chat_action(ANN, "upload_photo")
    await expect(guest.page.locator(".head-status")).to_have_text("sending a photo")
    draft = guest.page.locator(".draft .text")
    await puppet.bot.send_message_draft(ANN, 5, "A light", api_kwargs={"can_stop": True})
    await expect(draft).to_have_text("A light")
    await puppet.bot.send_message_draft(ANN, 5, "A lighthouse at", api_kwargs={"can_stop": True})
    await expect(draft).to_have_text("A lighthouse at")
    await guest.page.get_by_role("button", name="Stop").click()
    (update,) = await puppet.bot.get_updates(timeout=5)
    assert "stopped_message_generation" in str(update.to_dict())
    await puppet.bot.send_message(ANN, "A lighthouse at dusk.")
    await expect(draft).to_have_count(0)
    await expect(guest.answers.locator(".text")).to_have_text("A lighthouse at dusk.")
    await expect(guest.page.locator(".head-status")).to_have_text("bot")


async def test_a_blocked_bot_is_not_shown_at_work(guest: Visitor, puppet: Puppet) -> None:
    page, draft = guest.page, guest.page.locator(".draft")
    await guest.go()
    await puppet.bot.send_message_draft(ANN, 1, "Painting…")
    await expect(draft).to_be_visible()
    await page.click("#chat-info")
    await page.get_by_role("switch", name="Block the bot").click()
    await expect(page.get_by_role("button", name="Unblock the bot")).to_be_visible()
    await expect(draft).to_have_count(0, timeout=1000)  # by itself it ends after 30 s
    await page.reload()
    await expect(page.get_by_role("button", name="Unblock the bot")).to_be_visible()
    await expect(draft).to_have_count(0)
    await page.get_by_role("button", name="Unblock the bot").click()
    await expect(page.locator("#composer-text")).to_be_visible()
