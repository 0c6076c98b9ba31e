"""Other bots in a group: what they write costs nothing, unless the operator wants to hear them.

Who gets which messages is in core.telegram.org/api/bots/bot-to-bot; that page asks bots to end loops by themselves.
"""

from __future__ import annotations

from pathlib import Path

from tests.support.people import Chat
from tests.support.talking import Talk, talking

HEARD = {"other_bots": "true"}


async def painted(talk: Talk, *, bot_admin: bool = False) -> Chat:
    """Return a group in which the bot has painted once."""
    group = await talk.telegram.group(kind="supergroup", bot_admin=bot_admin)
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    assert (await group.answer()).has_picture
    return group


async def test_a_bot_that_answers_each_picture_buys_none(talk: Talk) -> None:
    """Only the mode of the other one need be on. Without end they would paint for each other."""
    await talk.telegram.bots_talk(others=True)
    group = await painted(talk)
    boat = (await group.history())[-1]
    for _ in range(10):
        await talk.telegram.other_bot(group, "What a lovely boat!", reply_to=boat)
    await group.silence()
    assert len(talk.painter.calls) == 1


async def test_a_bot_that_calls_by_name_gets_nothing_and_hears_nothing(talk: Talk) -> None:
    """Neither a wish, nor help, nor a sentence about an unknown command."""
    await talk.telegram.bots_talk(others=True)
    group = await painted(talk)
    for said in ("/edit@pentimento_bot a house", "/help@pentimento_bot", "/nonsense@pentimento_bot"):
        await talk.telegram.other_bot(group, said)
    await group.silence()
    assert len(talk.painter.calls) == 1


async def test_a_bot_cannot_stop_what_a_person_asked_for(talk: Talk) -> None:
    await talk.telegram.bots_talk(others=True)
    group = await painted(talk)
    gate = talk.painter.hold()
    await group.say("/edit@pentimento_bot a house")
    await talk.painter.called(2)
    await talk.telegram.other_bot(group, "/cancel@pentimento_bot")
    await group.silence()
    gate.set()
    assert (await group.answer()).has_picture


async def test_a_flood_of_a_bot_is_not_answered_by_a_word_about_too_many_wishes(talk: Talk) -> None:
    await talk.telegram.bots_talk(others=True)
    group = await painted(talk)
    gate = talk.painter.hold()
    await group.say("/edit@pentimento_bot a house")
    await talk.painter.called(2)
    for number in range(12):
        await talk.telegram.other_bot(group, f"/edit@pentimento_bot house {number}")
    await group.silence()
    gate.set()
    assert (await group.answer()).has_picture
    await group.silence()


async def test_an_anonymous_admin_is_no_other_bot(talk: Talk) -> None:
    """Telegram sends their messages from a stand-in user: "@GroupAnonymousBot", 1087968824."""
    group = await painted(talk)
    await group.say("/edit@pentimento_bot a house", anonymous=True)
    assert (await group.answer()).has_picture


async def test_a_person_may_ask_for_what_another_bot_said(talk: Talk) -> None:
    """The other one's words are in a reply of a person's; a person pays."""
    group = await painted(talk, bot_admin=True)
    await talk.telegram.other_bot(group, "Rain in the harbour")
    rain = (await group.history())[-1]
    await group.say("/edit@pentimento_bot a boat in this weather", reply_to=rain)
    assert (await group.answer()).has_picture


async def test_with_other_bots_let_in_one_that_calls_is_served(tmp_path: Path) -> None:
    """But an answer to a picture is still none to be answered again, so that two bots come to an end."""
    async with talking(tmp_path, **HEARD) as talk:
        await talk.telegram.bots_talk(own=True)
        group = await painted(talk)
        await talk.telegram.other_bot(group, "/edit@pentimento_bot a house")
        house = await group.answer()
        assert house.has_picture
        for _ in range(10):
            await talk.telegram.other_bot(group, "What a lovely house!", reply_to=house)
        await group.silence()
        assert len(talk.painter.calls) == 2
