"""A picture that was sent as a spoiler stays one, and so do pictures made from it.

A photo with ``has_media_spoiler`` shows after a tap (Bot API, sendPhoto). A document cannot be covered.
"""

from __future__ import annotations

import json

import pytest

from bot.providers.base import Answer
from bot.providers.calls.raw_answer import dump
from bot.turns.call_journal import mark_of
from tests.support.messages import Message
from tests.support.painter import answered, picture_part, plain
from tests.support.talking import Talk, in_one


def is_covered(message: Message) -> bool:
    assert "photo" in message.body or "animation" in message.body, message
    return bool(message.body.get("has_media_spoiler"))


async def test_an_answer_to_a_covered_photo_is_covered_and_so_is_what_follows(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it blue", spoiler=True)
    blue = await ann.answer()
    assert is_covered(blue)
    await ann.say("warmer")
    assert is_covered(await ann.answer())
    await ann.say("a new beginning", reply_to=blue)
    assert is_covered(await ann.answer())
    await ann.say("/new a boat")
    assert not is_covered(await ann.answer())


async def test_in_a_group_the_answer_is_covered(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.photo(plain(150), "/edit make it blue", spoiler=True)
    assert is_covered(await group.answer())


@pytest.mark.parametrize("command", ["/tree", "/compare", "/compare original", "/timelapse", "/context"])
async def test_what_is_drawn_of_it_is_covered(talk: Talk, command: str) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it blue", spoiler=True)
    await ann.answer()
    await ann.say("warmer")
    await ann.answer()
    await ann.say(command)
    assert is_covered(await ann.answer(30))


async def test_what_is_drawn_of_pictures_that_nobody_covered_is_not(talk: Talk) -> None:
    ann = talk.telegram.ann
    for wish in ("a boat", "warmer", "/tree", "/compare"):
        await ann.say(wish)
        assert not is_covered(await ann.answer())


async def test_it_stays_so_again_back_and_forth_after_an_edit_and_a_restart(talk: Talk) -> None:
    ann = talk.telegram.ann
    wish = await ann.photo(plain(150), "make it blue", spoiler=True)
    await ann.answer()
    await ann.say("/again")
    assert is_covered(await ann.answer())
    await ann.edit(wish, "make it red")
    assert is_covered(await ann.answer())
    await ann.say("warmer")
    assert is_covered(await ann.answer())
    await talk.restart()
    for command in ("/undo", "/redo", "/go 1"):
        await ann.say(command)
        assert is_covered(await ann.answer())


async def test_versions_are_covered_all_of_them(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/x2 make it blue", spoiler=True)
    *album, question = await ann.answers(3)
    assert [is_covered(one) for one in album] == [True, True]
    await ann.press(question, "2")
    assert is_covered(await ann.answer())


async def test_one_covered_photo_of_an_album_covers_the_answer(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], "make them one", spoiler=True)
    assert is_covered(await ann.answer())


async def test_a_covered_photo_that_waited_or_has_a_name_is_covered_in_use(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), spoiler=True)
    question = await ann.answer()
    await ann.say("/save me")
    await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await ann.say("put a hat on @me")
    assert is_covered(await ann.answer())
    await ann.photo(plain(151), spoiler=True)
    await ann.answer()
    await ann.say("make it blue", reply_to=question)
    assert is_covered(await ann.answer())


@in_one
async def test_what_was_paid_for_and_cancelled_is_not_shown_again(talk: Talk) -> None:
    """Its answer had arrived before the cancel. "Nothing of it stays", so no number leads there, covered or not."""
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it blue", spoiler=True)
    await ann.answer()
    gate = talk.painter.hold()
    await ann.say("warmer")
    await talk.painter.called(2)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    gate.set()
    cancelled = await talk.store.conversations.turn(2)
    assert cancelled is not None
    body = json.dumps(answered([picture_part(plain(2))])).encode()
    answer = Answer(status=200, content_type="application/json", body=body)
    await talk.store.media.keep_raw_answer(2, cancelled.attempts, dump(answer, mark_of(cancelled)))
    await talk.restart()
    await ann.say("/go 2")
    assert not (await ann.answer()).has_picture
