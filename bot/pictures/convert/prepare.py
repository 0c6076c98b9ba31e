"""Prepares a picture for a provider: the same pixels without metadata, in a kind that the provider takes.

Imports ``prepared``, ``reencode`` and ``formats``. Re-encodes only if needed (turned by EXIF, an unsupported kind, a
side that is too long), and reports visible changes in ``changes``.
"""

from __future__ import annotations

from dataclasses import replace

from bot.pictures.convert.prepared import Change, Prepared
from bot.pictures.formats import isobmff, jpeg, png, sniff, webp
from bot.pictures.formats.inspect import PictureInfo

_BOXED = frozenset({sniff.HEIC, sniff.HEIF, sniff.AVIF})
# Their structure shows damage by checksums or marks; other kinds must be decoded to be checked.
SHOWN_BY_STRUCTURE = frozenset({sniff.PNG, sniff.JPEG})


def prepare(
    data: bytes,
    info: PictureInfo,
    accepted: frozenset[str],
    max_side_px: int | None = None,
    most_bytes: int | None = None,
) -> Prepared:
    """Convert a picture to one of the MIME types in ``accepted``; ``info``: the result of ``inspect``.

    A file of more than ``most_bytes`` becomes a JPEG and is scaled down, at most to half of ``max_side_px``.
    Preparing the result again changes nothing. Raises: ``PictureError``; ``ValueError`` when ``accepted`` names
    neither PNG nor JPEG nor WebP.
    """
    if info.preview:
        # The preview of a raw file is used as it is, a JPEG.
        inner = replace(info, mime=sniff.JPEG, preview=None)
        prepared = prepare(data[slice(*info.preview)], inner, accepted, max_side_px, most_bytes)
        return replace(prepared, changes=(Change.RAW_PREVIEW, *prepared.changes))
    changes = [Change.FIRST_FRAME if info.animated else Change.FIRST_PAGE] if info.frames > 1 else []
    too_long = max_side_px is not None and max(info.width_px, info.height_px) > max_side_px
    clean = _without_metadata(data, info) if info.mime in accepted and not too_long else None
    if clean is not None and (most_bytes is None or len(clean) <= most_bytes):
        check(data, info)
        return Prepared(
            data=data if clean == data else clean,
            mime=info.mime,
            width_px=info.width_px,
            height_px=info.height_px,
            changes=tuple(changes),
        )
    from bot.pictures.convert.reencode import remade

    # A picture that is only too large becomes a JPEG, unless it may be transparent.
    opaque = clean is not None and not info.alpha
    made = remade(data, info, frozenset({sniff.JPEG}) if opaque else accepted, max_side_px, most_bytes)
    return replace(made, changes=(*changes, *made.changes))


def check(data: bytes, info: PictureInfo) -> None:
    """Check a file by decoding it, if its structure does not show damage. Raises: ``PictureError``."""
    if info.mime not in SHOWN_BY_STRUCTURE:
        from bot.pictures.convert import reencode

        reencode.check(data, info)


def _without_metadata(data: bytes, info: PictureInfo) -> bytes | None:
    """Return the same coded picture without metadata, None if it must be re-encoded for that."""
    if info.mime in _BOXED:
        # These store their orientation outside of EXIF, so it stays.
        return isobmff.without_metadata(data) if info.frames == 1 else None
    if info.orientation != 1:
        return None
    if info.mime == sniff.PNG:
        return png.without_metadata(data)
    if info.mime == sniff.WEBP and info.frames == 1:
        return webp.without_metadata(data)
    if info.mime == sniff.JPEG:
        return jpeg.without_metadata(data)
    return None
