"""The engine's switches and its record of calls, as a person in the sandbox sees them.

May import: wire beside it, Pillow. Keys are never recorded; picture bytes only as hash, size and a thumbnail.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import time
from collections import deque
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Literal, get_args

from PIL import Image

from bot.sandbox.engine.wire import ApiError, decode_base64

Mode = Literal["normal", "drift", "slow", "refuse", "429", "503", "die", "words"]
MODES: tuple[str, ...] = get_args(Mode)
_THUMBNAIL_PX = 160
_KEPT_CALLS = 400
SEATS = 2


@dataclass(slots=True, kw_only=True)
class EngineState:
    """One engine's switches and log. ``times``: answers for which the mode holds (None: until it is changed).

    ``chat``: returns the chat in which somebody acted last. A provider is not told for whom it paints, but two people
    of a sandbox who ask for the same shall not see each other's versions counted.
    """

    mode: str = "normal"
    delay_s: float = 8.0
    times: int | None = None
    max_request_bytes: int = 20_971_520
    last: dict[str, Any] = field(default_factory=lambda: {"request": None, "answer": None})
    calls: deque[dict[str, Any]] = field(default_factory=lambda: deque(maxlen=_KEPT_CALLS))
    count: int = 0
    chat: Callable[[], int] = lambda: 0
    asked: dict[bytes, int] = field(default_factory=dict)
    _seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(SEATS))
    _queue: asyncio.Lock = field(default_factory=asyncio.Lock)

    @asynccontextmanager
    async def seat(self, *, large: bool) -> AsyncIterator[None]:
        """Wait for a place to paint. Two ordinary pictures at once keep both cores busy; a large one paints alone."""
        wanted = SEATS if large else 1
        taken = 0
        try:
            # One at a time waits for seats, so that two large pictures never hold half of what each needs.
            async with self._queue:
                while taken < wanted:
                    await self._seats.acquire()
                    taken += 1
            yield
        finally:
            for _ in range(taken):
                self._seats.release()

    def show(self) -> dict[str, Any]:
        """Return the switches as JSON."""
        return {"mode": self.mode, "delay_s": self.delay_s, "times": self.times, "modes": list(MODES)}

    def switch(self, wanted: dict[str, Any]) -> None:
        """Set the switches. Raises: ValueError with a sentence."""
        mode = str(wanted.get("mode", self.mode))
        if mode not in MODES:
            raise ValueError(f"The provider has no mode {mode!r}; choose one of {', '.join(MODES)}.")
        delay_s, times = wanted.get("delay_s", 8.0), wanted.get("times")
        if not isinstance(delay_s, int | float) or isinstance(delay_s, bool) or not 0 <= delay_s <= 600:
            raise ValueError("delay_s must be a number of seconds from 0 to 600.")
        if times is not None and (not isinstance(times, int) or isinstance(times, bool) or times < 1):
            raise ValueError("times must be a whole number of answers, at least 1, or be left out.")
        self.mode, self.delay_s, self.times = mode, float(delay_s), times

    def take(self) -> str:
        """Return the mode of the answer that begins now, and count it."""
        mode = self.mode
        if self.times is not None and mode != "normal":
            self.times -= 1
            if self.times == 0:
                self.mode, self.times = "normal", None
        return mode

    def version(self, model: str, body: bytes) -> int:
        """Tell how often a chat had this very request painted before, so that asking again brings another version."""
        key = hashlib.sha256(f"{self.chat()} {model} ".encode() + body).digest()
        version = self.asked.pop(key, -1) + 1
        self.asked[key] = version
        if len(self.asked) > _KEPT_CALLS:
            del self.asked[next(iter(self.asked))]
        return version

    def begin(self, model: str, mode: str) -> dict[str, Any]:
        """Open an entry of the log; the request is added when it is read."""
        self.count += 1
        entry: dict[str, Any] = {"n": self.count, "at": time.time(), "model": model, "mode": mode, "status": None}
        self.calls.append(entry)
        return entry

    def since(self, number: int) -> list[dict[str, Any]]:
        """Return the entries after ``number``."""
        return [entry for entry in self.calls if entry["n"] > number]


def quota(delay_s: float, model: str) -> ApiError:
    """Make the 429 of a quota per minute, to be tried again after ``delay_s``."""
    kind = "type.googleapis.com/google.rpc."
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_requests_per_model",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "10",
    }
    address = "https://ai.google.dev/gemini-api/docs/rate-limits"
    text = f"You exceeded your current quota, please check your plan and billing details. Please retry in {delay_s:g}s."
    details: list[dict[str, Any]] = [
        {"@type": kind + "QuotaFailure", "violations": [violation]},
        {"@type": kind + "Help", "links": [{"description": "Learn more about Gemini API quotas", "url": address}]},
        {"@type": kind + "RetryInfo", "retryDelay": f"{delay_s:g}s"},
    ]
    return ApiError(429, "RESOURCE_EXHAUSTED", text, details)


def hashed(data: bytes) -> dict[str, Any]:
    """Describe picture bytes for tests."""
    return {"sha256": hashlib.sha256(data).hexdigest(), "bytes": len(data)}


def thumbnail(data: bytes) -> dict[str, Any]:
    """Describe picture bytes for people: a small JPEG as a data URI, and the size."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.draft("RGB", (2 * _THUMBNAIL_PX, 2 * _THUMBNAIL_PX))
            small = image.convert("RGB")
            small.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {"thumbnail": None, "bytes": len(data)}
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return {"thumbnail": "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode(), "bytes": len(data)}


def without_bytes(value: Any, describe: Callable[[bytes], dict[str, Any]]) -> Any:
    """Return a copy of a request or answer with each picture's base64 described instead."""
    if isinstance(value, list):
        return [without_bytes(item, describe) for item in value]
    if not isinstance(value, dict):
        return value
    copy = {key: without_bytes(item, describe) for key, item in value.items()}
    for name in ("inlineData", "inline_data"):
        blob = copy.get(name)
        if isinstance(blob, dict) and isinstance(blob.get("data"), str):
            data = decode_base64(blob["data"])
            copy[name] = blob | {"data": describe(data) if data is not None else {"bytes": None}}
    return copy
