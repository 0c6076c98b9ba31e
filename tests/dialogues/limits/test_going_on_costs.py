"""Another provider has another price: what is held is the price of the one that is called, within the same limits."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.app import limits_said
from storage.books.values import Amounts
from tests.dialogues.limits.test_cancels import books_are
from tests.dialogues.limits.test_limits import noon, used
from tests.support.aimlapi import serving_aimlapi
from tests.support.buying import PACKS, bought, faults
from tests.support.fallback import OVERLOADED, UNPAID, USED_UP, ask, hurry, with_relay
from tests.support.painter import number_of
from tests.support.ports import free_port
from tests.support.talking import Given, in_one

EXPECTED, TRUE, DEAR = 38_700, 38_703, 60_000
"""What Google's picture should cost and does cost, and the price of the relay's, in millionths of a dollar."""

NO_QUOTA = "The daily quota for this model is used up"
INSTEAD = "so tokaify painted this"


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    hurry(monkeypatch)


def limited(tmp_path: Path, **settings: Any) -> Any:
    """Start a bot whose second provider is the dearer one."""
    return with_relay(tmp_path, **{"price_per_picture": "tokaify=0.06", "limit_timezone": noon(), **settings})


async def test_the_other_one_holds_its_own_price_and_settles_it(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="$0.10/day") as (talk, relay):
        talk.painter.always = USED_UP
        gate = relay.hold()
        await talk.telegram.ann.say("a boat")
        await relay.called(1)
        assert await used(talk) == Amounts(held_pictures=1, held_micro_usd=DEAR)
        gate.set()
        assert INSTEAD in (await talk.telegram.ann.answer()).caption
        assert await used(talk) == Amounts(pictures=1, micro_usd=DEAR)
        assert await faults(talk) == []


async def test_who_has_no_room_for_a_dearer_one_reads_why_the_chosen_one_cannot(tmp_path: Path) -> None:
    """Nothing is spent then, and the chosen one is asked by the next wish, since nobody else can be."""
    async with limited(tmp_path, limit_person="$0.05/day") as (talk, relay):
        ann = talk.telegram.ann
        talk.painter.always = USED_UP
        assert NO_QUOTA in (await ask(ann, "a boat")).text
        assert NO_QUOTA in (await ask(ann, "a gull")).text
        assert (len(talk.painter.calls), relay.calls) == (2, [])
        assert await used(talk) == Amounts()
        talk.painter.always = None
        answer = await ask(ann, "a fish")
        assert number_of(await answer.picture_bytes()) == 1
        assert "That was the last one for today" in answer.words
        assert await used(talk) == Amounts(pictures=1, micro_usd=TRUE)
        assert "used up; it goes on from midnight" in (await ask(ann, "a fox")).text
        assert await faults(talk) == []


async def test_a_wish_over_the_limit_goes_to_nobody_else(tmp_path: Path) -> None:
    """Also where somebody else would cost less: the limit counts for the model that was chosen."""
    async with limited(tmp_path, limit_person="$0.03/day", price_per_picture="tokaify=0.01") as (talk, relay):
        assert "used up; it goes on from midnight" in (await ask(talk.telegram.ann, "a boat")).text
        assert (talk.painter.calls, relay.calls) == ([], [])


async def test_of_two_others_the_one_that_is_cheap_enough_is_asked(tmp_path: Path) -> None:
    async with serving_aimlapi() as cheap:
        accounts = {"aimlapi_api_key": "key", "aimlapi_base_url": cheap.url, "fallback": "tokaify, aimlapi"}
        async with limited(tmp_path, limit_person="$0.05/day", **accounts) as (talk, relay):
            talk.painter.always = USED_UP
            assert "so AIMLAPI painted this" in (await ask(talk.telegram.ann, "a boat")).caption
            assert (len(talk.painter.calls), len(relay.calls), len(cheap.calls)) == (1, 0, 1)
            assert await used(talk) == Amounts(pictures=1, micro_usd=42_000)
            assert await faults(talk) == []


async def test_a_picture_costs_one_picture_however_many_fail_before(tmp_path: Path) -> None:
    async with serving_aimlapi() as third:
        accounts = {"aimlapi_api_key": "key", "aimlapi_base_url": third.url, "fallback": "tokaify, aimlapi"}
        async with limited(tmp_path, limit_person="1/day, $1/day", **accounts) as (talk, relay):
            talk.painter.always, relay.always = OVERLOADED, UNPAID
            answer = await ask(talk.telegram.ann, "a boat")
            assert "That was the last one for today" in answer.words
            assert (len(talk.painter.calls), len(relay.calls), len(third.calls)) == (5, 1, 1)
            assert await used(talk) == Amounts(pictures=1, micro_usd=42_000)
            assert await faults(talk) == []


async def test_a_dearer_picture_than_is_free_is_paid_with_a_bought_one(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="$0.05/day", stars_packs=PACKS) as (talk, _):
        ann = talk.telegram.ann
        await bought(talk, ann)
        talk.painter.always = USED_UP
        answer = await ask(ann, "a boat")
        assert INSTEAD in answer.words
        assert "Paid with your pictures; one is left." in answer.words
        assert await used(talk) == Amounts(paid_pictures=1, paid_micro_usd=DEAR, credits=1, stars=10)
        assert await faults(talk) == []


async def test_a_bought_picture_comes_back_where_the_other_one_fails_too(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="0/day", stars_packs=PACKS) as (talk, relay):
        ann = talk.telegram.ann
        await bought(talk, ann)
        talk.painter.always = relay.always = USED_UP
        assert NO_QUOTA in (await ask(ann, "a boat")).text
        assert await used(talk) == Amounts(credits=2, stars=10)
        talk.painter.always = relay.always = None
        assert "Paid with your pictures; one is left." in (await ask(ann, "a gull")).words
        paid = await used(talk)
        assert (paid.paid_pictures, paid.credits, paid.pictures) == (1, 1, 0)
        assert await faults(talk) == []


async def test_of_four_versions_three_have_room_for_the_dearer_one(tmp_path: Path) -> None:
    """All four have room with the chosen one, which fails; then three of them cost what the relay's cost."""
    async with limited(tmp_path, limit_person="$0.22/day") as (talk, relay):
        talk.painter.always = USED_UP
        await talk.telegram.ann.say("/x4 a boat")
        *album, question = await talk.telegram.ann.answers(4)
        assert all(answer.has_picture for answer in album)
        assert question.words.startswith("3 versions; one did not come out.")
        assert INSTEAD in question.words
        assert len(relay.calls) == 3
        assert await used(talk) == Amounts(pictures=3, micro_usd=3 * DEAR)
        assert await faults(talk) == []


async def test_four_versions_of_one_call_are_paid_one_by_one_where_another_takes_over(tmp_path: Path) -> None:
    """AIMLAPI makes four in one call; the dearer one makes one at a time, and there is room for all."""
    async with serving_aimlapi() as chosen:
        accounts = {"provider": "aimlapi", "aimlapi_api_key": "key", "aimlapi_base_url": chosen.url}
        async with limited(tmp_path, limit_person="$0.24/day", **accounts) as (talk, relay):
            chosen.script.append(UNPAID)
            await talk.telegram.ann.say("/x4 a boat")
            answers = await talk.telegram.ann.answers(5)
            pictures = {number_of(await answer.picture_bytes()) for answer in answers if answer.has_picture}
            assert pictures == {101, 102, 103, 104}
            assert (len(chosen.calls), len(relay.calls)) == (1, 4)
            assert await used(talk) == Amounts(pictures=4, micro_usd=4 * DEAR)
            assert await faults(talk) == []


async def test_of_four_versions_of_one_call_as_many_are_offered_as_the_other_one_has_room_for(tmp_path: Path) -> None:
    async with serving_aimlapi() as chosen:
        accounts = {"provider": "aimlapi", "aimlapi_api_key": "key", "aimlapi_base_url": chosen.url}
        async with limited(tmp_path, limit_person="$0.18/day", **accounts) as (talk, relay):
            ann = talk.telegram.ann
            chosen.script.append(UNPAID)
            await ann.say("/x4 a boat")
            few = await ann.answer()
            assert few.words.startswith("Only 3 more pictures are left for today")
            assert (await used(talk), relay.calls) == (Amounts(), [])
            await ann.press(few, "Make 3")
            answers = await ann.answers(4)
            assert sum(answer.has_picture for answer in answers) == 3
            assert await used(talk) == Amounts(pictures=3, micro_usd=3 * DEAR)
            assert await faults(talk) == []


async def test_the_chosen_one_is_asked_although_it_rests_where_nobody_else_is_cheap_enough(tmp_path: Path) -> None:
    """Chen, the owner, has no limit, so she is the one for whom both failed."""
    async with limited(tmp_path, limit_person="$0.05/day") as (talk, relay):
        talk.painter.always, relay.always = USED_UP, OVERLOADED
        await talk.telegram.chen.say("a boat")
        while NO_QUOTA not in (await talk.telegram.chen.answer()).text:
            pass
        talk.painter.always = None
        assert number_of(await (await ask(talk.telegram.ann, "a gull")).picture_bytes()) == 1
        assert await used(talk) == Amounts(pictures=1, micro_usd=TRUE)


async def test_the_start_names_those_whose_price_is_not_known(tmp_path: Path) -> None:
    unknown = "the price of tokaify with gemini-2.5-flash-image is not known: set PRICE_PER_PICTURE, "
    for number, (price, told) in enumerate((("tokaify=0.06", 0), ("tokaify=0", 0), ("onemin=0.06", 1))):
        async with limited(tmp_path / str(number), price_per_picture=price) as (talk, _):
            said = [*limits_said(talk.running.answering, Given.model_validate(talk.settings))]
            assert sum(unknown in line for line in said) == told
            assert not any("gemini with" in line for line in said)


async def test_a_cancel_while_the_other_one_paints_costs_what_that_one_costs(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day") as (talk, relay):
        ann = talk.telegram.ann
        talk.painter.always = USED_UP
        gate = relay.hold()
        await ann.say("a boat")
        await relay.called(1)
        await ann.say("/cancel")
        await ann.answer()
        gate.set()
        await books_are(talk, Amounts(micro_usd=DEAR))
        assert await faults(talk) == []


@in_one
async def test_a_cancel_before_the_other_one_is_called_costs_nothing(tmp_path: Path) -> None:
    """The chosen one cannot be reached, and the lane of the other one is taken by Boris."""
    closed = f"http://127.0.0.1:{free_port()}"
    async with limited(tmp_path, gemini_base_url=closed, max_parallel_calls=1) as (talk, relay):
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ask(boris, "/model tokaify/gemini-2.5-flash-image")
        gate = relay.hold()
        await boris.say("a gull")
        await relay.called(1)
        await ann.say("a boat")
        lane = talk.running.answering.fallback.lanes["tokaify"][0]

        async def waits() -> bool | None:
            return True if lane.queue.waiting else None

        await talk.telegram.wait_for(waits, 20, "she does not wait for the other one")
        await books_are(talk, Amounts(held_pictures=1, held_micro_usd=EXPECTED))
        await ann.say("/cancel")
        await ann.answer()
        await books_are(talk, Amounts())
        gate.set()
        assert (await boris.answer()).has_picture
        assert len(relay.calls) == 1
        assert await faults(talk) == []


@in_one
async def test_after_a_restart_the_price_that_is_held_follows_the_settings(tmp_path: Path) -> None:
    """The call of the relay was cut off by the restart, and is made again at its new price."""
    async with limited(tmp_path) as (talk, relay):
        talk.painter.always = USED_UP
        relay.hold()
        gate = relay.hold()
        talk.stop_grace_s = 0
        await talk.telegram.ann.say("a boat")
        await relay.called(1)
        talk.settings["price_per_picture"] = "tokaify=0.07"
        await talk.restart()
        await relay.called(2)
        assert await used(talk) == Amounts(held_pictures=1, held_micro_usd=70_000)
        gate.set()
        assert (await talk.telegram.ann.answer()).has_picture
        assert await used(talk) == Amounts(pictures=1, micro_usd=70_000)
        assert await faults(talk) == []
