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

SECRET = re.compile(r"(?i)_(TOKEN|KEY|SECRET|PASSWORD)$")
"""The end of a name whose value is a secret."""

ALIKE = 0.86
"""How much of two names is the same, as ``difflib`` counts it. Names of two settings have at most 0.87 in common."""


def misspelt(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Return the names that are no settings but look like one, each with the setting that is meant."""
    given = {name.upper() for name in names}
    # Where the right name is set, too, the other one probably belongs to another program.
    free = [name for name in known if name not in given]
    found = {name: difflib.get_close_matches(name, free, 1, ALIKE) for name in sorted(given.difference(known))}
    return {name: meant[0] for name, meant in found.items() if meant}


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
