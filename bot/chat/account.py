"""The bot's own account at Telegram: the first calls of a start, and who the bot is.

Imports PTB and ``intake``. Takes no update in and answers nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.chat.intake import Me

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0


class AccountError(Exception):
    """Telegram does not know the bot; the message is one line for the operator."""


async def reached(bot: Bot, where: str, language: str, alive: Callable[[], None], *, polls: bool) -> Me:
    """Make the first calls of a start, and return who the bot is; one that ``polls`` takes its webhook away.

    ``where``: the address of the Bot API server, and how it is reached, for the log. ``alive`` is called again and
    again while it waits: a new process would wait no better, so none should take its place.

    Waits for Telegram as patiently as polling does, and tells every time: the network of a machine may come up late,
    a Bot API server of one's own may start beside the bot, and both may stay away for hours. Only a token that is not
    accepted is final. Raises: :class:`AccountError`.
    """
    pause_s = FIRST_PAUSE_S
    while True:
        try:
            await bot.initialize()
            if polls:
                await bot.delete_webhook()
            break
        except InvalidToken:
            # PTB's message repeats the token. No colon behind its name: the log would take what follows for its value.
            raise AccountError("Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again from @BotFather.") from None
        except RetryAfter as error:
            # A number or a timedelta, by an environment variable of PTB's.
            why, wait_s = "Telegram asks to wait before the bot starts", float(error._retry_after.total_seconds())
        except TelegramError as error:
            why, wait_s = _why(where, error), pause_s
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
        log.warning("%s; trying again in %.0f s", why, wait_s)
        while wait_s > 0:
            alive()
            await asyncio.sleep(min(wait_s, LONGEST_PAUSE_S))
            wait_s -= LONGEST_PAUSE_S
    reads_all = bool(bot.bot.can_read_all_group_messages)
    return Me(id=bot.id, username=bot.username, reads_all=reads_all, language=language)


def _why(where: str, error: TelegramError) -> str:
    """Return why a first call failed in a way that may pass. The address is told, since a typo in it looks alike."""
    if isinstance(error, BadRequest):
        # "Logged out" (telegram-bot-api, Client::get_closing_error): after logOut for ten minutes (Bot API, logOut).
        return f"Telegram does not let the bot in now ({error.message})"
    return f"Telegram cannot be reached at {where} ({error}); if this lasts, look at the network and the settings"
