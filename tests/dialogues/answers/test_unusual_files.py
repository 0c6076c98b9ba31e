"""Files that other bots stumble over: odd names, missing ends, camera raws, bombs, the same picture twice."""

from __future__ import annotations

import io

import pytest
from PIL import Image

from tests.pictures.hostile import flat_png, flat_webp, jpeg_segment
from tests.pictures.made import png_chunk
from tests.pictures.tiffs import DNG_VERSION, SUBFILE, Page, picture_page, tiff
from tests.support.painter import colour, number_of, picture_part, plain
from tests.support.talking import Talk

UNKNOWN = "application/octet-stream"


def jpeg(number: int, size_px: tuple[int, int] = (320, 240)) -> bytes:
    Image.new("RGB", size_px, colour(number)).save(written := io.BytesIO(), "JPEG", quality=95)
    return written.getvalue()


def raw(preview: bytes) -> bytes:
    """Return a DNG: a thumbnail of picture 151, and a preview."""
    small = Image.new("RGB", (256, 171), colour(151)).tobytes()
    first = picture_page(256, 171, small, samples=3)
    first.numbers |= {SUBFILE: 1, DNG_VERSION: [1, 4, 0, 0]}
    first.subpages = [Page(numbers={SUBFILE: 1, 259: 7}, picture=preview)]
    return tiff(first)


@pytest.mark.parametrize("name", ["photo.jfif", "scan.jpe", "scan.jif", "photo.pjpeg", "image", "picture.bin", ""])
async def test_a_file_of_unknown_kind_is_known_by_its_bytes(talk: Talk, name: str) -> None:
    """Clients and their tables of kinds know few endings (jshttp/mime-types issue 101, matterbridge issue 1360)."""
    ann = talk.telegram.ann
    await ann.document((name, jpeg(150)), "make it warmer", mime=UNKNOWN)
    assert (await ann.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


@pytest.mark.parametrize("data", [b"\x00\x01\x02" * 40, b"%PDF-1.7 and more", b"dear bot"])
async def test_a_file_of_unknown_kind_that_is_no_picture_is_told_so(talk: Talk, data: bytes) -> None:
    ann = talk.telegram.ann
    await ann.document(("thing", data), "make it warmer", mime=UNKNOWN)
    assert "not a picture that I can read" in (await ann.answer()).text
    assert talk.painter.calls == []


async def test_a_photo_without_its_end_mark_is_painted(talk: Talk) -> None:
    ann = talk.telegram.ann
    whole = jpeg(150)
    await ann.document(("panorama.jpg", whole.removesuffix(b"\xff\xd9") + b"\x00\x00ftypmp42 SEFT"), "warmer")
    assert (await ann.answer()).has_picture
    await ann.document(("early.jpg", whole.removesuffix(b"\xff\xd9")), "colder")
    assert (await ann.answer()).has_picture
    sent = [call.pictures[0] for call in talk.painter.calls]
    assert [number_of(picture) for picture in sent] == [150, 150]
    assert all(picture.endswith(b"\xff\xd9") and b"SEFT" not in picture for picture in sent)


async def test_of_a_camera_raw_the_large_preview_is_painted_and_that_is_said(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.document(("IMG_0001.dng", raw(jpeg(150, (1600, 1200)))), "make it warmer", mime="image/x-adobe-dng")
    assert "camera’s raw file; I use the preview" in (await ann.answer()).text
    assert (await ann.answer()).has_picture
    (picture,) = talk.painter.calls[0].pictures
    assert number_of(picture) == 150
    with Image.open(io.BytesIO(picture)) as arrived:
        assert arrived.size == (1600, 1200)


async def test_a_camera_raw_without_a_large_preview_is_told_to_be_one(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.document(("IMG_0002.dng", raw(jpeg(150, (160, 120)))), "make it warmer", mime="image/x-adobe-dng")
    assert "a camera’s raw file, and I see no large preview" in (await ann.answer()).text
    assert talk.painter.calls == []


HOSTILE = {
    "five hundred thousand comments": (
        jpeg(150)[:2] + jpeg_segment(0xFE, b"") * 500_000 + jpeg(150)[2:],
        "far more parts than a picture needs",
    ),
    "a flat PNG of 108 megapixels": (flat_png(12_000, 9_000), "up to 36 megapixels"),
    "a flat WebP of 110 megapixels": (flat_webp(16_383, 6_700), "up to 17 megapixels"),
}


@pytest.mark.parametrize("what", HOSTILE)
async def test_a_file_that_would_keep_the_bot_busy_is_refused_by_name(talk: Talk, what: str) -> None:
    ann = talk.telegram.ann
    data, sentence = HOSTILE[what]
    await ann.document(("file", data), "make it warmer", mime=UNKNOWN)
    assert sentence in (await ann.answer()).text
    assert talk.painter.calls == []
    await ann.say("a boat")
    assert (await ann.answer()).has_picture


async def test_a_picture_that_an_answer_holds_twice_is_shown_once_and_goes_back_once(talk: Talk) -> None:
    """Relays do that (gcli2api issue 217, xum pull request 828, gemini-cli issue 12737)."""
    ann = talk.telegram.ann
    talk.painter.will([picture_part(plain(150)), {"text": "Here it is."}, picture_part(plain(150))])
    await ann.say("a boat")
    assert number_of(await (await ann.answer()).picture_bytes()) == 150
    await ann.say("warmer")
    assert number_of(await (await ann.answer()).picture_bytes()) != 150
    back = talk.painter.calls[1].contents[1]
    assert len([part for part in back["parts"] if "inlineData" in part]) == 1
    assert [number_of(picture) for picture in talk.painter.calls[1].all_pictures] == [150]


async def test_an_answer_with_a_wrong_sum_in_its_words_is_shown(talk: Talk) -> None:
    """Only what pixels need must match; the same file of a person's is taken, too."""
    ann, whole = talk.telegram.ann, plain(150)
    words = png_chunk(b"tEXt", b"Software\0relay")
    data = whole[:33] + words[:-1] + bytes([words[-1] ^ 0xFF]) + whole[33:]
    talk.painter.will([picture_part(data)])
    await ann.say("a boat")
    assert (await ann.answer()).has_picture
    await ann.document(("boat.png", data), "warmer", mime="image/png")
    assert (await ann.answer()).has_picture
    assert len(talk.painter.calls) == 2


async def test_an_answer_without_its_end_mark_is_shown_and_not_bought_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will([picture_part(jpeg(150).removesuffix(b"\xff\xd9"), "image/jpeg")])
    await ann.say("a boat")
    answer = await ann.answer()
    assert answer.has_picture
    assert number_of(await answer.picture_bytes()) == 150
    assert len(talk.painter.calls) == 1
