"""Independent second opinions, loaded when a test asks them: aiogram on the Bot API, google-genai on Gemini.

They take seconds to load, which each process that only collects the tests would spend for nothing.
"""

from __future__ import annotations

import importlib
from types import ModuleType
from typing import Any


def aiogram(part: str) -> ModuleType:
    """Return a module of aiogram: "types", "methods" ..."""
    return importlib.import_module(f"aiogram.{part}")


def genai(part: str) -> Any:
    """Return a module of google-genai: "client", "types", "errors" ..."""
    return importlib.import_module(f"google.genai.{part}")
