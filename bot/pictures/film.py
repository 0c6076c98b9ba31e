"""Pictures to an animation file as Telegram plays it: MP4 where PyAV is installed, else GIF.

Imports ``boards`` beside it, Pillow, and PyAV when it is there. ``sendAnimation`` takes GIF or H.264 without sound; the
same quality takes about ten times the bytes as a GIF.
"""

from __future__ import annotations

import importlib.util
import io
import tempfile
from collections.abc import Iterable, Sequence
from fractions import Fraction
from pathlib import Path

from PIL import Image

from bot.pictures.boards import Animation

FRAMES_PER_S = 25
_QUALITY = "21"


def has_video() -> bool:
    """Return whether a video encoder is installed."""
    return importlib.util.find_spec("av") is not None


def mp4(pictures: Iterable[tuple[Image.Image, int]], size: tuple[int, int]) -> Animation:
    """Encode pictures, each standing for a number of frames, as H.264; both sides of ``size`` are even."""
    import av

    count = 0
    with tempfile.TemporaryDirectory() as folder:
        # A file: to put the index in front, so that playing starts while loading, the encoder reads it back.
        path = Path(folder) / "film.mp4"
        with av.open(str(path), "w", options={"movflags": "+faststart"}) as container:
            stream = container.add_stream(
                "libx264", rate=FRAMES_PER_S, options={"crf": _QUALITY, "preset": "veryfast", "tune": "stillimage"}
            )
            stream.width, stream.height = size
            stream.pix_fmt = "yuv420p"
            for picture, frames in pictures:
                for _ in range(frames):
                    frame = av.VideoFrame.from_image(picture)  # type: ignore[no-untyped-call]
                    frame.pts, frame.time_base = count, Fraction(1, FRAMES_PER_S)
                    container.mux(stream.encode(frame))
                    count += 1
            container.mux(stream.encode())
        data = path.read_bytes()
    return Animation(
        data=data,
        mime="video/mp4",
        name="timelapse.mp4",
        width_px=size[0],
        height_px=size[1],
        duration_s=count / FRAMES_PER_S,
    )


def gif(pictures: Iterable[Image.Image], seconds: Sequence[float]) -> Animation:
    """Encode pictures, each standing for its time, as a GIF with the best 256 colours of each."""
    quantised = [picture.quantize(palette=picture.quantize(256)) for picture in pictures]
    out = io.BytesIO()
    quantised[0].save(
        out,
        "GIF",
        save_all=True,
        append_images=quantised[1:],
        duration=[round(each * 1000) for each in seconds],
        loop=0,
        disposal=1,
        optimize=False,
    )
    return Animation(
        data=out.getvalue(),
        mime="image/gif",
        name="timelapse.gif",
        width_px=quantised[0].width,
        height_px=quantised[0].height,
        duration_s=sum(seconds),
    )
