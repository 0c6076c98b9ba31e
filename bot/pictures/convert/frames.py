"""One picture of something that moves: the first sharp frame of a video. Imports PyAV if installed, Pillow, ``errors``
and ``threads``.

The first frames are often black, or blurred because the camera still moves. So some frames of the first seconds are
looked at, and the first one is taken that is about as sharp as the best of them. A stranger's file must keep neither a
thread nor the memory busy: only MP4, MOV, WebM and Matroska are read, few frames of them, and none above 4K.
"""

from __future__ import annotations

import importlib.util
import io
import time
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from bot.pictures.errors import DamagedPictureError, NotAPictureError, TooManyPixelsError
from bot.pictures.threads import room_for

if TYPE_CHECKING:
    from PIL import Image

MOST_FRAMES = 24
FIRST_S = 3.0
"""How many frames are looked at, of which span."""

MOST_DECODED = 300
LONGEST_WORK_S = 10.0
"""When no further frame is looked at, in frames that were decoded and in seconds of work."""

MOST_PIXELS = 4096 * 2304

ENOUGH = 0.6
"""How sharp the first sharp frame is at least, as a share of the sharpest."""

LOOKED_AT_PX = 320
"""Sharpness is measured on a small copy: noise of the sensor is no detail."""

_LAPLACIAN = (0, 1, 0, 1, -4, 1, 0, 1, 0)


def has_video() -> bool:
    """Return whether a video decoder is installed."""
    return importlib.util.find_spec("av") is not None


def first_sharp(data: bytes) -> bytes:
    """Return the first sharp frame of a video, upright, as a PNG. Raises: ``PictureError`` where none can be read."""
    import av

    # One demuxer by the first bytes: FFmpeg has others that open what a file names.
    kind = "mp4" if data[4:8] == b"ftyp" else "matroska" if data[:4] == b"\x1a\x45\xdf\xa3" else None
    if kind is None:
        raise NotAPictureError("no video that is read here", looks_like="video")
    try:
        with room_for(9 * MOST_PIXELS), av.open(io.BytesIO(data), "r", format=kind) as container:
            chosen = _chosen(_frames(container))
    except (av.FFmpegError, ValueError, IndexError) as error:
        raise DamagedPictureError(f"the video cannot be read: {type(error).__name__}") from error
    chosen.save(written := io.BytesIO(), "PNG", compress_level=1)
    return written.getvalue()


def _chosen(pictures: Iterator[Image.Image]) -> Image.Image:
    """Return the first of some pictures that is about as sharp as the sharpest.

    Two full frames are held at most, however many become sharper and sharper: a frame that is much sharper than the
    one that is held takes its place.
    """
    best, first, held = 0.0, 0.0, None
    for picture in pictures:
        sharpness = _sharpness(picture)
        best = max(best, sharpness)
        if held is None or first < ENOUGH * best:
            first, held = sharpness, picture
    if held is None:
        raise DamagedPictureError("the video has no frame that can be read")
    return held


def _frames(container: Any) -> Iterator[Image.Image]:
    """Yield frames of the first seconds, at about equal distances."""
    stream = container.streams.video[0]
    _check(stream.codec_context.width, stream.codec_context.height)
    stream.thread_count = 1
    until, next_s = time.monotonic() + LONGEST_WORK_S, 0.0
    for number, frame in enumerate(container.decode(stream)):
        at_s = float(frame.time or 0.0)
        if at_s > FIRST_S or number > MOST_DECODED or time.monotonic() > until:
            return
        if at_s >= next_s:
            next_s = at_s + FIRST_S / MOST_FRAMES
            _check(frame.width, frame.height)
            # Phones write how a film is to be turned, counter-clockwise (FFmpeg, av_display_rotation_get).
            yield frame.to_image().rotate(getattr(frame, "rotation", 0), expand=True)


def _check(width_px: int, height_px: int) -> None:
    if width_px * height_px > MOST_PIXELS:
        limit = MOST_PIXELS // 1_000_000
        raise TooManyPixelsError("large frames", width_px=width_px, height_px=height_px, limit_megapixels=limit)


def _sharpness(picture: Image.Image) -> float:
    """Return how much neighbouring pixels differ: the variance of the Laplacian of a small grey copy."""
    from PIL import ImageFilter, ImageStat

    small = picture.convert("L")
    small.thumbnail((LOOKED_AT_PX, LOOKED_AT_PX))
    return ImageStat.Stat(small.filter(ImageFilter.Kernel((3, 3), _LAPLACIAN, scale=1, offset=128))).var[0]
