"""A picture made anew from its pixels: for whoever takes no other kind, and small.

Imports only what stands beside it and Pillow. Called by ``prepare`` when the coded picture cannot go on as it came, and
by whatever draws.
"""

from __future__ import annotations

from collections.abc import Iterable

from PIL import Image

from bot.pictures import jpeg, sniff
from bot.pictures.decode import decode
from bot.pictures.encode import encode, is_graphic, on_white, opaque_if_it_is, turned_jpeg
from bot.pictures.errors import DamagedPictureError
from bot.pictures.inspect import PictureInfo, inspect
from bot.pictures.prepare import Note, Prepared

_WEBP_MAX_SIDE_PX = 16_383


def remade(
    data: bytes, info: PictureInfo, accepted: frozenset[str], shrunk_to_px: int | None, noted: Iterable[Note]
) -> Prepared:
    """Encode a picture anew, its longer side ``shrunk_to_px`` where that is given; ``noted`` comes first in its notes.

    Raises: like ``prepare``.
    """
    notes = list(noted)
    picture = opaque_if_it_is(decode(data, info.mime, info.orientation, at_least_px=shrunk_to_px))
    if shrunk_to_px is not None:
        notes.append(Note.SHRUNK)
        picture = _shrunk(picture, shrunk_to_px)
    mime = _target(picture, info, accepted)
    if mime != info.mime:
        notes.append(Note.CONVERTED)
    if mime == sniff.JPEG and picture.mode in ("LA", "RGBA"):
        notes.append(Note.FLATTENED)
        picture = on_white(picture)
    encoded = None
    if info.mime == mime == sniff.JPEG and shrunk_to_px is None and jpeg.components(data) != jpeg.CMYK:
        encoded = turned_jpeg(data, picture, info.orientation)
    return Prepared(
        data=encoded or encode(picture, mime),
        mime=mime,
        width_px=picture.width,
        height_px=picture.height,
        notes=tuple(notes),
    )


def thumbnail(data: bytes, side_px: int) -> bytes:
    """Return a small JPEG of a picture of any kind, its longer side at most ``side_px``. Raises: ``PictureError``."""
    return encode(small(data, side_px), sniff.JPEG)


def small(data: bytes, side_px: int) -> Image.Image:
    """Return a picture of any kind upright, opaque and at most ``side_px`` long. Raises: ``PictureError``."""
    info = inspect(data)
    return _shrunk(on_white(decode(data, info.mime, info.orientation, at_least_px=side_px)), side_px)


def is_transparent(data: bytes, info: PictureInfo) -> bool:
    """Return whether any pixel lets the ground through; decodes only files that can. Raises: ``PictureError``."""
    return info.alpha and opaque_if_it_is(decode(data, info.mime, info.orientation)).mode in ("LA", "RGBA")


def _target(picture: Image.Image, info: PictureInfo, accepted: frozenset[str]) -> str:
    exact = (
        picture.mode in ("LA", "RGBA") or info.mime == sniff.PNG or (info.mime != sniff.JPEG and is_graphic(picture))
    )
    order = (sniff.PNG, sniff.WEBP, sniff.JPEG) if exact else (sniff.JPEG, sniff.PNG, sniff.WEBP)
    for mime in order:
        if mime in accepted and (mime != sniff.WEBP or max(picture.size) <= _WEBP_MAX_SIDE_PX):
            return mime
    raise ValueError("a provider must take PNG, JPEG or WebP")


def _shrunk(picture: Image.Image, side_px: int) -> Image.Image:
    scale = side_px / max(picture.size)
    if scale >= 1:
        return picture
    size = (max(1, round(picture.width * scale)), max(1, round(picture.height * scale)))
    if min(picture.size) < 1:
        raise DamagedPictureError("the picture has no size")
    result = picture.resize(size, Image.Resampling.LANCZOS, reducing_gap=3.0)
    result.info = picture.info
    return result
