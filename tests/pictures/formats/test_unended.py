"""JPEGs without an end mark: complete ones are accepted and get one, cut ones are refused.

Samsung's panoramas have a trailer with a video instead of the mark (libjpeg-turbo issue 163), and some programs stop a
byte too early (filepond-plugin-image-preview issue 43). From outside, an upload that was cut off looks the same.
"""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.reencode import small
from bot.pictures.errors import PictureError, TruncatedPictureError
from bot.pictures.formats.inspect import inspect
from bot.providers.errors import DamagedPicture
from bot.providers.wire.blobs import blob_of
from tests.pictures.made import SECRET, made, photo, shown

JPEG = frozenset({"image/jpeg"})
END = b"\xff\xd9"
KINDS = ("one scan", "progressive", "grey", "4:4:4", "restarts", "progressive restarts")


def whole(kind: str) -> bytes:
    """Return a JPEG as an encoder makes it, in whole blocks, so that it can be encoded again without loss."""
    how = {
        "progressive": {"progressive": True},
        "4:4:4": {"subsampling": 0},
        "restarts": {"restart_marker_blocks": 3},
        "progressive restarts": {"progressive": True, "restart_marker_rows": 1},
    }.get(kind, {})
    picture = photo(320, 192).convert("L" if kind == "grey" else "RGB")
    picture.save(out := io.BytesIO(), "JPEG", quality=90, **how)
    return out.getvalue()


def samsung_trailer() -> bytes:
    """Return the trailer of such a picture: a video, names and places, and bytes that look like marks."""
    rubbish = np.random.default_rng(7).integers(0, 256, 30_000, dtype=np.uint8).tobytes()
    inner = made("JPEG", photo(40, 40))
    return b"\x00\x00\xe0\x0aftypmp42" + SECRET + rubbish + inner + b"SEFH\x6b\x00\x00\x00" + SECRET + b"SEFT"


def cut(data: bytes, share: float) -> bytes:
    """Return what arrived of the coded part."""
    start = data.index(b"\xff\xda")
    return data[: start + int((len(data) - start) * share)]


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lacks_nothing_but_the_mark_is_taken_with_the_mark_added(kind: str) -> None:
    data = whole(kind)
    info = inspect(data.removesuffix(END))
    assert (info.mime, info.width_px, info.height_px) == ("image/jpeg", 320, 192)
    assert prepare(data.removesuffix(END), info, JPEG).data == prepare(data, inspect(data), JPEG).data
    assert small(data.removesuffix(END), 100).size == (100, 60)


@pytest.mark.parametrize("kind", KINDS)
def test_a_picture_that_lacks_the_last_byte_of_the_mark_is_taken_too(kind: str) -> None:
    data = whole(kind)
    ready = prepare(data[:-1], inspect(data[:-1]), JPEG)
    assert ready.data.endswith(END)
    assert np.abs(shown(ready.data) - shown(data)).mean() < 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("trailer", [b"\x00SEFH" + SECRET, b"\x00" * 12])
def test_a_trailer_in_which_nothing_looks_like_a_mark_goes_too(kind: str, trailer: bytes) -> None:
    data = whole(kind)
    trailed = data.removesuffix(END) + trailer
    ready = prepare(trailed, inspect(trailed), JPEG)
    assert trailer not in ready.data
    assert np.abs(shown(ready.data) - shown(data)).mean() < 1


@pytest.mark.parametrize("kind", KINDS)
def test_a_makers_trailer_instead_of_the_mark_goes_and_the_picture_stays(kind: str) -> None:
    data = whole(kind)
    trailed = data.removesuffix(END) + samsung_trailer()
    info = inspect(trailed)
    ready = prepare(trailed, info, JPEG)
    assert info.has_metadata
    assert SECRET in trailed
    assert SECRET not in ready.data
    assert not inspect(ready.data).has_metadata
    assert np.abs(shown(ready.data) - shown(data)).mean() < 1


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.01, 0.3, 0.7, 0.95, 0.99])
def test_a_picture_whose_rows_are_missing_is_cut_off(kind: str, share: float) -> None:
    with pytest.raises(TruncatedPictureError):
        inspect(cut(whole(kind), share))


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("share", [0.3, 0.7])
def test_so_it_is_with_something_else_behind(kind: str, share: float) -> None:
    with pytest.raises(TruncatedPictureError):
        inspect(cut(whole(kind), share) + samsung_trailer())


def test_a_picture_that_ends_at_a_restart_is_cut_off() -> None:
    data = whole("restarts")
    for mark in range(0xD0, 0xD8):
        with pytest.raises(TruncatedPictureError):
            inspect(data[: data.rindex(bytes([0xFF, mark]))])


def test_a_progressive_picture_that_ends_between_its_scans_is_cut_off() -> None:
    data = whole("progressive")
    for scan in range(data.count(b"\xff\xda") - 1):
        at = -1
        for _ in range(scan + 2):
            at = data.index(b"\xff\xda", at + 1)
        # Up to the tables of the next scan, and up to that scan itself.
        for end in (data.rindex(b"\xff\xc4", 0, at) if b"\xff\xc4" in data[at - 60 : at] else at, at):
            with pytest.raises(TruncatedPictureError):
                inspect(data[:end])


def test_a_turned_picture_without_the_mark_comes_out_upright() -> None:
    data = made("JPEG", photo(96, 64), orientation=6, secrets=False).removesuffix(END)
    ready = prepare(data, inspect(data), JPEG)
    assert (ready.width_px, ready.height_px) == (96, 64)
    assert ready.data.endswith(END)


@pytest.mark.parametrize("kind", KINDS)
async def test_a_providers_picture_is_judged_alike(kind: str) -> None:
    data = whole(kind)
    assert (await blob_of(data)).data is data
    assert (await blob_of(data.removesuffix(END))).data == data
    assert (await blob_of(data + b"behind the end")).data == data + b"behind the end"
    with pytest.raises(DamagedPicture):
        await blob_of(cut(data, 0.7))


@pytest.mark.parametrize("data", [b"\xff\xd8\xff\xdb", b"\xff\xd8\xff\xda\x00\x03\x01", b"\xff\xd8\xff" * 20])
def test_what_never_begins_is_no_picture(data: bytes) -> None:
    with pytest.raises(PictureError):
        inspect(data)


def test_the_picture_in_a_file_of_two_is_the_first() -> None:
    first, second = whole("one scan"), made("JPEG", Image.new("RGB", (64, 64)), secrets=False)
    assert inspect(first + second).width_px == 320
