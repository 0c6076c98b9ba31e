"""What makes less noise in groups: messages for one person, and a reaction while a picture is painted.

Imports PTB and ``message``. Older servers and some chats do not take these. One call finds out whether the server knows
messages for one person: an older one would ignore the parameter and show them to all (telegram-bot-api, Client.cpp).
What a chat takes is tried. The answers are remembered for a time, and where something is not to be had, everything is
as it was before there was such a thing.
"""

from __future__ import annotations

import asyncio
import logging
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, EndPointNotFound, Forbidden, InvalidToken, TelegramError

from bot.chat.send.message import Recipient, names_in

log = logging.getLogger(__name__)

REFUSED_S = 3600.0
"""How long a chat that refused something is not asked again."""

UNKNOWN_S = 24 * 3600.0
"""The same for a server that does not know something."""

EVERYWHERE = 0
WHISPER, REACTION = "whisper", "reaction"

AT_WORK = "👀"
"""One of the reactions that every chat has unless its admins chose (Bot API, ReactionTypeEmoji)."""


class Manners:
    """Knows what the server and the chats take, and uses it."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot
        self._refused: dict[tuple[str, int], float] = {}
        self._known = False

    async def whisper(self, recipient: Recipient, text: str, keyboard: InlineKeyboardMarkup | None) -> Message | None:
        """Send words that only one member of a group sees; None where they are to be sent as any others.

        A bot that is no admin may do so only in answer to a button (core.telegram.org/bots/api#ephemeral-messages). The
        message has no number.
        """
        to, chat_id = recipient.whispers_to, recipient.key.chat_id
        # A press may be answered also where nothing else may be said to one person.
        where = EVERYWHERE if recipient.press_id else chat_id
        if to is None or to <= 0 or chat_id >= 0 or not self._may(WHISPER, where):
            return None
        if not await self._knows_whispers(chat_id, to):
            return None
        parameters: dict[str, Any] = {"receiver_user_id": to}
        if recipient.press_id:
            parameters["callback_query_id"] = recipient.press_id
        try:
            return await self._bot.send_message(
                chat_id,
                text,
                entities=names_in(text, recipient, self._bot.username),
                message_thread_id=recipient.key.topic_id or None,
                reply_markup=keyboard,
                api_kwargs={"ephemeral_message_parameters": parameters},
            )
        except (BadRequest, Forbidden) as error:
            log.info("chat %s takes no message for one person: %s", chat_id, error.message)
            if not recipient.press_id:
                self._note(WHISPER, chat_id, REFUSED_S)
            return None

    async def reword(self, recipient: Recipient, text: str | None, keyboard: InlineKeyboardMarkup | None) -> None:
        """Change the message for one person whose button was pressed, or without a ``text`` only its buttons.

        Nothing depends on it: such a message may be gone, and its reader offline (Bot API, editEphemeralMessageText).
        """
        changed: dict[str, Any] = {
            "chat_id": recipient.key.chat_id,
            "receiver_user_id": recipient.asker_id,
            "ephemeral_message_id": recipient.whisper_id,
        }
        changed |= {"reply_markup": keyboard.to_dict()} if keyboard is not None else {}
        method = "editEphemeralMessageReplyMarkup" if text is None else "editEphemeralMessageText"
        try:
            await self._bot.do_api_request(method, api_kwargs=changed if text is None else {**changed, "text": text})
        except TelegramError as error:
            log.info("a message for one person could not be changed: %s", error)

    async def _knows_whispers(self, chat_id: int, to: int) -> bool:
        """Ask the server once whether it knows a method of Bot API 10.2. There is no message 0, so nothing happens."""
        if self._known:
            return True
        gone = {"chat_id": chat_id, "receiver_user_id": to, "ephemeral_message_id": 0}
        try:
            await self._bot.do_api_request("deleteEphemeralMessage", api_kwargs=gone)
        except EndPointNotFound:
            log.info("this server knows no messages for one person")
            self._note(WHISPER, EVERYWHERE, UNKNOWN_S)
            return False
        except (BadRequest, Forbidden):
            pass
        except TelegramError as error:
            log.info("it is not known whether this server knows messages for one person: %s", type(error).__name__)
            return False
        self._known = True
        return True

    async def react(self, recipient: Recipient, *, at_work: bool) -> bool:
        """Show by a reaction on a group's message that it is worked on, or take that back; return whether it shows."""
        chat_id, message_id = recipient.key.chat_id, recipient.reply_to
        if message_id is None or chat_id >= 0 or not self._may(REACTION, chat_id):
            return False
        try:
            return await self._bot.set_message_reaction(chat_id, message_id, [AT_WORK] if at_work else [])
        except (BadRequest, Forbidden, InvalidToken) as error:
            log.info("chat %s takes no reaction: %s", chat_id, error.message)
            self._note(REACTION, chat_id, REFUSED_S)
        except TelegramError as error:
            log.debug("a reaction was not set: %s", error)
        return False

    def _may(self, what: str, chat_id: int) -> bool:
        now = asyncio.get_running_loop().time()
        return all(self._refused.get((what, where), 0.0) <= now for where in (EVERYWHERE, chat_id))

    def _note(self, what: str, chat_id: int, for_s: float) -> None:
        now = asyncio.get_running_loop().time()
        self._refused = {name: until for name, until in self._refused.items() if until > now}
        self._refused[what, chat_id] = now + for_s
