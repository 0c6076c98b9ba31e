"""Mentions, where they reach the bot: privacy mode was off when it joined, or it is an admin."""

from __future__ import annotations

import pytest

from tests.support.painter import number_of, plain
from tests.support.people import Chat
from tests.support.talking import Talk

BOT = "@pentimento_bot"
BOT_ID = 7000000001


@pytest.fixture
async def group(talk: Talk) -> Chat:
    """Return a group of Ann, Boris and Chen of which the bot reads everything."""
    await talk.telegram.privacy(on=False)
    made = await talk.telegram.group()
    await made.answer()
    return made


@pytest.mark.parametrize("how", ["admin", "mentions reach it", "neither"])
async def test_a_mention_is_answered_wherever_it_arrives(talk: Talk, how: str) -> None:
    """@BotFather says that a bot in privacy mode gets mentions, too; Telegram's documentation and live bots do not."""
    await talk.telegram.doubts(mentions_reach=how == "mentions reach it")
    group = await talk.telegram.group(bot_admin=how == "admin")
    await group.answer()
    await group.photo(plain(150), f"{BOT} make it red")
    if how == "neither":
        await group.silence()
    else:
        assert (await group.answer()).has_picture
        assert [call.wish for call in talk.painter.calls] == ["Ann: make it red"]


@pytest.mark.parametrize(
    ("said", "heard"),
    [
        (f"{BOT} a boat", "a boat"),
        (f"{BOT.upper()}, a boat", "a boat"),
        (f"a boat, {BOT}", "a boat"),
        (f"a boat for {BOT}2 please, {BOT}!", f"a boat for {BOT}2 please, !"),
        (f"paint {BOT} a boat", "paint a boat"),
        (f"{BOT}:\na boat\nand a gull", "a boat\nand a gull"),
        (f"🎨🎨 {BOT} a boat", "🎨🎨 a boat"),
    ],
)
async def test_a_mention_makes_a_wish_and_is_no_part_of_it(talk: Talk, group: Chat, said: str, heard: str) -> None:
    await group.say(said)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[0].wish == f"Ann: {heard}"


async def test_a_mention_in_a_caption_brings_the_photo(talk: Talk, group: Chat) -> None:
    await group.photo(plain(150), f"{BOT} make it black and white")
    answer = await group.answer()
    (call,) = talk.painter.calls
    assert answer.has_picture
    assert call.wish == "Ann: make it black and white"
    assert [number_of(picture) for picture in call.pictures] == [150]


async def test_a_mention_by_name_without_a_username_counts(talk: Talk, group: Chat) -> None:
    """Telegram links such a mention to the user's id (text_mention)."""
    bot = {"id": BOT_ID, "is_bot": True, "first_name": "Pentimento", "username": "pentimento_bot"}
    await group.say("Pentimento a boat", entities=[{"type": "text_mention", "offset": 0, "length": 10, "user": bot}])
    await group.answer()
    assert talk.painter.calls[0].wish == "Ann: a boat"


async def test_somebody_elses_name_is_left_in_the_words(talk: Talk, group: Chat) -> None:
    await group.say(f"{BOT} paint @boris as a pirate, not @pentimento_bot2")
    await group.answer()
    assert talk.painter.calls[0].wish == "Ann: paint @boris as a pirate, not @pentimento_bot2"


async def test_an_empty_mention_gets_a_question(talk: Talk, group: Chat) -> None:
    sent = await group.say(BOT)
    answer = await group.answer()
    assert "What would you like?" in answer.text
    assert answer.reply_to == sent.id
    assert talk.painter.calls == []
