"""The shape of the code: who may import whom, who may touch the outside, how long a file may be.

Reads the sources, imports none of them. A new module at the top of ``bot`` needs a row in ``MAY_IMPORT``.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE_LINES = 350
EVERYTHING = ("bot", "storage")
OF_PROVIDERS = ("bot.providers.base", "bot.providers.errors", "bot.providers.generate")
# What serves every provider alike; no dialect, no wire.
AROUND_A_CALL = tuple(f"bot.providers.{name}" for name in ("answers", "honesty", "lane", "remedies"))
OF_A_REQUEST = ("bot.contents", "bot.exchanges", "bot.parked")

# What a part may import of ours besides itself; the longest matching name counts.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    "storage": (),
    "bot.proxies": (),
    "bot.setting_kinds": ("bot.proxies",),
    "bot.settings": ("bot.proxies", "bot.setting_kinds"),
    "bot.logs": (),
    "bot.health": (),
    "bot.program": (),
    "bot.ending": (),
    "bot.stores": ("bot.settings", "storage"),
    "bot.checkup": ("bot.settings", "bot.stores", "storage"),
    "bot.moving": ("bot.setting_kinds", "bot.settings", "bot.stores", "storage"),
    "bot.backups": ("bot.settings", "bot.stores", "storage"),
    "bot.clients": ("bot.chat.limiter", "bot.metrics", "bot.providers", "bot.proxies", "bot.settings"),
    "bot.account_check": ("bot.clients", "bot.program", "bot.providers.base", "bot.proxies", "bot.settings"),
    "bot.texts": (),
    "bot.beside": (),
    "bot.pictures": (),
    "bot.wordy": (),
    "bot.parked": ("storage.records",),
    "bot.exchanges": ("bot.parked", "bot.wordy", "storage.records", "storage.spoken"),
    "bot.contents": ("bot.exchanges", "bot.parked", "storage.records"),
    "bot.asking": (
        "bot.aspect",
        *OF_A_REQUEST,
        *AROUND_A_CALL,
        *OF_PROVIDERS,
        "bot.providers.failure",
        "bot.providers.flatten",
        "storage.models",
        "storage.records",
    ),
    "bot.preview": ("bot.asking", *OF_A_REQUEST, "bot.providers.flatten", "storage.records"),
    "bot.export": (*OF_A_REQUEST, "storage"),
    "bot.exporting": ("bot.export", "bot.settings", "bot.stores", "storage"),
    "bot.providers": ("bot.pictures",),
    "bot.metrics": (),
    "bot.ledger": ("bot.metrics", *AROUND_A_CALL, *OF_PROVIDERS, "storage"),
    "bot.outcomes": ("bot.parked", "bot.providers.base", "storage"),
    "bot.ageing": ("bot.providers.base", "bot.providers.errors", "storage"),
    "bot.aspect": ("bot.contents", "storage.records"),
    "bot.remarks": (
        "bot.asking",
        "bot.aspect",
        "bot.contents",
        "bot.providers.base",
        "bot.providers.honesty",
        "storage.records",
    ),
    "bot.sets": ("bot.providers.base", "storage.records"),
    "bot.answering": (
        "bot.ageing",
        "bot.asking",
        *OF_A_REQUEST,
        "bot.ledger",
        "bot.metrics",
        "bot.outcomes",
        "bot.pictures",
        "bot.preview",
        "bot.sets",
        *AROUND_A_CALL,
        *OF_PROVIDERS,
        "bot.remarks",
        "storage",
    ),
    "bot.wishes": ("bot.contents", "storage"),
    "bot.turns": (
        "bot.answering",
        "bot.aspect",
        "bot.ledger",
        "bot.metrics",
        "bot.pictures",
        *OF_PROVIDERS,
        "bot.sets",
        "bot.wishes",
        "storage",
    ),
    "bot.dispatch": ("bot.beside", "bot.providers.pace", "storage"),
    "bot.chat": (
        "bot.answering",
        "bot.aspect",
        "bot.beside",
        "bot.contents",
        "bot.dispatch.base",
        "bot.export",
        "bot.metrics",
        "bot.pictures",
        *OF_PROVIDERS,
        "bot.remarks",
        "bot.texts",
        "bot.turns",
        "bot.wishes",
        "storage",
    ),
    "bot.web": ("bot.chat", "bot.metrics", "storage"),
    "bot.serving": (
        "bot.__version__",
        "bot.answering",
        "bot.chat",
        "bot.health",
        *OF_PROVIDERS,
        "bot.settings",
        "bot.web",
        "storage",
    ),
    "bot.sandbox": (),
    "bot.app": EVERYTHING,
    "bot.alone": (
        "bot.beside",
        "bot.chat",
        "bot.clients",
        "bot.dispatch",
        "bot.ending",
        "bot.providers.lane",
        "bot.stores",
        "bot.turns",
        "storage",
    ),
    "bot.clustered": (
        "bot.alone",
        "bot.beside",
        "bot.chat",
        "bot.clients",
        "bot.dispatch",
        "bot.health",
        "bot.providers.lane",
        "bot.settings",
        "bot.turns",
        "storage",
    ),
    "bot.sandboxed": ("bot.app", "bot.clients", "bot.ending", "bot.sandbox", "bot.settings"),
    "bot.__main__": EVERYTHING,
}
# Libraries that open a door to the outside, and the only parts that may import them.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "telegram": ("bot.chat", "bot.web", "bot.app", "bot.clients", "bot.account_check"),
    "dotenv": (),
    "pydantic_settings": ("bot.settings",),
    "httpx": ("bot.providers", "bot.chat", "bot.sandbox", "bot.__main__", "bot.app"),
    "sqlalchemy": ("storage", "bot.dispatch"),
    "procrastinate": ("bot.dispatch",),
    "psycopg": ("storage", "bot.dispatch"),
    "obstore": ("storage",),
    "aiogram": (),
    "google": (),
    "requests": (),
    "aiohttp": (),
    # To read what the environment says of proxies.
    "urllib.request": ("bot.proxies",),
}
MAY_CALL_OUT = ("bot.providers.wire", "bot.sandbox", "bot.__main__", "bot.app")
CALLS_OUT = {"AsyncClient", "Client", "delete", "get", "head", "options", "patch", "post", "put", "request", "stream"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


@dataclass(frozen=True)
class Module:
    """One source file, under the name by which it is imported."""

    name: str
    is_package: bool
    source: str

    @cached_property
    def tree(self) -> ast.Module:
        return ast.parse(self.source)

    def imports(self) -> Iterator[str]:
        """Yield the full name of everything that is imported anywhere in the file, ``package.name`` for each name."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from (alias.name for alias in node.names)
            elif isinstance(node, ast.ImportFrom):
                base = node.module or ""
                if node.level:
                    parts = self.name.split(".")
                    kept = parts[: len(parts) - node.level + self.is_package]
                    base = ".".join([*kept, *filter(None, [base])])
                yield from (f"{base}.{alias.name}" for alias in node.names)

    def attributes(self, library: str) -> Iterator[str]:
        """Yield each ``x`` of ``library.x`` that stands in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == library:
                yield node.attr


def _inside(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def _row(name: str) -> str | None:
    rows = [row for row in MAY_IMPORT if _inside(name, (row,))]
    return max(rows, key=len, default=None)


def complaints(module: Module) -> list[str]:
    """Return what is wrong with ``module``, one sentence each."""
    found = []
    row = _row(module.name)
    if row is None and module.name != "bot":
        found.append(f"{module.name} has no row in MAY_IMPORT")
    for name in set(module.imports()):
        if _inside(name, EVERYTHING) and not _inside(name, (row or "bot", *MAY_IMPORT.get(row or "", ()))):
            # `from bot import turns` names a part; `from bot.turns import Turns` names a thing in it.
            found.append(f"{module.name} may not import {name}")
        for library, parts in ONLY_IN.items():
            if _inside(name, (library,)) and not _inside(module.name, parts):
                found.append(f"{module.name} may not import {library}")
        if name in {f"os.{word}" for word in ENVIRONMENT} and module.name != "bot.settings":
            found.append(f"{module.name} reads the environment")
    if ENVIRONMENT & set(module.attributes("os")) and module.name != "bot.settings":
        found.append(f"{module.name} reads the environment")
    if CALLS_OUT & set(module.attributes("httpx")) and not _inside(module.name, MAY_CALL_OUT):
        found.append(f"{module.name} makes HTTP calls of its own")
    if not ast.get_docstring(module.tree):
        found.append(f"{module.name} has no docstring")
    if (lines := module.source.count("\n")) > LONGEST_FILE_LINES:
        found.append(f"{module.name} has {lines} lines")
    found += [f"{module.name} lets uvicorn set up logging" for call in _servers(module) if not _quiet(call)]
    return sorted(found)


def _servers(module: Module) -> Iterator[ast.Call]:
    for node in ast.walk(module.tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            function = node.func
            if isinstance(function.value, ast.Name) and (function.value.id, function.attr) in {
                ("uvicorn", "Config"),
                ("uvicorn", "run"),
            }:
                yield node


def _quiet(call: ast.Call) -> bool:
    """Whether a uvicorn server leaves logging alone; its own handlers would print tokens that stand in a path."""
    given = [word.value for word in call.keywords if word.arg == "log_config"]
    return [value.value for value in given if isinstance(value, ast.Constant)] == [None]


def _modules() -> Iterator[Module]:
    for top in EVERYTHING:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name=name, is_package=is_package, source=path.read_text("utf-8"))


@pytest.mark.parametrize("module", [pytest.param(module, id=module.name) for module in _modules()])
def test_module_keeps_to_its_place(module: Module) -> None:
    assert complaints(module) == []


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        ("storage.inbox", "from bot.turns import Turns", "storage.inbox may not import bot.turns.Turns"),
        ("storage.inbox", "from bot import turns", "storage.inbox may not import bot.turns"),
        ("bot.contents", "import storage.store", "bot.contents may not import storage.store"),
        ("bot.contents", "def f():\n    from storage import media", "bot.contents may not import storage.media"),
        ("bot.providers.gemini", "from ..turns import Turns", "bot.providers.gemini may not import bot.turns.Turns"),
        ("bot.providers.gemini", "import telegram.error", "bot.providers.gemini may not import telegram"),
        (
            "bot.providers.gemini",
            "import httpx\nhttpx.AsyncClient()",
            "bot.providers.gemini makes HTTP calls of its own",
        ),
        ("bot.sandbox.server", "from bot.logs import redact", "bot.sandbox.server may not import bot.logs.redact"),
        ("bot.turns", "from telegram import Update", "bot.turns may not import telegram"),
        ("bot.turns", "from bot.settings import Settings", "bot.turns may not import bot.settings.Settings"),
        ("bot.turns", "from bot.providers.gemini import G", "bot.turns may not import bot.providers.gemini.G"),
        ("bot.chat.intake", "import os\nos.environ['X']", "bot.chat.intake reads the environment"),
        ("bot.chat.intake", "from os import getenv", "bot.chat.intake reads the environment"),
        ("bot.app", "import uvicorn\nuvicorn.Config(app)", "bot.app lets uvicorn set up logging"),
        ("bot.novelty", "x = 1", "bot.novelty has no row in MAY_IMPORT"),
        ("bot.turns", "\n" * 351, "bot.turns has 352 lines"),
    ],
)
def test_an_offence_is_found(name: str, source: str, complaint: str) -> None:
    module = Module(name=name, is_package=False, source=f'"""Offends."""\n{source}')
    assert complaints(module) == [complaint]


def test_a_missing_docstring_is_found() -> None:
    assert complaints(Module(name="bot.turns", is_package=False, source="x = 1")) == ["bot.turns has no docstring"]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bot.app", "import uvicorn\nuvicorn.Config(app, log_config=None)"),
        ("bot.chat.desk", "from bot.chat import limiter\nfrom . import keyboards\nimport os\nos.cpu_count()"),
        ("bot.providers.gemini", "import httpx\nhttpx.URL('x')\nfrom .base import Result"),
        ("bot.contents", "from storage import records\nfrom storage.records import Turn"),
    ],
)
def test_what_is_allowed_passes(name: str, source: str) -> None:
    assert complaints(Module(name=name, is_package=False, source=f'"""Behaves."""\n{source}')) == []
