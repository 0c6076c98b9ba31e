"""Scenes: every subject can be painted at every hour and in every weather, the same way each time."""

from __future__ import annotations

import numpy as np
import pytest

from bot.sandbox.engine.reading.scenery import SUBJECTS, read_scene
from bot.sandbox.engine.scenes import paint
from bot.sandbox.engine.steps import Step
from tests.sandbox.engine.made import pixels

SMALL = (160, 160)


def scene(subject: str, **args: str) -> Step:
    return Step(op="scene", args={"subject": subject, "prompt": f"a {subject}"} | args)


@pytest.mark.parametrize("subject", SUBJECTS)
def test_a_subject_is_painted_and_repeats_exactly(subject: str) -> None:
    first = paint(scene(subject), SMALL)
    assert first.size == SMALL
    assert first.tobytes() == paint(scene(subject), SMALL).tobytes()
    assert pixels(first).std() > 0.05


@pytest.mark.parametrize("subject", ["lighthouse", "landscape"])
def test_night_is_darker_than_day(subject: str) -> None:
    day, night = (pixels(paint(scene(subject, time=time), SMALL)).mean() for time in ("day", "night"))
    assert night < day * 0.8


@pytest.mark.parametrize("weather", ["fog", "rain", "snow"])
@pytest.mark.parametrize("subject", ["lighthouse", "landscape"])
def test_weather_changes_the_scene(subject: str, weather: str) -> None:
    clear, other = (pixels(paint(scene(subject, weather=name), SMALL)) for name in ("", weather))
    assert np.abs(clear - other).mean() > 0.015


@pytest.mark.parametrize("size", [(384, 48), (48, 384), (300, 170), (170, 300)])
@pytest.mark.parametrize("subject", SUBJECTS)
def test_every_shape(subject: str, size: tuple[int, int]) -> None:
    assert paint(scene(subject), size).size == size


def test_other_words_give_another_picture() -> None:
    first, second = (paint(read_scene(words), SMALL) for words in ("mountains", "tall mountains"))
    assert np.abs(pixels(first) - pixels(second)).mean() > 0.02


def test_each_version_of_a_scene_is_another_picture_of_the_same_subject() -> None:
    versions = [pixels(paint(scene("landscape", version=str(number)), SMALL)) for number in range(4)]
    for number, one in enumerate(versions):
        assert all(np.abs(one - other).mean() > 0.02 for other in versions[:number])


def test_colours_named_for_a_poster_are_used() -> None:
    red, blue = (pixels(paint(read_scene(f"a castle in {name}"), SMALL)) for name in ("red", "blue"))
    assert (red[..., 0] - red[..., 2]).mean() > (blue[..., 0] - blue[..., 2]).mean() + 0.2
