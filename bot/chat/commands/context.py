"""A command or button with all that its verb needs. Imports ``delivery``, ``turns`` and ``storage.records``."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from bot.chat.send.message import Recipient
from bot.turns.turns import Moving
from storage.records import Author, Conversation, InputPicture, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class CommandContext:
    """Who asks where, in which update, of which turn and which picture; ``value`` is what stands behind a command.

    ``replying``: it replies to a message, as far as Telegram shows that; ``about``: who wrote that one.
    ``message_id``: the message whose button was pressed; ``command_id``: the message of a command. Each is None for the
    other.
    """

    recipient: Recipient
    conversation: Conversation
    update_id: int
    author: Author
    private: bool
    turn: Turn | None
    picture: InputPicture | None = None
    value: str = ""
    replying: bool = False
    about: Author | None = None
    message_id: int | None = None
    command_id: int | None = None

    @property
    def moving(self) -> Moving:
        """Return what it takes to move head."""
        return Moving(
            conversation=self.conversation,
            update_id=self.update_id,
            language=self.recipient.language,
            message_id=self.command_id,
        )


Verb = Callable[[CommandContext], Awaitable[None]]
