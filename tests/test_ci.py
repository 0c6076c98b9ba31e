"""The rule of CI, tried on a small suite: a test that CI needs must not be skipped there."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
SUITE = """
import pytest

@pytest.mark.browser
def test_browser():
    pytest.skip("no Chromium here")

@pytest.mark.database
@pytest.mark.skipif(True, reason="no server here")
def test_database(): ...

def test_other():
    pytest.skip("not on this system")

@pytest.mark.browser
@pytest.mark.xfail
def test_known():
    raise AssertionError

def test_environment():
    import os
    assert "TELEGRAM_BOT_TOKEN" not in os.environ
"""
WHOLE_FILE = "import pytest\npytest.importorskip('no_such_module')\n"


def _run(folder: Path, ci: str) -> str:
    shutil.copy(ROOT / "tests" / "conftest.py", folder)
    (folder / "test_suite.py").write_text(SUITE)
    (folder / "test_whole.py").write_text(WHOLE_FILE)
    options = ("-rA", "--continue-on-collection-errors", "-p", "no:cacheprovider")
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-c", ROOT / "pyproject.toml", folder],
        cwd=ROOT,
        env=os.environ | {"PENTIMENTO_CI": ci, "TELEGRAM_BOT_TOKEN": "real"},
        capture_output=True,
        text=True,
        timeout=60,
    )
    return done.stdout


def test_a_skip_passes_on_a_machine_without_a_browser(tmp_path: Path) -> None:
    assert "1 passed, 4 skipped, 1 xfailed" in _run(tmp_path, "")


def test_a_skip_of_what_ci_needs_fails_there(tmp_path: Path) -> None:
    output = _run(tmp_path, "1")
    assert "1 failed, 1 passed, 1 skipped, 1 xfailed, 2 errors" in output
    assert "A browser test was skipped, and CI allows none: Skipped: no Chromium here" in output
    assert "A database test was skipped, and CI allows none: Skipped: no server here" in output
    assert "A whole file was skipped, and CI allows none: Skipped: could not import" in output
