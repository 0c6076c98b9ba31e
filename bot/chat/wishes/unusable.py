"""Why a message that is no picture cannot be used. Imports ``download`` and ``texts``."""

from __future__ import annotations

from bot.chat.receive.download import UnusablePicture
from bot.texts import knows


def unusable(kind: str) -> UnusablePicture:
    """Return why a kind of message is no picture."""
    key = f"unusable-{kind}"
    return UnusablePicture(key if knows(key) else "unusable-other")
