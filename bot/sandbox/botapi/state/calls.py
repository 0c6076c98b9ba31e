"""The log of Bot API calls that the bot made, for tests and for people who are curious.

Imports ``records``. File bytes are never in it: an upload is logged by hash and size.
"""

from __future__ import annotations

from collections import deque

from bot.sandbox.botapi.state.records import Json

KEPT_CALLS = 5000
# A waiting poll says nothing about the bot.
UNLOGGED = {"getupdates"}


class Calls:
    """Numbers calls and keeps the newest ones."""

    def __init__(self) -> None:
        self._last = 0
        self._kept: deque[Json] = deque(maxlen=KEPT_CALLS)

    def add(self, *, at: float, method: str, params: Json, ok: bool, error_code: int | None, text: str | None) -> None:
        """Log a call after it was answered."""
        if method.lower() in UNLOGGED:
            return
        self._last += 1
        entry: Json = {"n": self._last, "at": at, "method": method, "params": params, "ok": ok}
        if not ok:
            entry |= {"error_code": error_code, "description": text}
        self._kept.append(entry)

    def since(self, number: int) -> list[Json]:
        """Return the calls after a number."""
        return [entry for entry in self._kept if entry["n"] > number]
