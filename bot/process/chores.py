"""What runs beside the bot for the people who run it: the weekly message, a look at the disk, and deleting what is old.

Imports ``owners``, ``clock``, ``weekly``, ``settings``, ``texts`` and ``storage``. Of several processes one does each
chore, once each time that it is due, also after restarts. What fails is done at the next look.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from typing import Any

from bot.chat.owners import NotReached, Owners
from bot.process.clock import TelegramClock
from bot.process.weekly import DAY_S, disk_of, next_monday, send_report
from bot.settings.settings import Settings
from bot.texts import say
from storage.care.retention import Keep
from storage.engine.faults import StorageFault
from storage.store import Store

log = logging.getLogger(__name__)

LOOK_EVERY_S = 900.0
DISK_EVERY_S = 60.0

SCARCE_BYTES = 500_000_000
"""With less free, owners are warned. A busy day of pictures takes as much."""

WRONG_CLOCK = "the clock of this machine says %s (UTC), but at Telegram it is %s: nothing is deleted until it is right"

MEGABYTE, GIGABYTE = 1_000_000, 1_000_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Witness:
    """Who knows whether the clock of this machine is right. ``ask`` makes a call to Telegram, whatever it returns."""

    clock: TelegramClock
    ask: Callable[[], Awaitable[object]]


def chores(settings: Settings, store: Store, owners: Owners, witness: Witness) -> dict[str, Coroutine[Any, Any, None]]:
    """Return the chores that the settings ask for, by name; each runs until it is cancelled."""
    keep = keep_of(settings)
    found: dict[str, Coroutine[Any, Any, None]] = {}
    if owners.some and settings.weekly_report:
        found["weekly"] = _repeated(LOOK_EVERY_S, "the weekly message", lambda: report_if_due(store, owners, settings))
    if owners.some and not settings.shares:
        found["disk"] = _repeated(DISK_EVERY_S, "the look at the disk", lambda: warn_if_scarce(store, owners, settings))
    if not keep.everything:
        found["retention"] = _repeated(
            LOOK_EVERY_S, "deleting what is old", lambda: delete_if_due(store, keep, owners, witness)
        )
    return found


def keep_of(settings: Settings) -> Keep:
    """Return what the operator keeps."""
    size = None if settings.keep_gb is None else int(settings.keep_gb * GIGABYTE)
    return Keep(days=settings.keep_days, media_bytes=size)


async def report_if_due(store: Store, owners: Owners, settings: Settings) -> None:
    """Send the weekly message on Mondays; the first one on the Monday after the first start."""
    now = time.time()
    due = next_monday(now)
    if await store.reporting.claim("weekly report", now=now, until=due, first=due):
        async with _given_back(store, "weekly report", until=due):
            await send_report(store, owners, settings)


async def warn_if_scarce(store: Store, owners: Owners, settings: Settings) -> None:
    """Tell the owners once a day that the disk is nearly full."""
    disk = await asyncio.to_thread(disk_of, settings.data_dir)
    if disk.free_bytes >= SCARCE_BYTES:
        return
    now = time.time()
    if await store.reporting.claim("disk warning", now=now, until=now + DAY_S, first=now):
        log.warning("only %s MB are free on the disk of %s", disk.free_bytes // MEGABYTE, settings.data_dir)
        free = disk.free_bytes // MEGABYTE
        async with _given_back(store, "disk warning", until=now + DAY_S):
            await owners.write_each(lambda language: say(language, "owner-disk", megabytes=free))


async def delete_if_due(store: Store, keep: Keep, owners: Owners, witness: Witness) -> None:
    """Delete once a day what is older or more than the operator keeps; nothing while the clock may be wrong."""
    now = time.time()
    if not await witness.clock.is_right(witness.ask):
        if (fault := witness.clock.fault()) is None:
            log.info("nothing is deleted before Telegram has said what time it is")
        elif await store.reporting.claim("clock warning", now=now, until=now + DAY_S, first=now):
            here, there = fault
            log.warning(WRONG_CLOCK, here, there)
            await owners.notify("owner-clock", here=here, there=there)
        return
    if await store.reporting.claim("retention", now=now, until=now + DAY_S, first=now):
        async with _given_back(store, "retention", until=now + DAY_S):
            gone = await store.retention.run(keep)
        megabytes = gone.media_bytes / MEGABYTE
        log.info("deleted as KEEP_DAYS and KEEP_GB say: %s turns and %.1f MB of pictures", gone.turns, megabytes)


@asynccontextmanager
async def _given_back(store: Store, chore: str, *, until: float) -> AsyncIterator[None]:
    """Let a chore be due at once again if it fails; one that was cut short waits, since it may have been done."""
    try:
        yield
    except Exception:
        with suppress(StorageFault):
            await store.reporting.give_back(chore, until=until, due=time.time())
        raise


async def _repeated(every_s: float, what: str, act: Callable[[], Awaitable[None]]) -> None:
    """Do something again and again, until cancelled. Not at once, so that a start is fast."""
    while True:
        # Not all processes at the same time.
        await asyncio.sleep(every_s * random.uniform(0.5, 1.0))  # noqa: S311 - no secret
        try:
            await act()
        except (StorageFault, NotReached, OSError) as fault:
            log.info("%s is tried again later: %s", what, fault)
        except Exception:
            log.exception("%s failed, and is tried again", what)
