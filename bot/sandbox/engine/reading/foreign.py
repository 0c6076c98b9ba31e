"""What the engine says in other languages than English: less, and with the person's own words. Imports ``tongues``.

``replies`` decides what happened; this module has the sentences for it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.sandbox.engine.reading.tongues import TONGUES, Foreign

_VERSIONS = [
    re.compile(re.escape(tongue.says["version"]).replace(r"\{number\}", r"(\d+)")) for tongue in TONGUES.values()
]


_INNER = str.maketrans('„“”«»"', "‚‘’‹›'")  # noqa: RUF001
"""Quotes within quotes: a wish is repeated in double ones."""
_MOST_NAMED, _LONGEST_SAID = 6, 120
"""How many words that were not understood an answer names, and how much of a long wish it repeats, in characters."""


def sentence(wish: Foreign, what: str, number: int = 0, onward: Sequence[str] = ("", "")) -> str:
    """Return a sentence in the language of a wish. ``onward``: names of two things that can be wished next."""
    says = TONGUES[wish.tongue].says
    first, second = (says.get(f"next_{one}", "") for one in onward)
    words = ", ".join(list(dict.fromkeys(wish.ignored))[:_MOST_NAMED])
    said = wish.said if len(wish.said) <= _LONGEST_SAID else f"{wish.said[:_LONGEST_SAID].rstrip()}…"
    said = said.translate(_INNER)
    return says[what].format(said=said, number=number, words=words, first=first, second=second)


def sentences(wish: Foreign, what: Sequence[str], number: int = 0, onward: Sequence[str] = ("", "")) -> str:
    """Return several sentences as one answer."""
    between = "" if wish.tongue == "zh-hans" else " "
    return between.join(sentence(wish, one, number, onward) for one in what)


def version_in(words: str) -> int:
    """Return the version of the answer with these words in one of the languages, 0 for the plain one."""
    found = next((match for pattern in _VERSIONS if (match := pattern.search(words))), None)
    return int(found[1]) - 1 if found else 0
