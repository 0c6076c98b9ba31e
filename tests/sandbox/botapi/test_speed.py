"""How fast the emulated Bot API is; run by ``make bench``. Prints medians in milliseconds."""

from __future__ import annotations

import asyncio
import statistics
import time

import pytest

from bot.sandbox.botapi.content import pictures
from tests.support.bots import PlainBot
from tests.support.people import Telegram
from tests.support.pictures import noise

pytestmark = pytest.mark.bench
ROUNDS = 30


def ms(seconds: list[float]) -> float:
    return statistics.median(seconds) * 1000


async def test_a_photo_of_a_megabyte_is_sent_in_a_few_milliseconds(
    telegram: Telegram, bot: PlainBot, capsys: pytest.CaptureFixture[str]
) -> None:
    await telegram.ann.say("/start")
    data = noise(1280, 960, quality=93)
    whole, resizing = [], []
    for _ in range(ROUNDS):
        started = time.perf_counter()
        await pictures.photo_sizes(data)
        resizing.append(time.perf_counter() - started)
        started = time.perf_counter()
        await bot.photo(telegram.ann.id, data)
        whole.append(time.perf_counter() - started)
    with capsys.disabled():
        print(
            f"\nsendPhoto of {len(data) / 1e6:.2f} MB: {ms(whole):.1f} ms, of which {ms(resizing):.1f} ms makes sizes,"
            f" so {ms(whole) - ms(resizing):.1f} ms for the rest"
        )
    assert ms(whole) - ms(resizing) < 60


async def test_a_poll_wakes_in_a_few_milliseconds(
    telegram: Telegram, bot: PlainBot, capsys: pytest.CaptureFixture[str]
) -> None:
    woken = []
    for number in range(ROUNDS):
        poll = asyncio.create_task(bot.updates(timeout=10))
        await asyncio.sleep(0.02)
        started = time.perf_counter()
        await telegram.ann.say(str(number))
        await poll
        woken.append(time.perf_counter() - started)
    with capsys.disabled():
        print(f"\nfrom a person's message to the end of the bot's getUpdates: {ms(woken):.1f} ms")
    assert ms(woken) < 60


async def test_a_text_is_sent_in_a_few_milliseconds(
    telegram: Telegram, bot: PlainBot, capsys: pytest.CaptureFixture[str]
) -> None:
    await telegram.ann.say("/start")
    sent = []
    for number in range(ROUNDS):
        started = time.perf_counter()
        await bot.say(telegram.ann.id, str(number))
        sent.append(time.perf_counter() - started)
    with capsys.disabled():
        print(f"\nsendMessage: {ms(sent):.1f} ms")
    assert ms(sent) < 60
