"""A call whose process ends: made once more, or asked about; what kills it again and again is set aside."""

from __future__ import annotations

import asyncio

from storage.books.values import Amounts, Scope
from tests.support.pictures import picture
from tests.support.talking import Talk


async def _interrupt(talk: Talk, calls: int) -> None:
    await talk.painter.called(calls)
    talk.stop_grace_s = 0
    await talk.restart()


async def test_it_is_made_once_more_and_not_twice(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.painter.will(asyncio.Event(), asyncio.Event())
    await ann.say("a boat")
    await _interrupt(talk, 1)
    await _interrupt(talk, 2)
    failed = await ann.answer()
    assert "interrupted twice" in failed.text
    assert "interrupted" in (await talk.telegram.boris.answer()).text
    assert len(talk.painter.calls) == 2
    # One place was held for both calls, and nothing came of it.
    assert (await talk.store.books.sums(Scope.TOTAL, [0]))[0] == Amounts()
    await ann.press(failed, "Try again")
    assert (await ann.answer()).has_picture


async def test_the_person_is_asked_where_the_owner_wants_that(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.settings["on_interrupted"] = "ask"
    talk.painter.will(asyncio.Event())
    await talk.restart()
    await ann.say("a boat")
    await _interrupt(talk, 1)
    asked = await ann.answer()
    assert "Shall I try again?" in asked.text
    assert len(talk.painter.calls) == 1
    await ann.press(asked, "Try again")
    assert (await ann.answer()).has_picture


async def test_what_kills_the_process_again_and_again_is_set_aside(talk: Talk) -> None:
    ann = talk.telegram.ann
    talk.settings["album_wait_s"] = 30.0
    await talk.restart()
    await ann.album([picture(), picture(colour="red")], "put them together")
    while not await talk.store.inbox.count_open():  # noqa: ASYNC110 - a test may look often
        await asyncio.sleep(0.01)
    talk.stop_grace_s = 0
    for _ in range(4):
        await talk.stop()
        # The state after a SIGKILL.
        (talk.settings["data_dir"] / "in-hand" / f"{ann.id}.0").write_bytes(b"alone")
        await talk.start()
    assert "set it aside" in (await ann.answer()).text
    assert "set aside" in (await talk.telegram.boris.answer()).text
