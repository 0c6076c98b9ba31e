"""Camera raws: the large preview in them is used, and never the thumbnail that a reader of TIFF takes for the picture.

The files are laid out as cameras do: DNG (Adobe, phones), NEF (Nikon), ARW (Sony), CR2 (Canon), PEF (Pentax). Public
reports of thumbnails taken for pictures: libvips issue 1416, sxiv issue 238, darktable pull request 21230.
"""

from __future__ import annotations

import contextlib

import numpy as np
import pytest
from PIL import Image

from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.prepared import Change
from bot.pictures.convert.reencode import small
from bot.pictures.errors import CameraRawError, PictureError
from bot.pictures.formats.inspect import inspect
from tests.pictures.hostile import SOF_LOSSLESS, flat_jpeg
from tests.pictures.made import SECRET, animation, exif, made, photo, shown
from tests.pictures.tiffs import (
    BITS,
    DNG_VERSION,
    HEIGHT,
    MAKE,
    PACKED,
    PHOTOMETRIC,
    SUBFILE,
    TURN,
    WIDTH,
    Page,
    picture_page,
    tiff,
)

JPEG = frozenset({"image/jpeg", "image/png"})
UPRIGHT = photo(1200, 900)
PREVIEW = made("JPEG", UPRIGHT)
SMALL = made("JPEG", photo(160, 120), secrets=False)
SENSOR = flat_jpeg(4000, 3000, components=1, frame=SOF_LOSSLESS)
"""The sensor's data, packed without loss: a JPEG by its first bytes, but one that hardly any program can read."""


def thumbnail(**more: int) -> Page:
    """Return a first page as most raws have it: small, and it says so."""
    page = picture_page(256, 171, bytes(256 * 171 * 3), samples=3)
    page.numbers |= {SUBFILE: 1, MAKE: SECRET.decode()} | {int(tag[1:]): number for tag, number in more.items()}
    return page


def sensor() -> Page:
    page = picture_page(4000, 3000, SENSOR, packed=7, bits=14)
    page.numbers |= {SUBFILE: 0, PHOTOMETRIC: 32803}
    return page


def embedded(jpeg: bytes, *, interchanged: bool = False) -> Page:
    return Page(numbers={SUBFILE: 1, PACKED: 6 if interchanged else 7}, picture=jpeg, interchanged=interchanged)


def dng(*previews: bytes, **more: int) -> bytes:
    first = thumbnail(**more)
    first.numbers[DNG_VERSION] = [1, 4, 0, 0]
    first.subpages = [sensor(), *(embedded(each) for each in previews)]
    return tiff(first)


def nef(preview: bytes) -> bytes:
    first = thumbnail()
    first.subpages = [embedded(preview, interchanged=True), sensor()]
    return tiff(first)


def cr2(preview: bytes) -> bytes:
    first = Page(numbers={WIDTH: 1200, HEIGHT: 900, BITS: [8, 8, 8], PACKED: 6}, picture=preview)
    return tiff(first, embedded(SMALL, interchanged=True), sensor(), room=b"CR\x02\x00" + bytes(4))


def pef(preview: bytes) -> bytes:
    return tiff(sensor(), embedded(SMALL, interchanged=True), embedded(preview, interchanged=True))


RAWS = {
    "dng": dng(SMALL, PREVIEW),
    "nef": nef(PREVIEW),
    "cr2": cr2(PREVIEW),
    "pef": pef(PREVIEW),
    "dng, large one first": dng(PREVIEW, SMALL),
}


@pytest.mark.parametrize("kind", RAWS)
def test_the_largest_preview_is_the_picture_and_that_is_said(kind: str) -> None:
    info = inspect(RAWS[kind])
    assert (info.mime, info.width_px, info.height_px, info.frames) == ("image/tiff", 1200, 900, 1)
    ready = prepare(RAWS[kind], info, JPEG, 4096)
    assert ready.changes == (Change.RAW_PREVIEW,)
    assert (ready.mime, ready.width_px, ready.height_px) == ("image/jpeg", 1200, 900)
    assert SECRET not in ready.data
    assert np.array_equal(shown(ready.data), shown(PREVIEW))


@pytest.mark.parametrize("kind", RAWS)
def test_a_raw_is_drawn_from_its_preview(kind: str) -> None:
    drawn = small(RAWS[kind], 300)
    assert drawn.size == (300, 225)
    assert np.abs(np.asarray(drawn, int) - np.asarray(UPRIGHT.resize((300, 225)), int)).mean() < 5


def test_a_raw_is_turned_as_a_whole() -> None:
    lying = made("JPEG", UPRIGHT.transpose(Image.Transpose.ROTATE_90), secrets=False)
    data = dng(lying, **{f"t{TURN}": 6})
    info = inspect(data)
    assert (info.width_px, info.height_px, info.orientation) == (1200, 900, 6)
    assert np.abs(shown(prepare(data, info, JPEG).data)[..., :3] - np.asarray(UPRIGHT, int)).mean() < 5


def test_a_preview_that_says_itself_how_it_is_turned_is_turned_once() -> None:
    turned = made("JPEG", UPRIGHT, orientation=6, secrets=False)
    for data in (dng(turned), dng(turned, **{f"t{TURN}": 6})):
        info = inspect(data)
        assert (info.width_px, info.height_px, info.orientation) == (1200, 900, 6)


def test_a_large_preview_is_made_smaller_and_both_are_said() -> None:
    data = dng(flat_jpeg(5000, 4000))
    assert prepare(data, inspect(data), JPEG, 4096).changes == (Change.RAW_PREVIEW, Change.SHRUNK)


@pytest.mark.parametrize(
    "data",
    [dng(), dng(SMALL), dng(PREVIEW[:5000]), tiff(sensor()), nef(b"\xff\xd8\xff no JPEG")],
    ids=["none", "a thumbnail", "a broken one", "the sensor's picture alone", "rubbish"],
)
def test_without_a_large_preview_a_raw_is_told_to_be_one(data: bytes) -> None:
    with pytest.raises(CameraRawError) as caught:
        inspect(data)
    assert caught.value.key == "picture-raw"


@pytest.mark.parametrize(
    "data",
    [
        b"IIRO\x08\x00\x00\x00" + bytes(200),
        b"IIU\x00\x18\x00\x00\x00" + bytes(200),
        b"FUJIFILMCCD-RAW 0201" + bytes(200),
        b"\x00\x00\x00\x18ftypcrx \x00\x00\x00\x01crx isom" + bytes(200),
    ],
    ids=["orf", "rw2", "raf", "cr3"],
)
def test_raws_of_other_kinds_are_named_too(data: bytes) -> None:
    with pytest.raises(CameraRawError):
        inspect(data)


def test_a_scan_with_a_thumbnail_before_it_is_the_scan() -> None:
    scan = picture_page(400, 300, bytes(400 * 300))
    data = tiff(thumbnail(), scan, scan)
    info = inspect(data)
    assert (info.width_px, info.height_px, info.frames, info.preview) == (400, 300, 2, None)
    assert prepare(data, info, JPEG).changes[0] is Change.FIRST_PAGE


def test_a_scan_with_smaller_versions_below_it_is_no_raw() -> None:
    scan = picture_page(400, 300, bytes(400 * 300))
    scan.numbers[SUBFILE] = 0
    scan.subpages = [picture_page(200, 150, bytes(200 * 150))]
    assert (inspect(tiff(scan)).width_px, inspect(tiff(scan)).frames) == (400, 1)


def test_an_ordinary_tiff_is_no_raw() -> None:
    assert inspect(made("TIFF")).preview is None
    assert inspect(animation("TIFF", 3)).frames == 3


@pytest.mark.parametrize("at", range(0, 400, 7))
def test_a_broken_raw_never_breaks_the_reader(at: int) -> None:
    data = bytearray(dng(SMALL, PREVIEW))
    data[-at - 1] ^= 0xFF
    data[4 + at % 4] ^= at & 0x0F
    with contextlib.suppress(PictureError):
        prepare(bytes(data), inspect(bytes(data)), JPEG)


def test_exif_of_a_preview_does_not_reach_the_provider() -> None:
    data = dng(made("JPEG", UPRIGHT))
    assert exif()[6:20] in data
    assert not inspect(prepare(data, inspect(data), JPEG).data).has_metadata
