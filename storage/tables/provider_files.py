"""Uploads at providers: their URIs and when they expire. Imports SQLAlchemy, ``engine``, ``rows`` and ``schema``.

A lost row costs only one more upload. So these rows are neither flushed nor fenced. Expired rows are deleted when new
ones are added. If a picture is deleted here, its uploads are released: their rows stay until the provider has deleted
them, or until they expire.
"""

from __future__ import annotations

import uuid
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
RELEASED = "released-"
"""Begins the name of an upload whose picture is no longer stored. It waits for its deletion at the provider."""

_IS_RELEASED = provider_files.c.sha256.startswith(RELEASED)
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

    async def released(self) -> list[tuple[str, str]]:
        """Return account and URI of the uploads whose pictures are not stored any more."""
        async with self._database.begin() as connection:
            await release_left_files(connection)
            columns = (provider_files.c.account, provider_files.c.uri)
            return [(row.account, row.uri) for row in await connection.execute(select(*columns).where(_IS_RELEASED))]

    async def forget_released(self, files: Iterable[tuple[str, str]]) -> None:
        """Delete the rows of released uploads, by account and URI: the provider has deleted them."""
        async with self._database.begin(durable=False, fenced=False) as connection:
            for account, uri in files:
                one = (provider_files.c.account == account) & (provider_files.c.uri == uri)
                await connection.execute(delete(provider_files).where(_IS_RELEASED, one))

    async def drop(self, account: str, files: Iterable[tuple[str, str]]) -> None:
        """Delete uploads, given as pairs of SHA-256 and URI; newer uploads of the same pictures stay."""
        async with self._database.begin(durable=False, fenced=False) as connection:
            for sha256, uri in files:
                one = (provider_files.c.sha256 == sha256) & (provider_files.c.account == account)
                await connection.execute(delete(provider_files).where(one, provider_files.c.uri == uri))


async def release_left_files(connection: AsyncConnection) -> list[tuple[str, str]]:
    """Release, like :func:`release_files`, the uploads of all pictures that are not stored; drop expired ones.

    Not stored any more, or never, as a crop of a marked picture. One that a request still uses is uploaded again.
    """
    await connection.execute(_EXPIRED, {"time": now()})
    left = select(provider_files.c.sha256).where(provider_files.c.sha256.not_in(select(media.c.sha256)))
    names = (await connection.execute(left.where(~_IS_RELEASED).distinct())).scalars().all()
    return await release_files(connection, names)


async def release_files(connection: AsyncConnection, names: Iterable[str]) -> list[tuple[str, str]]:
    """Let the uploads of pictures wait for their deletion, within a running transaction; return account and URI.

    They get other names, so that no request uses them any more, even if the same picture comes again.
    """
    released: list[tuple[str, str]] = []
    for some in batched(names):
        taken = delete(provider_files).where(provider_files.c.sha256.in_(some))
        rows = [row for row in await connection.execute(taken.returning(provider_files)) if row.expires_at > now()]
        renamed = [{**row._mapping, "sha256": f"{RELEASED}{uuid.uuid4().hex}"} for row in rows]
        if renamed:
            await connection.execute(provider_files.insert(), renamed)
        released += [(row.account, row.uri) for row in rows]
    return released
