"""The steps of a picture as an animation: each fades into the next, with its words below.

Imports ``values``, ``film``, ``canvas``, ``lettering`` and ``reencode`` and Pillow. Pictures of another shape than the
last one get a blurred copy of themselves as background.
"""

from __future__ import annotations

import math

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot.pictures.boards import canvas
from bot.pictures.boards.film import FRAMES_PER_S, Gif, Mp4, has_video
from bot.pictures.boards.lettering import lettering, wrapped
from bot.pictures.boards.values import Animation, Frame
from bot.pictures.convert.reencode import small

_SIDE_PX, _GIF_SIDE_PX = 1080, 720
_GIF_MOST_BYTES, _GIF_BYTES_PER_PX = 12_000_000, 1.3
_LONGEST_S, _STEP_S, _SHORTEST_STEP_S, _LAST_S = 60.0, 1.8, 0.5, 2.4
_FADE_S = 0.4


class Timelapse:
    """Implements :func:`bot.pictures.boards.draw.timelapse`."""

    def __init__(self, steps: int, last_px: tuple[int, int]) -> None:
        self._steps = max(1, steps)
        self._step_s = min(_STEP_S, max(_SHORTEST_STEP_S, _LONGEST_S / self._steps))
        self._size = _size(last_px, _SIDE_PX if has_video() else _gif_side(self._steps))
        self._encoder: Mp4 | Gif = Mp4(self._size) if has_video() else Gif()
        self._added = 0
        self._before: Image.Image | None = None

    def add(self, frame: Frame) -> None:
        """Fade into the next step, with its words and a progress bar."""
        self._added += 1
        still = _onto(small(frame.data, max(self._size)).convert("RGB"), self._size)
        _write(still, frame.caption)
        _mark_progress(still, self._added / self._steps)
        if self._before is not None:
            self._flow(self._before, still)
        self._before = still

    def end(self) -> Animation:
        """Hold the last step for a while and return the film."""
        if self._before is None:
            raise ValueError("a way without steps cannot be shown")
        self._encoder.show(self._before, _LAST_S)
        return self._encoder.end()

    def close(self) -> None:
        """Release the encoder."""
        self._encoder.close()

    def _flow(self, before: Image.Image, still: Image.Image) -> None:
        if isinstance(self._encoder, Gif):
            self._encoder.show(before, self._step_s)
            return
        fade = max(2, round(min(_FADE_S, self._step_s / 3) * FRAMES_PER_S))
        self._encoder.show(before, self._step_s - fade / FRAMES_PER_S)
        for number in range(1, fade):
            # Slow at both ends, which is easier to follow.
            t = number / fade
            self._encoder.show(Image.blend(before, still, t * t * (3 - 2 * t)), 1 / FRAMES_PER_S)


def _gif_side(steps: int) -> int:
    """Return the longer side at which this many steps, even of noise, load quickly."""
    pixels = _GIF_MOST_BYTES / _GIF_BYTES_PER_PX / steps
    return min(_GIF_SIDE_PX, math.isqrt(round(pixels)))


def _size(last_px: tuple[int, int], side_px: int) -> tuple[int, int]:
    """Return the size of all steps: that of the last picture, with even sides, which H.264 requires."""
    scale = min(1.0, side_px / max(last_px))
    width, height = (max(16, round(side * scale) // 2 * 2) for side in last_px)
    return width, height


def _onto(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if abs(picture.width / picture.height - size[0] / size[1]) < 0.02:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    ground = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(max(size) / 30))
    ground = ImageEnhance.Brightness(ground).enhance(0.55)
    inner = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    ground.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return ground


def _write(still: Image.Image, caption: str) -> None:
    """Write a caption at the bottom of a picture, on a gradient shade."""
    px = max(13, round(min(still.size) * 0.04))
    shown, face = lettering(caption, px, bold=True)
    lines = wrapped(shown, face, still.width - 3 * px, 2)
    if not lines:
        return
    text_height = len(lines) * canvas.line_height(px)
    height = min(still.height, round(text_height + px * 3.4))
    shade = Image.linear_gradient("L").resize((still.width, height)).point(lambda value: value * 3 // 4)
    still.paste((0, 0, 0), (0, still.height - height), shade)
    draw = ImageDraw.Draw(still)
    for number, line in enumerate(lines):
        top = still.height - text_height - px * 1.3 + number * canvas.line_height(px)
        draw.text((still.width / 2, top), line, canvas.WHITE, face, anchor="ma")


def _mark_progress(still: Image.Image, share: float) -> None:
    height = max(3, round(min(still.size) * 0.007))
    ImageDraw.Draw(still).rectangle(
        (0, still.height - height, max(1, round(still.width * share)) - 1, still.height - 1), canvas.ACCENT
    )
