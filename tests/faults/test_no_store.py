"""Commands that read a store where there is none: a disk that is not mounted, a DATA_DIR that was mistyped.

`check` of a wrong DATA_DIR made an empty store there and found it sound; a backup of that said that it was whole.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from sqlalchemy import inspect
from sqlalchemy.ext.asyncio import create_async_engine

from bot.operator.backup import backup
from bot.operator.check_store import check
from bot.operator.export import export_chat
from bot.operator.move import move
from bot.settings.settings import Settings
from storage.store import Store
from tests.support.databases import Server

Tell = Callable[[str], None]
Command = Callable[[Settings, Path, Tell], Awaitable[int]]

COMMANDS: dict[str, Command] = {
    "check": lambda settings, to, tell: check(settings, tell),
    "backup": lambda settings, to, tell: backup(settings, to / "backup", tell),
    "export": lambda settings, to, tell: export_chat(settings, "1001", to / "export", tell),
    "move": lambda settings, to, tell: move(settings, f"sqlite+aiosqlite:///{to}/new.db", f"{to}/new", tell),
}


def everything(folder: Path) -> list[str]:
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("wrong", ["mistyped", "not-mounted", "emptied"])
async def test_where_nothing_is_stored_a_command_says_so_and_makes_nothing(
    command: str, wrong: str, tmp_path: Path
) -> None:
    (tmp_path / "not-mounted").mkdir()
    (tmp_path / "emptied").mkdir()
    (tmp_path / "emptied" / "pentimento.db").touch()
    before = everything(tmp_path)
    told: list[str] = []
    assert await COMMANDS[command](Settings(data_dir=tmp_path / wrong), tmp_path, told.append) == 2
    assert len(told) == 1
    assert f"{tmp_path / wrong}" in told[0]
    assert "nothing is stored yet. If your bot has run before, then DATA_DIR" in told[0]
    assert everything(tmp_path) == before


async def test_check_names_the_folder_of_the_sandbox(tmp_path: Path) -> None:
    settings = Settings(data_dir=tmp_path / "data")
    kept = settings.sandbox_dir
    await (await Store.open(f"sqlite+aiosqlite:///{kept}/pentimento.db", f"{kept}/media")).close()
    told: list[str] = []
    assert await check(settings, told.append) == 2
    assert told[-1].endswith(f"The sandbox keeps its own: DATA_DIR={tmp_path}/data/sandbox/bot")
    settings = Settings(data_dir=settings.sandbox_dir)
    assert await check(settings, told.append) == 0


async def test_what_else_is_broken_is_counted_beside_it(tmp_path: Path) -> None:
    told: list[str] = []
    assert await check(Settings(data_dir=tmp_path / "mistyped"), told.append, broken=2) == 2
    assert told[-1] == "2 things are broken."


@pytest.mark.database
async def test_an_empty_database_on_a_server_stays_empty(postgresql: Server, tmp_path: Path) -> None:
    address = postgresql.empty_database()
    settings = Settings(data_dir=tmp_path / "data", database_url=address)
    told: list[str] = []
    assert await check(settings, told.append) == 2
    assert "There are no tables of a bot at postgresql+psycopg://" in told[0]
    engine = create_async_engine(address)
    async with engine.connect() as connection:
        assert await connection.run_sync(lambda sync: inspect(sync).get_table_names()) == []
    await engine.dispose()
    assert everything(tmp_path) == []
