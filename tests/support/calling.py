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
    found = await chat.until(message, lambda found: found.has_picture and bool(found.buttons))
    await cleared(chat)
    return found


async def cleared(chat: Chat) -> None:
    """Wait until the pictures are deleted that were sent to a private chat only so that Telegram has them."""
    telegram = chat.telegram

    async def look() -> bool | None:
        sent = [call for call in await telegram.calls("sendPhoto") if call["params"].get("disable_notification")]
        sent = [call for call in sent if call["ok"]]
        return True if len(await telegram.calls("deleteMessage")) >= len(sent) else None

    await telegram.wait_for(look, 20, "a picture stayed in a private chat")
