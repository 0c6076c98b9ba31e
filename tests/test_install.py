"""Setting up on another machine and another day, without the network and before the next releases exist.

An index of stub wheels, in files, is the only one. It has each pinned distribution, and a later version of it.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
import tomllib
from importlib.metadata import distribution
from pathlib import Path

import httpx
import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.support import wheels

ROOT = Path(__file__).parent.parent
LOCKS = {"run": "requirements.lock", "test": "tests/requirements.lock"}
OLDEST = "pip-22.3-py3-none-any.whl"
DOWNLOADS = Path(sys.prefix) / "pips"
"""Where `make` puts the oldest pip; see `tests/oldest-pip.lock`."""

SYSTEMS = ("linux", "darwin")
PYTHONS = ("3.11.0", "3.12.0", "3.13.0", "3.14.0")


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the folder of a package index in which every pin has a successor."""
    folder = tmp_path_factory.mktemp("index")
    wheels.fill(folder, wheels.pins((ROOT / LOCKS["test"]).read_text("utf-8")))
    return folder


def offline(index: Path) -> dict[str, str]:
    """Return an environment in which pip knows this index alone, and no settings of this machine."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
    return {
        **kept,
        "PIP_CONFIG_FILE": os.devnull,
        "PIP_INDEX_URL": (index / "simple").as_uri(),
        "PIP_FIND_LINKS": str(DOWNLOADS),
        "PIP_NO_CACHE_DIR": "1",
        # The name of the option's value: PIP_NO_COMPILE=1 would set it to 1, too.
        "PIP_COMPILE": "0",
    }


def checkout(folder: Path, index: Path) -> Path:
    """Return a checkout in which the lock files name the stubs; of the program itself it has the outline only."""
    for name in ("Makefile", "pyproject.toml", "README.md", "LICENSE", "tests/oldest-pip.lock", *LOCKS.values()):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(ROOT / name, folder / name)
    for name in LOCKS.values():
        (folder / name).write_text(wheels.rehashed((ROOT / name).read_text("utf-8"), index), "utf-8")
    for package in ("bot", "storage"):
        (folder / package).mkdir()
        (folder / package / "__init__.py").touch()
    return folder


def done(*words: str | Path, folder: Path, environment: dict[str, str]) -> str:
    """Run a command to its end and return its output. A failure quotes the output."""
    ended = subprocess.run(
        words, cwd=folder, env=environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=250
    )
    assert ended.returncode == 0, ended.stdout
    return ended.stdout


def installed(folder: Path) -> dict[str, str]:
    """Return the contents of an environment: version by name."""
    (packages,) = folder.glob(".venv/lib/python*/site-packages")
    found = (re.fullmatch(r"(.+)-([^-]+)\.dist-info", path.name) for path in packages.glob("*.dist-info"))
    return {canonicalize_name(match[1]): match[2] for match in found if match}


MAKE = ("make", f"PYTHON={sys.executable}")


@pytest.fixture(scope="module")
def bare(index: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a checkout with a new environment, in which there is only the pip that this Python brings."""
    folder = checkout(tmp_path_factory.mktemp("bare") / "checkout", index)
    done(*MAKE, ".venv/bin/python", folder=folder, environment=offline(index))
    return folder


@pytest.mark.timeout(300)
@pytest.mark.parametrize("pip", ["oldest", "newest"])
def test_what_was_pinned_is_installed_though_later_versions_have_appeared(
    pip: str, bare: Path, index: Path, tmp_path: Path
) -> None:
    # An environment finds itself by the place of its Python, so that a copy is one of its own.
    folder, environment = shutil.copytree(bare, tmp_path / "checkout", symlinks=True), offline(index)
    if pip == "newest" or sys.version_info < (3, 12):
        # Later Pythons cannot run the oldest pip; there the pip that they bring takes its place.
        version = wheels.pins((ROOT / LOCKS["test"]).read_text("utf-8"))["pip"]
        wheel = index / f"pip-{version}-py3-none-any.whl" if pip == "newest" else DOWNLOADS / OLDEST
        done(".venv/bin/python", "-m", "pip", "install", "-q", wheel, folder=folder, environment=environment)
    for lock, name in LOCKS.items():
        said = done(*MAKE, f".venv/{lock}.stamp", folder=folder, environment=environment)
        assert "No broken requirements found" in said
        pinned, found = wheels.pins((ROOT / name).read_text("utf-8")), installed(folder)
        assert {one: version for one, version in found.items() if one in pinned} == pinned
        assert set(found) - set(pinned) <= {"pentimento-bot", "pip", "setuptools"}
    assert (folder / ".venv/bin/pentimento").exists()


@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_file_is_complete_for_every_python_and_system(lock: str, system: str, python: str) -> None:
    """An installation resolves nothing, so every requirement of every distribution must be pinned."""
    pinned = wheels.pins((ROOT / LOCKS[lock]).read_text("utf-8"))
    here = {
        "python_version": python.rpartition(".")[0],
        "python_full_version": python,
        "implementation_version": python,
        "sys_platform": system,
        "platform_system": system.title(),
    }
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    extras = project["optional-dependencies"]
    chosen = extras if lock == "test" else ("cluster", "video")
    waiting = [*project["dependencies"], *(text for extra in chosen for text in extras[extra])]
    seen: set[str] = set()
    missing = []
    while waiting:
        wanted = Requirement(waiting.pop())
        for extra in ("", *sorted(wanted.extras)):
            name = canonicalize_name(wanted.name)
            if f"{name}[{extra}]" in seen or (wanted.marker and not wanted.marker.evaluate({**here, "extra": ""})):
                continue
            seen.add(f"{name}[{extra}]")
            if not wanted.specifier.contains(pinned.get(name, "0"), prereleases=True):
                missing.append(str(wanted))
                continue
            for text in distribution(name).requires or ():
                needed = Requirement(text)
                if needed.marker is None or needed.marker.evaluate({**here, "extra": extra}):
                    needed.marker = None
                    waiting.append(str(needed))
    assert missing == []


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Yield an environment in another folder that has the wheel. It finds all libraries where the tests find them."""
    folder = tmp_path_factory.mktemp("elsewhere")
    source = shutil.copytree(
        ROOT,
        folder / "source",
        ignore=shutil.ignore_patterns(".*", "tests", "data", "build", "*.egg-info", "__pycache__"),
    )
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check")
    environment = {**os.environ, "PIP_NO_INDEX": "1"}
    wheel = (*pip, "wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, source)
    done(*wheel, folder=folder, environment=environment)
    shutil.rmtree(source)
    done(sys.executable, "-m", "venv", "--without-pip", ".venv", folder=folder, environment=environment)
    (packages,) = folder.glob(".venv/lib/python*/site-packages")
    (packages / "libraries.pth").write_text(f"{sysconfig.get_path('purelib')}\n")
    (built,) = folder.glob("*.whl")
    install = (*pip, "--python", ".venv/bin/python", "install", "-q", "--no-deps", "--force-reinstall")
    done(*install, built, folder=folder, environment=environment)
    return folder


def test_the_wheel_holds_every_file_of_the_program(elsewhere: Path) -> None:
    (packages,) = elsewhere.glob(".venv/lib/python*/site-packages")
    for top in ("bot", "storage"):
        files, installed_files = (
            {
                path.relative_to(root).as_posix()
                for path in (root / top).rglob("*")
                if path.is_file() and path.suffix != ".pyc"
            }
            for root in (ROOT, packages)
        )
        assert installed_files == files


@pytest.mark.parametrize(
    ("words", "code", "says"),
    [
        (["--help"], 0, "usage: .venv/bin/pentimento"),
        (["run"], 2, "TELEGRAM_BOT_TOKEN is not set"),
        (["check"], 2, "BROKEN  settings: TELEGRAM_BOT_TOKEN is not set"),
        (["backup", "kept"], 2, "There is no folder data: nothing is stored yet"),
        (["health"], 1, ""),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else None,
)
def test_the_command_works_in_another_folder(elsewhere: Path, words: list[str], code: int, says: str) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    ended = subprocess.run(
        [".venv/bin/pentimento", *words], cwd=elsewhere, env=kept, capture_output=True, text=True, timeout=60
    )
    assert (ended.returncode, says in ended.stdout + ended.stderr) == (code, True), ended.stdout + ended.stderr


def test_the_sandbox_of_an_installed_bot_serves_its_page(elsewhere: Path) -> None:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("PYTHON", "COVERAGE"))}
    sandbox = subprocess.Popen(
        [".venv/bin/pentimento"],
        cwd=elsewhere,
        env={**kept, "SANDBOX_LISTEN": "127.0.0.1:0"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )
    assert sandbox.stdout is not None
    try:
        address = next(found[0] for line in sandbox.stdout if (found := re.search(r"http://127\.0\.0\.1:\d+", line)))
        page = httpx.get(address, follow_redirects=True)
        assert page.status_code == 200
        for asset in re.findall(r'(?:src|href)="([^":]+\.(?:js|css|svg))"', page.text):
            assert httpx.get(f"{address}/{asset.lstrip('/')}").status_code == 200, asset
    finally:
        sandbox.terminate()
        rest = sandbox.stdout.read()
        sandbox.stdout.close()
    assert sandbox.wait(timeout=30) == 0, rest
