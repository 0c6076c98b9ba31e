"""Takes the words of a request out of what a provider says about it.

Providers, and relays even more, quote the prompt in a refusal. What a person wrote there says nothing about the
provider: neither its limits nor the operator's balance. Imports the standard library only. Pure.
"""

from __future__ import annotations

import html
import re
from collections.abc import Sequence

ALIKE_CHARS = 12
"""So many letters and digits in a row that the request has, too, are an echo of it.

"At most 1 image" and "out of credits", the shortest phrases that teach something, have 12. Fewer would take words away
that a provider happens to share with a person.
"""

CUT = "…"
_ESCAPED = re.compile(r"\\+(?:u([0-9a-fA-F]{4})|[nrtbf])")


def without_echo(text: str, said: Sequence[str]) -> str:
    """Return ``text`` with :data:`CUT` for each echo of ``said``, the texts of a request.

    It makes no difference whether an echo is cut off, escaped as in JSON or HTML, wrapped anew or in other case.
    """
    text = _unescaped(text)
    places = [at for at, sign in enumerate(text) if sign.isalnum()]
    letters = "".join(text[at] for at in places).lower()
    # A few letters, such as İ, are longer in lower case; then no place fits, and each letter is compared as it is.
    letters = letters if len(letters) == len(places) else "".join(text[at] for at in places)
    runs = {letters[at : at + ALIKE_CHARS] for at in range(len(letters) - ALIKE_CHARS + 1)}
    echoed = _shared(runs, said) if runs else set()
    covered = [False] * len(text)
    for at in range(len(letters) - ALIKE_CHARS + 1):
        if letters[at : at + ALIKE_CHARS] in echoed:
            first, last = places[at], places[at + ALIKE_CHARS - 1]
            covered[first : last + 1] = [True] * (last + 1 - first)
    return _cut(text, covered)


def _shared(runs: set[str], said: Sequence[str]) -> set[str]:
    """Return those of ``runs`` that the texts have, too."""
    found: set[str] = set()
    for words in said:
        letters = "".join(filter(str.isalnum, _unescaped(words))).lower()
        slices = (letters[at : at + ALIKE_CHARS] for at in range(len(letters) - ALIKE_CHARS + 1))
        found.update(run for run in slices if run in runs)
    return found


def _unescaped(text: str) -> str:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    return html.unescape(plain)


def _cut(text: str, covered: Sequence[bool]) -> str:
    kept: list[str] = []
    for sign, hidden in zip(text, covered, strict=True):
        if not hidden:
            kept.append(sign)
        elif not kept or kept[-1] != CUT:
            kept.append(CUT)
    return "".join(kept)
