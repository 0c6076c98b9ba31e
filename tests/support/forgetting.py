"""How a person has things forgotten: the question, the last one, and what the bot says then. Imports ``people``."""

from __future__ import annotations

from tests.support.people import Chat, Message

CONVERSATION, MINE = "Delete this conversation", "Delete everything of mine"


async def asked(chat: Chat, what: str) -> Message:
    """Say /forget and choose; return the message with the last question."""
    await chat.say("/forget@pentimento_bot" if chat.id < 0 else "/forget")
    while what not in (question := await chat.answer()).buttons:
        pass
    await chat.press(question, what)
    return await chat.until(question, lambda now: "Delete for good" in now.buttons)


async def forget(chat: Chat, what: str) -> Message:
    """Have something forgotten for good; return what the bot says."""
    await chat.press(await asked(chat, what), "Delete for good")
    return await chat.answer()
