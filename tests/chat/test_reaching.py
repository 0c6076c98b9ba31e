"""How long a start waits for Telegram, and which code a supervisor gets when it ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import run
from bot.chat import identity
from bot.process.signals import ExitCode
from bot.settings.settings import Settings
from storage.engine.faults import FaultKind, StorageFault
from tests.support.ports import free_port

TOKEN = "8123456789:" + "AAFake_-" * 4 + "end"


def _settings(folder: Path, **more: str) -> Settings:
    given = {"telegram_bot_token": TOKEN, "gemini_api_key": "key-of-a-test", "data_dir": str(folder / "data")}
    return Settings.model_validate({**given, **more})


async def test_a_network_that_stays_away_ends_the_start_so_that_a_supervisor_starts_it_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """With code 1: 2 would tell systemd that only a person can help."""
    monkeypatch.setattr(identity, "PATIENCE_S", 1.5)
    address = f"http://127.0.0.1:{free_port()}"
    assert await run(_settings(tmp_path, telegram_api_url=address)) == ExitCode.FAILED == 1
    assert f"Telegram cannot be reached at {address}" in caplog.text
    assert "trying again in 1 s" in caplog.text
    assert caplog.records[-1].getMessage().endswith("It was tried for 0 minutes.")


async def test_a_database_that_is_not_up_yet_ends_it_with_the_same_code(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    database = f"postgresql+psycopg://bot:hush@127.0.0.1:{free_port()}/bot"
    assert await run(_settings(tmp_path, database_url=database)) == ExitCode.FAILED
    assert "The store cannot be read or written" in caplog.records[-1].getMessage()


@pytest.mark.parametrize(
    ("kind", "detail", "passes"),
    [
        (FaultKind.UNREACHABLE, "connection refused", True),
        (FaultKind.UNREACHABLE, 'FATAL: password authentication failed for user "bot"', False),
        (FaultKind.UNREACHABLE, 'FATAL: database "bot" does not exist', False),
        (FaultKind.UNREACHABLE, "[Errno 13] Permission denied: '/data/media'", False),
        (FaultKind.UNREACHABLE, "[Errno 30] Read-only file system: '/data/media'", False),
        (FaultKind.FULL, "[Errno 28] No space left on device", True),
        (FaultKind.LOCKED, "database is locked", True),
        (FaultKind.DAMAGED, "file is not a database", False),
        (FaultKind.REFUSED, "SignatureDoesNotMatch", False),
    ],
)
def test_only_what_a_person_must_mend_ends_it_with_code_2(kind: FaultKind, detail: str, passes: bool) -> None:
    assert StorageFault(kind, detail).passes is passes
