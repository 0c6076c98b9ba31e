"""The page without a mouse."""

from __future__ import annotations

import pytest
from playwright.async_api import expect

from tests.browser.stage import BORIS, Puppet, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]


async def test_a_message_is_answered_with_the_keyboard_alone(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await puppet.bot.send_message(BORIS, "older")
    await puppet.bot.send_message(BORIS, "newer")
    await guest.go(BORIS)
    await expect(guest.answers.last).to_be_visible()
    await page.focus("#timeline")
    for key in ("ArrowUp", "ArrowUp", "Enter"):
        await page.keyboard.press(key)
    await expect(page.get_by_role("menuitem", name="React with 👍")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("menuitem", name="React with ❤")).to_be_focused()
    await page.keyboard.press("ArrowDown")  # past the row of reactions, as it looks on the screen
    await expect(page.get_by_role("menuitem", name="Reply")).to_be_focused()
    await page.keyboard.press("Enter")
    await expect(page.locator("#composer-text")).to_be_focused()
    await page.keyboard.type("this one")
    await page.keyboard.press("Enter")
    await expect(guest.own.last.locator(".quote")).to_contain_text("older")


async def test_a_menu_closes_by_escape_and_gives_the_focus_back(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await puppet.bot.send_message(BORIS, "hello")
    await guest.go(BORIS)
    await expect(guest.answers.last).to_be_visible()
    await page.focus("#timeline")
    await page.keyboard.press("ArrowUp")
    await page.keyboard.press("Enter")
    await page.keyboard.press("ArrowUp")  # from the first row around to the last item
    await expect(page.get_by_role("menuitem").last).to_be_focused()
    await page.keyboard.press("Escape")
    await expect(page.get_by_role("menu")).to_have_count(0)
    await expect(guest.answers.last).to_be_focused()


async def test_the_commands_button_opens_the_list_also_while_one_writes(guest: Visitor, puppet: Puppet) -> None:
    page, options = guest.page, guest.page.locator(".suggestion:visible")
    await puppet.bot.set_my_commands([("undo", "One picture back"), ("tree", "All pictures")])
    await guest.go()
    await guest.say("hello")  # the box has the focus afterwards
    await page.click("#commands")
    await expect(options).to_have_count(2)
    await page.wait_for_timeout(300)  # a list that closes late, closes by then
    await expect(options).to_have_count(2)
    await page.keyboard.press("Escape")
    await expect(options).to_have_count(0)

    await page.click("#commands")
    await expect(options).to_have_count(2)
    await page.click("#timeline", position={"x": 5, "y": 5})
    await expect(page.locator("#suggestions")).to_be_hidden()
    await expect(page.locator("#composer-text")).to_have_value("/")


async def test_the_commands_button_keeps_the_words_that_stand_in_the_box(guest: Visitor, puppet: Puppet) -> None:
    page = guest.page
    await puppet.bot.set_my_commands([("edit", "Make or change a picture")])
    await guest.go()
    await page.fill("#composer-text", "make the sky red")
    await page.click("#commands")
    await expect(page.locator(".suggestion:visible")).to_have_count(1)
    await page.keyboard.press("Tab")
    await expect(page.locator("#composer-text")).to_have_value("/edit make the sky red")
