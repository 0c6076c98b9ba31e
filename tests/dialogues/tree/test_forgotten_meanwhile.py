"""/forget while the bot fetches what somebody else replies to: nothing of it is stored afterwards."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.forgetting import MINE, forget
from tests.support.painter import plain
from tests.support.people import BORIS, CHEN
from tests.support.talking import Talk, in_files, read_whole

pytestmark = in_files

BOT = "@pentimento_bot"
SECRET = "a very secret fox"


def stored(talk: Talk) -> bytes:
    """Return every byte that the bot keeps on disk."""
    root = Path(talk.settings["data_dir"])
    return b"".join(path.read_bytes() for path in sorted(root.rglob("*")) if path.is_file())


@pytest.mark.parametrize("words", [f"{BOT} warmer", BOT], ids=["a wish", "no words"])
async def test_a_reply_whose_photo_is_being_fetched(talk: Talk, words: str) -> None:
    group = await read_whole(talk, "supergroup")
    look = await group.seen_by(BORIS).document(plain(150), SECRET)
    await talk.telegram.fault("getFile", delay_s=3.0)
    await group.seen_by(CHEN).say(words, reply_to=look)
    await talk.telegram.fault_met()
    await forget(talk.telegram.boris, MINE)
    answer = await group.answer(15)
    assert "deleted it" in answer.text
    assert talk.painter.calls == []
    assert SECRET.encode() not in stored(talk)
    # Its bytes came for nothing, and no row names them.
    assert await talk.store.tidy(age_s=0.0) == 1
    assert plain(150) not in stored(talk)
