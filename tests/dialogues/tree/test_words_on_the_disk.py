"""Words that were forgotten leave the disk, even if another program reads the database file at that moment."""

from __future__ import annotations

import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from tests.support.forgetting import CONVERSATION, forget
from tests.support.talking import Talk, in_files

pytestmark = in_files

SECRET = "a very secret wish"


@contextmanager
def somebody_reading(talk: Talk) -> Iterator[None]:
    """Hold a read transaction, as a database viewer does that was left open."""
    file = Path(talk.settings["data_dir"]) / "pentimento.db"
    with closing(sqlite3.connect(f"{file.as_uri()}?mode=ro", uri=True, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM turns").fetchall()
        yield


def words_on_the_disk(talk: Talk) -> bool:
    root = Path(talk.settings["data_dir"])
    return any(SECRET.encode() in path.read_bytes() for path in root.rglob("*.db*"))


async def _gone_soon(talk: Talk) -> None:
    async def gone() -> bool | None:
        return not words_on_the_disk(talk) or None

    await talk.telegram.wait_for(gone, 20, "the words stay on the disk")


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("storage.engine.wiping.AGAIN_AFTER_S", (0.2,))


async def test_while_somebody_reads_the_file_nobody_waits_and_the_bot_says_what_is_left(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await ann.say(SECRET)
    await ann.answer()
    with somebody_reading(talk):
        assert (await forget(ann, CONVERSATION)).text == "Deleted: 1 wish and 1 picture."
        assert "still on the disk" in (await ann.answer()).text
        assert words_on_the_disk(talk)
        began = time.monotonic()
        await boris.say("a gull")
        await boris.answer()
        assert time.monotonic() - began < 10
    await _gone_soon(talk)
    await ann.say("a boat")
    await ann.answer()
    assert (await forget(ann, CONVERSATION)).text == "Deleted: 1 wish and 1 picture."
    await ann.silence()


async def test_a_restart_does_not_forget_what_is_left_on_the_disk(talk: Talk) -> None:
    await talk.telegram.ann.say(SECRET)
    await talk.telegram.ann.answer()
    with somebody_reading(talk):
        await forget(talk.telegram.ann, CONVERSATION)
        await talk.telegram.ann.answer()
        await talk.restart()
        assert words_on_the_disk(talk)
    await _gone_soon(talk)
