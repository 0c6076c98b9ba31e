"""Opening a database: a new one is created, an older one migrated, somebody else's left exactly as it was."""

from __future__ import annotations

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import create_async_engine

from storage.engine.database import Database, SchemaError
from storage.schema import REVISIONS, metadata
from tests.support.databases import Server
from tests.support.old_stores import migrated


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def nothing(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of a database without tables."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    server: Server = request.getfixturevalue("postgresql")
    return server.empty_database()


@pytest.fixture
def another(request: pytest.FixtureRequest, nothing: str, tmp_path: Path) -> str:
    """Return the address of a second database of the same kind."""
    if nothing.startswith("sqlite"):
        return f"sqlite+aiosqlite:///{tmp_path}/another.db"
    server: Server = request.getfixturevalue("postgresql")
    return server.empty_database()


async def run(url: str, *statements: str) -> None:
    engine = create_async_engine(url)
    async with engine.begin() as connection:
        for statement in statements:
            await connection.execute(text(statement))
    await engine.dispose()


async def tables(url: str) -> set[str]:
    engine = create_async_engine(url)
    async with engine.connect() as connection:
        found = await connection.run_sync(lambda sync: set(inspect(sync).get_table_names()))
    await engine.dispose()
    return found


async def test_a_fresh_database_is_built(nothing: str) -> None:
    database = await Database.open(nothing)
    async with database.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == REVISIONS[-1]
    await database.close()
    assert await tables(nothing) == {*metadata.tables, "alembic_version"}


TRIGGERS = {
    "sqlite": "SELECT name, sql FROM sqlite_master WHERE type = 'trigger'",
    "postgresql": (
        "SELECT pg_get_triggerdef(pg_trigger.oid), prosrc FROM pg_trigger JOIN pg_proc ON pg_proc.oid = tgfoid"
        " WHERE NOT tgisinternal"
    ),
}


def described(connection: Connection) -> dict[str, object]:
    """Return all that can differ between two tables: columns in order, keys, indices, triggers; and the version."""
    found = inspect(connection)
    tables: dict[str, object] = {
        name: (
            [{**column, "type": str(column["type"])} for column in found.get_columns(name)],
            found.get_pk_constraint(name),
            sorted(_said(index) for index in found.get_indexes(name)),
        )
        for name in found.get_table_names()
    }
    if connection.dialect.name == "sqlite":
        numbered = "SELECT name FROM sqlite_master WHERE type = 'table' AND sql LIKE '%AUTOINCREMENT%'"
        tables["numbered"] = sorted(connection.execute(text(numbered)).scalars())
    tables["triggers"] = sorted(map(str, connection.execute(text(TRIGGERS[connection.dialect.name]))))
    versions = connection.execute(text("SELECT version_num, revision FROM alembic_version, schema_floor"))
    assert tables["triggers"]
    return {**tables, "versions": versions.all()}


def _said(index: Any) -> str:
    where = {option: str(only) for option, only in index.get("dialect_options", {}).items()}
    return str({**index, "dialect_options": where})


@pytest.mark.parametrize("revision", [*REVISIONS])
async def test_migrations_end_in_what_a_fresh_database_begins_with(nothing: str, another: str, revision: str) -> None:
    await migrated(another, revision)
    await run(another, "INSERT INTO media VALUES ('ab', 'image/png', 1, 2, 3, 4.5)")
    seen = []
    for url in (nothing, another):
        database = await Database.open(url)
        async with database.connect() as connection:
            seen.append(await connection.run_sync(described))
        await database.close()
    assert seen[0] == seen[1]
    engine = create_async_engine(another)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT mime FROM media")) == "image/png"
    await engine.dispose()


async def test_a_fresh_database_is_what_the_code_believes_in(nothing: str) -> None:
    def differences(connection: Connection) -> list[object]:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, metadata)

    database = await Database.open(nothing)
    async with database.connect() as connection:
        assert await connection.run_sync(differences) == []
    await database.close()


async def test_a_known_database_is_opened_as_it_is(nothing: str) -> None:
    await (await Database.open(nothing)).close()
    await run(nothing, "INSERT INTO media VALUES ('ab', 'image/png', 1, 2, 3, 4.5)")
    database = await Database.open(nothing)
    async with database.connect() as connection:
        assert await connection.scalar(text("SELECT mime FROM media")) == "image/png"
    await database.close()


@pytest.mark.database
async def test_several_machines_may_start_at_once(postgresql: Server) -> None:
    nothing = postgresql.empty_database()
    databases = await asyncio.gather(*(Database.open(nothing) for _ in range(3)))
    assert await tables(nothing) == {*metadata.tables, "alembic_version"}
    for database in databases:
        await database.close()


@pytest.mark.parametrize("opens", [True, False], ids=["adds", "takes away"])
async def test_a_newer_database_is_worked_on_if_it_says_so(nothing: str, opens: bool) -> None:
    """So that old and new processes work side by side while they are exchanged."""
    await (await Database.open(nothing)).close()
    await run(nothing, "UPDATE alembic_version SET version_num = '9999'")
    if not opens:
        await run(nothing, "UPDATE schema_floor SET revision = '9998'")
    if opens:
        await (await Database.open(nothing)).close()
    else:
        with pytest.raises(SchemaError, match="schema version 9999"):
            await Database.open(nothing)
    engine = create_async_engine(nothing)
    async with engine.connect() as connection:
        assert await connection.scalar(text("SELECT version_num FROM alembic_version")) == "9999"
    await engine.dispose()


FOREIGN = "CREATE TABLE somebody_elses (id INTEGER)"
NEWER = ("CREATE TABLE alembic_version (version_num VARCHAR(32))", "INSERT INTO alembic_version VALUES ('9999')")
NAMESAKE = "CREATE TABLE messages (id INTEGER)"


@pytest.mark.parametrize(
    ("made_by", "sentence"),
    [
        ((FOREIGN,), "tables of something else (somebody_elses)"),
        ((NAMESAKE,), "tables of something else (messages)"),
        ((FOREIGN, NAMESAKE), "tables of something else"),
        (NEWER, "schema version 9999, which this version of Pentimento does not know"),
    ],
    ids=["foreign", "namesake", "both", "newer"],
)
async def test_what_is_not_ours_or_newer_is_refused_in_a_sentence(
    nothing: str, made_by: tuple[str, ...], sentence: str
) -> None:
    await run(nothing, *made_by)
    before = await tables(nothing)
    with pytest.raises(SchemaError) as refused:
        await Database.open(nothing)
    assert sentence in str(refused.value)
    assert str(refused.value).endswith("Nothing was changed.")
    assert await tables(nothing) == before


@pytest.mark.parametrize("made_by", [(FOREIGN,), (NAMESAKE,), NEWER], ids=["foreign", "namesake", "newer"])
async def test_a_refused_file_keeps_every_byte(tmp_path: Path, made_by: tuple[str, ...]) -> None:
    path = tmp_path / "theirs.db"
    with closing(sqlite3.connect(path)) as connection:
        for statement in made_by:
            connection.execute(statement)
        connection.commit()
    await refused_untouched(path)


@pytest.mark.parametrize(
    "content", [b"These are the notes of somebody.\n" * 50, b"SQLite format 3\x00" + b"\xff" * 500]
)
async def test_a_file_that_is_no_database_keeps_every_byte(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "notes.txt"
    path.write_bytes(content)
    assert "damaged or not an SQLite database" in await refused_untouched(path)


async def refused_untouched(path: Path) -> str:
    """Check that a file is refused and that neither it nor its folder changes; return why."""
    before = content(path.parent)
    with pytest.raises(SchemaError) as refused:
        await Database.open(f"sqlite+aiosqlite:///{path}")
    assert content(path.parent) == before
    return str(refused.value)


def content(folder: Path) -> dict[str, tuple[bytes, int]]:
    """Return every file of a folder with its bytes and the time of its last change."""
    return {path.name: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.iterdir()}
