"""When an error of a provider says to try again: by Google, OpenRouter and relays. Imports the standard library."""

from __future__ import annotations

import re
import time
from collections.abc import Mapping, Sequence
from typing import Any

_DELAY = re.compile(r"^\s*(\d{1,9}(?:\.\d+)?)s\s*$")
# "Please retry in 38s." or "in 3h44m12.5s." (Google); "Please try again in 12s.", "in 6m0s." or "in 850ms." (OpenAI).
_NUMBER = r"\d{1,9}(?:\.\d{1,12})?"
_UNIT = r"ms|milliseconds?|s|secs?|seconds?|m|mins?|minutes?|h|hours?|d|days?"
_PIECE = re.compile(rf"({_NUMBER}) ?({_UNIT})(?![a-z])", re.IGNORECASE)
_DELAY_IN_TEXT = re.compile(
    rf"(?:re)?try (?:again )?(?:in|after) ((?:{_NUMBER} ?(?:{_UNIT})(?![a-z])[ ,]{{0,2}}){{1,5}})", re.IGNORECASE
)
_SECONDS = {"s": 1.0, "m": 60.0, "h": 3600.0, "d": 86400.0}
_RESET = "x-ratelimit-reset"
"""OpenRouter puts the time of the next quota into ``metadata.headers``, in Unix ms (Gitlawb/openclaude#936)."""


def delay_s(nodes: Sequence[Mapping[str, Any]], text: str) -> float | None:
    """Return the delay that the objects or the text of an error name, in seconds; None without one."""
    for node in nodes:
        details = node.get("details")
        for detail in details if isinstance(details, list) else []:
            delay = detail.get("retryDelay") if isinstance(detail, dict) else None
            if found := _DELAY.match(delay) if isinstance(delay, str) else None:
                return float(found[1])
        if (reset_at := _reset_at(node)) is not None:
            return max(0.0, reset_at - time.time())
    found = _DELAY_IN_TEXT.search(text)
    return sum(float(number) * _seconds(unit.lower()) for number, unit in _PIECE.findall(found[1])) if found else None


def _seconds(unit: str) -> float:
    return 0.001 if unit == "ms" or unit.startswith("milli") else _SECONDS[unit[0]]


def _reset_at(node: Mapping[str, Any]) -> float | None:
    """Return when a quota begins anew (Unix s)."""
    metadata = node.get("metadata")
    headers = metadata.get("headers") if isinstance(metadata, dict) else None
    for name, value in headers.items() if isinstance(headers, dict) else ():
        if str(name).lower() == _RESET and re.fullmatch(r"\d{12,15}", str(value)):
            return int(value) / 1000
    return None
