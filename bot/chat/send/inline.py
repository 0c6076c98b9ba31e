"""Inline messages: messages in chats where the bot is no member, which it can only change by their inline_message_id.

Imports PTB, ``message``, ``split``, ``texts`` and ``storage``. Every change may be made again: the same change twice
has no effect ("message is not modified"). Files cannot be uploaded into them (Bot API, editMessageMedia), so a picture
needs a file_id from a message elsewhere.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from telegram import Bot, InlineKeyboardMarkup, InputMediaDocument, InputMediaPhoto
from telegram.error import BadRequest, TelegramError

from bot.chat.send.message import Recipient, names_in
from bot.chat.send.split import fit_caption, split_text
from bot.texts import say
from storage.records import INLINE, PLACED, Json, Key, Turn

log = logging.getLogger(__name__)

GONE = "message_id_invalid"
"""Telegram's answer for an inline message that was deleted (core.telegram.org/method/messages.editInlineBotMessage)."""

SAME = "message is not modified"

EXPIRED = "-"
"""Stands for the inline message of a guest query that was too old to be answered."""

_ELSEWHERE = Recipient(key=Key(-1, 0), language="")
"""Other people read an inline message, as they read a group."""


@dataclass(frozen=True, slots=True, kw_only=True)
class InlineMessage:
    """One inline message; its id is "" where it is not known. ``pictured``: it shows a picture, so words are a caption.

    ``lent``: how Telegram names pictures of others that its wish uses.
    """

    id: str
    pictured: bool = False
    lent: tuple[Json, ...] = ()

    @classmethod
    def of_turn(cls, turn: Turn) -> InlineMessage:
        """Return where the answer of a turn goes."""
        return cls.of_options(turn.options)

    @classmethod
    def of_options(cls, options: Mapping[str, Any]) -> InlineMessage:
        """Return where the answer of a turn with such options goes."""
        stored = options.get(INLINE) or {}
        return cls(
            id=stored.get("id", ""), pictured=stored.get("pictured", False), lent=tuple(stored.get("lent") or ())
        )

    @classmethod
    def of_update(cls, update: Json) -> InlineMessage:
        """Return the inline message of a raw update, as far as it is known."""
        parts = [part for part in update.values() if isinstance(part, dict)]
        named = [update.get(PLACED), *(part.get("inline_message_id") for part in parts)]
        return cls(id=next((one for one in named if isinstance(one, str) and one not in ("", EXPIRED)), ""))

    def to_json(self) -> Json:
        """Return it as a turn keeps it."""
        return {"id": self.id, "pictured": self.pictured, "lent": list(self.lent)}


class InlineMessageGone(Exception):
    """Somebody deleted the inline message."""


class InlineMessages:
    """Changes inline messages. Raises: PTB's errors, :class:`InlineMessageGone`."""

    def __init__(self, bot: Bot) -> None:
        self._bot = bot

    @property
    def username(self) -> str:
        """The bot's own name."""
        return self._bot.username

    async def say(
        self,
        message: InlineMessage,
        language: str,
        key: str,
        keyboard: InlineKeyboardMarkup | None = None,
        /,
        **values: Any,
    ) -> None:
        """Put one of the bot's texts there."""
        await self.write(message, say(language, key, **values), keyboard)

    async def end(self, message: InlineMessage, language: str, key: str) -> None:
        """Say there, if that can be done, why nothing more comes."""
        try:
            await self.say(message, language, key)
        except (TelegramError, InlineMessageGone) as error:
            log.info("an inline message keeps its placeholder: %s", type(error).__name__)

    async def without_buttons(self, message: InlineMessage) -> None:
        """Take the buttons from a message of which nothing is known any more, if that can be done."""
        try:
            with _told():
                await self._bot.edit_message_reply_markup(inline_message_id=message.id)
        except (TelegramError, InlineMessageGone) as error:
            log.info("an inline message keeps its buttons: %s", type(error).__name__)

    async def write(self, message: InlineMessage, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
        """Put words there, as many as fit into one message."""
        if not message.id:
            return
        with _told():
            if message.pictured:
                caption, _ = fit_caption(text)
                marks = names_in(caption, _ELSEWHERE, self.username)
                await self._bot.edit_message_caption(
                    inline_message_id=message.id, caption=caption, caption_entities=marks, reply_markup=keyboard
                )
            elif pieces := split_text(text):
                marks = names_in(pieces[0], _ELSEWHERE, self.username)
                await self._bot.edit_message_text(
                    pieces[0], inline_message_id=message.id, entities=marks, reply_markup=keyboard
                )

    async def show(
        self,
        message: InlineMessage,
        file_id: str,
        words: str,
        keyboard: InlineKeyboardMarkup,
        *,
        as_photo: bool,
        covered: bool,
    ) -> None:
        """Put a picture there that Telegram has already."""
        caption, _ = fit_caption(words)
        shared: dict[str, Any] = {
            "caption": caption or None,
            "caption_entities": names_in(caption, _ELSEWHERE, self.username),
        }
        media = (
            InputMediaPhoto(file_id, has_spoiler=covered, **shared)
            if as_photo
            else InputMediaDocument(file_id, **shared)
        )
        with _told():
            await self._bot.edit_message_media(media, inline_message_id=message.id, reply_markup=keyboard)


@contextmanager
def _told() -> Iterator[None]:
    """Ignore that a message is so already; say where it is gone."""
    try:
        yield
    except BadRequest as error:
        said = error.message.lower()
        if GONE in said:
            raise InlineMessageGone from error
        if SAME not in said:
            raise
