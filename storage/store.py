"""All parts of storage, opened and closed together.

Imports ``books``, ``care``, ``engine``, ``guests``, ``inline``, ``media``, ``notes``, ``sales`` and ``tables``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass

from storage.books.books import Books
from storage.books.keeping import forget_late
from storage.care.audit import Audit
from storage.care.erasing import Erasing
from storage.care.forgetting import Forgetting
from storage.care.reporting import Reporting
from storage.care.retention import Retention
from storage.care.sweeping import Sweeping
from storage.care.unused import Unused
from storage.engine.database import Database
from storage.engine.faults import faults_named
from storage.guests.guests import Guests
from storage.guests.people import People
from storage.inline.answers import InlineAnswers
from storage.inline.lent import Lending
from storage.media.store import Media
from storage.notes.outages import Outages
from storage.sales.purchases import Purchases
from storage.tables.backlog import WaitingUpdates
from storage.tables.chats import Chats
from storage.tables.conversations import Conversations
from storage.tables.deliveries import Deliveries
from storage.tables.inbox import Inbox
from storage.tables.menus import Menus
from storage.tables.messages import Messages
from storage.tables.models import Models
from storage.tables.names import Names
from storage.tables.next_work import NextWorks
from storage.tables.provider_files import ProviderFiles
from storage.tables.usage import Usage
from storage.tables.views import Views

WHOLE_SWEEP_EVERY_S = 7 * 24 * 3600
"""How often a start looks at every stored file. Other starts look only at what was written since the last one."""

CLOCK_SLACK_S = 10.0
"""Tolerance for file times. The coarsest file system, FAT, keeps them to two seconds."""

TIDY_AGE_S = 600.0
"""How old an unnamed picture must be before ``tidy`` deletes it. A running step names its pictures sooner."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The parts of storage; each has its own methods, all share one database and one media store."""

    database: Database
    conversations: Conversations
    views: Views
    messages: Messages
    deliveries: Deliveries
    chats: Chats
    guests: Guests
    people: People
    inbox: Inbox
    inline: InlineAnswers
    waiting: WaitingUpdates
    next_work: NextWorks
    usage: Usage
    books: Books
    purchases: Purchases
    names: Names
    provider_files: ProviderFiles
    menus: Menus
    models: Models
    outages: Outages
    forgetting: Forgetting
    lending: Lending
    audit: Audit
    sweeping: Sweeping
    retention: Retention
    reporting: Reporting
    unused: Unused
    media: Media

    @classmethod
    async def open(
        cls,
        database_url: str,
        media_url: str,
        media_options: Mapping[str, str] | None = None,
        *,
        pool_size: int = 10,
    ) -> Store:
        """Open and migrate the database, with at most ``pool_size`` connections; open the media store and test it.

        Raises: ``SchemaError`` for a database that is not ours or newer than we are, ``StorageFault``.
        """
        with faults_named():
            media = Media.open(media_url, media_options)
        await media.prove()
        database = await Database.open(database_url, pool_size=pool_size)
        audit, erasing = Audit(database, media), Erasing(database, media)
        unused = Unused(database, media, erasing)
        return cls(
            database=database,
            conversations=Conversations(database, media),
            views=Views(database),
            messages=Messages(database, media),
            deliveries=Deliveries(database, media),
            chats=Chats(database),
            guests=Guests(database),
            people=People(database),
            inbox=Inbox(database),
            inline=InlineAnswers(database, media),
            waiting=WaitingUpdates(database),
            next_work=NextWorks(database),
            usage=Usage(database),
            books=Books(database),
            purchases=Purchases(database),
            names=Names(database, media),
            provider_files=ProviderFiles(database),
            menus=Menus(database),
            models=Models(database),
            outages=Outages(database),
            forgetting=Forgetting(database, media, erasing, unused),
            lending=Lending(database, erasing),
            audit=audit,
            sweeping=Sweeping(database, media, audit, erasing),
            retention=Retention(database, media, unused),
            reporting=Reporting(database),
            unused=unused,
            media=media,
        )

    @property
    def is_embedded(self) -> bool:
        """Whether only one process works on this store, in a local folder where listing files is cheap."""
        return self.media.is_local and self.database.engine.dialect.name == "sqlite"

    async def sweep(self) -> int:
        """Delete files that killed processes left and nothing names; return how many. Repair what old versions left.

        Call it only at the start, while nothing else uses the store: a picture is stored before the turn that names it.
        For stores that several processes share, ``sweeping`` does the same while they work.
        """
        await self.inbox.sweep()
        await forget_late(self.database)
        await self.inline.sweep()
        await self.chats.mend_moves()
        await self.database.wipe_log(tries=1)
        if not self.is_embedded:
            return 0
        begun = time.time()
        whole, new = self.media.swept_at()
        if not begun - WHOLE_SWEEP_EVERY_S < whole <= new <= begun:
            whole, new = begun, 0.0
        # Whatever a killed process left is newer than the last sweep.
        since = new - CLOCK_SLACK_S
        swept = await self.media.sweep(since=since)
        orphans = await self.audit.unnamed(await self.media.names_since(since))
        for sha256 in orphans:
            await self.media.delete(sha256)
        self.media.note_sweep(whole, begun)
        return swept + len(orphans)

    async def tidy(self, *, since: float = 0.0, age_s: float = TIDY_AGE_S) -> int:
        """Delete, while work goes on, what is no longer needed; return how many pictures.

        It looks for files only among those that were stored after ``since`` (Unix s), and only in a local folder.
        """
        await self.inbox.sweep()
        await forget_late(self.database)
        await self.inline.sweep()
        erased = await self.unused.erase()
        await self.database.wipe_log(tries=1)
        if not self.is_embedded:
            return erased
        found = await self.media.names_since(since - CLOCK_SLACK_S, before=time.time() - age_s)
        return erased + sum([await self.forgetting.erase(sha256) for sha256 in await self.audit.unnamed(found)])

    async def close(self) -> None:
        await self.database.close()
