"""``pentimento health`` says in one line what it found, and ends with the exit code that a container asks for."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from bot.process.heartbeat import Heartbeat

ROOT = Path(__file__).parents[2]


def test_the_command_says_in_a_line_what_is_wrong_or_well(tmp_path: Path) -> None:
    def asked() -> tuple[int, str, str]:
        given = {**os.environ, "DATA_DIR": str(tmp_path)}
        command = [sys.executable, "-m", "bot", "health"]
        ended = subprocess.run(command, cwd=ROOT, env=given, capture_output=True, text=True, timeout=60)
        return ended.returncode, ended.stdout, ended.stderr

    missing = f"There is no {tmp_path / 'heartbeat'}: with this DATA_DIR no bot has reached Telegram yet.\n"
    assert asked() == (1, "", missing)
    (tmp_path / "heartbeat").touch()
    code, out, err = asked()
    assert (code, out.count("\n"), err) == (0, 1, "")
    assert out.startswith("The bot is well: its last sign of life came ")


def test_of_a_bot_that_has_stopped_it_says_since_when(tmp_path: Path) -> None:
    (tmp_path / "heartbeat").touch()
    long_ago = time.time() - 3600
    os.utime(tmp_path / "heartbeat", (long_ago, long_ago))
    well, sentence = Heartbeat(tmp_path).health()
    assert not well
    assert sentence.startswith("The last sign of life of the bot came 36")
    assert "more than 120 s" in sentence


@pytest.mark.parametrize("ahead_s", [0, 5])
def test_a_clock_that_was_set_back_makes_no_bot_ill(tmp_path: Path, ahead_s: int) -> None:
    (tmp_path / "heartbeat").touch()
    soon = time.time() + ahead_s
    os.utime(tmp_path / "heartbeat", (soon, soon))
    assert Heartbeat(tmp_path).health() == (True, "The bot is well: its last sign of life came 0 s ago.")


def test_a_sign_of_life_that_is_still_to_come_says_nothing_of_a_bot_that_was_killed(tmp_path: Path) -> None:
    """A computer without a battery wrote it before its clock was put right; it would look well for days."""
    (tmp_path / "heartbeat").touch()
    later = time.time() + 3 * 24 * 3600
    os.utime(tmp_path / "heartbeat", (later, later))
    well, sentence = Heartbeat(tmp_path).health()
    assert not well
    assert "which is still to come: the clock was set back since." in sentence
    Heartbeat(tmp_path).touch()
    assert Heartbeat(tmp_path).health()[0]


def test_a_file_that_cannot_be_looked_at_is_named(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("no folder")
    path = tmp_path / "data" / "heartbeat"
    assert Heartbeat(tmp_path / "data").health() == (False, f"{path} cannot be read: Not a directory.")
