"""Publishes the menus of commands, in every language, for private chats, for groups, and for the bot's owners.

Imports PTB, ``command_table``, ``texts``, ``background``, ``refusals`` and ``storage``. Telegram limits setMyCommands,
does not document the limit, and lets a bot above it wait for minutes (openclaw/openclaw#32017,
windkh/node-red-contrib-telegrambot#395). So the menus are published one by one, each is stored when it is published,
and a flood wait holds over restarts. A stored claim keeps several processes from publishing the same menu. An owner's
menu is that of one chat, which Telegram shows in place of the menu of all private chats
(core.telegram.org/bots/api#determining-list-of-commands).
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass, replace
from hashlib import sha256
from itertools import product

from telegram import (
    Bot,
    BotCommandScope,
    BotCommandScopeAllGroupChats,
    BotCommandScopeAllPrivateChats,
    BotCommandScopeChat,
)
from telegram.error import BadRequest, RetryAfter, TelegramError

from bot.background import beside
from bot.chat.command_table import in_menu
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
    """A menu in one language, for private chats or for groups. ``digest`` changes with its content.

    ``owner_id``: it is for the private chat of this owner alone.
    """

    language: str
    private: bool
    digest: str
    owner_id: int | None = None
    sells: bool = False

    @property
    def name(self) -> str:
        """The name of the menu in the store."""
        shown_to = f"owner {self.owner_id}" if self.owner_id else "private" if self.private else "groups"
        return f"{shown_to} {self.language}"

    @property
    def scope(self) -> BotCommandScope:
        """Where Telegram shows the menu."""
        if self.owner_id is not None:
            return BotCommandScopeChat(self.owner_id)
        return BotCommandScopeAllPrivateChats() if self.private else BotCommandScopeAllGroupChats()

    @property
    def code(self) -> str | None:
        """The language for Telegram: two letters, and none for English, which also serves other languages."""
        return None if self.language == "en" else self.language.split("-")[0]


def menu_of(language: str, *, private: bool, owner: bool = False, sells: bool = False) -> list[tuple[str, str]]:
    """Return the menu of private chats, of an owner's one, or of groups, as ``(name, description)``."""
    shown = in_menu(private=private, owner=owner, sells=sells)
    return [(name, say(language, f"command-{name}")) for name in shown]


def menus_of_all(owner_ids: Iterable[int] = (), *, sells: bool = False) -> Iterator[Menu]:
    """Yield every menu with its digest, without its texts: they take memory and are seldom needed."""
    # Those of owners come last: Telegram refuses them for an owner who has not written yet.
    owners = sorted(owner_id for owner_id in owner_ids if owner_id > 0)
    audiences = [(True, None), (False, None), *((True, owner_id) for owner_id in owners)]
    for (private, owner_id), language in product(audiences, languages()):
        names = in_menu(private=private, owner=owner_id is not None, sells=sells)
        digest = sha256(repr((names, menu_source(language))).encode()).hexdigest()
        yield Menu(language=language, private=private, digest=digest, owner_id=owner_id, sells=sells)


def published_beside(
    bot: Bot, menus: Menus, owner_ids: Iterable[int] = (), *, sells: bool = False, slowly: bool
) -> AbstractAsyncContextManager[object]:
    """Publish new menus while the block runs. ``slowly``: with pauses, for the real Telegram."""
    return beside(
        commands=_keep_publishing(bot, menus, [*menus_of_all(owner_ids, sells=sells)], PAUSE_S if slowly else 0.0)
    )


async def _keep_publishing(bot: Bot, menus: Menus, wanted: Sequence[Menu], pause_s: float) -> None:
    """Publish one menu after another until all are published, and take away those of former owners."""
    wait_s: float | None = AFTER_S
    unknown: set[str] = set()
    while wait_s is not None:
        await asyncio.sleep(wait_s)
        try:
            wait_s = await _next(bot, menus, wanted, unknown, pause_s)
        except StorageFault as fault:
            log.info("the command menus are published later: %s", fault)
            wait_s = LOOK_S


async def _next(bot: Bot, menus: Menus, wanted: Sequence[Menu], unknown: set[str], pause_s: float) -> float | None:
    """Publish the next menu if it may be; return the seconds until the next look, None when all are published.

    ``unknown``: menus of owners whose chats Telegram does not know yet. They are tried again when the others are out.
    """
    note = await menus.published(bot.id)
    missing = [menu for menu in wanted if note.menus.get(menu.name) != menu.digest]
    left = [found for name in note.menus if (found := _former(name, wanted))]
    if not (missing or left):
        return None
    menu = next((one for one in (*missing, *left) if one.name not in unknown), None)
    if menu is None:
        unknown.clear()
        return AGAIN_S
    wait_s = note.not_before - time.time()
    if wait_s > 0:
        return min(wait_s, LOOK_S)
    claimed = replace(note, not_before=time.time() + CLAIM_S)
    if not await menus.compare_and_set(bot.id, note, claimed):
        return pause_s
    # Also after a cancelled call, so that the next process need not wait for the end of the claim.
    out, next_s = dict(note.menus), pause_s
    try:
        refused_s = await _refused(bot, menu)
        if refused_s is None:
            unknown.add(menu.name)
        elif refused_s:
            log.warning(
                "%s command menus are still to be published; the next try is in %.0f s", len(missing), refused_s
            )
            next_s = refused_s
        elif menu in missing:
            out[menu.name] = menu.digest
        else:
            del out[menu.name]
    finally:
        await menus.compare_and_set(bot.id, claimed, Published(menus=out, not_before=time.time() + next_s))
    return next_s


def _former(name: str, wanted: Sequence[Menu]) -> Menu | None:
    """Return a published menu, by its name, if it is that of somebody who is no owner any more."""
    shown_to, _, language = name.rpartition(" ")
    if not shown_to.startswith("owner ") or name in {menu.name for menu in wanted}:
        return None
    return Menu(language=language, private=True, digest="", owner_id=int(shown_to.removeprefix("owner ")))


async def _refused(bot: Bot, menu: Menu) -> float | None:
    """Publish one menu, or take it away if it has no digest; return 0, or the seconds until the next try.

    None: Telegram does not know the chat of the owner, who has not pressed Start yet.
    """
    try:
        if not menu.digest:
            await bot.delete_my_commands(scope=menu.scope, language_code=menu.code)
        else:
            owner = menu.owner_id is not None
            commands = menu_of(menu.language, private=menu.private, owner=owner, sells=menu.sells)
            await bot.set_my_commands(commands, scope=menu.scope, language_code=menu.code)
    except RetryAfter as error:
        return max(1.0, retry_after_s(error))
    except BadRequest as error:
        if menu.owner_id is None:
            log.warning("the command menu %s could not be published: %s", menu.name, error)
            return AGAIN_S
        log.info("the command menu %s is published later: %s", menu.name, error)
        return None if menu.digest else 0.0
    except TelegramError as error:
        log.warning("the command menu %s could not be published: %s", menu.name, error)
        return AGAIN_S
    return 0.0
