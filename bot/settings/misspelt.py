"""Looks at the names in a ``.env``, and at who may read it.

A setting with a wrong name, such as ``ALOWED_USERS``, has no effect, and the bot serves everybody.

Imports the standard library and python-dotenv.
"""

from __future__ import annotations

import difflib
import os
import re
import stat
from collections.abc import Collection, Iterable
from pathlib import Path

from dotenv import dotenv_values
from dotenv.parser import Binding, Original, parse_stream

SECRET = re.compile(r"(?i)_(TOKEN|KEY|SECRET|PASSWORD)$")
"""The end of a name whose value is a secret."""

_LINE_END = re.compile(r"\r\n|\n|\r")

ALIKE = 0.86
"""How much of two names is the same, as ``difflib`` counts it. Names of two settings have at most 0.87 in common."""


def misspelt(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Return the names that are no settings but look like one, each with the setting that is meant."""
    given = {name.upper() for name in names}
    # Where the right name is set, too, the other one probably belongs to another program.
    free = [name for name in known if name not in given]
    # "$env:NAME" is how PowerShell writes it.
    plain = {name: name.removeprefix("$ENV:") for name in sorted(given.difference(known))}
    found = {name: difflib.get_close_matches(plain[name], free, 1, ALIKE) for name in plain}
    return {name: meant[0] for name, meant in found.items() if meant}


def unread(env_file: str | Path | None, known: Collection[str], elsewhere: Iterable[str]) -> list[str]:
    """Return a sentence for each line of a ``.env`` that sets nothing, though somebody meant it to.

    ``ALLOWED_USERS: 1`` has no effect, like a wrong name. The sentences repeat nothing of a line but the name of a
    setting: it may hold a key. ``elsewhere``: names that the environment sets. Raises: OSError, UnicodeDecodeError.
    """
    found = [(line.key, line.value, line.error, _number(line.original)) for line in _lines_of(env_file)]
    given = {name.upper() for name in elsewhere}
    return [
        f"Line {number} of {env_file} is not understood: write NAME=value, or a # before a remark."
        if is_wrong
        else f"Line {number} of {env_file} names {name}, but has no = after it: write {name}=value."
        for name, value, is_wrong, number in found
        if is_wrong or (name and value is None and name.upper() in known and name.upper() not in given)
    ]


def set_twice(env_file: str | Path | None) -> dict[str, int]:
    """Return the names that a ``.env`` sets to several values, each with the number of its last line, which counts."""
    last: dict[str, tuple[str | None, int]] = {}
    found: dict[str, int] = {}
    for line in _lines_of(env_file):
        if line.key is None:
            continue
        name, number = line.key.upper(), _number(line.original)
        if name in last and last[name][0] != line.value:
            found[name] = number
        last[name] = line.value, number
    return {name: last[name][1] for name in found}


def _lines_of(env_file: str | Path | None) -> list[Binding]:
    if not env_file or not Path(env_file).is_file():
        return []
    with Path(env_file).open(encoding="utf-8") as stream:
        return list(parse_stream(stream))


def _number(read: Original) -> int:
    """Return the number of a line. The parser counts empty lines before it as its beginning."""
    blank = read.string[: len(read.string) - len(read.string.lstrip())]
    return read.line + len(_LINE_END.findall(blank))


def is_open(env_file: str | Path | None) -> bool:
    """Return whether other users of the machine can read a ``.env`` that sets a token, a key or a secret."""
    if not env_file or os.name != "posix":
        return False
    try:
        shown = Path(env_file).stat().st_mode & stat.S_IROTH
        return bool(shown) and any(SECRET.search(name) for name in names_in(env_file))
    except (OSError, UnicodeDecodeError):
        return False


def names_in(env_file: str | Path | None) -> set[str]:
    """Return the names that a ``.env`` sets. Raises: OSError, UnicodeDecodeError."""
    return set(values_in(env_file))


def values_in(env_file: str | Path | None) -> dict[str, str]:
    """Return what a ``.env`` sets, by name. Raises: OSError, UnicodeDecodeError."""
    found = dotenv_values(env_file, interpolate=False) if env_file and Path(env_file).is_file() else {}
    return {name: value or "" for name, value in found.items()}
