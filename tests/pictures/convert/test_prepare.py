"""A provider gets the person's pixels and none of their other data."""

from __future__ import annotations

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image, ImageCms

from bot.pictures.convert.prepare import prepare
from bot.pictures.convert.prepared import Change
from bot.pictures.convert.reencode import small
from bot.pictures.errors import DamagedPictureError
from bot.pictures.formats.inspect import inspect
from tests.pictures.made import FORMATS, SECRET, animation, decoded, made, photo, png_chunk, sampling, shown

PNG_OR_JPEG = frozenset({"image/png", "image/jpeg"})
WITH_WEBP = PNG_OR_JPEG | {"image/webp"}
ALL = WITH_WEBP | {"image/heic", "image/heif", "image/avif"}
TURNABLE = ("PNG", "JPEG", "WEBP", "HEIC", "AVIF", "TIFF")
SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@given(
    kind=st.sampled_from(FORMATS),
    orientation=st.integers(1, 8),
    accepted=st.sampled_from([PNG_OR_JPEG, WITH_WEBP, ALL, frozenset({"image/jpeg"}), frozenset({"image/png"})]),
    width=st.integers(17, 64),
    height=st.integers(17, 64),
    longest=st.sampled_from([None, 16, 40, 4000]),
)
@settings(max_examples=60)
def test_secrets_go_pixels_stay(
    kind: str, orientation: int, accepted: frozenset[str], width: int, height: int, longest: int | None
) -> None:
    data = made(kind, photo(width, height), orientation=orientation if kind in TURNABLE else 1)
    ready = prepare(data, inspect(data), accepted, longest)
    after = inspect(ready.data)

    assert SECRET in data or kind == "BMP"
    assert SECRET not in ready.data
    assert not after.has_metadata
    assert ready.mime == after.mime
    assert ready.mime in accepted
    assert (ready.width_px, ready.height_px) == (after.width_px, after.height_px)
    if longest is None or max(width, height) <= longest:
        assert (ready.width_px, ready.height_px) == (width, height)
        assert Change.SHRUNK not in ready.changes
        assert np.abs(shown(ready.data) - shown(data)).mean() < 4
    else:
        assert max(ready.width_px, ready.height_px) == longest
        assert Change.SHRUNK in ready.changes
    again = prepare(ready.data, after, accepted, longest)
    assert again.data == ready.data
    assert again.changes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP", "HEIC", "AVIF"])
def test_an_upright_picture_keeps_its_very_pixels(kind: str) -> None:
    data = made(kind, photo(160, 96))
    ready = prepare(data, inspect(data), ALL)
    assert ready.mime == inspect(data).mime
    assert np.array_equal(shown(ready.data), shown(data))
    assert ready.changes == ()


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
def test_a_clean_picture_is_returned_as_it_came(kind: str) -> None:
    data = made(kind, secrets=False)
    assert prepare(data, inspect(data), ALL).data is data


def test_the_coded_picture_of_a_jpeg_is_the_same_bytes() -> None:
    data = made("JPEG", photo(160, 96))
    ready = prepare(data, inspect(data), PNG_OR_JPEG).data
    scan = data.index(b"\xff\xda")
    assert data[scan : data.index(b"\xff\xd9", scan) + 2] == ready[ready.index(b"\xff\xda") :]


@pytest.mark.parametrize("kind", TURNABLE)
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_orientation_comes_out_upright(kind: str, orientation: int) -> None:
    upright = photo(96, 64)
    data = made(kind, upright, orientation=orientation)
    ready = prepare(data, inspect(data), PNG_OR_JPEG)
    assert np.abs(shown(ready.data)[..., :3] - np.asarray(upright, dtype=int)).mean() < 5
    assert inspect(ready.data).orientation == 1


def test_a_turned_jpeg_neither_grows_nor_fades() -> None:
    upright = photo(320, 192)
    data = made("JPEG", upright, orientation=6, secrets=False)
    ready = prepare(data, inspect(data), PNG_OR_JPEG)
    assert sampling(ready.data) == 2
    assert len(ready.data) < len(data) * 1.05
    error = ((shown(ready.data) - shown(data)) ** 2).mean()
    assert error < 2.0, "above 45 dB against what the file showed"


def test_a_turned_jpeg_of_odd_size_is_encoded_with_full_colour() -> None:
    data = made("JPEG", photo(101, 67), orientation=8, secrets=False)
    ready = prepare(data, inspect(data), PNG_OR_JPEG)
    assert sampling(ready.data) == 0


def test_what_trails_a_jpeg_goes_with_its_place() -> None:
    preview = made("JPEG", photo(40, 40), secrets=True)
    data = made("JPEG", secrets=False) + preview
    assert inspect(data).has_metadata
    assert prepare(data, inspect(data), PNG_OR_JPEG).data == made("JPEG", secrets=False)


def test_a_thumbnail_inside_jfif_goes() -> None:
    plain = made("JPEG", secrets=False)
    data = plain[:2] + b"\xff\xe0\x00\x16JFIF\0\x01\x02\x00\x00\x01\x00\x01\x02\x01" + b"SECRET" + plain[20:]
    ready = prepare(data, inspect(data), PNG_OR_JPEG)
    assert b"SECRET" not in ready.data
    assert np.array_equal(decoded(ready.data), decoded(plain))


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "WEBP"])
@pytest.mark.parametrize("orientation", [1, 6])
def test_the_colour_profile_stays(kind: str, orientation: int) -> None:
    out = io.BytesIO()
    block = Image.Exif()
    block[0x0112] = orientation
    photo().save(out, kind, icc_profile=SRGB, exif=block.tobytes())
    ready = prepare(out.getvalue(), inspect(out.getvalue()), WITH_WEBP)
    assert Image.open(io.BytesIO(ready.data)).info["icc_profile"] == SRGB


@pytest.mark.parametrize("kind", ["PNG", "GIF", "WEBP", "AVIF"])
def test_of_a_moving_picture_the_first_frame_and_a_word_about_it(kind: str) -> None:
    data = animation(kind)
    ready = prepare(data, inspect(data), WITH_WEBP)
    assert Change.FIRST_FRAME in ready.changes
    assert inspect(ready.data).frames == 1
    assert np.abs(shown(ready.data) - shown(data)).mean() < 4


def test_of_a_tiff_the_first_page_and_a_word_about_it() -> None:
    data = animation("TIFF")
    assert prepare(data, inspect(data), PNG_OR_JPEG).changes[0] is Change.FIRST_PAGE


def test_photographs_become_jpeg_and_drawings_png() -> None:
    drawing = Image.new("RGB", (80, 60), "white")
    drawing.paste((200, 0, 0), (10, 10, 40, 40))
    for picture, mime in ((photo(200, 200), "image/jpeg"), (drawing, "image/png")):
        out = io.BytesIO()
        picture.save(out, "BMP")
        assert prepare(out.getvalue(), inspect(out.getvalue()), PNG_OR_JPEG).mime == mime


@pytest.mark.parametrize("kind", ["WEBP", "TIFF", "AVIF", "GIF"])
def test_transparency_survives_conversion(kind: str) -> None:
    picture = Image.new("RGBA", (40, 40), (0, 0, 0, 0))
    picture.paste((200, 20, 20, 255), (10, 10, 30, 30))
    picture.save(out := io.BytesIO(), kind)
    ready = prepare(out.getvalue(), inspect(out.getvalue()), PNG_OR_JPEG)
    assert ready.mime == "image/png"
    assert shown(ready.data)[0, 0, 3] == 0
    assert shown(ready.data)[20, 20, 3] == 255


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "TIFF"])
def test_a_transparent_picture_above_the_limit_gets_smaller_and_stays_transparent(kind: str) -> None:
    picture = Image.frombytes("RGBA", (200, 200), np.random.default_rng(1).bytes(160_000))
    picture.paste((0, 0, 0, 0), (0, 0, 100, 200))
    picture.save(out := io.BytesIO(), kind, **({"lossless": True} if kind == "WEBP" else {}))
    data = out.getvalue()
    ready = prepare(data, inspect(data), PNG_OR_JPEG, None, len(data) // 2)
    assert (ready.mime, Change.SHRUNK in ready.changes) == ("image/png", True)
    assert Change.FLATTENED not in ready.changes
    assert len(ready.data) <= len(data) // 2
    assert shown(ready.data)[ready.height_px // 2, 10, 3] == 0


def test_a_transparent_picture_far_above_the_limit_is_laid_on_white() -> None:
    picture = Image.frombytes("RGBA", (200, 200), np.random.default_rng(1).bytes(160_000))
    picture.save(out := io.BytesIO(), "PNG")
    ready = prepare(out.getvalue(), inspect(out.getvalue()), PNG_OR_JPEG, None, 30_000)
    assert Change.FLATTENED in ready.changes


def test_transparency_is_laid_on_white_only_where_nothing_else_is_taken() -> None:
    Image.new("RGBA", (40, 40), (0, 0, 0, 0)).save(out := io.BytesIO(), "PNG")
    ready = prepare(out.getvalue(), inspect(out.getvalue()), frozenset({"image/jpeg"}))
    assert Change.FLATTENED in ready.changes
    assert (shown(ready.data)[..., :3] > 250).all()


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "CMYK", "YCbCr", "LAB", "I;16", "I", "F"])
def test_every_mode_of_a_tiff_is_read(mode: str) -> None:
    grey = photo().convert("L")
    wide = {"I;16": 257.0, "I": 70_000.0, "F": 0.01}
    if mode in wide:
        values = np.asarray(grey) * wide[mode]
        picture = Image.fromarray(values.astype({"I;16": np.uint16, "I": np.int32, "F": np.float32}[mode]))
    else:
        picture = grey.convert("RGB").convert(mode) if mode not in ("1", "L", "LA", "P") else grey.convert(mode)
    assert picture.mode == mode
    picture.save(out := io.BytesIO(), "TIFF")
    ready = prepare(out.getvalue(), inspect(out.getvalue()), PNG_OR_JPEG)
    brightness = Image.fromarray(shown(ready.data)[..., :3].mean(axis=-1).astype(np.uint8))
    small, expected = (np.asarray(each.reduce(8)).ravel() for each in (brightness, grey))
    assert np.corrcoef(small, expected)[0, 1] > 0.95


def test_cmyk_becomes_rgb() -> None:
    photo().convert("CMYK").save(out := io.BytesIO(), "JPEG")
    ready = prepare(out.getvalue(), inspect(out.getvalue()), PNG_OR_JPEG)
    assert Image.open(io.BytesIO(ready.data)).mode == "RGB"


def test_pixels_that_cannot_be_decoded_are_named_so() -> None:
    whole = made("PNG", secrets=False)
    broken = whole[:33] + png_chunk(b"IDAT", b"\xff" * 200) + png_chunk(b"IEND", b"")
    with pytest.raises(DamagedPictureError):
        prepare(broken, inspect(broken), frozenset({"image/jpeg"}))


def test_a_provider_that_takes_nothing_is_a_mistake_of_ours() -> None:
    data = made("BMP")
    with pytest.raises(ValueError, match="PNG, JPEG or WebP"):
        prepare(data, inspect(data), frozenset({"image/tiff"}))


@pytest.mark.parametrize("kind", FORMATS)
def test_small_ones(kind: str) -> None:
    assert small(made(kind, photo(640, 320)), 128).size == (128, 64)
    assert small(made(kind, photo(60, 30)), 128).size == (60, 30)


def test_small_ones_lie_on_white() -> None:
    Image.new("RGBA", (9, 9), (0, 0, 0, 0)).save(clear := io.BytesIO(), "PNG")
    assert small(clear.getvalue(), 9).getpixel((4, 4)) == (255, 255, 255)
