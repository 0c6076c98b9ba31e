"""The shape of the code: who may import whom, who may touch the outside, how long a file and how full a folder may be.

Reads the sources, imports none of them. A new folder, or a new module at the top of ``bot``, needs a row in
``MAY_IMPORT``.
"""

from __future__ import annotations

import ast
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache, lru_cache
from graphlib import CycleError, TopologicalSorter
from itertools import accumulate
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
LONGEST_FILE_LINES = 350
MOST_FILES_IN_A_FOLDER = 15
EVERYTHING = ("bot", "storage")

OF_PROVIDERS = ("bot.providers.base", "bot.providers.errors")
PROVIDERS_GROUND = tuple(f"bot.providers.{name}" for name in ("base", "catalog", "config", "error_base", "errors"))
# What a request needs of pictures; providers neither draw nor compare.
OF_PICTURES = ("bot.pictures.errors", "bot.pictures.threads", "bot.pictures.formats", "bot.pictures.convert")
OF_STORAGE = ("storage.records", "storage.schema", "storage.column_types")
# What all folders of the chat may import.
OF_CHAT = ("bot.chat.actions", "bot.chat.command_table", "bot.chat.events", "bot.chat.response", "bot.chat.send")
STORED = (
    "storage.books",
    "storage.guests",
    "storage.media",
    "storage.records",
    "storage.rows",
    "storage.sales",
    "storage.store",
    "storage.tables",
)

# What a folder, or a single file, may import of ours besides itself. The longest matching name counts. The rows go
# from the outer layers to the inner ones: a lower row imports nothing from a higher one.
MAY_IMPORT: dict[str, tuple[str, ...]] = {
    # Run and operate.
    "bot.__main__": EVERYTHING,
    "bot.sandboxed": ("bot.app", "bot.process", "bot.sandbox", "bot.settings", "storage.records"),
    "bot.app": EVERYTHING,
    "bot.builders": EVERYTHING,
    "bot.operator": ("bot.logs", "bot.process", "bot.providers.base", "bot.settings", "bot.turns.export", "storage"),
    "bot.web": (
        "bot.__version__",
        "bot.chat.receive",
        "bot.metrics",
        "bot.process.heartbeat",
        *OF_PROVIDERS,
        "bot.settings",
        "bot.turns.answering",
        "storage.engine.faults",
        "storage.store",
    ),
    "bot.process": (
        "bot.background",
        "bot.chat",
        "bot.dispatch",
        "bot.metrics",
        "bot.providers",
        "bot.settings",
        "bot.texts",
        "bot.turns",
        "storage",
    ),
    # Talk.
    "bot.chat": (
        "bot.access",
        "bot.background",
        "bot.dispatch.base",
        "bot.logs",
        "bot.metrics",
        "bot.pictures",
        *OF_PROVIDERS,
        "bot.providers.reasons",
        "bot.repeats",
        "bot.texts",
        "bot.turns",
        *STORED,
        "storage.engine.faults",
    ),
    "bot.chat.wishes": (
        *OF_CHAT,
        "bot.chat.commands",
        "bot.chat.authorization",
        "bot.chat.groups",
        "bot.chat.receive",
        "bot.chat.reply_target",
        "bot.chat.responder",
        "bot.chat.updates",
        "bot.dispatch.base",
        "bot.pictures.compare",
        "bot.pictures.errors",
        "bot.pictures.threads",
        "bot.texts",
        "bot.turns",
        *STORED,
    ),
    "bot.chat.receive": (
        *OF_CHAT,
        "bot.background",
        "bot.chat.authorization",
        "bot.chat.identity",
        "bot.chat.updates",
        "bot.dispatch.base",
        "bot.metrics",
        *OF_PICTURES,
        *OF_PROVIDERS,
        "bot.texts",
        *STORED,
        "storage.engine.faults",
    ),
    "bot.chat.commands": (
        *OF_CHAT,
        "bot.access",
        "bot.background",
        "bot.chat.groups",
        "bot.chat.guests",
        "bot.chat.identity",
        "bot.chat.reply_target",
        "bot.chat.updates",
        "bot.dispatch.base",
        "bot.pictures",
        *OF_PROVIDERS,
        "bot.texts",
        "bot.turns",
        *STORED,
        "storage.care.forgetting",
        "storage.engine.faults",
    ),
    "bot.chat.stars": (
        *OF_CHAT,
        "bot.access",
        "bot.chat.commands",
        "bot.chat.identity",
        "bot.chat.updates.raw",
        "bot.metrics",
        "bot.texts",
        *STORED,
        "storage.engine.faults",
    ),
    "bot.chat.guests": (
        *OF_CHAT,
        "bot.access",
        "bot.chat.updates",
        "bot.dispatch.base",
        "bot.texts",
        *STORED,
        "storage.care.forgetting",
    ),
    "bot.chat.groups": (
        *OF_CHAT,
        "bot.chat.identity",
        "bot.chat.updates",
        "bot.dispatch.base",
        "bot.texts",
        "storage.records",
        "storage.store",
    ),
    "bot.chat.updates": (
        "bot.chat.actions",
        "bot.chat.command_table",
        "bot.chat.events",
        "bot.chat.send.split",
        "storage.records",
    ),
    "bot.chat.send": (
        "bot.background",
        "bot.chat.events",
        "bot.dispatch.base",
        "bot.pictures",
        "bot.providers.errors",
        "bot.repeats",
        "bot.texts",
        *STORED,
    ),
    "bot.chat.response": ("bot.pictures.boards.values", "bot.turns.wishes", "storage.records"),
    "bot.chat.command_table": ("bot.chat.events",),
    "bot.chat.actions": (),
    "bot.chat.events": ("storage.records",),
    # Decide.
    "bot.turns": (
        "bot.access",
        "bot.metrics",
        "bot.pictures",
        "bot.providers.base",
        "bot.providers.calls",
        "bot.providers.catalog",
        "bot.providers.error_base",
        "bot.providers.errors",
        "bot.providers.shared.flatten",
        "bot.repeats",
        *STORED,
        "storage.engine.faults",
        "storage.notes",
    ),
    "bot.turns.export": (
        "bot.providers.base",
        "bot.providers.catalog",
        "bot.texts",
        "bot.turns.request",
        *STORED,
    ),
    "bot.turns.request": ("bot.providers.base", "storage.records", "storage.rows.spoken"),
    "bot.access": ("storage.books.values", "storage.guests.values"),
    "bot.dispatch": ("storage.records",),
    "bot.dispatch.cluster": ("bot.background", "bot.dispatch.base", "bot.providers.calls.pace", "storage"),
    # Call.
    "bot.providers": (),
    "bot.providers.dialects": (
        *PROVIDERS_GROUND,
        "bot.providers.gemini.errors",
        "bot.providers.shared",
        "bot.providers.wire",
        "storage.records",
    ),
    "bot.providers.gemini": (*PROVIDERS_GROUND, "bot.providers.shared", "bot.providers.wire", "storage.records"),
    "bot.providers.calls": (
        *OF_PROVIDERS,
        "bot.providers.shared.echoes",
        "bot.providers.shared.flatten",
        "bot.repeats",
        "storage.records",
    ),
    "bot.providers.shared": (*PROVIDERS_GROUND, "bot.providers.wire", "storage.records"),
    "bot.providers.wire": (*OF_PROVIDERS, *OF_PICTURES, "bot.secret_shapes", "storage.records"),
    **dict.fromkeys(PROVIDERS_GROUND, (*PROVIDERS_GROUND, "storage.records")),
    # Look and draw.
    "bot.pictures": (),
    "bot.pictures.boards": OF_PICTURES,
    "bot.pictures.restore": ("bot.pictures.compare", *OF_PICTURES),
    "bot.pictures.compare": OF_PICTURES,
    "bot.pictures.convert": ("bot.pictures.errors", "bot.pictures.formats", "bot.pictures.threads"),
    "bot.pictures.formats": ("bot.pictures.errors", "bot.pictures.threads"),
    # Keep.
    "storage": (),
    "storage.care": (
        *OF_STORAGE,
        "storage.books",
        "storage.engine",
        "storage.media",
        "storage.rows",
        "storage.tables",
    ),
    "storage.inline": (
        *OF_STORAGE,
        "storage.care",
        "storage.engine",
        "storage.media",
        "storage.rows",
        "storage.tables",
    ),
    "storage.guests": (*OF_STORAGE, "storage.books.values", "storage.engine", "storage.rows", "storage.tables"),
    "storage.sales": (
        *OF_STORAGE,
        "storage.books",
        "storage.engine",
        "storage.rows",
        "storage.tables",
        "storage.triggers",
    ),
    "storage.notes": (*OF_STORAGE, "storage.engine", "storage.rows", "storage.tables"),
    "storage.tables": (*OF_STORAGE, "storage.books", "storage.engine", "storage.media", "storage.rows"),
    "storage.books": (*OF_STORAGE, "storage.engine", "storage.rows", "storage.triggers"),
    "storage.books.values": (),
    "storage.cluster": (*OF_STORAGE, "storage.engine"),
    "storage.media": ("storage.records", "storage.engine.faults"),
    "storage.rows": OF_STORAGE,
    "storage.engine": ("storage.schema", "storage.triggers"),
    "storage.migrations": ("storage.schema", "storage.triggers"),
    "storage.triggers": (),
    "storage.schema": ("storage.column_types",),
    "storage.records": (),
    "storage.column_types": (),
    # Ground.
    "bot.settings": ("bot.access.limits", "storage.books.values"),
    "bot.metrics": (),
    "bot.logs": ("bot.repeats", "bot.secret_shapes"),
    "bot.repeats": (),
    "bot.secret_shapes": (),
    "bot.texts": (),
    "bot.background": (),
    # The sandbox has its own rules.
    "bot.sandbox": (),
}
# Libraries that open a door to the outside, and the only parts that may import them.
ONLY_IN: dict[str, tuple[str, ...]] = {
    "telegram": (
        "bot.chat",
        "bot.web",
        "bot.app",
        "bot.builders",
        "bot.process.clients",
        "bot.operator.check_accounts",
    ),
    "dotenv": ("bot.settings.misspelt",),
    "pydantic_settings": ("bot.settings.fields",),
    "httpx": ("bot.providers", "bot.chat", "bot.sandbox", "bot.__main__", "bot.app"),
    "sqlalchemy": ("storage", "bot.dispatch.cluster"),
    "procrastinate": ("bot.dispatch.cluster",),
    "psycopg": ("storage", "bot.dispatch.cluster"),
    "obstore": ("storage",),
    "aiogram": (),
    "google": (),
    "requests": (),
    "aiohttp": (),
    # To read what the environment says of proxies.
    "urllib.request": ("bot.settings.proxies",),
    # What a killed process leaves among temporary files, no start and no /forget removes: only files without names.
    "tempfile": ("bot.chat.commands.keep", "bot.sandbox"),
}
MAY_CALL_OUT = ("bot.providers.wire", "bot.sandbox", "bot.__main__", "bot.app")
CALLS_OUT = {"AsyncClient", "Client", "delete", "get", "head", "options", "patch", "post", "put", "request", "stream"}
ENVIRONMENT = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv"}


@lru_cache(1)
def _parsed(source: str) -> ast.Module:
    """Return a file's tree. Those of all files are never wanted at once, and take a hundred megabytes."""
    return ast.parse(source)


@dataclass(frozen=True)
class Module:
    """One source file, under the name by which it is imported."""

    name: str
    is_package: bool
    source: str

    @property
    def tree(self) -> ast.Module:
        return _parsed(self.source)

    @cache  # noqa: B019 - modules live as long as the tests, and to read them all takes seconds
    def imports(self) -> tuple[str, ...]:
        """Return the full name of everything that is imported anywhere in the file, ``package.name`` for each name."""
        return tuple(self._imports())

    def _imports(self) -> Iterator[str]:
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
        """Yield each ``x`` of ``library.x`` in the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == library:
                yield node.attr


def _inside(name: str, parts: tuple[str, ...]) -> bool:
    return any(name == part or name.startswith(f"{part}.") for part in parts)


def _row(name: str) -> str | None:
    rows = [row for row in MAY_IMPORT if _inside(name, (row,))]
    return max(rows, key=len, default=None)


def complaints(module: Module) -> list[str]:
    """Return the faults of ``module``, one sentence each."""
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
        if name in {f"os.{word}" for word in ENVIRONMENT} and module.name != "bot.settings.settings":
            found.append(f"{module.name} reads the environment")
    if ENVIRONMENT & set(module.attributes("os")) and module.name != "bot.settings.settings":
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
    """Return whether a uvicorn server leaves logging alone; its own handlers would print tokens in paths."""
    given = [word.value for word in call.keywords if word.arg == "log_config"]
    return [value.value for value in given if isinstance(value, ast.Constant)] == [None]


@cache
def _modules() -> tuple[Module, ...]:
    """Return all modules of the program."""
    return tuple(_read())


def _read() -> Iterator[Module]:
    for top in EVERYTHING:
        for path in sorted((ROOT / top).rglob("*.py")):
            parts = path.relative_to(ROOT).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            yield Module(name=name, is_package=is_package, source=path.read_text("utf-8"))


def _target(name: str, known: frozenset[str]) -> str | None:
    """Return our module that an imported name refers to: itself, or the one that defines it."""
    while name and name not in known:
        name = name.rpartition(".")[0]
    return name or None


def arrows(modules: Iterable[Module]) -> dict[str, set[str]]:
    """Return which modules each module imports, wherever in the file."""
    modules = list(modules)
    known = frozenset(module.name for module in modules)
    return {
        module.name: {target for name in module.imports() if (target := _target(name, known))} - {module.name}
        for module in modules
    }


def circles(found: Mapping[str, Iterable[str]]) -> list[str]:
    """Return the folders whose imports run in a circle, with the circle's members.

    A folder's files and subfolders count as one each, and so does its own ``__init__``. If each folder is free of
    circles, all modules are.
    """
    folders: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    for name, targets in found.items():
        for target in targets:
            of_name, of_target = f"{name}.__init__".split("."), f"{target}.__init__".split(".")
            depth = next(at for at, pair in enumerate(zip(of_name, of_target, strict=False)) if pair[0] != pair[1])
            folders[".".join(of_name[:depth])][of_name[depth]].add(of_target[depth])
    complaints = []
    for folder, graph in sorted(folders.items()):
        try:
            TopologicalSorter(graph).prepare()
        except CycleError as error:
            complaints.append(f"in {folder or 'the repository'}: {', '.join(sorted(set(error.args[1])))}")
    return complaints


def crowded(names: Iterable[str]) -> list[str]:
    """Return the folders that hold too many modules."""
    counts = Counter(name.rpartition(".")[0] for name in names)
    return [f"{folder} holds {count} files" for folder, count in counts.items() if count > MOST_FILES_IN_A_FOLDER]


@pytest.mark.parametrize("module", [pytest.param(module, id=module.name) for module in _modules()])
def test_module_keeps_to_its_place(module: Module) -> None:
    assert complaints(module) == []


def test_no_import_runs_in_a_circle_or_back_up() -> None:
    assert circles(arrows(_modules())) == []


def test_no_folder_is_crowded() -> None:
    assert crowded(module.name for module in _modules() if not module.is_package) == []


def test_each_row_is_about_something_that_is_there() -> None:
    names = {start for module in _modules() for start in accumulate(module.name.split("."), "{}.{}".format)}
    rows = {*MAY_IMPORT, *(name for row in MAY_IMPORT.values() for name in row)}
    assert rows - names - {"bot.__version__"} == set()


@pytest.mark.parametrize(
    ("imports", "found"),
    [
        ({"bot.a": ["bot.b"], "bot.b": ["bot.a"]}, ["in bot: a, b"]),
        # Each of these modules is free of circles, but their folders are not.
        ({"bot.a.x": ["bot.b.y"], "bot.b.z": ["bot.a.w"]}, ["in bot: a, b"]),
        ({"bot.a": ["bot.a.x"], "bot.a.x": ["bot.a"]}, ["in bot.a: __init__, x"]),
        ({"bot.a.x": ["bot.a.y"], "bot.b": ["bot.a.x"], "storage.c": []}, []),
        ({"storage.c": ["bot.a"], "bot.b": ["storage.c"]}, ["in the repository: bot, storage"]),
    ],
)
def test_a_circle_is_found(imports: dict[str, list[str]], found: list[str]) -> None:
    assert circles(imports) == found


def test_a_crowded_folder_is_found() -> None:
    assert crowded(f"bot.chat.m{number}" for number in range(16)) == ["bot.chat holds 16 files"]


@pytest.mark.parametrize(
    ("name", "source", "complaint"),
    [
        (
            "storage.tables.inbox",
            "from bot.turns.turns import Turns",
            "storage.tables.inbox may not import bot.turns.turns.Turns",
        ),
        ("storage.tables.inbox", "from bot import turns", "storage.tables.inbox may not import bot.turns"),
        (
            "bot.turns.request.contents",
            "import storage.store",
            "bot.turns.request.contents may not import storage.store",
        ),
        (
            "bot.turns.request.contents",
            "def f():\n    from storage.care import audit",
            "bot.turns.request.contents may not import storage.care.audit",
        ),
        (
            "bot.providers.gemini.provider",
            "from ...turns.turns import Turns",
            "bot.providers.gemini.provider may not import bot.turns.turns.Turns",
        ),
        (
            "bot.providers.gemini.provider",
            "import telegram.error",
            "bot.providers.gemini.provider may not import telegram",
        ),
        (
            "bot.providers.gemini.provider",
            "import httpx\nhttpx.AsyncClient()",
            "bot.providers.gemini.provider makes HTTP calls of its own",
        ),
        ("bot.sandbox.server", "from bot.logs import redact", "bot.sandbox.server may not import bot.logs.redact"),
        ("bot.turns.turns", "from telegram import Update", "bot.turns.turns may not import telegram"),
        (
            "bot.turns.turns",
            "from bot.settings.settings import S",
            "bot.turns.turns may not import bot.settings.settings.S",
        ),
        (
            "bot.turns.turns",
            "from bot.providers.gemini import G",
            "bot.turns.turns may not import bot.providers.gemini.G",
        ),
        ("bot.chat.send.split", "from bot.chat import worker", "bot.chat.send.split may not import bot.chat.worker"),
        (
            "bot.pictures.formats.png",
            "from bot.pictures import convert",
            "bot.pictures.formats.png may not import bot.pictures.convert",
        ),
        ("bot.chat.updates.parse", "import os\nos.environ['X']", "bot.chat.updates.parse reads the environment"),
        ("bot.chat.updates.parse", "from os import getenv", "bot.chat.updates.parse reads the environment"),
        ("bot.app", "import uvicorn\nuvicorn.Config(app)", "bot.app lets uvicorn set up logging"),
        ("bot.novelty", "x = 1", "bot.novelty has no row in MAY_IMPORT"),
        ("bot.turns.turns", "\n" * 351, "bot.turns.turns has 352 lines"),
    ],
)
def test_an_offence_is_found(name: str, source: str, complaint: str) -> None:
    module = Module(name=name, is_package=False, source=f'"""Offends."""\n{source}')
    assert complaints(module) == [complaint]


def test_a_missing_docstring_is_found() -> None:
    assert complaints(Module(name="bot.turns.turns", is_package=False, source="x = 1")) == [
        "bot.turns.turns has no docstring"
    ]


@pytest.mark.parametrize(
    ("name", "source"),
    [
        ("bot.app", "import uvicorn\nuvicorn.Config(app, log_config=None)"),
        ("bot.chat.worker", "from bot.chat.send import rate_limiter\nfrom . import events\nimport os\nos.cpu_count()"),
        ("bot.providers.gemini.provider", "import httpx\nhttpx.URL('x')\nfrom ..base import Result"),
        ("bot.turns.request.contents", "from storage import records\nfrom storage.records import Turn"),
    ],
)
def test_what_is_allowed_passes(name: str, source: str) -> None:
    assert complaints(Module(name=name, is_package=False, source=f'"""Behaves."""\n{source}')) == []
