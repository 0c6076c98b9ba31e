"""Copies a whole store, tables and pictures, and proves that the copy is identical.

Imports SQLAlchemy, ``column_types``, ``engine``, ``media``, ``rows``, ``schema`` and ``store``. Pictures go first; each
is read back and compared by its SHA-256. Then all tables go in one transaction, which is committed only if they hold
the same rows. So the target holds all rows or none. After an interruption, start again: pictures that exist already are
only compared.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Column, Table, delete, select, text
from sqlalchemy.exc import DataError
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.column_types import Plain, plain
from storage.engine.database import Database
from storage.media.store import MediaDamaged, MediaMissing
from storage.rows.ids import continue_after, is_numbered, last_id
from storage.rows.paging import Row, pages
from storage.schema import identity, media, metadata, permits, schema_floor, sums, windows
from storage.store import Store

LEFT = (schema_floor, identity, windows, permits, sums)
TABLES = tuple(table for table in metadata.sorted_tables if table not in LEFT)
"""The tables that are copied. Most others describe one database: which versions may use it, recent calls to Telegram
and providers, and published command menus. The id of the store is copied separately. The target makes the sums of the
books itself while it gets the entries.
"""

_PATIENCE = text("SET LOCAL idle_in_transaction_session_timeout = 0")
"""Between two pages the other database is read and checksums are made; that may exceed the normal idle timeout."""

TOGETHER = 8
"""Pictures copied at once. With the largest that Telegram delivers, that takes 160 MB of memory."""


class CopyRefused(Exception):
    """Nothing was copied, or the copy differs. The message says why and what to do."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Census:
    """The number of rows of a table, and a checksum that does not depend on their order."""

    rows: int = 0
    checksum: int = 0

    def with_rows(self, table: Table, rows: list[Row]) -> Census:
        """Return a census that includes these rows, as any database would store them."""
        added = sum(_hash([_taken(column, row[column.name]) for column in table.columns]) for row in rows)
        return Census(rows=self.rows + len(rows), checksum=(self.checksum + added) % 2**64)

    def __str__(self) -> str:
        return f"{self.rows} rows, checksum {self.checksum:016x}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Copied:
    """The result of a copy. ``lost``: pictures that the source names, but no longer has intact."""

    rows: int
    pictures: int
    lost: int


async def others_at(database: Database) -> list[str]:
    """Return the other clients of a PostgreSQL database by name or address, and how often each is there."""
    if database.engine.dialect.name != "postgresql":
        return []
    async with database.connect() as connection:
        found = Counter(str(name) for (name,) in await connection.execute(_OTHERS))
    return [name if times == 1 else f"{name}, {times} times" for name, times in sorted(found.items())]


_OTHERS = text(
    "SELECT COALESCE(NULLIF(application_name, ''), host(client_addr), 'local') FROM pg_stat_activity"
    " WHERE datname = current_database() AND backend_type = 'client backend' AND pid <> pg_backend_pid()"
)


class Copying:
    """Copies one store to another. Nothing else may use either meanwhile."""

    def __init__(self, source: Store, target: Store, tell: Callable[[str], None], *, with_media: bool) -> None:
        self._source = source
        self._target = target
        self._tell = tell
        self._with_media = with_media

    async def run(self) -> Copied:
        """Copy everything. Raises: :class:`CopyRefused`, ``StorageFault``; then the target's rows are unchanged."""
        wanted = await self._census(self._source)
        found = await self._census(self._target)
        there = found == wanted
        if not there and any(census.rows for census in found.values()):
            raise CopyRefused("The target holds other data already. Choose an empty database. Nothing was changed.")
        pictures, lost = await self._pictures() if self._with_media else (0, 0)
        if there:
            self._tell("the tables are in the target already, row by row the same")
        else:
            await self._tables(wanted)
        return Copied(rows=sum(census.rows for census in wanted.values()), pictures=pictures, lost=lost)

    async def _census(self, store: Store) -> dict[str, Census]:
        async with store.database.connect() as connection:
            return {table.name: await _count(connection, table) for table in TABLES}

    async def _tables(self, wanted: dict[str, Census]) -> None:
        async with self._source.database.connect() as source, self._target.database.begin() as target:
            if target.dialect.name == "postgresql":
                await target.execute(_PATIENCE)
            for table in TABLES:
                await _fill(source, target, table)
                arrived = await _count(target, table)
                if arrived != wanted[table.name]:
                    raise CopyRefused(
                        f"Table {table.name} came out different: {arrived} instead of {wanted[table.name]}. Does a bot "
                        "still work on the source? Nothing was changed."
                    )
                if is_numbered(table):
                    await continue_after(target, table, await last_id(source, table))
                self._tell(f"table {table.name}: {arrived}")
            await target.execute(delete(identity))
            name = (await source.execute(select(identity))).mappings().all()
            for row in name:
                await target.execute(identity.insert(), dict(row))

    async def _pictures(self) -> tuple[int, int]:
        """Copy every picture that a row names, then paid answers that are not in the tree yet."""
        done = lost = 0
        async with self._source.database.connect() as connection:
            async for rows in pages(connection, media):
                copied = await self._copy_all([row["sha256"] for row in rows])
                done, lost = done + copied, lost + len(rows) - copied
                self._tell(f"pictures: {done} copied and compared")
        loose = sorted(await self._source.audit.loose())
        await self._copy_all(loose)
        for turn_id, attempts in (await self._source.media.raw_answers()).items():
            for attempt in range(1, attempts + 1):
                answer = await self._source.media.raw_answer(turn_id, attempt)
                if answer is not None:
                    await self._target.media.keep_raw_answer(turn_id, attempt, answer)
        return done, lost

    async def _copy_all(self, names: list[str]) -> int:
        copied = 0
        for start in range(0, len(names), TOGETHER):
            copied += sum(await asyncio.gather(*map(self._copy, names[start : start + TOGETHER])))
        return copied

    async def _copy(self, sha256: str) -> bool:
        try:
            data = await self._source.media.get(sha256, verify=True)
        except MediaMissing as error:
            self._tell(f"note: {error}")
            return False
        await self._target.media.put(data)
        try:
            await self._target.media.get(sha256, verify=True)
        except MediaDamaged:
            # The size is right, but not the content, so something else wrote it.
            await self._target.media.delete(sha256)
            await self._target.media.put(data)
            await self._target.media.get(sha256, verify=True)
        return True


async def _count(connection: AsyncConnection, table: Table) -> Census:
    census = Census()
    async for rows in pages(connection, table):
        census = await asyncio.to_thread(census.with_rows, table, rows)
    return census


async def _fill(source: AsyncConnection, target: AsyncConnection, table: Table) -> None:
    try:
        async for rows in pages(source, table):
            await target.execute(table.insert(), rows)
    except DataError as error:
        why = " ".join(str(error.orig).split())[:200]
        raise CopyRefused(
            f"Table {table.name} holds a value that the target does not take ({why}). Nothing was changed."
        ) from error


def _taken(column: Column[Any], value: object) -> object:
    return plain(value, column.type.longest) if isinstance(value, str) and isinstance(column.type, Plain) else value


def _hash(values: list[object]) -> int:
    written = json.dumps(values, ensure_ascii=True).encode()
    return int.from_bytes(hashlib.sha256(written).digest()[:8])
