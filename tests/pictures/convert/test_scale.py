"""Pictures put together from strips: equal to one done in a single pass, with metadata, for every decoder mode."""

from __future__ import annotations

import io

import numpy as np
import pytest
from PIL import Image

from bot.pictures import threads
from bot.pictures.convert import scale
from bot.pictures.convert.decode import decode
from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.scale import Strips, scaled, shrunk, size_within
from bot.pictures.errors import TooManyPixelsError
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import Budget
from tests.pictures.hostile import flat_jpeg, flat_png, flat_webp
from tests.pictures.made import photo

WIDE = (421, 304)


@pytest.fixture(autouse=True)
def strips_of_small_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let pictures of ``WIDE`` be too large to go in one go, so that the tests take no time."""
    monkeypatch.setattr(scale, "_ONE_GO_PX", 20_000)
    monkeypatch.setattr(scale, "_STRIP_PX", 30_000)


def tiled(mode: str, size: tuple[int, int] = WIDE) -> Image.Image:
    """Return a large picture with something in it, of a mode."""
    tile = photo(300, 300).convert(mode)
    if mode in ("RGBA", "LA"):
        tile.putalpha(Image.linear_gradient("L").resize(tile.size))
    whole = Image.new(mode, size)
    if mode == "P":
        whole.putpalette(tile.getpalette())
    for left in range(0, size[0], 300):
        for top in range(0, size[1], 300):
            whole.paste(tile, (left, top))
    return whole


@pytest.mark.parametrize("mode", ["L", "RGB", "RGBA", "LA"])
@pytest.mark.parametrize("longest_px", [400, 256, 32, 7])
def test_strips_show_no_seams(mode: str, longest_px: int) -> None:
    picture = tiled(mode)
    in_one_go = picture.resize(size_within(WIDE, longest_px), Image.Resampling.HAMMING)
    by_strips = shrunk(picture, longest_px)
    assert by_strips.size == in_one_go.size
    # The colour of what cannot be seen is anybody's guess.
    seen = {"RGBA": "RGBa", "LA": "La"}.get(mode, mode)
    assert np.abs(np.asarray(by_strips.convert(seen), int) - np.asarray(in_one_go.convert(seen), int)).max() <= 2


def test_what_is_not_made_smaller_is_not_copied() -> None:
    picture = tiled("RGB")
    assert scaled(Strips(size=picture.size, cut=lambda top, bottom: picture, whole=picture), 5_000) is picture


def test_what_a_picture_carries_stays_with_the_smaller_one() -> None:
    for size in ((100, 50), WIDE):
        picture = Image.new("RGB", size)
        picture.info = {"icc_profile": b"colours"}
        assert shrunk(picture, 50).info == {"icc_profile": b"colours"}


@pytest.mark.parametrize(
    ("kind", "mode", "expected"),
    [
        ("PNG", "P", "RGB"),
        ("PNG", "1", "L"),
        ("PNG", "RGBA", "RGBA"),
        ("TIFF", "CMYK", "RGB"),
        ("TIFF", "I;16", "L"),
        ("TIFF", "YCbCr", "RGB"),
    ],
)
def test_modes_are_converted_strip_by_strip(kind: str, mode: str, expected: str) -> None:
    if mode == "I;16":
        picture = Image.fromarray(np.asarray(tiled("L")).astype(np.uint16) * 257)
    else:
        picture = tiled("RGB" if mode in ("CMYK", "YCbCr", "P", "1") else mode).convert(mode)
    picture.save(out := io.BytesIO(), kind, compress_level=1, compression="tiff_adobe_deflate")
    data = out.getvalue()
    whole, less = (decode(data, inspect(data), longest_px) for longest_px in (None, 60))
    assert (whole.mode, whole.size, less.mode, less.size) == (expected, WIDE, expected, (60, 43))
    reference = picture.point(lambda value: value / 257).convert("L") if mode == "I;16" else picture.convert(expected)
    near = reference.resize(less.size, Image.Resampling.HAMMING)
    assert np.abs(np.asarray(whole, int) - np.asarray(reference, int)).max() <= 1
    assert np.abs(np.asarray(less, int) - np.asarray(near, int)).max() <= 1


def test_an_alpha_channel_that_is_full_goes_before_anything_else() -> None:
    tiled("RGB").convert("RGBA").save(out := io.BytesIO(), "PNG", compress_level=1)
    assert decode(out.getvalue(), inspect(out.getvalue()), 60).mode == "RGB"


@pytest.mark.parametrize(
    ("data", "longest_px", "size"),
    [
        (flat_jpeg(8_000, 6_000), 4_096, (4_000, 3_000)),
        (flat_jpeg(8_000, 6_000), 320, (320, 240)),
        (flat_jpeg(300, 200), 320, (300, 200)),
        (flat_jpeg(6_000, 30), 4_096, (4_096, 20)),
    ],
)
def test_a_jpeg_is_made_smaller_while_it_is_decoded(data: bytes, longest_px: int, size: tuple[int, int]) -> None:
    """If the decoder can scale to within a twentieth of the wanted size, that is near enough."""
    assert decode(data, inspect(data), longest_px).size == size


def test_a_small_container_refuses_what_would_fill_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(threads, "budget", Budget(50_000_000))
    assert inspect(flat_png(3_000, 4_000)).width_px == 3_000
    for data, megapixels in ((flat_png(4_000, 4_000), 12), (flat_webp(2_000, 2_000), 3)):
        with pytest.raises(TooManyPixelsError) as caught:
            inspect(data)
        assert caught.value.facts["limit_megapixels"] == megapixels
    assert inspect(flat_jpeg(8_000, 6_000)).width_px == 8_000, "decoded at half its size"


def test_a_picture_over_the_limit_of_bytes_becomes_a_smaller_jpeg() -> None:
    noise = Image.effect_noise((1_600, 1_200), 80).convert("RGB")
    noise.save(out := io.BytesIO(), "PNG")
    data = out.getvalue()
    for most_bytes, longest_px in ((len(data), 1_600), (1_700_000, 1_600), (900_000, 1_200), (1_000, 800)):
        ready = prepare(data, inspect(data), frozenset({"image/png", "image/jpeg"}), 1_600, most_bytes)
        assert max(ready.width_px, ready.height_px) == longest_px, most_bytes
        assert len(ready.data) <= most_bytes or longest_px == 800
        assert (ready.mime == "image/png") == (most_bytes == len(data))
