"""Input that no model can use gets a sentence and costs no call; private data in files stays here."""

from __future__ import annotations

import asyncio
import io
import os
import struct
import zlib

import pytest
from PIL import Image

from tests.support.messages import as_file_json
from tests.support.painter import number_of, picture_part, plain
from tests.support.people import Chat
from tests.support.talking import Talk


def bomb() -> bytes:
    """Return a small PNG that claims 30,000 x 30,000 pixels."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    header = struct.pack(">IIBBBBB", 30_000, 30_000, 8, 2, 0, 0, 0)
    data = zlib.compress(bytes(1_000_000), 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def jpeg(size_px: tuple[int, int] = (640, 480)) -> bytes:
    written = io.BytesIO()
    Image.effect_mandelbrot(size_px, (-2, -1.5, 1, 1.5), 100).convert("RGB").save(written, "JPEG")
    return written.getvalue()


UNAVAILABLE = "Bad Request: wrong file_id or the file is temporarily unavailable"
PDF = b"%PDF-1.7\n1 0 obj\n<< /Type /Catalog >>\nendobj\ntrailer\n<< /Root 1 0 R >>\n%%EOF\n"
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><script>alert(1)</script></svg>'

DOCUMENTS = {
    "a PDF that says it is a picture": (("boat.png", PDF), "image/png", "not a picture that I can read"),
    "a drawing in SVG": (("boat.svg", SVG), "image/svg+xml", "can’t read that kind of picture"),
    "a truncated JPEG": (("boat.jpg", jpeg()[:-2000]), "", "cut off: the end of the file is missing"),
    "a damaged PNG": (("boat.png", plain(1)[:40] + b"\x00" * 60 + plain(1)[100:]), "", "damaged"),
    "a bomb": (("boat.png", bomb()), "", "30,000"),
    "an archive": (("boats.zip", b"PK\x03\x04" + bytes(60)), "", "can’t use that kind of file"),
    "a text": (("wish.txt", b"a boat, please"), "", "can’t use that kind of file"),
}


@pytest.mark.parametrize("what", DOCUMENTS)
async def test_a_file_that_is_no_usable_picture(talk: Talk, what: str) -> None:
    ann = talk.telegram.ann
    file, mime, sentence = DOCUMENTS[what]
    await ann.document(file, "make it warmer", mime=mime)
    assert sentence in (await ann.answer()).text
    await alive_and_unpaid(talk, ann)


@pytest.mark.parametrize(
    ("kind", "file", "sentence"),
    [
        ("video", ("boat.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100)), "can’t get a picture out of that video."),
        ("video_note", ("boat.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100)), "out of that video message"),
        ("voice", ("wish.ogg", b"OggS" + bytes(100)), "can’t listen to voice messages"),
        ("audio", ("song.mp3", b"ID3" + bytes(100)), "can’t use audio"),
        (
            "animation",
            ("wave.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(100)),
            "can’t get a still picture out of that animation",
        ),
        ("sticker", ("wave.tgs", b"\x1f\x8b" + bytes(100)), "That sticker moves"),
        ("sticker", ("wave.webm", b"\x1a\x45\xdf\xa3" + bytes(100)), "That sticker moves"),
    ],
)
async def test_a_message_of_another_kind(talk: Talk, kind: str, file: tuple[str, bytes], sentence: str) -> None:
    ann = talk.telegram.ann
    await ann.send(file, kind)
    assert sentence in (await ann.answer()).text
    await alive_and_unpaid(talk, ann)


@pytest.mark.parametrize(
    "body",
    [
        {"location": {"latitude": 50.45, "longitude": 30.52}},
        {"contact": {"phone_number": "1", "first_name": "Bo"}},
        {"dice": {"emoji": "🎲", "value": 6}},
        {"rich_message": {"blocks": [{"type": "divider"}]}},
    ],
)
async def test_a_message_that_is_no_file_at_all(talk: Talk, body: dict[str, object]) -> None:
    ann = talk.telegram.ann
    await ann.say("", extra=body)
    assert "can’t use that kind of message" in (await ann.answer()).text
    await alive_and_unpaid(talk, ann)


async def alive_and_unpaid(talk: Talk, chat: Chat) -> None:
    """Check that nothing was bought, and that the conversation goes on."""
    assert talk.painter.calls == []
    await chat.say("a boat")
    assert (await chat.answer()).has_picture
    (call,) = talk.painter.calls
    assert (call.wish, call.all_pictures) == ("a boat", [])


async def test_a_file_above_what_telegram_serves_is_never_fetched(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.document(("boat.png", os.urandom(20 * 1024 * 1024 + 1)), "make it warmer", mime="image/png")
    assert "larger than 20 MB" in (await ann.answer()).text
    assert await talk.telegram.calls("getFile") == []
    await alive_and_unpaid(talk, ann)


async def test_a_file_that_telegram_lost_is_asked_for_again(talk: Talk) -> None:
    ann = talk.telegram.ann
    await talk.telegram.fault("getFile", status=400, description=UNAVAILABLE, times=2)
    await ann.photo(plain(150), "make it warmer")
    assert "Please send it again" in (await ann.answer()).text
    await alive_and_unpaid(talk, ann)


async def test_a_file_that_telegram_does_not_have_at_once_is_asked_for_once_more(talk: Talk) -> None:
    """Its server says so after any failed download of its own (telegram-bot-api Client.cpp, on_update_file)."""
    await talk.telegram.fault("getFile", status=400, description=UNAVAILABLE)
    await talk.telegram.ann.photo(plain(150), "make it warmer")
    assert (await talk.telegram.ann.answer()).has_picture
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150]


async def test_one_bad_picture_of_an_album_is_named_and_the_others_are_used(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent = [("boat.png", plain(150)), ("gull.png", bomb()), ("hat.png", plain(151))]
    await ann.album(sent, "a collage", as_file=True)
    told, answer = await ann.answers(2)
    assert told.text.startswith("I left one out. ")
    assert "30,000" in told.text
    assert answer.has_picture
    (call,) = talk.painter.calls
    assert (call.wish, [number_of(picture) for picture in call.pictures]) == ("a collage", [150, 151])


async def test_a_video_in_an_album_is_named_and_the_photos_are_used(talk: Talk) -> None:
    """The caption below the video is the wish."""
    ann = talk.telegram.ann
    clip = {"name": "boat.mp4", "mime": "video/mp4", "base64": "AAAA", "kind": "video"}
    photos = [as_file_json(plain(number)) for number in (150, 151)]
    for captions in (["make these one", "", ""], ["", "make these one", ""]):
        files = [photos[0], clip, photos[1]]
        body = {"as": ann.person_id, "chat_id": ann.id, "files": files, "captions": captions}
        await talk.telegram.post("send", body)
        told, answer = await ann.answers(2)
        why = "I can’t get a picture out of that video. Send me a photo, or a screenshot from it."
        assert told.text == f"I left one out. {why}"
        assert answer.has_picture
    assert [call.wish for call in talk.painter.calls] == ["make these one"] * 2
    assert all([number_of(picture) for picture in call.pictures] == [150, 151] for call in talk.painter.calls)


async def test_photos_of_an_album_wait_for_words_without_the_video(talk: Talk) -> None:
    ann = talk.telegram.ann
    clip = {"name": "boat.mp4", "mime": "video/mp4", "base64": "AAAA", "kind": "video"}
    files = [clip, as_file_json(plain(150)), as_file_json(plain(151))]
    await talk.telegram.post("send", {"as": ann.person_id, "chat_id": ann.id, "files": files})
    told, question = await ann.answers(2)
    assert "I left one out." in told.text
    assert "these 2 pictures" in question.text
    await ann.say("blend them")
    await ann.answer()
    assert [number_of(picture) for picture in talk.painter.calls[0].pictures] == [150, 151]


async def test_an_album_with_no_picture_in_it_is_refused(talk: Talk) -> None:
    ann = talk.telegram.ann
    clip = {"name": "boat.mp4", "mime": "video/mp4", "base64": "AAAA", "kind": "video"}
    body = {"as": ann.person_id, "chat_id": ann.id, "files": [clip, clip], "captions": ["make these one", ""]}
    await talk.telegram.post("send", body)
    assert "can’t get a picture out of that video" in (await ann.answer()).text
    await alive_and_unpaid(talk, ann)


def photographed(orientation: int) -> bytes:
    """Return a JPEG as a phone writes it: turned, with the place where it was taken, and a maker's secrets."""
    image = Image.new("RGB", (64, 48), "white")
    image.paste("red", (0, 0, 64, 24))
    exif = Image.Exif()
    exif[0x0112] = orientation
    exif[0x010F] = "SecretMaker"
    exif.get_ifd(0x8825).update({1: "N", 2: (50.0, 27.0, 0.0), 3: "E", 4: (30.0, 31.0, 24.0)})
    written = io.BytesIO()
    image.save(written, "JPEG", exif=exif, quality=95, comment=b"shot at home")
    return written.getvalue()


@pytest.mark.parametrize(("orientation", "size_px", "red_at"), [(1, (64, 48), (32, 4)), (6, (48, 64), (44, 32))])
async def test_place_and_camera_stay_here_and_the_picture_stands_upright(
    talk: Talk, orientation: int, size_px: tuple[int, int], red_at: tuple[int, int]
) -> None:
    ann, original = talk.telegram.ann, photographed(orientation)
    await ann.document(("IMG_0001.JPG", original), "make it warmer", mime="image/jpeg")
    await ann.answer()
    (sent,) = talk.painter.calls[0].pictures
    with Image.open(io.BytesIO(sent)) as seen:
        assert seen.size == size_px
        red, green, _ = seen.convert("RGB").getpixel(red_at)
        assert red > 200 > 100 > green
        assert dict(seen.getexif()) == {}
    for secret in (b"SecretMaker", b"Exif", b"shot at home"):
        assert secret in original
        assert secret not in sent


async def test_the_original_of_a_sent_file_is_kept_as_it_came(talk: Talk) -> None:
    """Only what goes to the model is cleaned."""
    original = photographed(6)
    await talk.telegram.ann.document(("IMG_0001.JPG", original), "make it warmer", mime="image/jpeg")
    await talk.telegram.ann.answer()
    kept = [await talk.store.media.get(name) for name in await talk.store.media.names()]
    assert original in kept


# Answers that Telegram does not take as they are.


async def test_a_picture_that_is_no_photo_for_telegram_comes_as_a_file(talk: Talk) -> None:
    """More than twenty times as wide as high."""
    wide = plain(1, (2100, 100))
    talk.painter.will([{"text": "A very long boat."}, picture_part(wide)])
    await talk.telegram.ann.say("a very long boat")
    answer = await talk.telegram.ann.answer()
    assert await answer.document_bytes() == wide
    assert (answer.caption, "Again" in "".join(answer.buttons)) == ("A very long boat.", True)


async def test_a_picture_above_ten_megabytes_comes_as_a_file(talk: Talk) -> None:
    heavy = await asyncio.to_thread(heavy_png)
    talk.painter.will([picture_part(heavy)])
    await talk.telegram.ann.say("a detailed boat")
    answer = await talk.telegram.ann.answer(20)
    assert len(heavy) > 10 * 1024 * 1024
    assert await answer.document_bytes() == heavy


def heavy_png() -> bytes:
    written = io.BytesIO()
    Image.frombytes("RGB", (1900, 1900), os.urandom(1900 * 1900 * 3)).save(written, "PNG", compress_level=0)
    return written.getvalue()


async def test_where_photos_are_not_allowed_the_picture_comes_as_a_file(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.rights(bot_can={"send_photos": False})
    await group.say("/edit@pentimento_bot a boat")
    assert await (await group.answer()).document_bytes() == plain(1)


async def test_where_neither_is_allowed_the_bot_says_so_and_keeps_the_picture(talk: Talk) -> None:
    group = await talk.telegram.group()
    await group.answer()
    await group.rights(bot_can={"send_photos": False, "send_documents": False})
    await group.say("/edit@pentimento_bot a boat")
    assert "not allowed to send photos or files here" in (await group.answer()).text
    await group.rights(bot_can={"send_photos": True, "send_documents": True})
    await group.say("/file")
    assert await (await group.answer()).document_bytes() == plain(1)
    assert len(talk.painter.calls) == 1
