"""The attempt loop over real HTTP: which errors are retried, how often and when; no answer is paid for twice."""

from __future__ import annotations

import time
from dataclasses import replace
from decimal import Decimal

import pytest

from bot.providers.base import Provider
from bot.providers.calls.attempts import generate
from bot.providers.calls.raw_answer import dump, load
from bot.providers.errors import (
    CouldNotDraw,
    CutOff,
    DailyQuota,
    ModelOverloaded,
    NoPaidAccess,
    NothingReturned,
    PictureRefused,
    ProviderError,
    RateLimited,
)
from tests.providers.recorded import load as recorded
from tests.providers.turns import FAST, RED, Book, asking, failed, finished, painted
from tests.providers.wiring import Album, Endpoint, Reply


async def test_an_answer_is_written_down_before_it_is_read(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(painted())
    result = await generate(provider, asking(album), book, policy=FAST)
    assert result.pictures[0].data == RED
    assert book.events == ["calling", "answered"]
    again = await provider.read(load(dump(book.answers[0], "1 2.5"), "1 2.5"), model="gemini-2.5-flash-image")
    assert again == result


@pytest.mark.parametrize("status", [500, 502, 503])
async def test_passing_trouble_is_waited_out_with_growing_delays(
    status: int, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(status), failed(status), failed(status), painted())
    result = await generate(provider, asking(album), book, policy=FAST)
    assert result.pictures
    assert len(endpoint.posts) == 4
    assert book.waits[0] < 0.02
    assert book.waits[2] > book.waits[0] * 1.5


async def test_attempts_are_bounded(endpoint: Endpoint, provider: Provider, album: Album, book: Book) -> None:
    endpoint.add(failed(503))
    with pytest.raises(ModelOverloaded):
        await generate(provider, asking(album), book, policy=FAST)
    assert len(endpoint.posts) == FAST.attempts
    assert len(book.answers) == FAST.attempts
    assert len(book.waits) == FAST.attempts - 1


async def test_no_attempt_begins_when_the_time_is_nearly_over(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(503))
    short = replace(FAST, total_s=0.4, reserve_s=0.395)
    with pytest.raises(ModelOverloaded):
        await generate(provider, asking(album), book, policy=short)
    assert len(endpoint.posts) < FAST.attempts


async def test_the_whole_wait_is_bounded(endpoint: Endpoint, provider: Provider, album: Album, book: Book) -> None:
    endpoint.add(replace(painted(), delay_s=60))
    began = time.monotonic()
    with pytest.raises(CutOff):
        await generate(provider, asking(album), book, policy=replace(FAST, total_s=0.2, reserve_s=0))
    assert time.monotonic() - began < 15
    assert len(endpoint.posts) == 1


async def test_a_named_delay_is_honoured_and_shown(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(429, **{"retry-after": "0.2"}), painted())
    began = time.monotonic()
    await generate(provider, asking(album), book, policy=FAST)
    assert time.monotonic() - began >= 0.2
    assert book.events == ["calling", "answered", "waiting:rate-limited", "calling", "answered"]
    assert 0.2 <= book.waits[0] < 0.8


async def test_a_long_delay_is_told_and_not_waited_for(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(429, **{"retry-after": "61"}))
    with pytest.raises(RateLimited) as caught:
        await generate(provider, asking(album), book, policy=FAST)
    assert caught.value.values == {"seconds": 61}
    assert len(endpoint.posts) == 1
    assert book.waits == []


@pytest.mark.parametrize(
    ("name", "kind"), [("73_429_daily_quota.json", DailyQuota), ("74_429_limit_zero_free_tier.json", NoPaidAccess)]
)
async def test_an_exhausted_quota_is_not_waited_for_though_it_names_seconds(
    name: str, kind: type[ProviderError], endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(recorded(name).reply)
    with pytest.raises(kind):
        await generate(provider, asking(album), book, policy=FAST)
    assert len(endpoint.posts) == 1


@pytest.mark.parametrize("status", [524, 598])
async def test_a_cut_off_wait_is_never_repeated_by_itself(
    status: int, endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(status))
    with pytest.raises(CutOff):
        await generate(provider, asking(album), book, policy=FAST)
    assert len(endpoint.posts) == 1


@pytest.mark.parametrize(
    ("reasons", "kind", "calls"),
    [
        pytest.param(["STOP"], NothingReturned, 2, id="nothing is asked for once more"),
        pytest.param(["STOP", "IMAGE_OTHER"], CouldNotDraw, 2, id="two different mishaps share the one repeat"),
        pytest.param(["IMAGE_SAFETY"], PictureRefused, 1, id="a held-back picture may be billed"),
    ],
)
async def test_an_answer_without_a_picture_is_repeated_once_at_most(
    reasons: list[str],
    kind: type[ProviderError],
    calls: int,
    endpoint: Endpoint,
    provider: Provider,
    album: Album,
    book: Book,
) -> None:
    endpoint.add(*map(finished, reasons))
    with pytest.raises(kind):
        await generate(provider, asking(album), book, policy=FAST)
    assert len(endpoint.posts) == calls


async def test_a_refusal_says_what_it_cost(endpoint: Endpoint, provider: Provider, album: Album, book: Book) -> None:
    """Google bills the words of a request whose picture it holds back; only its own list prices tell how much."""
    usage = {"promptTokenCount": 1000, "totalTokenCount": 2290}
    endpoint.add(Reply({"candidates": [{"finishReason": "IMAGE_SAFETY"}], "usageMetadata": usage}))
    with pytest.raises(PictureRefused):
        await generate(provider, asking(album), book, policy=FAST)
    assert book.billed == [Decimal("0.003525")]
