"""``/edit`` and a wish: the way to ask that Telegram lets through to every bot in a group, and one more in private."""

from __future__ import annotations

import json

import pytest

from tests.support.painter import numbers, plain
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk, both_ways, read_whole

BOT = "@pentimento_bot"


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group of Ann, Boris and Chen that the bot has greeted."""
    made = await talk.telegram.group()
    await made.answer()
    return made


@both_ways
@pytest.mark.parametrize("said", ["/edit a boat", f"/edit{BOT} a boat", f"/EDIT{BOT.upper()}: a boat", "/edit\na boat"])
async def test_edit_and_a_wish_make_a_picture_in_a_group(talk: Talk, said: str) -> None:
    group = await talk.telegram.group()
    await group.answer()
    sent = await group.say(said)
    answer = await group.answer()
    assert (answer.has_picture, answer.reply_to) == (True, sent.id)
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat"]


async def test_edit_works_in_private_and_goes_on_like_any_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/edit a boat")
    await ann.answer()
    await ann.say("/edit now red")
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["a boat", "now red"]
    assert talk.painter.calls[1].roles == ["user", "model", "user"]


async def test_who_writes_without_spaces_is_understood(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/edit画一艘船")
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["画一艘船"]


async def test_edit_for_another_bot_is_none_of_its_business(talk: Talk) -> None:
    group = await read_whole(talk)
    await group.say("/edit@other_bot a boat")
    await group.photo(plain(150), "/edit@other_bot make it red")
    await group.say("/edit@other_bot")
    await group.silence()
    assert talk.painter.calls == []


async def test_a_caption_brings_its_photo(talk: Talk, group: Chat) -> None:
    await group.photo(plain(150), f"/edit{BOT} make it red")
    await group.answer()
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("Ann: make it red", [150])


@pytest.mark.parametrize("which", [0, 1, 2])
async def test_the_command_may_stand_under_any_picture_of_an_album(talk: Talk, which: int) -> None:
    ann = talk.telegram.ann
    captions = ["", "", ""]
    captions[which] = "/edit a collage"
    await ann.album([plain(150), plain(151), plain(152)], captions=captions)
    await ann.answer()
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("a collage", [150, 151, 152])


async def test_an_album_in_a_group_where_everything_is_read_comes_whole(talk: Talk) -> None:
    group = await read_whole(talk)
    await group.album([plain(150), plain(151)], captions=["", f"/edit{BOT} a collage"])
    await group.answer()
    (call,) = talk.painter.calls
    assert (call.wish, numbers(call.pictures)) == ("Ann: a collage", [150, 151])


async def test_the_bot_says_where_telegram_shows_it_one_picture_of_an_album(talk: Talk, group: Chat) -> None:
    """For Telegram each picture is a separate message, with or without a command."""
    await group.album([plain(150), plain(151)], captions=["", f"/edit{BOT} a collage"])
    told, picture = await group.answers(2)
    assert "only this one picture of your album" in told.text
    assert picture.has_picture
    await group.album([plain(150), plain(151)], f"/new{BOT} a collage", reply_to=told)
    await group.answer()
    assert [numbers(call.all_pictures) for call in talk.painter.calls] == [[151], [150, 151]]
    await group.silence()


async def test_edit_in_reply_to_somebodys_photo_edits_that_photo(talk: Talk) -> None:
    """In a supergroup, where Telegram shows it."""
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    await group.say("/edit a boat")
    await group.answer()
    photo = await group.seen_by(BORIS).photo(plain(150))
    await group.say("/edit make it red", reply_to=photo)
    await group.answer()
    assert (talk.painter.calls[1].wish, numbers(talk.painter.calls[1].pictures)) == ("Ann: make it red", [150])


async def test_edit_in_reply_to_an_older_picture_goes_on_from_that_one(talk: Talk, group: Chat) -> None:
    await group.say("/edit a boat")
    boat = await group.answer()
    await group.say("/edit a gull")
    await group.answer()
    await group.seen_by(BORIS).say("/edit now red", reply_to=boat)
    await group.answer()
    assert numbers(talk.painter.calls[2].all_pictures) == [1]


async def test_edit_alone_asks_and_the_reply_is_the_wish(talk: Talk, group: Chat) -> None:
    """Where a bot gets only replies, Telegram's clients open a reply by themselves."""
    sent = await group.say("/edit")
    question = await group.answer()
    assert "Reply to this message" in question.text
    assert question.reply_to == sent.id
    markup = (await talk.telegram.calls("sendMessage"))[-1]["params"]["reply_markup"]
    assert json.loads(markup) == {"force_reply": True, "selective": True}
    await group.say("a boat", reply_to=question)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == "Ann: a boat"


async def test_edit_alone_in_private_asks_and_the_next_words_are_the_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/edit")
    assert "Just write it" in (await ann.answer()).text
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[0].wish == "a boat"


async def test_a_photo_with_edit_alone_waits_for_words(talk: Talk, group: Chat) -> None:
    await group.photo(plain(150), f"/edit{BOT}")
    question = await group.answer()
    assert "What should I do with this picture? Reply to this message." in question.text
    await group.say("make it red", reply_to=question)
    await group.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150]
    ann = talk.telegram.ann
    await ann.photo(plain(151), "/edit")
    assert "Just write it" in (await ann.answer()).text
    await ann.say("make it red")
    await ann.answer()
    assert numbers(talk.painter.calls[1].pictures) == [151]


async def test_edit_alone_in_reply_to_a_picture_asks_about_that_picture(talk: Talk, group: Chat) -> None:
    """Even if others had pictures painted before the answer came."""
    await group.say("/edit a boat")
    boat = await group.answer()
    await group.say("/edit", reply_to=boat)
    question = await group.answer()
    assert "this picture" in question.text
    await group.seen_by(BORIS).say("/edit a gull")
    await group.answer()
    await group.say("now red", reply_to=question)
    await group.answer()
    assert (talk.painter.calls[2].wish, numbers(talk.painter.calls[2].all_pictures)) == ("Ann: now red", [1])


async def test_edit_alone_in_reply_to_somebodys_photo_asks_about_that_photo(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    photo = await group.seen_by(BORIS).photo(plain(150))
    await group.say("/edit", reply_to=photo)
    await group.say("make it red", reply_to=await group.answer())
    await group.answer()
    assert numbers(talk.painter.calls[0].pictures) == [150]


@pytest.mark.parametrize("as_reply", [False, True])
async def test_in_private_the_words_after_such_a_question_need_not_be_a_reply(talk: Talk, as_reply: bool) -> None:
    """A reply to the newest message is not always shown as one to a bot."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await ann.say("now with a sail")
    await ann.answer()
    await ann.say("/edit", reply_to=boat)
    question = await ann.answer()
    await ann.say("now red", reply_to=question if as_reply else None)
    await ann.answer()
    assert numbers(talk.painter.calls[2].all_pictures) == [1]
    assert talk.painter.calls[2].roles == ["user", "model", "user"]


@pytest.mark.parametrize("as_reply", [False, True])
async def test_in_private_a_photo_of_before_is_asked_about_in_the_same_way(talk: Talk, as_reply: bool) -> None:
    ann = talk.telegram.ann
    photo = await ann.photo(plain(150), "make it red")
    await ann.answer()
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/edit", reply_to=photo)
    question = await ann.answer()
    await ann.say("make it green", reply_to=question if as_reply else None)
    await ann.answer()
    assert numbers(talk.painter.calls[2].pictures) == [150]


async def test_an_edited_wish_behind_edit_is_made_again(talk: Talk, group: Chat) -> None:
    sent = await group.say("/edit a boat")
    await group.answer()
    await group.edit(sent, "/edit a red boat")
    assert "a red boat" in (await group.answer()).words
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a red boat"]
    assert talk.painter.calls[1].roles == ["user"]


async def test_versions_are_made_again_as_many_as_the_edited_words_ask_for(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.say("a boat")
    await ann.answer()
    await ann.edit(sent, "/x2 a red boat")
    await ann.answers(3)
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a red boat", "a red boat"]
    assert all(call.roles == ["user"] for call in talk.painter.calls)


async def test_edit_stands_first_in_the_menu_of_groups(talk: Talk) -> None:
    await talk.published()
    for call in await talk.telegram.calls("setMyCommands"):
        names = [one["command"] for one in json.loads(call["params"]["commands"])]
        private = "all_private_chats" in call["params"]["scope"]
        assert names[:2] == (["start", "edit"] if private else ["edit", "help"])
