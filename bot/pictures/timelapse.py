"""The way of a picture as an animation: each step for a while, flowing into the next, with its words below.

Imports ``boards``, ``film``, ``canvas``, ``lettering`` and ``remake`` beside it and Pillow. Pictures of another shape
than the last one stand before a blurred copy of themselves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from bot.pictures import canvas
from bot.pictures.boards import Animation, Frame
from bot.pictures.film import FRAMES_PER_S, gif, has_video, mp4
from bot.pictures.lettering import lettering, wrapped
from bot.pictures.remake import small

_SIDE_PX = 1080
_GIF_SIDES_PX = (720, 540, 400, 280)
_GIF_MOST_BYTES = 12_000_000
_LONGEST_S, _STEP_S, _SHORTEST_STEP_S, _LAST_S = 60.0, 1.8, 0.5, 2.4
_FADE_S = 0.4


def timelapse(frames: Sequence[Frame]) -> Animation:
    """Make what :func:`bot.pictures.boards.timelapse` promises."""
    if not frames:
        raise ValueError("a way without steps cannot be shown")
    step_s = min(_STEP_S, max(_SHORTEST_STEP_S, _LONGEST_S / len(frames)))
    if has_video():
        size = _size(frames[-1], _SIDE_PX)
        return mp4(_moving(_stills(frames, size), step_s), size)
    for side_px in _GIF_SIDES_PX:
        seconds = [step_s] * (len(frames) - 1) + [_LAST_S]
        animation = gif(_stills(frames, _size(frames[-1], side_px)), seconds)
        if len(animation.data) <= _GIF_MOST_BYTES:
            break
    return animation


def _moving(stills: Iterable[Image.Image], step_s: float) -> Iterator[tuple[Image.Image, int]]:
    """Yield pictures and for how many frames each stands."""
    fade = max(2, round(min(_FADE_S, step_s / 3) * FRAMES_PER_S))
    hold = max(1, round(step_s * FRAMES_PER_S) - fade)
    before: Image.Image | None = None
    for still in stills:
        if before:
            yield before, hold
            for number in range(1, fade):
                # Slow at both ends, so that the eye follows.
                t = number / fade
                yield Image.blend(before, still, t * t * (3 - 2 * t)), 1
        before = still
    if before:
        yield before, round(_LAST_S * FRAMES_PER_S)


def _size(last: Frame, side_px: int) -> tuple[int, int]:
    """Return the size of all steps: that of the last picture, even on both sides, because H.264 halves the colours."""
    picture = small(last.data, side_px)
    return max(16, picture.width // 2 * 2), max(16, picture.height // 2 * 2)


def _stills(frames: Sequence[Frame], size: tuple[int, int]) -> Iterator[Image.Image]:
    """Yield the steps at one size, with their words and how far the way is."""
    for number, frame in enumerate(frames, start=1):
        still = _onto(small(frame.data, max(size)).convert("RGB"), size)
        _write(still, frame.caption)
        _mark_progress(still, number / len(frames))
        yield still


def _onto(picture: Image.Image, size: tuple[int, int]) -> Image.Image:
    if abs(picture.width / picture.height - size[0] / size[1]) < 0.02:
        return ImageOps.fit(picture, size, Image.Resampling.LANCZOS)
    ground = ImageOps.fit(picture, size).filter(ImageFilter.GaussianBlur(max(size) / 30))
    ground = ImageEnhance.Brightness(ground).enhance(0.55)
    inner = ImageOps.contain(picture, size, Image.Resampling.LANCZOS)
    ground.paste(inner, ((size[0] - inner.width) // 2, (size[1] - inner.height) // 2))
    return ground


def _write(still: Image.Image, caption: str) -> None:
    """Write a caption at the foot of a picture, on a shade that grows towards it."""
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
