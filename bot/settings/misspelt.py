"""Finds settings with a wrong name, such as ``ALOWED_USERS``: they have no effect, and the bot serves everybody.

Imports the standard library and python-dotenv.
"""

from __future__ import annotations

import difflib
from collections.abc import Collection, Iterable
from pathlib import Path

from dotenv import dotenv_values

ALIKE = 0.86
"""How much of two names is the same, as ``difflib`` counts it. Names of two settings have at most 0.87 in common."""


def misspelt(names: Iterable[str], known: Collection[str]) -> dict[str, str]:
    """Return the names that are no settings but look like one, each with the setting that is meant."""
    given = {name.upper() for name in names}
    # Where the right name is set, too, the other one probably belongs to another program.
    free = [name for name in known if name not in given]
    found = {name: difflib.get_close_matches(name, free, 1, ALIKE) for name in sorted(given.difference(known))}
    return {name: meant[0] for name, meant in found.items() if meant}


def names_in(env_file: str | Path | None) -> set[str]:
    """Return the names that a ``.env`` sets. Raises: OSError, UnicodeDecodeError."""
    return set(dotenv_values(env_file, interpolate=False)) if env_file and Path(env_file).is_file() else set()
