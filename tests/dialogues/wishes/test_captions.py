"""Commands in captions, and words after commands: all of it is used or answered, and no command is painted."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import pytest

from bot.chat.command_table import KNOWN
from tests.support.painter import numbers, plain
from tests.support.talking import Talk, both_ways, painted, read_whole

BOT = "@pentimento_bot"
QUESTION = "What should I do with this picture?"


@both_ways
async def test_new_and_a_wish_under_a_photo_start_over_with_that_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/new make it red")
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[1]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it red", [150])
    await painted(ann, "warmer")
    assert talk.painter.calls[2].roles == ["user", "model", "user"]
    await ann.silence()


async def test_new_and_a_wish_as_words_start_over_and_paint(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat", "/new a gull", "now red")
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a gull", "now red"]
    assert [call.roles for call in talk.painter.calls[1:]] == [["user"], ["user", "model", "user"]]
    await ann.silence()


async def test_new_with_a_name_reaches_the_bot_in_a_group(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await painted(group, "/edit a boat")
    await group.photo(plain(150), f"/new{BOT} make it red")
    await group.answer()
    call = talk.painter.calls[1]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "Ann: make it red", [150])


async def test_new_in_reply_to_a_picture_takes_that_picture_along_and_nothing_else(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await painted(ann, "now red")
    await ann.say("/new make it green", reply_to=boat)
    await ann.answer()
    call = talk.painter.calls[2]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it green", [1])


async def test_a_wish_anew_that_fails_leaves_the_old_conversation_behind_all_the_same(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    talk.painter.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    await painted(ann, "/new a gull", "a lighthouse")
    assert talk.painter.calls[2].roles == ["user"]
    await ann.say("/redo")
    assert (await ann.answer()).text == "There is nothing to redo."


async def test_redo_leads_back_from_a_wish_anew_that_failed(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    talk.painter.will({"promptFeedback": {"blockReason": "PROHIBITED_CONTENT"}})
    await painted(ann, "/new a gull", "/redo", "now red")
    assert talk.painter.calls[2].roles == ["user", "model", "user"]


async def test_a_crash_before_the_call_finds_the_wish_and_the_new_beginning(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    gate = talk.painter.hold()
    talk.stop_grace_s = 0
    await ann.photo(plain(150), "/new make it red")
    await talk.painter.called(2)
    await talk.restart()
    gate.set()
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[-1]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it red", [150])


async def test_new_alone_under_a_photo_starts_over_and_the_photo_waits(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/new")
    fresh, question = await ann.answers(2)
    assert "Fresh start" in fresh.text
    assert QUESTION in question.text
    await painted(ann, "make it red")
    call = talk.painter.calls[1]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it red", [150])


async def test_undo_under_a_photo_goes_back_and_the_photo_waits(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat", "now red")
    await ann.photo(plain(150), "/undo")
    back, question = await ann.answers(2)
    assert "Back to" in back.words
    assert QUESTION in question.text
    await painted(ann, "put this beside it")
    assert numbers(talk.painter.calls[2].all_pictures) == [1, 150]


async def test_a_choice_under_a_photo_is_made_and_the_photo_waits(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/ratio 16:9")
    settings, question = await ann.answers(2)
    assert "Shape: 16:9" in [*settings.buttons]
    assert QUESTION in question.text
    await painted(ann, "make it red")
    (call,) = talk.painter.calls
    assert numbers(call.pictures) == [150]
    assert call.body["generationConfig"]["imageConfig"]["aspectRatio"] == "16:9"


async def test_file_under_a_photo_sends_the_file_and_the_photo_waits(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/file")
    file, question = await ann.answers(2)
    assert await file.document_bytes() == plain(1)
    assert QUESTION in question.text


async def test_save_names_the_photo_under_which_it_stands(talk: Talk) -> None:
    """And the photo does not wait for words as well."""
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/save hat")
    assert "@hat" in (await ann.answer()).text
    await painted(ann, "put @hat on the captain")
    assert numbers(talk.painter.calls[1].pictures) == [150]
    assert talk.painter.calls[1].wish == "@hat:\nput @hat on the captain"
    await ann.silence()


async def test_save_names_the_photo_to_which_it_replies_though_the_bot_never_saw_it(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    await painted(group, "/edit a boat")
    photo = await group.photo(plain(150))
    await group.say("/save hat", reply_to=photo)
    await group.answer()
    await painted(group, "/edit put @hat on the captain")
    assert numbers(talk.painter.calls[1].pictures) == [150]


async def test_each_picture_of_an_album_may_get_a_name(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151), plain(152)], captions=["/save hat", "", "/save scarf"])
    *names, question = await ann.answers(3)
    assert [next(name for name in ("@hat", "@scarf") if name in one.text) for one in names] == ["@hat", "@scarf"]
    assert QUESTION in question.text
    await painted(ann, "dress him in @hat and @scarf")
    assert numbers(talk.painter.calls[0].pictures) == [151, 150, 152]


@pytest.mark.parametrize(("command", "times"), [("/again", 1), ("/x2", 2)])
async def test_again_under_a_photo_makes_the_same_wish_of_that_photo(talk: Talk, command: str, times: int) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.photo(plain(151), command)
    await ann.answers(1 if times == 1 else times + 1)
    assert [call.wish for call in talk.painter.calls] == ["make it red"] * (1 + times)
    assert all(numbers(call.pictures) == [151] for call in talk.painter.calls[1:])
    await ann.silence()


async def test_again_with_words_under_a_photo_makes_those_words(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.photo(plain(150), "/again, but red")
    await ann.answer()
    assert (talk.painter.calls[1].wish, numbers(talk.painter.calls[1].pictures)) == ("but red", [150])


async def test_again_under_a_photo_with_nothing_to_repeat_says_so_and_the_photo_waits(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/again")
    nothing, question = await ann.answers(2)
    assert "nothing to repeat" in nothing.text
    assert QUESTION in question.text


@pytest.mark.parametrize("which", [0, 1])
async def test_a_command_may_stand_under_any_picture_of_an_album(talk: Talk, which: int) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat", "now red")
    captions = ["", ""]
    captions[which] = "/undo"
    await ann.album([plain(150), plain(151)], captions=captions)
    back, question = await ann.answers(2)
    assert "Back to" in back.words
    assert "these 2 pictures" in question.text
    await painted(ann, "blend all")
    assert numbers(talk.painter.calls[2].all_pictures) == [1, 150, 151]


async def test_words_under_another_picture_of_the_album_are_the_wish_behind_the_command(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.album([plain(150), plain(151)], captions=["a collage", "/ratio 16:9"])
    settings, picture = await ann.answers(2)
    assert "Shape: 16:9" in [*settings.buttons]
    assert picture.has_picture
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("a collage", [150, 151])
    assert call.body["generationConfig"]["imageConfig"]["aspectRatio"] == "16:9"


async def test_an_unknown_command_under_a_photo_gets_the_hint_and_is_neverpainted(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/nwe make it red")
    hint, question = await ann.answers(2)
    assert "I don’t know /nwe" in hint.text
    assert QUESTION in question.text
    await painted(ann, "make it red")
    assert [call.wish for call in talk.painter.calls] == ["make it red"]


async def test_in_a_group_the_hint_comes_where_the_command_was_clearly_meant_for_the_bot(talk: Talk) -> None:
    group = await read_whole(talk)
    await group.photo(plain(150), "/nwe make it red")
    await group.photo(plain(150), "/new@other_bot make it red")
    await group.silence()
    await group.photo(plain(151), f"/nwe{BOT} make it red")
    assert "I don’t know /nwe" in (await group.answer()).text
    assert QUESTION in (await group.answer()).text
    await painted(group, "/edit a boat")
    answer = (await group.history())[-1]
    await group.photo(plain(152), "/nwe make it red", reply_to=answer)
    assert "I don’t know /nwe" in (await group.answer()).text
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat"]


async def test_a_mention_before_a_command_is_no_wish(talk: Talk) -> None:
    group = await read_whole(talk)
    await group.say(f"{BOT} /help")
    assert "How it works" in (await group.answer()).text
    await group.photo(plain(150), f"{BOT}, /new make it red")
    await group.answer()
    assert [call.wish for call in talk.painter.calls] == ["Ann: make it red"]


async def test_a_command_under_somebody_elses_photo_that_is_passed_on_is_nobodys_command(talk: Talk) -> None:
    """The caption was written for somebody else."""
    await painted(talk.telegram.ann, "a boat")
    group = await talk.telegram.group(members=[1001, 1002], by=1002, bot=False)
    photo = await group.photo(plain(150), "/new make it red")
    await group.seen_by(1001).forward(photo, talk.telegram.ann)
    assert QUESTION in (await talk.telegram.ann.answer()).text
    await talk.telegram.ann.silence()
    assert len(talk.painter.calls) == 1


@pytest.mark.parametrize(
    ("said", "used"),
    [
        ("/undo make it red", "/undo"),
        ("/tree please", "/tree"),
        ("/compare with the sea", "/compare"),
        ("/again /undo red", "/undo"),
    ],
)
async def test_words_that_a_command_does_not_take_are_never_passed_over(talk: Talk, said: str, used: str) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat", "a gull")
    await ann.say(said)
    note, _ = await ann.answers(2)
    assert f"I used only {used}. Please send the rest separately" in note.text


async def test_again_and_words_add_them_to_the_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("/again but bluer")
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[1]
    assert (call.wish, numbers(call.pictures)) == ("make it red\nbut bluer", [150])
    await ann.silence()


async def test_words_behind_start_are_telegrams_own(talk: Talk) -> None:
    """Links to a bot put them there (core.telegram.org/bots/features#deep-linking)."""
    await talk.telegram.ann.say("/start from_a_link")
    assert "Hi!" in (await talk.telegram.ann.answer()).text
    await talk.telegram.ann.silence()


async def test_cancel_under_a_photo_stops_at_once_and_says_what_became_of_the_photo(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.hold()
    await ann.say("a boat")
    await talk.painter.called(1)
    await ann.photo(plain(150), "/cancel")
    stopped = await ann.answer()
    assert "Stopped, as if" in stopped.text
    assert "send the rest separately" in stopped.text
    await ann.silence()


async def test_cancel_under_a_photo_with_nothing_to_stop_leaves_the_photo_waiting(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/cancel")
    nothing, question = await ann.answers(2)
    assert "not painting anything" in nothing.text
    assert QUESTION in question.text


async def test_an_edit_of_one_of_two_captions_of_equal_pictures_leaves_the_other_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    left, _ = await ann.album([plain(150), plain(150)], captions=["the left one red", "the right one blue"])
    await ann.answer()
    for words in ("the left one green", "the left one yellow"):
        await ann.edit(left, words)
        await ann.answer()
        said = [part["text"] for part in talk.painter.calls[-1].contents[-1]["parts"] if "text" in part]
        assert said == [words, "the right one blue"]


async def test_only_who_may_use_the_bot_stops_it_by_a_caption(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/allow admins")
    await group.answer()
    gate = talk.painter.hold()
    await group.say("/edit a boat")
    await talk.painter.called(1)
    await group.seen_by(1002).photo(plain(150), f"/cancel{BOT}")
    gate.set()
    assert (await group.answer()).has_picture


@pytest.mark.parametrize("said", ["/edit a collage", f"{BOT} a collage"])
async def test_in_an_album_too_a_group_lets_only_those_whom_it_allows(talk: Talk, said: str) -> None:
    """Also where the second picture's caption names the bot, and the first has no caption."""
    group = await read_whole(talk)
    await group.say("/allow admins")
    await group.answer()
    await group.seen_by(1002).album([plain(150), plain(151)], captions=["", said])
    assert "Only some people may use me" in (await group.answer()).text
    assert talk.painter.calls == []


async def test_a_choice_survives_messages_that_get_lost(talk: Talk) -> None:
    """A message may get lost; the command is still run once, and the photo waits."""
    ann = talk.telegram.ann
    await painted(ann, "a boat", "now red")
    await talk.telegram.fault("sendPhoto", status=500, times=1)
    await ann.photo(plain(150), "/undo")
    await talk.telegram.fault_met()
    await painted(ann, "/tree")
    await ann.say("put this beside it")
    await talk.painter.called(3)
    assert numbers(talk.painter.calls[2].all_pictures) == [1, 150]


async def test_a_wish_gets_its_command_by_an_edit(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    sent = await ann.say("a gull")
    await ann.answer()
    await ann.edit(sent, "/new a gull")
    assert (await ann.answer()).has_picture
    assert [call.roles for call in talk.painter.calls] == [["user"], ["user", "model", "user"], ["user"]]


@pytest.mark.parametrize("added", [f"{BOT} ", "/edit ", f"/edit{BOT} "])
async def test_an_edit_that_calls_the_bot_makes_a_new_wish_and_once(talk: Talk, added: str) -> None:
    group = await read_whole(talk)
    talking = await group.say("a boat")
    photo = await group.photo(plain(150), "my harbour")
    await group.silence()
    await group.edit(talking, f"{added}a boat")
    assert (await group.answer()).reply_to == talking.id
    await group.edit(photo, f"{added}put a boat into my harbour")
    await group.answer()
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: put a boat into my harbour"]
    assert numbers(talk.painter.calls[1].pictures) == [150]
    await group.edit(talking, f"{added}a red boat")
    assert "With your edited words" in (await group.answer()).words
    await group.edit(photo, "let us meet at eight")
    assert len(talk.painter.calls) == 3


async def test_a_misspelt_command_is_mended_by_an_edit(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.say("/edti a boat")
    assert "I don’t know /edti" in (await ann.answer()).text
    await ann.edit(sent, "/edit a boat")
    assert (await ann.answer()).has_picture
    photo = await ann.photo(plain(150), "/nwe make it red")
    await ann.answers(2)
    await ann.edit(photo, "/new make it red")
    await ann.answer()
    call = talk.painter.calls[1]
    assert (call.roles, call.wish, numbers(call.all_pictures)) == (["user"], "make it red", [150])


RESTS = (
    *("", " make it red", "\nmake it red", ": make it red", " - red", " 16:9 boat", " /new a boat", " /edit /undo red"),
    *("@", "@ red", BOT + " red", "@other_bot red", "做成红色", "/red", " 🎨 red", " /x4 /x4 red", " @hat red"),
)


async def test_nothing_is_painted_that_begins_with_a_command(talk: Talk) -> None:
    """Every command with any words after it: as a text, as a caption, and under one picture of an album."""
    chance = random.Random(31)
    said = [f"/{name}{rest}" for name in sorted({*KNOWN, "nwe"}) for rest in chance.sample(RESTS, 3)]
    people = [await talk.telegram.newcomer(f"Person {number}") for number in range(24)]
    for number, words in enumerate(said):
        person = people[number % len(people)]
        how = chance.randrange(3)
        if how == 0:
            await person.say(words)
        elif how == 1:
            await person.photo(plain(150), words)
        else:
            captions = ["", words] if number % 2 else [words, "and a gull"]
            await person.album([plain(150), plain(151)], captions=captions)

    async with asyncio.timeout(120):
        while not await _all_is_done(talk):  # noqa: ASYNC110
            await asyncio.sleep(0.1)
    texts = [text for call in talk.painter.calls for text in _texts(call.contents)]
    assert len(texts) > 10
    assert [text for text in texts if text.lstrip().startswith("/")] == []
    for person in people:
        assert any(message.from_bot for message in await person.history())


async def _all_is_done(talk: Talk) -> bool:
    keys = [*await talk.store.inbox.keys(), *await talk.store.conversations.unfinished_keys()]
    return not keys and not await talk.telegram.queue()


def _texts(contents: list[dict[str, Any]]) -> list[str]:
    return [part["text"] for content in contents for part in content["parts"] if "text" in part]
