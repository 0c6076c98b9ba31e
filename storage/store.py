"""All of storage in one hand, opened and closed together. Imports its siblings only."""

from __future__ import annotations

from dataclasses import dataclass

from storage.conversations import Conversations
from storage.database import Database
from storage.forgetting import Forgetting
from storage.inbox import Inbox
from storage.media import Media
from storage.messages import Chats, Deliveries, Messages
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
    media: Media

    @classmethod
    async def open(cls, database_url: str, media_url: str) -> Store:
        """Open and migrate the database, open the media store, sweep what a kill left there.

        Raises: ``SchemaError`` for a database that is not ours or newer than we are.
        """
        database = await Database.open(database_url)
        media = Media.open(media_url)
        await media.sweep()
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
            media=media,
        )

    async def close(self) -> None:
        """Close the database."""
        await self.database.close()
