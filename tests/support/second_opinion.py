"""aiogram, the independent second opinion on the Bot API, loaded when a test asks it.

It takes seconds to load, which each process that only collects the tests would spend for nothing.
"""

from __future__ import annotations

import importlib
from types import ModuleType


def aiogram(part: str) -> ModuleType:
    """Return a module of aiogram: "types", "methods" ..."""
    return importlib.import_module(f"aiogram.{part}")
