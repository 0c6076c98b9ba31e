"""Videos, animations, moving stickers and PDFs: one picture of them is used, and which one is said."""

from __future__ import annotations

import io
from typing import Any

import pybase64
import pytest
from PIL import Image

from bot.chat.wishes.pages import page_named
from bot.texts import languages, say
from tests.support.messages import Message, as_file_json
from tests.support.painter import colour, number_of, plain
from tests.support.papers import blurred, film, pdf, striped
from tests.support.people import Chat
from tests.support.talking import Talk

JUNK = b"\x00\x00\x00\x18ftypmp42" + bytes(100)
LOTTIE = b"\x1f\x8b" + bytes(100)
PREVIEW = pybase64.b64encode(plain(150)).decode()


async def send(chat: Chat, name: str, data: bytes, kind: str | None, caption: str = "", **shown: Any) -> Message:
    """Send a file with what its client shows for it."""
    file = as_file_json((name, data)) | ({"kind": kind} if kind else {}) | shown
    return (await chat._send(files=[file], text=caption, as_file=kind is None))[0]


async def test_of_a_video_the_first_sharp_frame_is_painted(talk: Talk) -> None:
    pytest.importorskip("av")
    ann = talk.telegram.ann
    shown = [Image.new("RGB", (320, 240)), blurred(striped(colour(151))), striped(colour(151))]
    await send(ann, "boat.mp4", film(shown), "video", "make a poster of this", preview=PREVIEW)
    told, answer = await ann.answers(2)
    assert told.text == "It moves; I use its first sharp picture."
    assert answer.has_picture
    (picture,) = talk.painter.calls[0].pictures
    with Image.open(io.BytesIO(picture)) as seen:
        assert seen.size == (320, 240)


@pytest.mark.parametrize(
    ("name", "data", "kind"),
    [
        ("boat.mp4", JUNK, "video"),
        ("boat.mp4", JUNK, "animation"),
        ("wave.tgs", LOTTIE, "sticker"),
        ("wave.webm", b"\x1a\x45\xdf\xa3" + bytes(100), "sticker"),
    ],
)
async def test_where_no_frame_can_be_read_the_preview_is_painted(talk: Talk, name: str, data: bytes, kind: str) -> None:
    ann = talk.telegram.ann
    await send(ann, name, data, kind, preview=PREVIEW)
    told, question = await ann.answers(2)
    assert told.text == "It moves; I use the small preview that Telegram shows of it."
    assert "What should I do with this picture?" in question.text
    await ann.say("make it warmer")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_cover_that_the_sender_chose_is_painted(talk: Talk) -> None:
    ann = talk.telegram.ann
    cover = pybase64.b64encode(plain(151, (640, 480))).decode()
    await send(ann, "boat.mp4", JUNK, "video", "make it warmer", preview=PREVIEW, cover=cover)
    told, _ = await ann.answers(2)
    assert told.text == "It moves; I use the picture that was chosen for it."
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [151]


async def test_a_video_above_what_telegram_serves_is_known_by_its_preview(talk: Talk) -> None:
    ann = talk.telegram.ann
    await send(ann, "long.mp4", JUNK + bytes(20 * 1024 * 1024), "video", "make it warmer", preview=PREVIEW)
    assert "small preview" in (await ann.answers(2))[0].text
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_reply_to_somebodys_video_is_about_a_frame_of_it(talk: Talk) -> None:
    group = await talk.telegram.group(kind="supergroup", bot_admin=True)
    await group.answer()
    theirs = await send(group.seen_by(1002), "boat.mp4", JUNK, "video", preview=PREVIEW)
    await group.say("/edit@pentimento_bot make it warmer", reply_to=theirs)
    told, answer = await group.answers(2)
    assert told.text == "It moves; I use the small preview that Telegram shows of it."
    assert answer.has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_spoiler_stays_covered(talk: Talk) -> None:
    ann = talk.telegram.ann
    file = as_file_json(("boat.mp4", JUNK)) | {"kind": "video", "preview": PREVIEW}
    await ann._send(files=[file], text="make it warmer", spoiler=True)
    answer = (await ann.answers(2))[1]
    assert answer.body.get("has_media_spoiler") is True


async def test_of_a_pdf_the_first_page_is_painted_and_the_others_are_named(talk: Talk) -> None:
    pytest.importorskip("pypdfium2")
    ann = talk.telegram.ann
    await send(ann, "plan.pdf", pdf(colour(150), colour(151)), None, "colour it", mime="application/pdf")
    told, answer = await ann.answers(2)
    assert told.text == "I use page 1 of 2. For another one, send the file again and name it, as in “page 2”."
    assert answer.has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


@pytest.mark.parametrize(
    "words",
    [
        "colour page 2", "colour the 2nd page", "male Seite 2 bunt", "pinta la página 2", "pinte a página 2",
        "раскрась страницу 2", "раскрась 2-ю страницу", "стр. 2, цветной", "给第2页上色",
    ],
)  # fmt: skip
async def test_the_page_that_the_words_name_is_painted(talk: Talk, words: str) -> None:
    pytest.importorskip("pypdfium2")
    ann = talk.telegram.ann
    await send(ann, "plan.pdf", pdf(colour(150), colour(151)), None, words, mime="application/pdf")
    assert "page 2 of 2" in (await ann.answers(2))[0].text
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [151]


@pytest.mark.parametrize("words", ["a poster with 3 boats", "page", "warmer", "in 2026", "3 pages of a diary"])
def test_other_numbers_name_no_page(words: str) -> None:
    assert page_named(words) == 1


async def test_a_page_that_is_not_there_and_a_broken_pdf_are_told(talk: Talk) -> None:
    pytest.importorskip("pypdfium2")
    ann = talk.telegram.ann
    await send(ann, "plan.pdf", pdf(colour(150)), None, "colour page 3", mime="application/pdf")
    assert (await ann.answer()).text == "That PDF has only one page, so there is no page 3."
    await send(ann, "plan.pdf", pdf(colour(150))[:200], None, "colour it", mime="application/pdf")
    assert "That PDF is damaged" in (await ann.answer()).text
    assert talk.painter.calls == []


@pytest.mark.parametrize("language", languages())
async def test_what_is_used_of_it_is_said_in_each_language(talk: Talk, language: str) -> None:
    person = await talk.telegram.newcomer("Kim", language_code=language)
    await send(person, "boat.mp4", JUNK, "video", "as a poster", preview=PREVIEW)
    assert (await person.answers(2))[0].text == say(language, "note-small-frame")
    await send(person, "boat.mp4", JUNK, "video", "as a poster")
    assert (await person.answer()).text == say(language, "unusable-video")
