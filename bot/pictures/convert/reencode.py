"""Re-encodes pictures from their pixels: in another kind, smaller, or upright.

Imports Pillow, ``decode``, ``encode``, ``modes``, ``prepared``, ``scale``, ``formats`` and ``threads``. Called by
``prepare`` if the coded picture cannot be used as it is, and by code that draws. Holds room (``threads.room_for``) for
each picture that it decodes.
"""

from __future__ import annotations

from PIL import Image

from bot.pictures.convert import decode
from bot.pictures.convert.encode import encode, is_graphic, on_white, opaque_if_it_is, turned_jpeg
from bot.pictures.convert.modes import ALPHA, is_opaque
from bot.pictures.convert.prepared import Change, Prepared
from bot.pictures.convert.scale import shrunk, size_within
from bot.pictures.formats import jpeg_structure, sniff
from bot.pictures.formats.inspect import PictureInfo, inspect
from bot.pictures.threads import room_for

_WEBP_MAX_SIDE_PX = 16_383
_JPEG_ALONE = frozenset({sniff.JPEG})
_WITH_ALPHA = frozenset({sniff.PNG, sniff.WEBP})
# The shares of the longest side to try if a file is too large.
_SHARES = (1.0, 0.75, 0.5)
# With fewer pixels a file shrinks a little less than the number of pixels does.
_GUESS = 0.9
# A turned or opaque copy, and the resulting file.
_MADE_BYTES = 4 + 4 + 3


def remade(
    data: bytes, info: PictureInfo, accepted: frozenset[str], longest_px: int | None, most_bytes: int | None
) -> Prepared:
    """Encode a picture anew, its longer side at most ``longest_px``.

    A result above ``most_bytes`` becomes a JPEG, and then a smaller one, down to half of ``longest_px``; a transparent
    one first a smaller one that stays transparent. Raises: like ``prepare``.
    """
    with room_for(room_bytes(info, longest_px)):
        picture = opaque_if_it_is(decode.decode(data, info, longest_px))
        made = _encoded(picture, data, info, accepted)
        full_px = longest_px or max(picture.size)
        if picture.mode in ALPHA and most_bytes is not None and len(made.data) > most_bytes:
            made = _still_transparent(picture, data, info, accepted & _WITH_ALPHA, most_bytes) or made
        for share in _SHARES:
            if most_bytes is None or len(made.data) <= most_bytes:
                break
            size = size_within(picture.size, round(full_px * share))
            guessed_bytes = _GUESS * len(made.data) * size[0] * size[1] / (made.width_px * made.height_px)
            if share == _SHARES[-1] or made.mime != sniff.JPEG or guessed_bytes <= most_bytes:
                picture = shrunk(picture, max(size))
                made = _encoded(picture, data, info, _JPEG_ALONE)
        return made


def _still_transparent(
    picture: Image.Image, data: bytes, info: PictureInfo, accepted: frozenset[str], most_bytes: int
) -> Prepared | None:
    """Return a transparent picture smaller, down to half its sides; None where that does not fit either."""
    for share in _SHARES[1:] if accepted else ():
        made = _encoded(shrunk(picture, round(max(picture.size) * share)), data, info, accepted)
        if len(made.data) <= most_bytes:
            return made
    return None


def thumbnail(data: bytes, side_px: int) -> bytes:
    """Return a small JPEG of a picture of any kind, its longer side at most ``side_px``. Raises: ``PictureError``."""
    return encode(small(data, side_px), sniff.JPEG)


def is_transparent(data: bytes, info: PictureInfo) -> bool:
    """Return whether any pixel of a picture with alpha is transparent. Raises: ``PictureError``."""
    with room_for(room_bytes(info, None)):
        picture = decode.decode(data, info)
        return picture.mode in ALPHA and not is_opaque(picture)


def small(data: bytes, side_px: int) -> Image.Image:
    """Return a picture of any kind upright, opaque and at most ``side_px`` long. Raises: ``PictureError``."""
    info = inspect(data)
    with room_for(room_bytes(info, side_px)):
        return on_white(decode.decode(data, info, side_px))


def check(data: bytes, info: PictureInfo) -> None:
    """Check a file by decoding it. Raises: ``PictureError``."""
    with room_for(info.decoded_bytes(None)):
        decode.check(data, info)


def room_bytes(info: PictureInfo, longest_px: int | None) -> int:
    """Return the memory for decoding and re-encoding a picture, without the file itself."""
    width, height = size_within((info.width_px, info.height_px), longest_px)
    return max(info.decoded_bytes(longest_px) + 4 * width * height, _MADE_BYTES * width * height)


def _encoded(picture: Image.Image, data: bytes, info: PictureInfo, accepted: frozenset[str]) -> Prepared:
    mime = _target(picture, info, accepted)
    changes = []
    whole = max(picture.size) == max(info.width_px, info.height_px)
    if not whole:
        changes.append(Change.SHRUNK)
    if mime != info.mime:
        changes.append(Change.CONVERTED)
    if mime == sniff.JPEG and picture.mode in ("LA", "RGBA"):
        changes.append(Change.FLATTENED)
        picture = on_white(picture)
    encoded = None
    if info.mime == mime == sniff.JPEG and whole:
        found = jpeg_structure.structure(data)
        if found.components != jpeg_structure.CMYK:
            encoded = turned_jpeg(found.whole, picture, info.orientation)
    return Prepared(
        data=encoded or encode(picture, mime),
        mime=mime,
        width_px=picture.width,
        height_px=picture.height,
        changes=tuple(changes),
    )


def _target(picture: Image.Image, info: PictureInfo, accepted: frozenset[str]) -> str:
    exact = (
        picture.mode in ("LA", "RGBA") or info.mime == sniff.PNG or (info.mime != sniff.JPEG and is_graphic(picture))
    )
    order = (sniff.PNG, sniff.WEBP, sniff.JPEG) if exact else (sniff.JPEG, sniff.PNG, sniff.WEBP)
    for mime in order:
        if mime in accepted and (mime != sniff.WEBP or max(picture.size) <= _WEBP_MAX_SIDE_PX):
            return mime
    raise ValueError("a provider must take PNG, JPEG or WebP")
