"""The engine's switches and its last exchange, as a person in the sandbox sees them.

Imports Pillow and ``wire``. Keys are never kept; picture bytes only as their size and a thumbnail.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from bot.sandbox.engine.wire import ApiError, decode_base64

MODES = ("normal", "drift", "slow", "refuse", "429", "503", "die", "words")
_THUMBNAIL_PX = 160
_KEPT_REQUESTS = 400


@dataclass(slots=True, kw_only=True)
class EngineState:
    """One engine's switches. ``seats``: two pictures are painted at once, which keeps two cores busy.

    ``chat``: returns the chat in which somebody acted last. A provider is not told for whom it paints, but two people
    of a sandbox who ask for the same shall not see each other's versions counted.
    """

    mode: str = "normal"
    delay_s: float = 8.0
    max_request_bytes: int = 20_971_520
    last: dict[str, Any] = field(default_factory=lambda: {"request": None, "answer": None})
    chat: Callable[[], int] = lambda: 0
    seats: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(2))
    asked: dict[bytes, int] = field(default_factory=dict)

    def show(self) -> dict[str, Any]:
        """Return the switches as JSON."""
        return {"mode": self.mode, "delay_s": self.delay_s, "modes": list(MODES)}

    def switch(self, wanted: dict[str, Any]) -> None:
        """Set the switches. Raises: ValueError with a sentence."""
        mode = str(wanted.get("mode", self.mode))
        if mode not in MODES:
            raise ValueError(f"The provider has no mode {mode!r}; choose one of {', '.join(MODES)}.")
        delay_s = wanted.get("delay_s", 8.0)
        if not isinstance(delay_s, int | float) or isinstance(delay_s, bool) or not 0 <= delay_s <= 600:
            raise ValueError("delay_s must be a number of seconds from 0 to 600.")
        self.mode, self.delay_s = mode, float(delay_s)

    def version(self, model: str, body: bytes) -> int:
        """Tell how often a chat had this very request painted before, so that asking again brings another version."""
        key = hashlib.sha256(f"{self.chat()} {model} ".encode() + body).digest()
        version = self.asked.pop(key, -1) + 1
        self.asked[key] = version
        if len(self.asked) > _KEPT_REQUESTS:
            del self.asked[next(iter(self.asked))]
        return version


def quota(delay_s: float, model: str) -> ApiError:
    """Make the 429 of a quota per minute, to be tried again after ``delay_s``."""
    kind = "type.googleapis.com/google.rpc."
    violation = {
        "quotaMetric": "generativelanguage.googleapis.com/generate_requests_per_model",
        "quotaId": "GenerateRequestsPerMinutePerProjectPerModel",
        "quotaDimensions": {"location": "global", "model": model},
        "quotaValue": "10",
    }
    text = f"You exceeded your current quota, please check your plan and billing details. Please retry in {delay_s:g}s."
    details: list[dict[str, Any]] = [
        {"@type": kind + "QuotaFailure", "violations": [violation]},
        {"@type": kind + "RetryInfo", "retryDelay": f"{delay_s:g}s"},
    ]
    return ApiError(429, "RESOURCE_EXHAUSTED", text, details)


def without_bytes(value: Any) -> Any:
    """Return a copy of a request or an answer with thumbnails in the place of pictures."""
    if isinstance(value, list):
        return [without_bytes(item) for item in value]
    if not isinstance(value, dict):
        return value
    if isinstance(value.get("data"), str) and "mimeType" in value:
        return value | {"data": _thumbnail(decode_base64(value["data"]) or b"")}
    return {key: without_bytes(item) for key, item in value.items()}


def _thumbnail(data: bytes) -> dict[str, Any]:
    """Describe picture bytes: a small JPEG as a data URI, and the size."""
    try:
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail((_THUMBNAIL_PX, _THUMBNAIL_PX))
            small = image.convert("RGB")
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return {"thumbnail": None, "bytes": len(data)}
    out = io.BytesIO()
    small.save(out, "JPEG", quality=70)
    return {"thumbnail": "data:image/jpeg;base64," + base64.b64encode(out.getvalue()).decode(), "bytes": len(data)}
