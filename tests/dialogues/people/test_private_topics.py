"""Topics in private chats (Bot API, User.has_topics_enabled): each is a conversation, and /new may open one."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.texts import languages, say
from storage.records import Key
from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk, painted, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot whose account has topics, and whose operator wants one for each new start."""
    async with talking(tmp_path, new_opens_topic=True) as talk:
        await talk.telegram.post("private-topics", {"as": talk.telegram.ann.id, "on": True})
        await talk.restart()
        yield talk


async def newest_topic(talk: Talk, chat: Chat) -> Chat:
    """Return the topic that was opened last."""
    chats = (await talk.telegram.state(chat.person_id))["chats"]
    topics = next(one["topics"] for one in chats if one["id"] == chat.id)
    return chat.in_topic(topics[-1]["id"])


async def test_each_topic_is_a_conversation(talk: Talk) -> None:
    ann = talk.telegram.ann
    boats, hats = await ann.open_topic("Boats"), await ann.open_topic("Hats")
    await painted(boats, "a boat")
    await painted(hats, "a hat")
    await painted(boats, "now red")
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]
    await hats.say("/undo")
    assert "Back at the start" in (await hats.answer()).text
    await painted(boats, "bigger")
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures][-1] == 3


async def test_a_photo_waits_in_its_own_topic(talk: Talk) -> None:
    ann = talk.telegram.ann
    boats, hats = await ann.open_topic("Boats"), await ann.open_topic("Hats")
    await boats.photo(plain(150))
    await boats.answer()
    await painted(hats, "a hat")
    assert talk.painter.calls[-1].all_pictures == []
    await painted(boats, "make it warmer")
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [150]


async def test_settings_and_forgetting_belong_to_one_topic(talk: Talk) -> None:
    ann = talk.telegram.ann
    boats, hats = await ann.open_topic("Boats"), await ann.open_topic("Hats")
    await boats.say("/ratio 16:9")
    await boats.answer()
    await painted(hats, "a hat")
    await painted(boats, "a boat")
    shapes = [call.body["generationConfig"].get("imageConfig") for call in talk.painter.calls]
    assert shapes == [None, {"aspectRatio": "16:9"}]


async def test_new_opens_a_topic_and_the_next_words_go_on_there(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await ann.say("/new")
    told, fresh = await ann.answers(2)
    topic = await newest_topic(talk, ann)
    assert (told.text, told.body.get("message_thread_id")) == (
        "✨ We go on in a topic of its own: “New picture”.",
        None,
    )
    assert fresh.body["message_thread_id"] == topic.topic
    topic._given.add(fresh.id)
    await painted(topic, "a hat")
    assert talk.painter.calls[-1].all_pictures == []
    topic_given = {message.id for message in await topic.history()}
    ann._given |= topic_given
    # The old place goes on where it was.
    await painted(ann, "now red")
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


async def test_new_with_a_wish_paints_it_in_a_topic_named_after_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 16:9")
    await ann.answer()
    await ann.say("/new a hat with feathers")
    told, answer = await ann.answers(2)
    assert told.text == "✨ We go on in a topic of its own: “a hat with feathers”."
    topic = await newest_topic(talk, ann)
    assert answer.has_picture
    assert answer.body["message_thread_id"] == topic.topic
    assert talk.painter.calls[0].body["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9"}
    conversation = await talk.store.conversations.open(Key(ann.id, topic.topic or 0))
    assert conversation.head_id is not None


async def test_a_topic_that_cannot_be_opened_is_no_reason_not_to_start_over(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    await talk.telegram.fault("createForumTopic", status=400, description="Bad Request: TOPICS_TOO_MUCH", times=2)
    await ann.say("/new")
    assert "Fresh start" in (await ann.answer()).text
    await ann.say("/new a hat")
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[-1].all_pictures == []


async def test_a_topic_is_opened_once_though_the_process_ends_before_its_update_does(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("sendMessage", delay_s=30)
    await ann.say("/new a hat")
    await talk.telegram.fault_met()
    talk.stop_grace_s = 0
    await talk.restart()
    assert (await ann.answers(2))[-1].has_picture
    assert len(await talk.telegram.calls("createForumTopic")) == 1
    assert len(talk.painter.calls) == 1


async def test_by_default_new_stays_where_it_is(tmp_path: Path) -> None:
    async with talking(tmp_path) as talk:
        ann = talk.telegram.ann
        await talk.telegram.post("private-topics", {"as": ann.id, "on": True})
        await talk.restart()
        await ann.say("/new a hat")
        assert (await ann.answer()).has_picture
        assert await talk.telegram.calls("createForumTopic") == []


@pytest.mark.parametrize("language", languages())
async def test_the_topic_is_announced_in_each_language(talk: Talk, language: str) -> None:
    person = await talk.telegram.newcomer("Kim", language_code=language)
    await person.say("/new")
    told, fresh = await person.answers(2)
    assert told.text == say(language, "topic-opened", name=say(language, "topic-name"))
    assert fresh.text == say(language, "fresh")
