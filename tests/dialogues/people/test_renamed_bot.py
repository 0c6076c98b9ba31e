"""The owner changes the bot's username at @BotFather while it runs. The bot gets no update about it.

Telegram has no such update; getMe returns the name (core.telegram.org/bots/api#getme).
"""

from __future__ import annotations

import pytest

from bot.chat import identity
from tests.support.talking import Talk, in_one


async def test_in_private_a_command_with_the_new_name_is_obeyed_at_once(talk: Talk) -> None:
    await talk.telegram.rename("monet_bot")
    await talk.telegram.ann.say("/new@monet_bot")
    assert "fresh start" in (await talk.telegram.ann.answer()).text.lower()


async def test_in_a_group_a_wish_with_the_new_name_is_painted_at_once(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await talk.telegram.rename("monet_bot")
    await group.say("/edit@monet_bot a boat")
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].wish == "Ann: a boat"


async def test_the_new_name_in_a_reply_is_no_part_of_the_wish(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.say("/edit@pentimento_bot a boat")
    _, boat = await group.answers(2)
    await talk.telegram.rename("monet_bot")
    await group.say("@monet_bot warmer", reply_to=boat)
    assert (await group.answer()).has_picture
    assert talk.painter.calls[-1].wish == "Ann: warmer"


async def test_a_mention_by_the_new_name_is_heard_where_everything_is_read(talk: Talk) -> None:
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    await talk.telegram.rename("monet_bot")
    await group.say("@monet_bot a boat")
    assert (await group.answer()).has_picture


@in_one
async def test_talk_about_other_bots_asks_telegram_once_a_minute_at_most(talk: Talk) -> None:
    group = await talk.telegram.group(bot_admin=True)
    await group.answer()
    before = len(await talk.telegram.calls("getMe"))
    for number in range(5):
        await group.say(f"@weather_bot what will day {number} be like?")
    await group.say("/edit@pentimento_bot a boat")
    assert (await group.answer()).has_picture
    assert len(await talk.telegram.calls("getMe")) - before == 1


async def test_without_any_sign_the_name_is_asked_for_again_in_a_while(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name of Telegram's auctions need not end in "bot", so none is known for one."""
    monkeypatch.setattr(identity, "EVERY_S", 0.05)
    await talk.restart()
    group = await talk.telegram.group()
    await group.answer()
    await talk.telegram.rename("monet_bot")
    before = len(await talk.telegram.calls("getMe"))
    await talk.telegram.wait_for(lambda: _asked_since(talk, before), 20, "nobody asked for the name")
    await group.say("/privacy@monet_bot")
    assert "group" in (await group.answer()).text


async def test_while_telegram_does_not_say_the_name_the_old_one_is_heard(talk: Talk) -> None:
    await talk.telegram.fault("getMe", status=500, times=-1)
    await talk.telegram.ann.say("/new@monet_bot")
    await talk.telegram.ann.say("a boat")
    assert (await talk.telegram.ann.answer()).has_picture


async def _asked_since(talk: Talk, before: int) -> bool | None:
    return len(await talk.telegram.calls("getMe")) > before or None
