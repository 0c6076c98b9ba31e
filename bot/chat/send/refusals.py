"""What Telegram's refusals mean: not in this form, not in this chat, or the chat is gone. Imports PTB.

Refusals differ by their text alone, so one table holds the texts. Codes come from Telegram's servers, sentences from
TDLib and the Bot API server. Both may be part of a longer sentence, as where an album is refused because of one item,
so each is looked for anywhere in the message. Sources, as of July 2026: "errors" is the list "Possible
errors" of core.telegram.org/method/messages.sendMessage and messages.sendMedia, the files are those of tdlib/td and
tdlib/telegram-bot-api. A code that the list has with 403 or 406 comes as a 400 (Client.cpp, fail_query_with_error).
"""

from __future__ import annotations

import logging
import re
from collections.abc import Iterator
from contextlib import contextmanager
from enum import Enum

from telegram.error import BadRequest, Forbidden, NetworkError, RetryAfter

log = logging.getLogger(__name__)


class Meaning(Enum):
    """What a refusal says of the chat."""

    FORM = "form"
    """This kind of message may not be sent here; another kind may."""
    BARRED = "barred"
    """The bot may write nothing here until an admin changes that."""
    TOPIC_GONE = "topic gone"
    CHAT_GONE = "chat gone"


TEXTS: dict[str, Meaning] = {
    # MessageContent.cpp, can_send_message_content: "Not enough rights to send photos to the chat".
    "not enough rights to send": Meaning.FORM,
    # errors: CHAT_SEND_PLAIN_FORBIDDEN, _PHOTOS_, _DOCS_, _GIFS_, _MEDIA_ and others.
    "chat_send_": Meaning.FORM,
    # DialogManager.cpp, can_send_message_to_dialog.
    "no write access": Meaning.BARRED,
    "need administrator rights in the channel chat": Meaning.BARRED,
    # errors; the second also in MessagesManager.cpp, on_send_message_fail.
    "chat_write_forbidden": Meaning.BARRED,
    "chat_guest_send_forbidden": Meaning.BARRED,
    "chat_restricted": Meaning.BARRED,
    "chat_admin_required": Meaning.BARRED,
    "user_banned_in_channel": Meaning.BARRED,
    "topic_closed": Meaning.BARRED,
    # errors: a person who takes messages from few, or for payment only.
    "privacy_premium_required": Meaning.BARRED,
    "allow_payment_required": Meaning.BARRED,
    # Client.cpp, TdOnCheckForumTopicCallback and check_message_topic.
    "message thread not found": Meaning.TOPIC_GONE,
    # errors: it went between that look and the end of the upload.
    "topic_deleted": Meaning.TOPIC_GONE,
    # Client.cpp, TdOnCheckChatCallback and check_chat_access ("private chat not found").
    "chat not found": Meaning.CHAT_GONE,
    # DialogManager.cpp, check_dialog_access_in_memory.
    "can't access the chat": Meaning.CHAT_GONE,
    # ChatManager.cpp, on_get_channel_error.
    "channel_private": Meaning.CHAT_GONE,
    "channel_public_group_na": Meaning.CHAT_GONE,
    # errors; the last also in MessagesManager.cpp, process_send_message_fail_error.
    "channel_invalid": Meaning.CHAT_GONE,
    "chat_id_invalid": Meaning.CHAT_GONE,
    "chat_forbidden": Meaning.CHAT_GONE,
    "peer_id_invalid": Meaning.CHAT_GONE,
}

LEFT_OUT = "message was not sent"
"""Telegram left one item of an album out and sent the others (MessagesManager.cpp, SendMultiMediaQuery)."""

_FLOOD = re.compile(r"too many requests: retry after (\d+)")


def meaning_of_refusal(error: Exception) -> Meaning | None:
    """Return what a refusal says of the chat; None for a refusal of the message, or for another error.

    A 403 that is not in the table means that the bot was blocked, removed, or never started.
    """
    if not isinstance(error, BadRequest | Forbidden):
        return None
    said = error.message.lower()
    known = next((meaning for text, meaning in TEXTS.items() if text in said), None)
    return known or (Meaning.CHAT_GONE if isinstance(error, Forbidden) else None)


@contextmanager
def optional(chat_id: int) -> Iterator[None]:
    """Ignore that the words of this block may not be sent; what comes after it is done all the same.

    Where the bot may send nothing at all, the refusal is raised.
    """
    try:
        yield
    except BadRequest as error:
        if meaning_of_refusal(error) is not Meaning.FORM:
            raise
        log.info("chat %s: a remark was not sent: %s", chat_id, error.message)


def is_refusal(error: Exception) -> bool:
    """Return whether Telegram would refuse the same again. In python-telegram-bot 22.8 a 413 has no exception class."""
    return isinstance(error, BadRequest) or (isinstance(error, NetworkError) and "too large" in error.message.lower())


def is_part_of_album(error: Exception) -> bool:
    """Return whether an album was refused after some of its items were sent."""
    return isinstance(error, BadRequest) and LEFT_OUT in error.message.lower()


def retry_after_s(error: RetryAfter) -> float:
    """Return the seconds of a flood wait.

    PTB's own attribute is a number or a timedelta, by an environment variable, and warns of its deprecation
    (python-telegram-bot 22.2, RetryAfter).
    """
    return error._retry_after.total_seconds()


def flood_wait_s(error: Exception) -> int:
    """Return the flood wait in seconds that a 400 names; 0 for none.

    The upload of one item of an album may be refused in this way; then no item was sent (TelegramBots#1520;
    MessagesManager.cpp, do_send_message_group).
    """
    found = _FLOOD.search(error.message.lower()) if isinstance(error, BadRequest) else None
    return int(found[1]) if found else 0
