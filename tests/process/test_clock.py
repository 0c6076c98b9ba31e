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
async def _answering(date: float, header: str | None) -> AsyncIterator[str]:
    """Yield the address of a server or proxy that sends one message, of a date (Unix s), whatever it is asked."""
    words = f'{{"date":{round(time.time() + 900 * DAY_S)}}}'
    result = {"message_id": 1, "date": round(date), "chat": PRIVATE, "text": words}
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


async def _heard(date_days: float, header_days: float | None, *, of_its_own: bool) -> TelegramClock:
    """Return a clock after one answer; the days say how far its message and its header are from this machine's time."""
    now, clock = time.time(), TelegramClock()
    header = None if header_days is None else formatdate(now + header_days * DAY_S, usegmt=True)
    async with _answering(now + date_days * DAY_S, header) as url:
        how = {"telegram_api_url": url} if of_its_own else {"telegram_proxy_url": url}
        official = {} if of_its_own else {"telegram_api_url": "http://api.telegram.org"}
        token = SecretStr(MADE_UP_TOKEN)
        settings = Settings.model_validate({"telegram_bot_token": token, "telegram_limits": False, **how, **official})
        bot, polls = telegram(settings, clock=clock)
        assert clock.now() is None
        await bot.send_message(7, "hello")
        await polls.shutdown()
        await bot.request.shutdown()
    return clock


def _is_ahead_by(clock: TelegramClock, days: float) -> bool:
    heard = clock.now()
    return heard is not None and abs(heard - time.time() - days * DAY_S) < 60


@pytest.mark.parametrize("date_days", [0.0, -300.0, 300.0], ids=["right", "ahead", "behind"])
@pytest.mark.parametrize("header_days", [None, 0.0])
async def test_with_a_server_of_ones_own_the_time_comes_with_messages(
    date_days: float, header_days: float | None
) -> None:
    """What stands before it has the clock of its machine, often this one. It deleted all where that ran ahead."""
    clock = await _heard(date_days, header_days, of_its_own=True)
    assert _is_ahead_by(clock, date_days)
    assert (clock.fault() is None) == (date_days == 0)


async def test_telegram_itself_tells_the_time_with_each_answer() -> None:
    """A message may be old."""
    clock = await _heard(-300.0, 5.0, of_its_own=False)
    assert _is_ahead_by(clock, 5.0)


@pytest.mark.parametrize(
    "header",
    [
        *("", "soon", "Fri, 99 Foo 2026 00:00:00 GMT"),
        f"Mon, {10**20} Jan 2026 00:00:00 GMT",
        f"Mon, 12 Jan 2026 00:00:00 +{10**15}",
        "Fri, 31 Dec 9999 23:59:59 GMT",
    ],
)
def test_a_header_that_is_no_date_is_left_alone(header: str) -> None:
    clock = TelegramClock()
    clock.note_header(header)
    assert clock.now() is None


@pytest.mark.parametrize("zone", ["GMT", "-0000", ""])
def test_a_header_tells_utc_wherever_the_machine_is(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", "Asia/Tokyo")
    time.tzset()
    try:
        clock = TelegramClock()
        clock.note_header(f"{time.strftime('%a, %d %b %Y %H:%M:%S', time.gmtime())} {zone}".strip())
        assert clock.now() is not None
        assert clock.fault() is None
    finally:
        monkeypatch.undo()
        time.tzset()


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
