"""The bot's own account at Telegram: the first calls of a start, who the bot is, and the menu of its commands.

Imports PTB, ``commands`` and ``texts``. Takes no update in and answers nobody.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager, suppress
from hashlib import sha256
from itertools import product
from pathlib import Path

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import InvalidToken, NetworkError, TelegramError

from bot.beside import beside
from bot.chat.commands import COMMANDS, IN_GROUPS, IN_PRIVATE, menu_of
from bot.chat.intake import Me
from bot.texts import languages, menu_sources

log = logging.getLogger(__name__)

FIRST_PAUSES_S = (1.0, 2.0, 4.0)
PUBLISH_AFTER_S = 0.5
MENU_NOTE = "menu"
SCOPES = {True: BotCommandScopeAllPrivateChats(), False: BotCommandScopeAllGroupChats()}
"""Where a menu shows, by whether it is for private chats."""


class AccountError(Exception):
    """Telegram cannot be reached or does not know the bot; the message is one line for the operator."""


@asynccontextmanager
async def connected(bot: Bot, language: str, *, polls: bool) -> AsyncIterator[Me]:
    """Make the first calls, and close the client behind the block, which gets who the bot is.

    A bot that ``polls`` takes its webhook away. Raises: :class:`AccountError`.
    """
    try:
        await _reached(bot, polls=polls)
    except InvalidToken:
        # PTB's own message repeats the token. No colon behind its name: the log would take what follows for its value.
        raise AccountError("Telegram does not accept TELEGRAM_BOT_TOKEN; copy it again from @BotFather.") from None
    except TelegramError as error:
        raise AccountError(f"Telegram cannot be reached at TELEGRAM_API_URL ({error}).") from None
    try:
        reads_all = bool(bot.bot.can_read_all_group_messages)
        yield Me(id=bot.id, username=bot.username, reads_all=reads_all, language=language)
    finally:
        await bot.shutdown()


def commands_published(bot: Bot, folder: Path) -> AbstractAsyncContextManager[object]:
    """Publish the menu beside the block: a dozen calls to Telegram would hold up the first messages.

    What was published last is noted in ``folder``, so that most starts need not do it again.
    """
    return beside(commands=_publish(bot, folder / MENU_NOTE))


async def _reached(bot: Bot, *, polls: bool) -> None:
    """Make the first calls; a network that is only just coming up, as at boot, gets some seconds."""
    for pause_s in (*FIRST_PAUSES_S, None):
        try:
            await bot.initialize()
            if polls:
                await bot.delete_webhook()
            return
        except NetworkError as error:
            if pause_s is None:
                raise
            log.warning("Telegram cannot be reached yet (%s); trying again in %.0f s", error, pause_s)
            await asyncio.sleep(pause_s)


async def _publish(bot: Bot, note: Path) -> None:
    # What people wrote while the bot was away comes first.
    await asyncio.sleep(PUBLISH_AFTER_S)
    published = menu_note(bot.id)
    if _read(note) == published:
        return
    try:
        for language, (private, scope) in product(languages(), SCOPES.items()):
            code = None if language == "en" else language.split("-")[0]
            await bot.set_my_commands(menu_of(language, private=private), scope=scope, language_code=code)
    except TelegramError as error:
        log.warning("the command menu could not be published: %s", error)
        return
    _write(note, published)


def _read(note: Path) -> str:
    try:
        return note.read_text()
    except OSError:
        return ""


def _write(note: Path, text: str) -> None:
    # Lost, it costs the next start a dozen calls.
    with suppress(OSError):
        note.write_text(text)


def menu_note(bot_id: int) -> str:
    """Return what is noted when the menus, as they are now, were published for a bot."""
    made_of = repr((COMMANDS, IN_GROUPS, IN_PRIVATE, menu_sources()))
    return f"{bot_id} {sha256(made_of.encode()).hexdigest()}"
