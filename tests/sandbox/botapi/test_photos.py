"""Photos and files: sizes and recompression, refusals, untouched documents, file_ids, downloads."""

from __future__ import annotations

import struct
import time
import zlib
from dataclasses import replace

import pytest
from PIL import Image

from bot.sandbox.config import SandboxConfig
from tests.support.bots import ApiRefusal, PlainBot
from tests.support.people import Telegram, running_sandbox
from tests.support.pictures import encoded, noise, opened, picture


@pytest.fixture
async def ann(telegram: Telegram, bot: PlainBot) -> int:
    """Let Ann start the chat."""
    await telegram.ann.say("/start")
    await bot.updates()
    return telegram.ann.id


def png_header(width: int, height: int) -> bytes:
    """Return a PNG that says how large it is and has no pixels."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("width", "height", "sizes"),
    [
        (60, 40, [(60, 40)]),
        (300, 150, [(90, 45), (300, 150)]),
        (1024, 768, [(90, 68), (320, 240), (800, 600), (1024, 768)]),
        (2000, 1000, [(90, 45), (320, 160), (800, 400), (1280, 640)]),
        (800, 3200, [(22, 90), (80, 320), (200, 800), (320, 1280)]),
    ],
)
async def test_a_photo_has_telegrams_sizes(
    telegram: Telegram, width: int, height: int, sizes: list[tuple[int, int]]
) -> None:
    sent = await telegram.ann.photo(picture(width, height))
    assert [(size["width"], size["height"]) for size in sent.body["photo"]] == sizes
    shown = opened(await sent.picture_bytes())
    assert (shown.format, shown.size) == ("JPEG", sizes[-1])


async def test_a_photo_in_hd_goes_up_to_2560(telegram: Telegram) -> None:
    sent = await telegram.ann.photo(picture(4000, 2000), hd=True)
    assert [size["width"] for size in sent.body["photo"]] == [90, 320, 800, 1280, 2560]


async def test_a_photo_is_recompressed_upright_and_without_metadata(telegram: Telegram) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    data = picture(400, 200, exif=exif)
    shown = await (await telegram.ann.photo(data)).picture_bytes()
    assert shown != data
    assert opened(shown).size == (200, 400)
    assert not opened(shown).getexif()


async def test_a_transparent_picture_gets_a_white_ground(telegram: Telegram) -> None:
    clear = encoded(Image.new("RGBA", (80, 80), (255, 0, 0, 0)), "PNG")
    shown = opened(await (await telegram.ann.photo(clear)).picture_bytes())
    assert all(value > 250 for value in shown.getpixel((40, 40)))


async def test_a_photo_of_the_bot_is_treated_alike(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    await bot.photo(ann, picture(2000, 1000), caption="look")
    answer = await telegram.ann.answer()
    assert (answer.size_px, answer.caption) == ((1280, 640), "look")


@pytest.mark.parametrize(
    ("data", "text"),
    [
        (b"", "file must be non-empty"),
        (b"not a picture", "IMAGE_PROCESS_FAILED"),
        (picture(64, 64)[:300], "IMAGE_PROCESS_FAILED"),
        (png_header(30_000, 30_000), "PHOTO_INVALID_DIMENSIONS"),
        (picture(2100, 100), "PHOTO_INVALID_DIMENSIONS"),
        (picture(60, 60) + bytes(10_485_760), "file of size 10486"),
    ],
    ids=["empty", "text", "truncated", "bomb", "ratio", "10 MB"],
)
async def test_what_cannot_be_a_photo_is_refused(ann: int, bot: PlainBot, data: bytes, text: str) -> None:
    with pytest.raises(ApiRefusal) as caught:
        await bot.photo(ann, data)
    assert caught.value.code == 400
    assert caught.value.text.startswith(f"Bad Request: {text}")


@pytest.mark.parametrize("data", [picture(64, 64)[:300], png_header(30_000, 30_000)], ids=["truncated", "bomb"])
async def test_a_client_sends_what_cannot_be_a_photo_as_a_file(telegram: Telegram, data: bytes) -> None:
    sent = await telegram.ann.photo(("odd.png", data))
    assert "photo" not in sent.body
    assert await sent.document_bytes() == data


async def test_a_document_stays_as_it_is_and_gets_a_preview(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    data = picture(1000, 500, kind="PNG")
    sent = await telegram.ann.document(("my photo.png", data))
    document = sent.body["document"]
    assert (document["file_name"], document["mime_type"]) == ("my photo.png", "image/png")
    assert (document["file_size"], document["thumbnail"]["width"]) == (len(data), 320)
    assert await sent.document_bytes() == data
    (update,) = await bot.updates()
    link = await bot("getFile", file_id=update["message"]["document"]["file_id"])
    assert (await telegram.http.get(f"/file/bot{telegram.token}/{link['file_path']}")).content == data


async def test_a_file_id_is_sent_again_without_an_upload(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    sent = await telegram.ann.photo(picture(400, 300))
    small, *_, large = sent.body["photo"]
    again = await bot("sendPhoto", chat_id=ann, photo=large["file_id"])
    assert again["photo"] == sent.body["photo"]
    assert (await bot("sendPhoto", chat_id=ann, photo=small["file_id"]))["photo"] == sent.body["photo"]
    with pytest.raises(ApiRefusal, match="can't use file of type Photo as Document"):
        await bot("sendDocument", chat_id=ann, document=large["file_id"])


async def test_the_unique_id_tells_files_apart(telegram: Telegram) -> None:
    one, two = await telegram.ann.photo(picture(50, 50)), await telegram.ann.photo(picture(50, 50))
    assert one.body["photo"][0]["file_unique_id"] != two.body["photo"][0]["file_unique_id"]


async def test_unknown_files_are_refused(ann: int, bot: PlainBot) -> None:
    for method, parameters, text in (
        ("sendPhoto", {"chat_id": ann, "photo": "AgACAgIAAxkBAAxxx"}, "wrong file identifier/HTTP URL specified"),
        ("sendPhoto", {"chat_id": ann, "photo": "https://example.com/a.jpg"}, "failed to get HTTP URL content"),
        ("sendPhoto", {"chat_id": ann, "photo": "attach://nothing"}, "wrong photo: there is no file with the name"),
        ("getFile", {"file_id": "x"}, "invalid file_id"),
        ("getFile", {"file_id": "A" * 60}, "wrong file_id or the file is temporarily unavailable"),
    ):
        with pytest.raises(ApiRefusal, match=text):
            await bot(method, **parameters)


async def test_a_file_over_20_mb_cannot_be_loaded_by_the_bot(telegram: Telegram, bot: PlainBot) -> None:
    for size_bytes in (20_971_521, 20_971_520):
        # A form, as of the page: it comes in pieces. All of it at once, as JSON, would hold the event loop.
        form = {"as": telegram.ann.id, "chat_id": telegram.ann.id}
        sent = await telegram.http.post("/sandbox/send", data=form, files={"files": ("a.bin", bytes(size_bytes))})
        assert sent.status_code == 200
    large, small = await bot.updates()
    with pytest.raises(ApiRefusal, match=r"^Bad Request: file is too big$"):
        await bot("getFile", file_id=large["message"]["document"]["file_id"])
    assert (await bot("getFile", file_id=small["message"]["document"]["file_id"]))["file_size"] == 20_971_520


async def test_a_file_over_50_mb_cannot_be_sent_by_the_bot(ann: int, bot: PlainBot) -> None:
    """nginx says so before the Bot API server, in HTML: telegraf#222."""
    document = ("a.bin", bytes(50_000_000))
    answer = await bot.raw("sendDocument", data={"chat_id": ann}, files={"document": document})
    assert (answer.status_code, answer.headers["content-type"]) == (413, "text/html; charset=utf-8")
    assert "413 Request Entity Too Large" in answer.text


async def test_a_download_link_lives_an_hour() -> None:
    clock = [time.time()]
    async with running_sandbox(replace(SandboxConfig(), clock=lambda: clock[0])) as telegram:
        bot = PlainBot(telegram)
        sent = await telegram.ann.photo(picture())
        link = await bot("getFile", file_id=sent.body["photo"][-1]["file_id"])
        url = f"/file/bot{telegram.token}/{link['file_path']}"
        assert (await telegram.http.get(url)).status_code == 200
        clock[0] += 3601
        assert (await telegram.http.get(url)).status_code == 404
        assert (await telegram.http.get(f"/file/bot1:x/{link['file_path']}")).status_code == 404


async def test_a_gif_arrives_as_animation_and_document(telegram: Telegram, bot: PlainBot) -> None:
    frames = [Image.new("P", (40, 40), number) for number in range(3)]
    gif = encoded(frames[0], "GIF", save_all=True, append_images=frames[1:])
    await telegram.ann.photo(("a.gif", gif))
    (update,) = await bot.updates()
    assert update["message"]["animation"]["file_id"] == update["message"]["document"]["file_id"]


@pytest.mark.parametrize("kind", ["voice", "video", "video_note", "audio", "sticker", "animation"])
async def test_other_kinds_of_message_arrive(telegram: Telegram, bot: PlainBot, kind: str) -> None:
    await telegram.ann.send(("a.webp", picture(kind="WEBP")), kind)
    (update,) = await bot.updates()
    assert kind in update["message"]


async def test_a_text_message_becomes_a_photo_by_an_edit(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    status = await bot.say(ann, "painting")
    edited = await bot(
        "editMessageMedia",
        {"new": ("new.jpg", picture(500, 500))},
        chat_id=ann,
        message_id=status["message_id"],
        media='{"type": "photo", "media": "attach://new", "caption": "done"}',
    )
    assert (edited["message_id"], edited["caption"]) == (status["message_id"], "done")
    assert "text" not in edited
    assert (await telegram.ann.answer()).size_px == (500, 500)


async def test_a_spoiler_stays_a_spoiler(telegram: Telegram, ann: int, bot: PlainBot) -> None:
    assert (await telegram.ann.photo(picture(), spoiler=True)).body["has_media_spoiler"] is True
    assert (await bot.photo(ann, picture(), has_spoiler="true"))["has_media_spoiler"] is True


async def test_samples_are_sent_by_name(telegram: Telegram) -> None:
    name = next(SandboxConfig().samples_dir.glob("*.jpg")).stem
    order = {"as": telegram.ann.id, "chat_id": telegram.ann.id, "sample": name, "text": "blue"}
    (sent,) = (await telegram.post("send", order))["messages"]
    assert (sent["caption"], sent["photo"][0]["width"] <= 90) == ("blue", True)


async def test_noise_of_a_megabyte_is_still_a_photo(telegram: Telegram) -> None:
    sent = await telegram.ann.photo(noise(1600, 1200))
    assert sent.size_px == (1280, 960)
