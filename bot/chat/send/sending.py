"""Sends one message: words, or pictures and files in the best form that the chat allows.

Imports PTB, ``manners``, ``message``, ``refusals``, ``once``, ``pictures``, ``texts`` and ``storage``. Words are sent
as plain text, so that markup in an answer cannot break the message. Telegram compresses photos; the original bytes stay
in the store.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO

from telegram import Bot, ForceReply, InlineKeyboardMarkup, InputMediaPhoto, Message
from telegram.error import BadRequest, Forbidden, RetryAfter, TelegramError

from bot.chat.send.manners import Manners
from bot.chat.send.message import (
    REQUEST_LIMIT_BYTES,
    OutgoingMessage,
    Recipient,
    file_name,
    file_of,
    link_of,
    names_in,
    patience,
)
from bot.chat.send.once import NotAllowed, UnknownOutcome, outcome_known, raising_unanswered
from bot.chat.send.refusals import Meaning, flood_wait_s, is_part_of_album, is_refusal, meaning_of_refusal
from bot.pictures.boards.draw import numbered
from bot.pictures.boards.values import Animation
from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.prepared import Prepared
from bot.pictures.convert.telegram_fit import Reason, telegram_fit
from bot.pictures.errors import PictureError
from bot.pictures.formats import sniff
from bot.pictures.formats.inspect import PictureInfo, inspect
from bot.pictures.threads import glance, off_loop
from bot.texts import say
from storage.media.store import Media
from storage.records import MediaRef, MessageLink, Turn

log = logging.getLogger(__name__)

TEXT_NAME = "answer.txt"

Way = Callable[[], Awaitable[Message]]
"""One form in which something can be sent."""


class Sender:
    """Makes the API calls that send messages."""

    def __init__(self, bot: Bot, media: Media, manners: Manners) -> None:
        self._bot = bot
        self._media = media
        self._manners = manners

    async def words(
        self, recipient: Recipient, text: str, keyboard: InlineKeyboardMarkup | ForceReply | None = None
    ) -> Message:
        """Send words as they are. Raises: ``Unanswered`` where Telegram did not answer."""
        marks = names_in(text, recipient, self._bot.username)
        with raising_unanswered():
            plain = None if isinstance(keyboard, ForceReply) else keyboard
            if plain is keyboard and (whispered := await self._manners.whisper(recipient, text, plain)) is not None:
                return whispered
            return await self._bot.send_message(
                text=text, entities=marks, reply_markup=keyboard, **recipient.arguments()
            )

    async def pictures(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> list[MessageLink]:
        """Send a turn's pictures as photos where Telegram takes them, else as files.

        Raises: :class:`UnknownOutcome`, :class:`NotAllowed`.
        """
        with outcome_known():
            if len(outgoing.pictures) == 1:
                return await self._one_by_one(turn, recipient, outgoing)
            if not all([await is_photo(await self._bytes(ref)) for ref in outgoing.pictures]):
                return await self._one_by_one(turn, recipient, outgoing)
            try:
                return await self._album(turn, recipient, outgoing)
            except TelegramError as error:
                return await self._one_by_one(turn, recipient, _instead(turn, outgoing, error))

    async def original(self, turn: Turn, recipient: Recipient, shown: MediaRef) -> list[MessageLink]:
        """Send a picture of an answer as a file with its original bytes; of a restored one the lossless one.

        Where Telegram takes no file that large, the best that fits, with a sentence. Raises: as :meth:`pictures`.
        """
        restored = turn.restored if turn.restored and turn.restored.picture.media == shown else None
        whole = restored.picture.original if restored else None
        if whole is not None and whole.size_bytes > REQUEST_LIMIT_BYTES:
            return [await self._reduced(turn, recipient, whole)]
        outgoing = OutgoingMessage(pictures=(whole or shown,), as_file=True)
        # A reply to the file is one to the picture that the message above it shows.
        return [
            replace(link, picture=link.picture and replace(link.picture, media=shown))
            for link in await self.pictures(turn, recipient, outgoing)
        ]

    async def _reduced(self, turn: Turn, recipient: Recipient, whole: MediaRef) -> MessageLink:
        data = await self._bytes(whole)
        made = await off_loop(_fitting, data)
        pixels = {"width": str(made.width_px), "height": str(made.height_px)}
        words = say(recipient.language, "file-reduced", megabytes=whole.size_bytes // 1_000_000, **pixels)
        shared = self._captioned(recipient, words, len(made.data))
        ref = replace(whole, mime=made.mime)
        document = partial(self._bot.send_document, document=file_of(made.data, file_name(turn, ref)), **shared)
        with outcome_known():
            return link_of(await self._first_taken(document, refused="file-refused"), turn.id, None)

    async def drawn(
        self, recipient: Recipient, data: bytes, words: str, name: str, *, covered: bool = False
    ) -> Message:
        """Send a picture that was drawn here. Raises: :class:`NotAllowed`."""
        shared = self._captioned(recipient, words, len(data))
        photo = partial(self._bot.send_photo, photo=file_of(data, name), has_spoiler=covered, **shared)
        document = partial(self._bot.send_document, document=file_of(data, name), **shared)
        return await self._first_taken(photo, document)

    async def animation(
        self, recipient: Recipient, animation: Animation, words: str, *, covered: bool = False
    ) -> Message:
        """Send an animation that was made here. Raises: :class:`NotAllowed`."""
        data, name = animation.data, animation.name
        shared = self._captioned(recipient, words, len(data))
        described: dict[str, Any] = {"width": animation.width_px, "height": animation.height_px, "has_spoiler": covered}
        described["duration"] = round(animation.duration_s)
        as_animation = partial(self._bot.send_animation, animation=file_of(data, name), **described, **shared)
        document = partial(self._bot.send_document, document=file_of(data, name), **shared)
        return await self._first_taken(as_animation, document)

    async def text(self, recipient: Recipient, outgoing: OutgoingMessage) -> Message:
        """Send words as a text file. Raises: :class:`NotAllowed`, ``Unanswered`` where Telegram did not answer."""
        data = outgoing.text.encode()
        shared = {**self._captioned(recipient, outgoing.words, len(data)), "reply_markup": outgoing.keyboard}
        document = partial(self._bot.send_document, document=file_of(data, TEXT_NAME), **shared)
        with raising_unanswered():
            return await self._first_taken(document, refused="file-refused")

    async def file(self, recipient: Recipient, file: BinaryIO, words: str, name: str) -> Message:
        """Send an open file, which is read during the upload. Raises: :class:`NotAllowed`."""
        shared = self._captioned(recipient, words, os.fstat(file.fileno()).st_size)
        document = partial(self._bot.send_document, document=file_of(file, name), **shared)
        return await self._first_taken(document, refused="file-refused")

    def _captioned(self, recipient: Recipient, words: str, size_bytes: int) -> dict[str, Any]:
        marks = names_in(words, recipient, self._bot.username)
        return {
            "caption": words or None, "caption_entities": marks, **recipient.arguments(), **patience(size_bytes)
        }  # fmt: skip

    async def _bytes(self, ref: MediaRef) -> bytes:
        return await self._media.get(ref.sha256, size_bytes=ref.size_bytes)

    async def _one_by_one(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> list[MessageLink]:
        owners = outgoing.owners or (turn.id,) * len(outgoing.pictures)
        links: list[MessageLink] = []
        barred: NotAllowed | None = None
        for ref, owner in zip(outgoing.pictures, owners, strict=True):
            try:
                link = await self._one(turn, recipient, replace(outgoing, pictures=(ref,)))
            except NotAllowed as error:
                # Where files are not allowed, the next picture may still be sent as a photo.
                barred = error
                continue
            except TelegramError as error:
                if links:
                    raise UnknownOutcome(links) from error
                raise
            links.append(replace(link, turn_id=owner))
        if barred is not None:
            raise NotAllowed(barred.key, links)
        return links

    async def _one(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> MessageLink:
        (ref,) = outgoing.pictures
        data = await self._bytes(ref)
        file = file_of(data, file_name(turn, ref))
        shared = {**self._captioned(recipient, outgoing.words, len(data)), "reply_markup": outgoing.keyboard}
        document = partial(self._bot.send_document, document=file, disable_content_type_detection=True, **shared)
        ways: list[Way] = [document]
        if not outgoing.as_file and await is_photo(data):
            ways.insert(0, partial(self._bot.send_photo, photo=file, has_spoiler=outgoing.covered, **shared))
        message = await self._first_taken(*ways)
        return link_of(message, turn.id, ref if message.photo or message.document else None, covered=outgoing.covered)

    async def _first_taken(self, *ways: Way, refused: str = "photo-refused") -> Message:
        """Send in the first form that Telegram takes. Raises: :class:`NotAllowed` where it takes none."""
        for way in ways:
            try:
                return await way()
            except (BadRequest, Forbidden) as error:
                meaning = meaning_of_refusal(error)
                about_content = meaning is None and way is not ways[-1]
                if meaning is not Meaning.FORM and not about_content:
                    raise
                log.info("Telegram refuses this form (%s); the next one is tried", error.message)
        raise NotAllowed(refused)

    async def _album(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> list[MessageLink]:
        datas = [await self._numbered(outgoing, place) for place in range(len(outgoing.pictures))]
        media = [
            InputMediaPhoto(file_of(data, file_name(turn, ref), attached=True), has_spoiler=outgoing.covered)
            for data, ref in zip(datas, outgoing.pictures, strict=True)
        ]
        timeouts: dict[str, Any] = patience(sum(map(len, datas)))
        messages = await self._bot.send_media_group(media=media, **recipient.arguments(), **timeouts)
        owners = outgoing.owners or (turn.id,) * len(messages)
        links = [
            link_of(message, owner, ref, covered=outgoing.covered)
            for message, owner, ref in zip(messages, owners, outgoing.pictures, strict=True)
        ]
        # Inline mode shows what has a name at Telegram, and a number in its corner is for this chat only.
        return [replace(link, file_id=None) for link in links] if outgoing.first_number else links

    async def _numbered(self, outgoing: OutgoingMessage, place: int) -> bytes:
        """Return a picture of an album, with its number in the corner if it has one."""
        data = await self._bytes(outgoing.pictures[place])
        if not outgoing.first_number:
            return data
        try:
            return await off_loop(numbered, data, outgoing.first_number + place)
        except PictureError:
            return data


async def is_photo(data: bytes) -> bool:
    """Return whether Telegram takes a picture as a photo without loss of a part of it."""
    info = await glance(inspect, data)
    fit = telegram_fit(info)
    if fit.reason is not Reason.TRANSPARENT:
        return fit.send_as == "photo"
    try:
        return not await off_loop(_is_transparent, data, info)
    except PictureError:
        return False


def _is_transparent(data: bytes, info: PictureInfo) -> bool:
    # Imported only when needed: Pillow takes memory, and most models paint without an alpha channel.
    from bot.pictures.convert.reencode import is_transparent

    return is_transparent(data, info)


def _fitting(data: bytes) -> Prepared:
    """Return a picture as the best JPEG that fits into one message."""
    return prepare(data, inspect(data), frozenset({sniff.JPEG}), None, REQUEST_LIMIT_BYTES)


def _instead(turn: Turn, outgoing: OutgoingMessage, error: TelegramError) -> OutgoingMessage:
    """Return what to send one by one after an album was refused as a whole.

    Raises: ``error`` where the refusal is not about the pictures, or the flood wait that it names.
    """
    if seconds := flood_wait_s(error):
        raise RetryAfter(seconds) from error
    meaning = meaning_of_refusal(error)
    of_pictures = meaning is Meaning.FORM or (meaning is None and is_refusal(error))
    if not of_pictures or is_part_of_album(error):
        raise error
    log.info("turn %s: Telegram refuses the album (%s); its pictures are sent one by one", turn.id, error)
    return replace(outgoing, as_file=meaning is Meaning.FORM)
