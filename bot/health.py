"""Whether the bot lives: a file in ``DATA_DIR`` that each answered poll touches. Imports the standard library only.

``python -m bot health`` looks at it from another process, as the container's health check does.
"""

from __future__ import annotations

import time
from pathlib import Path

STALE_AFTER_S = 120.0
"""A poll is answered every 30 s at the latest; four missed ones are a fault."""


class Heartbeat:
    """The file and its age."""

    def __init__(self, data_dir: Path) -> None:
        self._path = data_dir / "heartbeat"

    def beat(self) -> None:
        """Note that Telegram has just answered."""
        self._path.touch()

    def healthy(self) -> bool:
        """Tell whether Telegram answered lately."""
        try:
            return time.time() - self._path.stat().st_mtime < STALE_AFTER_S
        except FileNotFoundError:
            return False
