"""Reads the JSON of providers. Imports the standard library only. Pure.

Servers in Python write NaN and Infinity, which are no JSON (docs.python.org/3/library/json.html). The next request
would repeat them, and no provider reads that. Other values are JSON, but too deep or too long for Python. None of them
is worth a second paid call: they are in fields that the bot does not know, beside a good picture.
"""

from __future__ import annotations

import json
import math
import re
from typing import Any

MOST_DEPTH = 100
"""What is nested deeper becomes null. Python's reader and writer take some 900 levels, within other calls fewer."""

MOST_DIGITS = 300
"""A number with more digits becomes null; Python reads up to 4300."""

MOST_SIGNS = 1_000_000
"""A deep document with more strings and brackets is given up: it takes more than half a second to look through."""

# Without backtracking, so that no text can make the search slow; a string that is cut off ends with the text.
_SIGN = re.compile(r'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[\]{}]', re.DOTALL)


def read_json(document: bytes | str) -> Any:
    """Return a JSON document, with None for each value that could not be stored or sent on. Raises: ``ValueError``."""
    text = document if isinstance(document, str) else document.decode(json.detect_encoding(document), "surrogatepass")
    if text.count("[") + text.count("{") > MOST_DEPTH:
        text = _shallow(text)
    return json.loads(text, parse_constant=lambda _: None, parse_float=_finite, parse_int=_whole)


def _shallow(text: str) -> str:
    """Return a document with null for what is nested too deeply. Raises: ``ValueError``."""
    kept: list[str] = []
    depth = start = 0
    for number, sign in enumerate(_SIGN.finditer(text)):
        if number > MOST_SIGNS:
            raise ValueError("too many values")
        if sign[0] in ("[", "{"):
            depth += 1
            if depth == MOST_DEPTH + 1:
                kept += [text[start : sign.start()], "null"]
        elif sign[0] in ("]", "}"):
            if depth == MOST_DEPTH + 1:
                start = sign.end()
            depth -= 1
    if depth > MOST_DEPTH:
        raise ValueError("the end is missing")
    return "".join([*kept, text[start:]])


def _finite(digits: str) -> float | None:
    return value if math.isfinite(value := float(digits)) else None


def _whole(digits: str) -> int | None:
    return int(digits) if len(digits) <= MOST_DIGITS else None
