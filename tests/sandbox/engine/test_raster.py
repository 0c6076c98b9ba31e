"""The engine's quick ways of looking at a neighbourhood say what the plain ways say."""

from __future__ import annotations

import numpy as np

from bot.sandbox.engine.edits import looks, raster


def some(height: int, width: int, *channels: int) -> raster.Array:
    return np.random.default_rng(7).random((height, width, *channels), dtype=np.float32)


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
    half, sigma = 2, 1.4
    level = raster.grey(array)
    tones = np.pad(raster.gauss(array, sigma), ((half, half), (half, half), (0, 0)), mode="edge")
    spread = raster.gauss(level * level, sigma) - raster.gauss(level, sigma) ** 2
    spread = np.pad(spread, half, mode="edge")
    corners = [(down, right) for down in (0, 2 * half) for right in (0, 2 * half)]
    calm = np.argmin([spread[d : d + 30, r : r + 33] for d, r in corners], axis=0)
    wanted = np.choose(calm[..., None], [tones[d : d + 30, r : r + 33] for d, r in corners])
    assert np.abs(looks.kuwahara(array, 2 * half) - wanted).max() < 1e-4
