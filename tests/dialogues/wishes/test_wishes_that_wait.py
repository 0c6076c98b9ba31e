"""How many pictures may wait, however they are asked for; and what people read who ask for more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.talking import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Give a bot that lets two pictures wait."""
    async with talking(tmp_path, max_waiting_turns=2) as talk:
        yield talk


async def test_of_many_edits_of_a_message_only_the_last_is_painted(talk: Talk) -> None:
    ann = talk.telegram.ann
    boat = await ann.say("a boat")
    await ann.answer()
    gate = talk.painter.hold()
    await ann.say("a house")
    await talk.painter.called(2)
    for number in range(6):
        await ann.edit(boat, f"a boat, try {number}")
    gate.set()
    assert all(answer.has_picture for answer in await ann.answers(2))
    await ann.silence()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a house", "a boat, try 5"]
