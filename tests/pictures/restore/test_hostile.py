"""Pictures of odd sizes and without content: no error, and never taken for an edit in place."""

from __future__ import annotations

import numpy as np
import pytest

from bot.pictures.restore.crop import crop_for_mark
from bot.pictures.restore.result import AsPainted, Verdict, changed_outline, restore
from tests.pictures.restore.bases import Picture, page, stones
from tests.pictures.restore.pens import png


def one_colour(size: tuple[int, int], level: int) -> Picture:
    return np.full((size[1], size[0], 3), level, np.uint8)


def noise(size: tuple[int, int], seed: int) -> Picture:
    return np.random.default_rng(seed).integers(0, 256, (size[1], size[0], 3), np.uint8)


SIZES = [(1, 1), (1, 5000), (3000, 20), (16, 16), (63, 64), (64, 64), (800, 66)]


@pytest.mark.parametrize("source", SIZES, ids=str)
def test_a_picture_of_any_size_is_restored_or_shown_as_painted(source: tuple[int, int]) -> None:
    for answer in ((1, 1), (64, 48), (200, 180)):
        result = restore(png(noise(source, 1)), png(noise(answer, 2)), png(noise(source, 3)))
        assert result.verdict is not Verdict.LOCAL
        assert changed_outline(png(noise(source, 1)), png(noise(answer, 2))) is not None


def test_pictures_of_one_colour_give_nothing_to_restore() -> None:
    photo = stones((400, 300), 1)
    for source, answer in (
        (one_colour((400, 300), 90), photo),
        (photo, one_colour((512, 384), 0)),
        (one_colour((400, 300), 255), one_colour((512, 384), 255)),
        (one_colour((400, 300), 30), one_colour((512, 512), 200)),
        (noise((300, 300), 1), noise((300, 300), 2)),
    ):
        assert restore(png(source), png(answer)).verdict is not Verdict.LOCAL


@pytest.mark.parametrize("paint", [stones, page])
def test_an_answer_that_changed_nothing_leaves_nothing_to_restore(paint) -> None:
    source = png(paint((500, 380), 4))
    result = restore(source, source)
    assert isinstance(result, AsPainted)
    assert (result.verdict, result.reason) == (Verdict.UNSURE, "nothing found")


def test_a_picture_with_transparent_places_is_shown_as_painted() -> None:
    import io

    from PIL import Image

    clear = Image.fromarray(stones((300, 200), 2)).convert("RGBA")
    clear.putpixel((5, 5), (0, 0, 0, 0))
    out = io.BytesIO()
    clear.save(out, "PNG")
    assert restore(out.getvalue(), png(stones((300, 200), 2))).reason == "transparent"


def test_no_crop_is_planned_for_a_picture_without_a_mark() -> None:
    large = np.repeat(np.repeat(stones((500, 400), 3), 4, axis=0), 4, axis=1)
    assert crop_for_mark(png(large), png(large[::2, ::2])) is None
