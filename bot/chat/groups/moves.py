"""Groups that become supergroups: finds out whether one did, although the update about it may still come.

Imports ``events``, ``parse``, ``dispatch.base`` and ``storage``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat.events import Event
from bot.chat.updates.parse import is_addition, moved_from
from bot.dispatch.base import at_rest
from storage.store import Store

UPGRADE_S = 1.0
"""How long the update about a move may take, in seconds.

A move makes three updates in three queues, in no guaranteed order. getUpdates answers some 2 ms after the first of them
(telegram-bot-api, Client.h, LONG_POLL_WAIT_AFTER), so that one may arrive alone.
"""

LOOK_EVERY_S = 0.1


async def holds_of_move(store: Store, event: Event, holds: Callable[[], Awaitable[bool]], *, waits: bool) -> bool:
    """Return whether ``holds`` is true after the moves are stored that wait behind ``event``.

    ``waits``: wait also for an update about a move that may still come. A supergroup is certainly new to the bot only
    if somebody was added to it, because an upgrade adds nobody.
    """
    left = round(UPGRADE_S / LOOK_EVERY_S) if waits else 0
    while True:
        rows = await store.inbox.open_updates(event.key)
        for old_id in filter(None, (moved_from(row.payload) for row in rows)):
            await store.chats.migrate(old_id, event.key.chat_id)
        if await holds():
            return True
        if left == 0 or any(is_addition(row.payload) for row in rows):
            return False
        left -= 1
        with at_rest():
            await asyncio.sleep(LOOK_EVERY_S)
