"""How many pictures may wait, however they are asked for; and what people read who ask for more."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.people import BORIS, CHEN
from tests.support.talking import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Give a bot that lets two pictures wait."""
    async with talking(tmp_path, max_waiting_turns=2) as talk:
        yield talk


async def test_versions_typed_again_and_again_wait_like_wishes(talk: Talk) -> None:
    """One picture is being painted, and four versions wait. More of them are not bought."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    for _ in range(6):
        await ann.say("/x4")
    assert "4 pictures are waiting here already" in (await ann.answer()).text
    await ann.silence()
    gate.set()
    *painted, choice = await ann.answers(6)
    assert all(said.has_picture for said in painted)
    assert "Here are 4 versions" in choice.text
    await ann.silence()
    assert len(talk.painter.calls) == 5


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


async def test_everybody_in_a_group_reads_that_the_own_wish_is_refused(talk: Talk) -> None:
    """In reply to that wish, since several people may have asked."""
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    gate = talk.painter.hold()
    await group.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    for number in range(2):
        await group.say(f"/edit@pentimento_bot boat {number}")
    over = [await group.seen_by(person).say("/edit@pentimento_bot a house") for person in (BORIS, CHEN, BORIS)]
    refused = await group.answers(2)
    assert {said.reply_to for said in refused} == {over[0].id, over[1].id}
    assert all("2 pictures are waiting here already" in said.text for said in refused)
    gate.set()
    assert all(answer.has_picture for answer in await group.answers(3))
    await group.silence()
