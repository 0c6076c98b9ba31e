"""Groups: how the bot gets in and out, migration, topics, rights, blocking."""

from __future__ import annotations

import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.people import BORIS, CHEN, Chat, Refused, Telegram
from tests.support.pictures import picture


@pytest.fixture
async def group(telegram: Telegram, bot: PlainBot) -> Chat:
    """Return a group with everyone and the bot, whose beginnings the bot has read."""
    group = await telegram.group()
    await bot.updates()
    return group


async def test_a_group_made_with_the_bot_tells_it_twice(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group("Painters")
    joined, created = await bot.updates()
    member = joined["my_chat_member"]
    assert (member["old_chat_member"]["status"], member["new_chat_member"]["status"]) == ("left", "member")
    assert (member["chat"]["id"], member["from"]["id"]) == (group.id, group.person_id)
    assert created["message"]["group_chat_created"] is True
    assert created["message"]["chat"] == {"id": group.id, "type": "group", "title": "Painters"}
    assert group.id < 0


async def test_a_bot_added_later_is_among_the_new_members(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group(bot=False)
    await group.say("not for the bot")
    assert await bot.updates() == []
    await group.add("bot")
    assert await bot.kinds() == ["my_chat_member", "message"]
    members = (await group.history())[-1].body["new_chat_members"]
    assert [member["is_bot"] for member in members] == [True]


async def test_a_supergroup_is_never_announced_as_created(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group(kind="supergroup")
    messages = [update["message"] for update in await bot.updates() if "message" in update]
    assert [[*message][-1] for message in messages] == ["new_chat_members"]
    assert group.id < -1_000_000_000_000


async def test_members_are_told_to_an_administrator_that_asks(group: Chat, bot: PlainBot) -> None:
    await bot("getUpdates", allowed_updates=["chat_member"])
    await group.remove(CHEN)
    assert await bot.updates() == []
    await group.rights(bot_admin=True)
    await group.add(CHEN)
    (update,) = await bot.updates()
    assert update["chat_member"]["new_chat_member"]["status"] == "member"


async def test_a_removed_bot_is_told_and_then_refused(group: Chat, bot: PlainBot) -> None:
    await group.remove("bot")
    left = (await bot.updates())[-1]["my_chat_member"]
    assert left["new_chat_member"]["status"] == "kicked"
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(group.id, "hello?")
    assert (caught.value.code, caught.value.text) == (403, "Forbidden: bot was kicked from the group chat")
    await group.say("/new@pentimento_bot")
    assert await bot.updates() == []


async def test_a_bot_that_left_is_no_member(telegram: Telegram, bot: PlainBot) -> None:
    group = await telegram.group(kind="supergroup")
    assert await bot("leaveChat", chat_id=group.id) is True
    assert (await bot.updates())[-2]["message"]["left_chat_member"]["is_bot"] is True
    with pytest.raises(ApiRefusal) as caught:
        await bot("sendChatAction", chat_id=group.id, action="typing")
    assert caught.value.text == "Forbidden: bot is not a member of the supergroup chat"


async def test_a_blocked_bot_is_told_and_then_refused(telegram: Telegram, bot: PlainBot) -> None:
    await telegram.ann.say("hello")
    await telegram.ann.block()
    assert await bot.kinds() == ["message", "my_chat_member"]
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(telegram.ann.id, "hello?")
    assert (caught.value.code, caught.value.text) == (403, "Forbidden: bot was blocked by the user")
    with pytest.raises(Refused, match="Unblock"):
        await telegram.ann.say("hello")
    await telegram.ann.block(on=False)
    await bot.say(telegram.ann.id, "hello again")


async def test_a_deleted_account_and_a_deleted_group_are_refused(
    telegram: Telegram, group: Chat, bot: PlainBot
) -> None:
    await telegram.ann.say("/start")
    await telegram.post("deactivate", {"as": telegram.ann.id, "on": True})
    await telegram.post("dissolve", {"as": group.person_id, "chat_id": group.id})
    for chat_id, text in ((telegram.ann.id, "user is deactivated"), (group.id, "the group chat was deleted")):
        with pytest.raises(ApiRefusal) as caught:
            await bot.say(chat_id, "hello?")
        assert (caught.value.code, caught.value.text) == (403, f"Forbidden: {text}")


async def test_a_newcomer_speaks_another_language(telegram: Telegram, bot: PlainBot) -> None:
    dora = await telegram.newcomer("Dora", language_code="de")
    await bot("setMyCommands", commands=[{"command": "new", "description": "Neu"}], language_code="de")
    await dora.say("hallo")
    (update,) = await bot.updates()
    assert update["message"]["from"]["language_code"] == "de"
    assert (await telegram.state(dora.id))["commands"]["private"] == [{"command": "new", "description": "Neu"}]
    assert (await telegram.state())["commands"]["private"] == []


async def test_a_bot_cannot_write_first(telegram: Telegram, bot: PlainBot) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(telegram.boris.id, "hello stranger")
    assert (caught.value.code, caught.value.text) == (
        403,
        "Forbidden: bot can't initiate conversation with a user",
    )
    with pytest.raises(ApiRefusal, match="chat not found"):
        await bot.say(424242, "hello nobody")


async def test_an_upgrade_moves_the_group(telegram: Telegram, group: Chat, bot: PlainBot) -> None:
    new = await group.upgrade()
    updates = await bot.updates()
    assert [next(key for key in update if key != "update_id") for update in updates] == [
        "message",
        "my_chat_member",
        "message",
    ]
    assert updates[0]["message"]["migrate_to_chat_id"] == new.id
    assert updates[1]["my_chat_member"]["chat"]["id"] == new.id
    assert updates[2]["message"]["migrate_from_chat_id"] == group.id
    assert updates[2]["message"]["message_id"] == 1
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(group.id, "anyone?")
    assert caught.value.text == "Bad Request: group chat was upgraded to a supergroup chat"
    assert caught.value.parameters == {"migrate_to_chat_id": new.id}
    assert (await bot.say(new.id, "here"))["message_id"] == 2
    with pytest.raises(Refused, match="upgraded"):
        await group.say("hello?")


async def test_message_ids_are_shared_by_all_chats_but_supergroups(telegram: Telegram, group: Chat) -> None:
    first = await group.say("one")
    assert (await telegram.ann.say("two")).id == first.id + 1
    supergroup = await telegram.group(kind="supergroup")
    assert (await supergroup.say("first of all")).id == 2


async def test_topics_are_threads(telegram: Telegram, bot: PlainBot) -> None:
    forum = await telegram.group(is_forum=True)
    cats = await forum.open_topic("Cats")
    await cats.say("/new@pentimento_bot")
    await forum.say("/new@pentimento_bot in general")
    opened, in_cats, in_general = [u["message"] for u in await bot.updates() if "message" in u][1:]
    assert opened["forum_topic_created"]["name"] == "Cats"
    assert (in_cats["message_thread_id"], in_cats["is_topic_message"]) == (opened["message_id"], True)
    assert in_cats["reply_to_message"]["forum_topic_created"]["name"] == "Cats"
    assert "message_thread_id" not in in_general
    sent = await bot.say(forum.id, "meow", message_thread_id=cats.topic)
    assert sent["message_thread_id"] == cats.topic
    reply = {"message_id": in_cats["message_id"]}
    assert (await bot.say(forum.id, "meow", reply_parameters=reply))["message_thread_id"] == cats.topic
    answers = await cats.answers(2)
    assert [message.text for message in answers] == ["meow", "meow"]
    assert (await forum.say("purr", reply_to=answers[0])).body["message_thread_id"] == cats.topic


async def test_a_wrong_thread_is_refused(telegram: Telegram, bot: PlainBot) -> None:
    forum = await telegram.group(is_forum=True)
    assert (await forum.open_topic("Cats")).topic != 1
    for thread in (1, 4711):
        with pytest.raises(ApiRefusal, match="message thread not found"):
            await bot.say(forum.id, "meow", message_thread_id=thread)


async def test_a_closed_topic_is_closed_to_the_bot(telegram: Telegram, bot: PlainBot) -> None:
    forum = await telegram.group(is_forum=True)
    cats = await forum.open_topic("Cats")
    close = {"as": forum.person_id, "chat_id": forum.id, "topic": cats.topic}
    await telegram.post("topics", close | {"close": True})
    with pytest.raises(ApiRefusal, match=r"^Bad Request: TOPIC_CLOSED$"):
        await bot.say(forum.id, "meow", message_thread_id=cats.topic)
    with pytest.raises(Refused, match="closed"):
        await cats.seen_by(BORIS).say("meow")
    await telegram.post("topics", close | {"close": False})
    await bot.say(forum.id, "meow", message_thread_id=cats.topic)


async def test_rights_are_taken_from_the_bot(group: Chat, bot: PlainBot) -> None:
    await group.rights(bot_can={"send_photos": False})
    with pytest.raises(ApiRefusal) as caught:
        await bot.photo(group.id, picture())
    assert caught.value.text == "Bad Request: not enough rights to send photos to the chat"
    await bot("sendDocument", {"document": ("a.jpg", picture())}, chat_id=group.id)
    await group.rights(bot_can={"send_photos": False, "send_documents": False})
    with pytest.raises(ApiRefusal, match="not enough rights to send documents to the chat"):
        await bot("sendDocument", {"document": ("a.jpg", picture())}, chat_id=group.id)
    await bot.say(group.id, "words are left")
    await group.rights(bot_can={"send_messages": False})
    with pytest.raises(ApiRefusal, match="not enough rights to send text messages to the chat"):
        await bot.say(group.id, "not even words")
    await group.rights(bot_admin=True)
    await bot.photo(group.id, picture())


async def test_slow_mode_is_a_flood(group: Chat, bot: PlainBot) -> None:
    await group.rights(slow_mode_s=30)
    await bot.say(group.id, "one")
    with pytest.raises(ApiRefusal) as caught:
        await bot.say(group.id, "two")
    assert caught.value.code == 429
    assert 25 < caught.value.parameters["retry_after"] <= 30


async def test_the_bot_deletes_others_messages_as_administrator_only(group: Chat, bot: PlainBot) -> None:
    said = await group.say("/new@pentimento_bot")
    with pytest.raises(ApiRefusal, match="message can't be deleted"):
        await bot("deleteMessage", chat_id=group.id, message_id=said.id)
    await group.rights(bot_admin=True)
    assert await bot("deleteMessage", chat_id=group.id, message_id=said.id) is True


async def test_chats_and_members_are_described(group: Chat, bot: PlainBot, telegram: Telegram) -> None:
    me = await bot("getMe")
    assert (await bot("getChat", chat_id=group.id))["title"] == "Painters"
    assert await bot("getChatMemberCount", chat_id=group.id) == 4
    assert (await bot("getChatMember", chat_id=group.id, user_id=group.person_id))["status"] == "creator"
    assert (await bot("getChatMember", chat_id=group.id, user_id=me["id"]))["status"] == "member"
    await group.rights(bot_admin=True)
    administrators = await bot("getChatAdministrators", chat_id=group.id)
    assert [member["status"] for member in administrators] == ["creator", "administrator"]
    await telegram.ann.say("hello")
    with pytest.raises(ApiRefusal, match="there are no administrators in the private chat"):
        await bot("getChatAdministrators", chat_id=telegram.ann.id)
