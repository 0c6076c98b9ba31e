"""A store on each of the two databases: one contract for both."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from storage.store import Store
from tests.support.databases import Server


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database."""
    if request.param == "sqlite":
        return f"sqlite+aiosqlite:///{tmp_path}/tree.db"
    server: Server = request.getfixturevalue("postgresql")
    server.wipe()
    return server.kept_database


@pytest.fixture
async def store(database_url: str, tmp_path: Path) -> AsyncIterator[Store]:
    """Yield an empty store."""
    opened = await Store.open(database_url, str(tmp_path / "media"))
    yield opened
    await opened.close()
