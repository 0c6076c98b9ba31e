"""One picture of a video and of a PDF: the first sharp frame, the page that is asked for; files that are neither."""

from __future__ import annotations

import io
import subprocess
import time
import weakref
from collections.abc import Iterator
from typing import Any

import pytest
from PIL import Image

from bot.pictures.convert import pages, pdf_page
from bot.pictures.convert.frames import _chosen, first_sharp
from bot.pictures.convert.pages import DamagedFileError, page_of
from bot.pictures.errors import PictureError
from tests.support.papers import blurred, film, pdf, striped

BLACK = Image.new("RGB", (320, 240), "black")
RED, BLUE = (200, 30, 30), (30, 30, 200)


def colour_of(data: bytes) -> tuple[int, ...]:
    with Image.open(io.BytesIO(data)) as picture:
        middle = picture.convert("RGB").getpixel((picture.width // 2 - 20, picture.height // 2))
    assert isinstance(middle, tuple)
    return middle


def near(one: tuple[int, ...], other: tuple[int, ...]) -> bool:
    return all(abs(a - b) < 40 for a, b in zip(one, other, strict=True))


@pytest.mark.parametrize("kind", ["mp4", "webm"])
def test_of_a_video_the_first_sharp_frame_is_taken(kind: str) -> None:
    """It begins black, then the camera moves, then it stands still."""
    pytest.importorskip("av")
    shown = [BLACK, blurred(striped(RED)), striped(RED), striped(BLUE)]
    assert near(colour_of(first_sharp(film(shown, kind=kind))), RED)


def test_a_video_that_is_blurred_throughout_gives_the_sharpest_frame() -> None:
    pytest.importorskip("av")
    assert near(colour_of(first_sharp(film([blurred(striped(RED))]))), RED)


def test_a_video_that_gets_sharper_and_sharper_keeps_two_frames_at_most() -> None:
    """A small file of 4K frames would take a gigabyte if each sharper one were kept."""
    made: list[weakref.ref[Image.Image]] = []
    most = 0

    def sharper() -> Iterator[Image.Image]:
        nonlocal most
        for step in range(1, 25):
            picture = Image.blend(Image.new("RGB", (64, 64)), striped(RED).resize((64, 64)), step / 24)
            made.append(weakref.ref(picture))
            yield picture
            del picture
            most = max(most, sum(one() is not None for one in made))

    assert _chosen(sharper()).size == (64, 64)
    assert most <= 2


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"\x00\x00\x00\x18ftypmp42" + bytes(100),
        b"\x1a\x45\xdf\xa3" + bytes(100),
        b"#EXTM3U\nfile:///etc/passwd\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"RIFF....AVI ",
    ],
)
def test_what_is_no_video_is_refused(data: bytes) -> None:
    pytest.importorskip("av")
    with pytest.raises(PictureError):
        first_sharp(data)


def test_a_video_above_4k_is_not_decoded() -> None:
    pytest.importorskip("av")
    with pytest.raises(PictureError) as refused:
        first_sharp(film([Image.new("RGB", (4400, 2400))], each_s=0.1))
    assert refused.value.key == "picture-too-large-pixels"


def test_the_page_that_is_asked_for_is_drawn() -> None:
    pytest.importorskip("pypdfium2")
    data = pdf(RED, BLUE)
    first, count = page_of(data, 1)
    second, _ = page_of(data, 2)
    assert (count, colour_of(first), colour_of(second)) == (2, RED, BLUE)
    with Image.open(io.BytesIO(first)) as picture:
        assert picture.size == (1536, 2048)


@pytest.mark.parametrize(
    ("data", "page", "key"),
    [
        (pdf(RED), 2, "pdf-no-page"),
        (pdf(RED), 0, "pdf-no-page"),
        (b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n", 1, "pdf-damaged"),
        (b"", 1, "pdf-damaged"),
        (pdf(RED)[:200], 1, "pdf-damaged"),
    ],
)
def test_a_pdf_that_cannot_be_read_and_a_page_that_is_not_there(data: bytes, page: int, key: str) -> None:
    pytest.importorskip("pypdfium2")
    with pytest.raises(PictureError) as refused:
        page_of(data, page)
    assert refused.value.key == key


def test_a_page_of_a_billion_steps_is_given_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forms that draw ten others each, nine deep, in 2 kB."""
    pytest.importorskip("pypdfium2")
    monkeypatch.setattr(pages, "LATE_S", 0.0)
    monkeypatch.setattr(pdf_page, "LONGEST_S", 2)
    began = time.monotonic()
    with pytest.raises(DamagedFileError):
        page_of(nested_forms(depth=9, width=10), 1)
    assert time.monotonic() - began < 10


def test_the_process_that_draws_gets_no_secret(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("pypdfium2")
    monkeypatch.setenv("TELEGRAM_BOT_TOKEN", "a-secret")
    given: list[dict[str, str]] = []
    run = subprocess.run

    def watched(*command: object, **how: Any) -> Any:
        given.append(how["env"])
        return run(*command, **how)

    monkeypatch.setattr(subprocess, "run", watched)
    assert page_of(pdf(RED), 1)[1] == 1
    assert given
    assert "a-secret" not in str(given)


def nested_forms(depth: int, width: int) -> bytes:
    """Return a small PDF whose form draws ``width`` forms, each of which does the same, ``depth`` times over."""
    steps = [b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>"]
    sees = b"<</XObject<</F %d 0 R>>>>"
    steps.append(b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 600]/Resources" + sees % 5 + b"/Contents 4 0 R>>")
    steps.append(b"<</Length 5>>stream\n/F Do\nendstream")
    for level in range(depth):
        last = level == depth - 1
        body = b"0 0 600 600 re f" if last else b"/F Do " * width
        kind = b"/Type/XObject/Subtype/Form/BBox[0 0 600 600]/Group<</S/Transparency>>"
        kind += b"" if last else b"/Resources" + sees % (6 + level)
        steps.append(b"<<%s/Length %d>>stream\n%s\nendstream" % (kind, len(body), body))
    written, places = b"%PDF-1.7\n", []
    for number, step in enumerate(steps, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, step)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    end = b"trailer<</Size %d/Root 1 0 R>>\nstartxref\n%d\n%%%%EOF" % (len(steps) + 1, len(written))
    return written + b"xref\n0 %d\n0000000000 65535 f \n" % (len(steps) + 1) + table + end
