"""People hear in time that pictures run out, and no wish passes a limit."""

from __future__ import annotations

import asyncio
import time
from pathlib import Path
from typing import Any

import pytest

from bot.texts import languages
from storage.books.values import Amounts, Scope
from tests.support.painter import number_of, picture_part, plain
from tests.support.people import ANN, BORIS
from tests.support.talking import Talk, talking

BOT = "@pentimento_bot"


def noon() -> str:
    """Return a time zone in which midnight is far away, whenever a test runs."""
    hour = time.gmtime().tm_hour
    return f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/GMT"


def limited(tmp_path: Path, **settings: Any) -> Any:
    return talking(tmp_path, limit_timezone=noon(), **settings)


async def used(talk: Talk, scope: Scope = Scope.PERSON, subject: int = ANN) -> Amounts:
    return (await talk.store.books.sums(scope, [subject])).get(subject, Amounts())


async def test_the_last_picture_of_a_day_says_so_and_the_next_wish_is_kept(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="2/day") as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        assert "last one" not in (await ann.answer()).words
        await ann.say("now red")
        last = (await ann.answer()).words
        assert f"That was the last one for today; 2 more from midnight {noon()}, in about 1" in last
        await ann.photo(plain(150), "make it blue")
        over = await ann.answer()
        assert over.words.startswith("Your pictures for today are used up; 2 more from midnight")
        assert over.words.endswith("I keep your wish: press “Try again” after that.")
        assert len(talk.painter.calls) == 2
        await ann.press(over, "Try again")
        again = await ann.answer()
        assert "used up" in again.words
        # The next day, as it were.
        await talk.stop()
        talk.settings["limit_person"] = "3/day"
        await talk.start()
        await ann.press(again, "Try again")
        assert (await ann.answer()).has_picture
        assert [number_of(picture) for picture in talk.painter.calls[-1].pictures] == [150]
        assert talk.painter.calls[-1].wish == "make it blue"


async def test_of_four_versions_as_many_are_offered_as_are_left(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="3/day") as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        await ann.answer()
        await ann.say("/x4 a gull")
        few = await ann.answer()
        assert few.words.startswith("Only 2 more pictures are left for today; 3 more from midnight")
        assert [*few.buttons] == ["Make 2"]
        await ann.silence()
        assert len(talk.painter.calls) == 1
        await ann.press(few, "Make 2")
        *album, question = await ann.answers(3)
        assert len(album) == 2
        assert question.words.count("That was the last one for today") == 1
        assert [call.wish for call in talk.painter.calls[1:]] == ["a gull", "a gull"]
        await ann.say("/x4 a gull")
        assert [*(await ann.answer()).buttons] == ["Try again"]
        assert (await used(talk)).pictures == 3


async def test_a_group_shares_its_limit_and_a_person_their_own(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_group="2/day", limit_person="2/month") as talk:
        group = await talk.telegram.group()
        await group.answer()
        boris = group.seen_by(BORIS)
        await group.say(f"/edit{BOT} a boat")
        await group.answer()
        await boris.say(f"/edit{BOT} a gull")
        assert "That was the last one for this group today; 2 more" in (await group.answer()).words
        await boris.say(f"/edit{BOT} a whale")
        assert "pictures for today are used up; 2 more" in (await group.answer()).words
        await talk.telegram.ann.say("a boat")
        assert (
            "That was the last one for this month; 2 more from the first of the month"
            in (await talk.telegram.ann.answer()).words
        )


async def test_twenty_wishes_at_once_with_five_left_are_five_paid_calls(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_total="5/day", max_waiting_turns=50) as talk:
        talk.painter.delay_s = 0.2
        people = [await talk.telegram.newcomer(f"Person {number}") for number in range(20)]
        await asyncio.gather(*(person.say("a boat") for person in people))
        answers = [await person.answer() for person in people]
        assert sum(answer.has_picture for answer in answers) == 5
        assert sum("I have made all the pictures that I may make today" in answer.words for answer in answers) == 15
        assert len(talk.painter.calls) == 5
        assert (await used(talk, Scope.TOTAL, 0)).pictures == 5


async def test_a_refusal_that_was_billed_costs_dollars_and_no_picture(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann = talk.telegram.ann
        usage = {"promptTokenCount": 300, "totalTokenCount": 1590}
        talk.painter.will({"candidates": [{"finishReason": "IMAGE_SAFETY"}], "usageMetadata": usage})
        await ann.say("a boat")
        assert not (await ann.answer()).has_picture
        refused = await used(talk)
        assert (refused.pictures, refused.held_pictures) == (0, 0)
        assert refused.micro_usd > 0
        await ann.say("a gull")
        assert (await ann.answer()).has_picture
        assert (await used(talk)).pictures == 1


async def test_a_large_picture_holds_what_a_large_picture_costs(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_total="$0.30/day", gemini_model="gemini-3-pro-image") as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("/size 4K")
        await ann.answer()
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        assert (await used(talk)).held_micro_usd == 240_000
        await boris.say("a gull")
        assert "I have made all the pictures that I may make today" in (await boris.answer()).words
        gate.set()
        assert (await ann.answer()).has_picture


async def test_owners_are_free_of_limits_but_for_the_one_of_all(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="0/day", limit_total="2/day", owner_ids={ANN}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("a boat")
        assert "At present I have no pictures to give here" in (await boris.answer()).words
        for wish in ("a boat", "a gull"):
            await ann.say(wish)
        answers = [await ann.answer() for _ in range(3)]
        assert sum(answer.has_picture for answer in answers) == 2
        assert any("That was the last one that I may make today" in answer.words for answer in answers)
        await ann.say("a whale")
        over = (await ann.answer()).words
        assert over.startswith("The limit for all is used up: 2/day; 2 more from midnight")
        assert "raise LIMIT_TOTAL in my settings and restart me" in over


async def test_nobody_sells_owners_their_own_pictures(tmp_path: Path) -> None:
    settings = {"limit_person": "0/day", "limit_total": "$0.03/day", "stars_packs": "2:10", "owner_ids": {ANN}}
    async with limited(tmp_path, **settings) as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        # The other one is the news that it is used up.
        (over,) = (one for one in await ann.answers(2) if one.buttons)
        assert over.words.startswith("The limit for all is used up: $0.03/day; it goes on from midnight")
        assert [*over.buttons] == ["Try again"]


async def test_the_owner_hears_once_at_eighty_percent_and_once_at_the_end(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_total="5/day", owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        for number in range(7):
            await ann.say(f"boat {number}")
            await ann.answer()
            if number == 4:
                await talk.restart()
        assert [one.words for one in await boris.answers(2)] == [
            "⚠ 80 % of the limit for all is used up: 5/day.",
            "⚠ The limit for all is used up: 5/day. LIMIT_TOTAL sets it.",
        ]
        await boris.silence()


async def test_the_owner_hears_of_a_new_limit_for_all_on_the_same_day(tmp_path: Path) -> None:
    """The operator raised it after the first one was used up, and then took the process down once more."""
    async with limited(tmp_path, limit_total="1/day", owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await boris.say("/start")
        await boris.answer()
        await ann.say("a boat")
        await ann.answer()
        assert "The limit for all is used up: 1/day." in (await boris.answer()).words
        await talk.stop()
        talk.settings["limit_total"] = "5/day"
        await talk.start()
        for number in range(6):
            await ann.say(f"boat {number}")
            await ann.answer()
            if number == 2:
                await talk.restart()
        assert [one.words for one in await boris.answers(2)] == [
            "⚠ 80 % of the limit for all is used up: 5/day.",
            "⚠ The limit for all is used up: 5/day. LIMIT_TOTAL sets it.",
        ]
        await boris.silence()


async def test_dollars_count_at_the_operators_price_where_none_is_known(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="$0.10/day", gemini_model="a-model", price_per_picture="0.05") as talk:
        ann = talk.telegram.ann
        await ann.say("a boat")
        assert "last one" not in (await ann.answer()).words
        await ann.say("a gull")
        assert "That was the last one for today; it goes on from midnight" in (await ann.answer()).words
        await ann.say("a whale")
        assert "used up" in (await ann.answer()).words
        assert (await used(talk)).micro_usd == 100_000


@pytest.mark.parametrize("model", ["gemini-2.5-flash-image", "a-model"], ids=["by the list", "by the operator"])
async def test_an_answer_that_does_not_say_what_it_cost_costs_the_price_of_its_pictures(
    tmp_path: Path, model: str
) -> None:
    async with limited(tmp_path, limit_person="$0.10/day", gemini_model=model, price_per_picture="0.05") as talk:
        ann = talk.telegram.ann
        parts = [picture_part(plain(number)) for number in range(3)]
        talk.painter.will({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]})
        await ann.say("three boats")
        await ann.answers(4)
        assert (await used(talk)).micro_usd == (3 * 38_700 if model != "a-model" else 3 * 50_000)
        await ann.say("a gull")
        assert "used up" in (await ann.answer()).words


async def test_an_answer_under_another_name_of_the_model_costs_the_price_of_the_model(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="$0.10/day", gemini_model="gemini-2.5-flash-image") as talk:
        ann = talk.telegram.ann
        answer = {"candidates": [{"content": {"role": "model", "parts": [picture_part(plain(1))]}}]}
        talk.painter.will({**answer, "modelVersion": "gemini-2.5-flash-image-002"})
        await ann.say("a boat")
        assert (await ann.answer()).has_picture
        assert (await used(talk)).micro_usd == 38_700


@pytest.mark.parametrize(("limit", "paints"), [("$0.02/day", False), ("$0.05/day", True)])
async def test_a_successor_that_costs_more_than_was_held_needs_room_for_that(
    tmp_path: Path, limit: str, paints: bool
) -> None:
    """The chosen model is gone, and only the operator's price of it was low."""
    gone = "gemini-2.5-flash-image-preview"
    async with limited(tmp_path, limit_total=limit, gemini_model=gone, price_per_picture="0.01") as talk:
        ann = talk.telegram.ann
        talk.painter.gone = {gone}
        await ann.say("a boat")
        answer = await ann.answer()
        assert answer.has_picture is paints
        assert ("I have made all the pictures that I may make today" in answer.words) is not paints
        assert [call.model for call in talk.painter.calls] == [gone, "gemini-2.5-flash-image"][: 1 + paints]
        found = await used(talk)
        assert (found.held_micro_usd, found.micro_usd > 0) == (0, paints)


async def test_of_a_day_that_began_during_the_call_nothing_is_used_up(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann, clock = talk.telegram.ann, time.time
        gate = talk.painter.hold()
        await ann.say("a boat")
        await talk.painter.called(1)
        monkeypatch.setattr(time, "time", lambda: clock() + 24 * 3600)
        gate.set()
        assert "last one" not in (await ann.answer()).words


async def test_usage_says_what_is_left(tmp_path: Path) -> None:
    limits = {"limit_person": "3/day, $10/month", "limit_group": "5/day", "limit_total": "100/day"}
    async with limited(tmp_path, **limits, owner_ids={BORIS}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        await ann.say("a boat")
        await ann.answer()
        await ann.say("/usage")
        text = (await ann.answer()).words
        assert "Left for you today: 2 pictures of 3" in text
        assert "Left for you this month: $9.9" in text
        assert "all" not in text
        group = await talk.telegram.group()
        await group.answer()
        await group.say("/usage")
        assert "Left for this group today: 5 pictures of 5" in (await group.answer()).words
        await boris.say("/usage")
        text = (await boris.answer()).words
        assert "Left for all today: 99 pictures of 100" in text
        assert "for you" not in text


async def test_admins_lower_the_limit_of_their_group(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_group="5/day") as talk:
        group = await talk.telegram.group()
        await group.answer()
        boris = group.seen_by(BORIS)
        await boris.say("/limit 1/day")
        assert "Only admins of this group choose its limit." in (await group.answer()).words
        await group.say("/limit many")
        assert "I can't read that limit." in (await group.answer()).words
        await group.say("/limit 1/day")
        text = (await group.answer()).words
        assert "The admins of this group chose this limit: 1/day." in text
        assert "Left for this group today: 1 picture" in text or "Left for this group today: one picture of 1" in text
        await boris.say(f"/edit{BOT} a boat")
        assert "last one for this group today; 1 more" in (await group.answer()).words
        await boris.say(f"/edit{BOT} a boat")
        over = await group.answer()
        assert "pictures for today are used up" in over.words
        await group.say("/limit 100/day")
        assert "Left for this group today: 4 pictures of 5" in (await group.answer()).words
        await boris.press(over, "Try again")
        assert (await group.answer()).has_picture
        await group.say("/limit none")
        assert "The admins of this group chose no limit." in (await group.answer()).words


async def test_owners_set_the_limit_of_one_person_at_once(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="1/day", owner_ids={ANN}) as talk:
        ann, boris = talk.telegram.ann, talk.telegram.boris
        for said, told in (
            ("/limit", "Write the number of a person or a group and a limit"),
            (f"/limit {BORIS}", f"{BORIS}: 1/day, as in the settings."),
            (f"/limit {BORIS} 2/day", f"The limit of {BORIS} is 2/day."),
            (f"/limit {BORIS}", f"The limit of {BORIS} is 2/day."),
            ("/limit 0 5/day", "0 is nobody’s number. What all together may use is LIMIT_TOTAL in the settings."),
            ("/limit -0", "0 is nobody’s number."),
        ):
            await ann.say(said)
            assert told in (await ann.answer()).words
        for _ in range(2):
            await boris.say("a boat")
            assert (await boris.answer()).has_picture
        await boris.say("a boat")
        assert "used up" in (await boris.answer()).words
        await ann.say(f"/limit {BORIS} none")
        assert (await ann.answer()).words == f"Boris ({BORIS}) has no limit."
        await boris.say("a boat")
        assert (await boris.answer()).has_picture
        await ann.say(f"/limit {BORIS} default")
        await ann.answer()
        await boris.say("a boat")
        assert "used up" in (await boris.answer()).words
        await boris.say(f"/limit {BORIS} none")
        assert "/limit is for groups" in (await boris.answer()).words


async def test_a_reply_to_a_forwarded_message_names_whose_limit_it_is(tmp_path: Path) -> None:
    async with limited(tmp_path, owner_ids={BORIS}) as talk:
        boris = talk.telegram.boris
        group = await talk.telegram.group(members=(BORIS,))
        await group.answer()
        forwarded = await group.seen_by(BORIS).forward(await group.say("so many boats"), boris)
        await boris.answer()
        for said, told in (
            ("/limit", f"{ANN}: no limit, as in the settings."),
            ("/limit 2/day", f"The limit of {ANN} is 2/day."),
            ("/limit many", "I can't read that limit."),
            ("/limit default", f"{ANN}: no limit, as in the settings."),
        ):
            await boris.say(said, reply_to=forwarded)
            assert told in (await boris.answer()).words
        await boris.say(f"/limit {'9' * 19} 5/day")
        assert "Write the number of a person or a group" in (await boris.answer()).words


@pytest.mark.parametrize("language", languages())
async def test_each_language_says_when_it_goes_on(tmp_path: Path, language: str) -> None:
    async with limited(tmp_path, limit_person="1/day") as talk:
        dora = await talk.telegram.newcomer("Dora", language_code=language)
        await dora.say("a boat")
        last = (await dora.answer()).words
        assert noon() in last
        await dora.say("a gull")
        over = (await dora.answer()).words
        assert noon() in over
        assert "{" not in last + over


async def test_a_place_is_held_over_the_end_of_a_process_and_settled_once(tmp_path: Path) -> None:
    """The call was cut off and is made once more, in the place that the first process held for it."""
    async with limited(tmp_path, limit_person="1/day") as talk:
        ann = talk.telegram.ann
        talk.painter.will(asyncio.Event())
        await ann.say("a boat")
        await talk.painter.called(1)
        talk.stop_grace_s = 0
        await talk.restart()
        assert "That was the last one for today" in (await ann.answer()).words
        found = await used(talk)
        assert (found.held_pictures, found.pictures) == (0, 1)
        await ann.say("a gull")
        assert "used up" in (await ann.answer()).words
        assert len(talk.painter.calls) == 2


async def test_the_limit_of_the_owner_is_named_beside_that_of_the_admins(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_group="3/day") as talk:
        group = await talk.telegram.group()
        await group.answer()
        await group.say("/limit 10/day")
        said = (await group.answer()).words
        assert "The admins of this group chose this limit: 10/day." in said
        assert "My owner allows this group 3/day; the limit of its admins can only be lower." in said
        assert "Left for this group today: 3 pictures of 3" in said
