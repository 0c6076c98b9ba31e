"""Encodes pictures as an animation for Telegram: MP4 if PyAV is installed, else GIF.

Imports ``values``, Pillow, and PyAV if installed. ``sendAnimation`` takes GIF or H.264 without sound; at the same
quality a GIF is about ten times as large.
"""

from __future__ import annotations

import importlib.util
import io
from fractions import Fraction
from typing import Any

from PIL import Image

from bot.pictures.boards.values import Animation

FRAMES_PER_S = 25
_QUALITY = "21"


def has_video() -> bool:
    """Return whether a video encoder is installed."""
    return importlib.util.find_spec("av") is not None


class Mp4:
    """H.264, picture by picture; both sides of ``size`` are even."""

    def __init__(self, size: tuple[int, int]) -> None:
        import av

        self._av = av
        self._size = size
        self._frames = 0
        # In memory, some megabytes: a file would survive a kill, and then /forget would not reach it.
        self._film = io.BytesIO()
        options = {"movflags": "+faststart"}
        self._container = av.open(self._film, "w", format="mp4", options=options, io_open=self._again)
        options = {"crf": _QUALITY, "preset": "veryfast", "tune": "stillimage"}
        self._stream = self._container.add_stream("libx264", rate=FRAMES_PER_S, options=options)
        self._stream.width, self._stream.height = size
        self._stream.pix_fmt = "yuv420p"
        # The film uses only the calling thread.
        self._stream.codec_context.thread_count = 1

    def show(self, picture: Image.Image, seconds: float) -> None:
        """Show a picture for a time, at least for one frame."""
        frame = self._av.VideoFrame.from_image(picture).reformat(format="yuv420p")  # type: ignore[no-untyped-call]
        for _ in range(max(1, round(seconds * FRAMES_PER_S))):
            frame.pts, frame.time_base = self._frames, Fraction(1, FRAMES_PER_S)
            self._container.mux(self._stream.encode(frame))
            self._frames += 1

    def end(self) -> Animation:
        """Return the encoded file."""
        self._container.mux(self._stream.encode())
        self._container.close()
        return Animation(
            data=self._film.getvalue(),
            mime="video/mp4",
            name="timelapse.mp4",
            width_px=self._size[0],
            height_px=self._size[1],
            duration_s=self._frames / FRAMES_PER_S,
        )

    def close(self) -> None:
        """Release the encoder."""
        self._container.close()

    def _again(self, _url: str, _flags: int, _options: Any) -> io.BytesIO:
        """Open what is written so far: to put the index in front, so that playing starts early, it is read back."""
        return io.BytesIO(self._film.getvalue())


class Gif:
    """A GIF with the best 256 colours of each picture."""

    def __init__(self) -> None:
        self._pictures: list[Image.Image] = []
        self._seconds: list[float] = []

    def show(self, picture: Image.Image, seconds: float) -> None:
        """Show a picture for a time."""
        self._pictures.append(picture.quantize(palette=picture.quantize(256)))
        self._seconds.append(seconds)

    def end(self) -> Animation:
        """Return the encoded file."""
        first, *others = self._pictures
        out = io.BytesIO()
        first.save(
            out,
            "GIF",
            save_all=True,
            append_images=others,
            duration=[round(each * 1000) for each in self._seconds],
            loop=0,
            disposal=1,
            optimize=False,
        )
        return Animation(
            data=out.getvalue(),
            mime="image/gif",
            name="timelapse.gif",
            width_px=first.width,
            height_px=first.height,
            duration_s=sum(self._seconds),
        )

    def close(self) -> None:
        """Nothing to remove."""
