"""Commands that keep pictures under a name, and export a conversation as zip files.

Imports ``context``, ``response``, ``message``, ``visibility``, ``export``, ``turns``, ``texts`` and ``storage``.
"""

from __future__ import annotations

import asyncio
import logging
import re
import tempfile
from collections.abc import AsyncGenerator, Sequence
from dataclasses import replace
from typing import BinaryIO

from bot.chat.commands.context import CommandContext, verb
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.response import Document, Part, Response, Sentence, Series, respond, respond_lines
from bot.chat.send.message import REQUEST_LIMIT_BYTES
from bot.texts import say
from bot.turns import export
from bot.turns.request.exchanges import picture_of_answer
from bot.turns.turns import Turns
from bot.turns.wishes import current_at, undone_photos
from storage.records import InputPicture, MessageLink, Turn
from storage.store import Store

log = logging.getLogger(__name__)

NAME = re.compile(r"[^\W_][\w-]{0,31}")
"""A name for a picture: letters of any script, digits, ``-`` and ``_``."""

PART_BYTES = REQUEST_LIMIT_BYTES - 100_000
"""The largest file of an export; the rest of the request has its caption."""

MOST_PARTS = 10
"""The most files of one export in a chat. The owner can write a larger one to a folder."""

EXPORTS = 4
"""The number of exports at a time. Each has one part on the disk while it is sent."""


class KeepingCommands:
    """Verbs for names and export."""

    def __init__(self, store: Store, turns: Turns, visibility: GroupVisibility) -> None:
        self._store = store
        self._turns = turns
        self._exporting = asyncio.Semaphore(EXPORTS)
        self._visibility = visibility

    @verb("save")
    async def save(self, context: CommandContext) -> Response:
        """Give a picture a name."""
        name = context.value.strip().removeprefix("@").lower()
        shown = context.private or context.replying or context.picture is not None
        unseen = not shown and await self._visibility.misses_replies(context.recipient.key.chat_id)
        if not NAME.fullmatch(name):
            lines = ("save-how", "reply-unseen") if unseen and not name else ("save-how",)
            return respond_lines(*(say(context.language, line) for line in lines))
        waiting = await self._waiting_pictures(context)
        picture = context.picture or await self._meant(context, waiting)
        if picture is None:
            missing = "no-picture-there" if context.replying else "nothing-to-save"
            lines = (missing, "reply-unseen") if unseen else (missing,)
            return respond_lines(*(say(context.language, line) for line in lines))
        await self._store.names.save(context.conversation.id, name, picture, context.author.id, of=(context.update_id,))
        # The picture has a use now, so it waits for words no longer.
        used = [link for link in waiting if link.picture and link.picture.media == picture.media]
        await self._store.messages.save(context.conversation.id, [replace(link, waits_until=0.0) for link in used])
        return respond("saved-current" if unseen else "saved-as", name=name)

    async def _meant(self, context: CommandContext, waiting: Sequence[MessageLink]) -> InputPicture | None:
        """Return the replied-to picture; else the last one that waits for words; else the picture of head."""
        if waiting and not context.replying:
            return waiting[-1].picture
        if context.replying:
            return _current(context.turn)
        # An answer of words alone leaves the picture before it the current one, and undo the photo that was sent.
        here = await current_at(self._store, context.conversation.head_id)
        return next(iter(here or await undone_photos(self._store, context.conversation)), None)

    async def _waiting_pictures(self, context: CommandContext) -> list[MessageLink]:
        sender = None if context.private else context.author.id
        waiting = await self._store.messages.waiting_pictures(context.conversation.id, sender)
        return [link for link in waiting if context.command_id is None or link.message_id < context.command_id]

    @verb("saved")
    async def saved(self, context: CommandContext) -> Response:
        """List the names."""
        names = await self._store.names.of(context.conversation.id)
        if names:
            return respond("saved-list", names=", ".join(f"@{name}" for name in names))
        return respond("saved-none")

    @verb("drop")
    async def drop(self, context: CommandContext) -> Response:
        """Forget a name."""
        name = context.value.strip().removeprefix("@").lower()
        if not name:
            return respond("drop-which")
        known = await self._store.names.drop(context.conversation.id, name)
        return respond("dropped" if known else "name-unknown", name=name)

    @verb("export")
    async def export(self, context: CommandContext) -> Response:
        """Send the conversation as files."""
        if not await self._store.views.count(context.conversation.id):
            return respond("nothing-to-show")
        return Response(parts=(Series(parts=self._exported(context)),))

    async def _exported(self, context: CommandContext) -> AsyncGenerator[Part, None]:
        """Yield the files of an export; each is made, sent and removed before the next."""
        conversation = context.conversation
        size_bytes = await self._store.views.size_bytes(conversation.id)
        plan = None
        async with self._exporting:
            if size_bytes <= MOST_PARTS * PART_BYTES:
                source = export.Source(self._store, conversation)
                plan = await export.plan_export(source, context.language, PART_BYTES)
            if plan is None or len(plan.parts) > MOST_PARTS:
                values = {"megabytes": size_bytes // 1_000_000, "chat": str(context.recipient.key.chat_id)}
                yield Sentence(key="export-too-big", values=values)
                return
            for part in plan.parts:
                words, name = _described(context.language, plan, part)
                try:
                    file = await _written(plan, part)
                except OSError as error:
                    log.error("no file of an export can be made in %s: %s", _temporary_folder(), error)
                    chat = str(context.recipient.key.chat_id)
                    yield Sentence(key="export-no-room", values={"chat": chat})
                    return
                with file:
                    yield Document(file=file, words=words, name=name)


async def _written(plan: export.Export, part: export.Part) -> BinaryIO:
    """Return the file of a part, at its beginning. Raises: ``OSError``, ``StorageFault``."""
    # A file without a name: if the process is killed, nothing of the conversation stays on the disk.
    file = await asyncio.to_thread(tempfile.TemporaryFile)
    try:
        await plan.write(part, await asyncio.to_thread(export.Zip, file))
        await asyncio.to_thread(file.seek, 0)
    except BaseException:
        file.close()
        raise
    return file


def _temporary_folder() -> str:
    try:
        return tempfile.gettempdir()
    except OSError:
        return "a folder for temporary files"


def _described(language: str, plan: export.Export, part: export.Part) -> tuple[str, str]:
    """Return the caption and the name of a file of an export."""
    count = len(plan.parts)
    if count == 1:
        return say(language, "exported", count=plan.turns), "conversation.zip"
    numbers = {"number": part.number, "parts": count}
    if part.turns:
        words = say(language, "exported-part", **numbers, first=part.first, last=part.last)
    else:
        words = say(language, "exported-replay", **numbers)
    return words, f"conversation-{part.number}-of-{count}.zip"


def _current(turn: Turn | None) -> InputPicture | None:
    return picture_of_answer(turn) if turn else None
