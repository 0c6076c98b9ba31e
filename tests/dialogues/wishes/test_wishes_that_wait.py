"""How many pictures may wait, however they are asked for; and what people read who ask for more."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.painter import numbers, plain
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
    # It is said once, so it is said of those after it, too.
    said = "4 pictures are waiting here already. Until there is room again I can’t take more"
    assert said in (await ann.answer()).text
    await ann.silence()
    gate.set()
    *painted, choice = await ann.answers(6)
    assert all(said.has_picture for said in painted)
    assert "4 versions. Which one" in choice.text
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


async def test_late_pictures_of_a_refused_album_are_refused_with_it(talk: Talk) -> None:
    """Its first part finds no room. The others come when there is room again, and are part of no other wish."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.say("a house")
    await ann.say("a cat")
    sending = asyncio.create_task(ann.album([plain(150), plain(151)], "a collage of these", stagger_s=4))
    assert "2 pictures are waiting here already" in (await ann.answer()).text
    gate.set()
    assert all(answer.has_picture for answer in await ann.answers(3))
    await sending
    await ann.silence(2)
    await ann.say("warmer")
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a house", "a cat", "warmer"]
    assert {150, 151}.isdisjoint(numbers(talk.painter.calls[-1].all_pictures))


async def test_a_refusal_is_a_reply_to_the_wish_that_finds_no_room(talk: Talk) -> None:
    """Also in private: the answers to the wishes before it come after it."""
    ann, gate = talk.telegram.ann, talk.painter.hold()
    wishes = [await ann.say("a boat")]
    await talk.painter.called(1)
    wishes += [await ann.say("a house"), await ann.say("a cat")]
    over = await ann.say("a dog")
    refused = await ann.answer()
    assert "2 pictures are waiting here already" in refused.text
    assert refused.reply_to == over.id
    gate.set()
    assert [answer.reply_to for answer in await ann.answers(3)] == [wish.id for wish in wishes]


async def test_everybody_in_a_group_reads_that_the_own_wish_is_refused(talk: Talk) -> None:
    """In reply to that wish, since several people may have asked."""
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    gate = talk.painter.hold()
    await group.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    for number in range(2):
        await group.say(f"/edit@pentimento_bot boat {number}")
    first, of_chen, last = [
        await group.seen_by(one).say("/edit@pentimento_bot a house") for one in (BORIS, CHEN, BORIS)
    ]
    refused = await group.answers(2)
    assert {said.reply_to for said in refused} in ({first.id, of_chen.id}, {of_chen.id, last.id})
    assert all("2 pictures are waiting here already" in said.text for said in refused)
    gate.set()
    assert all(answer.has_picture for answer in await group.answers(3))
    await group.silence()
