"""Names, export and forgetting."""

from __future__ import annotations

import base64
import io
import json
import zipfile
from pathlib import Path

from storage.records import InputPicture, Key
from tests.support.painter import number_of, plain
from tests.support.people import BORIS
from tests.support.talking import Talk, in_files


def _stored(talk: Talk) -> bytes:
    """Return every byte that the bot keeps on disk."""
    root = Path(talk.settings["data_dir"])
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


async def test_a_named_picture_goes_along_when_a_wish_says_its_name(talk: Talk) -> None:
    """The model sees the picture beside its name."""
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


@in_files
async def test_forgetting_a_conversation_leaves_no_byte_of_it(talk: Talk) -> None:
    """Words and pictures are gone from every file; a picture that somebody else uses stays."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await ann.document(plain(150), "a very secret wish")
    await ann.answer()
    await ann.document(plain(160), "shared")
    await ann.answer()
    await boris.document(plain(160), "shared")
    await boris.answer()
    await ann.photo(plain(170))
    await ann.answer()
    assert b"a very secret wish" in _stored(talk)
    assert plain(150) in _stored(talk)
    await ann.say("/forget")
    question = await ann.answer()
    await ann.press(question, "Delete this conversation")
    gone = await ann.answer()
    assert "Deleted: 2 turns" in gone.text
    assert "1 more" in gone.text
    kept = _stored(talk)
    assert b"a very secret wish" not in kept
    assert plain(150) not in kept
    assert plain(160) in kept
    await talk.stop()
    assert b"a very secret wish" not in _stored(talk)
    await talk.start()
    await ann.say("a boat")
    await ann.answer()
    assert talk.painter.calls[-1].roles == ["user"]


async def test_forgetting_a_person_empties_their_wishes_in_groups(talk: Talk) -> None:
    """The group's answers stay, the person's words and pictures go."""
    group = await talk.telegram.group()
    await group.answer()
    boris = group.seen_by(BORIS)
    await boris.photo(plain(150), "/edit@pentimento_bot a very secret wish")
    await group.answer()
    await talk.telegram.boris.say("/forget")
    question = await talk.telegram.boris.answer()
    await talk.telegram.boris.press(question, "everything of mine")
    await talk.telegram.boris.answer()
    kept = _stored(talk)
    assert b"a very secret wish" not in kept
    await group.say("/edit@pentimento_bot now blue")
    await group.answer()
    assert [number_of(picture) for picture in talk.painter.calls[-1].all_pictures] == [1]


async def test_only_admins_delete_what_belongs_to_a_group(talk: Talk) -> None:
    """Ann created the group, Boris is a member."""
    group = await talk.telegram.group()
    await group.answer()
    await group.say("/edit@pentimento_bot a boat")
    await group.answer()
    await group.say("/forget@pentimento_bot")
    question = await group.answer()
    await group.seen_by(BORIS).press(question, "Delete this conversation")
    assert "Only admins" in (await group.answer()).text
    await group.press(question, "Delete this conversation")
    assert "Deleted: 1 turns" in (await group.answer()).text


async def test_nothing_is_deleted_by_a_second_thought(talk: Talk) -> None:
    """The harmless button keeps all."""
    ann = talk.telegram.ann
    await ann.say("a boat")
    await ann.answer()
    await ann.say("/forget")
    await ann.press(await ann.answer(), "Keep all")
    assert "Nothing was deleted" in (await ann.answer()).text
    await ann.say("now red")
    await ann.answer()
    assert talk.painter.calls[-1].roles == ["user", "model", "user"]


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
