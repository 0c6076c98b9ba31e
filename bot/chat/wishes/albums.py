"""Handles pictures that arrive after the pause that ended their album.

Imports PTB, ``acts``, ``events``, ``raw``, ``response``, ``dispatch.base``, ``download``, ``keyboards``, ``turns``,
``context`` and ``storage``. Telegram does not say when an album is complete (telegram-bot-api issues 339, 629).
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Sequence
from dataclasses import replace

from telegram.error import TelegramError

from bot.chat.commands.context import CommandContext, verb
from bot.chat.events import Attachment, Said
from bot.chat.receive.acts import Read, try_read
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.response import DONE, KeepLinks, Repeat, Response, Sentence, respond
from bot.chat.send import keyboards
from bot.chat.updates.raw import album_of
from bot.dispatch.base import at_rest
from bot.turns.wishes import each_once
from storage.records import InboxRow, InputPicture, Role, Turn
from storage.store import Store

log = logging.getLogger(__name__)

AGAIN_S = 1.0
"""The pause before a late picture is downloaded a second time. Its wish waits no longer than that."""


class Albums:
    """Adds late pictures to the turn of their album, or offers to."""

    def __init__(self, store: Store, downloader: Downloader) -> None:
        self._store = store
        self._downloader = downloader

    async def catch_up(self, turn: Turn, waiting: Iterable[InboxRow], read: Read) -> Turn:
        """Add the late pictures of an album to its turn, if the call has not begun; return the turn.

        A picture that cannot be downloaded stays in the inbox, and is late.
        """
        if not turn.pictures or turn.batch_id is not None:
            return turn
        sent = await self._store.messages.of_turn(turn.id, Role.REQUEST)
        album = next((link.album for link in sent if link.album), None)
        if album is None:
            return turn
        for row in (row for row in waiting if album_of(row.payload) == album):
            said = try_read(row, read)
            if not isinstance(said, Said) or said.attachment is None or said.edited or said.command:
                continue
            try:
                picture = await self._loaded(said.attachment, said)
            except (UnusablePicture, TelegramError) as error:
                log.info("turn %s: a late picture cannot be downloaded: %s", turn.id, error)
                continue
            link = said.link(Role.REQUEST, picture)
            pictures = each_once((*turn.pictures, picture))
            if await self._store.conversations.join(turn, pictures[len(turn.pictures) :], [link], row.update_id):
                turn = replace(turn, pictures=pictures)
        return turn

    async def _loaded(self, attachment: Attachment, said: Said) -> InputPicture:
        try:
            downloaded = await self._downloader.download(attachment, said.owner_id)
        except TelegramError:
            with at_rest():
                await asyncio.sleep(AGAIN_S)
            downloaded = await self._downloader.download(attachment, said.owner_id)
        return replace(downloaded.picture, caption=said.words)

    async def came_late(self, messages: Sequence[Said]) -> Response | None:
        """Offer to make a wish again with pictures whose album is a turn already; None for other messages."""
        first = messages[0]
        if first.album is None or any(said.command or said.album != first.album for said in messages):
            return None
        known = await self._store.messages.album(first.key.chat_id, first.album)
        if known is None or known.message_id in {said.message_id for said in messages}:
            return None
        if known.turn_id is None and known.role is Role.REQUEST:
            log.info("late pictures of an album that was cancelled or refused are dropped")
            return DONE
        if known.turn_id is None:
            return None
        turn = await self._store.conversations.turn(known.turn_id)
        late = [said.link(Role.LOOSE, await self._picture(said)) for said in messages if said.attachment]
        links = [link for link in late if link.picture]
        if turn is None or not links:
            return None
        keyboard = keyboards.to_join(first.language, turn.id, len(links))
        offer = Sentence(key="came-late", values={"count": len(links)}, keyboard=keyboard)
        kept = KeepLinks(conversation_id=turn.conversation_id, links=tuple(links))
        return Response(parts=(offer,), ending=kept)

    async def _picture(self, said: Said) -> InputPicture | None:
        try:
            return (
                (await self._downloader.download(said.attachment, said.owner_id)).picture if said.attachment else None
            )
        except UnusablePicture:
            return None

    @verb("join")
    async def join(self, context: CommandContext) -> Response:
        """Make a wish again with the late pictures of its album."""
        loose = [link for link in await self._store.messages.loose(context.conversation.id) if link.album]
        sent = await self._store.messages.of_turn(context.turn.id, Role.REQUEST) if context.turn else []
        album = next((link.album for link in sent if link.album), None)
        late = tuple(link for link in loose if link.album == album)
        if context.turn is None or not late:
            return respond("button-outdated")
        return Response(ending=Repeat(turn=context.turn, asker=context.author, late=late))
