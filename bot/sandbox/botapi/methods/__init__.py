"""The Bot API methods, by theme. Importing this package fills the table in ``registry``.

Imports ``chats``, ``copying``, ``drafts``, ``editing``, ``inline``, ``payments``, ``profile``, ``receiving``,
``sending`` and ``topics``.
"""

from bot.sandbox.botapi.methods import (
    chats,
    copying,
    drafts,
    editing,
    inline,
    payments,
    profile,
    receiving,
    sending,
    topics,
)

__all__ = [
    "chats", "copying", "drafts", "editing", "inline", "payments", "profile", "receiving", "sending", "topics",
]  # fmt: skip
