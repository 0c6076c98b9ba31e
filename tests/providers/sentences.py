"""The English sentences of failed turns, formatted the way the bot does: Project Fluent, no isolation marks."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import ast, parse
from fluent.syntax.visitor import Visitor

SOURCE = (Path(__file__).parents[2] / "bot" / "locales" / "en" / "errors.ftl").read_text(encoding="utf-8")


def _bundle() -> FluentBundle:
    bundle = FluentBundle(["en"], use_isolating=False)
    bundle.add_resource(FluentResource(SOURCE))
    return bundle


_BUNDLE = _bundle()


def say(key: str, values: Mapping[str, str | int]) -> str:
    """Return the sentence of ``key``. Raises: ``AssertionError`` when it is missing or lacks a value."""
    assert _BUNDLE.has_message(key), f"errors.ftl has no {key}"
    pattern = _BUNDLE.get_message(key).value
    assert pattern is not None
    text, errors = _BUNDLE.format_pattern(pattern, dict(values))
    assert not errors, f"{key}: {errors}"
    return str(text)


class _Variables(Visitor):
    def __init__(self) -> None:
        self.found: set[str] = set()

    def visit_VariableReference(self, node: ast.VariableReference) -> None:
        self.found.add(node.id.name)


def placeholders() -> dict[str, set[str]]:
    """Return the variables of each message."""
    table = {}
    for entry in parse(SOURCE).body:
        if isinstance(entry, ast.Message):
            seen = _Variables()
            seen.visit(entry)
            table[entry.id.name] = seen.found
        assert not isinstance(entry, ast.Junk), entry.content
    return table
