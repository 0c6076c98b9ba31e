"""Sizes in pixels: the shape is kept as exactly as the steps allow, and no limit is passed."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.providers.dialects.openai_models import FAMILIES, OPENAI, family_of
from bot.providers.shared.canvas import AREAS_PX

GPT = family_of(OPENAI[0].model).canvas


@pytest.mark.parametrize(
    ("ratio", "tier", "size"),
    [
        (1.0, "1K", "1024x1024"),
        (1.0, "2K", "2048x2048"),
        (16 / 9, "1K", "1280x720"),
        (4 / 3, "1K", "1152x864"),
        (3 / 4, "1K", "864x1152"),
        (3.0, "1K", "1776x592"),
        (1 / 3, "2K", "1184x3552"),
    ],
)
def test_known_shapes_come_out_exactly(ratio: float, tier: str, size: str) -> None:
    assert GPT.size(ratio, tier) == size


def test_of_fixed_sizes_the_nearest_in_shape_is_taken() -> None:
    fixed = family_of("gpt-image-1.5").canvas
    assert [fixed.size(ratio) for ratio in (0.4, 0.9, 1.0, 1.3, 9.0)] == [
        *("1024x1536", "1024x1024", "1024x1024", "1536x1024", "1536x1024")
    ]


@given(st.floats(0.02, 50), st.sampled_from(["1K", "2K"]))
def test_every_size_is_one_that_the_live_api_takes(ratio: float, tier: str) -> None:
    """The limits of pydantic-ai-slim 2.68.0, ``images/_openai_geometry.py``."""
    width, height = map(int, GPT.size(ratio, tier).split("x"))
    assert width % 16 == height % 16 == 0
    assert max(width, height) <= min(3840, 3 * min(width, height))
    assert 655_360 <= width * height <= 8_294_400
    if 1 / 3 <= ratio <= 3:
        assert abs(math.log(width / height / ratio)) < 0.02
        assert 0.84 < width * height / AREAS_PX[tier] < 1.18


@given(st.floats(0.02, 50), st.sampled_from(list(AREAS_PX)))
def test_a_server_at_home_gets_sizes_in_steps_of_sixteen(ratio: float, tier: str) -> None:
    width, height = map(int, FAMILIES[-1].canvas.size(ratio, tier).split("x"))
    assert width % 16 == height % 16 == 0
    assert 0 < width * height < 1.3 * AREAS_PX[tier]
