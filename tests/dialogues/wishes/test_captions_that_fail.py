"""Pictures whose captions are commands: whatever fails, none is lost, and none is painted twice."""

from __future__ import annotations

import pytest

from tests.support.painter import numbers, plain
from tests.support.talking import Talk, painted

BOT = "@pentimento_bot"
QUESTION = "What should I do with this picture?"


@pytest.mark.parametrize("drop", ["before", None])
@pytest.mark.parametrize("captions", [["/undo", "make it red"], ["make it red", "/undo"]])
async def test_a_hiccup_between_a_command_and_a_wish_loses_no_picture_of_the_album(
    talk: Talk, captions: list[str], drop: str | None
) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
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
    await painted(ann, "a boat")
    await talk.telegram.fault("sendMessage", drop="before", times=1)
    await ann.photo(plain(150), "/undo")
    await talk.telegram.fault_met()
    await ann.say("make it red")
    await talk.painter.called(2)
    assert numbers(talk.painter.calls[1].all_pictures) == [150]


@pytest.mark.parametrize("sign", ["\u200e", "\u200f", "\u2060", "\ufeff", "\u00a0", "\u200b\n", "; ", "\uff0c", " - "])
async def test_a_command_behind_signs_that_nobody_sees_is_a_command(talk: Talk, sign: str) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), f"{sign}/new{sign} make it red")
    assert (await ann.answer()).has_picture
    await ann.say(f"{sign}/undo")
    assert "Back at the start" in (await ann.answer()).text
    assert [call.wish for call in talk.painter.calls] == ["make it red"]


WORDS_BEHIND = {
    " -20% saturation": "-20% saturation",
    "-20% saturation": "-20% saturation",
    " \u201320% saturation": "\u201320% saturation",
    " - red": "red",
    ": red": "red",
    ", but red": "but red",
    "\uff0c\u505a\u6210\u7ea2\u8272": "\u505a\u6210\u7ea2\u8272",
    " :) on its face": ":) on its face",
    "\n\n\u2014 red": "red",
}


@pytest.mark.parametrize("called", ["/edit", BOT])
@pytest.mark.parametrize(("behind", "wish"), WORDS_BEHIND.items())
async def test_a_sign_that_belongs_to_the_words_is_painted_with_them(
    talk: Talk, called: str, behind: str, wish: str
) -> None:
    await talk.telegram.ann.photo(plain(150), f"{called}{behind}")
    assert (await talk.telegram.ann.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == [wish]


@pytest.mark.parametrize(
    ("captions", "wishes"),
    [
        (["/x4 /help", "make it red"], ["make it red"]),
        (["/new /help", "make it red"], ["make it red"]),
        (["/x2", "make it red"], ["make it red"] * 2),
        (["make it red", "/again"], ["make it red"]),
        (["/again", "/again"], ["a boat"]),
        (["/again /undo", ""], []),
    ],
)
async def test_an_album_is_painted_as_often_as_was_wished(talk: Talk, captions: list[str], wishes: list[str]) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.album([plain(150), plain(151)], captions=captions)
    await talk.painter.called(1 + len(wishes))
    while not (await ann.answer()).has_picture and wishes:
        pass
    assert [call.wish for call in talk.painter.calls[1:]] == wishes
    assert [numbers(call.all_pictures)[-2:] for call in talk.painter.calls[1:]] == [[150, 151]] * len(wishes)
    if captions[0].startswith("/new"):
        assert talk.painter.calls[1].roles == ["user", "model", "user"]


async def test_again_before_another_command_repeats_nothing(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/again /undo")
    back, question = await ann.answers(2)
    assert "Back at the start" in back.text
    assert QUESTION in question.text
    await ann.silence()
    assert len(talk.painter.calls) == 1


@pytest.mark.parametrize("command", ["/undo", "/new"])
async def test_what_is_said_of_a_command_agrees_with_the_photo_that_waits(talk: Talk, command: str) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), command)
    told, question = await ann.answers(2)
    assert all(words not in told.text for words in ("your next message", "Send a new wish"))
    assert QUESTION in question.text
    await painted(ann, "make it red")
    await ann.say(command)
    said = (await ann.answer()).text
    assert any(words in said for words in ("your next message", "Say what to do with it"))


async def test_a_command_under_a_video_is_done(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.send(b"x" * 2000, "video", text="/undo")
    assert "Back at the start" in (await ann.answer()).text
    for caption in ("/save hat", "/again"):
        await ann.send(b"x" * 2000, "video", text=caption)
        assert "I can’t get a picture out of that video" in (await ann.answer()).text
    await ann.silence()
    assert len(talk.painter.calls) == 1
