"""Bytes are judged by their content, not by their name: type, size, damage. No decompression bomb is ever decoded."""

from __future__ import annotations

import asyncio
import base64
import contextlib
import io
import random
import time
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.providers.base import Blob
from bot.providers.errors import DamagedPicture, NotAPicture, PictureTooLarge
from bot.providers.wire.blobs import blob_of, blob_of_base64
from bot.providers.wire.bulk import decode_base64
from tests.pictures.made import png_chunk
from tests.providers.pictures import bomb
from tests.providers.wiring import b64, png
from tests.support.stillness import watched

KINDS = {
    "PNG": "image/png",
    "JPEG": "image/jpeg",
    "WEBP": "image/webp",
    "GIF": "image/gif",
    "BMP": "image/bmp",
    "TIFF": "image/tiff",
    "AVIF": "image/avif",
}


def noisy(kind: str, size_px: tuple[int, int] = (80, 60), mode: str = "RGB", **options: object) -> bytes:
    """Return a picture with something in it."""
    picture = Image.effect_noise(size_px, 60).convert(mode)
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


@pytest.mark.parametrize("kind", list(KINDS))
async def test_each_kind_is_known_by_its_bytes(kind: str) -> None:
    assert (await blob_of(noisy(kind))).mime == KINDS[kind]


@pytest.mark.parametrize(
    ("kind", "options"),
    [
        ("WEBP", {"lossless": True}),
        ("WEBP", {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}),
        ("JPEG", {"progressive": True}),
        ("JPEG", {"comment": b"\xff\xc0 not a frame", "quality": 30}),
        ("PNG", {"interlace": True}),
    ],
    ids=str,
)
async def test_variants_are_pictures_too(kind: str, options: dict[str, object]) -> None:
    data = noisy(kind, (123, 45), **options)
    assert await blob_of(data) == Blob(mime=KINDS[kind], data=data)


@pytest.mark.parametrize("mode", ["L", "P", "RGBA", "1", "I;16"])
async def test_a_png_of_any_depth_is_a_picture(mode: str) -> None:
    assert (await blob_of(noisy("PNG", mode=mode))).mime == "image/png"


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "GIF", "BMP"])
async def test_a_cut_picture_is_damaged_wherever_it_is_cut(kind: str) -> None:
    data = noisy(kind, (200, 150))
    for part in (0.02, 0.1, 0.5, 0.9, 0.98):
        with pytest.raises((DamagedPicture, NotAPicture)):
            await blob_of(data[: int(len(data) * part)])


NO_PICTURES = [b"", b"x", b"<html></html>", b"%PDF-1.7", b"GIF", b"\x89PNG", b"RIFF1234WAVEfmt ", b"BM"]


@pytest.mark.parametrize("data", NO_PICTURES)
async def test_what_is_no_picture_is_told_as_such(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        await blob_of(data)


async def test_a_bomb_is_refused_by_its_header(tmp_path: object) -> None:
    began = time.process_time()
    for width, height in ((30_000, 30_000), (65_501, 1), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(PictureTooLarge):
            await blob_of(bomb(width, height, rows=1) if width < 2**20 else _header_of(width, height))
    assert time.process_time() - began < 1


def _header_of(width_px: int, height_px: int) -> bytes:
    plain = bytearray(png())
    plain[16:24] = width_px.to_bytes(4, "big") + height_px.to_bytes(4, "big")
    plain[29:33] = zlib.crc32(plain[12:29]).to_bytes(4, "big")
    return bytes(plain)


@given(st.binary(max_size=400), st.sampled_from([noisy(kind, (9, 7))[:64] for kind in KINDS]))
@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
async def test_no_bytes_make_the_judge_fail(tail: bytes, head: bytes) -> None:
    for data in (tail, head[:16] + tail, head + tail):
        with contextlib.suppress(DamagedPicture, NotAPicture, PictureTooLarge):
            await blob_of(data)


@given(st.binary(max_size=200))
def test_base64_of_either_alphabet_gives_the_bytes_back(data: bytes) -> None:
    plain = b64(data)
    for text in (plain, plain.rstrip("="), plain.replace("+", "-").replace("/", "_"), f"data:a/b;base64,{plain}"):
        assert decode_base64(text) == data


@pytest.mark.parametrize("wrapped_at", [76, 77, 4096])
@pytest.mark.parametrize("size_bytes", [1_499_998, 1_499_999, 1_500_000, 2_000_003])
def test_base64_of_many_pieces_gives_the_bytes_back(size_bytes: int, wrapped_at: int) -> None:
    data = random.Random(size_bytes).randbytes(size_bytes)
    plain = b64(data)
    lines = [plain[at : at + wrapped_at] for at in range(0, len(plain), wrapped_at)]
    for text in (plain, "\r\n".join(lines) + "\r\n", plain.rstrip("=").replace("+", "-").replace("/", "_")):
        assert decode_base64(text) == data


def test_what_goes_on_behind_its_end_is_damaged() -> None:
    with pytest.raises(DamagedPicture):
        decode_base64(b64(b"x" * 374_999) + b64(b"y" * 600_000))


async def test_a_large_picture_in_lines_keeps_nobody_waiting() -> None:
    """As MIME wraps it (RFC 2045, 6.8): twenty megabytes took a second of the event loop."""
    data = noisy("PNG", (300, 200)) + random.Random(1).randbytes(20_000_000)
    text = "data:image/png;base64," + base64.encodebytes(data).decode()
    with watched() as watch:
        blob = await asyncio.create_task(blob_of_base64(text))
    assert watch.holds == []
    assert blob.data == data


@pytest.mark.parametrize("text", ["!!!!", "QUJ#", "Q", "QUJDR", "äöü=", "QU=JD", "data:image/png;base64,%%%%"])
def test_what_is_no_base64_is_damaged(text: str) -> None:
    with pytest.raises(DamagedPicture):
        decode_base64(text)


@pytest.mark.parametrize("value", [None, 3, "", [], {}])
async def test_only_text_can_be_base64(value: object) -> None:
    with pytest.raises(DamagedPicture):
        await blob_of_base64(value)


async def test_a_wrong_sum_counts_only_where_pixels_need_the_chunk() -> None:
    plain, words = png(), png_chunk(b"tEXt", b"Software\0a relay")
    wrong = words[:-1] + bytes([words[-1] ^ 1])
    assert (await blob_of(plain[:33] + wrong + words + plain[33:])).data == plain[:33] + words + plain[33:]
    assert (await blob_of(plain[:33] + words + plain[33:])).data == plain[:33] + words + plain[33:]
    with pytest.raises(DamagedPicture):
        await blob_of(plain[:-13] + bytes([plain[-13] ^ 1]) + plain[-12:])


@pytest.mark.parametrize("kind", ["WEBP", "GIF", "TIFF"])
async def test_pixels_that_cannot_be_decoded_are_damage_where_no_sum_shows_it(kind: str) -> None:
    data = bytearray(noisy(kind, (200, 150), **({"compression": "tiff_lzw"} if kind == "TIFF" else {})))
    middle = len(data) // 2
    data[middle : middle + 200] = b"\xff" * 200
    if kind == "WEBP":
        data[30:60] = b"\xff" * 30
    with pytest.raises(DamagedPicture):
        await blob_of(bytes(data))
