"""What bytes are, whatever they are called: type, size, damage, and no bomb ever decoded."""

from __future__ import annotations

import asyncio
import base64
import io
import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.providers.bulk import decode_base64
from bot.providers.errors import DamagedPicture, NotAPicture, PictureTooLarge, ProviderError
from bot.providers.sniff import MAX_PIXELS, blob_of, blob_of_base64, measure, sniff
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
    data = noisy(kind)
    assert sniff(data) == KINDS[kind]
    assert (await blob_of(data)).mime == KINDS[kind]
    if kind not in ("TIFF", "AVIF"):
        assert measure(data) == (80, 60)


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
async def test_variants_are_measured_alike(kind: str, options: dict[str, object]) -> None:
    data = noisy(kind, (123, 45), **options)
    assert measure(data) == (123, 45)
    assert (await blob_of(data)).mime == KINDS[kind]


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
    assert sniff(data) is None
    with pytest.raises(NotAPicture):
        await blob_of(data)


async def test_a_bomb_is_refused_by_its_header(tmp_path: object) -> None:
    began = time.process_time()
    for width, height in ((30_000, 30_000), (MAX_PIXELS + 1, 1), (2**31 - 1, 2**31 - 1)):
        with pytest.raises(PictureTooLarge):
            await blob_of(bomb(width, height, rows=1) if width < 2**20 else _header_of(width, height))
    assert time.process_time() - began < 1


def _header_of(width_px: int, height_px: int) -> bytes:
    plain = bytearray(png())
    plain[16:24] = width_px.to_bytes(4, "big") + height_px.to_bytes(4, "big")
    return bytes(plain)


async def test_a_file_that_two_parsers_see_differently_is_refused_all_the_same() -> None:
    # The header read here is small; the decoder's own limit still holds for what it sees.
    with pytest.raises(ProviderError):
        await blob_of(noisy("TIFF", (3000, 2000), mode="1"), max_pixels=1000)


@given(st.binary(max_size=400), st.sampled_from([noisy(kind, (9, 7))[:64] for kind in KINDS]))
def test_no_bytes_make_the_header_reader_fail(tail: bytes, head: bytes) -> None:
    for data in (tail, head[:16] + tail, head + tail):
        size = measure(data)
        assert size is None or min(size) > 0
        sniff(data)


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
