"""What the bot gets to read in a group, what it says about it, and that its advice works.

Privacy mode is on, as every new bot has it (core.telegram.org/bots/features#privacy-mode).
"""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest

from bot.chat.groups.visibility import KEPT_AS
from tests.support.painter import number_of, plain
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk, both_ways

BOT = "@pentimento_bot"
MENTIONS, NO_MENTIONS = "mention me, reply to me or send /edit", "reply to me or send /edit"


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group of Ann, Boris and Chen that the bot has greeted."""
    made = await talk.telegram.group()
    await made.answer()
    return made


async def told(group: Chat, command: str) -> str:
    """Return what the bot says to a command that reaches it in any case."""
    await group.say(f"{command}{BOT}")
    return (await group.answer()).text


@both_ways
async def test_a_greeting_names_what_works_in_privacy_mode(talk: Talk) -> None:
    group = await talk.telegram.group()
    greeting = await group.answer()
    assert "Reply to this message with a wish or a photo, or send" in greeting.text
    assert f"/edit{BOT} a lighthouse at dusk" in greeting.text
    assert "mention" not in greeting.text
    await group.say(f"{BOT} a boat")
    await group.silence()
    await group.say("a boat", reply_to=greeting)
    assert (await group.answer()).has_picture


async def test_a_greeting_promises_mentions_where_they_arrive(talk: Talk) -> None:
    """The mode is that of the moment: a person can have switched it while the bot ran."""
    await talk.telegram.privacy(on=False)
    group = await talk.telegram.group()
    assert "You can mention me, too: I can read all messages here" in (await group.answer()).text
    await group.say(f"{BOT} a boat")
    assert (await group.answer()).has_picture


@pytest.mark.parametrize("later", [False, True])
async def test_a_greeting_says_that_an_admin_reads_everything(talk: Talk, later: bool) -> None:
    group = await talk.telegram.group(bot=not later, bot_admin=not later)
    if later:
        await group.add("bot", bot_admin=True)
    assert "You can mention me, too: as an admin I can read all messages here" in (await group.answer()).text
    await group.say("shall we meet at eight?")
    await group.say(f"{BOT} a boat")
    assert (await group.answer()).has_picture
    assert [call.wish for call in talk.painter.calls] == ["Ann: a boat"]
    await group.silence()


async def test_a_message_that_says_who_was_added_is_enough_to_know_an_admin(talk: Talk) -> None:
    """It says nothing of rights, so Telegram is asked; the other news may come later."""
    await talk.stop()
    group = await talk.telegram.group(bot_admin=True)
    (created,) = [update for update in await talk.telegram.queue() if "message" in update]
    await talk.telegram.api("getUpdates", offset=created["update_id"] + 1, timeout=0)
    await talk.telegram.update({"message": created["message"]})
    await talk.start()
    assert "as an admin I can read all messages" in (await group.answer()).text


async def test_words_a_photo_and_an_album_are_wishes_as_replies_to_anything_that_it_said(
    talk: Talk, group: Chat
) -> None:
    greeting = next(message for message in await group.history() if message.from_bot)
    await group.photo(plain(150), "make it black and white", reply_to=greeting)
    assert (await group.answer()).has_picture
    await group.say(f"/help{BOT}")
    help_text = await group.answer()
    await group.seen_by(BORIS).album([plain(20), plain(30)], "blend them", reply_to=help_text)
    painted = await group.answer()
    assert painted.has_picture
    await group.say("warmer", reply_to=painted)
    assert (await group.answer()).has_picture
    photo, album, words = talk.painter.calls
    assert (photo.wish, [number_of(picture) for picture in photo.pictures]) == ("Ann: make it black and white", [150])
    assert (album.wish, [number_of(picture) for picture in album.pictures]) == ("Boris: blend them", [20, 30])
    assert words.wish == "Ann: warmer"


async def test_a_photo_alone_waits_for_a_reply_to_the_question(talk: Talk, group: Chat) -> None:
    greeting = next(message for message in await group.history() if message.from_bot)
    await group.photo(plain(150), reply_to=greeting)
    question = await group.answer()
    assert "What should I do with this picture?" in question.text
    await group.say("make it warmer", reply_to=question)
    assert (await group.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == ("Ann: make it warmer", [150])


async def test_a_promotion_changes_what_it_says_and_is_not_talked_about(talk: Talk, group: Chat) -> None:
    assert NO_MENTIONS in await told(group, "/help")
    assert "In this group I see only replies to me and commands." in await told(group, "/privacy")
    await group.rights(bot_admin=True)
    await group.say(f"{BOT} a boat")
    assert (await group.answer()).has_picture
    assert MENTIONS in await told(group, "/help")
    assert "As an admin of this group I see all messages" in await told(group, "/privacy")
    await talk.restart()
    await group.rights(bot_admin=False)
    await group.silence()
    assert MENTIONS not in await told(group, "/help")
    assert "In this group I see only replies to me and commands." in await told(group, "/privacy")


async def test_the_mode_at_its_arrival_holds_until_it_joins_again(talk: Talk, group: Chat) -> None:
    await talk.telegram.privacy(on=False)
    await talk.restart()
    assert MENTIONS not in await told(group, "/help")
    assert "only replies to me and commands" in await told(group, "/privacy")
    await group.remove("bot")
    await group.add("bot")
    assert "You can mention me, too: I can read" in (await group.answer()).text
    await talk.telegram.privacy(on=True)
    assert MENTIONS in await told(group, "/help")
    assert "In this group I see all messages, but I keep only" in await told(group, "/privacy")


@pytest.mark.parametrize("admin", [False, True])
async def test_telegram_is_asked_of_a_group_that_an_earlier_version_joined(
    talk: Talk, group: Chat, admin: bool
) -> None:
    if admin:
        await group.rights(bot_admin=True)
        await group.say(f"{BOT} a boat")
        await group.answer()
    await talk.store.chats.choose(group.id, KEPT_AS, None)
    asked = len(await talk.telegram.calls("getChatMember"))
    for _ in range(2):
        assert (MENTIONS in await told(group, "/help")) is admin
    assert len(await talk.telegram.calls("getChatMember")) == asked + 1


async def test_in_private_it_tells_what_holds_in_groups(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/help")
    assert f"In groups, reply to me or send /edit{BOT} and a wish." in (await ann.answer()).text
    await ann.say("/privacy")
    assert "In groups I see only replies to me and commands. Where I am an admin" in (await ann.answer()).text
    await talk.telegram.privacy(on=False)
    await talk.restart()
    await ann.say("/privacy")
    assert "In groups I see all messages, but I keep only" in (await ann.answer()).text


# -- a group that becomes a supergroup


async def upgraded(talk: Talk, group: Chat) -> tuple[Chat, dict[str, Any], list[dict[str, Any]]]:
    """Upgrade a group without news to the bot; return it with the news of its membership, and the other news."""
    new = await group.upgrade()
    news = (await talk.telegram.queue())[-3:]
    await talk.telegram.api("getUpdates", offset=news[-1]["update_id"] + 1, timeout=0)
    told = [{kind: body for kind, body in update.items() if kind != "update_id"} for update in news]
    (member,) = [update for update in told if "my_chat_member" in update]
    return new, member, [update for update in told if update is not member]


@pytest.mark.parametrize("which", ["migrate_from_chat_id", "migrate_to_chat_id"])
async def test_a_supergroup_is_not_greeted_again_though_that_it_moved_is_told_later(
    talk: Talk, group: Chat, which: str
) -> None:
    """Three updates announce it, in no promised order, and getUpdates may bring one alone (Client.h, LONG_POLL_...)."""
    await group.rights(bot_admin=True)
    await talk.stop()
    new, member, others = await upgraded(talk, group)
    await talk.start()
    await talk.telegram.update(member)
    await asyncio.sleep(0.4)
    await talk.telegram.update(next(update for update in others if which in update["message"]))
    await new.silence(1.2)
    assert MENTIONS in await told(new, "/help")


async def test_a_bot_that_ends_while_it_waits_for_the_news_waits_again(talk: Talk, group: Chat) -> None:
    await talk.stop()
    new, member, others = await upgraded(talk, group)
    await talk.start()
    await talk.telegram.update(member)
    await asyncio.sleep(0.3)
    talk.stop_grace_s = 0
    await talk.stop()
    for update in others:
        await talk.telegram.update(update)
    await talk.start()
    await new.silence(1.2)
    assert "How it works" in await told(new, "/help")


async def test_a_supergroup_that_is_new_is_greeted_at_once(talk: Talk) -> None:
    await talk.telegram.ann.say("/help")
    await talk.telegram.ann.answer()
    began = time.monotonic()
    group = await talk.telegram.group(kind="supergroup")
    assert "Reply to this message" in (await group.answer()).text
    assert time.monotonic() - began < 0.9


async def test_a_supergroup_of_which_nothing_more_is_told_is_greeted_all_the_same(talk: Talk) -> None:
    await talk.stop()
    group = await talk.telegram.group(kind="supergroup")
    member, _ = await talk.telegram.queue()
    await talk.telegram.api("getUpdates", offset=member["update_id"] + 2, timeout=0)
    await talk.telegram.update({"my_chat_member": member["my_chat_member"]})
    await talk.start()
    assert "Reply to this message" in (await group.answer()).text


# -- replies that Telegram does not show


async def test_a_command_that_needs_a_reply_says_why_it_saw_none(talk: Talk, group: Chat) -> None:
    """In a basic group a reply to what privacy mode held back comes without it (yagop/node-telegram-bot-api#65)."""
    boris = await group.seen_by(BORIS).photo(plain(150), "my boat")
    await group.say(f"/save{BOT}", reply_to=boris)
    unseen = "Here Telegram does not show me what you reply to, unless I wrote it. Make me an admin"
    assert unseen in (await group.answer()).text
    await group.say(f"/allow{BOT}", reply_to=boris)
    answer = (await group.answer()).text
    assert "Everybody in this group may use me." in answer
    assert unseen in answer
    await group.say(f"/allow{BOT} admins")
    assert unseen not in (await group.answer()).text


async def test_a_name_for_a_picture_that_it_cannot_see_goes_to_the_current_one_and_it_says_so(
    talk: Talk, group: Chat
) -> None:
    greeting = next(message for message in await group.history() if message.from_bot)
    await group.say("a boat", reply_to=greeting)
    painted = await group.answer()
    hat = await group.seen_by(BORIS).photo(plain(150), "my hat")
    await group.say(f"/save{BOT} hat", reply_to=hat)
    assert "I saved the current picture. Here Telegram does not show me" in (await group.answer()).text
    await group.say(f"/save{BOT} boat", reply_to=painted)
    assert "Saved. Name it in a wish to use it, as in “make @boat black and white”." in (await group.answer()).text


@pytest.mark.parametrize("how", ["admin", "supergroup"])
async def test_where_telegram_shows_the_reply_it_counts(talk: Talk, how: str) -> None:
    group = await talk.telegram.group(kind="supergroup" if how == "supergroup" else "group", bot_admin=how == "admin")
    await group.answer()
    hat = await group.seen_by(BORIS).photo(plain(150), "my hat")
    await group.say(f"/allow{BOT}", reply_to=hat)
    assert "and: Boris." in (await group.answer()).text
    await group.say(f"/save{BOT}")
    assert "Telegram does not show me" not in (await group.answer()).text


async def test_a_basic_group_hears_at_once_that_replied_to_pictures_do_not_reach_the_bot(talk: Talk) -> None:
    group = await talk.telegram.group()
    assert "If you reply to one of your own pictures" in (await group.answer()).text
    photo = await group.photo(plain(150))
    await group.say(f"/edit{BOT}", reply_to=photo)
    question = await group.answer()
    assert "If you replied to a picture, send that picture along" in question.text
    await group.photo(plain(150), "make it blue", reply_to=question)
    assert (await group.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_name_for_an_unseen_picture_in_a_new_group_says_why_there_is_none(talk: Talk, group: Chat) -> None:
    photo = await group.photo(plain(150))
    await group.say(f"/save{BOT} hat", reply_to=photo)
    answer = (await group.answer()).text
    assert "There is no picture here yet" in answer
    assert "Here Telegram does not show me what you reply to" in answer


@pytest.mark.parametrize("kind", ["group", "supergroup"])
async def test_help_in_a_group_says_what_works_in_that_group(talk: Talk, kind: str) -> None:
    group = await talk.telegram.group(kind=kind)
    assert f"\n/edit{BOT} a lighthouse at dusk\n" in (await group.answer()).text
    text = await told(group, "/help")
    assert "A photo without words waits for your next message" not in text
    assert "mine or yours" not in text
    assert ("To edit anybody’s picture" in text) == (kind == "supergroup")
    photo = await group.seen_by(BORIS).photo(plain(150))
    if kind == "supergroup":
        await group.say(f"/edit{BOT} make it blue", reply_to=photo)
        assert (await group.answer()).has_picture
        assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


# -- questions that Telegram does not answer now


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
@pytest.mark.parametrize("limits", [False, True])
async def test_a_flood_wait_of_a_question_keeps_no_group_from_its_greeting_and_its_wish(
    talk: Talk, limits: bool
) -> None:
    """The mode is learned later, when somebody asks for it; with the flood waits kept as in an installation, too."""
    talk.settings["telegram_limits"] = limits
    await talk.restart()
    await talk.telegram.fault("getMe", retry_after=40, times=1)
    group = await talk.telegram.group()
    await group.say(f"/edit{BOT} a boat")
    greeting, boat = await group.answers(2)
    assert "Reply to this message with a wish" in greeting.text
    assert boat.has_picture
    kept = await talk.store.chats.find(group.id)
    assert kept is not None
    assert kept.settings[KEPT_AS] == {"admin": False, "reads_all": None, "asks": True}
    said = await told(group, "/privacy")
    # Its flood wait goes on where it is kept; there nothing is claimed yet.
    assert ("In this group I may see all messages" if limits else "I see only replies to me and commands.") in said


@pytest.mark.filterwarnings("ignore:.*retry_after:telegram.warnings.PTBDeprecationWarning")
async def test_a_flood_wait_keeps_no_old_group_from_help(talk: Talk, group: Chat) -> None:
    await talk.store.chats.choose(group.id, KEPT_AS, None)
    await talk.telegram.fault("getChatMember", retry_after=490, times=1)
    assert NO_MENTIONS in await told(group, "/help")
    await group.rights(bot_admin=True)
    assert MENTIONS in await told(group, "/help")


async def test_of_a_group_that_an_earlier_version_joined_it_claims_nothing_until_it_overhears_something(
    talk: Talk,
) -> None:
    """Privacy mode was off when the bot joined, and is on now: mentions are read there all the same."""
    await talk.telegram.privacy(on=False)
    group = await talk.telegram.group()
    await group.answer()
    await talk.telegram.privacy(on=True)
    await talk.store.chats.choose(group.id, KEPT_AS, None)
    assert "In this group I may see all messages, but I keep only" in await told(group, "/privacy")
    await group.seen_by(BORIS).say("shall we meet at eight?")
    assert "In this group I see all messages, but I keep only" in await told(group, "/privacy")
    assert MENTIONS in await told(group, "/help")
