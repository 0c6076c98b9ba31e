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
    """Return a forum that Ann runs, greeted; the bot reads everything there."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    made = await talk.telegram.group(kind="supergroup", is_forum=True)
    await made.answer()
    return made


def external(text: str, message: Message, **more: Any) -> dict[str, Any]:
    """Return the raw fields of words for the bot in reply to a message of elsewhere."""
    command = f"/edit{BOT}"
    said = {"text": f"{command} {text}", "entities": [{"type": "bot_command", "offset": 0, "length": len(command)}]}
    origin = {"type": "user", "sender_user": message.body["from"], "date": message.body["date"]}
    shown = {name: message.body[name] for name in ("photo", "document") if name in message.body}
    place = {"chat": message.body["chat"], "message_id": message.id}
    return {**said, "external_reply": {"origin": origin, **place, **shown}, **more}


async def test_the_general_topic_is_a_conversation_without_a_number(talk: Talk, forum: Chat) -> None:
    """Telegram marks its messages with no topic, and refuses answers that name one.

    Replies there have the number of the message with which they began, which is no topic either (telegram-bot-api#447).
    """
    boats = await forum.open_topic("Boats")
    await boats.say(f"/edit{BOT} a boat")
    await forum.answer()
    await forum.say(f"/edit{BOT} a gull")
    answer = await forum.answer()
    assert answer.has_picture
    assert "is_topic_message" not in answer.body
    await forum.say("now white", reply_to=answer)
    await forum.answer()
    await forum.say("/undo")
    assert "is_topic_message" not in (await forum.answer()).body
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Ann: a gull", "Ann: now white"]
    assert [len(call.contents) for call in talk.painter.calls] == [1, 1, 3]
    sent = [
        call["params"] for call in await talk.telegram.calls() if str(call["params"].get("chat_id")) == str(forum.id)
    ]
    threads = {str(params.get("message_thread_id")) for params in sent}
    assert threads == {"None", str(boats.topic)}


async def test_a_reply_to_a_quoted_part_is_a_reply_to_the_whole(talk: Talk) -> None:
    """It branches off from the answer whose words are quoted, even if newer ones exist, and sends the quoted words."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    first = await ann.answer()
    await ann.say("now red")
    await ann.answer()
    await ann.say("now blue", reply_to=first, quote="Painting")
    assert (await ann.answer()).has_picture
    call = talk.painter.calls[2]
    assert call.wish == "You wrote: “Painting”\nnow blue"
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
    """The picture as it was painted, and not what Telegram made of it; in supergroups replies name what they quote."""
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await boats.say(f"/edit{BOT} a boat")
    answer = await boats.answer()
    await gulls.say("", extra=external("with gulls", answer))
    assert (await gulls.answer()).has_picture
    call = talk.painter.calls[1]
    assert call.roles == ["user"]
    assert call.pictures == [plain(1)]
    assert await talk.telegram.calls("getFile") == []
    await boats.say(f"{BOT} now red")
    await boats.answer()
    assert [len(one.contents) for one in talk.painter.calls] == [1, 1, 3]


async def test_an_answer_of_another_topic_can_be_saved_here(talk: Talk, forum: Chat) -> None:
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await boats.say(f"{BOT} a boat")
    answer = await boats.answer()
    saving = f"/save{BOT} ship"
    command = [{"type": "bot_command", "offset": 0, "length": len(f"/save{BOT}")}]
    await gulls.say("", extra=external("", answer) | {"text": saving, "entities": command})
    assert "@ship" in (await gulls.answer()).text
    await gulls.say(f"{BOT} paint @ship")
    await gulls.answer()
    assert talk.painter.calls[1].pictures == [plain(1)]


async def test_a_reply_to_the_bot_in_another_topic_needs_no_mention(talk: Talk, forum: Chat) -> None:
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await boats.say(f"{BOT} a boat")
    answer = await boats.answer()
    await gulls.say("", extra=external("", answer) | {"text": "with gulls", "entities": []})
    assert (await gulls.answer()).has_picture
    assert talk.painter.calls[1].wish == "Ann: with gulls"


async def test_a_command_of_a_topic_speaks_of_nobody_who_opened_it(talk: Talk, forum: Chat) -> None:
    """Each message there comes as a reply to the one that opened it, which Ann sent."""
    boats = await forum.open_topic("Boats")
    await boats.say("/allow")
    assert "Everybody in this group may use me." in (await boats.answer()).text


async def test_a_button_of_a_deleted_message_says_nothing_in_the_wrong_topic(talk: Talk, forum: Chat) -> None:
    """Telegram then names the chat of the message, but not its topic (Bot API, InaccessibleMessage)."""
    boats = await forum.open_topic("Boats")
    await forum.say(f"{BOT} a gull")
    gull = await forum.answer()
    await boats.say(f"{BOT} a boat")
    boat = await boats.answer()
    await boats.say("/forget")
    asked = await boats.answer()
    await forum.delete(boat)
    await forum.delete(asked)
    for message, button in ((boat, "again:2"), (asked, "forget-conversation:"), (asked, "settings:")):
        await (await boats.press_data(message, button)).answered()
    await forum.silence()
    await forum.say("now white", reply_to=gull)
    assert (await forum.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["Ann: a gull", "Ann: a boat", "Ann: now white"]
    await forum.delete(gull)
    await forum.press_data(gull, "again:1")
    assert (await forum.answer()).has_picture


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


async def test_topics_of_a_private_chat_are_conversations_of_their_own(talk: Talk) -> None:
    """Where a bot has them (Bot API, User.has_topics_enabled), its answers, drafts and buttons stay in the topic."""
    await talk.telegram.post("private-topics", {"as": talk.telegram.ann.id, "on": True})
    boats = await talk.telegram.ann.open_topic("Boats")
    gulls = await talk.telegram.ann.open_topic("Gulls")
    await boats.say("a boat")
    boat = await boats.answer()
    await gulls.say("a gull")
    await gulls.answer()
    await boats.say("now red")
    await boats.answer()
    await boats.press(boat, "Again")
    assert (await boats.answer()).has_picture
    await gulls.say("/undo")
    assert "Back at the start" in (await gulls.answer()).text
    assert [len(call.contents) for call in talk.painter.calls] == [1, 1, 3, 1]
