"""The webhook itself: set, kept, watched; and albums that a restart cuts in two."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import replace
from typing import Any

import pytest

from bot.chat.receive.polling import TokenRejected
from bot.web.webhook import Webhook, WebhookRefused, WebhookTimes
from tests.support.painter import number_of, plain
from tests.support.talking import Talk

QUICK = WebhookTimes(first_pause_s=0.01, longest_pause_s=0.02, look_s=0.02, settle_s=0.5, watch_s=0.02)


async def until(fits: Callable[[], Any], timeout_s: float = 10.0) -> None:
    """Wait until something holds. Raises TimeoutError."""
    async with asyncio.timeout(timeout_s):
        while not fits():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


@asynccontextmanager
async def watched(talk: Talk, url: str = "", heard: Callable[[], None] = lambda: None) -> AsyncIterator[Webhook]:
    """Run another one that looks after the webhook, more often than the bot's own."""
    webhook = Webhook(talk.running.bot, url or talk.settings["webhook_url"], "s3cret-_A", heard, QUICK)
    task = asyncio.create_task(webhook.run())
    try:
        yield webhook
        assert not task.done()
    finally:
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task


async def test_a_webhook_that_somebody_took_away_is_set_again(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []
    async with watched(talk, heard=lambda: heard.append(1)):
        await until(lambda: heard)
        await talk.telegram.api("deleteWebhook")
        await until(lambda: "the webhook was removed, not by this bot; it is set again" in caplog.text)
        await talk.telegram.ann.say("a boat")
        assert (await talk.telegram.ann.answer()).has_picture


async def test_what_telegram_cannot_deliver_is_told_and_counted(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    heard: list[int] = []
    async with watched(talk, "http://127.0.0.1:9/nobody", lambda: heard.append(1)) as webhook:
        await until(lambda: heard)
        await talk.telegram.ann.say("a boat")
        await until(lambda: "Telegram could not deliver (Connection failed" in caplog.text)
        assert webhook.pending == 1


async def test_a_network_that_fails_at_the_start_is_waited_for(talk: Talk) -> None:
    await talk.telegram.fault("setWebhook", status=502, times=2)
    heard: list[int] = []
    async with watched(talk, heard=lambda: heard.append(1)):
        await until(lambda: heard)
        # A call is noted once its answer is out, so the bot may be ahead of the list of calls.
        async with asyncio.timeout(10):
            while len(await talk.telegram.calls("setWebhook")) < 4:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
    assert len(await talk.telegram.calls("setWebhook")) == 4


async def test_an_address_that_telegram_refuses_ends_the_start_in_one_line(talk: Talk) -> None:
    webhook = Webhook(talk.running.bot, "http://bot.example/hook", "s3cret", lambda: None, QUICK)
    with pytest.raises(WebhookRefused, match=r"^Telegram refuses WEBHOOK_URL: .*https"):
        await webhook.run()


UNKNOWN_HOST = "Bad Request: bad webhook: Failed to resolve host: Name or service not known"
"""telegram-bot-api, Client::on_webhook_closed, and td, IPAddress.cpp."""


async def test_a_domain_that_telegram_does_not_know_yet_is_waited_for(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    """As in the first minutes of a new one."""
    await talk.telegram.fault("setWebhook", status=400, description=UNKNOWN_HOST, times=3)
    heard: list[int] = []
    async with watched(talk, heard=lambda: heard.append(1)):
        await until(lambda: heard)
    assert caplog.text.count("Telegram does not take the webhook yet") == 3


async def test_a_domain_that_telegram_never_finds_ends_the_start_in_one_line(talk: Talk) -> None:
    await talk.telegram.fault("setWebhook", status=400, description=UNKNOWN_HOST, times=-1)
    quick = replace(QUICK, resolve_s=0.2)
    webhook = Webhook(talk.running.bot, talk.settings["webhook_url"], "s3cret", lambda: None, quick)
    began = time.monotonic()
    with pytest.raises(WebhookRefused, match=r"^Telegram refuses WEBHOOK_URL: .*resolve host"):
        await webhook.run()
    assert time.monotonic() - began > 0.2


async def test_a_token_that_is_rejected_again_and_again_ends_the_bot(talk: Talk) -> None:
    await talk.telegram.fault("setWebhook", status=401, times=-1)
    webhook = Webhook(talk.running.bot, talk.settings["webhook_url"], "s3cret", lambda: None, QUICK)
    with pytest.raises(TokenRejected):
        await webhook.run()


async def test_a_stop_leaves_the_webhook_and_what_comes_meanwhile_is_delivered_to_the_next_process(talk: Talk) -> None:
    await talk.telegram.boris.say("/start")
    await talk.telegram.boris.answer()
    await talk.stop()
    assert (await talk.telegram.api("getWebhookInfo"))["result"]["url"] == talk.settings["webhook_url"]
    await talk.telegram.ann.say("a boat")
    await talk.start()
    assert (await talk.telegram.ann.answer()).has_picture
    assert len(talk.painter.calls) == 1


async def test_an_album_that_a_restart_cuts_in_two_is_one_wish(talk: Talk) -> None:
    talk.settings["album_wait_s"] = 1.5
    await talk.restart()
    ann = talk.telegram.ann
    numbers = [150, 151, 152]
    sending = asyncio.create_task(ann.album([plain(one) for one in numbers], "a collage", stagger_s=0.4))
    while not await talk.store.inbox.count_open():  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    await talk.stop()
    await sending
    await talk.start()
    assert (await ann.answer()).has_picture
    (call,) = talk.painter.calls
    assert [number_of(picture) for picture in call.pictures] == numbers
    await ann.silence(0.3)
