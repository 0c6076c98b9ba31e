"""A crowd before a provider that takes some calls at a time, over real HTTP."""

from __future__ import annotations

import asyncio

import pytest

from bot.providers.calls.attempts import generate
from bot.providers.calls.queue import CallQueue
from bot.providers.factory import ProviderConfig, build
from tests.providers.turns import Book, asking
from tests.providers.wiring import KEY, Album
from tests.support.painter import painting


@pytest.mark.parametrize("takes", [12, 1000])
async def test_sixty_at_once_are_all_answered_with_no_more_than_one_refused_call_each(takes: int, album: Album) -> None:
    books = [Book() for _ in range(60)]
    async with painting() as painter:
        painter.takes, painter.delay_s = takes, 1.0
        provider = build("gemini", ProviderConfig(base_url=painter.base_url, api_key=KEY))
        queue = CallQueue()
        turns = (generate(provider, asking(album), book, queue=queue, whose=id(book)) for book in books)
        results = await asyncio.gather(*turns)
        await provider.aclose()
    print(f"{painter.refused} of {len(painter.calls)} calls refused, at most {painter.most_running} at a time")
    assert all(result.pictures for result in results)
    assert painter.refused <= len(books)
    assert painter.refused == sum(event == "waiting:rate-limited" for book in books for event in book.events)
    assert painter.refused or painter.most_running > 12
    assert queue.waiting == 0
