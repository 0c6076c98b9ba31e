"""A conversation of weeks: nobody else waits while it is shown, moved or deleted.

The watchdog of every test checks that the event loop is never blocked.
"""

from __future__ import annotations

import base64
import io
import json
import tracemalloc
import zipfile

import pytest
from PIL import Image

from bot.chat.commands.keep import MOST_PARTS, PART_BYTES
from storage.records import Key
from tests.support.large import MB, heavy, painted
from tests.support.painter import number_of, picture_part
from tests.support.people import ANN, Message
from tests.support.records import new_turn, outcome
from tests.support.talking import Talk

HERE = Key(ANN, 0)
KB = 1000


async def _zips(talk: Talk, count: int) -> list[zipfile.ZipFile]:
    parts = await talk.telegram.ann.answers(count, 120)
    return [zipfile.ZipFile(io.BytesIO(await part.document_bytes())) for part in parts]


async def test_an_export_that_is_too_large_for_one_file_comes_in_several(talk: Talk) -> None:
    """Each file opens by itself, and together they contain everything."""
    await painted(talk, HERE, 26, 2 * MB)
    await talk.telegram.ann.say("/export")
    first = await talk.telegram.ann.answer(120)
    assert "Part 1 of 3: steps 1 to 24" in first.caption
    parts = [zipfile.ZipFile(io.BytesIO(await first.document_bytes())), *await _zips(talk, 2)]
    pictures = [part.read(name) for part in parts for name in part.namelist() if name.startswith("pictures/")]
    assert sorted(pictures) == sorted(heavy(number, 2 * MB) for number in range(1, 27))
    assert [("index.html" in part.namelist(), "README.txt" in part.namelist()) for part in parts[:2]] == [
        (True, True)
    ] * 2
    replay = json.loads(parts[2].read("contents.json"))
    data = [part["inlineData"]["data"] for one in replay["contents"] for part in one["parts"] if "inlineData" in part]
    assert base64.b64decode(data[-1]) == heavy(25, 2 * MB)
    assert replay["contents"][-1]["parts"] == [{"text": "wish 26"}]
    await talk.telegram.ann.say("warmer")
    assert (await talk.telegram.ann.answer()).has_picture


async def test_nobody_waits_for_somebodys_export(talk: Talk) -> None:
    await painted(talk, HERE, 20, 2 * MB)
    await talk.telegram.ann.say("/export")
    for number in range(5):
        await talk.telegram.boris.say(f"boat {number}")
        assert (await talk.telegram.boris.answer()).has_picture
    assert "Part 1 of 2" in (await talk.telegram.ann.answer(120)).caption


async def test_what_no_number_of_messages_would_hold_is_left_to_the_owner(talk: Talk) -> None:
    """The bot says so at once, without reading any of it."""
    size_bytes = (MOST_PARTS + 1) * PART_BYTES
    async with talk.before_it_ran() as store:
        conversation = await store.conversations.open(HERE)
        turn = await store.conversations.take(new_turn(conversation.id), [], [])
        await store.conversations.store_answer(turn, outcome(size_bytes))
        await store.deliveries.end(turn.id, [turn.id])
    await talk.telegram.ann.say("/export")
    said = (await talk.telegram.ann.answer()).text
    assert f"{size_bytes // MB} MB" in said
    assert f"pentimento export {ANN} FOLDER" in said


@pytest.mark.parametrize(
    ("command", "said", "most_mb"),
    [
        ("/tree", "24 answers so far", 40),
        ("/go 2", "wish 2", 40),
        # To find what differs takes some 100 MB, however large the pictures are; the picture threads count them.
        ("/compare", "Before and after", 130),
        ("/context", "the last 2 steps", 40),
    ],
)
async def test_what_shows_a_conversation_holds_one_picture_at_a_time(
    talk: Talk, command: str, said: str, most_mb: int
) -> None:
    await painted(talk, HERE, 24, 4 * MB, signature_bytes=200 * KB)
    tracemalloc.start()
    try:
        await talk.telegram.ann.say(command)
        assert said in (await talk.telegram.ann.answer(120)).caption
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most_bytes < most_mb * MB


async def _left(message: Message) -> int:
    """Return the number of the picture on the left."""
    with Image.open(io.BytesIO(await message.picture_bytes())) as pair:
        side = pair.convert("RGB").crop((10, 10, pair.width // 4, pair.height // 4))
    written = io.BytesIO()
    side.save(written, "PNG")
    return number_of(written.getvalue())


async def test_the_original_is_the_first_picture_after_any_number_of_turns(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(talk, HERE, 70, 30 * KB, sent=True)
    await ann.say("/compare original")
    assert await _left(await ann.answer()) == 0
    await ann.say("/compare")
    assert await _left(await ann.answer()) == 69


async def test_a_timelapse_begins_with_the_first_picture_and_leaves_out_the_middle(talk: Talk) -> None:
    ann = talk.telegram.ann
    await painted(talk, HERE, 70, 3 * KB, sent=True, size_px=(96, 72))
    await ann.say("/timelapse")
    film = await ann.answer(120)
    assert "60 steps" in film.caption
    av = pytest.importorskip("av")
    data = await talk.telegram.file(film.body["animation"]["file_id"])
    with av.open(io.BytesIO(data)) as opened:
        frames = [frame.to_image() for frame in opened.decode(video=0)]
    # Their words are at the foot.
    assert [number_of(_png(frame.crop((0, 0, 96, 20)))) for frame in (frames[0], frames[-1])] == [0, 70]


async def test_go_counts_as_the_tree_does(talk: Talk) -> None:
    """A turn that was cancelled or failed has no number."""
    ann = talk.telegram.ann
    talk.painter.will(picture_of(7), (400, {"error": {"code": 400, "message": "no", "status": "INVALID_ARGUMENT"}}))
    await ann.say("a boat")
    await ann.answer()
    await ann.say("fail")
    await ann.answer()
    await ann.say("now blue")
    await ann.answer()
    await ann.say("/go 2")
    assert "now blue" in (await ann.answer()).caption
    await ann.say("/go 3")
    assert "from 1 to 2" in (await ann.answer()).text


async def test_pictures_as_large_as_models_make_them_hold_nobody_up(talk: Talk) -> None:
    ann = talk.telegram.ann
    for number in (1, 2):
        talk.painter.will([{"text": "4K"}, picture_part(heavy(number, 20 * MB), "image/jpeg")])
        await ann.say(f"large {number}")
        assert (await ann.answer(60)).caption == "4K"
    await ann.say("/file")
    assert "document" in (await ann.answer(60)).body


def picture_of(number: int) -> list[dict[str, object]]:
    """Return an answer with one small picture."""
    return [picture_part(heavy(number, 30 * KB), "image/jpeg")]


def _png(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.save(written, "PNG")
    return written.getvalue()
