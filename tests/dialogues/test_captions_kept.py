"""Pictures whose captions are commands: none is lost, whatever fails, and none costs more than was wished."""

from __future__ import annotations

import pytest

from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk

BOT = "@pentimento_bot"
QUESTION = "What should I do with this picture?"


def numbers(pictures: list[bytes]) -> list[int]:
    return [number_of(picture) for picture in pictures]


async def _painted(chat: Chat, *wishes: str) -> None:
    for wish in wishes:
        await chat.say(wish)
        await chat.answer()


@pytest.mark.parametrize("drop", ["before", None])
@pytest.mark.parametrize("captions", [["/undo", "make it red"], ["make it red", "/undo"]])
async def test_a_hiccup_between_a_command_and_a_wish_loses_no_picture_of_the_album(
    talk: Talk, captions: list[str], drop: str | None
) -> None:
    ann = talk.telegram.ann
    await _painted(ann, "a boat")
    if drop:
        await talk.telegram.fault("sendMessage", drop=drop, times=1)
    await ann.album([plain(150), plain(151)], captions=captions)
    await talk.painter.called(2)
    call = talk.painter.calls[1]
    assert call.wish == "make it red"
    assert sorted(numbers(call.all_pictures)) == [150, 151]
    assert drop or numbers(call.all_pictures) == [150, 151]


async def test_nor_does_it_where_the_album_is_a_reply(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await talk.telegram.fault("sendMessage", drop="before", times=1)
    await ann.album([plain(150), plain(151)], captions=["/undo", "make it red"], reply_to=boat)
    await talk.painter.called(2)
    assert set(numbers(talk.painter.calls[1].all_pictures)) >= {150, 151}


async def test_a_hiccup_after_a_command_leaves_its_photo_waiting(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _painted(ann, "a boat")
    await talk.telegram.fault("sendMessage", drop="before", times=1)
    await ann.photo(plain(150), "/undo")
    await talk.telegram.fault_met()
    await ann.say("make it red")
    await talk.painter.called(2)
    assert numbers(talk.painter.calls[1].all_pictures) == [150]
