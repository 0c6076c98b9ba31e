"""What time it is at Telegram is learned from its answers, with or without the header that servers send."""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate

import pytest
from pydantic import SecretStr

from bot.process.clients import telegram
from bot.process.clock import TelegramClock
from bot.settings.settings import Settings
from tests.support.people import MADE_UP_TOKEN

DAY_S = 24 * 3600.0
PRIVATE = {"id": 7, "type": "private", "first_name": "Ann"}


@asynccontextmanager
async def _answering(date: float | None, header: str | None) -> AsyncIterator[str]:
    """Yield the address of a Bot API server that sends one message, of a date (Unix s), whatever it is asked."""
    words = f'{{"date":{round(time.time() + 900 * DAY_S)}}}'
    result = {"message_id": 1, "date": round(date or 0), "chat": PRIVATE, "text": words}
    body = json.dumps({"ok": True, "result": result}, separators=(",", ":")).encode()
    lines = ["HTTP/1.1 200 OK", f"Content-Length: {len(body)}", "Content-Type: application/json"]
    lines += [f"Date: {header}"] if header else []

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).lower()
        await reader.readexactly(int(head.partition(b"content-length:")[2].split()[0]))
        writer.write("\r\n".join([*lines, "", ""]).encode() + body)
        await writer.drain()
        writer.close()

    async with await asyncio.start_server(answer, "127.0.0.1", 0) as server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@pytest.mark.parametrize(
    ("date_days", "header_days", "heard_days"),
    [
        (0.0, 0.0, 0.0),
        # A server of one's own sends no header, and the date of its message is Telegram's.
        (-300.0, None, -300.0),
        (300.0, None, 300.0),
        # The header counts: a message may be old.
        (-300.0, 5.0, 5.0),
    ],
    ids=["right", "ahead", "behind", "an old message"],
)
async def test_the_time_comes_with_each_answer(date_days: float, header_days: float | None, heard_days: float) -> None:
    now, clock = time.time(), TelegramClock()
    header = None if header_days is None else formatdate(now + header_days * DAY_S, usegmt=True)
    async with _answering(now + date_days * DAY_S, header) as url:
        settings = Settings(telegram_bot_token=SecretStr(MADE_UP_TOKEN), telegram_api_url=url, telegram_limits=False)
        bot, polls = telegram(settings, clock=clock)
        assert clock.now() is None
        await bot.send_message(7, "hello")
        heard = clock.now()
        await polls.shutdown()
        await bot.request.shutdown()
    assert heard is not None
    assert abs(heard - now - heard_days * DAY_S) < 60
    assert (clock.fault() is None) == (heard_days == 0)


@pytest.mark.parametrize("header", ["", "soon", "Fri, 99 Foo 2026 00:00:00 GMT"])
def test_a_header_that_is_no_date_is_left_alone(header: str) -> None:
    clock = TelegramClock()
    clock.note_header(header)
    assert clock.now() is None


def test_an_older_message_does_not_set_the_clock_back() -> None:
    clock, now = TelegramClock(), round(time.time())
    for ago in (100_000, 10, 50_000):
        clock.note_body(json.dumps({"date": now - ago}, separators=(",", ":")).encode())
    assert clock.fault() is None


async def test_a_machine_that_slept_asks_once_more() -> None:
    """While it slept, nobody counted the time."""
    clock, asked = TelegramClock(), []
    clock.note_header(formatdate(time.time() - 5 * DAY_S))

    async def ask() -> None:
        asked.append(True)
        clock.note_header(formatdate(time.time()))

    assert await clock.is_right(ask)
    assert await clock.is_right(ask)
    assert asked == [True]
