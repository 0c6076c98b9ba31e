"""People are spoken to in their own language, or in the one that their conversation chose."""

from __future__ import annotations

import pytest

from bot.chat.commands.menus import menu_of
from bot.texts import languages, say
from tests.support.painter import plain
from tests.support.people import BORIS
from tests.support.talking import Talk


async def test_a_person_is_answered_in_the_language_of_their_telegram(talk: Talk) -> None:
    """Sentences, buttons and refusals are Russian; the model's own words stay as they are."""
    vera = await talk.telegram.newcomer("Vera", language_code="ru")
    await vera.say("/start")
    assert (await vera.answer()).text == say("ru", "start")
    await vera.photo(plain(150))
    assert (await vera.answer()).text == say("ru", "what-to-do", count=1)
    await vera.say("сделай теплее")
    answer = await vera.answer()
    assert answer.caption == "Painting 1."
    assert "🔄 Ещё раз" in answer.buttons
    await vera.press(answer, "Отменить")
    assert (await vera.answer()).text == say("ru", "undone-photo", count=1)


@pytest.mark.parametrize(("code", "language"), [("pt-br", "pt"), ("zh-hans", "zh-hans"), ("fr", "en")])
async def test_a_language_code_of_telegram_finds_its_words(talk: Talk, code: str, language: str) -> None:
    """Regional codes find their language; codes without a translation get English."""
    person = await talk.telegram.newcomer("Somebody", language_code=code)
    await person.say("/undo")
    assert (await person.answer()).text == say(language, "nothing-to-undo")


async def test_a_conversation_chooses_its_language_by_command(talk: Talk) -> None:
    """It holds for what follows, over a restart, until the person's own language is asked for again."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    boat = await ann.answer()
    await ann.say("/language Deutsch")
    menu = await ann.answer()
    assert "Sprache: Deutsch" in menu.buttons
    await talk.restart()
    await ann.say("/undo")
    assert (await ann.answer()).text == say("de", "undone-root")
    await ann.press(boat, "Again")
    assert "🔄 Noch einmal" in (await ann.answer()).buttons
    await ann.say("/language auto")
    assert "Language: automatic" in (await ann.answer()).buttons
    await ann.say("/cancel")
    assert (await ann.answer()).text == say("en", "nothing-to-cancel")


async def test_a_conversation_chooses_its_language_in_the_settings(talk: Talk) -> None:
    """The menu itself changes its language at once."""
    ann = talk.telegram.ann
    await ann.say("/settings")
    menu = await ann.answer()
    await ann.press(menu, "Language")
    page = await ann.until(menu, "Which language")
    assert [*page.buttons][:7] == ["✓ automatic", *(say(one, "language-name") for one in languages())]
    await ann.press(page, "简体中文")
    menu = await ann.until(menu, "这个聊天的设置")
    assert say("zh-hans", "setting-language", value="简体中文") in menu.buttons
    await ann.press(menu, "语言")
    await ann.until(menu, say("zh-hans", "choose-language"))
    await ann.press(menu, "自动")
    menu = await ann.until(menu, "Settings for this chat")
    assert "Language: automatic" in menu.buttons


async def test_an_unknown_language_is_answered_with_the_choice(talk: Talk) -> None:
    """Nothing changes."""
    ann = talk.telegram.ann
    await ann.say("/language klingon")
    page = await ann.answer()
    assert page.text.endswith(say("en", "choose-language"))
    assert "Русский" in page.buttons


async def test_a_group_chooses_a_language_for_all_its_members(talk: Talk) -> None:
    """Everybody is answered in it there, and in their own language elsewhere."""
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/language@pentimento_bot es")
    assert "Idioma: Español" in (await group.answer()).buttons
    boris = group.seen_by(BORIS)
    await boris.say("/undo@pentimento_bot")
    assert (await group.answer()).text == say("es", "nothing-to-undo")
    await talk.telegram.boris.say("/undo")
    assert (await talk.telegram.boris.answer()).text == say("en", "nothing-to-undo")


async def test_an_album_is_answered_in_the_chosen_language(talk: Talk) -> None:
    """Albums are gathered from several messages; all of them follow the choice."""
    ann = talk.telegram.ann
    await ann.say("/language de")
    await ann.answer()
    await ann.album([plain(150), plain(160)])
    assert (await ann.answer()).text == say("de", "what-to-do", count=2)


async def test_a_command_under_a_picture_is_answered_in_the_chosen_language(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/language de")
    await ann.answer()
    await ann.photo(plain(150), "/new")
    first, second = await ann.answers(2)
    assert first.text == say("de", "fresh-waiting")
    assert second.text == say("de", "what-to-do", count=1)


async def test_the_command_menu_is_published_in_every_language(talk: Talk) -> None:
    """Telegram takes codes of two letters; the menu in private begins with /start, the one of groups does not."""
    await talk.published()
    for language in languages():
        code = "" if language == "en" else language[:2]
        for scope in ("all_private_chats", "all_group_chats"):
            menu = menu_of(language, private=scope == "all_private_chats")
            answer = await talk.telegram.api("getMyCommands", scope={"type": scope}, language_code=code)
            assert [(one["command"], one["description"]) for one in answer["result"]] == menu
    refused = await talk.telegram.api("setMyCommands", commands=[], language_code="zh-hans")
    assert refused["description"] == "Bad Request: invalid language code specified"
    lin = await talk.telegram.newcomer("Lin", language_code="zh-hans")
    shown = (await talk.telegram.state(lin.person_id))["commands"]["private"]
    assert shown[0] == {"command": "start", "description": say("zh-hans", "command-start")}
