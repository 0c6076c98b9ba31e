"""How often stored pictures are read: a fresh picture is sent from memory."""

from __future__ import annotations

import pytest

from storage.media.local import LocalBackend
from tests.support.talking import Talk


@pytest.fixture
def reads(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Return the paths of the pictures that are read from the store, as it goes on."""
    found: list[str] = []
    get = LocalBackend.get

    async def noted(folder: LocalBackend, path: str) -> bytes:
        if path.startswith("media/"):
            found.append(path)
        return await get(folder, path)

    monkeypatch.setattr(LocalBackend, "get", noted)
    return found


async def test_a_turn_reads_the_picture_that_is_changed_and_not_the_answer(talk: Talk, reads: list[str]) -> None:
    ann = talk.telegram.ann
    await ann.say("a lighthouse")
    await ann.answer()
    await talk.restart()
    reads.clear()
    await ann.say("a little darker")
    await ann.answer()
    await talk.restart()
    # Once for the request, once to see whether the answer is a copy of it.
    assert len(reads) == 2
    assert len(set(reads)) == 1


async def test_an_album_of_answers_is_sent_without_a_read(talk: Talk, reads: list[str]) -> None:
    ann = talk.telegram.ann
    await ann.say("/x4 a boat")
    await ann.answers(5)
    await talk.restart()
    assert reads == []
