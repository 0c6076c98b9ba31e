"""Privacy mode: which messages of a group reach the bot, and what Telegram shows with them.

Sources: core.telegram.org/bots/features#privacy-mode; core.telegram.org/bots/faq, "What messages will my bot get?";
where they are silent, the source of telegram-bot-api and reports of live bots, named beside the test.
"""

from __future__ import annotations

import pytest

from tests.support.bots import ApiRefusal, PlainBot
from tests.support.people import BORIS, CHEN, Chat, Telegram
from tests.support.pictures import picture

BOT_ID = 7000000001


@pytest.fixture
async def group(telegram: Telegram, bot: PlainBot) -> Chat:
    """Return a group with everyone and the bot, whose beginnings the bot has read."""
    group = await telegram.group()
    await bot.updates()
    return group


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("hello everyone", False),
        ("/new@pentimento_bot", True),
        ("/new@Pentimento_Bot a boat", True),
        ("/new@weather_bot", False),
        ("please /new@pentimento_bot", False),
        ("/new", False),
        ("@pentimento_bot paint it blue", False),
        ("paint it blue, @Pentimento_bot", False),
    ],
)
async def test_a_command_that_names_the_bot_reaches_it_and_a_mention_does_not(
    group: Chat, bot: PlainBot, text: str, reaches: bool
) -> None:
    """Features: "commands explicitly meant for them (e.g., /command@this_bot)". No mention is in that list.

    Reports of live bots: telegraf/telegraf#545, python-telegram-bot#4473, HKUDS/nanobot#449. That a command is one at
    the beginning only is the narrowest reading; in earlier words "messages that start with a slash".
    """
    await group.say(text)
    assert await bot.texts() == ([text] if reaches else [])


async def test_a_bare_command_reaches_the_bot_that_wrote_last(telegram: Telegram, group: Chat, bot: PlainBot) -> None:
    """Features: "general commands (e.g. /start) if the bot was the last bot to send a message to the group"."""
    await group.say("/one")
    await bot.say(group.id, "I am here")
    await group.say("/two")
    await telegram.other_bot(group, "It will rain")
    await group.say("/three")
    await bot.say(group.id, "I am here again")
    await group.say("chatter")
    await group.say("/four")
    assert await bot.texts() == ["/two", "/four"]


async def test_a_mention_by_link_and_one_in_a_caption_do_not_reach_the_bot(group: Chat, bot: PlainBot) -> None:
    link = {"type": "text_mention", "offset": 0, "length": 4, "user": await bot("getMe")}
    await group.say("Hey! blue", entities=[link])
    await group.photo(picture(), "@pentimento_bot blue")
    assert await bot.updates() == []


@pytest.mark.parametrize(
    ("text", "reaches"),
    [
        ("@pentimento_bot paint it blue", True),
        ("paint it blue, @Pentimento_bot", True),
        ("@pentimento_bots paint", False),
        ("mail@pentimento_bot", False),
    ],
)
async def test_mentions_reach_the_bot_where_the_switch_says_so(
    telegram: Telegram, group: Chat, bot: PlainBot, text: str, reaches: bool
) -> None:
    """@BotFather's own words on /setprivacy say "or mention the bot by username", but no report shows one."""
    await telegram.doubts(mentions_reach=True)
    await group.say(text)
    assert await bot.texts() == ([text] if reaches else [])


@pytest.mark.parametrize("reaches", [True, False])
async def test_a_command_in_a_caption_counts_unless_the_switch_says_otherwise(
    telegram: Telegram, group: Chat, bot: PlainBot, reaches: bool
) -> None:
    """Neither the documentation nor a source says it; captions carry bot_command entities (Bot API, Message)."""
    await telegram.doubts(captions_reach=reaches)
    await group.photo(picture(), "/new@pentimento_bot blue")
    await group.photo(picture(), "blue /new@pentimento_bot")
    assert await bot.texts() == (["/new@pentimento_bot blue"] if reaches else [])


async def test_only_the_captioned_item_of_an_album_names_the_bot(group: Chat, bot: PlainBot) -> None:
    await group.album([picture(), picture()], "/new@pentimento_bot blend")
    assert await bot.texts() == ["/new@pentimento_bot blend"]


async def test_replies_to_the_bot_reach_it_with_every_item_of_an_album(group: Chat, bot: PlainBot) -> None:
    """Features: "replies to any messages implicitly or explicitly meant for this bot". Each item has the reply."""
    await bot.say(group.id, "I am here")
    answer = await group.answer()
    await group.say("to the bot", reply_to=answer)
    await group.photo(picture(), reply_to=answer)
    await group.album([picture(), picture()], "blend", reply_to=answer)
    other = await group.say("to nobody")
    await group.say("to Ann", reply_to=other)
    got = [update["message"] for update in await bot.updates()]
    assert [message.get("text") or message.get("caption") for message in got] == ["to the bot", None, "blend", None]
    assert {message["reply_to_message"]["message_id"] for message in got} == {answer.id}


async def test_a_reply_to_what_was_meant_for_the_bot_reaches_it(group: Chat, bot: PlainBot) -> None:
    asked = await group.say("/paint@pentimento_bot blue")
    also = await group.seen_by(BORIS).say("or green", reply_to=asked)
    await group.seen_by(CHEN).say("or red", reply_to=also)
    assert await bot.texts() == ["/paint@pentimento_bot blue", "or green", "or red"]


async def test_a_reply_to_another_bot_goes_to_that_one_alone(telegram: Telegram, group: Chat, bot: PlainBot) -> None:
    """FAQ: "a reply to bot A containing an explicit command for bot B ... will only be available to bot A"."""
    await telegram.other_bot(group, "It will rain")
    rain = (await group.history())[-1]
    await group.say("/paint@pentimento_bot rain", reply_to=rain)
    await bot.say(group.id, "I am here")
    await group.say("/tomorrow@weather_bot", reply_to=await group.answer())
    assert await bot.texts() == ["/tomorrow@weather_bot"]


async def test_no_bot_sees_what_another_writes(telegram: Telegram, group: Chat, bot: PlainBot) -> None:
    """FAQ: "bots will not be able to see messages from other bots regardless of mode"."""
    await group.rights(bot_admin=True)
    await bot.updates()
    await telegram.other_bot(group, "It will rain")
    assert await bot.updates() == []


async def test_what_came_by_way_of_the_bot_reaches_it(group: Chat, bot: PlainBot) -> None:
    """Features: "inline messages sent via the bot"."""
    await group.say("", extra={"text": "from elsewhere", "via_bot": {"id": BOT_ID, "is_bot": True, "first_name": "P"}})
    await group.say("", extra={"text": "and this", "via_bot": {"id": 5, "is_bot": True, "first_name": "Q"}})
    assert await bot.texts() == ["from elsewhere"]


async def test_only_what_the_bot_has_is_told_when_it_is_edited(group: Chat, bot: PlainBot) -> None:
    """telegram-bot-api Client.cpp, on_get_edited_message: else it is "inaccessible because of chosen privacy mode"."""
    held_back = await group.say("nothing")
    named = await group.say("/paint@pentimento_bot blue")
    await bot.updates()
    await group.edit(held_back, "/paint@pentimento_bot something")
    await group.edit(named, "/paint@pentimento_bot green")
    (update,) = await bot.updates()
    assert update["edited_message"]["text"] == "/paint@pentimento_bot green"


async def test_service_messages_always_reach_the_bot(group: Chat, bot: PlainBot) -> None:
    """Features: "all bots will also receive, regardless of privacy mode: all service messages"."""
    await group.remove(CHEN)
    await group.add(CHEN)
    messages = [update["message"] for update in await bot.updates()]
    assert [next(key for key in ("left_chat_member", "new_chat_members") if key in m) for m in messages] == [
        "left_chat_member",
        "new_chat_members",
    ]


async def test_an_administrator_reads_everything_and_no_more_when_it_is_one_no_longer(
    group: Chat, bot: PlainBot
) -> None:
    """Features: "bot admins always receive all messages"."""
    await group.rights(bot_admin=True)
    await group.say("hello everyone")
    await group.rights(bot_admin=False)
    await group.say("nobody listens")
    up, hello, down = await bot.updates()
    statuses = [(change["my_chat_member"]["new_chat_member"]["status"]) for change in (up, down)]
    assert (statuses, hello["message"]["text"]) == (["administrator", "member"], "hello everyone")


@pytest.mark.parametrize("later", [True, False])
async def test_a_bot_may_come_in_as_an_administrator(telegram: Telegram, bot: PlainBot, later: bool) -> None:
    """Features: privacy mode is on "except bots that were added to the group as admins"; getMe says nothing of it."""
    group = await telegram.group(bot=not later, bot_admin=not later)
    if later:
        await group.add("bot", bot_admin=True)
    joined = (await bot.updates())[0]["my_chat_member"]
    assert joined["old_chat_member"]["status"] == "left"
    assert joined["new_chat_member"]["status"] == "administrator"
    assert (await bot("getChatMember", chat_id=group.id, user_id=BOT_ID))["status"] == "administrator"
    assert (await bot("getMe"))["can_read_all_group_messages"] is False
    await group.say("hello everyone")
    assert await bot.texts() == ["hello everyone"]


@pytest.mark.parametrize("on", [False, True])
async def test_privacy_mode_is_settled_when_the_bot_joins(telegram: Telegram, bot: PlainBot, on: bool) -> None:
    """Features: "the bot will need to be re-added to the group for this change to take effect"."""
    await telegram.privacy(on=not on)
    group = await telegram.group()
    await telegram.privacy(on=on)
    await bot.updates()
    assert (await bot("getMe"))["can_read_all_group_messages"] is not on
    await group.say("before")
    assert await bot.texts() == (["before"] if on else [])
    await group.remove("bot")
    await group.add("bot")
    await bot.updates()
    await group.say("after")
    assert await bot.texts() == ([] if on else ["after"])


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_a_basic_group_does_not_show_what_a_message_replies_to_if_the_bot_never_had_it(
    telegram: Telegram, bot: PlainBot, kind: str
) -> None:
    """Reports of live bots: yagop/node-telegram-bot-api#65, aiogram/aiogram#773, telegraf/telegraf#1058."""
    group = await telegram.group(kind=kind)
    held_back = await group.say("my boat")
    had = await group.say("/one@pentimento_bot")
    await bot.updates()
    await group.say("/two@pentimento_bot", reply_to=held_back)
    await group.say("/three@pentimento_bot", reply_to=had)
    first, second = [update["message"] for update in await bot.updates()]
    assert second["reply_to_message"]["message_id"] == had.id
    if kind == "group":
        assert "reply_to_message" not in first
        with pytest.raises(ApiRefusal, match="message to be replied not found"):
            await bot.say(group.id, "this one?", reply_parameters={"message_id": held_back.id})
    else:
        assert first["reply_to_message"]["message_id"] == held_back.id
    # People see it in any case.
    assert (await group.history())[-2].reply_to == held_back.id


async def test_an_anonymous_admin_speaks_as_the_group(telegram: Telegram, bot: PlainBot) -> None:
    """Bot API, Message: sender_chat is "the supergroup itself for messages sent by its anonymous administrators"."""
    group = await telegram.group("Painters", kind="supergroup")
    await bot.updates()
    await group.say("/new@pentimento_bot", anonymous=True)
    (message,) = [update["message"] for update in await bot.updates()]
    who = message["from"]
    assert (who["id"], who["is_bot"], who["username"]) == (1087968824, True, "GroupAnonymousBot")
    assert message["sender_chat"] == message["chat"] == {"id": group.id, "type": "supergroup", "title": "Painters"}
