"""The table of commands agrees with the verbs, and verbs return values, so that no chat is needed to try them."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from telegram import Bot

from bot import app
from bot.chat.command_table import ALWAYS_WISH, BUTTONS, FOR_OWNERS, FOR_SALE, KNOWN
from bot.chat.commands.context import CommandContext, marked, verbs_of
from bot.chat.commands.keep import KeepingCommands
from bot.chat.commands.tree import TreeCommands
from bot.chat.commands.turns import TurnCommands
from bot.chat.groups.topics import NewTopics
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.response import Response, respond, respond_lines
from bot.chat.send.message import Recipient
from bot.turns.answering import Answering
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.turns import Turns
from storage.records import Author, Key
from storage.store import Store

ANN = Author(id=7, name="Ann", language="en")
POLICY = AnsweringPolicy(default=Choice(provider="gemini", model="m"))


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db", str(tmp_path / "media"))
    yield opened
    await opened.close()


def test_each_command_and_button_has_one_verb() -> None:
    assert app.assembled, "what it imports are all modules with verbs"
    verbs = Counter(marked())
    # A command that always carries a wish is read as a wish, and never as a command.
    assert set(verbs) == {*(KNOWN - ALWAYS_WISH), *FOR_OWNERS, *FOR_SALE, *(button.name for button in BUTTONS)}
    assert max(verbs.values()) == 1


@pytest.mark.parametrize(
    ("name", "value", "response"),
    [
        ("undo", "", respond("nothing-to-undo")),
        ("redo", "", respond("nothing-to-redo")),
        ("again", "", respond("nothing-to-repeat")),
        ("x4", "", respond("nothing-to-repeat")),
        ("choose", "5", respond("button-outdated")),
        ("show", "5", respond("button-outdated")),
        ("file", "", respond("nothing-to-file")),
        ("cancel", "", respond("nothing-to-cancel", count=0)),
        ("tree", "", respond("nothing-to-show")),
        ("go", "7", respond("no-such-number", count=0)),
        ("compare", "", respond("nothing-to-show")),
        ("timelapse", "", respond("nothing-to-show")),
        ("context", "", respond("context-empty")),
        ("save", "hat", respond_lines("There is no picture here yet that could get a name.")),
        ("saved", "", respond("saved-none")),
        ("drop", "@hat", respond("name-unknown", name="hat")),
        ("export", "", respond("nothing-to-show")),
    ],
)
async def test_where_nothing_was_painted_a_verb_says_so(
    store: Store, name: str, value: str, response: Response
) -> None:
    bot = Bot("77:" + "A" * 35)
    turns = Turns(store, Answering(store, {}, POLICY))
    keeping = KeepingCommands(store, turns, GroupVisibility(bot, store))
    topics = NewTopics(bot, store, wanted=False)
    verbs = verbs_of(TurnCommands(store, turns, topics), TreeCommands(store, turns), keeping)
    context = CommandContext(
        name=name,
        recipient=Recipient(key=Key(ANN.id, 0), language="en"),
        conversation=await store.conversations.open(Key(ANN.id, 0)),
        update_id=1,
        author=ANN,
        private=True,
        turn=None,
        value=value,
    )
    assert await verbs[name](context) == response
