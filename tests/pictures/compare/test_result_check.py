"""Telling a picture that ignores the wish from one that follows it, measured on edited and recompressed scenes."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageDraw, ImageEnhance, ImageFilter

from bot.pictures.compare.result_check import fingerprint, ratio_ignored, same_picture, size_ignored
from bot.pictures.errors import PictureError

SAMPLES = Path(__file__).parents[3] / "bot" / "sandbox" / "page" / "static" / "samples"

# What the models deliver for a ratio, from their documentation; the long ones also as seen at the live API
# (pydantic-ai, images/_google_geometry.py).
DELIVERED = {
    "1:1": [(1024, 1024), (2048, 2048)],
    "2:3": [(832, 1248), (848, 1264)],
    "3:2": [(1248, 832), (1264, 848)],
    "3:4": [(864, 1184), (896, 1200)],
    "4:3": [(1184, 864), (1200, 896)],
    "4:5": [(896, 1152), (928, 1152)],
    "5:4": [(1152, 896), (1152, 928)],
    "9:16": [(768, 1344), (768, 1376)],
    "16:9": [(1344, 768), (1376, 768), (2752, 1536), (5504, 3072)],
    "21:9": [(1536, 672), (1584, 672)],
    "4:1": [(1024, 256), (2064, 512), (2048, 512)],
    "1:4": [(256, 1024), (512, 2064), (512, 2048)],
    "8:1": [(1456, 176), (2928, 352), (5856, 704), (11712, 1408), (3072, 384)],
    "1:8": [(176, 1456), (352, 2928), (704, 5856), (1408, 11712), (384, 3072)],
}


def test_what_a_model_delivers_for_a_ratio_is_that_ratio() -> None:
    for wanted, sizes in DELIVERED.items():
        for size in sizes:
            assert not ratio_ignored(wanted, *size), (wanted, size)


def test_another_ratio_is_noticed() -> None:
    for wanted in DELIVERED:
        for other, sizes in DELIVERED.items():
            if other != wanted:
                assert ratio_ignored(wanted, *sizes[-1]), (wanted, other)


@pytest.mark.parametrize("wanted", [None, "", "auto", "16", "0:0", "a:b", "1:0"])
def test_no_ratio_cannot_be_ignored(wanted: str | None) -> None:
    assert not ratio_ignored(wanted, 100, 200)


@pytest.mark.parametrize(
    ("wanted", "size", "ignored"),
    [
        ("1K", (1024, 1024), False),
        ("1K", (3072, 384), False),
        ("1K", (2928, 352), False),
        ("512", (1456, 176), False),
        ("2K", (5856, 704), False),
        ("4K", (1408, 11712), False),
        ("2K", (352, 2928), True),
        ("1K", (2048, 2048), True),
        ("2K", (2752, 1536), False),
        ("2K", (1376, 768), True),
        ("4K", (5504, 3072), False),
        ("4K", (2048, 2048), True),
        ("512", (512, 512), False),
        ("512", (1024, 1024), True),
        (None, (1, 1), False),
        ("huge", (1, 1), False),
    ],
)
def test_a_size_that_was_ignored_is_noticed(wanted: str | None, size: tuple[int, int], ignored: bool) -> None:
    assert size_ignored(wanted, *size) is ignored


def scene(seed: int) -> Image.Image:
    """Return a picture with soft ground, hard shapes and grain."""
    dice = random.Random(seed)
    ground = Image.new("RGB", (16, 12))
    ground.putdata([tuple(dice.randrange(256) for _ in range(3)) for _ in range(16 * 12)])
    picture = ground.resize((1024, 768), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(60):
        x, y, r = dice.randrange(1024), dice.randrange(768), dice.randrange(5, 120)
        pen.ellipse((x - r, y - r, x + r, y + r), fill=tuple(dice.randrange(256) for _ in range(3)))
    grain = Image.effect_noise((1024, 768), 16).convert("RGB")
    return Image.blend(picture, grain, 0.08)


def saved(picture: Image.Image, kind: str = "JPEG", **options: int) -> bytes:
    """Return ``picture`` as a file."""
    written = io.BytesIO()
    picture.save(written, kind, **options)
    return written.getvalue()


def edited(picture: Image.Image, edit: str) -> Image.Image:
    """Return ``picture`` after one of the smallest edits that a person would notice."""
    twin = picture.copy()
    pen = ImageDraw.Draw(twin)
    match edit:
        case "moon":
            pen.ellipse((700, 60, 760, 120), fill="white")
        case "words":
            pen.text((400, 20), "HELLO", fill="black", font_size=40)
        case "brighter":
            twin = ImageEnhance.Brightness(twin).enhance(1.06)
        case "contrast":
            twin = ImageEnhance.Contrast(twin).enhance(1.15)
        case "warmer":
            red, green, blue = twin.split()
            twin = Image.merge("RGB", (red.point(lambda v: min(255, v * 1.06)), green, blue.point(lambda v: v * 0.94)))
        case "grey":
            twin = twin.convert("L").convert("RGB")
        case "blurred":
            twin = twin.filter(ImageFilter.GaussianBlur(8))
        case "mirrored":
            twin = twin.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        case "turned":
            twin = twin.rotate(180)
    return twin


@pytest.mark.parametrize("seed", range(2))
def test_a_copy_is_the_same_picture_however_it_is_saved(seed: int) -> None:
    picture = scene(seed)
    before = fingerprint(saved(picture, "PNG"))
    copies = {
        "jpeg 90": saved(picture, quality=90),
        "jpeg 30": saved(picture, quality=30),
        "webp": saved(picture, "WEBP", quality=60),
        "half": saved(picture.resize((512, 384)), "PNG"),
        "there and back": saved(picture.resize((512, 384)).resize((1024, 768)), quality=70),
        "slightly larger": saved(picture.resize((1152, 864)), quality=80),
        "with alpha": saved(picture.convert("RGBA"), "PNG"),
    }
    for name, data in copies.items():
        assert same_picture(before, fingerprint(data)), name


@pytest.mark.parametrize("seed", range(2))
def test_an_edit_is_another_picture_however_small(seed: int) -> None:
    picture = scene(seed)
    before = fingerprint(saved(picture, "PNG"))
    for edit in ("moon", "words", "brighter", "contrast", "warmer", "grey", "blurred", "mirrored", "turned"):
        assert not same_picture(before, fingerprint(saved(edited(picture, edit), quality=85))), edit


@pytest.mark.parametrize("sample", sorted(SAMPLES.glob("*.jpg")), ids=lambda path: path.stem)
def test_a_photo_that_was_sharpened_or_softened_a_little_is_another_picture_and_a_copy_is_not(sample: Path) -> None:
    data = sample.read_bytes()
    with Image.open(sample) as photo:
        picture = photo.convert("RGB")
    before = fingerprint(data)
    for edit in (ImageFilter.UnsharpMask(2, 80, 2), ImageFilter.UnsharpMask(1, 60, 0), ImageFilter.GaussianBlur(4)):
        assert not same_picture(before, fingerprint(saved(picture.filter(edit), quality=92))), edit
    half = (picture.width // 2, picture.height // 2)
    there = picture.resize(half)
    for copy, quality in ((picture, 90), (picture, 30), (there, 90), (there.resize(picture.size), 90)):
        assert same_picture(before, fingerprint(saved(copy, quality=quality))), (copy.size, quality)


def test_a_flat_picture_has_copies_too() -> None:
    for picture in (Image.new("RGB", (800, 600), (120, 80, 200)), Image.linear_gradient("L").convert("RGB")):
        before = fingerprint(saved(picture, "PNG"))
        assert same_picture(before, fingerprint(saved(picture, quality=30)))


def test_what_cannot_be_read_is_told_as_such() -> None:
    with pytest.raises(PictureError, match="not a picture"):
        fingerprint(b"nothing")
