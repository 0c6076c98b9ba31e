"""Forums: the General topic, and replies that reach over topics, chats and parts of a message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.messages import Message
from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk

BOT = "@pentimento_bot"


@pytest.fixture
async def forum(talk: Talk) -> Chat:
    """Give a forum that Ann runs, greeted."""
    made = await talk.telegram.group(kind="supergroup", is_forum=True)
    await made.answer()
    return made


def external(text: str, message: Message, **more: Any) -> dict[str, Any]:
    """Give the raw fields of words for the bot in reply to a message of elsewhere."""
    command = f"/edit{BOT}"
    said = {"text": f"{command} {text}", "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}
    origin = {"type": "user", "sender_user": message.body["from"], "date": message.body["date"]}
    shown = {name: message.body[name] for name in ("photo", "document") if name in message.body}
    place = {"chat": message.body["chat"], "message_id": message.id}
    return {**said, "external_reply": {"origin": origin, **place, **shown}, **more}


async def test_the_general_topic_is_a_conversation_without_a_number(talk: Talk, forum: Chat) -> None:
    """Telegram marks its messages with no topic, and refuses answers that name one."""
    boats = await forum.open_topic("Boats")
    await boats.say(f"/edit{BOT} a boat")
    await forum.answer()
    await forum.say(f"/edit{BOT} a gull")
    answer = await forum.answer()
    assert answer.has_picture
    assert "message_thread_id" not in answer.body
    await forum.say("now white", reply_to=answer)
    await forum.answer()
    await forum.say("/undo")
    assert "message_thread_id" not in (await forum.answer()).body
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a gull", "Ann: now white"]
    assert [len(call.contents) for call in talk.painter.calls] == [1, 1, 3]
    sent = [
        call["params"] for call in await talk.telegram.calls() if str(call["params"].get("chat_id")) == str(forum.id)
    ]
    threads = {str(params.get("message_thread_id")) for params in sent}
    assert threads == {"None", str(boats.topic)}


async def test_a_reply_to_a_quoted_part_is_a_reply_to_the_whole(talk: Talk) -> None:
    """It branches off from the answer whose words are quoted, whatever came since."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.say("now blue", reply_to=first, quote="Painting")
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[2]
    assert call.wish == "now blue"
    assert [number_of(picture) for picture in call.all_pictures] == [1]


async def test_a_reply_to_a_picture_in_another_topic_brings_it_along(talk: Talk, forum: Chat) -> None:
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    photo = await boats.photo(plain(150))
    await gulls.say("", extra=external("make it red", photo))
    answer = await gulls.answer()
    assert answer.has_picture
    assert answer.body["message_thread_id"] == gulls.topic
    (call,) = talk.painter.calls
    assert call.wish == "Ann: make it red"
    assert [number_of(picture) for picture in call.pictures] == [150]


async def test_a_reply_to_an_answer_in_another_topic_brings_its_picture_and_not_its_history(
    talk: Talk, forum: Chat
) -> None:
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await boats.say(f"/edit{BOT} a boat")
    answer = await boats.answer()
    await gulls.say("", extra=external("with gulls", answer))
    assert (await gulls.answer()).has_picture
    call = talk.painter.calls[1]
    assert call.roles == ["user"]
    assert len(call.pictures) == 1


async def test_a_reply_to_a_picture_in_another_chat_works_with_a_quote_of_it(talk: Talk, forum: Chat) -> None:
    photo = await talk.telegram.boris.photo(plain(151), "our harbour")
    await talk.telegram.boris.answer()
    await forum.say("", extra=external("at night", photo, quote={"text": "harbour", "position": 4}))
    assert (await forum.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [151]


async def test_a_reply_to_words_of_elsewhere_is_an_ordinary_wish(talk: Talk, forum: Chat) -> None:
    said = await talk.telegram.boris.say("/help")
    await talk.telegram.boris.answer()
    await forum.say("", extra=external("a boat", said))
    assert (await forum.answer()).has_picture
    assert talk.painter.calls[0].wish == "Ann: a boat"
