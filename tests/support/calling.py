"""People who call the bot where it is no member. Imports ``people`` and ``talking``."""

from __future__ import annotations

from tests.support.people import BORIS, Chat, Message
from tests.support.talking import Talk

BOT = "@pentimento_bot"


async def strangers(talk: Talk, *members: int, title: str = "Strangers") -> Chat:
    """Return a supergroup in which the bot is no member, as Ann uses it."""
    return await talk.telegram.group(title, members=members or (BORIS,), bot=False, kind="supergroup")


async def placeholder(chat: Chat) -> Message:
    """Wait for the next message of the bot."""
    return await chat.answer()


async def shown(chat: Chat, message: Message) -> Message:
    """Wait until a message shows a picture with its buttons."""
    return await chat.until(message, lambda found: found.has_picture and bool(found.buttons))
