"""Deletes unused files from a store that several processes share: a bucket or a folder.

Imports SQLAlchemy, ``audit``, ``erasing``, ``engine``, ``media``, ``records``, ``rows`` and ``schema``. Once a week the
first process that finds a sweep due looks at everything, page by page, in the background. It deletes through
``Erasing``, so it needs neither a pause of the others nor a lock.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Iterable
from datetime import timedelta

from sqlalchemy import select

from storage.care.audit import Audit
from storage.care.erasing import Erasing
from storage.engine.database import Database
from storage.engine.faults import StorageFault
from storage.media.store import Media, latest_attempts
from storage.records import TurnState
from storage.rows.statements import UNANSWERED, batched
from storage.schema import turns

log = logging.getLogger(__name__)

EVERY_S = 7 * 24 * 3600

AGAIN_AFTER_S = 24 * 3600
"""After this time an unfinished sweep counts as interrupted. A million objects are a thousand pages, some minutes."""

AGE_S = 24 * 3600
"""How old a file must be before it counts as unused. A step names what it stored within seconds, and a failed step
stores it again. Sweeping younger files would be safe too, but running steps would have to start again.
"""

LOOK_EVERY_S = 3600.0
PAUSE_S = 0.05


class Sweeping:
    """Finds and deletes unused files while work goes on."""

    def __init__(self, database: Database, media: Media, audit: Audit, erasing: Erasing) -> None:
        self._database = database
        self._media = media
        self._audit = audit
        self._erasing = erasing

    async def sweep_when_due(self) -> None:
        """Sweep whenever it is due, until cancelled. The first check waits some minutes, to keep the start fast."""
        while True:
            # Processes check at different times, so that the first one notes its sweep before the others check.
            await asyncio.sleep(LOOK_EVERY_S * random.uniform(0.1, 1.0))  # noqa: S311 - no secret
            try:
                if await self.is_due():
                    swept = await self.sweep()
                    log.info("swept the media store: %s things that nothing names", swept)
            except StorageFault as fault:
                log.warning("the media store could not be swept, it is tried again later: %s", fault)

    async def is_due(self) -> bool:
        """Whether the last sweep is long ago, or was interrupted. Raises: ``StorageFault``."""
        begun, ended = await self._media.shared_sweep()
        # A sweep of the future was noted by a clock that ran ahead.
        age_s = time.time() - max(begun, ended)
        return not -AGAIN_AFTER_S <= age_s <= (EVERY_S if ended >= begun else AGAIN_AFTER_S)

    async def sweep(self, *, age_s: float = AGE_S) -> int:
        """Delete unused files that are older than ``age_s``; return how many. Raises: ``StorageFault``."""
        begun = time.time()
        await self._media.note_shared_sweep(begun, 0.0)
        before = begun - age_s
        swept = await self._pictures(before) + await self._answers(before)
        async for names in self._media.pages("probe", before=before):
            for name in names:
                await self._media.drop_probe(name)
        swept += await self._media.sweep(older_than=timedelta(seconds=age_s))
        await self._media.note_shared_sweep(begun, time.time())
        return swept

    async def _pictures(self, before: float) -> int:
        swept = 0
        loose = await self._audit.loose()
        async for names in self._media.pages("media", before=before):
            for sha256 in await self._audit.unnamed(names, loose):
                swept += await self._erasing.erase(sha256)
            await asyncio.sleep(PAUSE_S)
        return swept

    async def _answers(self, before: float) -> int:
        """Delete the raw answers of finished or deleted turns; paid answers that are not stored yet stay."""
        swept = 0
        async for names in self._media.pages("answers", before=before):
            attempts = latest_attempts(names)
            for turn_id in attempts.keys() - await self._needed(attempts):
                await self._media.drop_raw_answers(turn_id, attempts[turn_id])
                swept += 1
        return swept

    async def _needed(self, turn_ids: Iterable[int]) -> set[int]:
        lost = (turns.c.state == TurnState.CANCELLED.value) & turns.c.reply.is_(None)
        needed: set[int] = set()
        async with self._database.connect() as connection:
            for some in batched(turn_ids):
                meant = select(turns.c.id).where(turns.c.id.in_(some), turns.c.state.in_(UNANSWERED) | lost)
                needed |= set((await connection.execute(meant)).scalars())
        return needed
