"""Takes the words of a request out of what a provider says about it.

Providers, and relays even more, quote the prompt in a refusal. What a person wrote there says nothing about the
provider: neither its limits nor the operator's balance. Imports the standard library only. Pure.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterator, Sequence

ALIKE_CHARS = 12
"""So many letters and digits in a row that the request has, too, are an echo of it.

"At most 1 image" and "out of credits", the shortest phrases that teach something, have 12. Fewer would take words away
that a provider happens to share with a person. So a shorter text counts only where it is set apart as a quotation.
"""

SHORT_CHARS = 6
"""The fewest letters and digits of such a quotation: "per day" and "limit: 0" are the shortest phrases of any rule.

A sign of Chinese, Japanese or Korean, and an emoji, says as much as two: three of them are a whole wish.
"""

WIDE_FROM = "\u2e80"
"""Where those scripts begin (Unicode, CJK Radicals Supplement)."""

CUT = "…"
_ESCAPED = re.compile(r"(?<!\\)\\+(?:u([0-9a-fA-F]{4})|[nrtbf])")
_WIDE = re.compile(r"\s{33,}")
"""More white space than any text needs. Searches that pass over it at each of its places would take minutes."""

_OPENED = r"(?:[\"'`\u2018-\u201e«»「(\[{>:=]|\b(?:prompt|input|text|message|caption)\b)\s*"
"""What stands before a quotation: a mark, or the name of what was sent."""
_CLOSED = r"\s*(?:[\"'`\u2018-\u201e«»」)\]}<,;!?\\…]|\.(?!\w)|$)"
_CUT_OFF = re.compile(rf"{_OPENED}(?=(.{{{SHORT_CHARS},{4 * ALIKE_CHARS}}}?)\s*(?:\.\.|…))", re.IGNORECASE)


def without_echo(text: str, said: Sequence[str]) -> str:
    """Return ``text`` with :data:`CUT` for each echo of ``said``, the texts of a request.

    It makes no difference whether an echo is cut off, escaped as in JSON or HTML, wrapped anew or in other case. Each
    line of ``text`` is a text of the provider's.
    """
    text, said = _unescaped(text), [_unescaped(words) for words in said]
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
    for first, end in _quotations(text, said):
        covered[first:end] = [True] * (end - first)
    return _cut(text, covered)


def _shared(runs: set[str], said: Sequence[str]) -> set[str]:
    """Return those of ``runs`` that the texts have, too."""
    found: set[str] = set()
    for words in said:
        letters = _letters(words).lower()
        slices = (letters[at : at + ALIKE_CHARS] for at in range(len(letters) - ALIKE_CHARS + 1))
        found.update(run for run in slices if run in runs)
    return found


def _quotations(text: str, said: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Yield the places at which ``text`` quotes a short text of a request, or the first letters of any."""
    short = {" ".join(words.split()) for words in said if _is_short(words)}
    # The longest first: "per day 1" is more than "per day".
    for words in sorted(short, key=len, reverse=True):
        pattern = r"\s+".join(map(re.escape, words.split()))
        quoted = rf"{_OPENED}(?=({pattern}){_CLOSED})|^(?=\s*({pattern})\s*$)"
        for found in re.finditer(quoted, text, re.IGNORECASE | re.MULTILINE):
            yield found.span(1 if found[1] else 2)
    openings = {" ".join(words[: 8 * ALIKE_CHARS].split()).lower() for words in said}
    for found in _CUT_OFF.finditer(text):
        words = " ".join(found[1].split()).lower()
        if _weight(words) >= SHORT_CHARS and any(opening.startswith(words) for opening in openings):
            yield found.span(1)


def _is_short(words: str) -> bool:
    """Return whether a text has too few letters for a run, and enough to be known where it is quoted."""
    return len(_letters(words)) < ALIKE_CHARS and _weight(words) >= SHORT_CHARS


def _weight(words: str) -> int:
    """Return how much a text says, in letters."""
    return sum(1 + (sign >= WIDE_FROM) for sign in words if sign.isalnum() or unicodedata.category(sign) == "So")


def _letters(text: str) -> str:
    return "".join(filter(str.isalnum, text))


def _unescaped(text: str) -> str:
    plain = _ESCAPED.sub(lambda found: chr(int(found[1], 16)) if found[1] else " ", text)
    return _WIDE.sub(lambda found: "\n" if "\n" in found[0] else " ", html.unescape(plain))


def _cut(text: str, covered: Sequence[bool]) -> str:
    kept: list[str] = []
    for sign, hidden in zip(text, covered, strict=True):
        if not hidden:
            kept.append(sign)
        elif not kept or kept[-1] != CUT:
            kept.append(CUT)
    return "".join(kept)
