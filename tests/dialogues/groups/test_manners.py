"""Manners in groups: words for one person alone, a reaction while a picture is painted, and buttons with colours."""

from __future__ import annotations

from pathlib import Path

import pytest

from storage.records import Key
from tests.support.people import Chat
from tests.support.talking import Talk, talking

NOT_ALLOWED = "Only some people may use me in this group."


async def closed(talk: Talk, *, bot_admin: bool = True) -> Chat:
    """Return a supergroup in which only Ann may use the bot, on a server that knows messages for one person."""
    await talk.telegram.post("whispers", {"as": talk.telegram.ann.id, "on": True})
    group = await talk.telegram.group(kind="supergroup", bot_admin=bot_admin)
    await group.answer()
    await group.say("/allow@pentimento_bot admins")
    await group.answer()
    return group


async def test_who_is_not_allowed_reads_so_alone(talk: Talk) -> None:
    group = await closed(talk)
    boris = group.seen_by(1002)
    await boris.say("/edit@pentimento_bot a boat")
    assert NOT_ALLOWED in await boris.whispered()
    await group.silence()
    assert await group.whispers() == []
    assert talk.painter.calls == []


async def test_where_the_bot_is_no_admin_it_says_so_to_all_as_before(talk: Talk) -> None:
    group = await closed(talk, bot_admin=False)
    boris = group.seen_by(1002)
    asked = await boris.say("/edit@pentimento_bot a boat")
    told = await group.answer()
    assert NOT_ALLOWED in told.text
    assert told.body["reply_to_message"]["message_id"] == asked.id
    # The refusal is remembered: nobody is asked twice for what is not to be had.
    await group.seen_by(1003).say("/edit@pentimento_bot a hat")
    assert NOT_ALLOWED in (await group.answer()).text
    tried = [
        call for call in await talk.telegram.calls("sendMessage") if "ephemeral_message_parameters" in call["params"]
    ]
    assert len(tried) == 1


async def test_a_press_is_answered_to_one_person_though_the_bot_is_no_admin(talk: Talk) -> None:
    await talk.telegram.post("whispers", {"as": talk.telegram.ann.id, "on": True})
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    await group.say("/settings")
    menu = await group.answer()
    await group.press(menu, "Buttons")
    choices = await group.until(menu, lambda message: any("asked" in text for text in message.buttons))
    await group.press(choices, next(text for text in choices.buttons if "asked" in text))
    await group.say("/edit@pentimento_bot a boat")
    boat = await group.answer()
    boris = group.seen_by(1002)
    await boris.press(boat, "Again")
    assert "only for Ann" in await boris.whispered()
    await group.silence()


async def test_an_older_server_is_asked_once_and_all_is_as_before(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    await group.say("/allow@pentimento_bot admins")
    await group.answer()
    for person in (1002, 1003):
        asked = await group.seen_by(person).say("/edit@pentimento_bot a boat")
        told = await group.answer()
        assert NOT_ALLOWED in told.text
        assert told.reply_to == asked.id
    assert len(await talk.telegram.calls("deleteEphemeralMessage")) == 1


async def test_the_wish_has_a_reaction_while_it_is_painted(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    gate = talk.painter.hold()
    asked = await group.say("/edit@pentimento_bot a boat")

    async def shown() -> bool | None:
        return True if await group.reactions(asked) == ["👀"] else None

    await talk.telegram.wait_for(shown, 10, "no reaction came")
    gate.set()
    assert (await group.answer()).has_picture

    async def gone() -> bool | None:
        return True if await group.reactions(asked) == [] else None

    await talk.telegram.wait_for(gone, 10, "the reaction stayed")


async def test_where_reactions_are_not_allowed_none_is_tried_again(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await talk.telegram.fault("setMessageReaction", status=400, description="Bad Request: REACTION_INVALID")
    for wish in ("a boat", "a hat"):
        gate = talk.painter.hold()
        await group.say(f"/edit@pentimento_bot {wish}")
        await talk.painter.called(len(talk.painter.calls) + 1)

        async def acted() -> bool | None:
            return True if await talk.telegram.calls("sendChatAction") else None

        await talk.telegram.wait_for(acted, 10, "nothing shows that the bot is at work")
        gate.set()
        assert (await group.answer()).has_picture
    assert len(await talk.telegram.calls("setMessageReaction")) == 1


async def test_in_private_no_reaction_is_needed(talk: Talk) -> None:
    talk.painter.delay_s = 0.4
    await talk.telegram.ann.say("a boat")
    await talk.telegram.ann.answer()
    assert await talk.telegram.calls("setMessageReaction") == []


async def test_the_chosen_value_of_a_setting_has_a_colour(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/ratio 16:9")
    await ann.answer()
    await ann.say("/settings")
    menu = await ann.answer()
    await ann.press(menu, "16:9")
    page = await ann.until(menu, lambda message: any(text.startswith("✓") for text in message.buttons))
    rows = page.body["reply_markup"]["inline_keyboard"]
    styles = {button["text"]: button.get("style") for row in rows for button in row}
    assert [text for text, style in styles.items() if style] == ["✓ 16:9"]
    assert styles["✓ 16:9"] == "success"


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_cancel_is_red(talk: Talk, language: str) -> None:
    from bot.chat.send.keyboards import to_cancel

    (button,) = to_cancel(language, 7).inline_keyboard[0]
    assert button.style == "danger"


async def test_settings_are_chosen_by_one_person_alone(talk: Talk) -> None:
    await talk.telegram.post("whispers", {"as": talk.telegram.ann.id, "on": True})
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    await group.say("/settings@pentimento_bot")
    assert "Settings" in await group.whispered()
    await group.press_whispered("Shape")
    await until(talk, group, "16:9")
    await group.press_whispered("16:9")
    await until(talk, group, "Settings")
    assert await group.seen_by(1002).whispers() == []
    await group.silence()
    conversation = await talk.store.conversations.open(Key(group.id, 0))
    assert conversation.settings["ratio"] == "16:9"


async def test_who_is_over_the_limit_reads_so_alone_and_tries_again_there(tmp_path: Path) -> None:
    async with talking(tmp_path, limit_person="0/day") as talk:
        await talk.telegram.post("whispers", {"as": talk.telegram.ann.id, "on": True})
        group = await talk.telegram.group(kind="supergroup", bot_admin=True)
        await group.answer()
        boris = group.seen_by(1002)
        await boris.say("/edit@pentimento_bot a boat")
        assert "At present I have no pictures to give here" in await boris.whispered()
        assert await group.whispers() == []
        await talk.stop()
        talk.settings["limit_person"] = ""
        await talk.start()
        await boris.press_whispered("Try again")
        assert (await group.answer()).has_picture
        await group.silence()


async def until(talk: Talk, group: Chat, button: str) -> None:
    """Wait until a button or the words of what the bot said to one person alone contain something."""

    async def look() -> bool | None:
        page = await talk.telegram.get(f"chats/{group.id}/whispers?as={group.person_id}")
        return True if button in str(page["messages"][-1:]) else None

    await talk.telegram.wait_for(look, 10, f"nothing read {button!r}")
