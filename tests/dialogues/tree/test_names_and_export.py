"""Names and export."""

from __future__ import annotations

import base64
import io
import json
import tempfile
import zipfile
from functools import partial
from pathlib import Path

import pytest

from storage.records import InputPicture, Key
from tests.support.painter import number_of, plain
from tests.support.talking import Talk, in_files, painted


async def test_a_named_picture_goes_along_when_a_wish_says_its_name(talk: Talk) -> None:
    """The model gets the picture after its name."""
    ann = talk.telegram.ann
    await ann.say("a hat")
    hat = await ann.answer()
    await ann.say("/save Hat", reply_to=hat)
    assert "@hat" in (await ann.answer()).text
    await ann.say("/new")
    await ann.answer()
    await ann.photo(plain(150), "put @hat on him")
    await ann.answer()
    call = talk.painter.calls[-1]
    assert [number_of(picture) for picture in call.pictures] == [150, 1]
    assert call.wish == "@hat:\nput @hat on him"
    await ann.say("/saved")
    assert "@hat" in (await ann.answer()).text
    await ann.say("/drop hat")
    await ann.answer()
    await ann.say("/saved")
    assert "No picture has a name" in (await ann.answer()).text


async def test_export_holds_originals_and_contents_that_replay(talk: Talk) -> None:
    """The zip has each picture byte for byte, and a request that a Gemini endpoint takes."""
    ann = talk.telegram.ann
    await ann.document(plain(150), "make it <b>red</b>")
    await ann.answer()
    await ann.say("now blue")
    await ann.answer()
    await ann.say("/export")
    archive = zipfile.ZipFile(io.BytesIO(await (await ann.answer()).document_bytes()))
    pictures = [archive.read(name) for name in archive.namelist() if name.startswith("pictures/")]
    assert sorted(pictures) == sorted([plain(150), plain(1), plain(2)])
    replay = json.loads(archive.read("contents.json"))
    assert [content["role"] for content in replay["contents"]] == ["user", "model", "user"]
    sent = base64.b64decode(replay["contents"][0]["parts"][0]["inlineData"]["data"])
    assert sent == plain(150)
    answer = await talk.telegram.http.post(
        f"{talk.painter.base_url}/v1beta/models/gemini-2.5-flash-image:generateContent", json=replay
    )
    assert answer.status_code == 200
    page = archive.read("index.html").decode()
    assert "make it &lt;b&gt;red&lt;/b&gt;" in page
    assert [turn["wish"] for turn in json.loads(archive.read("tree.json"))] == ["make it <b>red</b>", "now blue"]


async def test_the_page_of_an_export_is_in_the_language_of_its_chat(talk: Talk) -> None:
    vera = await talk.telegram.newcomer("Vera", language_code="ru")
    await painted(vera, "лодка")
    await painted(vera, "теперь синяя")
    await vera.say("/export")
    archive = zipfile.ZipFile(io.BytesIO(await (await vera.answer()).document_bytes()))
    page = archive.read("index.html").decode()
    assert '<html lang="ru">' in page
    assert "<h1>Разговор в картинках</h1>" in page
    assert "<h2>1 <small>начало · " in page
    assert '<h2>2 <small><a href="#1">из 1</a> · ' in page


async def test_what_replays_has_the_shape_of_the_last_wish(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/ratio 16:9 now blue")
    await ann.answer()
    await ann.say("/export")
    archive = zipfile.ZipFile(io.BytesIO(await (await ann.answer()).document_bytes()))
    replay = json.loads(archive.read("contents.json"))
    assert replay["generationConfig"] == talk.painter.calls[-1].body["generationConfig"]
    assert replay["generationConfig"]["imageConfig"] == {"aspectRatio": "16:9"}


async def test_a_name_that_nobody_gave_is_mentioned_beside_the_wish(talk: Talk) -> None:
    """The wish is painted all the same: an @ can be meant as such, and where nothing has a name it is."""
    ann = talk.telegram.ann
    await ann.say("a sign with @harbour on it")
    assert (await ann.answer()).has_picture
    await ann.photo(plain(40), "/save hat")
    assert "@hat" in (await ann.answer()).text
    await ann.say("put @hat on the @dog")
    assert (await ann.answer()).text == "There is no picture named @dog here. /saved lists them."
    assert (await ann.answer()).has_picture
    assert talk.painter.calls[-1].wish == "@hat:\nput @hat on the @dog"


async def test_a_long_list_of_names_comes_whole_in_as_many_messages_as_it_needs(talk: Talk) -> None:
    """One message holds 4096 characters (Bot API, sendMessage)."""
    ann = talk.telegram.ann
    await ann.say("a hat")
    await ann.answer()
    conversation = await talk.store.conversations.open(Key(ann.id, 0))
    hat = await talk.store.conversations.turn(conversation.head_id or 0)
    assert hat is not None
    names = [f"{'hat' * 9}-{number:03}" for number in range(130)]
    for name in names:
        await talk.store.names.save(conversation.id, name, InputPicture(media=hat.shown[-1]))
    await ann.say("/saved")
    told = " ".join([message.text for message in await ann.answers(2)])
    assert told.startswith("Saved here: ")
    assert [name for name in names if f"@{name}" not in told] == []
    assert "???" not in told


async def test_of_many_names_that_nobody_gave_a_few_are_spoken_of_in_one_message(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.photo(plain(150), "/save hat")
    await ann.answer()
    await ann.say("a poster with " + " ".join(f"@band{number}" for number in range(50)))
    told, painted = await ann.answers(2)
    assert told.text.count("no picture named") == 3
    assert painted.has_picture


@in_files
async def test_a_process_that_is_killed_while_it_sends_an_export_leaves_no_file_of_it(
    talk: Talk, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No start and no /forget would find such a file."""
    temporary = tmp_path / "temporary"
    temporary.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    ann = talk.telegram.ann
    await painted(ann, "a very secret wish", "now red")
    for command, method in (("/export", "sendDocument"), ("/timelapse", "sendAnimation")):
        await talk.telegram.fault(method, delay_s=0.5)
        await ann.say(command)
        await talk.telegram.fault_met()
        assert list(temporary.rglob("*")) == []
        await ann.answer()


@in_files
@pytest.mark.parametrize("fault", ["full", "missing"])
async def test_an_export_that_finds_no_place_for_its_file_says_so(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    """The message is not at fault, and what comes after it does not wait."""
    ann = talk.telegram.ann
    await painted(ann, "a boat")
    if fault == "full":
        monkeypatch.setattr("tempfile.TemporaryFile", partial(open, "/dev/full", "r+b"))
    else:
        monkeypatch.setattr("tempfile.tempdir", "/nowhere/at/all")
    await ann.say("/export")
    said = (await ann.answer()).text
    assert said.startswith("I have no room right now to put the file together.")
    assert f"pentimento export {ann.id} FOLDER" in said
    await painted(ann, "warmer")
    monkeypatch.undo()
    await ann.say("/export")
    assert (await ann.answer()).caption.startswith("2 steps")
    assert not [finding async for finding in talk.store.audit.inbox()]
