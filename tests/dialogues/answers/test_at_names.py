"""Names with an @ in the bot's messages: they name people without notifying them."""

from __future__ import annotations

from bot.sandbox.botapi.content.text import covered
from tests.support.messages import Message
from tests.support.painter import answered, picture_part, plain
from tests.support.talking import Talk

SAID = "For 🎨 @boris and @ann_1: see a@example.org, ask @pentimento_bot."


def marks(said: Message) -> set[tuple[str, str]]:
    entities = said.body.get("entities") or said.body.get("caption_entities") or []
    return {(entity["type"], covered(said.words, entity)) for entity in entities}


async def test_in_a_group_a_name_is_shown_as_code_and_notifies_nobody(talk: Talk) -> None:
    """Telegram finds no names in code (td, MessageEntity.cpp, merge_new_entities).

    The bot's own name notifies nobody.
    """
    group = await talk.telegram.group()
    greeting = await group.answer()
    assert marks(greeting) == {("bot_command", "/edit@pentimento_bot")}
    talk.painter.will(answered([{"text": SAID}]), answered([{"text": SAID}, picture_part(plain(7))]))
    calm = {("code", "@boris"), ("code", "@ann_1"), ("email", "a@example.org"), ("mention", "@pentimento_bot")}
    for wish in ("what for?", "a boat"):
        await group.say(wish, reply_to=greeting)
        told = await group.answer()
        assert (told.words, marks(told)) == (SAID, calm)


async def test_alone_with_a_person_a_name_is_a_name(talk: Talk) -> None:
    talk.painter.will(answered([{"text": SAID}]))
    await talk.telegram.ann.say("what for?")
    assert {kind for kind, _ in marks(await talk.telegram.ann.answer())} == {"mention", "email"}


async def test_more_names_than_telegram_takes_marks_call_nobody_either(talk: Talk) -> None:
    """It takes 100 in one (td, MessageEntity.cpp, get_input_message_entities), and looks for names in the rest."""
    group = await talk.telegram.group()
    greeting = await group.answer()
    names = [f"@name{number:04}{',' if number % 2 else ' and'}" for number in range(150)]
    talk.painter.will(answered([{"text": " ".join(names)}]))
    await group.say("who?", reply_to=greeting)
    told = await group.answer()
    entities = told.body["entities"]
    assert {entity["type"] for entity in entities} == {"code"}
    assert len(entities) == 100
    assert sum(covered(told.words, entity).count("@") for entity in entities) == 150
