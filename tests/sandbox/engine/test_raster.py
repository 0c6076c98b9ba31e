"""The engine's quick ways of looking at a neighbourhood say what the plain ways say."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.engine.edits import looks, raster


def some(height: int, width: int, *channels: int) -> raster.Array:
    return np.random.default_rng(7).random((height, width, *channels), dtype=np.float32)


def plain_mean(array: raster.Array, radius: int) -> raster.Array:
    pads = [(radius, radius), (radius, radius)] + [(0, 0)] * (array.ndim - 2)
    padded = np.pad(array, pads, mode="edge").astype(np.float64)
    windows = np.lib.stride_tricks.sliding_window_view(padded, (2 * radius + 1, 2 * radius + 1), axis=(0, 1))
    return np.asarray(windows.mean(axis=(-2, -1)))


@pytest.mark.parametrize("radius", [1, 2, 3, 5, 8, 20])
@pytest.mark.parametrize("shape", [(17, 23), (9, 40, 3), (1, 1), (1, 30, 3)])
def test_mean(shape: tuple[int, ...], radius: int) -> None:
    array = some(*shape)
    assert np.abs(raster.mean(array, radius) - plain_mean(array, radius)).max() < 1e-5


def test_a_gaussian_keeps_the_sum_and_is_even() -> None:
    point = np.zeros((41, 41), dtype=np.float32)
    point[20, 20] = 1
    spot = raster.gauss(point, 2.0)
    assert abs(float(spot.sum()) - 1) < 1e-4
    for turned in (spot[::-1], spot[:, ::-1], spot.T):
        assert np.allclose(spot, turned)
    assert abs(float(spot[20, 22] / spot[20, 20]) - np.exp(-0.5)) < 1e-3


def test_kuwahara_takes_the_calmest_of_four() -> None:
    array = some(30, 33, 3)
    half = 2
    level = raster.grey(array)
    tones = np.pad(plain_mean(array, half), ((half, half), (half, half), (0, 0)), mode="edge")
    spread = plain_mean(level * level, half) - plain_mean(level, half) ** 2
    spread = np.pad(spread, half, mode="edge")
    corners = [(down, right) for down in (0, 2 * half) for right in (0, 2 * half)]
    calm = np.argmin([spread[d : d + 30, r : r + 33] for d, r in corners], axis=0)
    wanted = np.choose(calm[..., None], [tones[d : d + 30, r : r + 33] for d, r in corners])
    assert np.abs(looks.kuwahara(array, 2 * half) - wanted).max() < 1e-4
