"""What goes to a provider: the same pixels without the person's metadata, in a kind that the provider takes.

Imports only what stands beside it and Pillow. Re-encodes only when it must (turned by EXIF, a kind that is not taken,
a side that is too long), and says in ``notes`` whatever the person might miss.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from PIL import Image

from bot.pictures import isobmff, jpeg, png, sniff, webp
from bot.pictures.decode import decode
from bot.pictures.encode import encode, is_graphic, on_white, opaque_if_it_is, turned_jpeg
from bot.pictures.errors import DamagedPictureError
from bot.pictures.inspect import PictureInfo, inspect

_BOXED = frozenset({sniff.HEIC, sniff.HEIF, sniff.AVIF})
_CMYK_COMPONENTS = 4
_WEBP_MAX_SIDE_PX = 16_383


class Note(StrEnum):
    """What happened on the way, by the key of the text that tells it."""

    FIRST_FRAME = "note-first-frame"
    FIRST_PAGE = "note-first-page"
    CONVERTED = "note-converted"
    SHRUNK = "note-shrunk"
    FLATTENED = "note-flattened"


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepared:
    """A picture fit to be sent on; ``notes`` in the order in which things happened."""

    data: bytes = field(repr=False)
    mime: str
    width_px: int
    height_px: int
    notes: tuple[Note, ...] = ()


def prepare(data: bytes, info: PictureInfo, accepted: frozenset[str], max_side_px: int | None = None) -> Prepared:
    """Make a picture fit for whoever takes the MIME types in ``accepted``; ``info`` is what ``inspect`` said of it.

    Preparing the result again changes nothing. Raises: ``PictureError``; ``ValueError`` when ``accepted`` names
    neither PNG nor JPEG nor WebP.
    """
    notes = [Note.FIRST_FRAME if info.animated else Note.FIRST_PAGE] if info.frames > 1 else []
    too_long = max_side_px is not None and max(info.width_px, info.height_px) > max_side_px
    if not too_long and info.mime in accepted:
        clean = _without_metadata(data, info)
        if clean is not None:
            return Prepared(
                data=data if clean == data else clean,
                mime=info.mime,
                width_px=info.width_px,
                height_px=info.height_px,
                notes=tuple(notes),
            )
    picture = opaque_if_it_is(decode(data, info.mime, info.orientation, at_least_px=max_side_px))
    if max_side_px is not None and too_long:
        notes.append(Note.SHRUNK)
        picture = _shrunk(picture, max_side_px)
    mime = _target(picture, info, accepted)
    if mime != info.mime:
        notes.append(Note.CONVERTED)
    if mime == sniff.JPEG and picture.mode in ("LA", "RGBA"):
        notes.append(Note.FLATTENED)
        picture = on_white(picture)
    encoded = None
    if info.mime == mime == sniff.JPEG and not too_long and jpeg.components(data) != _CMYK_COMPONENTS:
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


def _without_metadata(data: bytes, info: PictureInfo) -> bytes | None:
    """Return the same coded picture without metadata, or None where only re-encoding gives that."""
    if info.mime in _BOXED:
        # These carry their turn outside of EXIF, so it stays.
        return isobmff.without_metadata(data) if info.frames == 1 else None
    if info.orientation != 1:
        return None
    if info.mime == sniff.PNG:
        return png.without_metadata(data)
    if info.mime == sniff.WEBP and info.frames == 1:
        return webp.without_metadata(data)
    if info.mime == sniff.JPEG and jpeg.components(data) != _CMYK_COMPONENTS:
        return jpeg.without_metadata(data)
    return None


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
