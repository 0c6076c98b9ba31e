"""Each module's docstring says truly what the module imports: our own modules, and the libraries behind a door.

The list is the sentence that begins with "Imports". A name in it is a module or a folder, in as many parts as a reader
needs: ``events``, ``send``, ``providers.base``, ``storage``. A module without such a sentence imports nothing of ours.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterable, Iterator
from functools import cache

import pytest

from tests.test_architecture import EVERYTHING, MAY_IMPORT, Module, _modules, arrows

LIBRARIES = {"httpx": "httpx", "obstore": "obstore", "procrastinate": "procrastinate", "psycopg": "psycopg"} | {
    "PTB": "telegram",
    "SQLAlchemy": "sqlalchemy",
}
"""How docstrings call the libraries of ``ONLY_IN`` that a reader asks about."""
LIST = re.compile(r"(?:^|[.;:]\s+)Imports\s(?P<names>.+?)(?=;|\.(?:\s|$))", re.S)


def _of_library(module: Module) -> Iterator[str]:
    tops = {name.partition(".")[0] for name in module.imports()}
    yield from (called for called, name in LIBRARIES.items() if name in tops)


def covers(name: str, target: str) -> bool:
    """Return whether ``name`` stands in the full name of a module: ``send`` and ``send.once`` in bot.chat.send.once."""
    return f".{name}." in f".{target}."


def faults(docstring: str, targets: Iterable[str], libraries: Iterable[str]) -> list[str]:
    """Return what the list in a docstring leaves out, and what it names in vain."""
    found = LIST.search(docstring)
    text = found["names"] if found else ""
    names = [] if text.startswith("nothing") else re.findall(r"``([\w.]+)``", text)
    listed = {called for called in LIBRARIES if re.search(rf"\b{called}\b", text)}
    targets, libraries = set(targets) - {"bot"}, set(libraries)
    if re.match("everything", text) and not names:
        return []
    return sorted(
        [
            *(f"leaves out {target}" for target in targets if not any(covers(name, target) for name in names)),
            *(f"leaves out {library}" for library in libraries - listed),
            *(f"names {name} in vain" for name in names if not any(covers(name, target) for target in targets)),
            *(f"names {library} in vain" for library in listed - libraries),
        ]
    )


_ALL = [module for module in _modules() if not module.name.startswith("storage.migrations.versions.")]


@cache
def _targets() -> dict[str, set[str]]:
    """Return what each module imports. Only who runs these tests spends the second that it takes."""
    return arrows(_modules())


@pytest.mark.parametrize("module", [pytest.param(module, id=module.name) for module in _ALL])
def test_a_docstring_lists_what_its_module_imports(module: Module) -> None:
    docstring = ast.get_docstring(module.tree) or ""
    assert not re.search(r"May\s+import", docstring)
    assert faults(docstring, _targets()[module.name], _of_library(module)) == []
    if re.search(r"Imports everything(?! in)", docstring):
        assert MAY_IMPORT[module.name] == EVERYTHING


@pytest.mark.parametrize(
    ("docstring", "targets", "libraries", "expected"),
    [
        ("Sends. Imports PTB and ``events``; stores nothing.", ["bot.chat.events"], ["PTB"], []),
        ("Sends. Imports ``events``.", ["bot.chat.events"], ["PTB"], ["leaves out PTB"]),
        ("Sends.", ["storage.records"], [], ["leaves out storage.records"]),
        ("Imports ``send`` and ``storage``.", ["bot.chat.send.once"], [], ["names storage in vain"]),
        ("Imports ``providers.base``. Imported by ``x``.", ["bot.providers.base"], [], []),
        ("Imports nothing of ours.", ["storage.records"], [], ["leaves out storage.records"]),
        ("Imports everything.", ["storage.records"], ["httpx"], []),
    ],
)
def test_a_false_list_is_found(docstring: str, targets: list[str], libraries: list[str], expected: list[str]) -> None:
    assert faults(docstring, targets, libraries) == expected
