"""Finds out whether a new picture is a known one on which the person drew with a pen.

Imports ``events``, ``receive``, ``pictures``, ``turns``, ``texts`` and ``storage``. Telegram's photo editor sends the
marked copy as a new photo: as a reply, or after the photo that it was made from, or with nothing that says so.
Then it may be a copy of any picture that the chat still shows.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from bot.chat.events import Said
from bot.chat.receive.download import Downloaded
from bot.pictures.errors import PictureError
from bot.pictures.threads import off_loop
from bot.texts import say
from bot.turns.wishes import MOST_LOOKED_AT, current_at
from storage.media.store import MediaMissing
from storage.records import InputPicture, MediaRef, MessageLink, Role
from storage.store import Store

if TYPE_CHECKING:
    from PIL import Image

MOST_COMPARED = 5
"""With how many pictures of its shape a new one is compared: those that wait, the current one, then the newest."""

MOST_CROPPED = 1.1
"""The photo editor may crop the edges a little; a picture of quite another shape need not be decoded."""


class Marks:
    """Recognises marked pictures."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def found(
        self, messages: Sequence[Said], downloaded: dict[int, Downloaded], reply: MessageLink | None
    ) -> tuple[dict[int, Downloaded], MessageLink | None]:
        """Return the downloads, a marked picture with a caption for the model, and the message that it replies to.

        A marked copy of a picture that does not wait counts as a reply to it.
        """
        anew = any(message.anew for message in messages)
        if len(downloaded) != 1 or anew:
            return downloaded, reply
        ((message_id, one),) = downloaded.items()
        sent = one.picture.media
        alike = [found for found in await self._candidates(messages[0], reply) if _is_alike(found[0].media, sent)]
        drawn = await self._reduced(sent) if alike else None
        for original, means in alike[:MOST_COMPARED] if drawn else ():
            if await self._is_marked(original.media, drawn):
                caption = say(messages[0].language, "marked-place")
                picture = replace(one.picture, caption=caption, marks=original.media.sha256)
                return {message_id: replace(one, picture=picture)}, means
        return downloaded, reply

    async def _candidates(
        self, message: Said, reply: MessageLink | None
    ) -> list[tuple[InputPicture, MessageLink | None]]:
        """Return the pictures that may have been marked, and the reply that each of them means."""
        if reply is not None and (reply.picture or reply.role is not Role.ANSWER):
            return [(reply.picture, reply)] if reply.picture else []
        if reply is not None:
            # The bot showed the current picture of an answer that has none of its own.
            return [(one, replace(reply, picture=one)) for one in await current_at(self._store, reply.turn_id)]
        conversation = await self._store.conversations.open(message.key)
        sender = None if message.private else message.author.id
        waiting = await self._store.messages.waiting_pictures(conversation.id, sender) if conversation.has_loose else []
        found: list[tuple[InputPicture, MessageLink | None]] = [
            (link.picture, None) for link in reversed(waiting) if link.picture and not link.asks
        ]
        for current in await current_at(self._store, conversation.head_id):
            means = MessageLink(
                chat_id=message.key.chat_id,
                message_id=0,
                role=Role.ANSWER,
                turn_id=conversation.head_id,
                picture=current,
            )
            found.append((current, means))
        others = await self._store.messages.newest_pictures(conversation.id, MOST_LOOKED_AT)
        found += [(link.picture, link) for link in others if link.picture and not link.picture.marks]
        once = {picture.media.sha256: (picture, means) for picture, means in reversed(found)}
        return list(once.values())[::-1]

    async def _is_marked(self, original: MediaRef, sent: Image.Image | None) -> bool:
        unmarked = await self._reduced(original)
        return unmarked is not None and sent is not None and await off_loop(_compare, unmarked, sent)

    async def _reduced(self, ref: MediaRef) -> Image.Image | None:
        """Return a picture as small as it is compared; None where it cannot be read. Then it is used as it is."""
        try:
            return await off_loop(_reduce, await self._store.media.get(ref.sha256))
        except (PictureError, MediaMissing):
            return None


def _is_alike(original: MediaRef, sent: MediaRef) -> bool:
    """Return whether one may be a copy of the other, judged by their shapes."""
    shapes = sorted(ref.width_px / ref.height_px for ref in (original, sent))
    return original.sha256 != sent.sha256 and shapes[1] <= shapes[0] * MOST_CROPPED


# Imported only when needed: with Pillow this takes 7 MB, and most people never draw on a picture.


def _reduce(data: bytes) -> Image.Image:
    from bot.pictures.compare.scribbles import reduced

    return reduced(data)


def _compare(original: Image.Image, sent: Image.Image) -> bool:
    from bot.pictures.compare.scribbles import is_scribbled

    return is_scribbled(original, sent)
