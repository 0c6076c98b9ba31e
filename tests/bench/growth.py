"""Makes a store of very many turns out of one with a few: every row again, under new numbers, in plain SQL.

Imports the standard library. Works on any revision's schema, since it reads the columns from the database.
"""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

NUMBERED = {
    "conversations": ("id", "chat_id", "head_id"),
    "turns": ("id", "conversation_id", "parent_id", "head_before", "retold_id", "set_id"),
    "turn_media": ("turn_id",),
    "messages": ("chat_id", "message_id", "conversation_id", "turn_id"),
    "steps": ("turn_id",),
    "inbox": ("update_id", "chat_id"),
}
"""Tables that grow with use, and their columns that name rows."""


def grow(database: Path, turns: int) -> None:
    """Double the rows until there are at least so many turns."""
    with closing(sqlite3.connect(database)) as connection:
        while (known := connection.execute("SELECT count(*), max(id) FROM turns").fetchone())[0] < turns:
            # Far above anything that Telegram or the bench has numbered, so that nothing meets.
            shift = known[1] + 1_000_000_000
            for table, numbered in NUMBERED.items():
                columns = [row[1] for row in connection.execute(f"PRAGMA table_info({table})")]
                again = [f"{name} + {shift}" if name in numbered else name for name in columns]
                connection.execute(
                    f"INSERT INTO {table} ({', '.join(columns)}) SELECT {', '.join(again)} FROM {table}"  # noqa: S608
                )
            connection.commit()
