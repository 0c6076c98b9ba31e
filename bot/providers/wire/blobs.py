"""Checks the pictures of answers with ``bot.pictures``.

Imports ``bot.pictures``, ``base``, ``bulk`` and ``errors``. A provider's file is checked like a person's: by its bytes,
not by a declared type, and it is not decoded before its size is known.
"""

from __future__ import annotations

from urllib.parse import unquote_to_bytes

from bot.pictures.convert.prepare import SHOWN_BY_STRUCTURE, check
from bot.pictures.errors import NotAPictureError, PictureError, TooManyPixelsError, UnsupportedPictureError
from bot.pictures.formats import jpeg, png, sniff
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import glance, off_loop
from bot.providers.base import Blob
from bot.providers.errors import DamagedPicture, NotAPicture, PictureTooLarge
from bot.providers.wire.bulk import decode_base64, in_thread

# Repairs of small faults that only stricter readers refuse.
_MENDED = {sniff.JPEG: jpeg.ended, sniff.PNG: png.mended}


async def blob_of(data: bytes) -> Blob:
    """Return ``data`` with its real type, after a check of its structure, or of its pixels if that shows little.

    Raises: ``NotAPicture``, ``DamagedPicture``, ``PictureTooLarge``.
    """
    try:
        info = await glance(inspect, data)
        if info.mime not in SHOWN_BY_STRUCTURE:
            await off_loop(check, data, info)
        if info.has_metadata and (mend := _MENDED.get(info.mime)) is not None:
            data = await glance(mend, data)
    except (NotAPictureError, UnsupportedPictureError) as error:
        raise NotAPicture(owner_text=str(error)) from error
    except TooManyPixelsError as error:
        raise PictureTooLarge(owner_text=str(error)) from error
    except PictureError as error:
        raise DamagedPicture(owner_text=str(error)) from error
    return Blob(mime=info.mime, data=data)


async def blob_of_base64(text: object) -> Blob:
    """Return the picture that ``text`` holds as base64. Raises: like :func:`blob_of`."""
    if not isinstance(text, str) or not text:
        raise DamagedPicture(owner_text="no base64 where a picture should be")
    return await blob_of(await in_thread(len(text), decode_base64, text))


async def blob_of_data_uri(uri: str) -> Blob:
    """Return the picture of a ``data:`` URI. Raises: like :func:`blob_of`."""
    head, _, payload = uri.partition(",")
    if head[-7:].lower() == ";base64":
        return await blob_of(await in_thread(len(payload), _unquoted, payload))
    return await blob_of(unquote_to_bytes(payload))


def _unquoted(payload: str) -> bytes:
    return decode_base64(unquote_to_bytes(payload).decode("latin-1"))
