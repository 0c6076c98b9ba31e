"""The shape that is sent with a wish, and the words that leave it to the model."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.catalog import LONG_RATIOS, RATIOS
from bot.turns.request.aspect import nearest, ratio_of, speaks_of_shape


@pytest.mark.parametrize(
    "wish",
    [
        *("make it square", "crop it", "16:9 please", "as a 1920x1080 wallpaper", "extend the beach to the left"),
        *("als Hochformat", "quadratisch", "zuschneiden, bitte", "breiter"),
        *("hazla cuadrada", "más ancha", "recorta el borde", "deixe mais larga", "em formato quadrado"),
        *("сделай квадратной", "шире", "обрежь край", "裁剪成方形", "改成竖版"),
    ],
)
def test_words_about_the_frame_are_noticed_in_each_language(wish: str) -> None:
    assert speaks_of_shape(wish)


@pytest.mark.parametrize(
    "wish",
    [
        *("make it warmer", "a girl with larger eyes", "an anchor on the wall", "add a hat", "at 5 o'clock"),
        *("mach es wärmer", "ein Mädchen mit Hut", "una chica con sombrero", "uma menina de chapéu"),
        *("сделай теплее", "девочка в шляпе", "更暖一些", "给她戴上帽子"),
    ],
)
def test_other_words_are_not(wish: str) -> None:
    assert not speaks_of_shape(wish)


@pytest.mark.parametrize("known", [RATIOS, LONG_RATIOS])
def test_each_shape_that_a_model_makes_is_nearest_to_itself(known: tuple[str, ...]) -> None:
    for written in known:
        ratio = ratio_of(written)
        assert ratio is not None
        assert nearest(ratio, known) == written


@given(st.integers(1, 20_000), st.integers(1, 20_000))
def test_no_known_shape_is_nearer_than_the_nearest(width: int, height: int) -> None:
    found = nearest(width / height, LONG_RATIOS)
    assert found is not None

    def away(written: str) -> float:
        return abs(math.log((ratio_of(written) or 1.0) * height / width))

    assert away(found) == min(map(away, LONG_RATIOS))


@pytest.mark.parametrize("written", ["", "auto", "16", "0:1", "1:0", "1:2:3", "16:9 ", "-1:2", "100:1"])
def test_what_is_no_shape_has_no_ratio(written: str) -> None:
    assert ratio_of(written) is None
    assert nearest(1.0, [written]) is None
