"""Albums: several messages that a person sent as one, arriving one by one, without a count and without an end.

May import ``incoming``, ``delivery``, ``fetch``, ``keyboards``, ``turns`` and ``storage``. Nobody can know when an
album is whole (telegram-bot-api issues 339, 629); so a pause ends it, and what comes later still finds its way.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from bot.chat import keyboards
from bot.chat.asked import Asked, Verb
from bot.chat.delivery import Delivery, Place
from bot.chat.fetch import Fetcher, UnusablePicture
from bot.chat.incoming import Incoming, Said
from bot.dispatch.base import Later, at_rest, ending
from bot.turns import Turns
from storage.records import InboxRow, InputPicture, Key, Role, Turn
from storage.store import Store

LARGEST = 10
"""Messages in one album (Bot API, sendMediaGroup)."""

Read = Callable[[InboxRow], Incoming | None]


class Albums:
    """Gathers albums, and finds a place for pictures that come too late for theirs."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        delivery: Delivery,
        fetcher: Fetcher,
        wait_s: float,
        heard_s: Callable[[], float],
    ) -> None:
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._fetcher = fetcher
        self._wait_s = wait_s
        self._heard_s = heard_s
        self.verbs: dict[str, Verb] = {"join": self._join}

    async def gather(self, row: InboxRow, first: Said, read: Read) -> list[Said]:
        """Wait until no further message of an album has come for a while; return all of it.

        Raises: ``Later`` when the process ends meanwhile: the rest will come to the next one.
        """
        known = 0
        while True:
            rows = await self._rows(row.key, first.album, read)
            album = [said for _, said in rows] or [first]
            left_s = self._left_s([one.received_at for one, _ in rows] or [row.received_at])
            if len(album) >= LARGEST:
                return album
            if ending.get()():
                raise Later(0.0, "the process ends before the album is whole")
            if len(album) == known and left_s <= 0:
                return album
            # A clock that was set back would hold the album for ever, so a whole wait without news ends it as well.
            if len(album) == known and left_s >= self._wait_s and self._heard_s() > self._wait_s:
                return album
            known = len(album)
            with at_rest():
                await asyncio.sleep(max(left_s, 0))

    def _left_s(self, received_at: Sequence[float]) -> float:
        """Return how long to wait on. Rows of an earlier process count from when Telegram told this one the rest."""
        quiet_s = min(time.time() - max(received_at), self._heard_s())
        return self._wait_s - min(max(quiet_s, 0.0), self._wait_s)

    async def catch_up(self, turn: Turn, key: Key, read: Read) -> Turn:
        """Give a turn whose call has not begun the pictures of its album that came meanwhile."""
        if not turn.pictures or turn.set_id is not None:
            return turn
        album = next((link.album for link in await self._store.messages.of_turn(turn.id, Role.REQUEST)), None)
        if album is None:
            return turn
        for row, said in await self._rows(key, album, read):
            if said.attachment is None or said.edited or said.command:
                continue
            try:
                picture = replace((await self._fetcher.fetch(said.attachment)).picture, caption=said.words)
            except UnusablePicture:
                continue
            link = said.link(Role.REQUEST, picture)
            if await self._store.conversations.join(turn, [picture], [link], row.update_id):
                turn = replace(turn, pictures=(*turn.pictures, picture))
        return turn

    async def came_late(self, messages: Sequence[Said]) -> bool:
        """Keep pictures whose album became a turn already, and offer to do the wish again with them."""
        first = messages[0]
        if first.album is None or first.edited or any(said.command for said in messages):
            return False
        known = await self._store.messages.album(first.key.chat_id, first.album)
        if known is None or known.turn_id is None or known.message_id in {said.message_id for said in messages}:
            return False
        turn = await self._store.conversations.turn(known.turn_id)
        links = [said.link(Role.LOOSE, await self._picture(said)) for said in messages if said.attachment]
        links = [link for link in links if link.picture]
        if turn is None or not links:
            return False
        keyboard = keyboards.to_join(first.language, turn.id, len(links))
        await self._delivery.say(Place.answering(first), "came-late", keyboard, count=len(links))
        await self._store.messages.save(turn.conversation_id, links, [said.update_id for said in messages])
        return True

    async def _picture(self, said: Said) -> InputPicture | None:
        try:
            return (await self._fetcher.fetch(said.attachment)).picture if said.attachment else None
        except UnusablePicture:
            return None

    async def _join(self, asked: Asked) -> None:
        """Do a wish again with the pictures of its album that came late."""
        loose = [link for link in await self._store.messages.loose(asked.conversation.id) if link.album]
        sent = await self._store.messages.of_turn(asked.turn.id, Role.REQUEST) if asked.turn else []
        album = next((link.album for link in sent if link.album), None)
        late = [link for link in loose if link.album == album]
        if asked.turn is None or not late:
            await self._delivery.say(asked.place, "button-outdated")
            await self._store.inbox.finish([asked.update_id])
            return
        await self._turns.again(asked.turn, (asked.update_id,), late=late)

    async def _rows(self, key: Key, album: str | None, read: Read) -> list[tuple[InboxRow, Said]]:
        found = []
        for row in await self._store.inbox.waiting(key, limit=50):
            message = row.payload.get("message")
            if row.notice is None and isinstance(message, dict) and message.get("media_group_id") == album:
                said = read(row)
                if isinstance(said, Said):
                    found.append((row, said))
        return found
