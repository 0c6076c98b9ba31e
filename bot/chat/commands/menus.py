"""Publishes the menus of commands, in every language, for private chats and for groups.

Imports PTB, ``command_table``, ``texts``, ``background``, ``refusals`` and ``storage``. Telegram limits setMyCommands,
does not document the limit, and lets a bot above it wait for minutes (openclaw/openclaw#32017,
windkh/node-red-contrib-telegrambot#395). So the menus are published one by one, each is stored when it is published,
and a flood wait holds over restarts. A stored claim keeps several processes from publishing the same menu.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterator
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product

from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats
from telegram.error import RetryAfter, TelegramError

from bot.background import beside
from bot.chat.command_table import COMMANDS, IN_GROUPS, IN_PRIVATE, in_menu
from bot.chat.send.refusals import retry_after_s
from bot.texts import languages, menu_source, say
from storage.engine.faults import StorageFault
from storage.tables.menus import Menus, Published

log = logging.getLogger(__name__)

AFTER_S = 0.5
"""Updates that came while the bot was away are handled first."""

PAUSE_S = 1.5
CLAIM_S = 120.0
"""How long a process may take for one menu before another one tries: longer than any call waits."""

AGAIN_S = 600.0
LOOK_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu:
    """A menu in one language, for private chats or for groups. ``digest`` changes with its content."""

    language: str
    private: bool
    digest: str

    @property
    def name(self) -> str:
        """The name of the menu in the store."""
        return f"{'private' if self.private else 'groups'} {self.language}"


def menu_of(language: str, *, private: bool) -> list[tuple[str, str]]:
    """Return the menu of private chats, or of groups, as ``(name, description)``."""
    return [(name, say(language, f"command-{name}")) for name in in_menu(private=private)]


def menus_of_all() -> Iterator[Menu]:
    """Yield every menu with its digest, without its texts: they take memory and are seldom needed."""
    for language, private in product(languages(), (True, False)):
        made_of = repr((COMMANDS, IN_GROUPS, IN_PRIVATE, menu_source(language)))
        yield Menu(language=language, private=private, digest=sha256(made_of.encode()).hexdigest())


def published_beside(bot: Bot, menus: Menus, *, slowly: bool) -> AbstractAsyncContextManager[object]:
    """Publish new menus while the block runs. ``slowly``: with pauses, for the real Telegram."""
    return beside(commands=_keep_publishing(bot, menus, PAUSE_S if slowly else 0.0))


async def _keep_publishing(bot: Bot, menus: Menus, pause_s: float) -> None:
    """Publish one menu after another until all are published."""
    wait_s: float | None = AFTER_S
    while wait_s is not None:
        await asyncio.sleep(wait_s)
        try:
            wait_s = await _next(bot, menus, pause_s)
        except StorageFault as fault:
            log.info("the command menus are published later: %s", fault)
            wait_s = LOOK_S


async def _next(bot: Bot, menus: Menus, pause_s: float) -> float | None:
    """Publish the next menu if it may be; return the seconds until the next look, None when all are published."""
    note = await menus.published(bot.id)
    missing = [menu for menu in menus_of_all() if note.menus.get(menu.name) != menu.digest]
    if not missing:
        return None
    wait_s = note.not_before - time.time()
    if wait_s > 0:
        return min(wait_s, LOOK_S)
    claimed = replace(note, not_before=time.time() + CLAIM_S)
    if not await menus.compare_and_set(bot.id, note, claimed):
        return pause_s
    # Also after a cancelled call, so that the next process need not wait for the end of the claim.
    out, next_s = dict(note.menus), pause_s
    try:
        if refused_s := await _refused(bot, missing[0]):
            log.warning(
                "%s command menus are still to be published; the next try is in %.0f s", len(missing), refused_s
            )
            next_s = refused_s
        else:
            out[missing[0].name] = missing[0].digest
    finally:
        await menus.compare_and_set(bot.id, claimed, Published(menus=out, not_before=time.time() + next_s))
    return next_s


async def _refused(bot: Bot, menu: Menu) -> float:
    """Publish one menu; return 0, or the seconds until the next try."""
    scope = BotCommandScopeAllPrivateChats() if menu.private else BotCommandScopeAllGroupChats()
    # English is the default for languages without a menu. Telegram takes codes of two letters.
    code = None if menu.language == "en" else menu.language.split("-")[0]
    try:
        await bot.set_my_commands(menu_of(menu.language, private=menu.private), scope=scope, language_code=code)
    except RetryAfter as error:
        return max(1.0, retry_after_s(error))
    except TelegramError as error:
        log.warning("the command menu %s could not be published: %s", menu.name, error)
        return AGAIN_S
    return 0.0
