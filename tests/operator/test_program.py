"""Every command that a text prints can be typed where it is read, and installs nothing of strangers."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from bot.operator import program

ROOT = Path(__file__).parents[2]
COMMANDS = {"run", "worker", "sandbox", "check", "backup", "move", "export", "health"}
TEXTS = [
    path
    for pattern in (
        "*.md",
        "*.yaml",
        "Dockerfile",
        "Makefile",
        ".env.example",
        "bot/**/*.py",
        "bot/**/*.ftl",
        "storage/**/*.py",
    )
    for path in ROOT.glob(pattern)
]


def test_texts_name_commands_that_start_and_no_package_of_strangers() -> None:
    faults = []
    for path in TEXTS:
        text = path.read_text("utf-8")
        named = set(re.findall(r"(?m)(?:`|^    |docker exec pentimento )pentimento ([a-z]+)", text))
        faults += [f"{path}: pentimento {word}" for word in named - COMMANDS]
        faults += [f"{path}: {found}" for found in re.findall(r"pip install[^\n`]*pentimento(?!-bot).*", text)]
    assert faults == []


def test_the_command_is_called_by_its_name_where_the_path_leads_to_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = tmp_path / "bin" / "pentimento"
    script.parent.mkdir()
    script.write_text("#!/bin/sh\n")
    script.chmod(0o755)
    monkeypatch.setattr(sys, "executable", str(script.with_name("python")))
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PATH", "/usr/bin:/bin")
    assert program.command("check") == "bin/pentimento check"
    monkeypatch.setenv("PATH", f"{script.parent}:/usr/bin:/bin")
    assert program.command("check") == "pentimento check"
    script.unlink()
    assert program.command("check") == "bin/python -m bot check"


def test_a_hint_to_install_names_the_libraries_themselves() -> None:
    hint = program.adding("cluster")
    assert re.search(r" -m pip install '?procrastinate", hint)
    assert "psycopg[" in hint
    assert "pentimento" not in hint.partition(" -m ")[2]
    # It is a command line that pip understands.
    words = hint.replace(" install ", " install --dry-run --no-deps --no-index --quiet ", 1)
    assert subprocess.run(words, shell=True, capture_output=True, cwd=Path.cwd()).returncode == 0  # noqa: S602


def test_an_option_may_stand_before_or_behind_a_folder(tmp_path: Path) -> None:
    """``backup --anyway FOLDER`` is how many people type it."""
    for words in (["--anyway", str(tmp_path)], [str(tmp_path), "--anyway"]):
        done = subprocess.run(
            [sys.executable, "-m", "bot", "backup", *words],
            capture_output=True,
            text=True,
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT), "PATH": "/usr/bin:/bin"},
        )
        assert done.returncode == 2
        assert "There is no folder data: nothing is stored yet." in done.stdout


@pytest.mark.parametrize("words", [("backup", ""), ("backup", " "), ("export", "1001", "")])
def test_an_empty_name_of_a_folder_is_refused(words: tuple[str, ...], tmp_path: Path) -> None:
    """As of a variable in a script that is not set: the working directory would get the backup."""
    asked = [sys.executable, "-m", "bot", *words]
    ended = subprocess.run(asked, cwd=ROOT, capture_output=True, text=True, timeout=60, env={"DATA_DIR": str(tmp_path)})
    assert ended.returncode == 2
    assert ended.stderr.endswith("error: the name of the folder is empty\n")


def test_a_line_of_a_settings_file_without_an_equals_sign_ends_the_command(tmp_path: Path) -> None:
    """Only this line is printed, without what stands there: that may be a key."""
    (tmp_path / ".env").write_text("ALLOWED_USERS: 77\n")
    given = {"PYTHONPATH": str(ROOT), "DATA_DIR": str(tmp_path)}
    asked = [sys.executable, "-m", "bot", "check"]
    ended = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, timeout=60, env=given)
    said = "Line 1 of .env is not understood: write NAME=value, or a # before a remark.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (2, "", said)
