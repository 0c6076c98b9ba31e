"""The bot is called in chats where it is no member: it answers in one message, which the picture takes over."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from telegram import User

from bot.chat.receive.polling import allowed_updates
from tests.support.calling import BOT, placeholder, shown, strangers
from tests.support.painter import number_of, plain
from tests.support.people import ANN, BORIS, Chat, Message
from tests.support.talking import Talk, both_ways


@pytest.fixture
async def guests(talk: Talk) -> Talk:
    """Return a bot whose owner switched guest mode on, and to which Ann and Boris have written before."""
    return await at_home(talk)


async def at_home(talk: Talk, **modes: Any) -> Talk:
    await talk.telegram.modes(guests=True, **modes)
    await talk.restart()
    for chat in (talk.telegram.ann, talk.telegram.boris):
        await chat.say("/start")
        await chat.answer()
    return talk


@both_ways
async def test_a_placeholder_stands_there_at_once_and_becomes_the_picture(talk: Talk) -> None:
    await at_home(talk)
    release = talk.painter.hold()
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    assert first.text == "On it…"
    assert [*first.buttons] == ["Is it ready?"]
    release.set()
    message = await shown(group, first)
    assert number_of(await message.picture_bytes()) == 1
    assert [*message.buttons] == ["🔄 Again", "Go on in private"]
    (call,) = talk.painter.calls
    assert call.wish == "a lighthouse"
    assert len(await group.history()) == 2


async def test_a_placeholder_does_not_wait_for_an_earlier_wish(guests: Talk) -> None:
    release = guests.painter.hold()
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await guests.painter.called(1)
    await group.say(f"{BOT} a tower")
    second = await placeholder(group)
    assert second.text == "On it…"
    release.set()
    for message in (first, second):
        await shown(group, message)


async def test_the_photo_that_it_replies_to_is_changed(guests: Talk) -> None:
    group = await strangers(guests)
    photo = await group.seen_by(BORIS).photo(plain(7), "my boat")
    await group.say(f"{BOT} make it red", reply_to=photo)
    assert (await shown(group, await placeholder(group))).has_picture
    (call,) = guests.painter.calls
    assert "make it red" in call.wish
    assert [number_of(one) for one in call.all_pictures] == [7]


async def test_a_photo_of_ones_own_needs_only_the_name_in_its_caption(guests: Talk) -> None:
    group = await strangers(guests)
    await group.photo(plain(7), f"{BOT} make it red")
    assert (await shown(group, await placeholder(group))).has_picture
    assert [number_of(one) for one in guests.painter.calls[0].all_pictures] == [7]


async def test_the_private_chat_stays_empty(guests: Talk) -> None:
    """The picture goes there first, since no file can be uploaded into an inline message; then it is deleted."""
    before = len(await guests.telegram.ann.history())
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    await shown(group, await placeholder(group))
    await asyncio.sleep(0.1)
    (staged,) = await guests.telegram.calls("sendPhoto")
    assert staged["params"]["chat_id"] == str(ANN)
    assert staged["params"]["disable_notification"] == "true"
    assert len(await guests.telegram.ann.history()) == before


async def test_it_speaks_the_language_of_the_caller(talk: Talk) -> None:
    await talk.telegram.modes(guests=True)
    await talk.restart()
    uwe = await talk.telegram.newcomer("Uwe", language_code="de")
    group = await strangers(talk, uwe.person_id)
    await group.seen_by(uwe.person_id).say(f"{BOT} ein Leuchtturm")
    assert (await placeholder(group)).text == "Bin dran …"


async def called_without_a_chat(talk: Talk) -> tuple[Chat, Message, Message]:
    """Let somebody call who has no chat with the bot; return the group, the placeholder, and what it became."""
    await talk.telegram.modes(guests=True)
    await talk.restart()
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    return group, first, await group.until(first, "open a chat with me once")


async def test_without_a_private_chat_it_says_how_to_open_one(talk: Talk) -> None:
    group, first, message = await called_without_a_chat(talk)
    assert [*message.buttons] == ["Open a chat with me", "Show it here"]
    assert message.buttons["Open a chat with me"].startswith("https://t.me/pentimento_bot?start=go")
    # The picture was paid for, so it waits. Once the chat is open it appears by itself.
    await talk.telegram.ann.say("/start " + message.buttons["Open a chat with me"].partition("start=")[2])
    assert (await talk.telegram.ann.answer()).has_picture
    assert (await shown(group, first)).has_picture
    assert len(talk.painter.calls) == 1


async def test_the_button_shows_it_once_the_chat_is_open(talk: Talk) -> None:
    group, first, message = await called_without_a_chat(talk)
    await talk.telegram.ann.say("/start")
    await talk.telegram.ann.answer()
    await group.press(message, "Show it here")
    assert (await shown(group, first)).has_picture
    assert len(talk.painter.calls) == 1


async def test_a_staging_chat_spares_people_the_private_chat(talk: Talk) -> None:
    await talk.telegram.modes(guests=True)
    studio = await talk.telegram.group("Studio", members=[])
    talk.settings["staging_chat"] = studio.id
    await talk.restart()
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    assert (await shown(group, await placeholder(group))).has_picture
    tried = [call["params"]["chat_id"] for call in await talk.telegram.calls("sendPhoto")]
    assert tried == [str(ANN), str(studio.id)]


async def test_a_failure_ends_in_words_in_the_same_place(guests: Talk) -> None:
    guests.painter.will((400, {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}))
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    message = await group.until(first, lambda found: found.text != first.text)
    assert not message.has_picture
    assert [*message.buttons] == ["🔄 Again", "Go on in private"]
    await group.press(message, "Again")
    assert (await shown(group, first)).has_picture


@pytest.mark.parametrize(
    ("words", "said"),
    [("", "Write after my name"), ("/help", "Here I only make pictures"), ("/settings", "Here I only make pictures")],
)
async def test_what_is_no_wish_gets_words(guests: Talk, words: str, said: str) -> None:
    group = await strangers(guests)
    await group.say(f"{BOT} {words}")
    await group.until(await placeholder(group), said)
    assert guests.painter.calls == []


async def test_what_is_no_wish_can_be_said_in_the_chat_that_its_button_opens(guests: Talk) -> None:
    group = await strangers(guests)
    await group.say(f"{BOT} /settings")
    message = await group.until(await placeholder(group), "Here I only make pictures")
    assert message.buttons == {"Open a chat with me": "https://t.me/pentimento_bot?start=chat"}
    await guests.telegram.ann.say("/start chat")
    assert (await guests.telegram.ann.answer()).text.startswith("Hi!")


async def test_of_several_versions_it_makes_one_and_says_so(guests: Talk) -> None:
    release = guests.painter.hold()
    group = await strangers(guests)
    await group.say(f"{BOT} /x4 a cat")
    first = await placeholder(group)
    assert (await group.until(first, "Here I make one version.")).text.endswith("On it…")
    release.set()
    await shown(group, first)
    assert [call.wish for call in guests.painter.calls] == ["a cat"]


@pytest.mark.parametrize("staged", [False, True])
async def test_whoever_hides_behind_a_chat_is_told_before_anything_is_painted(guests: Talk, *, staged: bool) -> None:
    """Nobody could press the buttons, nor open a private chat; and each channel would have limits of its own."""
    studio = await guests.telegram.group("Studio", members=[])
    await guests.stop()
    guests.settings["staging_chat"] = studio.id if staged else None
    group = await strangers(guests)
    await group.say(f"{BOT} a tower")
    [call] = [update for update in await guests.telegram.queue() if "guest_message" in update]
    message = call["guest_message"]
    message["from"] = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
    message["sender_chat"] = {"id": group.id, "type": "supergroup", "title": "Strangers"}
    await guests.telegram.api("getUpdates", offset=call["update_id"] + 1, allowed_updates=["guest_message"])
    await guests.telegram.update({"guest_message": message})
    await guests.start()
    await group.until(await placeholder(group), "Please call me under your own name")
    assert guests.painter.calls == []


@pytest.mark.parametrize(
    ("modes", "said"),
    [
        ({}, []),
        ({"guests": True}, ["In chats where I am no member"]),
        ({"inline": True}, ["When you type after my name"]),
        ({"guests": True, "inline": True}, ["In chats where I am no member", "When you type after my name"]),
    ],
)
async def test_privacy_says_what_is_seen_and_kept_of_chats_of_others(
    talk: Talk, modes: dict[str, bool], said: list[str]
) -> None:
    await talk.telegram.modes(**modes)
    await talk.restart()
    await talk.telegram.ann.say("/privacy")
    words = (await talk.telegram.ann.answer()).text
    known = ("In chats where I am no member", "When you type after my name", "my picture first goes to a chat")
    assert [sentence for sentence in known if sentence in words] == said


async def test_privacy_speaks_of_the_staging_chat(talk: Talk) -> None:
    await talk.telegram.modes(guests=True)
    talk.settings["staging_chat"] = (await talk.telegram.group("Studio", members=[])).id
    await talk.restart()
    await talk.telegram.ann.say("/privacy")
    assert "my picture first goes to a chat of my owner" in (await talk.telegram.ann.answer()).text


async def test_a_query_that_is_too_old_is_dropped_with_a_line_in_the_log(
    talk: Talk, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level("INFO", logger="bot")
    await at_home(talk, guest_life_s=0.01)
    await talk.stop()
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    await asyncio.sleep(0.05)
    await talk.start()
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).has_picture
    assert "the guest query is too old, so it is dropped" in caplog.text
    assert len(await group.history()) == 1
    assert [call.wish for call in talk.painter.calls] == ["a boat"]


@pytest.mark.parametrize(("guests", "inline"), [(False, False), (True, False), (False, True)])
def test_only_an_account_with_these_modes_asks_for_their_updates(*, guests: bool, inline: bool) -> None:
    me = User(1, "Bot", is_bot=True, supports_guest_queries=guests, supports_inline_queries=inline)
    wanted = allowed_updates(me)
    assert ("guest_message" in wanted, "inline_query" in wanted) == (guests, inline)
    assert "message" in wanted


async def test_people_who_are_not_served_read_so_there(talk: Talk) -> None:
    talk.settings["allowed_users"] = str(BORIS)
    await at_home(talk)
    group = await strangers(talk)
    await group.say(f"{BOT} a lighthouse")
    await group.until(await placeholder(group), "you are not on my list")
    await group.seen_by(BORIS).say(f"{BOT} a lighthouse")
    assert (await shown(group, await placeholder(group))).has_picture


async def test_wishes_that_wait_are_limited_as_in_the_private_chat(guests: Talk) -> None:
    """Each one over the limit reads so in its own place: no placeholder may stay."""
    release = guests.painter.hold()
    group = await strangers(guests)
    for number in range(9):
        await group.say(f"{BOT} boat {number}")

    async def told(count: int, waiting: int) -> list[Message] | None:
        mine = [one for one in await group.history() if one.from_bot]
        ended = [one for one in mine if not one.text.startswith("On it")]
        return ended if (len(mine), len(ended)) == (count, waiting) else None

    refused = await guests.telegram.wait_for(lambda: told(9, 3), 20, "not everybody over the limit was told")
    assert all("are waiting here already" in one.text for one in refused)
    release.set()
    await guests.telegram.wait_for(lambda: told(9, 9), 20, "a placeholder stays")
    assert len(guests.painter.calls) == 6


async def test_a_failure_whose_place_is_not_known_waits_for_a_press_there(guests: Talk) -> None:
    guests.painter.will((400, {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}))
    await guests.telegram.fault("answerGuestQuery", drop="after")
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    await guests.painter.called(1)
    await asyncio.sleep(0.2)
    assert (await group.reload(first)).text == "On it…"
    await group.press(first, "Is it ready?")
    message = await group.until(first, lambda found: found.text != first.text)
    assert [*message.buttons] == ["🔄 Again", "Go on in private"]


async def test_a_placeholder_that_somebody_deletes_stops_nothing(guests: Talk) -> None:
    release = guests.painter.hold()
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    await group.delete(await placeholder(group))
    release.set()
    await group.say(f"{BOT} a tower")
    assert (await shown(group, await placeholder(group))).has_picture
    assert len(guests.painter.calls) == 2


async def test_what_telegram_refuses_is_offered_with_a_button(guests: Talk) -> None:
    await guests.telegram.fault("sendPhoto", status=400, description="Bad Request: IMAGE_PROCESS_FAILED")
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    first = await placeholder(group)
    message = await group.until(first, lambda found: "Show it here" in found.buttons)
    await group.press(message, "Show it here")
    assert (await shown(group, first)).has_picture
    assert len(guests.painter.calls) == 1


async def test_a_call_that_telegram_delivers_twice_is_answered_once(guests: Talk) -> None:
    await guests.stop()
    group = await strangers(guests)
    await group.say(f"{BOT} a lighthouse")
    [call] = await guests.telegram.queue()
    await guests.telegram.update({kind: body for kind, body in call.items() if kind != "update_id"})
    await guests.start()
    assert (await shown(group, await placeholder(group))).has_picture
    await guests.telegram.ann.say("/help")
    await guests.telegram.ann.answer()
    assert sum(one.from_bot for one in await group.history()) == 1
    assert len(guests.painter.calls) == 1
