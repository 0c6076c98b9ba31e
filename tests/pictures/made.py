"""Pictures made for the tests: all formats, all orientations, with secrets in every place that can hold one.

Imports Pillow, pillow-heif and numpy; never the code under test.
"""

from __future__ import annotations

import io
import zlib

import numpy as np
from PIL import Image, ImageOps, JpegImagePlugin, PngImagePlugin
from pillow_heif import from_pillow

SECRET = b"SECRET-PLACE"
STRUCTURED = ("PNG", "JPEG", "WEBP")
FORMATS = (*STRUCTURED, "HEIC", "AVIF", "GIF", "BMP", "TIFF")
CORNERS = {(0.2, 0.2): (220, 30, 30), (0.8, 0.2): (30, 200, 30), (0.2, 0.8): (30, 30, 220), (0.8, 0.8): (230, 230, 40)}


def photo(width_px: int = 96, height_px: int = 64, *, seed: int = 1) -> Image.Image:
    """Return a smooth picture with the grain of a photograph and a different colour in each corner."""
    x, y = np.meshgrid(np.linspace(0, 1, width_px), np.linspace(0, 1, height_px))
    pixels = np.zeros((height_px, width_px, 3))
    for (at_x, at_y), colour in CORNERS.items():
        near = np.clip(1.35 - 3.2 * np.hypot(x - at_x, y - at_y), 0, 1)
        pixels += near[..., None] * np.array(colour)
    pixels += np.random.default_rng(seed).normal(0, 4, pixels.shape)
    return Image.fromarray(pixels.clip(0, 255).astype(np.uint8))


def exif(orientation: int = 1) -> bytes:
    """Return an EXIF block with a camera, a place on Earth and ``orientation``."""
    block = Image.Exif()
    block[0x0112], block[0x010F] = orientation, SECRET.decode()
    place = block.get_ifd(0x8825)
    place[1], place[2], place[27] = "N", (52.0, 31.0, 12.0), b"ASCII\0\0\0" + SECRET
    return block.tobytes()


def stored(upright: Image.Image, orientation: int) -> Image.Image:
    """Return the pixels that a file with ``orientation`` must hold, so that a viewer shows ``upright``."""
    undo = {2: 2, 3: 3, 4: 4, 5: 5, 6: 8, 7: 7, 8: 6}.get(orientation)
    turned = upright.copy()
    turned.getexif()[0x0112] = undo or 1
    return ImageOps.exif_transpose(turned)


def made(kind: str, upright: Image.Image | None = None, *, orientation: int = 1, secrets: bool = True) -> bytes:
    """Return a file of ``kind`` that shows ``upright``, with secrets wherever the kind can hold them."""
    picture = stored(upright or photo(), orientation)
    out = io.BytesIO()
    extras: dict[str, object] = {}
    if secrets or orientation != 1:
        extras["exif"] = exif(orientation) if secrets else _bare_exif(orientation)
    if kind == "GIF":
        picture.save(out, "GIF", **({"comment": SECRET} if secrets else {}))
    elif kind == "BMP":
        picture.save(out, "BMP")
    elif kind == "HEIC":
        # libheif turns by its own property, which a writer of EXIF orientation sets too.
        from_pillow(picture).save(out, quality=90, **({"xmp": b"<x>" + SECRET + b"</x>"} if secrets else {}), **extras)
    elif kind == "AVIF":
        picture.save(out, "AVIF", quality=90, **extras)
    elif kind == "PNG":
        notes = PngImagePlugin.PngInfo()
        if secrets:
            notes.add_text("Comment", SECRET.decode())
            notes.add_text("Zipped", SECRET.decode(), zip=True)
            notes.add_itxt("XML:com.adobe.xmp", SECRET.decode())
        picture.save(out, "PNG", pnginfo=notes, **extras)
    elif kind == "JPEG":
        if secrets:
            extras |= {"comment": SECRET, "xmp": SECRET}
        picture.save(out, "JPEG", quality=90, **extras)
    else:
        if secrets and kind == "WEBP":
            extras["xmp"] = SECRET
        picture.save(out, kind, **extras)
    data = out.getvalue()
    return data + SECRET if secrets and kind in (*STRUCTURED, "GIF") else data


def shown(data: bytes) -> np.ndarray:
    """Return what a viewer shows, as an integer array of RGBA: an opinion independent of the code under test."""
    if data[4:8] == b"ftyp" and b"heic" in data[:32]:
        from pillow_heif import open_heif

        picture = open_heif(data).to_pillow()
    else:
        picture = Image.open(io.BytesIO(data))
        picture.seek(0)
        if picture.format != "TIFF":
            picture = ImageOps.exif_transpose(picture)
    return np.asarray(picture.convert("RGBA"), dtype=int)


def decoded(data: bytes) -> np.ndarray:
    """Return the stored pixels in the file's own mode."""
    return np.asarray(Image.open(io.BytesIO(data)))


def animation(kind: str, count: int = 3) -> bytes:
    """Return a moving picture; each frame has different corner colours."""
    first = photo()
    frames = [ImageOps.invert(first) if n % 2 else first for n in range(1, count)]
    out = io.BytesIO()
    first.save(out, kind, save_all=True, append_images=frames, duration=100)
    return out.getvalue()


def png_bomb(side_px: int = 30_000) -> bytes:
    """Return a small PNG that would fill ``side_px`` squared pixels."""
    packer = zlib.compressobj(1)
    row = bytes(1 + (side_px + 7) // 8)
    body = b"".join([*(packer.compress(row) for _ in range(side_px)), packer.flush()])
    head = side_px.to_bytes(4, "big") * 2 + bytes([1, 0, 0, 0, 0])
    return b"\x89PNG\r\n\x1a\n" + png_chunk(b"IHDR", head) + png_chunk(b"IDAT", body) + png_chunk(b"IEND", b"")


def sampling(data: bytes) -> int:
    """Return a JPEG's chroma sampling as Pillow numbers it: 0 is 4:4:4, 2 is 4:2:0."""
    return JpegImagePlugin.get_sampling(JpegImagePlugin.JpegImageFile(io.BytesIO(data)))


def png_chunk(kind: bytes, body: bytes) -> bytes:
    """Return a PNG chunk with a checksum that is right."""
    return len(body).to_bytes(4, "big") + kind + body + zlib.crc32(kind + body).to_bytes(4, "big")


def _bare_exif(orientation: int) -> bytes:
    block = Image.Exif()
    block[0x0112] = orientation
    return block.tobytes()
