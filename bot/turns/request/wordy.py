"""Words of a model cut to what is worth sending back to it. Pure; imports nothing of ours.

A model may write without end, or the same again and again. Sent back with every later wish, that costs as much as a
picture each time, and models repeat what they read (google-gemini/gemini-cli#12737).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WORTH_LETTERS = 4000
"""About what a picture costs: 1290 tokens of some three letters (ai.google.dev, Gemini API pricing)."""

LONGEST_LOOP = 400
"""Letters of what is repeated at most."""

LOOPS = 4
"""How often something stands in a row before it is a loop, and no emphasis."""

LOOP_LETTERS = 200
"""How long a loop is at least: a line of dashes is none."""

CUT = " […]"


def worth_sending(text: str, room: int = WORTH_LETTERS) -> str:
    """Return words up to where they begin to repeat themselves, and never more than there is room for."""
    head = text[:room]
    end = _end_of_first(head)
    return text if end == len(text) else head[:end].rstrip() + CUT


def parts_worth_sending(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return parts of a content with words that are too many cut, all together to what one picture is worth.

    What is signed stays as it is.
    """
    sent: list[dict[str, Any]] = []
    left = WORTH_LETTERS
    for part in parts:
        text = part.get("text")
        if not isinstance(text, str) or "thoughtSignature" in part:
            sent.append(part)
            continue
        words = worth_sending(text, left)
        left -= min(left, len(words))
        sent.append({**part, "text": words})
    return sent


def _end_of_first(text: str) -> int:
    """Return where the first of what is repeated until the end has ended; the length of words that do not do that."""
    for period in range(1, min(LONGEST_LOOP, len(text) // LOOPS) + 1):
        if not text.endswith(text[-period:] * LOOPS):
            continue
        start = len(text) - period
        while start > 0 and text[start - 1] == text[start - 1 + period]:
            start -= 1
        if len(text) - start >= LOOP_LETTERS:
            return start + period
    return len(text)
