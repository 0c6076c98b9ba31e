"""An export is planned before a picture is read, holds one picture at a time, and comes in parts that open alone."""

from __future__ import annotations

import base64
import json
import math
import os
import re
import subprocess
import sys
import tracemalloc
import zipfile
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.__main__ import main
from bot.operator.backup import backup
from bot.operator.export import INCOMPLETE, REFUSED, WHOLE, export_chat
from bot.settings.settings import Settings
from bot.turns.export import Source, Zip, plan_export
from bot.turns.export.plan import FRAME_BYTES, Division, Weighed
from storage.records import Conversation, Key, MediaRef
from storage.store import Store
from tests.support.large import MB, filled, heavy
from tests.support.records import media, new_turn, outcome
from tests.support.stillness import ROOT
from tests.support.talking import talking

HERE = Key(1001, 0)
KB = 1000
SMALL = 40 * KB


@pytest.fixture
async def store(tmp_path: Path) -> AsyncIterator[Store]:
    """Yield an empty store."""
    opened = await Store.open(f"sqlite+aiosqlite:///{tmp_path}/pentimento.db", str(tmp_path / "media"))
    yield opened
    await opened.close()


class Reading(Source):
    """A conversation that records what is read of it."""

    def __init__(self, store: Store, conversation: Conversation) -> None:
        super().__init__(store, conversation)
        self.reads = 0

    async def read(self, ref: MediaRef) -> bytes | None:
        """Return a picture."""
        self.reads += 1
        return await super().read(ref)


@dataclass
class Exported:
    """The result of an export: each part's zip, opened."""

    parts: list[zipfile.ZipFile] = field(default_factory=list)

    def texts(self, name: str) -> list[str]:
        """Return a file of each part that has it."""
        return [part.read(name).decode() for part in self.parts if name in part.namelist()]

    def turns(self) -> list[list[dict[str, Any]]]:
        """Return the turns of each part."""
        return [json.loads(text) for text in self.texts("tree.json")]


async def exported(source: Source, folder: Path, limit_bytes: float = math.inf) -> Exported:
    """Write every part of an export to a zip."""
    export = await plan_export(source, "en", limit_bytes)
    found = Exported()
    for part in export.parts:
        path = folder / f"{part.number}.zip"
        await export.write(part, Zip(path))
        assert path.stat().st_size <= part.size_bytes <= limit_bytes
        found.parts.append(zipfile.ZipFile(path))
    return found


async def test_the_size_is_reckoned_before_any_picture_is_read(store: Store, tmp_path: Path) -> None:
    source = Reading(store, await filled(store, HERE, 12, SMALL))
    export = await plan_export(source, "en", 300 * KB)
    assert source.reads == 0
    assert len(export.parts) > 1
    for part in export.parts:
        await export.write(part, Zip(tmp_path / "part.zip"))
        assert (tmp_path / "part.zip").stat().st_size <= part.size_bytes <= 300 * KB


async def test_one_zip_holds_a_conversation_that_fits(store: Store, tmp_path: Path) -> None:
    (archive,) = (await exported(Source(store, await filled(store, HERE, 3, SMALL, sent=True)), tmp_path)).parts
    pictures = {archive.read(name) for name in archive.namelist() if name.startswith("pictures/")}
    assert pictures == {heavy(number, SMALL) for number in range(4)}
    replay = json.loads(archive.read("contents.json"))
    assert [content["role"] for content in replay["contents"]] == ["user", "model"] * 2 + ["user"]
    data = [part["inlineData"]["data"] for one in replay["contents"] for part in one["parts"] if "inlineData" in part]
    assert [base64.b64decode(one) for one in data] == [heavy(number, SMALL) for number in range(3)]
    assert "curl" in archive.read("README.txt").decode()
    assert "Part" not in archive.read("README.txt").decode()


async def test_what_does_not_fit_comes_in_parts_that_open_by_themselves(store: Store, tmp_path: Path) -> None:
    found = await exported(Source(store, await filled(store, HERE, 12, SMALL)), tmp_path, 300 * KB)
    numbers = [[turn["number"] for turn in turns] for turns in found.turns()]
    assert [number for part in numbers for number in part] == list(range(1, 13))
    for number, (archive, turns) in enumerate(zip(found.parts, found.turns(), strict=False), start=1):
        assert f"Part {number} of {len(found.parts)}" in archive.read("README.txt").decode()
        page = archive.read("index.html").decode()
        images = re.findall(r'<img src="([^"]+)"', page)
        assert images == [name for turn in turns for name in turn["shown"]]
        assert set(images) <= set(archive.namelist())
        first = turns[0]["number"]
        assert (f'<a href="#{first}">from {first}</a>' in page) == (len(turns) > 1)
        if number > 1:
            assert f"from {first - 1}, in part {number - 1}" in page


async def test_the_replay_goes_back_as_far_as_one_part_has_room(store: Store, tmp_path: Path) -> None:
    found = await exported(Source(store, await filled(store, HERE, 12, SMALL)), tmp_path, 300 * KB)
    (replay,) = [json.loads(text) for text in found.texts("contents.json")]
    assert "contents.json" in found.parts[-1].namelist()
    assert [content["role"] for content in replay["contents"]] == ["user", "model"] * 5 + ["user"]
    data = [part["inlineData"]["data"] for one in replay["contents"] for part in one["parts"] if "inlineData" in part]
    assert [base64.b64decode(one) for one in data] == [heavy(number, SMALL) for number in range(7, 12)]
    assert "begins with turn 7" in found.parts[-1].read("README.txt").decode()
    assert all(f"is in part {len(found.parts)}" in text for text in found.texts("README.txt")[:-1])


async def test_pictures_of_one_turn_that_no_part_holds_together_go_into_several(store: Store, tmp_path: Path) -> None:
    talk = await store.conversations.open(HERE)
    pictures = []
    for number in range(10):
        data = heavy(number, SMALL)
        sha256 = await store.media.put(data)
        pictures.append(MediaRef(sha256=sha256, mime="image/jpeg", size_bytes=SMALL, width_px=1024, height_px=768))
    turn = await store.conversations.take(new_turn(talk.id), [], [])
    await store.conversations.store_answer(turn, outcome(1, shown=tuple(pictures), media=tuple(pictures)))
    found = await exported(Source(store, await store.conversations.open(HERE)), tmp_path, 200 * KB)
    assert [[turn["number"] for turn in turns] for turns in found.turns()] == [[1], [1], [1]]
    named = [name for part in found.parts for name in part.namelist() if name.startswith("pictures/")]
    assert len(named) == len(set(named)) == 10
    assert "in another part" in found.texts("index.html")[0]


async def test_a_lost_picture_is_told_of_and_the_rest_is_there(store: Store, tmp_path: Path) -> None:
    talk = await filled(store, HERE, 3, SMALL)
    ((_, first), *_) = await store.views.newest(talk.id, 3)
    await store.media.delete(first.shown[0].sha256)
    (archive,) = (await exported(Source(store, talk), tmp_path)).parts
    assert "1 of the pictures is missing" in archive.read("README.txt").decode()
    assert "One of its pictures is lost." in archive.read("index.html").decode()
    replay = json.loads(archive.read("contents.json"))
    assert replay["contents"][1]["parts"][1] == {"text": "(a picture that is lost)"}
    assert sum(name.startswith("pictures/") for name in archive.namelist()) == 2


async def test_memory_does_not_grow_with_the_conversation(store: Store, tmp_path: Path) -> None:
    talk = await filled(store, HERE, 24, 2 * MB, signature_bytes=50 * KB)
    tracemalloc.start()
    try:
        (archive,) = (await exported(Source(store, talk), tmp_path)).parts
        _, most_bytes = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert sum(info.file_size for info in archive.infolist()) > 100 * MB
    assert most_bytes < 12 * MB


async def test_the_page_shows_pictures_as_they_are_in_light_and_dark(store: Store, tmp_path: Path) -> None:
    (archive,) = (await exported(Source(store, await filled(store, HERE, 2, SMALL)), tmp_path)).parts
    page = archive.read("index.html").decode()
    assert re.search(r"img \{[^}]*height: auto", page)
    assert "prefers-color-scheme: dark" in page
    assert page.count("<time datetime=") == 2
    assert '<article class=head id="2">' in page


@given(
    sizes=st.lists(st.tuples(st.integers(0, 5_000), st.lists(st.integers(1, 60_000), max_size=5)), max_size=20),
    limit_bytes=st.integers(FRAME_BYTES + 6_000, 120_000),
    replay_bytes=st.none() | st.integers(1, 90_000),
)
def test_no_part_holds_more_than_it_may_and_all_parts_hold_everything(
    sizes: list[tuple[int, list[int]]], limit_bytes: int, replay_bytes: int | None
) -> None:
    division = Division(limit_bytes)
    turns = [
        Weighed(id=10 * number, number=number, text_bytes=text, pictures=tuple(dict.fromkeys(map(media, pictures))))
        for number, (text, pictures) in enumerate(sizes, start=1)
    ]
    for turn in turns:
        division.add(turn)
    division.end(replay_bytes if replay_bytes and replay_bytes + FRAME_BYTES <= limit_bytes else None)
    assert all(part.size_bytes <= limit_bytes for part in division.parts)
    held: dict[int, set[str]] = {}
    for part in division.parts:
        for turn_id, pictures in part.turns.items():
            held.setdefault(turn_id, set()).update(ref.sha256 for ref in pictures)
            assert {ref.sha256 for ref in pictures} <= set(part.pictures)
    assert list(held) == [turn.id for turn in turns]
    for turn in turns:
        assert {ref.sha256 for ref in turn.pictures} - held[turn.id] <= division.too_large


async def test_the_owner_writes_a_chat_of_any_size_to_a_folder(store: Store, tmp_path: Path) -> None:
    await filled(store, HERE, 5, SMALL)
    settings = Settings.model_validate({"data_dir": tmp_path})
    told: list[str] = []
    folder = tmp_path / "out"
    assert await export_chat(settings, "1001", folder, told.append) == WHOLE
    assert told == [f"{folder} now holds 5 turns and 5 pictures; open index.html there."]
    assert sorted(path.name for path in folder.iterdir()) == [
        "README.txt", "contents.json", "index.html", "pictures", "tree.json"
    ]  # fmt: skip
    assert len(json.loads((folder / "contents.json").read_text())["contents"]) == 9
    assert len(json.loads((folder / "tree.json").read_text())) == 5
    assert folder.stat().st_mode & 0o077 == 0


async def test_the_owner_reads_of_one_turn_as_one(store: Store, tmp_path: Path) -> None:
    await filled(store, HERE, 1, SMALL)
    told: list[str] = []
    assert (
        await export_chat(Settings.model_validate({"data_dir": tmp_path}), "1001", tmp_path / "out", told.append)
        == WHOLE
    )
    assert told == [f"{tmp_path / 'out'} now holds 1 turn and 1 picture; open index.html there."]


async def test_the_owner_s_copy_is_in_the_language_of_the_chat_and_else_in_that_of_the_settings(
    store: Store, tmp_path: Path
) -> None:
    await filled(store, HERE, 1, SMALL)
    settings = Settings.model_validate({"data_dir": tmp_path, "language": "pt"})
    for chosen, title in (("", "Uma conversa em imagens"), ("de", "Ein Gespräch in Bildern")):
        if chosen:
            talk = await store.conversations.open(HERE)
            await store.conversations.change(talk.id, lambda now: {**now, "language": "de"})
        folder = tmp_path / f"out-{chosen}"
        assert await export_chat(settings, "1001", folder, print) == WHOLE
        assert f"<h1>{title}</h1>" in (folder / "index.html").read_text("utf-8")


async def test_each_topic_of_a_forum_becomes_a_folder_and_a_lost_picture_is_told(store: Store, tmp_path: Path) -> None:
    for topic in (0, 7):
        await filled(store, Key(-100, topic), 1 + topic, SMALL)
    await store.media.delete((await store.views.newest(1, 1))[0][1].shown[0].sha256)
    settings = Settings.model_validate({"data_dir": tmp_path})
    told: list[str] = []
    assert await export_chat(settings, "-100", tmp_path / "out", told.append) == INCOMPLETE
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["topic-0", "topic-7"]
    assert "2 of the pictures are missing" in told[-1]


@pytest.mark.parametrize(
    ("chat", "said"),
    [("1002", "Nothing was answered in chat 1002"), ("ann", "ann is no chat"), ("1001", "is not empty")]
    + [(digits, f"{digits} is no chat") for digits in ("9" * 30, "9" * 5000, "--5", "-", "")],
    ids=lambda value: value[:20],
)
async def test_an_export_that_cannot_begin_says_why(chat: str, said: str, store: Store, tmp_path: Path) -> None:
    await filled(store, HERE, 1, SMALL)
    settings = Settings.model_validate({"data_dir": tmp_path})
    told: list[str] = []
    folder = tmp_path / "media" if chat == "1001" else tmp_path / "out"
    assert await export_chat(settings, chat, folder, told.append) == REFUSED
    assert said in told[-1]


async def test_a_place_that_cannot_be_written_to_is_named_in_plain_words(store: Store, tmp_path: Path) -> None:
    await filled(store, HERE, 1, SMALL)
    settings = Settings.model_validate({"data_dir": tmp_path})
    told: list[str] = []
    place = tmp_path / "pentimento.db" / "out"
    assert await export_chat(settings, "1001", place, told.append) == REFUSED
    assert await backup(settings, place, told.append) == REFUSED
    said = f"{place} cannot be used: a file is there, and no folder."
    assert told == [said, f"{said} The backup from before, if there was one, is still whole."]


async def test_nothing_is_made_where_nothing_is_stored(tmp_path: Path) -> None:
    told: list[str] = []
    settings = Settings.model_validate({"data_dir": tmp_path / "none"})
    assert await export_chat(settings, "1001", tmp_path / "out", told.append) == REFUSED
    assert not (tmp_path / "none").exists()
    assert not (tmp_path / "out").exists()


async def test_the_owner_exports_while_the_bot_runs(tmp_path: Path) -> None:
    async with talking(tmp_path / "data") as talk:
        await filled(talk.store, HERE, 3, SMALL)
        told: list[str] = []
        settings = Settings.model_validate(talk.settings)
        assert await export_chat(settings, "1001", tmp_path / "out", told.append) == WHOLE
        await talk.telegram.ann.say("now blue")
        assert (await talk.telegram.ann.answer()).has_picture
    assert len(json.loads((tmp_path / "out" / "tree.json").read_text())) == 3


def test_the_command_line_takes_the_number_of_a_group(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot", "export", "-1001234567890", str(tmp_path / "out")]
    environment = {**os.environ, "DATA_DIR": str(tmp_path / "none")}
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == REFUSED
    assert done.stdout.startswith(f"There is no folder {tmp_path / 'none'}: nothing is stored yet. ")


@pytest.mark.parametrize(
    "words", [["export"], ["export", "1"], ["export", "1", "a", "b"], ["backup", "a", "b"], ["run", "a"]]
)
def test_a_command_with_too_few_or_too_many_words_is_refused(words: list[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(words)
    assert ended.value.code == 2


def test_help_names_each_command_and_nothing_of_the_code(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    said = capsys.readouterr().out
    for command in ("run", "sandbox", "check", "backup FOLDER", "export CHAT FOLDER", "move", "worker", "health"):
        assert f"\n  {command}  " in said
    assert "``" not in said
    assert "Imports" not in said
