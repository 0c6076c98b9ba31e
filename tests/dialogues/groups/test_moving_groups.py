"""A group becomes a supergroup: its conversation continues there, and no message is mistaken for another one.

Message ids start again in the supergroup, so there a small number belongs to a different message than in the group.
"""

from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import text

from storage.records import BEFORE_MOVE, Key
from storage.tables.chats import IDS_MOVED
from tests.support.messages import Message
from tests.support.painter import number_of, plain
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group that the bot has greeted."""
    return await talk.telegram.group()


@pytest.fixture
async def greeting(group: Chat) -> Message:
    """Return the greeting; a reply to it is meant for the bot in every privacy mode."""
    return await group.answer()


async def chatter(group: Chat) -> None:
    """Let people talk among themselves, until each id that the old group had is somebody's message here."""
    for number in range(12):
        await group.seen_by(BORIS).say(f"chat {number}")


async def test_an_old_wish_made_again_answers_the_command_and_no_stranger(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    await group.say("a boat", reply_to=greeting)
    await group.answer()
    upgraded = await group.upgrade()
    await chatter(upgraded)
    asked = await upgraded.say("/again@pentimento_bot")
    again = await upgraded.answer()
    assert (again.has_picture, again.reply_to) == (True, asked.id)


async def test_an_old_wish_made_again_by_a_button_quotes_nobody(talk: Talk, group: Chat, greeting: Message) -> None:
    for wish in ("a boat", "now red"):
        await group.say(wish, reply_to=greeting)
        await group.answer()
    upgraded = await group.upgrade()
    await chatter(upgraded)
    await upgraded.say("/undo@pentimento_bot")
    await upgraded.press(await upgraded.answer(), "Again")
    again = await upgraded.answer()
    assert (again.has_picture, again.reply_to) == (True, None)


async def test_a_wish_of_a_group_that_an_earlier_version_moved_quotes_nobody(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    """An earlier version kept the ids of wishes when a group moved. Now each is the id of a stranger's message."""
    for wish in ("a boat", "now red"):
        await group.say(wish, reply_to=greeting)
        await group.answer()
    upgraded = await group.upgrade()
    await chatter(upgraded)
    await _told_all(talk)
    await talk.store.chats.choose(group.id, IDS_MOVED, None)
    async with talk.store.database.begin() as connection:
        await connection.execute(text("DELETE FROM messages WHERE message_id < 0"))
        back = "UPDATE turns SET request_message_id = request_message_id - :moved WHERE request_message_id < 0"
        await connection.execute(text(back), {"moved": BEFORE_MOVE})
    await talk.restart()
    await upgraded.say("/undo@pentimento_bot")
    await upgraded.press(await upgraded.answer(), "Again")
    again = await upgraded.answer()
    assert (again.has_picture, again.reply_to) == (True, None)


async def test_what_is_painted_while_the_group_moves_quotes_nobody(talk: Talk, group: Chat, greeting: Message) -> None:
    gate = talk.painter.hold()
    await group.say("a boat", reply_to=greeting)
    await talk.painter.called(1)
    upgraded = await group.upgrade()
    await chatter(upgraded)
    gate.set()
    painted = await upgraded.answer()
    assert (painted.has_picture, painted.reply_to) == (True, None)


async def test_what_waits_while_the_group_moves_is_done_in_the_supergroup(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    """In order, once, and not as a reply to somebody; the picture that was sent meanwhile is used, too."""
    gate = talk.painter.hold()
    await group.say("a boat", reply_to=greeting)
    await talk.painter.called(1)
    await group.say("/help@pentimento_bot")
    await group.photo(plain(150), "like this one", reply_to=greeting)
    upgraded = await group.upgrade()
    await chatter(upgraded)
    gate.set()
    boat, told, second = await upgraded.answers(3)
    assert [boat.reply_to, told.reply_to, second.reply_to] == [None, None, None]
    assert (boat.has_picture, "How it works" in told.text, second.has_picture) == (True, True, True)
    await upgraded.silence()
    assert [number_of(picture) for picture in talk.painter.calls[1].pictures] == [150]
    assert len(await talk.telegram.calls("sendMessage")) < 10
    chat = await talk.store.chats.find(upgraded.id)
    assert chat is not None
    assert chat.active
    await upgraded.say("now red", reply_to=second)
    assert (await upgraded.answer()).has_picture
    assert talk.painter.calls[2].roles == ["user", "model", "user", "model", "user"]


async def test_a_reply_that_waits_while_the_group_moves_finds_its_picture(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    await group.say("a boat", reply_to=greeting)
    boat = await group.answer()
    await group.say("a gull", reply_to=greeting)
    await group.answer()
    gate = talk.painter.hold()
    await group.say("a house", reply_to=greeting)
    await talk.painter.called(3)
    await group.say("now red", reply_to=boat)
    upgraded = await group.upgrade()
    gate.set()
    await upgraded.answers(2)
    assert [number_of(picture) for picture in talk.painter.calls[3].all_pictures] == [1]


async def test_an_album_that_waits_while_the_group_moves_stays_whole_and_in_order(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    gate = talk.painter.hold()
    await group.say("a boat", reply_to=greeting)
    await talk.painter.called(1)
    await group.album([plain(150), plain(151), plain(152)], "as one", reply_to=greeting)
    upgraded = await group.upgrade()
    gate.set()
    await upgraded.answers(2)
    assert [number_of(picture) for picture in talk.painter.calls[1].pictures] == [150, 151, 152]
    assert len(talk.painter.calls) == 2


async def test_a_picture_that_waits_for_words_waits_on_in_the_supergroup(
    talk: Talk, group: Chat, greeting: Message
) -> None:
    await group.photo(plain(150), reply_to=greeting)
    assert "What should I do" in (await group.answer()).text
    upgraded = await group.upgrade()
    await chatter(upgraded)
    hello = await _something_of_the_bot(upgraded)
    await upgraded.say("make it black and white", reply_to=hello)
    await upgraded.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_stranger_is_not_taken_for_an_old_picture(talk: Talk, group: Chat, greeting: Message) -> None:
    """Somebody's message in the supergroup has the number that the bot's picture had in the group."""
    await group.say("a boat", reply_to=greeting)
    boat = await group.answer()
    upgraded = await group.upgrade()
    await chatter(upgraded)
    stranger = next(said for said in await upgraded.history() if said.id == boat.id)
    assert await talk.store.messages.find(upgraded.id, stranger.id) is None
    await upgraded.say("/undo@pentimento_bot", reply_to=stranger)
    assert "neither an answer of mine" in (await upgraded.answer()).text


ORDERS = [
    ["migrate_to", "my_chat_member", "migrate_from"],
    ["migrate_to", "migrate_from", "my_chat_member"],
    ["migrate_from", "migrate_to", "my_chat_member"],
    ["my_chat_member", "migrate_from", "migrate_to"],
    ["my_chat_member", "migrate_to", "migrate_from"],
]


@pytest.mark.parametrize("gap_s", [0.0, 0.4])
@pytest.mark.parametrize("order", ORDERS)
async def test_the_news_of_a_move_may_come_in_any_order_and_one_by_one(
    talk: Talk, group: Chat, greeting: Message, order: list[str], gap_s: float
) -> None:
    """The order of the three updates is not promised: telegram-bot-api#266, telebot#187."""
    await group.say("a boat", reply_to=greeting)
    await group.answer()
    gate = talk.painter.hold()
    await group.say("now red", reply_to=greeting)
    await talk.painter.called(2)
    upgraded = await group.upgrade(order=order, gap_s=gap_s)
    gate.set()
    red = await upgraded.answer()
    while not red.has_picture:
        red = await upgraded.answer()
    assert red.reply_to is None
    await _told_all(talk)
    await upgraded.say("with a gull", reply_to=red)
    gull = await upgraded.answer()
    while not gull.has_picture:
        gull = await upgraded.answer()
    assert talk.painter.calls[2].roles == ["user", "model", "user", "model", "user"]
    assert (await talk.store.conversations.open(Key(group.id, 0))).head_id is None


async def _told_all(talk: Talk) -> None:
    """Wait until the bot has heard and done everything."""
    async with asyncio.timeout(10):
        # What the bot waits for by itself, such as the rest of an album, is over by then.
        await asyncio.sleep(1.0)
        while await talk.telegram.queue() or await talk.store.inbox.keys():
            await talk.telegram.get("wait?timeout_s=0.05")


async def _something_of_the_bot(group: Chat) -> Message:
    await group.say("/privacy@pentimento_bot")
    return await group.answer()


@pytest.mark.parametrize("how", [{}, {"gap_s": 0.3}], ids=["at once", "a moment later"])
async def test_a_group_that_moves_before_the_bot_has_looked_is_greeted_once(
    talk: Talk, how: dict[str, float], caplog: pytest.LogCaptureFixture
) -> None:
    """The update says that the bot joined the old group, to which nothing can be sent any more."""
    await talk.stop()
    group = await talk.telegram.group(bot_admin=True)
    upgraded = await group.upgrade(**how)
    await talk.start()
    assert "paint" in (await upgraded.answer()).text

    async def look() -> bool | None:
        return True if not await talk.store.inbox.count_open() else None

    await talk.telegram.wait_for(look, 10, "news of the move still waits")
    await upgraded.silence()
    assert [record.getMessage() for record in caplog.records if "could not be handled" in record.getMessage()] == []
