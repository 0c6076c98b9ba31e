"""Photos that wait for words: for an hour, until something else is done, and only for their sender."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from storage.records import MessageLink
from tests.support.messages import as_file_json
from tests.support.painter import number_of, plain
from tests.support.people import BORIS, CHEN, Chat
from tests.support.talking import Talk

BOT = "@pentimento_bot"
LEFT = "All right, I’ll leave that picture alone. Reply to it with a wish if you want to use it after all."


def numbers(pictures: list[bytes]) -> list[int]:
    return [number_of(picture) for picture in pictures]


async def _waits(chat: Chat) -> None:
    await chat.photo(plain(150))
    assert "What should I do with this picture?" in (await chat.answer()).text


async def _painted(chat: Chat, *wishes: str) -> None:
    for wish in wishes:
        await chat.say(wish)
        assert (await chat.answer()).has_picture


@pytest.mark.parametrize("command", ["/new", "/undo", "/go 1", "/redo"])
async def test_a_photo_waits_no_longer_when_the_conversation_goes_elsewhere(talk: Talk, command: str) -> None:
    ann = talk.telegram.ann
    await _painted(ann, "a boat", "now red")
    if command == "/redo":
        await ann.say("/undo")
        await ann.answer()
    await _waits(ann)
    await ann.say(command)
    left, _moved = await ann.answers(2)
    assert left.text == LEFT
    await _painted(ann, "a lighthouse at dusk")
    assert 150 not in numbers(talk.painter.calls[2].all_pictures)


async def test_the_button_new_leaves_waiting_photos_behind(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await _waits(ann)
    await ann.press(boat, "New")
    left, fresh = await ann.answers(2)
    assert left.text == LEFT
    assert "Fresh start" in fresh.text
    await _painted(ann, "a lighthouse at dusk")
    assert talk.painter.calls[1].all_pictures == []


async def test_a_wish_anew_takes_no_photo_along_that_waited(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _waits(ann)
    await ann.say("/new a lighthouse at dusk")
    left, lighthouse = await ann.answers(2)
    assert (left.text, lighthouse.has_picture) == (LEFT, True)
    await _painted(ann, "now red")
    assert [150 in numbers(call.all_pictures) for call in talk.painter.calls] == [False, False]


async def test_a_wish_anew_takes_no_photo_along_that_came_just_before_it(talk: Talk) -> None:
    """Both come while something is painted, so both are looked at together."""
    ann = talk.telegram.ann
    gate = talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.photo(plain(150))
    await ann.say("/new a lighthouse at dusk")
    await ann.silence()
    gate.set()
    assert talk.painter.calls[0].wish == "a boat"
    assert (await talk.painter.called(2)).all_pictures == []


async def test_a_wish_anew_in_reply_to_the_question_takes_the_photo_and_leaves_nothing(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    question = await ann.answer()
    await ann.say("/new make it red", reply_to=question)
    assert (await ann.answer()).has_picture
    assert numbers(talk.painter.calls[0].all_pictures) == [150]
    await ann.silence()


async def test_cancel_ends_the_waiting_and_says_so(talk: Talk) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150))
    await ann.answer()
    await ann.say("/cancel")
    assert "I’ll leave that picture alone" in (await ann.answer()).text
    await ann.say("/cancel")
    assert "not painting anything" in (await ann.answer()).text
    await _painted(ann, "a lighthouse at dusk")
    assert talk.painter.calls[0].all_pictures == []
    await ann.say("make it red", reply_to=photo)
    await ann.answer()
    assert numbers(talk.painter.calls[1].pictures) == [150]


async def test_cancel_of_a_wish_ends_the_waiting_as_well(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await _waits(ann)
    talk.painter.hold()
    await ann.say("now red", reply_to=boat)
    await talk.painter.called(2)
    await ann.say("/cancel")
    assert "Stopped" in (await ann.answer()).text
    await _painted(ann, "a lighthouse at dusk")
    assert 150 not in numbers(talk.painter.calls[2].all_pictures)


async def test_after_an_hour_only_a_reply_uses_a_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    photos = await ann.album([plain(150), plain(151)])
    question = await ann.answer()
    await _an_hour_passes(talk)
    await _painted(ann, "a lighthouse at dusk")
    assert talk.painter.calls[0].all_pictures == []
    await ann.say("blend them", reply_to=question)
    await ann.answer()
    assert numbers(talk.painter.calls[1].pictures) == [150, 151]
    await ann.say("make it red", reply_to=photos[1])
    await ann.answer()
    assert numbers(talk.painter.calls[2].pictures) == [151]


async def _an_hour_passes(talk: Talk) -> None:
    async def look() -> list[MessageLink] | None:
        return await talk.store.messages.loose(1) or None

    links = await talk.telegram.wait_for(look, 20, "no photo waits")
    assert all((link.waits_until or 0) - time.time() > 3500 for link in links)
    await talk.store.messages.save(1, [replace(link, waits_until=time.time() - 1) for link in links])


async def test_in_a_group_a_photo_waits_for_its_sender(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    hello = await group.answer()
    boris, chen = group.seen_by(BORIS), group.seen_by(CHEN)
    photo = await boris.photo(plain(150), reply_to=hello)
    question = await boris.answer()
    await chen.say(f"/edit{BOT} draw a cat")
    await chen.answer()
    await boris.say(f"/edit{BOT} make it red")
    await boris.answer()
    assert [numbers(call.pictures) for call in talk.painter.calls] == [[], [150]]
    await boris.photo(plain(151), reply_to=hello)
    question = await boris.answer()
    await chen.say("make it blue", reply_to=question)
    await chen.answer()
    await chen.say(f"/edit{BOT} make it green", reply_to=photo)
    await chen.answer()
    assert [numbers(call.pictures) for call in talk.painter.calls[2:]] == [[151], [150]]


async def test_a_photo_that_somebody_else_asks_about_is_not_in_its_senders_next_wish(talk: Talk) -> None:
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    boris = group.seen_by(BORIS)
    photo = await boris.photo(plain(150))
    await group.say(BOT, reply_to=photo)
    question = await group.answer()
    assert "What should I do with this picture?" in question.text
    await boris.say(f"{BOT} a lighthouse")
    await group.answer()
    await group.say("make it red", reply_to=question)
    await group.answer()
    assert [numbers(call.pictures) for call in talk.painter.calls] == [[], [150]]


async def test_in_a_group_everybody_cancels_what_is_theirs(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    hello = await group.answer()
    boris, chen = group.seen_by(BORIS), group.seen_by(CHEN)
    await boris.photo(plain(150), reply_to=hello)
    await boris.answer()
    await chen.say(f"/cancel{BOT}")
    assert "not painting anything" in (await chen.answer()).text
    await boris.say(f"/cancel{BOT}")
    assert "I’ll leave that picture alone" in (await boris.answer()).text
    await boris.say(f"/edit{BOT} a lighthouse")
    await boris.answer()
    assert talk.painter.calls[0].pictures == []


async def test_a_name_is_a_use_of_a_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await _waits(ann)
    await ann.say("/save hat")
    assert "@hat" in (await ann.answer()).text
    await _painted(ann, "/new a lighthouse", "with @hat")
    assert [numbers(call.pictures) for call in talk.painter.calls[1:]] == [[], [150]]


async def test_a_command_typed_into_the_reply_that_the_question_begins_is_just_that_command(talk: Talk) -> None:
    """Clients begin a reply by themselves where the bot asks for one (Bot API, ForceReply)."""
    group = await talk.telegram.group(kind="supergroup")
    hello = await group.answer()
    await group.say(f"/edit{BOT} a boat")
    await group.answer()
    await group.photo(plain(150), reply_to=hello)
    question = await group.answer()
    await group.say("/undo", reply_to=question)
    left, back = await group.answers(2)
    assert left.text == LEFT
    assert "Back at the start" in back.words


async def test_a_caption_that_a_waiting_album_gets_later_is_about_all_of_it(talk: Talk) -> None:
    """Telegram puts the caption of an album under one of its pictures."""
    ann = talk.telegram.ann
    _, middle, _ = await ann.album([plain(150), plain(151), plain(152)])
    question = await ann.answer()
    await ann.photo(plain(153))
    await ann.until(question, "What should I do with these 4 pictures?")
    await ann.edit(middle, "a collage")
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[0]
    assert (call.wish, numbers(call.pictures)) == ("a collage", [150, 151, 152])


@pytest.mark.parametrize("next_step", ["words", "a reply to it", "a caption by the same edit", "a name"])
async def test_a_waiting_photo_that_its_sender_replaces_is_the_new_one(talk: Talk, next_step: str) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150))
    await ann.answer()
    await ann.replace(photo, plain(160), "make it red" if next_step == "a caption by the same edit" else "")
    if next_step == "a name":
        await ann.say("/save hat")
        assert "@hat" in (await ann.answer()).text
    if next_step != "a caption by the same edit":
        words = "/new a lighthouse with @hat" if next_step == "a name" else "make it red"
        await ann.say(words, reply_to=photo if next_step == "a reply to it" else None)
    assert (await ann.answer()).has_picture
    assert numbers(talk.painter.calls[0].pictures) == [160]


async def test_of_a_waiting_album_only_what_its_sender_replaces_is_another_picture(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.album([plain(150), plain(151), plain(152)])
    await ann.answer()
    await ann.replace(sent[1], plain(160))
    await ann.say("a collage")
    assert (await ann.answer()).has_picture
    assert numbers(talk.painter.calls[0].pictures) == [150, 160, 152]


@pytest.mark.parametrize("used", [False, True], ids=["waiting", "of a wish"])
async def test_a_photo_that_its_sender_replaces_by_a_video_is_painted_from_no_more(talk: Talk, used: bool) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red" if used else "")
    await ann.answer()
    await ann.replace(photo, ("boat.mp4", b"moves"), "make it red", kind="video")
    assert "can’t get a picture out of that video" in (await ann.answer()).text
    await ann.say("make it green", reply_to=photo)
    assert "can’t get a picture out of that video" in (await ann.answer()).text
    await _painted(ann, "/new a lighthouse", "add a gull")
    assert all(150 not in numbers(call.pictures) for call in talk.painter.calls[used:])


async def test_a_reply_to_the_video_of_an_album_that_waits_is_about_the_video(talk: Talk) -> None:
    ann = talk.telegram.ann
    await _painted(ann, "a lighthouse")
    clip = {"name": "boat.mp4", "mime": "video/mp4", "base64": "AAAA", "kind": "video"}
    body = {"as": ann.person_id, "chat_id": ann.id, "files": [as_file_json(plain(150)), clip]}
    sent = await talk.telegram.post("send", body)
    await ann.answers(2)
    await ann.say("make this move", reply_to=sent["messages"][1]["message_id"])
    assert "can’t get a picture out of that video" in (await ann.answer()).text
    assert len(talk.painter.calls) == 1
