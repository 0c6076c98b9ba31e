"""Downloads an attachment and stores it: the original, and a prepared copy for the providers.

Imports PTB, ``parts``, ``pictures``, ``events`` and ``storage``. Of what moves or has pages, one picture is used. Never
decodes a file before ``inspect`` has accepted it, never downloads a file that is too large, and never shows a file path
of Telegram, because it contains the token.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from bot.chat.events import MOVING, Attachment
from bot.chat.updates.parts import DOWNLOAD_LIMIT_BYTES, LOTTIE
from bot.pictures.convert.frames import first_sharp, has_video
from bot.pictures.convert.pages import has_pages, page_of
from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.prepared import Prepared
from bot.pictures.errors import PictureError
from bot.pictures.formats.inspect import PictureInfo, inspect
from bot.pictures.threads import off_loop
from storage.media.store import Media
from storage.records import InputPicture, MediaRef

log = logging.getLogger(__name__)

READ_TIMEOUT_S = 60

ELSEWHERE = (
    "the Bot API server runs with --local and keeps people's files in a folder that does not exist here: let this "
    "process have that folder under the same path, or run the server without --local"
)

UNAVAILABLE_S = 1.0
"""The pause before a second try after "wrong file_id or the file is temporarily unavailable", which getFile answers for
any failure of its own download (telegram-bot-api Client.cpp, on_update_file)."""

ACCEPTED = frozenset({"image/png", "image/jpeg", "image/webp"})
"""The types that every provider takes; other types are converted here."""

INLINE_LIMIT_BYTES = 7_000_000
"""The largest inline picture for Gemini on every platform: 7 MB at Vertex AI, by its page of the model."""

LONGEST_SIDE_PX = 4096
"""No model uses more pixels. The person is notified of the reduction."""

SAID_ONCE = ("note-converted",)
"""Remarks on a picture that a conversation hears once."""


class UnusablePicture(Exception):
    """A picture cannot be used. ``key`` and ``values``: the text that says why."""

    def __init__(self, key: str, **values: Any) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True)
class Remark:
    """A text about how a picture was made of what came."""

    key: str
    values: Mapping[str, str | int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A stored picture. ``remarks``: what was changed, or which part of the whole it is."""

    picture: InputPicture
    remarks: tuple[Remark, ...] = ()


class Downloader:
    """Downloads pictures from Telegram into the media store."""

    def __init__(self, bot: Bot, media: Media) -> None:
        self._bot = bot
        self._media = media

    async def download(self, attachment: Attachment, author_id: int | None, page: int = 1) -> Downloaded:
        """Download an attachment and store it. ``author_id``: its sender; None where that is unknown.

        ``page``: the one of a PDF that is used. Raises: :class:`UnusablePicture`, and PTB's errors when Telegram can't
        be reached.
        """
        try:
            data, remarks = await self._picture_of(attachment, page)
            info, prepared = await off_loop(look, data)
        except PictureError as error:
            raise UnusablePicture(error.key, **error.facts) from error
        original = MediaRef(
            sha256=await self._media.put(data),
            mime=info.mime,
            size_bytes=len(data),
            width_px=info.width_px,
            height_px=info.height_px,
        )
        picture = await self._with_prepared(original, prepared, author_id, same=prepared.data is data)
        changes = [Remark(change) for change in prepared.changes]
        return Downloaded(picture=replace(picture, covered=attachment.covered), remarks=(*remarks, *changes))

    async def whole(self, attachment: Attachment) -> bytes:
        """Return the bytes of any file. Raises: as :meth:`download`."""
        return await self._download(attachment)

    async def _picture_of(self, attachment: Attachment, page: int) -> tuple[bytes, list[Remark]]:
        """Return the picture that is used of an attachment, and what is to be said of that.

        Raises: ``PictureError`` and as :meth:`download`.
        """
        if attachment.kind == "pdf" and has_pages():
            data, count = await off_loop(page_of, await self._download(attachment), page)
            return data, [Remark("note-page", {"page": page, "count": count})] if count > 1 else []
        if attachment.kind not in (*MOVING, "pdf"):
            return await self._download(attachment), []
        shown = attachment.shown
        if shown is not None and shown.chosen:
            return await self._download(shown), [Remark("note-cover")]
        if has_video() and _can_be_played(attachment):
            try:
                return await off_loop(first_sharp, await self._download(attachment)), [Remark("note-sharp-frame")]
            except PictureError as error:
                log.info("no frame of a video can be read: %s", error)
        if shown is None:
            raise UnusablePicture(f"unusable-{attachment.kind}")
        key = "note-first-page-small" if attachment.kind == "pdf" else "note-small-frame"
        return await self._download(shown), [Remark(key)]

    async def _with_prepared(
        self, original: MediaRef, prepared: Prepared, author_id: int | None, *, same: bool
    ) -> InputPicture:
        sha256 = original.sha256 if same else await self._media.put(prepared.data)
        if sha256 == original.sha256:
            return InputPicture(media=original, author_id=author_id)
        media = MediaRef(
            sha256=sha256,
            mime=prepared.mime,
            size_bytes=len(prepared.data),
            width_px=prepared.width_px,
            height_px=prepared.height_px,
        )
        return InputPicture(media=media, original=original, author_id=author_id)

    async def _download(self, attachment: Attachment) -> bytes:
        if attachment.size_bytes is not None and attachment.size_bytes > DOWNLOAD_LIMIT_BYTES:
            raise UnusablePicture("file-too-big", limit_mb=DOWNLOAD_LIMIT_BYTES // 1_048_576)
        try:
            try:
                return await self._load(attachment)
            except BadRequest as error:
                if "temporarily unavailable" not in error.message.lower():
                    raise
                await asyncio.sleep(UNAVAILABLE_S)
                return await self._load(attachment)
        except BadRequest as error:
            # PTB lower-cases Telegram's texts (python-telegram-bot 22.8, TelegramError).
            if "too big" in error.message.lower():
                raise UnusablePicture("file-too-big", limit_mb=DOWNLOAD_LIMIT_BYTES // 1_048_576) from error
            raise UnusablePicture("file-gone") from error

    async def _load(self, attachment: Attachment) -> bytes:
        file = await self._bot.get_file(attachment.file_id)
        try:
            return bytes(await file.download_as_bytearray(read_timeout=READ_TIMEOUT_S))
        except InvalidToken as error:
            if not (file.file_path or "").startswith(f"{self._bot.base_file_url}//"):
                raise
            # With --local the server returns a path on its own disk, which contains the token, too (telegram-bot-api
            # README; tdlib/telegram-bot-api#381). PTB reads such a file by itself where it exists.
            log.error("%s", ELSEWHERE)
            raise UnusablePicture("file-elsewhere") from error


def look(data: bytes) -> tuple[PictureInfo, Prepared]:
    """Inspect a file, remove its metadata, and reduce it where it is too large. Raises: ``PictureError``."""
    info = inspect(data)
    return info, prepare(data, info, ACCEPTED, LONGEST_SIDE_PX, INLINE_LIMIT_BYTES)


def _can_be_played(attachment: Attachment) -> bool:
    """Return whether a file is a video that Telegram serves. Animated stickers are drawings that only clients draw."""
    too_large = (attachment.size_bytes or 0) > DOWNLOAD_LIMIT_BYTES
    return attachment.kind in MOVING and attachment.mime != LOTTIE and not too_large
