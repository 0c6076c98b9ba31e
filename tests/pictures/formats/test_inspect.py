"""Facts about a file without decoding it: kind, size, rotation, faults."""

from __future__ import annotations

import contextlib
import gzip
import io
import struct
import time
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from bot.pictures.convert.prepare import prepare
from bot.pictures.errors import (
    DamagedPictureError,
    NotAPictureError,
    PictureError,
    TooManyPixelsError,
    TruncatedPictureError,
    UnsupportedPictureError,
)
from bot.pictures.formats.inspect import inspect
from tests.pictures.hostile import flat_jpeg, flat_png
from tests.pictures.made import FORMATS, STRUCTURED, animation, made, photo, png_bomb

MIMES = {"HEIC": "image/heic"} | {kind: f"image/{kind.lower()}" for kind in FORMATS if kind != "HEIC"}
EVERYTHING = frozenset(MIMES.values())
FILES = {kind: made(kind) for kind in FORMATS}


@pytest.mark.parametrize("kind", FORMATS)
def test_kind_and_size(kind: str) -> None:
    info = inspect(made(kind, photo(96, 64), secrets=False))
    assert (info.mime, info.width_px, info.height_px) == (MIMES[kind], 96, 64)
    assert (info.orientation, info.frames, info.animated, info.alpha) == (1, 1, False, False)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIC", "AVIF", "TIFF"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_size_is_as_displayed(kind: str, orientation: int) -> None:
    info = inspect(made(kind, photo(96, 64), orientation=orientation, secrets=False))
    assert (info.width_px, info.height_px) == (96, 64)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIC", "AVIF", "TIFF", "GIF"])
def test_metadata_is_seen(kind: str) -> None:
    assert inspect(made(kind, secrets=True)).has_metadata
    assert not inspect(made(kind, secrets=False)).has_metadata


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
def test_moving_pictures(kind: str) -> None:
    info = inspect(animation(kind, 3))
    assert (info.frames, info.animated) == (3, True)


def test_pages_of_a_tiff_do_not_move() -> None:
    info = inspect(animation("TIFF", 2))
    assert (info.frames, info.animated) == (2, False)


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF", "AVIF"])
def test_alpha(kind: str) -> None:
    out = io.BytesIO()
    photo().convert("RGBA").save(out, kind)
    see_through = Image.new("RGBA", (20, 20), (255, 0, 0, 90))
    see_through.save(out := io.BytesIO(), kind)
    assert inspect(out.getvalue()).alpha


def _zip() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", "a")
    return out.getvalue()


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj", "pdf"),
        (b"\x00\x00\x00\x20ftypisom\x00\x00\x02\x00isomiso2avc1mp41" + bytes(40), "video"),
        (b"\x00\x00\x00\x14ftypqt  \x00\x00\x00\x00qt  " + bytes(40), "video"),
        (b"\x1aE\xdf\xa3\x9fB\x86\x81\x01" + bytes(40), "video"),
        (b"RIFF\x00\x01\x00\x00AVI LIST" + bytes(40), "video"),
        (b"OggS\x00\x02" + bytes(40), "voice"),
        (b"ID3\x04" + bytes(40), "audio"),
        (b"\xff\xfb\x90\x00" + bytes(40), "audio"),
        (b"RIFF\x00\x01\x00\x00WAVEfmt " + bytes(40), "audio"),
        (b"\x00\x00\x00\x20ftypM4A \x00\x00\x00\x00" + bytes(40), "audio"),
        (_zip(), "zip"),
        (gzip.compress(b'{"tgs":1}'), "archive"),
        ("Привет, BMW! A letter.".encode(), "text"),
        (b"BM, a letter that begins like a bitmap", "text"),
        (b"MZ\x90\x00" + bytes(60), "program"),
        (bytes(range(1, 200)), "unknown"),
    ],
)
def test_what_is_not_a_picture_says_what_it_is(data: bytes, looks_like: str) -> None:
    with pytest.raises(NotAPictureError) as caught:
        inspect(data)
    assert caught.value.facts == {"looks_like": looks_like}
    assert caught.value.key == "not-a-picture"


@pytest.mark.parametrize(
    ("data", "looks_like"),
    [
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"/>', "svg"),
        (b"\xff\x0a" + bytes(40), "jxl"),
        (b"\x00\x00\x00\x0cJXL \r\n\x87\n", "jxl"),
        (b"8BPS\x00\x01" + bytes(40), "psd"),
        (b"\x00\x00\x01\x00\x01\x00" + bytes(40), "ico"),
    ],
)
def test_pictures_of_other_kinds_are_named(data: bytes, looks_like: str) -> None:
    with pytest.raises(UnsupportedPictureError) as caught:
        inspect(data)
    assert caught.value.facts == {"looks_like": looks_like}


@pytest.mark.parametrize("kind", FORMATS)
def test_half_a_file_is_truncated(kind: str) -> None:
    data = made(kind, secrets=False)
    with pytest.raises(TruncatedPictureError):
        inspect(data[: len(data) // 2])


@pytest.mark.parametrize("kind", STRUCTURED)
def test_no_prefix_of_a_picture_passes(kind: str) -> None:
    """But a JPEG that lacks nothing but its end mark, or the second byte of that: it has all its rows."""
    whole, passed = made(kind, photo(24, 16), secrets=False), []
    for cut in range(len(whole)):
        with contextlib.suppress(PictureError):
            inspect(whole[:cut])
            passed.append(cut - len(whole))
    assert passed == ([-2, -1] if kind == "JPEG" else [])


def test_a_scan_whose_header_is_too_short_for_one_is_no_picture() -> None:
    whole = made("JPEG", secrets=False)
    start = whole.index(b"\xff\xda")
    for header in (b"", b"\0", b"\0\0", b"\0\2", b"\0\3\1", b"\0\7\1\1\0\0\x3f"):
        with pytest.raises(PictureError):
            inspect(whole[: start + 2] + header)


def test_a_truncated_jpeg_whose_thumbnail_is_whole_is_truncated() -> None:
    small = made("JPEG", photo(32, 32), secrets=False)
    whole = made("JPEG", photo(320, 320), secrets=False)
    app1 = b"\xff\xe1" + struct.pack(">H", 2 + 6 + len(small)) + b"Other\0" + small
    with pytest.raises(TruncatedPictureError):
        inspect(whole[:2] + app1 + whole[2:-200])
    assert inspect(whole[:2] + app1 + whole[2:]).width_px == 320


def test_a_damaged_png_is_seen_without_inflating_it() -> None:
    data = bytearray(made("PNG"))
    data[data.index(b"IDAT") + 60] ^= 0xFF
    with pytest.raises(DamagedPictureError):
        inspect(bytes(data))


@pytest.mark.filterwarnings("ignore::UserWarning:PIL")
@given(kind=st.sampled_from(FORMATS), flips=st.lists(st.tuples(st.floats(0, 0.999), st.integers(1, 255)), max_size=12))
def test_a_broken_file_never_breaks_the_reader(kind: str, flips: list[tuple[float, int]]) -> None:
    data = bytearray(FILES[kind])
    for place, bits in flips:
        # Squared, so that headers are hit more often than coded pixels.
        data[int(place * place * len(data))] ^= bits
    with contextlib.suppress(PictureError):
        info = inspect(bytes(data))
        prepare(bytes(data), info, frozenset({"image/png"}))
        prepare(bytes(data), info, EVERYTHING)


def _bmp(width: int, height: int) -> bytes:
    return b"BM" + struct.pack("<IIIIiiHHIIiiII", 100, 0, 54, 40, width, height, 1, 8, 1, 0, 0, 0, 0, 0) + bytes(1099)


def _webp(width: int, height: int) -> bytes:
    sides = b"".join((side - 1).to_bytes(3, "little") for side in (width, height))
    canvas = b"VP8X" + struct.pack("<I", 10) + bytes(4) + sides
    still = made("WEBP", secrets=False)[12:]
    return b"RIFF" + struct.pack("<I", 4 + len(canvas) + len(still)) + b"WEBP" + canvas + still


def _gif(width: int, height: int) -> bytes:
    whole = made("GIF", secrets=False)
    frame = whole.index(b"\x2c\x00\x00\x00\x00")
    return whole[: frame + 5] + struct.pack("<HH", width, height) + whole[frame + 9 :]


def _tiff(width: int, height: int) -> bytes:
    out = io.BytesIO()
    Image.new("1", (8, 8)).save(out, "TIFF")
    data = out.getvalue()
    for tag, side in ((256, width), (257, height)):
        at = data.index(struct.pack("<HHI", tag, 4, 1)) if struct.pack("<HHI", tag, 4, 1) in data else -1
        entry = struct.pack("<HHI", tag, 3, 1)
        at = at if at >= 0 else data.index(entry)
        data = data[:at] + struct.pack("<HHII", tag, 4, 1, side) + data[at + 12 :]
    return data


def _jpeg(width: int, height: int) -> bytes:
    data = made("JPEG", secrets=False)
    at = data.index(b"\xff\xc0") + 5
    return data[:at] + struct.pack(">HH", height, width) + data[at + 4 :]


@pytest.mark.parametrize("make", [_bmp, _webp, _gif, _tiff, _jpeg])
def test_a_header_that_promises_too_much_is_believed(make: object) -> None:
    with pytest.raises(TooManyPixelsError):
        inspect(make(16_000, 16_000))  # type: ignore[operator]


def test_a_png_bomb_is_never_decoded() -> None:
    bomb = png_bomb()
    started = time.thread_time()
    with pytest.raises(TooManyPixelsError) as caught:
        inspect(bomb)
    assert time.thread_time() - started < 0.05
    assert caught.value.facts == {"width_px": 30_000, "height_px": 30_000, "limit_megapixels": 36}
    assert caught.value.key == "picture-too-large-pixels"


@pytest.mark.parametrize(("width", "height"), [(65_501, 9), (9, 65_501)])
def test_a_side_longer_than_any_jpeg_is_too_much(width: int, height: int) -> None:
    with pytest.raises(TooManyPixelsError):
        inspect(_tiff(width, height))


def test_the_largest_phone_photo_passes() -> None:
    assert inspect(_jpeg(12_000, 9_000)).width_px == 12_000


@pytest.mark.parametrize("kind", STRUCTURED)
def test_a_picture_without_pixels_is_damaged(kind: str) -> None:
    heads = {
        "PNG": b"\x89PNG\r\n\x1a\n" + made("PNG", secrets=False)[-12:],
        "JPEG": b"\xff\xd8\xff\xd9" + bytes(8),
        "WEBP": b"RIFF\x0e\x00\x00\x00WEBPXXXX\x02\x00\x00\x00ab",
    }
    with pytest.raises(DamagedPictureError):
        inspect(heads[kind])


def test_a_slow_jpeg_is_halved_while_it_is_decoded_and_an_ordinary_one_is_not() -> None:
    for_print = inspect(flat_jpeg(6_000, 6_000, components=4))
    assert (for_print.reduction(4_096), for_print.reduction(None)) == (2, 1)
    assert inspect(flat_jpeg(4_096, 4_096, components=4)).reduction(4_096) == 1
    assert inspect(flat_jpeg(6_000, 6_000)).reduction(4_096) == 1


def test_a_png_of_16_bits_has_a_limit_of_its_own() -> None:
    with pytest.raises(TooManyPixelsError) as refused:
        inspect(flat_png(4_500, 4_500, "rgba", bits=16))
    assert refused.value.facts["limit_megapixels"] == 17
    for size, kind, bits in (((4_096, 4_096), "rgba", 16), ((6_000, 5_000), "rgb", 16), ((7_200, 5_000), "grey", 16)):
        assert inspect(flat_png(*size, kind, bits=bits)).width_px == size[0]
