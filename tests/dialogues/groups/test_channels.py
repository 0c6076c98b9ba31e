"""Channels, where everybody reads what a bot says, so that it says nothing; and the groups that discuss them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, CHEN, Chat
from tests.support.talking import Talk, talking

BOT = "@pentimento_bot"


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a supergroup in which the bot reads everything, greeted."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    made = await talk.telegram.group(kind="supergroup")
    await made.answer()
    return made


async def said_to(talk: Talk, channel: Chat) -> list[str]:
    """Return the bot's calls for a channel, except those that only read."""
    calls = await talk.telegram.calls()
    names = [call["method"] for call in calls if str(call["params"].get("chat_id")) == str(channel.id)]
    return [name for name in names if not name.startswith("get")]


async def left(talk: Talk, channel: Chat) -> None:
    """Wait until the bot is in a channel no more."""

    async def look() -> bool | None:
        chats = (await talk.telegram.state())["chats"]
        return True if [chat for chat in chats if chat["id"] == channel.id and not chat["bot_is_member"]] else None

    await talk.telegram.wait_for(look, 10, "the bot stayed")


async def test_a_channel_is_left_without_a_word(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    """It enters as an admin who may post, and all readers would see its posts."""
    caplog.set_level("INFO")
    channel = await talk.telegram.channel()
    await channel.say(f"{BOT} a boat")
    await channel.say(f"/start{BOT}")
    await left(talk, channel)
    await channel.silence()
    assert await said_to(talk, channel) == ["leaveChat"]
    assert len([line for line in caplog.messages if f"channel {channel.id}" in line]) == 1
    await talk.telegram.ann.say("a gull")
    assert (await talk.telegram.ann.answer()).has_picture


async def test_a_channel_that_is_not_among_the_served_chats_hears_nothing_either(tmp_path: Path) -> None:
    async with talking(tmp_path, allowed_chats={-1}) as talk:
        channel = await talk.telegram.channel()
        await left(talk, channel)
        await channel.silence()
        assert await said_to(talk, channel) == ["leaveChat"]


@pytest.mark.parametrize("status", [400, 403])
async def test_a_channel_that_cannot_be_left_hears_nothing(talk: Talk, status: int) -> None:
    await talk.telegram.fault("leaveChat", status=status)
    channel = await talk.telegram.channel()
    await talk.telegram.fault_met()
    await talk.telegram.ann.say("a gull")
    await talk.telegram.ann.answer()
    await channel.silence()
    assert await said_to(talk, channel) == ["leaveChat"]


async def test_news_of_a_channel_that_cannot_be_read_are_for_the_log_alone(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    async with talking(tmp_path, owner_ids={BORIS}) as talk:
        await talk.telegram.boris.say("/help")
        await talk.telegram.boris.answer()
        channel = await talk.telegram.channel(bot=False)
        chat = {"id": channel.id, "type": "channel", "title": "Harbour News"}
        await talk.telegram.update({"my_chat_member": {"chat": chat, "from": {"id": "nobody"}, "date": 1}})
        await talk.telegram.boris.say("/privacy")
        assert "What I keep" in (await talk.telegram.boris.answer()).text
        await channel.silence()
        assert "cannot be read, nor is it for the bot" in caplog.text
        assert await said_to(talk, channel) == []


async def test_a_channel_that_owns_the_bot_reads_no_alarms(tmp_path: Path) -> None:
    """An owner's number may be that of a chat: an anonymous admin or a channel speaks by it."""
    async with talking(tmp_path, owner_ids={BORIS}) as talk:
        await talk.telegram.boris.say("/help")
        await talk.telegram.boris.answer()
        channel = await talk.telegram.channel(bot=False)
        await talk.stop()
        talk.settings["owner_ids"] = {BORIS, channel.id}
        await channel.add("bot")
        await talk.telegram.fault("leaveChat", status=400)
        await talk.start()
        await talk.telegram.fault_met()
        await talk.telegram.update({"message": {"chat": {"id": ANN, "type": "private"}, "date": "never"}})
        assert "set aside" in (await talk.telegram.boris.answer()).text
        await channel.silence()
        assert await said_to(talk, channel) == ["leaveChat"]


async def test_what_people_write_to_a_channel_is_for_its_admins(talk: Talk) -> None:
    """Its direct messages come as those of a supergroup (Bot API, Chat.is_direct_messages)."""
    await talk.telegram.fault("leaveChat", status=400)
    channel = await talk.telegram.channel()
    await talk.telegram.fault_met()
    chat = (await channel.act("direct-messages"))["id"]
    direct = Chat(talk.telegram, BORIS, chat)
    await direct.say(f"{BOT} a boat")
    await direct.say("/start")
    await direct.photo(plain(150), f"{BOT} make it red")
    await talk.telegram.ann.say("a gull")
    await talk.telegram.ann.answer()
    await direct.silence()
    assert await said_to(talk, direct) == []
    assert len(talk.painter.calls) == 1


async def test_comments_below_a_post_are_answered_in_the_group(talk: Talk, group: Chat) -> None:
    """The post is its first message: the photo in it is what a comment speaks of, and its author is not the bot."""
    channel = await talk.telegram.channel(bot=False)
    await channel.act("link", group_id=group.id)
    await channel.photo(plain(150), "our new boat")
    post = (await group.history())[-1]
    await group.seen_by(CHEN).say("how pretty!", thread=post.id)
    comment = await group.seen_by(BORIS).say(f"{BOT} make it red", thread=post.id)
    answer = await group.answer()
    assert answer.reply_to == comment.id
    (call,) = talk.painter.calls
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == ("Boris: make it red", [150])
    await group.silence()


async def test_what_is_written_below_the_bots_picture_is_said_to_it(talk: Talk, group: Chat) -> None:
    """Clients send it as a reply to the picture. The bot ignores what people tell each other there."""
    await group.say(f"{BOT} a boat")
    answer = await group.answer()
    other = await group.seen_by(CHEN).say("now red", thread=answer.id)
    assert (await group.answer()).has_picture
    await group.seen_by(BORIS).say("I liked it blue", reply_to=other)
    await group.silence()
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat", "Chen: now red"]


async def test_below_the_bots_picture_a_reply_to_somebody_elsewhere_is_not_said_to_the_bot(
    talk: Talk, group: Chat
) -> None:
    """Telegram shows the picture, too, because the thread begins with it."""
    await group.say(f"{BOT} a boat")
    answer = await group.answer()
    chen = {"type": "user", "sender_user": {"id": CHEN, "is_bot": False, "first_name": "Chen"}, "date": 1}
    await group.say("", thread=answer.id, extra={"text": "he said it first", "external_reply": {"origin": chen}})
    await group.silence()
    assert len(talk.painter.calls) == 1
