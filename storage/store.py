"""All of storage in one hand, opened and closed together. Imports its siblings only."""

from __future__ import annotations

from dataclasses import dataclass

from storage.audit import Audit
from storage.conversations import Conversations
from storage.database import Database
from storage.deliveries import Deliveries
from storage.faults import faults_named
from storage.forgetting import Forgetting
from storage.inbox import Inbox
from storage.media import Media
from storage.messages import Chats, Messages
from storage.names import Names
from storage.usage import Usage


@dataclass(frozen=True, slots=True, kw_only=True)
class Store:
    """The parts of storage; each has its own methods, all share one database and one media store."""

    database: Database
    conversations: Conversations
    messages: Messages
    deliveries: Deliveries
    chats: Chats
    inbox: Inbox
    usage: Usage
    names: Names
    forgetting: Forgetting
    audit: Audit
    media: Media

    @classmethod
    async def open(cls, database_url: str, media_url: str) -> Store:
        """Open and migrate the database, open the media store.

        Raises: ``SchemaError`` for a database that is not ours or newer than we are, ``StorageFault``.
        """
        with faults_named():
            media = Media.open(media_url)
        database = await Database.open(database_url)
        return cls(
            database=database,
            conversations=Conversations(database),
            messages=Messages(database),
            deliveries=Deliveries(database),
            chats=Chats(database),
            inbox=Inbox(database),
            usage=Usage(database),
            names=Names(database),
            forgetting=Forgetting(database, media),
            audit=Audit(database, media),
            media=media,
        )

    async def sweep(self) -> int:
        """Remove what killed processes left and nothing names; return how many files.

        Only while nothing else works on the store: a picture is stored before the turn that names it.
        """
        await self.inbox.sweep()
        swept = await self.media.sweep()
        if self.media.is_local:
            orphans = set(await self.media.names()) - await self.audit.named()
            for sha256 in orphans:
                await self.media.delete(sha256)
            swept += len(orphans)
        return swept

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
