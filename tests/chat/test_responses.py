"""Handlers return what to say and how their update ends, so these tests need no chat, and nothing is sent."""

from __future__ import annotations

import ast
import asyncio
import zipfile
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from telegram import Bot

from bot.chat.commands.context import CommandContext
from bot.chat.commands.dispatch import Commands
from bot.chat.commands.forget import BUTTONS_FOR_S, ForgetCommands
from bot.chat.commands.group_rules import GroupRules
from bot.chat.commands.keep import KeepingCommands
from bot.chat.commands.settings import SettingsMenu
from bot.chat.events import ChannelJoined, Left, Pressed, Said
from bot.chat.groups.admins import Admins
from bot.chat.groups.membership import Membership
from bot.chat.groups.topics import NewTopics
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.identity import BotIdentity
from bot.chat.owners import Owners
from bot.chat.receive.download import Downloader
from bot.chat.receive.hearing import Hearing
from bot.chat.receive.placing import Placing
from bot.chat.responder import Responder
from bot.chat.response import (
    DONE,
    JUST_SENT,
    Document,
    KeepLinks,
    Leave,
    Response,
    Rewording,
    Sentence,
    Series,
    Take,
    WithoutButtons,
    Words,
    respond,
)
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.captions import Captions
from bot.chat.wishes.edits import Edits
from bot.chat.wishes.questions import Questions
from bot.chat.wishes.reading import WishReader
from bot.dispatch.base import NoPeers
from bot.metrics import Meter
from bot.providers.factory import ProviderConfig, build
from bot.turns.answering import Answering
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.turns import Turns
from storage.records import Author, MessageLink, Role
from storage.store import Store
from tests.support.records import ANNE, HOME, TERMS, new_turn, outcome, sent

CHAT = Path(__file__).parent.parent.parent / "bot" / "chat"
GROUP = HOME._replace(chat_id=-100_0000000005)
CHANNEL = Author(id=-100_7, name="News")
TELEGRAM = Bot("77:" + "A" * 35)


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db", str(tmp_path / "media"))
    yield opened
    await opened.close()


@pytest.fixture
def turns(store: Store) -> Turns:
    gemini = build("gemini", ProviderConfig(api_key="key"))
    policy = AnsweringPolicy(default=Choice(provider="gemini", model="gemini-2.5-flash-image"))
    return Turns(store, Answering(store, {"gemini": [gemini]}, policy))


def visibility(store: Store) -> GroupVisibility:
    return GroupVisibility(TELEGRAM, store)


async def context(store: Store, name: str, value: str = "", **more: Any) -> CommandContext:
    recipient = Recipient(key=HOME, language="en", own_language="en")
    conversation = await store.conversations.open(HOME)
    values = {"private": True, "turn": None, **more}
    return CommandContext(
        name=name,
        value=value,
        recipient=recipient,
        conversation=conversation,
        update_id=1,
        author=ANNE,
        **values,
    )


def said(**more: Any) -> Said:
    values = {"update_id": 1, "key": HOME, "private": True, "author": ANNE, "message_id": 31, "words": ""}
    return Said(**{**values, "addressed": True, **more})


def pressed(data: str) -> Pressed:
    return Pressed(update_id=1, key=HOME, private=True, author=ANNE, callback_id="1", message_id=30, data=data)


def commands(store: Store, turns: Turns) -> Commands:
    rules = GroupRules(Admins(TELEGRAM, frozenset()), store, visibility(store))
    return Commands(store, SettingsMenu(store, turns), rules, [Albums(store, None)])  # type: ignore[arg-type]


def reader(store: Store, turns: Turns) -> WishReader:
    placing = Placing(TELEGRAM, store, None, NoPeers(), "en")  # type: ignore[arg-type]
    responder = Responder(TELEGRAM, store, turns, Delivery(TELEGRAM, store), placing)
    downloader = Downloader(TELEGRAM, store.media)
    captions = Captions(store, turns, commands(store, turns), responder)
    edits = Edits(store, turns, downloader, None)  # type: ignore[arg-type]
    owners = Owners(Delivery(TELEGRAM, store), (), store, "en")
    watch = turns.answering.limit_watch
    hearing = Hearing(None, TELEGRAM, downloader, store.inbox, watch, Meter(), asyncio.Event(), owners)
    topics = NewTopics(TELEGRAM, store, wanted=False)
    return WishReader(store, downloader, hearing, visibility(store), captions, edits, topics)


async def test_words_become_a_turn_without_a_remark(store: Store, turns: Turns) -> None:
    left, response = await reader(store, turns).respond([said(words="a boat")])
    assert [one.update_id for one in left] == [1]
    assert response.parts == ()
    assert isinstance(response.ending, Take)
    assert (response.ending.turn_input.wish, response.ending.turn_input.updates) == ("a boat", (1,))


async def test_a_name_that_nobody_gave_is_remarked_before_the_wish_is_taken(store: Store, turns: Turns) -> None:
    conversation = await store.conversations.open(HOME)
    await store.names.save(conversation.id, "hat", sent(1), ANNE.id, of=())
    _, response = await reader(store, turns).respond([said(words="put @hat on the @dog")])
    assert response.parts == (Words(text="There is no picture named @dog here. /saved lists them.", optional=True),)
    assert isinstance(response.ending, Take)
    assert [one.name for one in response.ending.turn_input.pictures] == ["hat"]


async def test_what_no_model_reads_is_refused_and_its_update_ends(store: Store, turns: Turns) -> None:
    _, response = await reader(store, turns).respond([said(unusable="video")])
    assert response == respond("unusable-video")


async def test_a_message_that_is_not_for_the_bot_ends_in_silence(store: Store, turns: Turns) -> None:
    overheard = said(key=GROUP, private=False, addressed=False, words="hello", author=CHANNEL)
    assert await reader(store, turns).respond([overheard]) == ([overheard], DONE)


def test_handlers_send_nothing_and_end_no_update() -> None:
    """Only ``responder`` does, so a handler cannot forget its update."""
    found = []
    for room in ("commands", "groups", "stars", "wishes"):
        for path in (CHAT / room).glob("*.py"):
            called = {node.attr for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Attribute)}
            found += [f"{path.name}: {name}" for name in called & {"finish", "_delivery", "send_message"}]
    assert found == []


async def test_a_question_about_forgetting_has_buttons_for_ten_minutes(store: Store, turns: Turns) -> None:
    rules = GroupRules(Admins(TELEGRAM, frozenset()), store, visibility(store))
    verbs = ForgetCommands(store, turns, rules, lambda gone: None, None)  # type: ignore[arg-type,return-value]
    asked = await verbs.ask(await context(store, "forget"))
    (question,) = asked.parts
    assert isinstance(question, Sentence)
    assert (question.key, question.buttons_for_s) == ("forget-ask", BUTTONS_FOR_S)


async def test_an_old_button_forgets_nothing_and_goes_away(store: Store, turns: Turns) -> None:
    rules = GroupRules(Admins(TELEGRAM, frozenset()), store, visibility(store))
    verbs = ForgetCommands(store, turns, rules, lambda gone: None, None)  # type: ignore[arg-type,return-value]
    late = await context(store, "forget-conversation-surely", f"1000/{ANNE.id}", message_id=30)
    expected = (WithoutButtons(message_id=30), Sentence(key="forget-expired"))
    assert await verbs.forget_conversation(late) == Response(parts=expected)


async def test_a_button_of_the_settings_changes_its_own_message(store: Store, turns: Turns) -> None:
    response = await commands(store, turns).pressed(pressed("set-ratio:16:9"))
    (page,) = response.parts
    assert isinstance(page, Rewording)
    assert (page.message_id, page.anew) == (30, False)
    assert (await store.conversations.settings(HOME))["ratio"] == "16:9"


async def test_a_typed_setting_is_answered_by_the_menu(store: Store, turns: Turns) -> None:
    response = await SettingsMenu(store, turns).setting(await context(store, "ratio", "upright"))
    (page,) = response.parts
    assert isinstance(page, Words)
    assert "upright" in page.text
    assert page.keyboard is not None


async def test_a_button_of_another_conversation_is_outdated(store: Store, turns: Turns) -> None:
    elsewhere = await store.conversations.open(HOME._replace(chat_id=8))
    other = await store.conversations.take(new_turn(elsewhere.id), (), ())
    assert await commands(store, turns).pressed(pressed(f"join:{other.id}")) == respond("button-outdated")


async def test_an_export_is_made_while_it_is_sent_and_leaves_no_file(store: Store, turns: Turns) -> None:
    conversation = await store.conversations.open(HOME)
    turn = await store.conversations.take(new_turn(conversation.id), (), ())
    await store.conversations.begin_call(turn.id, terms=TERMS)
    await store.conversations.store_answer(turn, outcome(1))
    keeping = KeepingCommands(store, turns, visibility(store))
    (series,) = (await keeping.export(await context(store, "export"))).parts
    assert isinstance(series, Series)
    async for part in series.parts:
        assert isinstance(part, Document)
        assert part.name == "conversation.zip"
        assert {"tree.json", "contents.json", "index.html"} <= set(zipfile.ZipFile(part.file).namelist())
        # A file without a name is gone with the process, however that ends.
        assert isinstance(part.file.name, int)
    assert part.file.closed


async def test_a_picture_without_words_is_asked_about_and_linked_with_the_question(store: Store) -> None:
    link = MessageLink(chat_id=HOME.chat_id, message_id=31, role=Role.LOOSE, picture=sent(1))
    response = await Questions(store, visibility(store)).of_pictures([said()], [link])
    assert response.parts == (Sentence(key="what-to-do", values={"count": 1}),)
    kept = response.ending
    assert isinstance(kept, KeepLinks)
    assert [(one.message_id, one.asks) for one in kept.links] == [(31, ()), (JUST_SENT, (31,))]


async def test_a_channel_is_left_without_a_word(store: Store) -> None:
    membership = Membership(BotIdentity(TELEGRAM, "en"), store, visibility(store))
    event = ChannelJoined(update_id=1, key=HOME, private=False, author=ANNE, channel_id=-100_7)
    assert await membership.respond(event) == Response(parts=(Leave(chat_id=-100_7),))


async def test_a_chat_that_blocked_the_bot_is_noted_in_silence(store: Store) -> None:
    await store.chats.seen(HOME.chat_id, "private", "")
    membership = Membership(BotIdentity(TELEGRAM, "en"), store, visibility(store))
    assert await membership.respond(Left(update_id=1, key=HOME, private=True, author=ANNE)) == DONE
    chat = await store.chats.find(HOME.chat_id)
    assert chat is not None
    assert not chat.active
