"""The SQL of a turn: each kind of statement with its reason. All use an index, however large the store is."""

from __future__ import annotations

import sqlite3
from collections import Counter
from collections.abc import Mapping
from contextlib import closing
from pathlib import Path
from typing import Any

from sqlalchemy import event

from storage.schema import metadata
from tests.bench.growth import grow
from tests.bench.inside import kind_of
from tests.support.people import Chat
from tests.support.talking import Talk, in_files

MANY_TURNS = 100_000
LONG_PATH = 300

REASONS = {
    "INSERT inbox": (1, "the update, before Telegram forgets it"),
    "SELECT inbox": (1, "what else belongs to its act"),
    "SELECT messages": (2, "the conversation that it goes on with; whether the answer comes behind other messages"),
    "SELECT turns": (3, "the next piece of work, thrice, and what owners decided about whoever asks"),
    "SELECT path": (2, "what was said before; the turns whose replies go back"),
    "INSERT turns": (1, "the wish"),
    "INSERT messages": (2, "the wish's message; the answer's"),
    "UPDATE inbox": (1, "the update is a turn now"),
    "UPDATE turns": (3, "the call begins; the answer; it is delivered"),
    "INSERT entries": (1, "what the call may cost is held, within the limits"),
    "INSERT media": (1, "the picture of the answer"),
    "INSERT turn_media": (1, "the turn rests on it"),
    "UPDATE conversations": (1, "head moves to the answer"),
    "INSERT steps": (2, "the photo is about to be sent; it was sent"),
}
"""How often a turn of words in a conversation that goes on may make each kind of statement, and what for."""


class Statements:
    """Those that reach the database from here on."""

    def __init__(self, talk: Talk) -> None:
        self.seen: list[tuple[str, Any]] = []
        for engine in talk.store.database.engines:
            event.listen(engine.sync_engine, "before_cursor_execute", self._note)

    def counted(self) -> Counter[str]:
        """Return how often each kind was made."""
        return Counter(kind_of(statement) for statement, _ in self.seen)

    def scans(self, database: Path) -> list[str]:
        """Return the steps of SQLite's plans that go through a table from end to end."""
        with closing(sqlite3.connect(database)) as connection:
            plans = [
                connection.execute(f"EXPLAIN QUERY PLAN {statement}", values[0] if isinstance(values, list) else values)
                for statement, values in self.seen
            ]
            steps = {row[3] for plan in plans for row in plan}
        # Parts of a statement that are named in it, such as a path or the limits, are tables of its own.
        return sorted(step for step in steps if step.startswith("SCAN") and step.split()[1] in metadata.tables)

    def _note(self, _connection: Any, _cursor: Any, statement: str, values: Any, *_: Any) -> None:
        # Soon after a start the bot checks which command menus to publish, and what was uploaded, independent of turns.
        if not any(apart in kind_of(statement) for apart in ("windows", "provider_files")):
            self.seen.append((statement, values))


IN_GROUPS = {**REASONS, "SELECT chats": (1, "the group's rules, and what owners decided about it and the person")}
"""In a group there is one more, which says who may use the bot there."""


async def _turn(talk: Talk, chat: Chat | None = None, words: str = "a little darker") -> Statements:
    """Let Ann say something in her chat, or in a group, and have her answer."""
    chat = chat or talk.telegram.ann
    # A person sees an answer before the turn before it is noted as delivered; stopping waits for that.
    await talk.telegram.fault("getUpdates", delay_s=0)
    await talk.restart()
    # A process counts what waits before it asks Telegram for the first time, and then once in a thousand updates.
    await talk.telegram.fault_met()
    seen = Statements(talk)
    await chat.say(words)
    await chat.answer()
    await talk.restart()
    return seen


def _too_many(counted: Counter[str], reasons: Mapping[str, tuple[int, str]] = REASONS) -> dict[str, int]:
    return {kind: times for kind, times in counted.items() if times > reasons.get(kind, (0, ""))[0]}


async def test_every_statement_of_a_turn_has_its_reason(talk: Talk) -> None:
    await talk.telegram.ann.say("a lighthouse")
    await talk.telegram.ann.answer()
    seen = await _turn(talk)
    assert _too_many(seen.counted()) == {}
    assert seen.counted().total() <= 21


async def test_in_a_group_a_turn_makes_one_statement_more(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a lighthouse")
    await group.answer()
    seen = await _turn(talk, group, "/edit@pentimento_bot a little darker")
    assert _too_many(seen.counted(), IN_GROUPS) == {}
    assert seen.counted().total() <= 21


@in_files
async def test_neither_many_turns_nor_a_long_path_make_a_turn_read_more(talk: Talk) -> None:
    await talk.telegram.ann.say("a lighthouse")
    await talk.telegram.ann.answer()
    few = (await _turn(talk)).counted()
    await talk.stop()
    database = talk.settings["data_dir"] / "pentimento.db"
    grow(database, MANY_TURNS)
    _lengthen(database, LONG_PATH)
    await talk.start()
    many = await _turn(talk)
    assert _too_many(many.counted()) == {}
    assert many.counted().total() <= few.total() + 1
    assert many.scans(database) == []
    assert len(talk.painter.calls) == 3


def _lengthen(database: Path, turns: int) -> None:
    """Add this many copies of the newest turn of the first conversation, each a child of the one before."""
    with closing(sqlite3.connect(database)) as connection:
        columns = [row[1] for row in connection.execute("PRAGMA table_info(turns)")]
        (head,) = connection.execute("SELECT head_id FROM conversations ORDER BY id LIMIT 1").fetchone()
        (base,) = connection.execute("SELECT max(id) FROM turns").fetchone()
        for number in range(1, turns + 1):
            new = {"id": base + number, "parent_id": base + number - 1 if number > 1 else head}
            copied = ", ".join(str(new.get(name, name)) for name in columns)
            connection.execute(f"INSERT INTO turns SELECT {copied} FROM turns WHERE id = ?", (head,))  # noqa: S608
        connection.execute("UPDATE conversations SET head_id = ? WHERE head_id = ?", (base + turns, head))
        connection.commit()
