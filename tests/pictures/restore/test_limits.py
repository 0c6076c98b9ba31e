"""The limits of an edit in place, one number at a time; and what a large picture costs."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.pictures.restore.result import memory_bytes
from bot.pictures.restore.verdict import Numbers, Verdict, decide, decide_marked

PLAIN = Numbers(
    visible=0.97, zoom=0.02, skew=0.001, beyond=0.0, aligned=0.9, flat=False, aligned_outside=0.99,
    textured_outside=120, moved_median=6, moved_most=10, share=0.05, uneven=1.2, strength=70,
)  # fmt: skip


@pytest.mark.parametrize(
    ("name", "far", "between"),
    [
        ("visible", 0.7, None),
        ("zoom", 0.12, None),
        ("skew", 0.05, None),
        ("beyond", 0.2, None),
        ("aligned", 0.2, None),
        ("aligned_outside", 0.7, 0.88),
        ("moved_median", 25, 16),
        ("moved_most", 60, 30),
        ("contrast", 1.9, 1.3),
        ("balance", 14, 10),
        ("chroma", 0.5, 0.83),
        ("detail_alike", 0.8, 0.94),
        ("detail_gain", 0.5, 0.8),
        ("uneven", 8, 4),
        ("share", 0.7, 0.5),
        ("strip", None, 0.06),
        ("weak", None, 0.2),
        ("scattered", None, 0.6),
        ("strength", None, 14),
        ("pale", None, True),
        ("softer", None, True),
    ],
)
def test_one_number_beyond_its_limit_is_no_edit_in_place(name: str, far: float | None, between: float | None) -> None:
    assert decide(PLAIN).verdict is Verdict.LOCAL
    if far is not None:
        assert decide(replace(PLAIN, **{name: far})).verdict is Verdict.GLOBAL
    if between is not None:
        assert decide(replace(PLAIN, **{name: between})).verdict is Verdict.UNSURE


def test_a_region_that_kept_its_structure_needs_a_model_that_strays_little() -> None:
    strays = replace(PLAIN, moved_median=13)
    assert decide(strays).verdict is Verdict.LOCAL
    assert decide(replace(strays, kept=0.95)).verdict is Verdict.UNSURE


def test_what_one_map_of_colours_explains_is_only_offered() -> None:
    explained = replace(PLAIN, explained=0.8, strain=1.0)
    assert decide(explained).verdict is Verdict.UNSURE
    assert decide(replace(explained, strain=9.0)).verdict is Verdict.LOCAL


def test_a_mark_makes_up_for_doubts_but_not_for_another_view() -> None:
    doubtful = replace(PLAIN, moved_median=16, weak=0.2, pale=True)
    assert decide_marked(doubtful, 0.0).verdict is Verdict.LOCAL
    assert decide_marked(replace(doubtful, zoom=0.2), 0.0).verdict is Verdict.GLOBAL
    assert decide_marked(doubtful, 0.7).verdict is Verdict.GLOBAL
    assert decide_marked(replace(doubtful, share=0.0), 0.0).verdict is Verdict.UNSURE


MEASURE = """
import re, sys, time
import numpy as np
from PIL import Image
from bot.pictures.restore import door, result

def peak_bytes():
    # Of this program alone: ru_maxrss begins with that of the process that started it.
    return 1024 * int(re.search(r"VmHWM:\\s+(\\d+)", open("/proc/self/status").read())[1])

source, answer = (open(path, "rb").read() for path in sys.argv[1:3])
before, begin = peak_bytes(), time.process_time()
found = result.restore(source, answer)
taken = time.process_time() - begin
print(found.verdict.value, taken, peak_bytes() - before)
"""


@pytest.mark.bench
@pytest.mark.parametrize(("megapixels", "most_s"), [(12, 3.0), (24, 4.5)])
def test_a_large_picture_takes_seconds_and_less_memory_than_it_says(
    megapixels: int, most_s: float, tmp_path: Path
) -> None:
    import numpy as np
    from PIL import Image, ImageDraw

    from tests.pictures.restore.bases import made

    size = (round((megapixels * 1.5e6) ** 0.5), round((megapixels * 1e6 / 1.5) ** 0.5))
    source = Image.fromarray(made("stones", (1500, 1000), 3)).resize(size, Image.Resampling.BICUBIC)
    source.save(tmp_path / "source.jpg", quality=92)
    wanted = source.copy()
    place = np.array([0.3, 0.3, 0.75, 0.6]) * [*size, *size]
    ImageDraw.Draw(wanted).ellipse(place.tolist(), fill=(230, 40, 60))
    wanted.resize((1248, 832), Image.Resampling.LANCZOS).save(tmp_path / "answer.png")
    command = [sys.executable, "-c", MEASURE, str(tmp_path / "source.jpg"), str(tmp_path / "answer.png")]
    out = subprocess.run(command, capture_output=True, text=True, check=True, env={"OMP_NUM_THREADS": "1"}).stdout
    verdict, seconds, taken_bytes = out.split()
    print(f"{megapixels} MP: {float(seconds):.2f} s of processor, {int(taken_bytes) / 1e6:.0f} MB over imports")
    assert verdict == "local"
    assert float(seconds) < most_s
    assert int(taken_bytes) < memory_bytes(size, (1248, 832))
