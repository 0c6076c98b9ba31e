"""Inline mode: a person types behind the bot's name in any chat, and chooses a picture or has one painted."""

from __future__ import annotations

import pytest

from tests.support.calling import shown, strangers
from tests.support.messages import Json
from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, Chat
from tests.support.talking import Talk


@pytest.fixture
async def inline(talk: Talk) -> Talk:
    """Return a bot in inline mode, with inline feedback, and an Ann who has two pictures."""
    return await with_pictures(talk, feedback=True)


async def with_pictures(talk: Talk, *, feedback: bool) -> Talk:
    await talk.telegram.modes(inline=True, feedback=feedback)
    await talk.restart()
    for wish in ("a mill", "a tower"):
        await talk.telegram.ann.say(wish)
        await talk.telegram.ann.answer()
    # What is offered is stored after Telegram took it; what the next message does comes later.
    await talk.telegram.ann.say("/help")
    await talk.telegram.ann.answer()
    return talk


async def offered(chat: Chat, words: str = "") -> list[Json]:
    """Return what is offered for some words."""
    found: list[Json] = (await chat.offered(await chat.type(words)))["results"]
    return found


async def painted(chat: Chat, words: str) -> str:
    """Choose to have something painted; return the text of the message."""
    query_id = await chat.type(words)
    (first, *_) = (await chat.offered(query_id))["results"]
    return (await chat.choose(query_id, first["id"])).text


async def test_it_offers_the_callers_newest_pictures(inline: Talk) -> None:
    group = await strangers(inline)
    query_id = await group.type()
    results = (await group.offered(query_id))["results"]
    assert [one["id"] for one in results] == ["picture-2", "picture-1"]
    message = await group.choose(query_id, "picture-2")
    assert number_of(await message.picture_bytes()) == 2
    assert len(inline.painter.calls) == 2
    (answer,) = await inline.telegram.calls("answerInlineQuery")
    assert answer["params"]["is_personal"] in (True, "true")


async def test_others_are_not_offered_them(inline: Talk) -> None:
    group = await strangers(inline)
    assert await offered(group.seen_by(BORIS)) == []


async def test_covered_pictures_are_not_offered(inline: Talk) -> None:
    """A result of an inline query cannot be hidden under a spoiler."""
    await inline.telegram.ann.photo(plain(7), "make it red", spoiler=True)
    await inline.telegram.ann.answer()
    assert [one["id"] for one in await offered(await strangers(inline))] == ["picture-2", "picture-1"]


async def test_versions_are_offered_once_chosen_and_without_their_numbers(inline: Talk) -> None:
    """The numbers in their corners are for the choice; in other chats they would be a riddle."""
    ann = inline.telegram.ann
    await ann.say("/x2 a boat")
    *_, question = await ann.answers(3)
    group = await strangers(inline)
    assert [one["id"] for one in await offered(group)] == ["picture-2", "picture-1"]
    await ann.press(question, "2")
    again = await ann.answer()
    await ann.say("/help")
    await ann.answer()
    query_id = await group.type()
    first, *others = (await group.offered(query_id))["results"]
    assert [one["id"] for one in others] == ["picture-2", "picture-1"]
    sent = await group.choose(query_id, first["id"])
    assert await sent.picture_bytes() == await again.picture_bytes()


async def test_for_words_it_offers_to_paint_and_the_picture_takes_the_place(inline: Talk) -> None:
    group = await strangers(inline)
    (first, *rest) = await offered(group, "a lighthouse")
    assert (first["title"], len(rest)) == ("Paint: a lighthouse", 2)
    assert await painted(group, "a lighthouse") == "On it: a lighthouse"
    placed = (await group.history())[-1]
    message = await shown(group, placed)
    assert number_of(await message.picture_bytes()) == 3
    assert inline.painter.calls[-1].wish == "a lighthouse"
    assert inline.painter.calls[-1].roles == ["user"]
    await group.press(message, "Again")
    await inline.painter.called(4)


async def test_it_goes_on_in_private(inline: Talk) -> None:
    group, ann = await strangers(inline), inline.telegram.ann
    await painted(group, "a lighthouse")
    message = await shown(group, (await group.history())[-1])
    await ann.say("/start " + message.buttons["Go on in private"].partition("start=")[2])
    assert (await ann.answer()).caption == "Here we go on with “a lighthouse”."


async def test_without_feedback_the_button_says_what_to_do_instead(talk: Talk) -> None:
    """Telegram then does not say what was chosen. Whoever runs the bot switches that on at @BotFather."""
    await with_pictures(talk, feedback=False)
    group = await strangers(talk)
    await painted(group, "a lighthouse")
    placed = (await group.history())[-1]
    await group.press(placed, "Is it ready?")
    await group.until(placed, "I did not learn what to paint.")
    assert len(talk.painter.calls) == 2


async def test_what_is_chosen_in_the_private_chat_is_no_wish(inline: Talk) -> None:
    """There the message reaches the bot like any other, as sent via the bot."""
    ann = inline.telegram.ann
    await painted(ann, "a lighthouse")
    placed = (await ann.history())[-1]
    await shown(ann, placed)
    assert [call.wish for call in inline.painter.calls] == ["a mill", "a tower", "a lighthouse"]


async def test_queries_are_not_stored(inline: Talk) -> None:
    group = await strangers(inline)
    await offered(group, "something secret")
    async with inline.store.database.connect() as connection:
        rows = await connection.exec_driver_sql("SELECT payload FROM inbox")
        assert not [row for row in rows if "secret" in row[0]]


async def test_people_who_are_not_served_are_offered_nothing(talk: Talk) -> None:
    talk.settings["allowed_users"] = str(ANN)
    await talk.telegram.modes(inline=True, feedback=True)
    await talk.restart()
    group = await strangers(talk)
    assert await offered(group.seen_by(BORIS), "a lighthouse") == []


async def test_two_messages_of_one_person_are_two_conversations(inline: Talk) -> None:
    """The chat is unknown, so nothing of one goes into the request of the other."""
    group = await strangers(inline)
    await painted(group, "a lighthouse")
    await shown(group, (await group.history())[-1])
    await painted(group, "now at night")
    await shown(group, (await group.history())[-1])
    assert inline.painter.calls[-1].roles == ["user"]
    assert await placeholder_count(group) == 2


async def placeholder_count(group: Chat) -> int:
    return len([one for one in await group.history() if "via_bot" in one.body])
