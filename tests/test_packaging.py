"""The lock files fit ``pyproject.toml``, agree with each other, and can be used on any machine; no network needed."""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).parent.parent
RUN_LOCK = ROOT / "requirements.lock"
TEST_LOCK = ROOT / "tests" / "requirements.lock"

# What may import the libraries of an extra, by how its path begins; the last row is everything else.
EXTRA_OF: dict[str, tuple[str, ...]] = {
    "bot/sandbox/": ("sandbox",),
    "bot/dispatch/cluster": ("cluster",),
    "bot/pictures/film": ("video",),
    "": (),
}


def _project() -> dict[str, Any]:
    project: dict[str, Any] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    return project


def _pins(lock: Path) -> dict[str, str]:
    return dict(re.findall(r"^([a-z0-9._-]+)==(\S+)", lock.read_text("utf-8"), re.MULTILINE))


def _wanted(*extras: str) -> list[Requirement]:
    project = _project()
    texts = list(project["dependencies"])
    for extra in extras:
        texts += project["optional-dependencies"][extra]
    return [Requirement(text) for text in texts]


@pytest.mark.parametrize(
    ("lock", "extras"),
    [(RUN_LOCK, ("sandbox", "cluster", "video")), (TEST_LOCK, ("sandbox", "cluster", "video", "dev"))],
    ids=["run", "test"],
)
def test_each_requirement_is_pinned_to_a_version_that_it_accepts(lock: Path, extras: tuple[str, ...]) -> None:
    pins = _pins(lock)
    stale = [
        str(wanted)
        for wanted in _wanted(*extras)
        if not wanted.specifier.contains(pins.get(canonicalize_name(wanted.name), "0"))
    ]
    assert stale == [], "run `make lock`"


def test_what_runs_is_what_was_tested() -> None:
    assert _pins(RUN_LOCK).items() <= _pins(TEST_LOCK).items()


@pytest.mark.parametrize("lock", [RUN_LOCK, TEST_LOCK], ids=["run", "test"])
def test_a_lock_pins_every_file_by_its_hash_and_names_no_place(lock: Path) -> None:
    text = lock.read_text("utf-8")
    for entry in re.split(r"\n(?=\S)", re.sub(r"(?m)^#.*\n?", "", text)):
        assert re.match(r"[a-z0-9._-]+==\S+ \\\n    --hash=sha256:[0-9a-f]{64}", entry), entry[:80]
    assert not re.search(r"://|^\s*-(?!-hash)|(?<![\w.])/\w", text, re.MULTILINE)


def test_what_a_module_imports_is_required_by_its_part() -> None:
    distributions = importlib.metadata.packages_distributions()
    required = {extra: {canonicalize_name(wanted.name) for wanted in _wanted(*extra)} for extra in EXTRA_OF.values()}
    missing = []
    for path in [*(ROOT / "bot").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        name = path.relative_to(ROOT).as_posix()
        allowed = required[next((extra for start, extra in EXTRA_OF.items() if name.startswith(start)), ())]
        for top in _imported(path) - sys.stdlib_module_names - {"bot", "storage"}:
            if not allowed & {canonicalize_name(found) for found in distributions.get(top, [top])}:
                missing.append(f"{name}: {top}")
    assert missing == []


def _imported(path: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(path.read_text("utf-8"))))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom) and node.level == 0]
    return {name.split(".")[0] for name in names}


def test_every_file_that_is_not_python_is_part_of_the_package() -> None:
    patterns = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["setuptools"]["package-data"]["*"]
    files = (path.relative_to(ROOT) for top in ("bot", "storage") for path in (ROOT / top).rglob("*") if path.is_file())
    left_out = [
        str(path)
        for path in files
        if not any(part.startswith(".") for part in path.parts)
        and path.suffix not in {".py", ".pyc"}
        and not any(map(path.match, patterns))
    ]
    assert left_out == []
