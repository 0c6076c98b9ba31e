"""A group that becomes a supergroup: what is known of it while the news may still be under way.

May import ``events``, ``parse``, ``dispatch.base`` and ``storage``.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from bot.chat.events import Event
from bot.chat.updates.parse import is_addition, moved_from
from bot.dispatch.base import at_rest
from storage.store import Store

UPGRADE_S = 1.0
"""How long the news of a group that became a supergroup may be under way, seconds.

It comes in three updates of three queues, in no promised order; getUpdates answers some 2 ms after the first of them
(telegram-bot-api, Client.h, LONG_POLL_WAIT_AFTER), so that one may come alone.
"""

LOOK_EVERY_S = 0.1


async def holds_of_move(store: Store, event: Event, holds: Callable[[], Awaitable[bool]], *, waits: bool) -> bool:
    """Tell whether something holds once the news of a move is known that waits behind ``event``.

    ``waits``: also for news that may be under way. That a supergroup is new to the bot is certain only when somebody
    was added to it; an upgrade adds nobody.
    """
    left = round(UPGRADE_S / LOOK_EVERY_S) if waits else 0
    while True:
        rows = await store.inbox.waiting(event.key)
        for old_id in filter(None, (moved_from(row.payload) for row in rows)):
            await store.chats.migrate(old_id, event.key.chat_id)
        if await holds():
            return True
        if left == 0 or any(is_addition(row.payload) for row in rows):
            return False
        left -= 1
        with at_rest():
            await asyncio.sleep(LOOK_EVERY_S)
