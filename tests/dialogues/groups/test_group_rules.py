"""Rules that groups make for themselves: who may use the bot, and who may press its buttons."""

from __future__ import annotations

import asyncio

import pytest

from bot.chat.groups import admins
from storage.records import Key
from tests.support.people import BORIS, CHEN, Chat
from tests.support.talking import Talk, in_one

BOT = "@pentimento_bot"


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group that Ann runs, greeted."""
    made = await talk.telegram.group()
    await made.answer()
    return made


async def test_admins_keep_the_bot_for_themselves(talk: Talk, group: Chat) -> None:
    """Others are told so once. The rule survives a restart and ends when an admin ends it."""
    boris = group.seen_by(BORIS)
    await group.say("/allow admins")
    assert "Only admins of this group may use me." in (await group.answer()).text
    await talk.restart()
    await boris.say(f"/edit{BOT} a boat")
    assert "Only some people may use me" in (await group.answer()).text
    await boris.say(f"/edit{BOT} a boat, please")
    await boris.say("/undo")
    await group.silence()
    assert talk.painter.calls == []
    await group.say(f"/edit{BOT} a gull")
    assert (await group.answer()).has_picture
    await group.say("/allow everybody")
    assert "Everybody in this group" in (await group.answer()).text
    await boris.say(f"/edit{BOT} a boat")
    assert (await group.answer()).has_picture


async def test_somebody_is_let_in_by_a_reply(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    said = await group.seen_by(BORIS).say("may I, too?")
    await group.say("/allow admins")
    await group.answer()
    await group.say("/allow", reply_to=said)
    assert "and: Boris." in (await group.answer()).text
    await group.seen_by(BORIS).say(f"/edit{BOT} a boat")
    assert (await group.answer()).has_picture
    await group.seen_by(CHEN).say(f"/edit{BOT} a gull")
    assert "Only some people may use me" in (await group.answer()).text
    assert len(talk.painter.calls) == 1


async def test_a_rule_with_many_people_is_told_whole(talk: Talk, group: Chat) -> None:
    """One message holds 4096 characters (Bot API, sendMessage)."""
    names = [f"Nadezhda the {number}th of the harbour" for number in range(130)]
    people = {str(2000 + number): name for number, name in enumerate(names)}
    await talk.store.chats.choose(group.id, "allow", {"people": people})
    await group.say("/allow")
    told = " ".join([message.text for message in await group.answers(2)])
    assert [name for name in names if name not in told] == []
    assert "message with /allow." in told


async def test_only_admins_make_the_rule_and_everybody_may_read_it(talk: Talk, group: Chat) -> None:
    boris = group.seen_by(BORIS)
    await boris.say("/allow admins")
    assert "Only admins of this group decide" in (await group.answer()).text
    await boris.say("/allow")
    assert "Everybody in this group may use me." in (await group.answer()).text
    await talk.telegram.ann.say("/allow admins")
    assert "is for groups" in (await talk.telegram.ann.answer()).text


async def test_an_anonymous_admin_makes_the_rule_as_the_group_itself(talk: Talk) -> None:
    """Telegram shows such a message as the group's own, from a stand-in user."""
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    await group.say("/allow admins", anonymous=True)
    assert "Only admins of this group may use me." in (await group.answer()).text
    await group.say(f"/edit{BOT} a boat", anonymous=True)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == "Painters: a boat"


async def test_a_group_takes_its_rule_along_when_it_becomes_a_supergroup(talk: Talk, group: Chat) -> None:
    await group.say("/allow admins")
    await group.answer()
    upgraded = await group.upgrade()
    await upgraded.seen_by(BORIS).say(f"/edit{BOT} a boat")
    assert "Only some people may use me" in (await upgraded.answer()).text
    assert talk.painter.calls == []


async def test_buttons_may_be_kept_for_the_person_who_asked(talk: Talk, group: Chat) -> None:
    await group.say("/settings")
    menu = await group.answer()
    await group.press(menu, "Buttons: anyone")
    menu = await group.until(menu, "Who may press")
    await group.press(menu, "who asked")
    await group.until(menu, lambda now: "Buttons: who asked" in now.buttons)
    await talk.restart()
    await group.say(f"/edit{BOT} a boat")
    answer = await group.answer()
    await group.seen_by(BORIS).press(answer, "Again")
    assert "only for Ann" in (await group.answer()).text
    await group.press(answer, "Again")
    assert (await group.answer()).has_picture
    assert len(talk.painter.calls) == 2


async def test_who_asked_as_the_group_presses_as_an_admin(talk: Talk) -> None:
    """Telegram names the person who presses, never the chat in whose name they wrote (Bot API, CallbackQuery)."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    conversation = await talk.store.conversations.open(Key(group.id, 0))
    await talk.store.conversations.change(conversation.id, lambda _: {"buttons": "author"})
    await group.say(f"{BOT} a boat", anonymous=True)
    answer = await group.answer()
    await group.seen_by(BORIS).press(answer, "Again")
    assert "only for Painters" in (await group.answer()).text
    await group.press(answer, "Again")
    assert (await group.answer()).has_picture
    assert len(talk.painter.calls) == 2


async def test_nobody_else_stops_a_wish_by_its_button_then(talk: Talk, group: Chat) -> None:
    await group.say("/settings")
    menu = await group.answer()
    await group.press_data(menu, "set-buttons:author")
    await group.until(menu, lambda now: "Buttons: who asked" in now.buttons)
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    turn = await talk.store.conversations.next_unfinished(await _key(talk, group))
    assert turn is not None
    await group.seen_by(BORIS).press_data(menu, f"cancel:{turn.id}")
    await asyncio.sleep(0.2)
    gate.set()
    assert (await group.answer()).has_picture
    assert "only for Ann" in (await group.answer()).text


async def test_whom_a_group_does_not_let_stops_nobody(talk: Talk, group: Chat) -> None:
    """Not even by the command, which needs no button. An admin's own cancel is later in the queue and works."""
    await group.say("/allow admins")
    await group.answer()
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    await group.seen_by(BORIS).say("/cancel")
    await talk.telegram.wait_for(lambda: _asked_who(talk), 10, "nobody asked who it was")
    gate.set()
    assert (await group.answer()).has_picture
    assert "Only some people may use me" in (await group.answer()).text
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a gull")
    await talk.painter.called(2)
    await group.seen_by(BORIS).say("/cancel")
    await group.say("/cancel")
    assert "Stopped" in (await group.answer()).text
    gate.set()


@pytest.fixture
async def hidden(talk: Talk) -> Chat:
    """Return a supergroup of Ann's that hides its members, greeted; the bot reads everything and has no rights."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    made = await talk.telegram.group(kind="supergroup")
    await made.act("hide-members")
    await made.answer()
    return made


async def test_admins_are_known_where_members_are_hidden(talk: Talk, hidden: Chat) -> None:
    """Telegram tells a bot without rights nothing about single people there (teloxide/teloxide#1349)."""
    await hidden.act("admins", who=CHEN)
    await hidden.seen_by(CHEN).say("/allow admins")
    assert "Only admins of this group may use me." in (await hidden.answer()).text
    await hidden.seen_by(CHEN).say(f"{BOT} a gull")
    assert (await hidden.answer()).has_picture
    await hidden.seen_by(BORIS).say(f"{BOT} a boat")
    assert "Only some people may use me" in (await hidden.answer()).text
    await hidden.say("/forget")
    asked = await hidden.answer()
    await hidden.seen_by(BORIS).press(asked, "Delete this conversation")
    await hidden.press(asked, "Delete this conversation")
    sure = await hidden.until(asked, lambda now: "Delete for good" in now.buttons)
    await hidden.press(sure, "Delete for good")
    assert "Deleted: 1 wish" in (await hidden.answer()).text
    await hidden.silence()


@in_one
async def test_a_former_admin_changes_nothing_where_members_are_hidden(talk: Talk, hidden: Chat) -> None:
    """For wishes, a list up to a minute old is good enough. For changes and deletions the bot asks for a new one."""
    chen = hidden.seen_by(CHEN)
    await hidden.act("admins", who=CHEN)
    await chen.say("/allow admins")
    await hidden.answer()
    await chen.say(f"{BOT} a gull")
    assert (await hidden.answer()).has_picture
    await hidden.act("admins", who=CHEN, on=False)
    await chen.say(f"{BOT} a boat")
    assert (await hidden.answer()).has_picture
    await chen.say("/allow everybody")
    assert "Only admins of this group decide" in (await hidden.answer()).text
    await chen.say(f"{BOT} a house")
    assert "Only some people may use me" in (await hidden.answer()).text
    assert len(await talk.telegram.calls("getChatAdministrators")) == 2


async def test_where_nobody_tells_of_admins_nobody_is_one(talk: Talk, hidden: Chat) -> None:
    await talk.telegram.fault("getChatAdministrators", status=400)
    await hidden.say("/allow admins")
    assert "Only admins of this group decide" in (await hidden.answer()).text
    await hidden.say("/allow admins")
    assert "Only admins of this group may use me." in (await hidden.answer()).text


async def _asked_who(talk: Talk) -> bool | None:
    return (
        any(str(call["params"]["user_id"]) == str(BORIS) for call in await talk.telegram.calls("getChatMember")) or None
    )


async def test_in_private_there_is_nobody_to_keep_buttons_from(talk: Talk) -> None:
    await talk.telegram.ann.say("/settings")
    assert not [name for name in (await talk.telegram.ann.answer()).buttons if name.startswith("Buttons")]


async def test_comments_under_a_channels_post_are_answered_in_their_thread(talk: Talk, group: Chat) -> None:
    """A discussion group has threads, but is no forum: one conversation, and the answer replies to the comment."""
    post = {**_as_chat("our new boat", -100555, "Boats", "channel"), "is_automatic_forward": True}
    opened = await group.seen_by(CHEN).say("", extra=post)
    comment = await group.say("", extra={**_as_chat(f"/edit{BOT} a boat"), "message_thread_id": opened.id})
    answer = await group.answer()
    assert answer.reply_to == comment.id
    await group.say(f"/edit{BOT} now red")
    await group.answer()
    assert [len(call.contents) for call in talk.painter.calls] == [1, 3]


async def test_a_channel_speaks_in_its_own_name(talk: Talk, group: Chat) -> None:
    await group.seen_by(BORIS).say("", extra=_as_chat(f"/edit{BOT} a boat", -100777, "Harbour News", "channel"))
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == "Harbour News: a boat"


def _as_chat(text: str, chat_id: int = 0, title: str = "", kind: str = "group") -> dict[str, object]:
    """Return a message's raw fields, sent in the name of a chat where there is one."""
    first = text.split()[0]
    entity = "bot_command" if first.startswith("/") else "mention"
    said = {"text": text, "entities": [{"type": entity, "offset": 0, "length": len(first)}]}
    return said | ({"sender_chat": {"id": chat_id, "type": kind, "title": title}} if chat_id else {})


async def _key(talk: Talk, group: Chat) -> Key:
    return next(key for key in await talk.store.conversations.unfinished_keys() if key.chat_id == group.id)


@pytest.mark.parametrize("words", [f"{BOT} /cancel", f"{BOT} do not /cancel it", f"/cancel{BOT}"])
async def test_who_is_not_let_in_stops_nobodys_painting(talk: Talk, group: Chat, words: str) -> None:
    """Also not by a name that is no mention, since it is marked as code."""
    (greeting,) = [message for message in await group.history() if message.from_bot]
    await group.say("/allow admins")
    await group.answer()
    gate = talk.painter.hold()
    await group.say(f"/edit{BOT} a boat")
    await talk.painter.called(1)
    code = [{"type": "code", "offset": 0, "length": len(BOT)}]
    marked = {} if words.startswith("/") else {"entities": code}
    await group.seen_by(BORIS).say(words, reply_to=greeting, **marked)
    await asyncio.sleep(0.5)
    gate.set()
    assert [message.has_picture for message in await group.answers(2)].count(True) == 1


# -- Telegram does not name the admins now


async def flooded(talk: Talk, *methods: str) -> None:
    for method in methods:
        await talk.telegram.fault(method, retry_after=490, times=1)


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_wait_of_one_question_is_answered_by_the_other(talk: Talk, group: Chat) -> None:
    await group.say("/allow@pentimento_bot admins")
    await group.answer()
    await flooded(talk, "getChatMember")
    await group.say("/edit@pentimento_bot a boat")
    assert (await group.answer()).has_picture


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_the_last_list_of_admins_counts_while_telegram_tells_nothing(
    talk: Talk, group: Chat, monkeypatch: pytest.MonkeyPatch
) -> None:
    await group.say("/allow@pentimento_bot admins")
    await group.answer()
    await flooded(talk, "getChatMember")
    await group.say("/edit@pentimento_bot a boat")
    await group.answer()
    monkeypatch.setattr(admins, "LISTED_S", 0.0)
    await flooded(talk, "getChatMember", "getChatAdministrators")
    await group.say("/edit@pentimento_bot a gull")
    assert (await group.answer()).has_picture


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_where_nobody_is_known_it_says_so_and_goes_on(talk: Talk, group: Chat) -> None:
    await group.say("/allow@pentimento_bot admins")
    await group.answer()
    for message in ("/edit@pentimento_bot a boat", "/allow@pentimento_bot everybody"):
        await flooded(talk, "getChatMember", "getChatAdministrators")
        await group.say(message)
        assert "Right now Telegram does not tell me who the admins" in (await group.answer()).text
    await group.say("/help@pentimento_bot")
    assert "How it works" in (await group.answer()).text
    assert not talk.painter.calls


async def test_a_rule_that_is_made_while_a_stranger_is_told_holds(talk: Talk) -> None:
    """To notify a person may take a minute. It does not undo what an admin decides meanwhile in another topic."""
    forum = await talk.telegram.group(kind="supergroup", is_forum=True)
    await forum.answer()
    boats, gulls = await forum.open_topic("Boats"), await forum.open_topic("Gulls")
    await forum.say("/allow admins")
    await forum.answer()
    said = await forum.seen_by(BORIS).say("may I, too?")
    await forum.say("/allow", reply_to=said)
    assert "and: Boris." in (await forum.answer()).text
    await talk.telegram.fault("sendMessage", delay_s=1.0)
    await boats.seen_by(CHEN).say(f"/edit{BOT} a boat")
    await talk.telegram.fault_met()
    await gulls.say("/allow admins")
    assert "Only admins of this group may use me." in (await gulls.answer()).text
    assert "Only some people may use me" in (await boats.answer()).text
    await gulls.seen_by(BORIS).say(f"/edit{BOT} a gull")
    assert "Only some people may use me" in (await gulls.answer()).text
    await gulls.seen_by(CHEN).say(f"/edit{BOT} a gull")
    await gulls.silence()
    assert talk.painter.calls == []


async def test_strangers_who_are_told_at_once_are_told_once_each(talk: Talk, group: Chat) -> None:
    await group.say("/allow admins")
    await group.answer()
    for number in range(2):
        for person in (BORIS, CHEN):
            await group.seen_by(person).say(f"/edit{BOT} boat {number}")
    assert len({(await group.answer()).reply_to for _ in range(2)}) == 2
    await group.silence()


async def test_who_is_not_let_in_any_more_corrects_no_wish_that_waits(talk: Talk) -> None:
    """The rule is made in another topic while the wish waits for its call; the edit would make four of it."""
    talk.settings["max_parallel_calls"] = 1
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup", is_forum=True)
    await group.answer()
    boats, rules = await group.open_topic("Boats"), await group.open_topic("Rules")
    gate = talk.painter.hold()
    await talk.telegram.ann.say("a lighthouse")
    await talk.painter.called(1)
    wish = await boats.seen_by(BORIS).say(f"/edit{BOT} a boat")
    assert "next in line" in (await boats.answer()).text
    await rules.say(f"/allow{BOT} admins")
    assert "Only admins" in (await rules.answer()).text
    await boats.seen_by(BORIS).edit(wish, f"/x4{BOT} a red boat")
    await boats.silence()
    gate.set()
    assert (await boats.answer()).has_picture
    assert "Only some people may use me" in (await boats.answer()).text
    assert [call.wish for call in talk.painter.calls] == ["a lighthouse", "Boris: a boat"]
