"""Conversations whose pictures are uploaded to Google: people notice nothing, and /forget deletes them there, too."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.support.drifting import jpeg, photo, ringed
from tests.support.forgetting import CONVERSATION, forget
from tests.support.painter import noise, plain
from tests.support.pictures import opened
from tests.support.talking import Talk, talking


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot that takes the painter for Google, as behind a proxy."""
    async with talking(tmp_path, gemini_files=True) as talk:
        await talk.stop()
        talk.settings |= {
            "gemini_base_url": "http://generativelanguage.googleapis.com",
            "proxy_url": talk.painter.base_url,
        }
        await talk.start()
        yield talk


async def test_a_talk_goes_on_over_a_restart_and_a_refusal(talk: Talk) -> None:
    ann, painter = talk.telegram.ann, talk.painter
    photo = noise(1, 250)
    await ann.document(photo, "make it warm")
    await ann.answer()
    await talk.restart()
    await ann.say("now cold")
    await ann.answer()
    assert len(painter.shelf.uploads) == 1
    painter.shelf.files.clear()
    await ann.say("now both")
    await ann.answer()
    # The refused call cost nothing, and nobody noticed it.
    assert [bool(call.whole) for call in painter.calls] == [True, True, False, True]
    assert [len(call.all_pictures) for call in painter.calls] == [0, 1, 2, 3]
    assert painter.painted == 3
    await ann.say("/new")
    await ann.answer()
    await ann.document(photo, "once more")
    await ann.answer()
    assert [file.data for file in painter.shelf.uploads] == [painter.calls[3].all_pictures[0]] * 2
    assert painter.calls[-1].whole == [
        {"role": "user", "parts": [painter.calls[3].contents[0]["parts"][0], {"text": "once more"}]}
    ]


async def test_privacy_says_that_pictures_lie_at_google(talk: Talk) -> None:
    ann = talk.telegram.ann
    await ann.say("/privacy")
    told = (await ann.answer()).text
    assert "goes to Gemini" in told
    assert "Google keeps larger pictures for 48 hours" in told
    assert "only replies to me and commands" in told
    await talk.stop()
    talk.settings["gemini_files"] = False
    await talk.start()
    await ann.say("/privacy")
    assert "48 hours" not in (await ann.answer()).text


async def test_a_relay_uploads_nothing_and_privacy_says_nothing_of_it(tmp_path: Path) -> None:
    async with talking(tmp_path, gemini_files=True) as talk:
        await talk.telegram.ann.say("/privacy")
        told = (await talk.telegram.ann.answer()).text
        assert "48 hours" not in told
        assert told.count("\n") == 3


async def test_what_is_forgotten_is_deleted_at_google(talk: Talk) -> None:
    ann, shelf = talk.telegram.ann, talk.painter.shelf
    await ann.document(noise(1, 250), "a secret")
    await ann.answer()
    await talk.telegram.boris.document(noise(2, 250), "no secret")
    await talk.telegram.boris.answer()
    await ann.document(plain(30), "small")
    await ann.answer()
    assert len(shelf.files) == 2
    assert "Deleted: 2 wishes" in (await forget(ann, CONVERSATION)).text
    assert [shelf.uploads[0].name] == shelf.deleted
    assert list(shelf.files) == [shelf.uploads[1].name]


async def test_the_crop_of_a_marked_photo_is_deleted_at_google_too(talk: Talk) -> None:
    """It is nowhere in the store."""
    ann, shelf, sent = talk.telegram.ann, talk.painter.shelf, jpeg(photo(2100))
    await ann.document(("photo.jpg", sent))
    await ann.answer(30)
    await ann.photo(ringed(opened(sent), (0.45, 0.45, 0.53, 0.55)), "a hat")
    await ann.answer(60)
    assert len(shelf.files) == 2
    await forget(ann, CONVERSATION)
    assert not shelf.files


async def test_what_google_does_not_delete_at_once_is_deleted_after_a_start(talk: Talk) -> None:
    """It does not answer, and then the process ends; the same picture that comes again is uploaded again."""
    ann, shelf = talk.telegram.ann, talk.painter.shelf
    await ann.document(noise(1, 250), "a secret")
    await ann.answer()
    (secret,) = shelf.files
    shelf.refusal_of_deletions = 503
    assert "Deleted: 1 wish" in (await forget(ann, CONVERSATION)).text
    await ann.document(noise(1, 250), "once more")
    await ann.answer()
    assert len(shelf.files) == 2
    shelf.refusal_of_deletions = None
    await talk.restart()

    async def gone() -> bool | None:
        return shelf.deleted == [secret] or None

    await talk.telegram.wait_for(gone, 10, "the upload stays at Google")
    await ann.say("now cold")
    await ann.answer()
    assert len(shelf.uploads) == 2
    await talk.restart()
    await ann.silence()
    assert shelf.deleted == [secret]
