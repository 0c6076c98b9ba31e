"""Downloads an attachment and stores it: the original, and a prepared copy for the providers.

Imports PTB, ``parts``, ``pictures``, ``events`` and ``storage``. Never decodes a file before ``inspect`` has accepted
it, never downloads a file that is too large, and never shows a file path of Telegram, because it contains the token.
"""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass, replace

from telegram import Bot
from telegram.error import BadRequest, InvalidToken

from bot.chat.events import Attachment
from bot.chat.updates.parts import DOWNLOAD_LIMIT_BYTES
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


class UnusablePicture(Exception):
    """A picture cannot be used. ``key`` and ``values``: the text that says why."""

    def __init__(self, key: str, **values: str | int) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


@dataclass(frozen=True, slots=True, kw_only=True)
class Downloaded:
    """A stored picture. ``changes``: keys of texts about what was changed."""

    picture: InputPicture
    changes: tuple[str, ...] = ()


class Downloader:
    """Downloads pictures from Telegram into the media store."""

    def __init__(self, bot: Bot, media: Media) -> None:
        self._bot = bot
        self._media = media

    async def download(self, attachment: Attachment, author_id: int | None) -> Downloaded:
        """Download an attachment and store it. ``author_id``: its sender; None where that is unknown.

        Raises: :class:`UnusablePicture`, and PTB's errors when Telegram can't be reached.
        """
        data = await self._download(attachment)
        try:
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
        fetched = await self._with_prepared(original, prepared, author_id, same=prepared.data is data)
        return replace(fetched, picture=replace(fetched.picture, covered=attachment.covered))

    async def _with_prepared(
        self, original: MediaRef, prepared: Prepared, author_id: int | None, *, same: bool
    ) -> Downloaded:
        sha256 = original.sha256 if same else await self._media.put(prepared.data)
        if sha256 == original.sha256:
            return Downloaded(
                picture=InputPicture(media=original, author_id=author_id), changes=tuple(prepared.changes)
            )
        media = MediaRef(
            sha256=sha256,
            mime=prepared.mime,
            size_bytes=len(prepared.data),
            width_px=prepared.width_px,
            height_px=prepared.height_px,
        )
        picture = InputPicture(media=media, original=original, author_id=author_id)
        return Downloaded(picture=picture, changes=tuple(prepared.changes))

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
