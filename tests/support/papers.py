"""Small PDFs and videos for tests, made here. Imports Pillow, and PyAV if a video is made."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import Any

from PIL import Image, ImageDraw, ImageFilter

Colour = tuple[int, int, int]


def pdf(*colours: Colour, size_pt: tuple[int, int] = (300, 400)) -> bytes:
    """Return a PDF with a page in each colour (ISO 32000-1, 7.5)."""
    width, height = size_pt
    pages = " ".join(f"{3 + 2 * number} 0 R" for number in range(len(colours)))
    objects = ["<< /Type /Catalog /Pages 2 0 R >>", f"<< /Type /Pages /Kids [{pages}] /Count {len(colours)} >>"]
    for number, colour in enumerate(colours):
        painted = " ".join(f"{part / 255:.4f}" for part in colour) + f" rg 0 0 {width} {height} re f"
        content = f"{4 + 2 * number} 0 R"
        objects.append(f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 {width} {height}] /Contents {content} >>")
        objects.append(f"<< /Length {len(painted)} >>\nstream\n{painted}\nendstream")
    written, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, start=1):
        places.append(len(written))
        written += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count, start = len(objects) + 1, len(written)
    trailer = f"trailer\n<< /Size {count} /Root 1 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return written + f"xref\n0 {count}\n0000000000 65535 f \n{table}{trailer}".encode()


def striped(colour: Colour, size_px: tuple[int, int] = (320, 240)) -> Image.Image:
    """Return a sharp picture: black stripes on a colour."""
    picture = Image.new("RGB", size_px, colour)
    draw = ImageDraw.Draw(picture)
    for left in range(0, size_px[0], 40):
        draw.rectangle((left, 0, left + 3, size_px[1]), fill="black")
    return picture


def blurred(picture: Image.Image) -> Image.Image:
    """Return a picture as a camera in motion takes it."""
    return picture.filter(ImageFilter.GaussianBlur(12))


def film(pictures: Sequence[Image.Image], *, each_s: float = 0.5, kind: str = "mp4") -> bytes:
    """Return a video that shows pictures one after the other."""
    import av

    container: Any = av.open(out := io.BytesIO(), "w", format=kind)
    stream = container.add_stream("libx264" if kind == "mp4" else "libvpx-vp9", rate=10)
    stream.width, stream.height = pictures[0].size
    stream.pix_fmt = "yuv420p"
    for picture in pictures:
        for _ in range(round(each_s * 10)):
            container.mux(stream.encode(av.VideoFrame.from_image(picture)))
    container.mux(stream.encode())
    container.close()
    return out.getvalue()
