"""A value that a column does not take is a mistake of one update: it is set aside, and everybody else is served."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from storage.schema import media
from tests.support.databases import Server
from tests.support.people import BORIS
from tests.support.talking import Talk, in_files, talking

pytestmark = in_files


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.database)])
async def talk(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot on each of the two databases, which Boris owns."""
    places: dict[str, Any] = {}
    if request.param == "postgresql":
        server: Server = request.getfixturevalue("postgresql")
        places = {"database_url": server.empty_database()}
    async with talking(tmp_path, owner_ids=str(BORIS), **places) as talk:
        await talk.telegram.boris.say("/start")
        await talk.telegram.boris.answer()
        await talk.telegram.ann.say("/start")
        await talk.telegram.ann.answer()
        yield talk


def said(talk: Talk, words: str, **more: Any) -> dict[str, Any]:
    """Return a message as an unusual client may cause it."""
    ann = talk.telegram.ann
    author = {"id": ann.id, "is_bot": False, "first_name": "Ann", "language_code": "en", **more.pop("author", {})}
    chat = {"id": ann.id, "type": "private"}
    return {"message": {"message_id": 7000, "date": 1, "chat": chat, "from": author, "text": words, **more}}


@pytest.mark.parametrize("language", ["en-a-code-of-22-letters", "en\x00"])
async def test_a_language_that_no_client_should_send_is_no_outage(talk: Talk, language: str) -> None:
    await talk.telegram.update(said(talk, "a boat", author={"language_code": language}))
    assert (await talk.telegram.ann.answer()).has_picture
    await talk.telegram.boris.silence()


async def test_words_with_signs_that_no_database_takes_are_painted(talk: Talk) -> None:
    await talk.telegram.update(said(talk, "a\x00 boat", author={"first_name": "\x00Ann"}))
    assert (await talk.telegram.ann.answer()).has_picture
    assert talk.painter.calls[0].wish.startswith("a boat")


async def test_a_number_that_no_column_takes_is_set_aside(talk: Talk, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    await talk.telegram.update(said(talk, "my secret boat", message_id=2**70))
    assert "Something went wrong on my side" in (await talk.telegram.ann.answer()).text
    told = (await talk.telegram.boris.answer()).text
    assert "set aside" in told
    assert "disk" not in told
    await talk.telegram.ann.say("a gull")
    assert (await talk.telegram.ann.answer()).has_picture
    assert "my secret boat" not in caplog.text


async def test_what_was_sent_with_what_is_set_aside_is_no_wish_of_its_own(talk: Talk) -> None:
    """The rest of words that a client cut would be painted, and paid for, without what they go on with."""
    words = "a house in red brick, " * 180
    replied = {"message_id": 2**70, "date": 0, "chat": {"id": talk.telegram.ann.id, "type": "private"}, "text": "?"}
    await talk.telegram.update(said(talk, words[:3000], message_id=7000, reply_to_message=replied))
    await talk.telegram.update(said(talk, words[3000:], message_id=7001))
    assert "Something went wrong on my side" in (await talk.telegram.ann.answer()).text
    await talk.telegram.ann.silence(for_s=1)
    assert talk.painter.calls == []


async def test_a_mistake_with_the_database_shows_no_values(talk: Talk) -> None:
    row = {"sha256": "a secret", "mime": "", "size_bytes": 1, "width_px": 1, "height_px": 1, "created_at": 1.0}
    async with talk.store.database.begin() as connection:
        await connection.execute(media.insert(), row)
        with pytest.raises(IntegrityError) as mistake:
            await connection.execute(media.insert(), row)
        await connection.rollback()
    assert "parameters hidden" in str(mistake.value)
