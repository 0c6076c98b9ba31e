"""The page of a bot that is lent: a person asks to join, meets a limit, and pays with Stars."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, expect
from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from bot.sandbox.botapi.state.world import OWNER
from tests.browser.stage import ANN, PHONE, Puppet, Studio, Visitor, visiting

pytestmark = [pytest.mark.browser, pytest.mark.asyncio(loop_scope="session")]

NAMES = {ANN: "Ann", OWNER.id: OWNER.first_name}


@pytest_asyncio.fixture(loop_scope="session")
async def lent(tmp_path: Path) -> AsyncIterator[Studio]:
    """A bot that asks its owner about people, gives one picture a month away, and sells more."""
    chosen = {"access": "ask", "limit_person": "1/month", "stars_packs": "2:10, 200:600"}
    running = Studio(data_dir=tmp_path, chosen=chosen)
    await running.start()
    yield running
    await running.stop()


async def _shown(visitor: Visitor, name: str) -> None:
    """Keep a picture of the page where ``SHOTS`` names a folder, to be looked at."""
    if folder := os.environ.get("SHOTS"):
        await visitor.page.screenshot(path=f"{folder}/{name}.png")


async def _press(visitor: Visitor, answer: int, button: str) -> None:
    bubble = await visitor.answer(answer)
    await bubble.locator(".key").filter(has_text=button).click()


async def _pay(visitor: Visitor, answer: int, stars: int) -> None:
    """Press Pay under an invoice, and again when the page asks."""
    await _press(visitor, answer, f"Pay ⭐ {stars}")
    dialog = visitor.page.get_by_role("dialog")
    await expect(dialog).to_contain_text(f"for ⭐ {stars}?")
    await _shown(visitor, f"pay-{stars}")
    await dialog.get_by_role("button", name="Pay").click()


async def _open(visitor: Visitor, person: int) -> None:
    """Open the chat with the bot as a person. Until the page knows of the other one, it shows the chat of the last."""
    await visitor.page.goto(f"{visitor.url}/#/{person}/{person}")
    # On a phone the list of chats, which names the person, is behind the chat.
    await expect(visitor.page.locator(".who-name")).to_contain_text(NAMES[person])
    await expect(visitor.page.locator("#composer-text")).to_be_visible()


async def _let_in(visitor: Visitor) -> None:
    """Ask to join as Ann, and let her in as the owner."""
    await _open(visitor, ANN)
    await visitor.say("a lighthouse at dusk")
    await expect(await visitor.answer(1)).to_contain_text("I keep your wish")
    await _open(visitor, OWNER.id)
    await expect(await visitor.answer(1)).to_contain_text("begins with: “a lighthouse at dusk”")
    await _shown(visitor, "owner-is-asked")
    await _press(visitor, 1, "Admit")
    await expect(visitor.answers.first).to_contain_text("let in by Olga")
    await _open(visitor, ANN)
    await expect(await visitor.answer(3)).to_contain_text("That was the last one for this month")


@pytest.mark.parametrize("size", ["wide", "phone"])
async def test_a_person_is_let_in_meets_the_limit_and_pays(browser: Browser, lent: Studio, size: str) -> None:
    async with visiting(browser, lent.url, **({"viewport": PHONE} if size == "phone" else {})) as visitor:
        page = visitor.page
        await _let_in(visitor)
        await visitor.say("warmer")
        await expect(await visitor.answer(4)).to_contain_text("used up")
        await _press(visitor, 4, "Buy pictures")
        await _press(visitor, 5, "2 pictures for ⭐ 10")
        await expect(await visitor.answer(6)).to_contain_text("They never expire.")
        await expect(visitor.answers.nth(5).locator("b, strong")).to_have_text("2 pictures")
        await _shown(visitor, f"invoice-{size}")
        await _pay(visitor, 6, 10)
        await expect(page.locator(".toast")).to_have_text("Paid. You have ⭐ 990 left.")
        await expect(await visitor.answer(7)).to_contain_text("Thank you! 2 more pictures are yours.")
        await expect(page.locator("#timeline").get_by_text("You paid ⭐ 10")).to_be_visible()
        await _shown(visitor, f"paid-{size}")
        # Nobody pays twice by a second tap.
        await _press(visitor, 6, "Receipt")
        await expect(page.locator(".service.flash")).to_have_text("You paid ⭐ 10")
        await _press(visitor, 4, "Try again")
        await expect(await visitor.answer(8)).to_contain_text("Paid with your pictures; one is left.")
        await _open(visitor, OWNER.id)
        await visitor.say("/people")
        await expect(await visitor.answer(2)).to_contain_text("limit 1/month")
        await _shown(visitor, f"people-{size}")


async def test_who_has_too_few_stars_reads_so(browser: Browser, lent: Studio) -> None:
    async with visiting(browser, lent.url) as visitor:
        await _let_in(visitor)
        await visitor.say("/buy")
        await _press(visitor, 4, "200 pictures for ⭐ 600")
        await _pay(visitor, 5, 600)
        await expect(await visitor.answer(6)).to_contain_text("Thank you!")
        await visitor.say("/buy")
        await _press(visitor, 7, "200 pictures for ⭐ 600")
        with visitor.while_away():
            await _pay(visitor, 8, 600)
            await expect(visitor.page.locator(".toast").last).to_contain_text("You have 400 Stars, and this costs 600")


async def test_a_link_to_the_bot_opens_ones_own_chat_and_starts_it(browser: Browser, puppet: Puppet) -> None:
    """As the button that sells does in a group (core.telegram.org/bots/features#deep-linking)."""
    async with visiting(browser, puppet.url) as visitor:
        body = {"as": ANN, "title": "Painters", "members": []}
        made = await (await visitor.page.request.post(f"{puppet.url}/sandbox/groups", data=body)).json()
        group_id = made["id"]
        me = await puppet.bot.get_me()
        button = InlineKeyboardButton("Buy pictures", url=f"https://t.me/{me.username}?start=buy")
        await puppet.bot.send_message(group_id, "Used up.", reply_markup=InlineKeyboardMarkup([[button]]))
        await visitor.go(ANN, group_id)
        await _press(visitor, 1, "Buy pictures")
        await expect(visitor.own.last).to_contain_text("/start buy")
        assert visitor.page.url.endswith(f"#/{ANN}/{ANN}")
