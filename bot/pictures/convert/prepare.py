"""What goes to a provider: the same pixels without the person's metadata, in a kind that the provider takes.

Imports only what stands beside it. Re-encodes only when it must (turned by EXIF, a kind that is not taken, a side that
is too long), and says in ``notes`` whatever the person might miss.
"""

from __future__ import annotations

from dataclasses import replace

from bot.pictures.convert.prepared import Note, Prepared
from bot.pictures.formats import isobmff, jpeg, png, sniff, webp
from bot.pictures.formats.inspect import PictureInfo

_BOXED = frozenset({sniff.HEIC, sniff.HEIF, sniff.AVIF})
# Their structure has checksums, or marks all the way; of the others only a decoder can tell whether they are whole.
SHOWN_BY_STRUCTURE = frozenset({sniff.PNG, sniff.JPEG})


def prepare(
    data: bytes,
    info: PictureInfo,
    accepted: frozenset[str],
    max_side_px: int | None = None,
    most_bytes: int | None = None,
) -> Prepared:
    """Make a picture fit for whoever takes the MIME types in ``accepted``; ``info`` is what ``inspect`` said of it.

    A file of more than ``most_bytes`` becomes a JPEG, and a smaller picture, as far as half of ``max_side_px``.
    Preparing the result again changes nothing. Raises: ``PictureError``; ``ValueError`` when ``accepted`` names
    neither PNG nor JPEG nor WebP.
    """
    if info.preview:
        # The camera's own picture from its raw file goes on as the JPEG that it is.
        inner = replace(info, mime=sniff.JPEG, preview=None)
        prepared = prepare(data[slice(*info.preview)], inner, accepted, max_side_px, most_bytes)
        return replace(prepared, notes=(Note.RAW_PREVIEW, *prepared.notes))
    notes = [Note.FIRST_FRAME if info.animated else Note.FIRST_PAGE] if info.frames > 1 else []
    too_long = max_side_px is not None and max(info.width_px, info.height_px) > max_side_px
    clean = _without_metadata(data, info) if info.mime in accepted and not too_long else None
    if clean is not None and (most_bytes is None or len(clean) <= most_bytes):
        check(data, info)
        return Prepared(
            data=data if clean == data else clean,
            mime=info.mime,
            width_px=info.width_px,
            height_px=info.height_px,
            notes=tuple(notes),
        )
    from bot.pictures.convert.reencode import remade

    # What could go on but for its length becomes smaller as a JPEG only.
    made = remade(data, info, frozenset({sniff.JPEG}) if clean else accepted, max_side_px, most_bytes)
    return replace(made, notes=(*notes, *made.notes))


def check(data: bytes, info: PictureInfo) -> None:
    """See that a file can be decoded, where its structure does not show it. Raises: ``PictureError``."""
    if info.mime not in SHOWN_BY_STRUCTURE:
        from bot.pictures.convert import reencode

        reencode.check(data, info)


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
    if info.mime == sniff.JPEG:
        return jpeg.without_metadata(data)
    return None
