"""A topic is deleted while the bot paints for it: its answer comes to the chat itself, once.

Telegram says "message thread not found" then (telegram-bot-api Client.cpp, check_message_topic), also of topics of
private chats (telegram-bot-api#847), or TOPIC_DELETED where it went while a file was on its way.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from storage.records import Key
from tests.support.painter import number_of, numbers, plain
from tests.support.people import Chat
from tests.support.talking import Talk


@pytest.fixture(autouse=True)
async def whole(talk: Talk) -> AsyncIterator[None]:
    """Check what each test leaves: the tree of the deleted topic and that of the chat."""
    yield
    assert [finding.text async for finding in talk.store.audit.tree()] == []


async def forum(talk: Talk) -> Chat:
    """Return a forum that the bot greeted."""
    forum = await talk.telegram.group(kind="supergroup", is_forum=True)
    await forum.answer()
    return forum


async def sends(talk: Talk, since: int) -> list[str]:
    """Return the messages that the bot tried to send."""
    calls = [call["method"] for call in (await talk.telegram.calls())[since:]]
    return [name for name in calls if name.startswith("send") and name not in ("sendChatAction", "sendMessageDraft")]


async def test_the_answer_for_a_deleted_topic_comes_to_general(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    gate = talk.painter.hold()
    await topic.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    before = len(await talk.telegram.calls())
    await topic.delete_topic()
    gate.set()
    word, boat = await general.answers(2)
    assert "topic" in word.text
    assert boat.has_picture
    assert "message_thread_id" not in boat.body
    assert await sends(talk, before) == ["sendPhoto", "sendMessage", "sendPhoto"]
    assert [record.getMessage() for record in caplog.records if record.levelno >= logging.WARNING] == []
    await general.say("warmer", reply_to=boat)
    warmer = await general.answer()
    assert warmer.has_picture
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]
    await general.press(boat, "Again")
    assert (await general.answer()).has_picture


async def test_what_was_painted_on_in_a_deleted_topic_goes_on_in_general(talk: Talk) -> None:
    """Its picture is the current one there; to repeat it takes the picture that it was made from."""
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    for wish in ("a boat", "a red boat"):
        await topic.say(f"/edit@pentimento_bot {wish}")
        await topic.answer()
    gate = talk.painter.hold()
    await topic.say("/edit@pentimento_bot warmer")
    await talk.painter.called(3)
    await topic.delete_topic()
    gate.set()
    _, warm = await general.answers(2)
    await general.press(warm, "Again")
    assert (await general.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [2]
    await general.say("/undo@pentimento_bot")
    assert "Back at the start" in (await general.answer()).text
    await general.say("/redo@pentimento_bot")
    assert (await general.answer()).has_picture
    await general.say("/edit@pentimento_bot brighter")
    assert (await general.answer()).has_picture
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]
    await talk.store.forgetting.conversation(Key(general.id, topic.topic or 0))
    await general.say("/again@pentimento_bot")
    assert (await general.answer()).has_picture


async def test_a_wish_about_its_own_photo_is_about_nothing_else_in_general(talk: Talk) -> None:
    """The picture that was current in the topic would be edited, too."""
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    await topic.say("/edit@pentimento_bot a boat")
    await topic.answer()
    gate = talk.painter.hold()
    await topic.photo(plain(150), "/edit@pentimento_bot make it blue")
    await talk.painter.called(2)
    await topic.delete_topic()
    gate.set()
    _, blue = await general.answers(2)
    await general.press(blue, "Again")
    assert (await general.answer()).has_picture
    assert numbers(talk.painter.calls[-1].pictures) == [150]


async def test_an_answer_from_a_deleted_topic_takes_nothing_from_those_who_paint_in_general(talk: Talk) -> None:
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    boat, cat = talk.painter.hold(), talk.painter.hold()
    await topic.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    await general.say("/edit@pentimento_bot a cat")
    await talk.painter.called(2)
    await topic.delete_topic()
    boat.set()
    assert "topic" in (await general.answer()).text
    cat.set()
    assert [answer.has_picture for answer in await general.answers(2)] == [True, True]
    await general.say("/edit@pentimento_bot warmer")
    assert (await general.answer()).has_picture
    assert "a cat" in str(talk.painter.calls[-1].contents[0])


async def test_the_answer_for_a_deleted_topic_of_a_private_chat_comes_to_the_chat(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.post("private-topics", {"as": ann.id, "on": True})
    boats = await ann.open_topic("Boats")
    gate = talk.painter.hold()
    await boats.say("a boat")
    await talk.painter.called(1)
    await boats.delete_topic()
    gate.set()
    word, boat = await ann.answers(2)
    assert "topic" in word.text
    assert boat.has_picture
    await ann.silence()


async def test_what_waits_for_a_deleted_topic_is_brought_to_the_chat_too(talk: Talk) -> None:
    """Two wishes, the second one still in line; and a model that refuses is a word like any other."""
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    gate = talk.painter.hold()
    talk.painter.will({"promptFeedback": {"blockReason": "SAFETY"}})
    await topic.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    await topic.say("/edit@pentimento_bot a red boat")
    await topic.delete_topic()
    gate.set()
    _, boat, _, refused = await general.answers(4)
    assert boat.has_picture
    assert not refused.has_picture
    await general.silence()


async def test_versions_for_a_deleted_topic_come_as_one_album(talk: Talk) -> None:
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    gate = talk.painter.hold()
    await topic.say("/x2@pentimento_bot a boat")
    await talk.painter.called(2)
    await topic.delete_topic()
    gate.set()
    _, first, second, choice = await general.answers(4)
    assert first.has_picture
    assert second.has_picture
    await general.press(choice, "2")
    assert (await general.answer()).has_picture


async def test_a_deletion_during_the_upload_sends_the_picture_on_as_well(talk: Talk) -> None:
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    await talk.telegram.fault("sendPhoto", status=400, description="Bad Request: TOPIC_DELETED", times=1)
    await topic.say("/edit@pentimento_bot a boat")
    _, boat = await general.answers(2)
    assert boat.has_picture


async def test_a_word_for_a_deleted_topic_is_missed_quietly(talk: Talk) -> None:
    """Help that was asked for in the deleted topic is not sent to General: nobody waits for it there."""
    general = await forum(talk)
    topic = await general.open_topic("Boats")
    gate = talk.painter.hold()
    await topic.say("/edit@pentimento_bot a boat")
    await talk.painter.called(1)
    await topic.say("/help@pentimento_bot")
    await topic.delete_topic()
    gate.set()
    assert len(await general.answers(2)) == 2
    await general.silence()
