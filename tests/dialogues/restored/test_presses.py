"""What is offered, pressed at an awkward moment: nothing false is said, and nothing stays of what was deleted."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.turns.restoring.looks import Looks
from storage.records import Key
from tests.dialogues.restored.test_offers import HERE, MOST_OF_IT, ONLY, PAINTED, file_of, offers, unsure
from tests.support.drifting import is_equal, jpeg, part, photo, repainted, signed, with_hat
from tests.support.pictures import opened
from tests.support.talking import Talk, in_one


class Held:
    """Stops looks after they are done, until they may go on."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.done, self.goes_on = asyncio.Event(), asyncio.Event()
        whole = Looks.run

        async def run(looks: Looks, look: Callable[[], Awaitable[Any]]) -> Any:
            made = await whole(looks, look)
            self.done.set()
            await self.goes_on.wait()
            return made

        monkeypatch.setattr(Looks, "run", run)


async def left_of(talk: Talk) -> list[str]:
    return await talk.store.media.names()


@in_one
async def test_a_look_that_takes_too_long_leaves_the_offer(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.turns.restoring.restoring.LOOK_S", 0.001)
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    answer = await ann.answer(60)
    assert offers(answer)
    await ann.press(answer, ONLY)
    assert is_equal(part(await file_of(ann, await ann.answer(60))), part(sent))


@in_one
async def test_the_change_is_taken_from_the_picture_that_was_edited_also_after_that_was_switched(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The first answer is restored, the second is only offered; then Ann looks at what the model painted first."""
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent)))))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    first = await ann.answer(60)
    assert any(PAINTED in button for button in first.buttons)
    whole = await file_of(ann, first)
    monkeypatch.setattr("bot.turns.restoring.looks.MOST_IN_LINE", 0)
    talk.painter.will(signed(repainted(with_hat(opened(whole), "gold"), 2)))
    await ann.say("a golden one")
    second = await ann.answer(60)
    assert offers(second)
    await ann.say("/undo")
    await ann.answer(60)
    await ann.press(first, PAINTED)
    await ann.answer(60)
    await ann.say("/redo")
    await ann.answer(60)
    await ann.press(second, ONLY)
    only = await ann.answer(60)
    assert only.caption == HERE
    assert is_equal(part(await file_of(ann, only)), part(sent))


@in_one
async def test_what_is_made_while_the_conversation_is_deleted_leaves_no_file(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    held = Held(monkeypatch)
    await ann.press(answer, ONLY)
    await asyncio.wait_for(held.done.wait(), 30)
    await talk.store.forgetting.conversation(Key(ann.id, 0))
    assert await left_of(talk) == []
    held.goes_on.set()
    await ann.answer(30)
    assert await left_of(talk) == []


@in_one
@pytest.mark.parametrize("elsewhere", [False, True], ids=["nowhere else", "also in another chat"])
@pytest.mark.parametrize("pressed", [False, True], ids=["by itself", "by the button"])
async def test_pixels_that_their_sender_deletes_while_they_are_looked_at_do_not_stay(
    talk: Talk, monkeypatch: pytest.MonkeyPatch, *, elsewhere: bool, pressed: bool
) -> None:
    """Ann sent the photo, Boris had it changed; somebody else may have the same file."""
    await talk.telegram.privacy(on=False)
    await talk.restart()
    group = await talk.telegram.group(kind="supergroup")
    await group.answer()
    sent = jpeg(photo())
    if elsewhere:
        chen = talk.telegram.chen
        await chen.document(("photo.jpg", sent), "warmer")
        await chen.answer(60)
    look = await group.document(("photo.jpg", sent))
    boris = group.seen_by(1002)
    held = Held(monkeypatch)
    held.goes_on.set() if pressed else None
    place = MOST_OF_IT if pressed else (0.42, 0.42, 0.6, 0.62)
    talk.painter.will(signed(repainted(with_hat(opened(sent), place=place))))
    await boris.say("@pentimento_bot put a red hat on it", reply_to=look)
    if pressed:
        answer = await boris.answer(60)
        assert offers(answer)
        held.done.clear()
        held.goes_on.clear()
        await boris.press(answer, ONLY)
    await asyncio.wait_for(held.done.wait(), 30)
    await talk.store.forgetting.person(1001)
    before = set(await left_of(talk))
    held.goes_on.set()
    await boris.answer(60)
    turn = await talk.store.conversations.turn(2 if elsewhere else 1)
    assert turn is not None
    assert turn.restored is None
    assert set(await left_of(talk)) <= before | {ref.sha256 for ref in turn.shown}
    for check in talk.store.audit.checks.values():
        assert [finding async for finding in check() if finding.broken] == []


@in_one
async def test_a_press_that_finds_no_time_says_to_press_again(talk: Talk, monkeypatch: pytest.MonkeyPatch) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    monkeypatch.setattr("bot.turns.restoring.restoring.MARKED_S", 0.001)
    await ann.press(answer, ONLY)
    assert (
        await ann.answer(60)
    ).text == "That took too long, because much is going on. Please press the button again in a minute."
    monkeypatch.undo()
    await asyncio.sleep(2.1)
    await ann.press(answer, ONLY)
    assert (await ann.answer(60)).caption == HERE
