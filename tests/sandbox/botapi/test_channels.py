"""Channels, senders that are chats, threads, topics in private, hidden members: as Telegram's server shows them.

Facts are of telegram-bot-api 10.0 (Client.cpp) and tdlib, named where each is tested.
"""

from __future__ import annotations

from typing import Any

import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.people import ANN, BORIS, CHEN, Chat, Refused, Telegram


@pytest.fixture
async def channel(telegram: Telegram, bot: PlainBot) -> Chat:
    """Return a channel of Ann's with the bot as an admin; the bot has read that it is one."""
    made = await telegram.channel()
    await bot.updates()
    return made


@pytest.fixture
async def group(telegram: Telegram, bot: PlainBot) -> Chat:
    """Return a supergroup in which the bot reads everything, and has read the beginnings."""
    await telegram.privacy(on=False)
    made = await telegram.group(kind="supergroup")
    await bot.updates()
    return made


async def discussed(channel: Chat, group: Chat) -> None:
    await channel.act("link", group_id=group.id)


async def last(bot: PlainBot) -> dict[str, Any]:
    """Return what the newest update holds."""
    update = (await bot.updates())[-1]
    return dict(next(body for kind, body in update.items() if kind != "update_id"))


async def test_a_bot_enters_a_channel_as_an_admin_who_may_post(telegram: Telegram, bot: PlainBot) -> None:
    """No message announces it (Client.cpp, need_skip_update_message and add_update_chat_member)."""
    channel = await telegram.channel("Harbour News")
    (update,) = await bot.updates()
    change = update["my_chat_member"]
    assert change["chat"] == {"id": channel.id, "type": "channel", "title": "Harbour News"}
    assert channel.id < -1_000_000_000_000
    member = change["new_chat_member"]
    assert (change["old_chat_member"]["status"], member["status"]) == ("left", "administrator")
    assert member["can_post_messages"] is True
    assert (await bot.say(channel.id, "hello, readers"))["sender_chat"]["id"] == channel.id


async def test_posts_reach_bots_that_asked_for_them_and_have_no_author(channel: Chat, bot: PlainBot) -> None:
    """Bot API, Message.from: "may be empty for messages sent to channels"; sender_chat is the channel itself."""
    await bot("getUpdates", allowed_updates=["message", "my_chat_member"])
    await channel.say("@pentimento_bot a boat")
    assert await bot.updates() == []
    await bot("getUpdates", allowed_updates=["channel_post"])
    await channel.say("@pentimento_bot a gull")
    (update,) = await bot.updates()
    post = update["channel_post"]
    assert (post["text"], post["sender_chat"]["id"]) == ("@pentimento_bot a gull", channel.id)
    assert "from" not in post
    with pytest.raises(Refused, match="Only admins post"):
        await channel.seen_by(BORIS).say("me too")


async def test_a_channel_is_refused_by_its_own_words(telegram: Telegram, channel: Chat, bot: PlainBot) -> None:
    """Client.cpp, check_chat_access; tdlib DialogManager.cpp, can_send_message_to_dialog."""
    await channel.rights(bot_can={"post_messages": False})
    with pytest.raises(ApiRefusal, match=r"^Bad Request: need administrator rights in the channel chat$"):
        await bot.say(channel.id, "hello, readers")
    await channel.remove("bot")
    assert (await bot.updates())[-1]["my_chat_member"]["new_chat_member"]["status"] == "kicked"
    with pytest.raises(ApiRefusal, match=r"^Forbidden: bot was kicked from the channel chat$"):
        await bot.say(channel.id, "hello?")
    await channel.add("bot")
    assert (await bot("getChat", chat_id=channel.id))["type"] == "channel"
    assert await bot("leaveChat", chat_id=channel.id) is True
    with pytest.raises(ApiRefusal, match=r"^Forbidden: bot is not a member of the channel chat$"):
        await bot("getChat", chat_id=channel.id)


async def test_a_post_is_forwarded_to_the_group_that_discusses_it(channel: Chat, group: Chat, bot: PlainBot) -> None:
    """Client.cpp, create_message: the sender is shown as user 777000."""
    await discussed(channel, group)
    post = await channel.say("our new boat")
    shown = await last(bot)
    assert (shown["chat"]["id"], shown["text"], shown["is_automatic_forward"]) == (group.id, "our new boat", True)
    assert (shown["from"]["id"], shown["sender_chat"]["id"]) == (777000, channel.id)
    assert shown["forward_origin"]["type"] == "channel"
    assert shown["forward_origin"]["message_id"] == post.id
    assert "message_thread_id" not in shown
    assert (await bot("getChat", chat_id=group.id))["linked_chat_id"] == channel.id


async def test_comments_are_a_thread_below_the_post(channel: Chat, group: Chat, bot: PlainBot) -> None:
    """A client sends a comment as a reply to the thread's first message (tdlib MessageInputReplyTo.cpp).

    Threads have a message_thread_id and are no topics (Client.cpp, get_forum_topic_id and is_topic_message).
    """
    await discussed(channel, group)
    await channel.say("our new boat")
    root = (await last(bot))["message_id"]
    comment = await group.seen_by(BORIS).say("nice!", thread=root)
    shown = await last(bot)
    assert (shown["message_thread_id"], shown["reply_to_message"]["message_id"]) == (root, root)
    assert "is_topic_message" not in shown
    await group.seen_by(CHEN).say("is it?", reply_to=comment)
    shown = await last(bot)
    assert (shown["message_thread_id"], shown["reply_to_message"]["message_id"]) == (root, comment.id)
    await group.seen_by(BORIS).say("not in the thread")
    assert "message_thread_id" not in await last(bot)


async def test_in_a_thread_a_reply_to_elsewhere_shows_the_threads_beginning_too(group: Chat, bot: PlainBot) -> None:
    """Client.cpp, get_same_chat_reply_to_message_id: no explicit reply of the same chat, so the implicit one."""
    root = (await bot.say(group.id, "here it is"))["message_id"]
    origin = {"type": "user", "sender_user": {"id": CHEN, "is_bot": False, "first_name": "Chen"}, "date": 1}
    await group.say("", thread=root, extra={"text": "like this", "external_reply": {"origin": origin}})
    shown = await last(bot)
    assert (shown["message_thread_id"], shown["reply_to_message"]["message_id"]) == (root, root)
    assert shown["external_reply"]["origin"]["sender_user"]["id"] == CHEN


async def test_in_a_supergroup_replies_make_threads_of_their_own(group: Chat, bot: PlainBot) -> None:
    """tdlib MessageReplyHeader.cpp: the first message that was replied to; westacks/telebot#135 shows one."""
    first = await group.say("a boat?")
    sent = await bot.say(group.id, "here it is", reply_parameters={"message_id": first.id})
    assert (sent["message_thread_id"], sent["reply_to_message"]["message_id"]) == (first.id, first.id)
    assert "is_topic_message" not in sent
    await group.say("now red", reply_to=sent["message_id"])
    assert (await last(bot))["message_thread_id"] == first.id


async def test_basic_groups_have_no_threads(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group()
    sent = await bot.say(group.id, "hello")
    await group.say("hello", reply_to=sent["message_id"])
    assert "message_thread_id" not in await last(bot)


async def test_replies_in_the_general_topic_have_a_thread_and_no_topic(telegram: Telegram, bot: PlainBot) -> None:
    """telegram-bot-api#447: "the behavior is correct"; the number is no topic that could be written to."""
    forum = await telegram.group(is_forum=True)
    said = await forum.say("/new@pentimento_bot")
    await forum.say("/undo@pentimento_bot", reply_to=said)
    shown = await last(bot)
    assert shown["message_thread_id"] == said.id
    assert "is_topic_message" not in shown
    with pytest.raises(ApiRefusal, match="message thread not found"):
        await bot.say(forum.id, "meow", message_thread_id=said.id)


async def test_an_admin_speaks_as_the_group_and_anybody_as_a_channel_of_theirs(
    telegram: Telegram, group: Chat, bot: PlainBot
) -> None:
    """Client.cpp, create_message: user 1087968824 stands for an anonymous admin, 136817688 for a channel."""
    await group.say("hello", anonymous=True)
    shown = await last(bot)
    assert (shown["from"]["id"], shown["from"]["username"]) == (1087968824, "GroupAnonymousBot")
    assert shown["sender_chat"]["id"] == group.id
    with pytest.raises(Refused, match="Only admins"):
        await group.seen_by(BORIS).say("me too", anonymous=True)
    await group.act("admins", who=BORIS)
    await group.seen_by(BORIS).say("me too", anonymous=True)
    assert (await last(bot))["sender_chat"]["id"] == group.id
    channel = await telegram.channel(by=CHEN, bot=False)
    await group.seen_by(CHEN).say("read us", as_channel=channel.id)
    shown = await last(bot)
    assert (shown["from"]["username"], shown["sender_chat"]["type"]) == ("Channel_Bot", "channel")
    with pytest.raises(Refused, match="Only admins"):
        await group.seen_by(BORIS).say("me too", as_channel=channel.id)


async def test_a_forward_names_the_chat_that_spoke(
    telegram: Telegram, channel: Chat, group: Chat, bot: PlainBot
) -> None:
    """Bot API, MessageOriginChannel and MessageOriginChat."""
    await channel.forward(await channel.say("our new boat"), group)
    assert (await last(bot))["forward_origin"]["type"] == "channel"
    await group.forward(await group.say("hello", anonymous=True), group)
    assert (await last(bot))["forward_origin"]["sender_chat"]["id"] == group.id


async def test_the_direct_messages_of_a_channel_are_a_chat_that_a_bot_must_not_take_for_a_group(
    channel: Chat, bot: PlainBot
) -> None:
    """Bot API, Chat.is_direct_messages; tdlib MessageTopic.cpp, get_send_message_topic."""
    chat = (await channel.act("direct-messages"))["id"]
    await channel.seen_by(BORIS)._telegram.post("send", {"as": BORIS, "chat_id": chat, "text": "is it for sale?"})
    shown = await last(bot)
    assert (shown["chat"]["type"], shown["chat"]["is_direct_messages"]) == ("supergroup", True)
    assert shown["direct_messages_topic"]["topic_id"] == BORIS
    with pytest.raises(ApiRefusal, match="channel direct messages topic must be specified"):
        await bot.say(chat, "yes")
    assert (await bot("getChat", chat_id=chat))["parent_chat"]["id"] == channel.id


async def test_topics_of_private_chats_are_topics_without_an_opener_to_reply_to(
    telegram: Telegram, bot: PlainBot
) -> None:
    """Bot API 9.3; Client.cpp, get_implicit_reply_to_message_id and check_message_topic."""
    with pytest.raises(Refused, match="no topics"):
        await telegram.ann.open_topic("Boats")
    await telegram.post("private-topics", {"as": ANN, "on": True})
    assert (await bot("getMe"))["has_topics_enabled"] is True
    boats = await telegram.ann.open_topic("Boats")
    assert (await last(bot))["forum_topic_created"]["name"] == "Boats"
    await boats.say("a boat")
    shown = await last(bot)
    assert (shown["message_thread_id"], shown["is_topic_message"]) == (boats.topic, True)
    assert "reply_to_message" not in shown
    assert (await bot.say(ANN, "there", message_thread_id=boats.topic))["message_thread_id"] == boats.topic
    with pytest.raises(ApiRefusal, match="message thread not found"):
        await bot.say(ANN, "where?", message_thread_id=4711)


async def test_of_hidden_members_a_bot_without_rights_is_told_the_admins_only(group: Chat, bot: PlainBot) -> None:
    """Bot API, ChatFullInfo.has_hidden_members and getChatMember; reported in teloxide/teloxide#1349."""
    await group.act("admins", who=BORIS)
    await group.act("hide-members")
    assert (await bot("getChat", chat_id=group.id))["has_hidden_members"] is True
    for person in (ANN, BORIS, CHEN):
        with pytest.raises(ApiRefusal, match=r"^Bad Request: CHAT_ADMIN_REQUIRED$"):
            await bot("getChatMember", chat_id=group.id, user_id=person)
    me = await bot("getMe")
    assert (await bot("getChatMember", chat_id=group.id, user_id=me["id"]))["status"] == "member"
    admins = await bot("getChatAdministrators", chat_id=group.id)
    assert [(one["user"]["id"], one["status"]) for one in admins] == [(ANN, "creator"), (BORIS, "administrator")]
    await group.rights(bot_admin=True)
    assert (await bot("getChatMember", chat_id=group.id, user_id=CHEN))["status"] == "member"


async def test_of_a_deleted_message_a_press_tells_the_chat_alone(telegram: Telegram, bot: PlainBot) -> None:
    """Client.cpp, JsonInaccessibleMessage: no thread, date 0."""
    forum = await telegram.group(is_forum=True)
    boats = await forum.open_topic("Boats")
    buttons = {"inline_keyboard": [[{"text": "Again", "callback_data": "again:1"}]]}
    sent = await bot.say(forum.id, "here", message_thread_id=boats.topic, reply_markup=buttons)
    await boats.press_data(sent["message_id"], "again:1")
    assert (await last(bot))["message"]["message_thread_id"] == boats.topic
    await forum.delete(sent["message_id"])
    await boats.press_data(sent["message_id"], "again:1")
    assert {*(await last(bot))["message"]} == {"chat", "message_id", "date"}


async def test_an_edit_that_changes_nothing_is_not_told(telegram: Telegram, bot: PlainBot) -> None:
    """Client.cpp, need_skip_update_message: only new content is news."""
    said = await telegram.ann.say("a boat")
    await bot.updates()
    await telegram.ann.edit(said, "a boat")
    assert await bot.updates() == []
    await telegram.ann.edit(said, "a red boat")
    assert await bot.texts() == ["a red boat"]
