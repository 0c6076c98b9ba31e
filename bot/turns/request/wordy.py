"""Shortens a model's words before they go back to it. Pure; imports nothing of ours.

A model may write endless or repetitive text. Sent back with every later wish, it would cost as much as a picture each
time, and models repeat what they read (google-gemini/gemini-cli#12737).
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

WORTH_LETTERS = 4000
"""About the cost of a picture: 1290 tokens of three letters (ai.google.dev, Gemini API pricing)."""

LONGEST_LOOP = 400
"""The most letters of a repeated text."""

LOOPS = 4
"""The least number of repeats of a loop; fewer are emphasis."""

LOOP_LETTERS = 200
"""The least length of a loop; a line of dashes is shorter."""

CUT = " […]"


def worth_sending(text: str, room: int = WORTH_LETTERS) -> str:
    """Return words up to the first repetition, and at most ``room`` letters."""
    head = text[:room]
    end = _end_of_first(head)
    return text if end == len(text) else head[:end].rstrip() + CUT


def parts_worth_sending(parts: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return parts with their words shortened, all together to the cost of one picture.

    Signed parts stay unchanged.
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
    """Return the end of the first of several repeats at the end of a text; its length if there are none."""
    for period in range(1, min(LONGEST_LOOP, len(text) // LOOPS) + 1):
        if not text.endswith(text[-period:] * LOOPS):
            continue
        start = len(text) - period
        while start > 0 and text[start - 1] == text[start - 1 + period]:
            start -= 1
        if len(text) - start >= LOOP_LETTERS:
            return start + period
    return len(text)
