"""Lets procrastinate use the store's database connections. Imports SQLAlchemy, procrastinate, psycopg and ``storage``.

Procrastinate's own pool waits longer and longer for a database that is down; SQLAlchemy's tries again at each request.
So all parts of the bot recover at the same time, one setting limits the connections of a process, and all connections
are set up in one place.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager, contextmanager
from typing import Any, LiteralString

from procrastinate import exceptions
from procrastinate.connector import BaseAsyncConnector, BaseConnector, Notify
from psycopg import AsyncCursor, Error
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb
from sqlalchemy.exc import SQLAlchemyError

from storage.cluster.sessions import listening
from storage.engine.database import Database
from storage.engine.faults import StorageFault


class StoreConnector(BaseAsyncConnector):
    """Runs each query in a transaction of its own, or on the connection that it is given."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get_sync_connector(self) -> BaseConnector:
        """Refuse: everything here runs in the event loop."""
        raise NotImplementedError

    async def open_async(self, pool: Any = None) -> None:
        """Do nothing: the store is open."""

    async def close_async(self) -> None:
        """Do nothing: the store's owner closes it."""

    async def execute_query_async(self, query: LiteralString, **arguments: Any) -> None:
        """Run a query."""
        async with self._cursor() as cursor:
            await cursor.execute(query, _wrapped(arguments))

    async def execute_query_one_async(self, query: LiteralString, **arguments: Any) -> dict[str, Any]:
        """Return the first row of a query."""
        async with self._cursor() as cursor:
            await cursor.execute(query, _wrapped(arguments))
            row = await cursor.fetchone()
        if row is None:
            raise exceptions.NoResult
        return row

    async def execute_query_all_async(self, query: LiteralString, **arguments: Any) -> list[dict[str, Any]]:
        """Return the rows of a query."""
        async with self._cursor() as cursor:
            await cursor.execute(query, _wrapped(arguments))
            return await cursor.fetchall()

    async def execute_query_all_async_with_connection(
        self, connection: Any, query: LiteralString, **arguments: Any
    ) -> list[dict[str, Any]]:
        """Return the rows of a query within the caller's transaction; the caller handles its faults."""
        async with connection.cursor(row_factory=dict_row) as cursor:
            await cursor.execute(query, _wrapped(arguments))
            return list(await cursor.fetchall())

    async def listen_notify(self, on_notification: Notify, channels: Iterable[str]) -> None:
        """Pass notifications on until the connection is cut."""
        with _faults_named():
            async with listening(self._database.url, list(channels)) as heard:
                async for channel, payload in heard:
                    await on_notification(channel=channel, payload=payload)

    @asynccontextmanager
    async def _cursor(self) -> AsyncIterator[AsyncCursor[dict[str, Any]]]:
        with _faults_named():
            async with self._database.single() as connection:
                raw: Any = (await connection.get_raw_connection()).driver_connection
                async with raw.cursor(row_factory=dict_row) as cursor:
                    yield cursor


@contextmanager
def _faults_named() -> Iterator[None]:
    """Turn each fault of the database into the error type that procrastinate handles."""
    try:
        yield
    except (Error, SQLAlchemyError, StorageFault, OSError) as error:
        raise exceptions.ConnectorException(str(error)) from error


def _wrapped(arguments: dict[str, Any]) -> dict[str, Any]:
    return {name: _value(value) for name, value in arguments.items()}


def _value(value: Any) -> Any:
    """Return a value as psycopg sends it: dicts as JSON, also inside rows."""
    match value:
        case dict():
            return Jsonb(value)
        case list():
            return [_value(item) for item in value]
        case tuple():
            return tuple(_value(item) for item in value)
        case _:
            return value
