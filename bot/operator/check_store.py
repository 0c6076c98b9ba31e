"""``pentimento check``: checks the store and prints what it found.

Imports ``settings``, ``chores``, ``clock``, ``open_store``, ``program`` and ``storage``. The store must not be in use
by a bot. Opening it may migrate it; nothing else is changed. Exit code 0: nothing is broken. 1: something is. 2: the
store is missing or cannot be opened.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path

from filelock import Timeout

from bot.operator.program import command, reason, show
from bot.process.chores import MEGABYTE, WRONG_CLOCK, keep_of
from bot.process.clock import TelegramClock
from bot.process.open_store import locked, make_private, open_store, require_store
from bot.settings.settings import Settings
from storage.care.retention import Keep
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.store import Store

SOUND, BROKEN, CLOSED = 0, 1, 2

AGED = frozenset({"LEGACY", "DEPRECATED", "RETIRED"})
"""Stages of a model that will end (ai.google.dev/api/generate-content, ModelStage)."""


UNKNOWN_CLOCK = (
    ", if the clock of this machine is right: Telegram has not said what time it is, and the bot deletes nothing "
    "before it has"
)


async def check(
    settings: Settings, tell: Callable[[str], None] = show, *, broken: int = 0, clock: TelegramClock | None = None
) -> int:
    """Run every check of the store and return the exit code.

    ``broken``: faults found elsewhere, for the total. ``clock``: the time at Telegram, if it was asked.
    """
    try:
        await require_store(settings)
        if settings.shares:
            make_private(settings.data_dir)
        with locked(settings):
            return await _check_store(settings, tell, broken, clock)
    except Timeout as error:
        place = Path(error.lock_file).parent
        tell(f"A bot works on {place}: stop it first. What it is writing at this moment would look broken.")
        tell(f"While it works, `{command('check', '--accounts')}` checks token and keys.")
    except (SchemaError, StorageFault, OSError) as error:
        # Also where the store belongs to another user of the machine.
        tell(reason(error))
    if broken:
        total(broken, tell)
    return CLOSED


async def _check_store(
    settings: Settings, tell: Callable[[str], None], broken: int, clock: TelegramClock | None
) -> int:
    store = await open_store(settings)
    try:
        for line in await _models(store):
            tell(f"note  models: {line}")
        if not (keep := keep_of(settings)).everything:
            tell(f"note  retention: {await _would_go(store, keep, clock)}")
        for name, look in store.audit.checks.items():
            found = 0
            try:
                async for finding in look():
                    found += finding.broken
                    tell(f"{'BROKEN' if finding.broken else 'note'}  {name}: {finding.text}")
            except StorageFault as fault:
                found += 1
                tell(f"BROKEN  {name}: {reason(fault)}")
            if not found:
                tell(f"ok  {name}")
            broken += found
    finally:
        await store.close()
    return total(broken, tell)


async def _models(store: Store) -> list[str]:
    """Return a line for each model of which an answer said that it ends or has ended."""
    lines = []
    for account, note in (await store.models.every()).items():
        for model, known in note.models.items():
            day = datetime.fromtimestamp(known.retires_at, UTC).date().isoformat() if known.retires_at else ""
            ends = f"ends on {day}" if day else f"is {known.stage.lower()}" if known.stage in AGED else ""
            again = f"paints instead; /model {model} tries it again"
            gone = f"is not offered any more, {known.replaced_by} {again}" if known.replaced_by else ""
            if gone or ends:
                lines.append(f"{account.partition(' ')[0]}: {model} {gone or ends}")
    return lines


async def _would_go(store: Store, keep: Keep, clock: TelegramClock | None) -> str:
    if clock is not None and (fault := clock.fault()) is not None:
        return WRONG_CLOCK % fault
    gone = await store.retention.plan(keep)
    unsure = "" if clock is None or clock.now() is not None else UNKNOWN_CLOCK
    if not (gone.turns or gone.pictures):
        return "by KEEP_DAYS and KEEP_GB nothing would be deleted today"
    megabytes = gone.media_bytes / MEGABYTE
    turns = "1 turn" if gone.turns == 1 else f"{gone.turns} turns"
    return f"by KEEP_DAYS and KEEP_GB the bot would delete {turns} and {megabytes:.1f} MB of pictures today{unsure}"


def total(broken: int, tell: Callable[[str], None] = show) -> int:
    """Say in the last line how many faults were found in all, and return the exit code."""
    tell("Nothing is broken." if not broken else f"{broken} {'thing is' if broken == 1 else 'things are'} broken.")
    return BROKEN if broken else SOUND
