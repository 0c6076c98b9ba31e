"""Compiled SQL that all databases of a test process share. Imports SQLAlchemy.

An engine keeps its compiled SQL to itself, and each test has its own engine: to compile the bot's statements for each
would be a seventh of a dialogue's work. Two engines of one dialect compile alike.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import Connection, Engine, event


class _ByDialect(dict[Any, Any]):
    """Knows an entry by the class of its dialect. SQLAlchemy's keys begin with the dialect of one engine."""

    def get(self, key: Any, default: Any = None) -> Any:
        return super().get((type(key[0]), *key[1:]), default)

    def __setitem__(self, key: Any, value: Any) -> None:
        super().__setitem__((type(key[0]), *key[1:]), value)


def share_compiled() -> None:
    """Let all connections from now on compile into one place (``compiled_cache`` of ``execution_options``)."""
    compiled = _ByDialect()

    @event.listens_for(Engine, "engine_connect")
    def share(connection: Connection) -> None:
        connection.execution_options(compiled_cache=compiled)
