"""Cuts long texts to Telegram's limits where a reader would pause.

Imports regex; pure. Never cuts inside a grapheme, and loses nothing but whitespace at the cuts. Lengths are UTF-16
units: Telegram counts code points for the limit and UTF-16 units for entities, and the stricter count is safe for both.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import accumulate

import regex

MESSAGE_LIMIT = 4096
CAPTION_LIMIT = 1024

_GRAPHEME = regex.compile(r"\X")
# Telegram calls a message of these characters empty: blanks, controls, direction and joining marks.
_INVISIBLE = regex.compile(r"[\p{Cc}\p{Cf}\p{Z}]*")
_FENCE = regex.compile(r"^ {0,3}(?:```|~~~)", regex.MULTILINE)
# The ends of sentences in Latin, CJK (ideographic and full-width), Arabic and Devanagari scripts.
_STOP = regex.compile(r"[.!?\u2026\u3002\uff01\uff1f\u061f\u0964][\p{Pe}\p{Pf}\"']*$")
_STOPS_WITHOUT_SPACE = frozenset("\u3002\uff01\uff1f")
_LONGEST_ENDING = 6
_PARAGRAPH, _LINE, _SENTENCE, _WORD = 4, 3, 2, 1


def fit_caption(text: str, limit: int = CAPTION_LIMIT) -> tuple[str, str]:
    """Return the caption of a picture and the rest for the messages after it; both may be empty."""
    pieces = _pieces(text, limit)
    caption = next(pieces, None)
    if caption is None:
        return "", ""
    following = next(pieces, None)
    return caption.text, following.onward if following else ""


def shorten(text: str, limit: int = 60) -> str:
    """Return ``text`` on one line of at most ``limit`` characters, an ellipsis where it was cut."""
    line = " ".join(text.split())
    return line if len(line) <= limit else f"{line[: limit - 3]}…"


def split_text(text: str, limit: int = MESSAGE_LIMIT) -> list[str]:
    """Return ``text`` in pieces of at most ``limit`` UTF-16 units, none of them empty; no piece for invisible text."""
    return [piece.text for piece in _pieces(text, limit)]


def units(text: str) -> int:
    """Return the length of ``text`` in UTF-16 units."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


@dataclass(frozen=True, slots=True, kw_only=True)
class _Piece:
    """A piece, and the text from the start of the piece to the end of the whole."""

    text: str
    onward: str


@dataclass(frozen=True, slots=True, kw_only=True)
class _Text:
    """A measured text: its graphemes, the units before each of them, and the ranges of code fences, in graphemes."""

    graphemes: list[str]
    before: list[int]
    fences: list[tuple[int, int]]


def _pieces(text: str, limit: int) -> Iterator[_Piece]:
    # JSON may hold the halves of a surrogate pair apart; they are joined. A lone half cannot be sent.
    text = text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if _INVISIBLE.fullmatch(text):
        return
    measured = _measure(text, limit)
    graphemes, total = measured.graphemes, len(measured.graphemes)
    start, end = _past_blanks(graphemes, 0), total
    while end > start and graphemes[end - 1].isspace():
        end -= 1
    while start < end:
        cut = _cut(measured, start, end, limit)
        stop = cut
        while graphemes[stop - 1].isspace():
            stop -= 1
        piece = "".join(graphemes[start:stop])
        if not _INVISIBLE.fullmatch(piece):
            yield _Piece(text=piece, onward="".join(graphemes[start:end]))
        start = _past_blanks(graphemes, cut)


def _measure(text: str, limit: int) -> _Text:
    graphemes: list[str] = _GRAPHEME.findall(text)
    sizes = list(map(units, graphemes))
    if max(sizes) > limit:
        graphemes = [part for whole in graphemes for part in _bearable(whole, limit)]
        sizes = list(map(units, graphemes))
    before = [0, *accumulate(sizes)]
    places = {offset: index for index, offset in enumerate(accumulate(map(len, graphemes), initial=0))}
    marks = [places[match.start()] for match in _FENCE.finditer(text) if match.start() in places]
    fences = []
    for opening, closing in zip(marks[::2], marks[1::2], strict=False):
        line_end = next((at for at in range(closing, len(graphemes)) if "\n" in graphemes[at]), len(graphemes))
        fences.append((opening, line_end))
    return _Text(graphemes=graphemes, before=before, fences=fences)


def _bearable(grapheme: str, limit: int) -> Iterator[str]:
    """Split a grapheme that is longer than a message: one letter with thousands of marks."""
    if units(grapheme) <= limit:
        yield grapheme
    else:
        yield from grapheme


def _past_blanks(graphemes: list[str], at: int) -> int:
    while at < len(graphemes) and graphemes[at].isspace():
        at += 1
    return at


def _cut(text: _Text, start: int, end: int, limit: int) -> int:
    """Return the end of the piece that begins at ``start``, before the blanks that follow it."""
    if text.before[end] - text.before[start] <= limit:
        return end
    last = bisect_right(text.before, text.before[start] + limit) - 1
    for opening, closing in text.fences:
        cut_apart = start < opening <= last < closing
        if cut_apart and text.before[closing] - text.before[opening] <= limit:
            return opening
    half = bisect_right(text.before, text.before[start] + limit // 2) - 1
    best: dict[int, int] = {}
    for at in _pauses(text.graphemes, start, last):
        if at < half and best:
            break
        best.setdefault(_rank(text, at), at)
        if _PARAGRAPH in best:
            break
    for rank in (_PARAGRAPH, _LINE, _SENTENCE, _WORD):
        if best.get(rank, -1) >= half:
            return best[rank]
    return max(best.values(), default=max(last, start + 1))


def _pauses(graphemes: list[str], start: int, last: int) -> Iterator[int]:
    """Yield the gaps between words, the last one first."""
    for at in range(last, start, -1):
        before = graphemes[at - 1]
        if (before in _STOPS_WITHOUT_SPACE or graphemes[at].isspace()) and not before.isspace():
            yield at


def _rank(text: _Text, at: int) -> int:
    """Return how natural a cut before grapheme ``at`` is; ``at`` is a gap between words."""
    graphemes = text.graphemes
    if not graphemes[at].isspace():
        return _SENTENCE
    breaks = sum("\n" in blank or "\r" in blank for blank in graphemes[at : _past_blanks(graphemes, at)])
    inside = any(opening < at < closing for opening, closing in text.fences)
    if breaks:
        # Inside code a blank line is no better than any other end of line.
        return _LINE if breaks == 1 or inside else _PARAGRAPH
    if inside:
        return _WORD
    tail = "".join(graphemes[max(0, at - _LONGEST_ENDING) : at])
    return _SENTENCE if _STOP.search(tail) else _WORD
