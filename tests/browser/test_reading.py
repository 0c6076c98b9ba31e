"""The text that a person reads stays in its place, and nothing covers it."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.stage import BORIS, Puppet, Visitor, until

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

TO_THE_END_PX = """() => {
  const box = document.getElementById('timeline');
  return box.scrollHeight - box.scrollTop - box.clientHeight;
}"""


async def _filled(guest: Visitor, puppet: Puppet) -> None:
    for number in range(30):
        await puppet.bot.send_message(BORIS, f"number {number}")
    await guest.go(BORIS)
    await expect(guest.answers.last).to_be_in_viewport()


async def test_the_end_stays_in_view_when_a_row_grows_before_a_scroll_is_told(guest: Visitor, puppet: Puppet) -> None:
    await _filled(guest, puppet)
    # The browser reports a scroll in a later frame. Before that, a picture or an album may have grown a row.
    await guest.page.evaluate(
        """() => {
          document.querySelector('#rows > .msg:last-child').style.paddingBottom = '400px';
          document.getElementById('timeline').dispatchEvent(new Event('scroll'));
        }"""
    )
    await expect(guest.page.locator("#timeline")).to_have_attribute("data-end", "yes")
    await until(guest.page, f"({TO_THE_END_PX})() < 2")


async def test_a_person_who_scrolls_up_is_left_there(guest: Visitor, puppet: Puppet) -> None:
    await _filled(guest, puppet)
    await guest.page.locator("#timeline").evaluate("box => box.scrollTop -= 300")
    await expect(guest.page.locator("#timeline")).to_have_attribute("data-end", "no")
    await puppet.bot.send_message(BORIS, "news")
    await expect(guest.page.get_by_role("button", name="To the newest message, 1 unread")).to_be_visible()
    assert await guest.page.evaluate(TO_THE_END_PX) > 250


async def test_the_date_lies_over_messages_only_while_they_scroll(guest: Visitor, puppet: Puppet) -> None:
    await _filled(guest, puppet)
    date = guest.page.locator(".day").first
    await expect(date).to_have_css("opacity", "0")
    await guest.page.locator("#timeline").evaluate("box => box.scrollTop -= 100")
    await expect(date).to_have_css("opacity", "1")
    await expect(date).to_have_css("opacity", "0")
    await guest.page.locator("#timeline").evaluate("box => box.scrollTop = 0")
    await expect(date).not_to_have_class("day over")
    await expect(date).to_have_css("opacity", "1")
