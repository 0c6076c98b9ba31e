"""What tests of the sandbox share."""

from __future__ import annotations

from tests.support.fixtures import telegram

__all__ = ["telegram"]
