"""Every kind of picture that people send, and every kind of answer that Telegram takes only as a file."""

from __future__ import annotations

import base64
import io
from pathlib import Path
from typing import Any

import pillow_heif
import pytest
from PIL import Image

from storage.records import Key
from tests.support.painter import colour, number_of, picture_part, plain
from tests.support.talking import Talk, talking


def made(kind: str, **how: Any) -> bytes:
    """Return plain picture 150 as a file of some kind."""
    written = io.BytesIO()
    image = Image.new("RGB", (320, 240), colour(150))
    if kind == "HEIF":
        pillow_heif.from_pillow(image).save(written)
    else:
        image.save(written, kind, **how)
    return written.getvalue()


def moving(kind: str) -> bytes:
    return made(kind, save_all=True, append_images=[Image.new("RGB", (320, 240), colour(151))], duration=200)


@pytest.mark.parametrize(
    ("name", "kind", "mime", "seen"),
    [
        ("a.png", "PNG", "image/png", "image/png"),
        ("a.jpg", "JPEG", "image/jpeg", "image/jpeg"),
        ("a.webp", "WEBP", "image/webp", "image/webp"),
        ("a.heic", "HEIF", "image/heic", "image/png"),
        ("a.HEIC", "HEIF", "application/octet-stream", "image/png"),
        ("a.avif", "AVIF", "image/avif", "image/png"),
        ("a.bmp", "BMP", "image/bmp", "image/png"),
        ("a.tiff", "TIFF", "image/tiff", "image/png"),
    ],
)
async def test_a_file_of_any_kind_is_a_picture(talk: Talk, name: str, kind: str, mime: str, seen: str) -> None:
    """It keeps its size; what the model does not read is converted, and the original stays as it came."""
    ann, data = talk.telegram.ann, made(kind)
    await ann.document((name, data), "make it warmer", mime=mime)
    while not (answer := await ann.answer()).has_picture:
        assert "Your original stays as it is." in answer.text
    (call,) = talk.painter.calls
    (part,) = [part["inlineData"] for part in call.contents[-1]["parts"] if "inlineData" in part]
    assert part["mimeType"] in (seen, "image/jpeg")
    with Image.open(io.BytesIO(base64.b64decode(part["data"]))) as arrived:
        assert arrived.size == (320, 240)
    assert number_of(call.pictures[0]) == 150
    turn = await talk.store.conversations.latest(await _conversation(talk, ann.id))
    assert turn is not None
    kept = turn.pictures[0].original or turn.pictures[0].media
    assert await talk.store.media.get(kept.sha256) == data


async def test_that_a_picture_was_converted_is_said_once_in_a_conversation(talk: Talk) -> None:
    """Every picture of an iPhone is a HEIC. Another person hears it, too."""
    ann, boris, data = talk.telegram.ann, talk.telegram.boris, made("HEIF")
    await ann.document(("a.heic", data), mime="image/heic")
    told, _ = await ann.answers(2)
    assert "I converted it" in told.text
    await ann.say("make it warmer")
    assert (await ann.answer()).has_picture
    for name in ("b.heic", "c.heic"):
        await ann.document((name, data), "make it warmer", mime="image/heic")
        assert (await ann.answer()).has_picture
    await ann.silence()
    await boris.document(("a.heic", data), "make it warmer", mime="image/heic")
    assert "I converted it" in (await boris.answer()).text


@pytest.mark.parametrize(("name", "kind"), [("a.gif", "GIF"), ("a.webp", "WEBP")])
async def test_of_a_moving_picture_the_first_frame_counts_and_is_said(talk: Talk, name: str, kind: str) -> None:
    ann = talk.telegram.ann
    await ann.document((name, moving(kind)), "make it warmer", mime=f"image/{kind.lower()}")
    assert "I use its first frame" in (await ann.answer()).text
    assert (await ann.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_a_passed_on_picture_waits_for_ones_own_words(talk: Talk) -> None:
    """Another person's caption is no wish; one's own caption is."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    group = await talk.telegram.group()
    await group.answer()
    foreign = await group.seen_by(boris.person_id).photo(plain(150), "sold for 5 million")
    await group.forward(foreign, ann)
    assert "What should I do with this picture?" in (await ann.answer()).text
    await ann.say("make it warmer")
    await ann.answer()
    own = await group.photo(plain(151), "make it colder")
    await group.forward(own, ann)
    await ann.answer()
    assert [call.wish for call in talk.painter.calls] == ["make it warmer", "make it colder"]
    assert [number_of(call.pictures[0]) for call in talk.painter.calls] == [150, 151]


async def test_several_waiting_photos_are_used_together_and_counted(talk: Talk) -> None:
    """One picture, or an album, leaves no doubt; photos sent one after another do."""
    ann = talk.telegram.ann
    await ann.photo(plain(150))
    question = await ann.answer()
    await ann.photo(plain(151))
    await ann.until(question, "these 2 pictures")
    await ann.say("put them together")
    assert "I used the 2 pictures that you sent one after another." in (await ann.answer()).caption
    await ann.album([plain(152), plain(153)], "a collage")
    assert "I used" not in (await ann.answer()).caption


async def test_a_transparent_picture_reaches_the_model_transparent(talk: Talk) -> None:
    written = io.BytesIO()
    Image.new("RGBA", (64, 48), (*colour(150), 90)).save(written, "PNG")
    await talk.telegram.ann.document(("sticker.png", written.getvalue()), "make it warmer")
    await talk.telegram.ann.answer()
    (sent,) = talk.painter.calls[0].pictures
    with Image.open(io.BytesIO(sent)) as seen:
        assert (seen.mode, seen.getpixel((5, 5))) == ("RGBA", (*colour(150), 90))


@pytest.mark.parametrize("count", [1, 2])
async def test_transparent_answers_come_as_files(talk: Talk, count: int) -> None:
    """As photos they would lose their transparency. The same holds for several."""
    pictures = []
    for number in range(count):
        written = io.BytesIO()
        Image.new("RGBA", (64, 48), (*colour(150 + number), 90)).save(written, "PNG")
        pictures.append(written.getvalue())
    talk.painter.will([picture_part(picture) for picture in pictures])
    await talk.telegram.ann.say("a sticker")
    for answer, picture in zip(await talk.telegram.ann.answers(count), pictures, strict=True):
        assert await answer.document_bytes() == picture
        assert answer.body["document"]["mime_type"] == "image/png"


@pytest.mark.parametrize("count", [1, 2])
async def test_answers_with_an_alpha_channel_through_which_nothing_shows_come_as_photos(talk: Talk, count: int) -> None:
    """Some models write RGBA for every picture."""
    pictures = []
    for number in range(count):
        written = io.BytesIO()
        Image.new("RGBA", (64, 48), (*colour(150 + number), 255)).save(written, "PNG")
        pictures.append(written.getvalue())
    talk.painter.will([picture_part(picture) for picture in pictures])
    await talk.telegram.ann.say("a boat")
    assert all(answer.has_picture for answer in await talk.telegram.ann.answers(count))
    assert len(await talk.telegram.calls("sendDocument")) == 0


async def test_an_edit_says_what_it_is_of_and_takes_captions_and_pictures(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = await ann.say("a boat")
    await ann.answer()
    await ann.edit(sent, "a red boat")
    assert "With your edited words “a red boat”:" in (await ann.answer()).caption
    album = await ann.album([plain(150), plain(151)], captions=["this boat", "into this harbour"])
    await ann.answer()
    await ann.edit(album[1], "into this storm")
    assert "this boat · into this storm" in (await ann.answer()).caption
    parts = talk.painter.calls[-1].contents[-1]["parts"]
    assert [part.get("text", "picture") for part in parts] == ["picture", "this boat", "picture", "into this storm"]


async def test_a_model_with_a_long_name_can_be_chosen_by_its_button(tmp_path: Path) -> None:
    """callback_data ends at 64 bytes (Bot API); a longer choice is replaced by its digest."""
    long = "a-model-whose-name-goes-on-and-on-and-on-until-no-button-could-hold-it"
    async with talking(tmp_path, gemini_model=long) as talk:
        ann = talk.telegram.ann
        await ann.say("/model")
        page = await ann.answer()
        assert max(len(data.encode()) for data in page.buttons.values()) <= 64
        marked = next(name for name in page.buttons if name.startswith("✓"))
        other = next(name for name in page.buttons if name[0] != "✓" and "Back" not in name)
        await ann.press(page, other)
        await ann.until(page, lambda now: "Settings" in now.text)
        await ann.press_data(page, page.buttons[marked])
        await ann.until(page, lambda now: any(long in button for button in now.buttons))
        await ann.say("a boat")
        await ann.answer()
        assert talk.painter.calls[0].model == long


async def _conversation(talk: Talk, chat_id: int) -> int:
    return (await talk.store.conversations.open(Key(chat_id, 0))).id
