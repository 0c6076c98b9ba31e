"""Cancelled turns, stored answers, full queues, and requests that are refused before they are sent."""

from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest

from bot.providers.base import Answer, Provider, Result
from bot.providers.calls.attempts import generate
from bot.providers.calls.queue import CallQueue
from bot.providers.errors import AnswerTooLarge, InternalError, TooManyPictures
from bot.providers.factory import ProviderConfig, build
from tests.providers.turns import FAST, RED, Book, asking, failed, painted
from tests.providers.wiring import KEY, Album, Endpoint, Reply, png


async def test_the_impossible_is_said_before_anything_is_noted_or_sent(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    many = tuple(album.add(png("red", (n, 5))) for n in range(1, 129))
    with pytest.raises(TooManyPictures) as caught:
        await generate(provider, asking(album, pictures=many), book, policy=FAST)
    assert caught.value.values["count"] == 128
    assert book.events == []
    assert endpoint.calls == []


async def test_a_stored_answer_is_read_without_a_call(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    kept = Answer(status=200, content_type="application/json", body=painted().raw)
    result = await generate(provider, asking(album), book, policy=FAST, kept=kept)
    assert result.pictures[0].data == RED
    assert endpoint.calls == []
    assert book.events == []


async def test_a_stored_failure_is_repeated_like_a_fresh_one(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(painted())
    kept = Answer(status=503, content_type="application/json", body=b"{}")
    result = await generate(provider, asking(album), book, policy=FAST, kept=kept)
    assert result.pictures
    assert book.events == ["waiting:model-overloaded", "calling", "answered"]


async def test_an_answer_over_the_cap_is_given_up(endpoint: Endpoint, album: Album, book: Book) -> None:
    provider = build("gemini", ProviderConfig(base_url=endpoint.url, api_key=KEY, max_answer_bytes=10_000))
    endpoint.add(Reply(b"x" * 20_000))
    with pytest.raises(AnswerTooLarge):
        await generate(provider, asking(album), book, policy=FAST)
    await provider.aclose()
    assert book.events == ["calling"]


async def test_cancelling_ends_the_call_at_once(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(replace(painted(), delay_s=5))
    task = asyncio.create_task(generate(provider, asking(album), book, policy=FAST))
    await endpoint.called.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with asyncio.timeout(10):
        await endpoint.gone.wait()
    assert book.events == ["calling"]


async def test_cancelling_during_a_wait_makes_no_further_call(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(429, **{"retry-after": "2"}))
    task = asyncio.create_task(generate(provider, asking(album), book, policy=FAST))
    await book.waited.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert len(endpoint.posts) == 1


async def test_turns_share_the_lane_and_know_their_place(endpoint: Endpoint, provider: Provider, album: Album) -> None:
    endpoint.add(replace(painted(), delay_s=0.1))
    queue, places = CallQueue(1), {1: list[int](), 2: list[int](), 3: list[int]()}

    async def turn(number: int) -> Result:
        async def on_position(place: int) -> None:
            places[number].append(place)

        return await generate(provider, asking(album), Book(), policy=FAST, queue=queue, on_position=on_position)

    results = await asyncio.gather(*(turn(number) for number in places))
    assert len(results) == 3
    assert places == {1: [], 2: [1], 3: [2, 1]}
    assert queue.waiting == 0


async def test_a_bug_is_not_swallowed(endpoint: Endpoint, provider: Provider, album: Album, book: Book) -> None:
    class Broken(Book):
        async def answered(self, answer: Answer) -> None:
            raise RuntimeError("the disk is full")

    endpoint.add(painted())
    with pytest.raises(RuntimeError, match="disk is full"):
        await generate(provider, asking(album), Broken(), policy=FAST)
    assert len(endpoint.posts) == 1


async def test_trouble_that_lasts_keeps_its_own_words(
    endpoint: Endpoint, provider: Provider, album: Album, book: Book
) -> None:
    endpoint.add(failed(503), failed(500))
    with pytest.raises(InternalError):
        await generate(provider, asking(album), book, policy=FAST)
