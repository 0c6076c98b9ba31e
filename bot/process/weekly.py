"""The message that owners get once a week: what was made and for whom, what it cost, what failed, backup and disk.

Imports ``owners``, ``reasons``, ``settings``, ``texts`` and ``storage``. Its numbers are sums without names.
"""

from __future__ import annotations

import asyncio
import shutil
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path

from bot.chat.owners import Owners
from bot.providers.reasons import grouped
from bot.settings.settings import Settings
from bot.texts import decimal, say
from storage.care.reporting import Sums
from storage.store import Store

DAY_S = 24 * 3600.0
WEEK_S = 7 * DAY_S

AT_HOUR = 8
"""When it comes: on Mondays, by the clock of this machine."""

BACKED_UP = "last-backup"
"""A file in ``DATA_DIR`` that ``pentimento backup`` writes; it says whether the backup was whole."""

WHOLE, CUT_SHORT = "whole\n", "cut short\n"


@dataclass(frozen=True, slots=True, kw_only=True)
class LastBackup:
    """The last backup that ended, by Unix s."""

    at: float
    whole: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Disk:
    """The disk that holds the database: how full it is, in percent, and what is free."""

    percent: int
    free_bytes: int


def note_backup(data_dir: Path, *, whole: bool) -> None:
    """Note that a backup has ended."""
    with suppress(OSError):
        (data_dir / BACKED_UP).write_text(WHOLE if whole else CUT_SHORT, "utf-8")


def last_backup(data_dir: Path) -> LastBackup | None:
    """Return the last backup that is known."""
    file = data_dir / BACKED_UP
    try:
        return LastBackup(at=file.stat().st_mtime, whole=file.read_text("ascii", "replace") == WHOLE)
    except OSError:
        return None


def disk_of(data_dir: Path) -> Disk:
    """Return how full the disk of a folder is. Raises: ``OSError``."""
    usage = shutil.disk_usage(data_dir)
    return Disk(percent=round(100 * (usage.total - usage.free) / max(usage.total, 1)), free_bytes=usage.free)


def next_monday(now: float) -> float:
    """Return when the next message is due, in Unix s."""
    today = datetime.fromtimestamp(now)
    monday = (today - timedelta(days=today.weekday())).replace(hour=AT_HOUR, minute=0, second=0, microsecond=0)
    while monday.timestamp() <= now:
        monday += timedelta(days=7)
    return monday.timestamp()


async def send_report(store: Store, owners: Owners, settings: Settings) -> None:
    """Send each owner the message of the last seven days, in their language. Raises: ``StorageFault``."""
    sums = await store.reporting.sums(time.time() - WEEK_S)
    backup, disk = None, None
    if not settings.shares:
        backup = await asyncio.to_thread(last_backup, settings.data_dir)
        with suppress(OSError):
            disk = await asyncio.to_thread(disk_of, settings.data_dir)

    def words(language: str) -> str:
        lines = _of_use(language, sums)
        if not settings.shares:
            lines.append(_of_backup(language, backup))
        if disk is not None:
            free = decimal(disk.free_bytes / 1e9, 1)
            lines.append(say(language, "owner-week-disk", percent=disk.percent, gigabytes=free))
        return "\n".join(lines)

    await owners.write_each(words)


def _of_use(language: str, sums: Sums) -> list[str]:
    if not sums.turns:
        return [say(language, "owner-week-quiet")]
    dollars = decimal(sums.cost_micro_usd / 1_000_000, 2)
    lines = [say(language, "owner-week", pictures=sums.pictures, people=sums.people, dollars=dollars)]
    if sums.unpriced:
        lines.append(say(language, "owner-week-unpriced", count=sums.unpriced))
    if sums.failed:
        why, most = grouped(sums.failed)
        failed = sum(sums.failed.values())
        values = {"why": say(language, why), "most": most}
        lines.append(say(language, "owner-week-failed", count=failed, turns=sums.turns, **values))
    return lines


def _of_backup(language: str, backup: LastBackup | None) -> str:
    if backup is None:
        return say(language, "owner-week-no-backup")
    days = max(0, (date.today() - date.fromtimestamp(backup.at)).days)
    return say(language, "owner-week-backup" if backup.whole else "owner-week-backup-short", days=days)
