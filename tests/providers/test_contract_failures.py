"""How every provider fails, in any dialect: refusals, statuses, silence, floods, and no key in any message."""

from __future__ import annotations

import asyncio
import json
import logging
import time
from collections.abc import AsyncIterator, Iterator
from dataclasses import replace
from typing import Any

import pytest

from bot.providers.base import Provider
from bot.providers.calls.attempts import generate
from bot.providers.calls.raw_answer import dump, load
from bot.providers.errors import (
    AnswerTooLarge,
    BalanceEmpty,
    ConnectionFailed,
    CutOff,
    DamagedBody,
    DeadlinePassed,
    EmptyBody,
    GatewayError,
    InternalError,
    KeyInvalid,
    ModelOverloaded,
    ModelUnavailable,
    ModerationRefused,
    NothingReturned,
    PictureUnreadable,
    ProviderError,
    RateLimited,
    RequestTooLarge,
    TooManyPictures,
    WrongAddress,
)
from tests.providers.contract import RED, asking
from tests.providers.dialects import Dialect
from tests.providers.sentences import say
from tests.providers.turns import Book
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png

HTML = "<html><head><title>Oh</title></head><body><h1>nginx</h1></body></html>"
FAILURES: list[tuple[int, Any, type[ProviderError]]] = [
    (401, {"message": "Unauthorized"}, KeyInvalid),
    (402, {"error": {"code": 402, "message": "Insufficient credits"}}, BalanceEmpty),
    (403, {"message": "You have run out of credits."}, BalanceEmpty),
    (404, {"message": "no such model"}, ModelUnavailable),
    (404, HTML, WrongAddress),
    (404, {"detail": "Not Found"}, WrongAddress),
    (404, {"error": {"message": "Invalid URL (POST /v1beta/x)", "type": "invalid_request_error"}}, WrongAddress),
    (408, {"error": "Request timeout"}, DeadlinePassed),
    (413, HTML, RequestTooLarge),
    (429, {"error": {"message": "slow down"}}, RateLimited),
    (429, "", RateLimited),
    (500, {"error": {"message": "oops"}}, InternalError),
    (502, HTML, GatewayError),
    (503, HTML, ModelOverloaded),
    (504, HTML, DeadlinePassed),
    (524, HTML, CutOff),
    (302, "", WrongAddress),
    (200, "", EmptyBody),
    (200, HTML, DamagedBody),
    (200, '{"candidates": [{"con', DamagedBody),
    (200, "[]", ProviderError),
    (200, "null", ProviderError),
    (200, "{}", NothingReturned),
    (200, {"error": {"code": 503, "message": "overloaded"}}, ModelOverloaded),
    (200, {"error": {"message": "no idea"}}, InternalError),
    (200, {"success": False, "code": "INSUFFICIENT_BALANCE", "message": "Your balance is too low"}, BalanceEmpty),
    (200, {"success": False, "code": "RATE_LIMITED", "msg": "rate limit reached"}, RateLimited),
    (200, {"code": 401, "msg": "invalid token", "data": None}, KeyInvalid),
    (200, {"success": False, "detail": "The input was flagged by moderation"}, ModerationRefused),
    (200, {"code": "E1", "message": "no idea"}, InternalError),
]


@pytest.mark.parametrize(("status", "body", "leaf"), FAILURES, ids=lambda value: str(value)[:24])
async def test_each_failure_has_its_leaf(
    status: int,
    body: Any,
    leaf: type[ProviderError],
    dialect: Dialect,
    spoken: Provider,
    endpoint: Endpoint,
    album: Album,
) -> None:
    endpoint.add(Reply(body, status))
    with pytest.raises(leaf) as caught:
        await spoken.read(await spoken.ask(asking(dialect, album, "a boat")), model=dialect.model)
    sentence = say(caught.value.key, caught.value.values)
    assert "nginx" not in sentence
    assert "<" not in sentence


async def test_retry_after_survives_storage(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    endpoint.add(Reply({"error": {"message": "slow down"}}, 429, {"retry-after": "17"}))
    answer = load(dump(await spoken.ask(asking(dialect, album, "a boat")), "1 2.5"), "1 2.5")
    with pytest.raises(RateLimited) as caught:
        await spoken.read(answer, model=dialect.model)
    assert caught.value.retry_after_s == 17
    assert "17 seconds" in say(caught.value.key, caught.value.values)


async def test_nobody_listens(dialect: Dialect, album: Album) -> None:
    closed = Endpoint()
    closed.url = "http://127.0.0.1:9"
    spoken = dialect.build(closed)
    with pytest.raises(ConnectionFailed):
        await spoken.ask(asking(dialect, album, "a boat"))
    await spoken.aclose()


async def test_a_silent_provider_is_given_up_in_time(dialect: Dialect, endpoint: Endpoint, album: Album) -> None:
    spoken = dialect.build(endpoint, timeout_s=0.15)
    endpoint.add(replace(dialect.refusal, delay_s=60))
    began = time.monotonic()
    with pytest.raises(CutOff):
        await spoken.ask(asking(dialect, album, "a boat"))
    assert time.monotonic() - began < 15
    await spoken.aclose()


async def test_a_trickling_provider_is_given_up_in_time(dialect: Dialect, endpoint: Endpoint, album: Album) -> None:
    async def trickle() -> AsyncIterator[bytes]:
        for _ in range(100):
            yield b" "
            await asyncio.sleep(0.05)

    spoken = dialect.build(endpoint, timeout_s=1.0, total_timeout_s=0.3)
    endpoint.add(Reply(chunks=trickle))
    with pytest.raises(CutOff):
        await spoken.ask(asking(dialect, album, "a boat"))
    await spoken.aclose()


async def test_cancelling_hangs_up(dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album) -> None:
    endpoint.add(replace(dialect.refusal, delay_s=5))
    task = asyncio.create_task(spoken.ask(asking(dialect, album, "a boat")))
    await endpoint.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):
        await endpoint.gone.wait()


async def test_an_endless_answer_is_cut(dialect: Dialect, endpoint: Endpoint, album: Album) -> None:
    sent = 0

    async def endless() -> AsyncIterator[bytes]:
        nonlocal sent
        while sent < 500_000_000:
            sent += 65536
            yield b"x" * 65536
            await asyncio.sleep(0)

    spoken = dialect.build(endpoint, max_answer_bytes=1_000_000)
    endpoint.add(Reply(chunks=endless))
    with pytest.raises(AnswerTooLarge):
        await spoken.ask(asking(dialect, album, "a boat"))
    await spoken.aclose()
    assert sent < 100_000_000


async def test_an_announced_size_is_believed_before_a_byte_is_read(
    dialect: Dialect, endpoint: Endpoint, album: Album
) -> None:
    spoken = dialect.build(endpoint, max_answer_bytes=1000)
    endpoint.add(Reply(b"x" * 2000))
    with pytest.raises(AnswerTooLarge):
        await spoken.ask(asking(dialect, album, "a boat"))
    await spoken.aclose()


async def test_too_many_pictures_are_refused_for_free(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    limit = spoken.capabilities(dialect.model).max_images
    pictures = tuple(album.add(png("red", (n, 9))) for n in range(1, limit + 2))
    with pytest.raises(TooManyPictures):
        await generate(spoken, asking(dialect, album, "join them", pictures=pictures), Book())
    assert endpoint.calls == []


async def test_a_picture_that_storage_lost_is_told(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album
) -> None:
    lost = album.add(RED)
    album.held.clear()
    endpoint.add(dialect.refusal)
    with pytest.raises(PictureUnreadable) as caught:
        await spoken.ask(asking(dialect, album, "warmer", current=lost))
    assert "KeyError" in caught.value.owner_text


async def test_the_key_is_in_no_log_and_no_message(
    dialect: Dialect, spoken: Provider, endpoint: Endpoint, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    echo = {"error": {"message": f"bad key {KEY} in Authorization: Bearer {KEY} ?key={KEY}&x", "status": KEY}}
    seen = [repr(spoken), repr(spoken.__dict__), str(vars(spoken)["config"])]
    with caplog.at_level(logging.DEBUG):
        for status in (200, 400, 401, 403, 429, 500):
            endpoint.script.clear()
            endpoint.add(Reply(echo, status))
            with pytest.raises(ProviderError) as caught:
                await spoken.read(await spoken.ask(asking(dialect, album, "a boat")), model=dialect.model)
            seen += list(_texts(caught.value))
    assert caplog.records
    assert endpoint.posts[0].headers[dialect.auth[0]] == dialect.auth[1]
    for text in [*seen, *(record.getMessage() for record in caplog.records)]:
        assert KEY not in text


def _texts(error: BaseException | None) -> Iterator[str]:
    while error is not None:
        yield from (str(error), repr(error), json.dumps(getattr(error, "values", {})))
        error = error.__cause__ or error.__context__
