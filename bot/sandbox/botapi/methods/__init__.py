"""The Bot API methods, by theme. Importing this package fills the table in ``registry``.

Imports ``chats``, ``copying``, ``drafts``, ``editing``, ``inline``, ``profile``, ``receiving`` and ``sending``.
"""

from bot.sandbox.botapi.methods import chats, copying, drafts, editing, inline, profile, receiving, sending

__all__ = ["chats", "copying", "drafts", "editing", "inline", "profile", "receiving", "sending"]
