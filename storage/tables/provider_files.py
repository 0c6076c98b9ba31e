"""Uploads at providers: their URIs and when they expire. Imports SQLAlchemy, ``engine``, ``rows`` and ``schema``.

A lost row costs only one more upload. So these rows are neither flushed nor fenced. Expired rows are deleted when new
ones are added.
"""

from __future__ import annotations

from collections.abc import Iterable

from sqlalchemy import bindparam, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.engine.database import Database, now
from storage.rows.statements import batched
from storage.rows.upsert import insert_or_update
from storage.schema import media, provider_files

_ALIVE = select(provider_files.c.sha256, provider_files.c.uri).where(
    provider_files.c.sha256.in_(bindparam("names", expanding=True)),
    provider_files.c.account == bindparam("of"),
    provider_files.c.expires_at > bindparam("until"),
)
_EXPIRED = delete(provider_files).where(provider_files.c.expires_at < bindparam("time"))


class ProviderFiles:
    """The URIs of uploads by account; one account cannot use those of another."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def alive(self, account: str, names: Iterable[str], *, for_s: float) -> dict[str, str]:
        """Return the URIs of the pictures that stay at the provider for ``for_s`` more seconds, by SHA-256."""
        values = {"names": list(names), "of": account, "until": now() + for_s}
        async with self._database.connect() as connection:
            return {row.sha256: row.uri for row in await connection.execute(_ALIVE, values)}

    async def keep(self, account: str, sha256: str, uri: str, *, expires_at: float) -> None:
        """Store the URI of a picture, which is valid until ``expires_at`` (Unix s)."""
        row = {"account": account, "sha256": sha256, "uri": uri, "expires_at": expires_at}
        async with self._database.begin(durable=False, fenced=False) as connection:
            await connection.execute(_EXPIRED, {"time": now()})
            await connection.execute(insert_or_update(provider_files, connection, ("uri", "expires_at")), [row])

    async def drop(self, account: str, files: Iterable[tuple[str, str]]) -> None:
        """Delete uploads, given as pairs of SHA-256 and URI; newer uploads of the same pictures stay."""
        async with self._database.begin(durable=False, fenced=False) as connection:
            for sha256, uri in files:
                one = (provider_files.c.sha256 == sha256) & (provider_files.c.account == account)
                await connection.execute(delete(provider_files).where(one, provider_files.c.uri == uri))


async def take_left_files(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Delete the uploads of all pictures that are no longer stored, like :func:`take_files`."""
    stored = select(media.c.sha256)
    left = select(provider_files.c.sha256).where(provider_files.c.sha256.not_in(stored)).distinct()
    return await take_files(connection, (await connection.execute(left)).scalars().all())


async def take_files(connection: AsyncConnection, names: Iterable[str]) -> list[tuple[str, str]]:
    """Delete, within a running transaction, the uploads of pictures; return account and URI of the valid ones."""
    taken: list[tuple[str, str]] = []
    for some in batched(names):
        gone = delete(provider_files).where(provider_files.c.sha256.in_(some))
        columns = (provider_files.c.account, provider_files.c.uri, provider_files.c.expires_at)
        rows = (await connection.execute(gone.returning(*columns))).all()
        taken += [(row.account, row.uri) for row in rows if row.expires_at > now()]
    return taken
