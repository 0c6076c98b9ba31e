"""A cancel gives the picture back. Its dollars are spent, if the provider had the wish."""

from __future__ import annotations

import asyncio
import json
import socket
from pathlib import Path
from typing import Any

import pytest

from bot.providers.base import Answer
from bot.providers.calls.raw_answer import dump
from bot.turns.answering import Answering
from bot.turns.call_journal import mark_of
from storage.books.values import Amounts
from tests.dialogues.limits.test_limits import limited, used
from tests.support.buying import PACKS, bought, faults
from tests.support.forgetting import MINE, asked
from tests.support.painter import picture_part, plain
from tests.support.talking import Talk


async def test_a_cancelled_wish_gives_its_place_back(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann = talk.telegram.ann
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        assert (await used(talk)).held_pictures == 1
        await ann.say("/cancel")
        await ann.answer()
        gate.set()
        # The provider had the wish, so it may bill the picture.
        assert await used(talk) == Amounts(micro_usd=38_700)
        await ann.say("a gull")
        assert "That was the last one for today" in (await ann.answer()).words


async def test_cancels_one_after_another_end_at_the_limit_of_all(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day", limit_total="$0.10/day") as talk:
        ann = talk.telegram.ann
        gates = []
        for number in range(1, 3):
            gates.append(talk.painter.hold())
            await ann.say("a boat")
            await talk.painter.called(number)
            await ann.say("/cancel")
            assert "Stopped" in (await ann.answer()).words
        await ann.say("a boat")
        assert "I have made all the pictures that I may make today" in (await ann.answer()).words
        for gate in gates:
            gate.set()
        assert len(talk.painter.calls) == 2


async def books_are(talk: Talk, amounts: Amounts) -> None:
    """Wait until the books show these sums of Ann."""

    async def look() -> bool | None:
        return True if await used(talk) == amounts else None

    await talk.telegram.wait_for(look, 10, f"the books do not come to {amounts}")


async def test_a_cancel_between_two_attempts_costs_nothing(tmp_path: Path) -> None:
    """The first one was refused, so nothing is billed."""
    async with limited(tmp_path) as talk:
        ann = talk.telegram.ann
        talk.painter.will((503, {"error": {"code": 503, "status": "UNAVAILABLE", "message": "overloaded"}}))
        await ann.say("a boat")
        await talk.painter.called(1)
        await asyncio.sleep(0.5)
        await ann.say("/cancel")
        await ann.answer()
        await books_are(talk, Amounts())
        assert len(talk.painter.calls) == 1


async def test_a_cancel_before_the_provider_had_the_wish_costs_nothing(tmp_path: Path) -> None:
    with socket.socket() as crowded, socket.socket() as first:
        crowded.bind(("127.0.0.1", 0))
        crowded.listen(0)
        # With its one place taken, the system answers nobody else, as where the way is cut.
        first.connect(crowded.getsockname())
        port = crowded.getsockname()[1]
        async with limited(tmp_path, gemini_base_url=f"http://127.0.0.1:{port}") as talk:
            ann = talk.telegram.ann
            await ann.say("a boat")
            await books_are(talk, Amounts(held_pictures=1, held_micro_usd=38_700))
            await ann.say("/cancel")
            await ann.answer()
            await books_are(talk, Amounts())


async def test_versions_that_nobody_saw_are_given_back_with_the_rest(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day", stars_packs=PACKS) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann, "20 pictures")
        arrived = [[picture_part(plain(number))] for number in (1, 2, 3)]
        talk.painter.will(*arrived)
        gate = talk.painter.hold()
        wish = await ann.say("/x4 a boat")
        await books_are(
            talk, Amounts(pictures=1, micro_usd=38_703, paid_pictures=2, paid_micro_usd=77_406, credits=17, stars=90)
        )
        await ann.say("/cancel")
        assert "as if you had never asked" in (await ann.answer()).words
        # The dollars are spent: three at their true cost, one as expected.
        await books_are(talk, Amounts(micro_usd=3 * 38_703 + 38_700, credits=20, stars=90))
        gate.set()
        assert await faults(talk) == []
        await ann.say("/file", reply_to=wish)
        assert (await ann.answer()).words.startswith("That message is neither")


async def test_an_answer_that_came_with_the_cancel_is_not_to_be_had_for_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    arrived, stored, store_result = asyncio.Event(), asyncio.Event(), Answering.store_result

    async def slowly(*args: Any, **kwargs: Any) -> Any:
        arrived.set()
        await stored.wait()
        return await store_result(*args, **kwargs)

    monkeypatch.setattr(Answering, "store_result", slowly)
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann = talk.telegram.ann
        wish = await ann.say("a boat")
        await asyncio.wait_for(arrived.wait(), 10)
        await ann.say("/cancel")
        await books_are(talk, Amounts(micro_usd=38_700))
        stored.set()
        stopped = await ann.answer()
        await books_are(talk, Amounts(micro_usd=38_703))
        for command in ("/file", "/compare", "/timelapse"):
            await ann.say(command, reply_to=wish)
            answer = await ann.answer()
            assert answer.words.startswith("That message is neither"), answer.body
        for button in ("show", "file", "words"):
            await ann.press_data(stopped, f"{button}:1")
        said = await ann.answers(3)
        assert not any(answer.has_picture or "document" in answer.body for answer in said)


async def test_bought_pictures_cannot_be_stopped_without_end(tmp_path: Path) -> None:
    """They come back, and each call may be billed. The fourth one of a day is painted."""
    async with limited(tmp_path, limit_person="0/day", stars_packs=PACKS) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann)
        for number in range(1, 4):
            gate = talk.painter.hold()
            await ann.say("a boat")
            await talk.painter.called(number)
            await ann.say("/cancel")
            assert "Stopped" in (await ann.answer()).words
            gate.set()
        gate = talk.painter.hold()
        await ann.say("a gull")
        await talk.painter.called(4)
        await ann.say("/cancel")
        # At once, not only after the picture.
        assert (await ann.answer()).words == (
            "This one is paid with a picture that you bought, and its painting has begun. "
            "I stop only three of those a day, so I finish this one."
        )
        gate.set()
        assert "Paid with your pictures; one is left." in (await ann.answer()).words
        await ann.silence()
        assert await faults(talk) == []


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "gemini-of-no-known-price"])
async def test_a_bought_picture_cannot_be_stopped_from_elsewhere_by_being_forgotten(tmp_path: Path, model: str) -> None:
    """It would come back, and its call may be billed: as often as somebody likes."""
    async with limited(tmp_path, limit_person="0/day", stars_packs=PACKS, gemini_model=model) as talk:
        ann = talk.telegram.ann
        group = await talk.telegram.group()
        await group.answer()
        await bought(talk, ann)
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        question = await asked(group, MINE)
        await group.press(question, "Delete for good")
        assert (await group.answer()).words.endswith(
            "I am still painting a picture that you bought. Press the button again when it is finished."
        )
        gate.set()
        assert "Paid with your pictures; one is left." in (await ann.answer()).words
        # Within two seconds it would be a double tap.
        await asyncio.sleep(2.1)
        await group.press(question, "Delete for good")
        assert "Deleted" in (await group.answer()).words
        assert (await used(talk)).paid_pictures == 1
        assert await faults(talk) == []


async def test_free_pictures_and_versions_before_the_third_are_stopped_as_ever(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day", stars_packs=PACKS) as talk:
        ann = talk.telegram.ann
        await bought(talk, ann, "20 pictures")
        gates = [talk.painter.hold() for _ in range(4)]
        # One is free and three are bought.
        await ann.say("/x4 a boat")
        await talk.painter.called(4)
        await ann.say("/cancel")
        assert "Stopped" in (await ann.answer()).words
        gates.append(talk.painter.hold())
        await ann.say("a gull")
        await talk.painter.called(5)
        await ann.say("/cancel")
        # This one is free.
        assert "Stopped" in (await ann.answer()).words
        gates += [talk.painter.hold(), talk.painter.hold()]
        await ann.say("/x2 a gull")
        await talk.painter.called(7)
        await ann.say("/cancel")
        assert "I finish this one" in (await ann.answer()).words
        for gate in gates:
            gate.set()
        await ann.answers(3)
        assert await faults(talk) == []


@pytest.mark.parametrize(
    ("usage", "cost"),
    [({"promptTokenCount": 300, "candidatesTokenCount": 700, "totalTokenCount": 1000}, 1_840), (None, 0)],
    ids=["billed", "not billed"],
)
async def test_a_refusal_that_had_arrived_before_the_cancel_costs_what_was_billed_for_it(
    tmp_path: Path, usage: dict[str, Any] | None, cost: int
) -> None:
    """The process died after it had stored the answer, and before it had read it."""
    async with limited(tmp_path) as talk:
        ann = talk.telegram.ann
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        await ann.say("/cancel")
        await ann.answer()
        gate.set()
        assert await used(talk) == Amounts(micro_usd=38_700)
        turn = await talk.store.conversations.turn(1)
        assert turn is not None
        refusal = {"candidates": [{"finishReason": "IMAGE_SAFETY"}], **({"usageMetadata": usage} if usage else {})}
        answer = Answer(status=200, content_type="application/json", body=json.dumps(refusal).encode())
        await talk.store.media.keep_raw_answer(turn.id, turn.attempts, dump(answer, mark_of(turn)))
        await talk.restart()
        await books_are(talk, Amounts(micro_usd=cost))
        await talk.restart()
        await books_are(talk, Amounts(micro_usd=cost))
