"""Telegram refuses a message, or the chat is gone: this is no fault of the bot, and alarms nobody.

Texts and codes are those of tdlib/telegram-bot-api, tdlib/td and core.telegram.org/method/messages.sendMedia;
``bot/chat/send/refusals.py`` gives the source of each.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator

import pytest

from tests.support.messages import Message
from tests.support.painter import answered, picture_part, plain
from tests.support.people import Chat
from tests.support.talking import Talk

CODES = ["CHAT_WRITE_FORBIDDEN", "CHAT_RESTRICTED", "CHAT_GUEST_SEND_FORBIDDEN", "USER_BANNED_IN_CHANNEL"]
CODES += ["CHAT_ADMIN_REQUIRED", "CHAT_SEND_PLAIN_FORBIDDEN", "TOPIC_CLOSED", "ALLOW_PAYMENT_REQUIRED_10"]
BARRED = [f"Bad Request: {code}" for code in CODES] + [
    "Bad Request: have no write access to the chat",
    "Bad Request: not enough rights to send text messages to the chat",
    "Bad Request: need administrator rights in the channel chat",
    "Forbidden: CHAT_WRITE_FORBIDDEN",
]
GONE = [f"Bad Request: {code}" for code in ("CHANNEL_PRIVATE", "CHANNEL_INVALID", "CHAT_ID_INVALID", "PEER_ID_INVALID")]
GONE += ["Bad Request: chat not found", "Bad Request: can't access the chat", "Forbidden: the group chat was deleted"]
OF_TOPIC = ["Bad Request: message thread not found", "Bad Request: TOPIC_DELETED"]


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group that the bot greeted."""
    return await talk.telegram.group()


@pytest.fixture
async def greeting(group: Chat) -> Message:
    """Return the greeting; a reply to it is meant for the bot."""
    return await group.answer()


@pytest.fixture
async def quietly(talk: Talk, caplog: pytest.LogCaptureFixture) -> AsyncIterator[None]:
    """Check at the end that nobody was alarmed: no message to the owner, no error and no warning in the log."""
    yield
    await talk.telegram.boris.silence(for_s=0.1)
    loud = [record for record in caplog.records if record.levelno >= logging.WARNING or record.exc_info]
    assert [record.getMessage() for record in loud] == []


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("said", [*BARRED, *GONE, *OF_TOPIC])
async def test_what_can_not_be_said_there_is_tried_once(talk: Talk, group: Chat, greeting: Message, said: str) -> None:
    """Neither the answer nor a word about it; it is kept, and others are served."""
    for method in ("sendPhoto", "sendDocument", "sendMessage"):
        status = 403 if said.startswith("Forbidden") else 400
        await talk.telegram.fault(method, status=status, description=said, chat_id=group.id, times=-1)
    await group.say("a boat", reply_to=greeting)
    await talk.painter.called(1)
    await _idle(talk)
    await group.say("/help@pentimento_bot")
    await _idle(talk)
    sent = [call["method"] for call in await talk.telegram.calls() if call["params"].get("chat_id") == str(group.id)]
    assert [sent.count("sendPhoto"), sent.count("sendMessage") <= 3] == [1, True]
    chat = await talk.store.chats.find(group.id)
    assert chat is not None
    assert chat.active is (said not in GONE)
    await talk.telegram.ann.say("a gull")
    assert (await talk.telegram.ann.answer()).has_picture
    await talk.telegram.http.delete("/sandbox/faults")
    await group.say("/file@pentimento_bot")
    assert await (await group.answer()).document_bytes() == plain(1)


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("by_code", [False, True])
async def test_a_photo_that_may_not_be_sent_comes_as_a_file_and_else_in_words(
    talk: Talk, group: Chat, greeting: Message, *, by_code: bool
) -> None:
    """TDLib refuses by a sentence; where it does not know yet that the right is gone, the server does by a code."""
    allowed = dict.fromkeys(("send_messages", "send_photos", "send_documents", "send_other_messages"), True)
    await group.rights(bot_can=allowed | {"send_photos": False}, by_code=by_code)
    await group.say("a boat", reply_to=greeting)
    boat = await group.answer()
    assert await boat.document_bytes() == plain(1)
    assert "Again" in str(boat.buttons)
    await group.rights(bot_can=allowed | {"send_photos": False, "send_documents": False}, by_code=by_code)
    await group.say("now red", reply_to=boat)
    assert "not allowed to send photos or files" in (await group.answer()).text
    await group.say("/export@pentimento_bot")
    assert "not allowed to send files" in (await group.answer()).text
    await group.say("/tree@pentimento_bot")
    assert "not allowed to send photos or files" in (await group.answer()).text


@pytest.mark.usefixtures("quietly")
@pytest.mark.parametrize("by_code", [False, True])
async def test_an_album_that_may_not_be_sent_comes_as_files(
    talk: Talk, group: Chat, greeting: Message, *, by_code: bool
) -> None:
    allowed = dict.fromkeys(("send_messages", "send_photos", "send_documents", "send_other_messages"), True)
    await group.rights(bot_can=allowed | {"send_photos": False}, by_code=by_code)
    talk.painter.will(answered([picture_part(plain(7)), picture_part(plain(8))]))
    await group.say("two boats", reply_to=greeting)
    first, second, _ = await group.answers(3)
    assert [await first.document_bytes(), await second.document_bytes()] == [plain(7), plain(8)]
    assert await talk.telegram.calls("sendPhoto") == []


async def _idle(talk: Talk) -> None:
    """Wait until no conversation has anything to do."""
    async with asyncio.timeout(10):
        while await talk.store.inbox.keys() or await talk.store.conversations.unfinished_keys():
            await talk.telegram.get("wait?timeout_s=0.05")
