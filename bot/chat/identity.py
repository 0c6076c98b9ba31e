"""The bot's account at Telegram: the first calls of a start, and its name, also after it was renamed.

Imports PTB, ``background``, ``parse``, ``moving``, ``legible``, ``raw``, ``refusals``, ``events`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager

from telegram import Bot
from telegram.error import BadRequest, InvalidToken, RetryAfter, TelegramError

from bot.background import beside
from bot.chat.events import Incoming
from bot.chat.send.refusals import retry_after_s
from bot.chat.updates.legible import Illegible
from bot.chat.updates.moving import carried
from bot.chat.updates.parse import Me, is_channel, key_of, read
from bot.chat.updates.raw import bots_named, is_of_another_bot, is_surely_meant
from storage.records import InboxRow, Json

log = logging.getLogger(__name__)

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0

PATIENCE_S = 900.0
"""How long a start waits for Telegram. A network that comes up after the machine is there sooner."""

EVERY_S = 3600.0
"""How often Telegram is asked for the bot's name: no update says that it changed."""

SIGN_S = 60.0
"""The shortest time between two such calls because somebody named a bot that may be this one."""


class BotIdentity:
    """Knows the current name of the bot, and reads updates for it. ``serves_bots``: other bots may make wishes."""

    def __init__(self, bot: Bot, language: str, *, serves_bots: bool = False) -> None:
        self._bot = bot
        self._language = language
        self._serves_bots = serves_bots
        self._asked_at = float("-inf")

    @property
    def me(self) -> Me:
        """The bot by Telegram's last answer."""
        user = self._bot.bot
        return Me(
            id=user.id,
            username=user.username or "",
            reads_all=bool(user.can_read_all_group_messages),
            is_guest=bool(user.supports_guest_queries),
            is_inline=bool(user.supports_inline_queries),
            language=self._language,
            serves_bots=self._serves_bots,
        )

    def is_called(self, update: Json) -> bool:
        """Return whether a raw update is certainly for the bot, so that it must not be ignored."""
        by_a_bot = is_of_another_bot(update, self.me.id) and not self._serves_bots
        return not by_a_bot and not is_channel(update) and is_surely_meant(update, self.me.id, self.me.username)

    def read(self, row: InboxRow) -> Incoming | None:
        """Read an update; None where it has no meaning for the bot, or cannot be read and is not for the bot.

        Raises: ``Illegible`` and other errors of the parser for an update that is for the bot.
        """
        moved = key_of(row.payload).chat_id != row.key.chat_id
        update = carried(row.payload, row.key.chat_id) if moved else row.payload
        try:
            return read(update, self._bot, self.me)
        except Exception as error:
            if self.is_called(update):
                raise
            trace = None if isinstance(error, Illegible) else error
            log.warning("update %s cannot be read, nor is it for the bot: %s", row.update_id, error, exc_info=trace)
            return None

    async def recognise(self, update: Json) -> None:
        """Ask for the name again if a raw update names a bot that may be this one under a new name."""
        now = asyncio.get_running_loop().time()
        strange = bots_named(update) - {self.me.username.lower()}
        if strange and now - self._asked_at >= SIGN_S:
            self._asked_at = now
            await self._ask()

    def kept_current(self) -> AbstractAsyncContextManager[object]:
        """Ask for the name once an hour while the block runs."""
        return beside(naming=self._keep_current())

    async def _keep_current(self) -> None:
        while True:
            await asyncio.sleep(EVERY_S)
            await self._ask()

    async def _ask(self) -> None:
        before = self.me.username
        try:
            await self._bot.get_me()
        except TelegramError as error:
            # Without the error's text, since PTB repeats the token in some.
            log.info("Telegram could not be asked for the bot's name: %s", type(error).__name__)
        if self.me.username != before:
            log.info("the bot was renamed: @%s is @%s now", before, self.me.username)


class AccountError(Exception):
    """Telegram does not accept the token. The message is one line for the operator."""


class NotReached(Exception):
    """A start could not reach Telegram for a long time. The message is one line for the operator."""


async def reach(bot: Bot, where: str, alive: Callable[[], None], *, polls: bool) -> None:
    """Make the first calls of a start: find out who the bot is, and remove the webhook if it ``polls``.

    ``where``: the address of the Bot API server and the way to it, for the log. ``alive`` is called regularly during a
    wait, so that a supervisor does not restart the process, which would not help.

    Waits for Telegram and logs each try: the network may come up late, and so may an own Bot API server.
    Raises: :class:`AccountError` at once, :class:`NotReached` after :data:`PATIENCE_S`. Only the first needs a person;
    after the second a supervisor starts the process anew.
    """
    pause_s, until = FIRST_PAUSE_S, asyncio.get_running_loop().time() + PATIENCE_S
    while True:
        try:
            await bot.initialize()
            if polls:
                await bot.delete_webhook()
            break
        except InvalidToken:
            # PTB's message repeats the token. A colon after the setting's name would make the log hide what follows.
            raise AccountError("Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again from @BotFather.") from None
        except RetryAfter as error:
            why, wait_s = "Telegram asks to wait before the bot starts", retry_after_s(error)
        except TelegramError as error:
            why, wait_s = _why(where, error), pause_s
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)
            if asyncio.get_running_loop().time() + wait_s > until:
                raise NotReached(f"{why}. It was tried for {PATIENCE_S / 60:.0f} minutes.") from None
        log.warning("%s; trying again in %.0f s", why, wait_s)
        while wait_s > 0:
            alive()
            await asyncio.sleep(min(wait_s, LONGEST_PAUSE_S))
            wait_s -= LONGEST_PAUSE_S


def _why(where: str, error: TelegramError) -> str:
    """Return why a first call failed for now. It names the address, since a typo there has the same effect."""
    if isinstance(error, BadRequest):
        # "Logged out" (telegram-bot-api, Client::get_closing_error): after logOut for ten minutes (Bot API, logOut).
        return f"Telegram does not let the bot in now ({error.message})"
    return f"Telegram cannot be reached at {where} ({error}); if this lasts, look at the network and the settings"
