"""The right picture is changed: by reply, by the wish's own pictures, or by name."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.turns.request.contents import WISHED_OF_OTHERS
from tests.support.painter import noise, number_of, numbers, picture_part, plain, too_many_for
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk, talking


def said(call: Any) -> list[str]:
    return [part.get("text", "picture") for part in call.contents[-1]["parts"]]


async def _painted(chat: Chat, *wishes: str) -> None:
    for wish in wishes:
        await chat.say(wish)
        assert (await chat.answer()).has_picture


async def test_a_new_photo_with_a_wish_is_about_that_photo_alone(talk: Talk) -> None:
    """Though the conversation is too long for the model."""
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(1)), picture_part(plain(2))])
    await ann.album([plain(150), plain(151)], "pencil sketch")
    await ann.answers(3)
    await ann.photo(plain(152), "warmer")
    await ann.answer()
    call = talk.painter.calls[1]
    assert (numbers(call.pictures), said(call)) == ([152], ["picture", "warmer"])


async def test_a_reply_to_one_of_two_pictures_is_about_that_one_alone(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(1)), picture_part(plain(2))])
    await ann.album([plain(150), plain(151)], "pencil sketch")
    first, *_ = await ann.answers(3)
    await ann.say("frame it", reply_to=first)
    await ann.answer()
    call = talk.painter.calls[1]
    assert (numbers(call.pictures), said(call)) == ([1], ["picture", "frame it"])


@pytest.mark.parametrize("reply", [True, False])
async def test_so_it_is_where_the_conversation_has_no_room_at_all(tmp_path: Path, reply: bool) -> None:
    """Earlier wishes are sent as words about other pictures; no other picture is sent with the one that is meant."""
    async with talking(tmp_path, history_budget_bytes=100_000) as talk:
        ann = talk.telegram.ann
        talk.painter.will([picture_part(noise(7, 200)), picture_part(noise(8, 200))])
        await ann.album([plain(150), plain(151)], "pencil sketch")
        first, *_ = await ann.answers(3)
        if reply:
            await ann.say("frame it", reply_to=first)
        else:
            await ann.photo(plain(152), "frame it")
        await ann.answer()
        (content,) = talk.painter.calls[1].contents
        meant = noise(7, 200) if reply else talk.painter.calls[1].pictures[0]
        assert talk.painter.calls[1].pictures == [meant]
        assert reply or number_of(meant) == 152
        told = f"{WISHED_OF_OTHERS}\n- pencil sketch"
        assert [part.get("text", "picture") for part in content["parts"]] == [told, "picture", "Now: frame it"]


async def test_a_waiting_photo_is_not_part_of_a_fresh_start(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    await ann.answer()
    await ann.say("/new")
    await ann.answers(2)
    await _painted(ann, "a lighthouse at dusk")
    (call,) = talk.painter.calls
    assert said(call) == ["a lighthouse at dusk"]


async def test_a_reply_keeps_its_picture_however_many_new_ones_come(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a room")
    room = await ann.answer()
    await _painted(ann, "a boat")
    talk.painter.will(too_many_for(3))
    await ann.album([plain(150), plain(151), plain(152)], "put these into it", reply_to=room)
    answer = await ann.answer()
    assert numbers(talk.painter.calls[3].all_pictures) == [1, 150, 151]
    assert "takes no more than 3 at once, so I left out the last picture" in answer.words


async def test_the_replied_picture_is_in_too_where_the_conversation_has_no_room(tmp_path: Path) -> None:
    """Then it comes first, with the wishes that made it, in words."""
    async with talking(tmp_path, history_budget_bytes=100_000) as talk:
        ann = talk.telegram.ann
        await _painted(ann, "a boat")
        talk.painter.will([picture_part(noise(7, 200))], [picture_part(noise(8, 200))])
        await _painted(ann, "now in a storm", "and at night")
        night = (await ann.history())[-1]
        await ann.photo(plain(150), "put this flag on it", reply_to=night)
        await ann.answer()
        call = talk.painter.calls[3]
        assert call.roles == ["user"]
        assert call.pictures[0] == noise(8, 200)
        assert numbers(call.pictures[1:]) == [150]
        await ann.photo(plain(151), "make it red")
        await ann.answer()
        assert numbers(talk.painter.calls[4].pictures) == [151]


async def test_pictures_with_names_go_once_each_with_its_name_before_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    for number, name in ((150, "cat"), (151, "cup")):
        photo = await ann.photo(plain(number))
        await ann.answer()
        await ann.say(f"/save {name}", reply_to=photo)
        await ann.answer()
    await ann.say("/new")
    await ann.answer()
    await _painted(ann, "blend @cup with @cat")
    (call,) = talk.painter.calls
    assert said(call) == ["@cup:", "picture", "@cat:", "picture", "blend @cup with @cat"]
    assert numbers(call.pictures) == [151, 150]


async def test_a_named_picture_stands_beside_the_one_that_is_edited(tmp_path: Path) -> None:
    """A named picture is not one that the wish brings, so the current picture is changed."""
    async with talking(tmp_path, history_budget_bytes=100_000) as talk:
        ann = talk.telegram.ann
        photo = await ann.photo(plain(150), "make it red")
        await ann.answer()
        await ann.say("/save hat", reply_to=photo)
        await ann.answer()
        talk.painter.will([picture_part(noise(7, 200))])
        await _painted(ann, "/new a captain", "put @hat on him")
        call = talk.painter.calls[2]
        assert call.pictures[0] == noise(7, 200)
        assert numbers(call.pictures[1:]) == [150]


async def test_an_edited_wish_brings_the_pictures_that_its_new_words_name(talk: Talk) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("/save hat", reply_to=photo)
    await ann.answer()
    wish = await ann.say("/new a captain")
    await ann.answer()
    await ann.edit(wish, "/new a captain with @hat")
    await ann.answer()
    assert numbers(talk.painter.calls[2].all_pictures) == [150]


# Commands in reply to something.


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a supergroup, in which Telegram shows what a message replies to."""
    made = await talk.telegram.group(kind="supergroup")
    await made.answer()
    await made.say("/edit@pentimento_bot a boat")
    await made.answer()
    return made


@pytest.mark.parametrize("command", ["/again", "/x4", "/file", "/undo", "/compare", "/timelapse"])
async def test_a_command_in_reply_to_chatter_says_that_it_knows_nothing_of_it(
    talk: Talk, group: Chat, command: str
) -> None:
    chatter = await group.seen_by(BORIS).say("lovely weather")
    await group.say(f"{command}@pentimento_bot", reply_to=chatter)
    assert f"or send {command} by itself" in (await group.answer()).text
    await group.silence()
    assert len(talk.painter.calls) == 1


async def test_a_name_in_reply_to_ones_own_photo_is_for_that_photo(talk: Talk, group: Chat) -> None:
    photo = await group.seen_by(BORIS).photo(plain(150))
    await group.seen_by(BORIS).say("/save@pentimento_bot me", reply_to=photo)
    assert "@me" in (await group.answer()).text
    await group.say("/edit@pentimento_bot put @me on the boat")
    await group.answer()
    assert numbers(talk.painter.calls[1].pictures) == [150]


async def test_a_name_in_reply_to_words_is_for_nothing(talk: Talk, group: Chat) -> None:
    chatter = await group.seen_by(BORIS).say("lovely weather")
    await group.seen_by(BORIS).say("/save@pentimento_bot me", reply_to=chatter)
    assert "no picture in that message" in (await group.answer()).text
    await group.say("/saved@pentimento_bot")
    assert "No picture has a name" in (await group.answer()).text


async def test_a_command_in_reply_to_an_older_answer_means_that_one(talk: Talk, group: Chat) -> None:
    boat = (await group.history())[-1]
    await group.say("/edit@pentimento_bot a gull")
    await group.answer()
    await group.say("/again", reply_to=boat)
    await group.answer()
    assert talk.painter.calls[2].wish == "Ann: a boat"
    await group.say("/file", reply_to=boat)
    assert await (await group.answer()).document_bytes() == plain(1)
