"""Edits in place come back as the person's own picture with the change in it; other changes stay as painted.

Emulated answers of small pictures, few of each kind: ``long_run`` tries hundreds. Figures are those that
``docs/restoring.md`` promises, a little wider where one case decides.
"""

from __future__ import annotations

import io
from functools import cache

import numpy as np
import pytest
from PIL import Image

from bot.pictures.restore.align.maps import Map, centres
from bot.pictures.restore.align.register import register
from bot.pictures.restore.analysis import analyse, at_work_size
from bot.pictures.restore.grids import grey
from bot.pictures.restore.result import AsPainted, Restored, Verdict, changed_outline, restore
from tests.pictures.restore.bases import Picture, blurred, made, page, plain, stones, street
from tests.pictures.restore.cases import Bases, Found, case, judged
from tests.pictures.restore.edits import LOCAL, mixed, pasted_large, recoloured_large
from tests.pictures.restore.looks import GLOBAL, black_and_white, desaturated, saturated, soft
from tests.pictures.restore.model import Drift, painted
from tests.pictures.restore.pens import pixels, png

PIXELS = 150_000
SCENES = Bases(names=("stones", "still life", "lighthouse"), pixels=PIXELS)


# Nearer to real models in tone and grain; the long run takes the full strength.
MILD = Drift(0.7)


@cache
def found(kind: str, seed: int) -> Found:
    return judged(case(kind, SCENES, seed, MILD, pixels=0.3))[0]


@pytest.mark.parametrize("kind", LOCAL)
def test_an_edit_in_place_is_found_and_nothing_else_changes(kind: str) -> None:
    result = found(kind, 40 + len(kind))
    assert result.outside == 0
    assert (result.verdict, result.reason) == ("local", "local")
    assert result.captured >= 0.95
    assert result.beside <= 0.09
    assert result.error_px <= 0.25
    assert result.seam <= 0.3
    assert result.visible_seam <= 0.02


@pytest.mark.parametrize("kind", ["warm", "snow", "oil", "new background", "side light"])
def test_a_change_of_the_whole_stays_as_painted(kind: str) -> None:
    assert found(kind, 70 + len(kind)).verdict != "local"


@pytest.mark.parametrize(
    ("picture", "look"),
    [(street, black_and_white), (street, desaturated), (street, saturated), (blurred, soft)],
    ids=["grey street", "pale street", "bright street", "blurred ground"],
)
def test_a_change_of_the_whole_that_shows_at_one_place_only_is_not_taken_for_an_edit(picture, look) -> None:
    source = picture((480, 360), 4)
    chance = np.random.default_rng(6)
    answer = painted(look(source, source, chance), chance, Drift(0.4, texture=False), pixels=0.3)
    assert restore(png(source), answer.data).verdict is not Verdict.LOCAL


def test_the_same_bytes_give_the_same_picture_in_the_size_and_profile_of_the_source() -> None:
    source = stones((520, 360), 8)
    profile = png_with_profile(source)
    answer = painted(mixed(source, source[::-1], disc(source, 250, 180, 45)), np.random.default_rng(3), pixels=0.3).data
    first, again = (restore(profile, answer) for _ in range(2))
    assert isinstance(first, Restored)
    assert first == again
    with Image.open(io.BytesIO(first.png)) as image, Image.open(io.BytesIO(profile)) as before:
        assert (image.size, image.format) == ((520, 360), "PNG")
        assert image.info["icc_profile"] == before.info["icc_profile"]
    assert first.box[0] < 220 < 280 < first.box[2]
    lines = changed_outline(profile, answer)
    assert any(min(x for x, _ in line) < 220 / 520 and max(x for x, _ in line) > 280 / 520 for line in lines)


def png_with_profile(picture: Picture) -> bytes:
    from PIL import ImageCms

    out = io.BytesIO()
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    Image.fromarray(picture).save(out, "PNG", icc_profile=profile)
    return out.getvalue()


def disc(picture: Picture, x: float, y: float, radius: float) -> np.ndarray:
    rows, columns = np.mgrid[0 : picture.shape[0], 0 : picture.shape[1]]
    return np.clip(radius - np.hypot(columns - x, rows - y) + 0.5, 0, 1).astype(np.float32)


def test_edits_in_a_row_leave_the_rest_byte_for_byte() -> None:
    source = current = plainly = stones((460, 345), 12)
    for step in range(3):
        chance = np.random.default_rng(step)
        mark = disc(source, 70 + 35 * step, 90 + 60 * step, 26)
        wanted = mixed(current, np.full(source.shape, chance.uniform(0, 255, 3)), mark)
        result = restore(png(current), painted(wanted, chance, pixels=0.3).data)
        assert isinstance(result, Restored)
        current = pixels(result.png)
        drifted = painted(mixed(plainly, np.full(source.shape, 90), mark), chance, pixels=0.3).picture
        plainly = np.asarray(Image.fromarray(drifted).resize((460, 345), Image.Resampling.BICUBIC))
    kept = np.s_[:, 315:445]
    assert (current[kept] == source[kept]).all()
    assert 10 * np.log10(255**2 / ((plainly[kept].astype(float) - source[kept]) ** 2).mean()) < 26


@pytest.mark.parametrize("way", ["cover", "contain", "stretch"])
def test_a_third_of_the_frame_replaced_does_not_mislead_the_alignment(way: str) -> None:
    source = stones((640, 480), 21)
    wanted = pasted_large(source, made("still life", (640, 480), 2), np.random.default_rng(8))
    size = (512, 512)
    scale = {"cover": 480 / 512, "contain": 640 / 512}.get(way)
    across, down = (scale, scale) if scale else (640 / 512, 480 / 512)
    across, down = across * 1.02, down * 1.016
    true = Map((across, 0.001, 320 - across * 256 + 9.3, -0.001, down, 240 - down * 256 - 7.6))
    padded = Image.fromarray(np.pad(wanted, ((200, 200), (200, 200), (0, 0))))
    a, b, c, d, e, f = true.six
    answer = padded.transform(size, Image.Transform.AFFINE, (a, b, c + 200, d, e, f + 200), Image.Resampling.BICUBIC)
    aligned = register(grey(at_work_size(Image.fromarray(source))), grey(at_work_size(answer)))
    x, y = (each[8::16, 8::16] for each in centres((640, 480)))
    seen_x, seen_y = aligned.chart.at(x, y)
    back_x, back_y = true.at(seen_x, seen_y)
    inside = (seen_x > 8) & (seen_x < 504) & (seen_y > 8) & (seen_y < 504)
    assert np.median(np.hypot(back_x - x, back_y - y)[inside]) <= 0.1


def test_a_picture_without_texture_is_placed_plainly() -> None:
    aligned = register(grey(plain((600, 400), 3).astype(np.float32)), grey(plain((512, 341), 3).astype(np.float32)))
    assert aligned.flat
    assert aligned.chart.six == pytest.approx((512 / 600, 0, 0, 0, 341 / 400, 0), abs=1e-6)


@pytest.mark.parametrize(("cut", "verdict"), [(0.025, Verdict.LOCAL), (0.06, Verdict.UNSURE)])
def test_a_change_that_runs_out_of_a_cropped_answer_goes_on_to_the_edge(cut: float, verdict: Verdict) -> None:
    source = stones((640, 480), 31)
    wanted = source.copy()
    wanted[180:300, :220] = (225, 60, 40)
    x = round(cut * 640)
    answer = np.asarray(
        Image.fromarray(wanted[:, x:-x]).resize(((640 - 2 * x) * 5 // 4, 600), Image.Resampling.BICUBIC)
    )
    result = restore(png(source), png(answer))
    assert result.verdict is verdict
    if verdict is Verdict.LOCAL:
        assert isinstance(result, Restored)
        strip = pixels(result.png)[190:290, : x + 4].astype(int)
        assert (np.abs(strip - (225, 60, 40)).max(axis=2) < 25).mean() > 0.97


@pytest.mark.parametrize("bar", [0, 255])
def test_bars_beside_an_answer_do_not_creep_in(bar: int) -> None:
    source = current = stones((450, 300), 41)
    for step in range(2):
        wanted = mixed(current, np.full(source.shape, 60 + 90 * step), disc(source, 140 + 70 * step, 150, 28))
        answer = np.full((512, 512, 3), bar, np.uint8)
        small = np.asarray(Image.fromarray(wanted).resize((512, 341), Image.Resampling.LANCZOS))
        answer[85:426] = small
        result = restore(png(current), png(answer))
        assert isinstance(result, Restored)
        current = pixels(result.png)
    for edge in (np.s_[:4], np.s_[-4:], np.s_[:, :4], np.s_[:, -4:]):
        assert (current[edge] == source[edge]).all()


def test_a_burnt_out_sky_is_no_change() -> None:
    source = stones((600, 420), 51)
    sky = 238 + 14 * np.linspace(0, 1, 600)[None, :, None]
    source[:170] = np.clip(sky + np.random.default_rng(1).normal(size=(170, 600, 1)), 0, 255).astype(np.uint8)
    wanted = mixed(source, np.full(source.shape, (200, 40, 60)), disc(source, 300, 300, 40))
    answer = np.clip(wanted * 1.05, 0, 255).astype(np.uint8)
    analysis = analyse(at_work_size(Image.fromarray(source)), at_work_size(Image.fromarray(answer)))
    assert analysis.decision.verdict is Verdict.LOCAL
    assert not analysis.region[:160].any()


def test_a_recoloured_third_does_not_pull_the_colours_of_the_rest() -> None:
    source = made("still life", (600, 430), 3)
    chance = np.random.default_rng(11)
    wanted = recoloured_large(source, source, chance)
    answer = np.clip(wanted * np.array([1.03, 1.0, 0.97]) + 3, 0, 255).astype(np.uint8)
    analysis = analyse(at_work_size(Image.fromarray(source)), at_work_size(Image.fromarray(answer)))
    rest = ~analysis.region & analysis.pair.valid & (np.abs(wanted.astype(int) - source).max(axis=2) == 0)
    away = np.abs(analysis.pair.matched - analysis.pair.source).max(axis=2)[rest]
    assert analysis.region.mean() > 0.08
    assert np.median(away) < 2


def test_text_put_on_a_page_is_taken_and_the_page_stays() -> None:
    source = page((640, 460), 3)
    wanted = LOCAL["text"](source, source, np.random.default_rng(5))
    result = restore(png(source), painted(wanted, np.random.default_rng(5), Drift(0.7), pixels=0.5).data)
    assert isinstance(result, Restored)
    untouched = (np.abs(wanted.astype(int) - source).max(axis=2) == 0) & (pixels(result.png) == source).all(axis=2)
    assert untouched.mean() > 0.7


def test_another_picture_is_not_restored() -> None:
    result = restore(png(stones((500, 400), 1)), png(made("lighthouse", (500, 400), 2)))
    assert isinstance(result, AsPainted)
    assert result.verdict is Verdict.GLOBAL


def test_all_kinds_are_there() -> None:
    assert (len(LOCAL), len(GLOBAL)) == (11, 31)
