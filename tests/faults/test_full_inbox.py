"""Not even an update can be stored: people read that it waits, once, and then the answer."""

from __future__ import annotations

import resource
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager

import pytest

from bot.texts import languages, say
from tests.support.people import ANN, CHEN
from tests.support.talking import Talk, both_ways, in_files

WAITS = "I can’t store anything right now, so what you sent is waiting. I answer by myself as soon as I can."

pytestmark = in_files


@pytest.fixture(autouse=True)
def _soon(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tell people after half a second instead of half a minute."""
    monkeypatch.setattr("bot.chat.receive.unstored.TELL_AFTER_S", 0.5)


@contextmanager
def full() -> Iterator[None]:
    """Let no file grow until the end of the block: each write fails like one on a full disk."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@asynccontextmanager
async def gone(talk: Talk, *tables: str) -> AsyncIterator[None]:
    """Take tables away until the end of the block."""
    for old, new in (("{}", "{}_elsewhere"), ("{}_elsewhere", "{}")):
        async with talk.store.database.begin() as connection:
            for table in tables:
                await connection.exec_driver_sql(f"ALTER TABLE {old.format(table)} RENAME TO {new.format(table)}")
        if new != "{}":
            yield


@both_ways
async def test_people_hear_once_that_what_they_sent_waits_and_then_get_it_in_order(talk: Talk) -> None:
    ann, boris = talk.telegram.ann, talk.telegram.boris
    with full():
        await ann.say("a boat")
        await ann.say("a boat in red")
        assert (await ann.answer(20)).text == f"{WAITS}\nMy owner has been told."
        assert "Look at the disk" in (await boris.answer()).text
        await ann.silence(4)
    first, second = await ann.answers(2, timeout_s=40)
    assert first.has_picture
    assert second.has_picture
    assert [call.wish for call in talk.painter.calls] == ["a boat", "a boat in red"]
    # Another outage is told again.
    with full():
        await ann.say("a boat at dusk")
        assert (await ann.answer(20)).text.startswith(WAITS)
    assert (await ann.answer(40)).has_picture
    assert len(talk.painter.calls) == 3


async def test_only_who_is_served_and_writes_in_private_hears_it(talk: Talk) -> None:
    ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
    group = await talk.telegram.group(members=(ANN,))
    await group.answer()
    await chen.say("/start")
    await chen.answer()
    await boris.say(f"/block {CHEN}")
    await boris.answer()
    await ann.say("/language de")
    await ann.answer()
    # The updates so far are done.
    await ann.silence()
    with full():
        await chen.say("a boat")
        await group.say(f"/edit@{talk.running.me.username} a boat")
        await ann.say("a boat")
        assert (await ann.answer(20)).text.startswith(say("de", "store-away"))
        await chen.silence(1)
        await group.silence(0)
    assert (await ann.answer(40)).has_picture
    assert (await group.answer(40)).has_picture
    assert "blocked" in (await chen.answer(40)).text


async def test_while_the_database_cannot_be_read_only_owners_hear_it(talk: Talk) -> None:
    """What owners decided stands there, so anybody else may be blocked."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    async with gone(talk, "inbox", "guests"):
        await ann.say("a boat")
        await boris.say("a gull")
        assert "store cannot be read or written" in (await boris.answer()).text
        assert (await boris.answer(20)).text.startswith(WAITS)
        await ann.silence(1)
    assert (await ann.answer(40)).has_picture
    assert (await boris.answer(40)).has_picture


def test_each_language_has_its_own_sentence() -> None:
    assert len({say(language, "store-away") for language in languages()}) == len(languages())
