"""A person leaves what a person can leave, everywhere, has it forgotten, and nothing of it is found any more."""

from __future__ import annotations

import asyncio
import logging
import re
import sqlite3
from collections.abc import AsyncIterator, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import psycopg
import pytest

from storage.media.backend import sha256_of
from tests.support.databases import Server
from tests.support.forgetting import MINE, forget
from tests.support.painter import noise, plain
from tests.support.people import BORIS, Chat
from tests.support.talking import Talk, in_files, talking

pytestmark = in_files

BOT, NAME, WORDS = "@pentimento_bot", "Wilhelmina", "quixotic"

PHOTOS = [noise(number, 200) for number in range(1, 8)]
"""Those that she sends; large enough to be uploaded to the provider."""


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot on each of the two databases, which uploads pictures to Google."""
    places: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        places = {"database_url": server.empty_database()}
    async with talking(tmp_path, gemini_files=True, owner_ids=str(BORIS), **places) as talk:
        await talk.telegram.privacy(on=False)
        await talk.stop()
        talk.settings |= {
            "gemini_base_url": "http://generativelanguage.googleapis.com",
            "proxy_url": talk.painter.base_url,
        }
        await talk.start()
        yield talk


def rows(talk: Talk) -> Iterator[tuple[str, str]]:
    """Yield every value of every table, with the table's name."""
    address = str(talk.settings.get("database_url", ""))
    with (
        closing(psycopg.connect(address.replace("+psycopg", "", 1)))
        if address
        else closing(sqlite3.connect(Path(talk.settings["data_dir"]) / "pentimento.db")) as connection
    ):
        listed = (
            "SELECT tablename FROM pg_tables WHERE schemaname = 'public'"
            if address
            else "SELECT name FROM sqlite_master WHERE type = 'table'"
        )
        for (table,) in connection.execute(listed).fetchall():
            for row in connection.execute(f'SELECT * FROM "{table}"').fetchall():  # noqa: S608 - from the catalogue
                yield from ((table, str(value)) for value in row)


def files(talk: Talk) -> dict[str, bytes]:
    """Return every file that the bot keeps."""
    root = Path(talk.settings["data_dir"])
    return {str(path.relative_to(root)): path.read_bytes() for path in root.rglob("*") if path.is_file()}


async def in_private(talk: Talk, her: Chat) -> None:
    await her.document(PHOTOS[0], f"{WORDS} red")
    await her.answer()
    await her.say("/save hat")
    await her.answer()
    await her.say(f"{WORDS} again, @hat")
    painted = await her.answer()
    await her.press(painted, "Again")
    await her.answer()
    await her.press(painted, "Undo")
    await her.answer()
    talk.painter.will((400, {"error": {"code": 400, "message": "not today", "status": "INVALID_ARGUMENT"}}))
    await her.say(f"{WORDS} fails")
    await her.answer()
    await her.document(PHOTOS[1])
    assert "What should I do" in (await her.answer()).text


async def in_group(talk: Talk, group: Chat, her: Chat) -> None:
    photo = await her.document(PHOTOS[2], f"{BOT} {WORDS} blue")
    answer = await group.answer()
    await her.say(f"/save {WORDS}", reply_to=answer)
    await group.answer()
    await group.say("/save hers", reply_to=photo)
    await group.answer()
    await group.say(f"{BOT} @hers and a boat")
    await group.answer()
    unseen = await her.document(PHOTOS[3])
    await group.say(f"{BOT} warmer", reply_to=unseen)
    await group.answer()
    await her.document(PHOTOS[4], BOT)
    await group.answer()
    await group.say(f"{BOT} a gull", reply_to=answer)
    gull = await group.answer()
    await her.press(gull, "Again")
    await group.answer()


async def beside(talk: Talk, group: Chat, her: Chat) -> None:
    """Leave her name in the rule of a group, and updates that cannot be handled."""
    said = await her.say(f"just {WORDS} talk")
    await group.say("/allow admins")
    await group.answer()
    await her.say(f"{BOT} not let")
    await group.answer()
    await group.say("/allow", reply_to=said)
    assert NAME in (await group.answer()).text
    author = {"id": her.person_id, "is_bot": False, "first_name": NAME}
    for chat_id in (her.person_id, group.id):
        # Messages that are not for the bot are not kept.
        words = f"{BOT} {WORDS}" if chat_id == group.id else WORDS
        chat = {"id": chat_id, "type": "private" if chat_id == her.person_id else "supergroup"}
        broken = {"date": 0, "chat": chat, "from": author, "text": words}
        await talk.telegram.update({"message": broken})
    await talk.store.inbox.keep_unusable([f'{{"id": {her.person_id}, "first_name": "{NAME}", "text": "{WORDS}"}}'])

    async def set_aside() -> bool | None:
        found = [finding async for finding in talk.store.audit.inbox()]
        return len(found) == 3 or None

    await talk.telegram.wait_for(set_aside, 20, "nothing was set aside")


async def rest(talk: Talk) -> None:
    """Wait until nothing is left to do."""
    async with asyncio.timeout(20):
        while await talk.store.inbox.keys() or await talk.store.conversations.unfinished_keys():  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    await asyncio.sleep(0.5)


async def test_everything_of_a_person_is_gone(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG, logger="bot")
    telegram = talk.telegram
    private = await telegram.newcomer(NAME)
    group = await telegram.group(members=[BORIS, private.person_id], kind="supergroup")
    await group.answer()
    her = group.seen_by(private.person_id)
    await in_private(talk, private)
    await in_group(talk, group, her)
    await beside(talk, group, her)
    gate = talk.painter.hold()
    calls = len(talk.painter.calls)
    await private.document(PHOTOS[5], f"{WORDS} while it runs")
    await talk.painter.called(calls + 1)

    hers = {"row": f"{private.person_id}", "name": NAME, "words": WORDS}
    assert all(any(value in text for _, text in rows(talk)) for value in hers.values())
    kept = files(talk)
    assert all(any(sha256_of(photo) in name for name in kept) for photo in PHOTOS[:6])
    uploaded = {file.name for file in talk.painter.shelf.uploads}
    assert uploaded

    said = await forget(her, MINE)
    assert said.text.startswith("Deleted: your words and pictures in ")
    gate.set()
    await rest(talk)
    number = re.compile(rf"(?<![0-9.]){private.person_id}(?![0-9])")
    assert {table for table, text in rows(talk) if NAME in text or WORDS in text} == set()
    # The books keep the number until the month has ended (storage/books/test_keeping.py): else it would renew a limit.
    assert {table for table, text in rows(talk) if number.search(text)} <= {"entries", "sums"}
    kept = files(talk)
    for what in (NAME.encode(), WORDS.encode(), *PHOTOS):
        assert [name for name, data in kept.items() if what in data] == []
    assert [name for name in kept if "answers/" in name or f"{private.person_id}." in name] == []
    assert not [file for file in talk.painter.shelf.files.values() if file.data in PHOTOS]
    assert [record for record in caplog.records if NAME in record.getMessage() or WORDS in record.getMessage()] == []
    findings = [finding for look in talk.store.audit.checks.values() async for finding in look()]
    assert [finding.text for finding in findings] == []

    # The data of the others is still there.
    await group.say("/allow everybody")
    await group.answer()
    await group.say(f"{BOT} now green")
    assert (await group.answer()).has_picture
    assert plain(1) not in talk.painter.calls[-1].all_pictures
