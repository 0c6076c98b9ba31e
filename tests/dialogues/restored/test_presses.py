"""What is offered, pressed at an awkward moment: nothing false is said, and nothing stays of what was deleted."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from bot.pictures.restore.result import Restored, restore
from bot.turns.restoring.looks import Looks
from storage.media.backend import media_path, sha256_of
from storage.records import Key
from tests.dialogues.restored.test_offers import HERE, ONLY, PAINTED, THERE, file_of, offers, unsure
from tests.support.drifting import is_equal, jpeg, part, photo, repainted, signed, with_hat
from tests.support.pictures import encoded, opened
from tests.support.restoring import MOST_OF_IT
from tests.support.talking import Talk, in_files, in_one, read_whole


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
async def test_a_press_that_takes_a_while_shows_that_a_picture_is_coming(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    before = await talk.telegram.calls("sendChatAction")
    await ann.say("/usage")
    await ann.answer()
    assert await talk.telegram.calls("sendChatAction") == before, "an answer that comes at once needs no other sign"
    held = Held(monkeypatch)
    await ann.press(answer, ONLY)
    await held.done.wait()

    async def shown() -> list[dict[str, Any]] | None:
        return (await talk.telegram.calls("sendChatAction"))[len(before) :] or None

    (action, *_) = await talk.telegram.wait_for(shown, 10, "nothing shows that the press is worked on")
    assert action["params"] == {"chat_id": str(ann.id), "action": "upload_photo"}
    held.goes_on.set()
    assert (await ann.answer(60)).caption == HERE


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
    await ann.say("a other one")
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
async def test_a_press_below_a_copy_that_nobody_looked_at_says_that_nothing_changed(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.turns.restoring.looks.MOST_IN_LINE", 0)
    ann, sent = talk.telegram.ann, jpeg(photo())
    talk.painter.will(signed(encoded(opened(sent).resize((1248, 832)), "PNG")))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    await ann.press(await ann.answer(60), ONLY)
    assert (await ann.answer(60)).text == "The model returned the same picture. Try once more, or say it differently."


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


async def test_a_made_up_press_brings_nothing(talk: Talk) -> None:
    """What a button carries comes from a client. Ann's turn is the first one."""
    ann, boris = talk.telegram.ann, talk.telegram.boris
    await unsure(talk)
    await boris.say("a fox")
    fox = await boris.answer(60)
    for data in ("only:1", "painted:1", "only:2", "painted:2", "only:999999", "only", "only:", "only:-1", "only:x"):
        await boris.press_data(fox, data)
        said = await boris.answer(30)
        assert not said.has_picture, data
        assert said.text == "That button belongs to something that I no longer have.", data
    await ann.silence(0.5)
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert turn.restored is None


@in_one
async def test_two_people_press_at_once_and_both_see_the_same(talk: Talk) -> None:
    group = await read_whole(talk, "supergroup")
    sent = jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent), place=MOST_OF_IT))))
    await group.document(("photo.jpg", sent), "@pentimento_bot put a huge red hat on it")
    answer = await group.answer(60)
    await asyncio.gather(group.press(answer, ONLY), group.seen_by(1002).press(answer, ONLY))
    first, second = await group.answers(2, 60)
    assert first.caption == second.caption == HERE
    turn = await talk.store.conversations.turn(1)
    assert turn is not None
    assert turn.restored is not None
    painted = {ref.sha256 for ref in turn.painted}
    made = {turn.restored.picture.media.sha256, (turn.restored.picture.original or turn.restored.painted).sha256}
    source = {ref.sha256 for one in turn.pictures for ref in (one.media, one.original) if ref}
    assert set(await left_of(talk)) == painted | made | source


async def test_in_a_group_that_moved_the_press_still_makes_it(talk: Talk) -> None:
    group = await talk.telegram.group()
    greeting = await group.answer()
    sent = jpeg(photo())
    talk.painter.will(signed(repainted(with_hat(opened(sent), place=MOST_OF_IT))))
    await group.document(("photo.jpg", sent), "put a huge red hat on it", reply_to=greeting)
    assert offers(await group.answer(60))
    upgraded = await group.upgrade()
    await upgraded.say("/go@pentimento_bot 1")
    await upgraded.press(await upgraded.answer(30), ONLY)
    only = await upgraded.answer(60)
    assert only.caption == HERE
    assert is_equal(part(await file_of(upgraded, only)), part(sent))


async def test_after_an_undo_the_press_means_the_answer_above_it(talk: Talk) -> None:
    ann = talk.telegram.ann
    sent, answer = await unsure(talk)
    await ann.press(answer, "Undo")
    await ann.answer(30)
    await ann.press(answer, ONLY)
    only = await ann.answer(60)
    assert only.caption == THERE
    assert is_equal(part(await file_of(ann, only)), part(sent))


@in_one
async def test_a_bot_that_stops_during_the_look_makes_it_after_the_restart(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = talk.telegram.ann
    sent, answer = await unsure(talk)
    held = Held(monkeypatch)
    talk.stop_grace_s = 0.2
    await ann.press(answer, ONLY)
    await asyncio.wait_for(held.done.wait(), 30)
    await talk.stop()
    held.goes_on.set()
    await talk.start()
    only = await ann.answer(60)
    assert only.caption == HERE
    assert is_equal(part(await file_of(ann, only)), part(sent))
    await ann.silence(0.5)


@in_one
async def test_a_cancel_during_the_press_does_not_claim_to_have_stopped_it(
    talk: Talk, monkeypatch: pytest.MonkeyPatch
) -> None:
    ann = talk.telegram.ann
    _, answer = await unsure(talk)
    held = Held(monkeypatch)
    await ann.press(answer, ONLY)
    await asyncio.wait_for(held.done.wait(), 30)
    await ann.say("/cancel")
    await ann.silence(1)
    held.goes_on.set()
    assert (await ann.answer(60)).caption == HERE
    assert (await ann.answer(60)).text == "I am not painting anything right now."


@in_files
async def test_a_disk_that_has_no_place_for_the_restored_picture_leaves_the_offer(talk: Talk) -> None:
    ann, sent = talk.telegram.ann, jpeg(photo())
    answer = repainted(with_hat(opened(sent)))
    made = restore(sent, answer)
    assert isinstance(made, Restored)
    taken = talk.settings["data_dir"] / "media" / media_path(sha256_of(made.png))
    (taken / "in the way").mkdir(parents=True)
    talk.painter.will(signed(answer))
    await ann.document(("photo.jpg", sent), "put a red hat on it")
    painted = await ann.answer(60)
    assert offers(painted)
    shutil.rmtree(taken)
    await ann.press(painted, ONLY)
    only = await ann.answer(60)
    assert only.caption == HERE
    assert await file_of(ann, only) == made.png
