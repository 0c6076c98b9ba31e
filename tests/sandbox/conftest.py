"""What tests of the sandbox share."""

from __future__ import annotations

from tests.support.fixtures import bot, telegram

__all__ = ["bot", "telegram"]
