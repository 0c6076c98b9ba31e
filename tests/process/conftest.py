"""What tests of the bot as a process share."""

from __future__ import annotations

from tests.support.fixtures import painter, telegram

__all__ = ["painter", "telegram"]
