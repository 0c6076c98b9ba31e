"""Bytes to pixels, after ``inspect``: the first frame, in the wanted size, in one of four modes.

Imports Pillow, ``modes``, ``scale`` and ``formats``. Only the decoder that the magic bytes name gets the file, without
metadata and further frames, since readers parse those in Python. There is never a second copy of the decoded picture:
it is converted and scaled strip by strip.
"""

from __future__ import annotations

from collections.abc import Callable

from PIL import Image

from bot.pictures.convert.modes import PLAIN, as_it_is, converter
from bot.pictures.convert.scale import Strips, scaled
from bot.pictures.formats import gif, jpeg_structure, png, sniff, tiff, webp
from bot.pictures.formats.inspect import PictureInfo
from bot.pictures.formats.openers import faults_named, heif_library, opened

_NEEDED: dict[str, Callable[[bytes], bytes]] = {
    sniff.PNG: png.without_metadata,
    sniff.JPEG: lambda data: jpeg_structure.structure(data).whole,
    sniff.WEBP: webp.first_frame,
    sniff.GIF: gif.first_frame,
    sniff.TIFF: tiff.first_page,
}
# These store their orientation outside of EXIF, and their reader applies it.
_BOXED = frozenset({sniff.HEIC, sniff.HEIF})
_UPRIGHT = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def decode(data: bytes, info: PictureInfo, longest_px: int | None = None) -> Image.Image:
    """Return the first frame, upright, in mode L, LA, RGB or RGBA, its longer side at most ``longest_px``.

    ``info``: the result of ``inspect``. The result's own ``info`` has at most ``icc_profile``. Takes
    ``info.decoded_bytes(longest_px)`` of memory and that of the result; the caller holds room for both (``threads``).
    Raises: ``PictureError``.
    """
    with faults_named():
        strips = _strips(data, info, longest_px)
        picture = scaled(strips, longest_px)
        if info.orientation in _UPRIGHT and info.coded_mime not in _BOXED:
            picture = picture.transpose(_UPRIGHT[info.orientation])
        fits = strips.profile and strips.profile[16:20] == (b"GRAY" if picture.mode in ("L", "LA") else b"RGB ")
        picture.info = {"icc_profile": strips.profile} if fits else {}
        return picture


def check(data: bytes, info: PictureInfo) -> None:
    """Check a file by decoding it. Takes ``info.decoded_bytes(None)`` of memory. Raises: ``PictureError``."""
    with faults_named():
        _strips(data, info, None)


def _strips(data: bytes, info: PictureInfo, longest_px: int | None) -> Strips:
    mime = info.coded_mime
    if info.preview:
        data = data[slice(*info.preview)]
    if mime in _BOXED:
        return _boxed_strips(data)
    # There is nothing left to remove, so a walk through 20 MB of coded data is saved.
    clean = info.mime == sniff.JPEG and not info.has_metadata
    picture = opened(_NEEDED[mime](data) if mime in _NEEDED and not clean else data, mime)
    if (by := info.reduction(longest_px)) > 1:
        picture.draft(None, (max(1, picture.width // by), max(1, picture.height // by)))
    profile = picture.info.get("icc_profile")
    picture.load()
    plain = converter(picture, profile)

    def cut(top: int, bottom: int) -> Image.Image:
        return plain(picture.crop((0, top, picture.width, bottom)))

    # The readers of these kinds keep their buffer as long as the picture lives.
    kept = mime in (sniff.WEBP, sniff.AVIF)
    return Strips(
        size=picture.size, profile=profile, cut=cut, whole=picture if plain is as_it_is and not kept else None
    )


def _boxed_strips(data: bytes) -> Strips:
    """Return a HEIC's pixels from the library's own buffer, without the copy of the Pillow plugin."""
    file = heif_library().open_heif(data, convert_hdr_to_8bit=True, remove_stride=False)
    picture = file[file.primary_index]
    # In this order: decoding corrects the size.
    pixels, (width, height), stride, mode = picture.data, picture.size, picture.stride, picture.mode

    def cut(top: int, bottom: int) -> Image.Image:
        rows = pixels[top * stride : bottom * stride]
        strip = Image.frombuffer(mode, (width, bottom - top), rows, "raw", mode, stride, 1)
        return strip if mode in PLAIN else strip.convert("RGBA" if mode == "RGBa" else "RGB")

    return Strips(size=(width, height), profile=picture.info.get("icc_profile"), cut=cut)
