"""What a single part says when it runs without a shared database. No database server is needed."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.__main__ import main
from bot.app import run
from bot.dispatch.base import ProcessRole
from bot.process.signals import ExitCode
from bot.settings.settings import Settings


@pytest.mark.parametrize("part", [ProcessRole.RECEIVE, ProcessRole.WORK])
async def test_parts_need_a_database_that_can_be_shared(
    part: ProcessRole, tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    settings = Settings.model_validate({"data_dir": tmp_path / "data"})
    assert await run(settings, part) is ExitCode.MISCONFIGURED
    assert [record.getMessage() for record in caplog.records] == [
        "Separate receivers and workers need PostgreSQL: set DATABASE_URL, or start `run` alone."
    ]
    assert not (tmp_path / "data").exists()


@pytest.mark.parametrize("command", ["worker", "sandbox", "check"])
def test_only_run_receives(command: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--receive"])
    assert ended.value.code == 2
    assert "--receive belongs to run" in capsys.readouterr().err
