"""What a file holds: kind, displayed size, frames, transparency. Reads the structure and decodes no pixel.

Imports ``errors``, ``by_pillow``, ``gif``, ``jpeg``, ``jpeg_rows``, ``jpeg_structure``, ``png``, ``sniff``,
``structure``, ``webp`` and ``threads``. Finds all damage that the structure shows, so that no damaged file is sent and
paid for. The time is bounded, but some files take a tenth of a second of Python, so it runs in a thread
(``threads.glance``).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.pictures import threads
from bot.pictures.errors import DamagedPictureError, TooManyPixelsError
from bot.pictures.formats import gif, jpeg, jpeg_structure, png, sniff, webp
from bot.pictures.formats.structure import MAX_SIDE_PX, Layout

FULL_SIDE_PX = 4096
"""The longest side to decode; no model uses more."""

MOST_BYTES = 280_000_000
"""The most memory for decoding a picture to ``FULL_SIDE_PX``."""

_ENOUGH = 0.95
# The time of decoding grows with the pixels, twice as fast with alpha; a JPEG is reduced while it is decoded. Photos of
# phones pass, and a page scanned at 600 dots an inch (35 megapixels).
_MEGAPIXELS, _MEGAPIXELS_WITH_ALPHA = 36, 21
MOST_PNG_PX = 1_000_000 * _MEGAPIXELS
"""The most pixels of a PNG without alpha that is taken."""

_MEGAPIXELS_OF = {sniff.JPEG: 110, sniff.HEIC: 51, sniff.HEIF: 51}
_LAYOUTS: dict[str, Callable[[bytes], Layout]] = {
    sniff.PNG: png.layout,
    sniff.JPEG: jpeg.layout,
    sniff.WEBP: webp.layout,
    sniff.GIF: gif.layout,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureInfo:
    """What the structure of a picture file shows.

    ``width_px`` and ``height_px``: as displayed, with ``orientation`` (EXIF, 1 to 8) applied. ``frames`` includes the
    pages of a TIFF. ``alpha``: the file may be transparent. ``has_metadata``: the file holds data that the picture does
    not need, or lacks its end mark. ``preview``: offset and end of the JPEG in a camera's raw file. Decoding takes
    ``pixel_bytes`` of memory for each pixel of the result, and ``decoder_bytes`` in addition. ``halved_above_px``: with
    more pixels it is halved while it is decoded, because it takes longer than usual for its kind.
    """

    mime: str
    size_bytes: int
    width_px: int
    height_px: int
    orientation: int
    frames: int
    animated: bool
    alpha: bool
    has_metadata: bool
    pixel_bytes: int = 4
    decoder_bytes: int = 0
    preview: tuple[int, int] | None = None
    halved_above_px: int | None = None

    @property
    def coded_mime(self) -> str:
        """Return the MIME type of the data to decode."""
        return sniff.JPEG if self.preview else self.mime

    def reduction(self, longest_px: int | None) -> int:
        """Return the factor by which a picture is reduced while it is decoded to about ``longest_px``.

        Only JPEGs can be reduced: by 2, 4 or 8.
        """
        if longest_px is None or self.coded_mime != sniff.JPEG:
            return 1
        least_px = _ENOUGH * longest_px
        by = next(by for by in (8, 4, 2, 1) if by == 1 or max(self.width_px, self.height_px) >= by * least_px)
        is_slow = self.halved_above_px is not None and self.width_px * self.height_px > self.halved_above_px
        return max(by, 2) if is_slow else by

    def decoded_bytes(self, longest_px: int | None) -> int:
        """Return the memory for decoding a picture to at most ``longest_px``."""
        by = self.reduction(longest_px)
        return self.decoder_bytes + self.pixel_bytes * -(-self.width_px // by) * -(-self.height_px // by)


def inspect(data: bytes) -> PictureInfo:
    """Read the structure of a file without decoding it.

    Raises: ``NotAPictureError``, ``UnsupportedPictureError``, ``CameraRawError``, ``TruncatedPictureError``,
    ``DamagedPictureError``, ``TooManyPartsError``, ``TooManyPixelsError``.
    """
    mime = sniff.sniff(data)
    layout = _layout(data, mime)
    width, height = layout.width_px, layout.height_px
    if not width or not height:
        raise DamagedPictureError("the picture has no size")
    if layout.orientation >= 5:
        width, height = height, width
    info = PictureInfo(
        mime=mime,
        size_bytes=len(data),
        width_px=width,
        height_px=height,
        orientation=layout.orientation,
        frames=layout.frames,
        animated=layout.frames > 1 and mime != sniff.TIFF,
        alpha=layout.alpha,
        has_metadata=layout.has_metadata,
        pixel_bytes=layout.pixel_bytes,
        decoder_bytes=layout.decoder_bytes,
        preview=layout.preview,
        halved_above_px=layout.halved_above_px,
    )
    _check_size(info, layout.most_megapixels)
    if not layout.ended:
        # Rare: some cameras write a trailer there, some programs stop too early.
        from bot.pictures.formats import jpeg_rows

        jpeg_rows.check(jpeg_structure.structure(data))
    return info


def _check_size(info: PictureInfo, most_megapixels: int | None) -> None:
    pixels, taken_bytes = info.width_px * info.height_px, info.decoded_bytes(FULL_SIDE_PX)
    most_bytes = min(MOST_BYTES, threads.budget.size_bytes)
    usual = _MEGAPIXELS_OF.get(info.coded_mime, _MEGAPIXELS_WITH_ALPHA if info.alpha else _MEGAPIXELS)
    most_pixels = 1_000_000 * (most_megapixels or usual)
    if pixels <= most_pixels and taken_bytes <= most_bytes and max(info.width_px, info.height_px) <= MAX_SIDE_PX:
        return
    limit = min(most_pixels, pixels * most_bytes // taken_bytes)
    raise TooManyPixelsError(
        f"{info.width_px} x {info.height_px} pixels, {taken_bytes} bytes",
        width_px=info.width_px,
        height_px=info.height_px,
        limit_megapixels=max(1, limit // 1_000_000),
    )


def _layout(data: bytes, mime: str) -> Layout:
    if mime in _LAYOUTS:
        return _LAYOUTS[mime](data)
    # Imported here, since phones and models rarely send these kinds.
    from bot.pictures.formats import by_pillow

    return by_pillow.layout(data, mime)
