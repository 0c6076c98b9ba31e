"""People read what they may use before they meet a limit, and from when there is more of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.access.limits import Calendar
from bot.texts import say
from bot.turns.limits import renewal
from storage.books.values import Bound, Scope
from tests.dialogues.limits.test_limits import BOT, limited, noon
from tests.support.buying import PACKS
from tests.support.lending import asked, lent
from tests.support.people import BORIS, CHEN


async def test_start_says_how_much_is_free(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="3/day, $10/month", limit_group="20/month") as talk:
        ann = talk.telegram.ann
        await ann.say("/start")
        said = (await ann.answer()).words
        assert said.startswith("Hi!")
        assert said.endswith("Here you have 3 pictures a day, $10.00 a month; /usage shows what is left.")
        group = await talk.telegram.group()
        await group.answer()
        await group.say("/limit 10/month")
        await group.answer()
        await group.say(f"/start{BOT}")
        assert (await group.answer()).words.endswith("This group has 10 pictures a month; /usage shows what is left.")


@pytest.mark.parametrize(
    ("settings", "end"),
    [
        ({}, "/help shows how it works."),
        ({"limit_person": "0/day"}, "/help shows how it works."),
        ({"limit_person": "0/day", "stars_packs": PACKS}, "There are no free pictures here, but I sell some: /buy."),
        ({"limit_person": "2/day", "owner_ids": {BORIS}}, "/help shows how it works."),
    ],
    ids=["no limit", "nothing", "only sold", "an owner"],
)
async def test_start_promises_nothing_that_is_not_there(tmp_path: Path, settings: dict[str, Any], end: str) -> None:
    async with limited(tmp_path, **settings) as talk:
        await talk.telegram.boris.say("/start")
        assert (await talk.telegram.boris.answer()).words.endswith(end)


async def test_who_is_let_in_reads_how_much_is_free(tmp_path: Path) -> None:
    async with lent(tmp_path, access="ask", limit_person="1/day", limit_group="5/day") as talk:
        ann, boris, chen = talk.telegram.ann, talk.telegram.boris, talk.telegram.chen
        await ann.say("a boat")
        await ann.answer()
        await boris.press(await asked(boris), "Admit")
        assert (await ann.answer()).words == (
            "My owner has let you in, and I begin with your wish.\n"
            "Here you have one picture a day; /usage shows what is left."
        )
        assert (await ann.answer()).has_picture
        await boris.say(f"/limit {CHEN} 7/day")
        await boris.answer()
        await chen.say("/start")
        await chen.answer()
        await boris.press(await asked(boris), "Admit")
        assert "Here you have 7 pictures a day" in (await chen.answer()).words


async def test_a_group_that_is_let_in_reads_how_much_is_free(tmp_path: Path) -> None:
    """It was there before its owner had a say."""
    async with lent(tmp_path, limit_group="5/day") as talk:
        group = await talk.telegram.group(members=(CHEN,))
        await group.answer()
        await group.say(f"/help{BOT}")
        await group.answer()
        await talk.stop()
        talk.settings["access"] = "ask"
        await talk.start()
        await group.say(f"/help{BOT}")
        await group.answer()
        await talk.telegram.boris.press(await asked(talk.telegram.boris), "Admit")
        assert (await group.answer()).words == (
            "My owner has let this group in. Reply to me with a wish.\n"
            "This group has 5 pictures a day; /usage shows what is left."
        )


async def test_usage_says_from_when_there_is_more(tmp_path: Path) -> None:
    async with limited(tmp_path, limit_person="2/day, 50/month") as talk:
        ann = talk.telegram.ann
        await ann.say("/usage")
        assert (
            "Left for you today: 2 pictures of 2\nLeft for you this month: 50 pictures of 50"
            in (await ann.answer()).words
        )
        await ann.say("a boat")
        await ann.answer()
        await ann.say("/usage")
        said = (await ann.answer()).words
        assert f"today: one picture of 2; anew from midnight {noon()}, in about 1" in said
        assert "this month: 49 pictures of 50; anew from the first of the month, in " in said
        await ann.say("a gull")
        await ann.answer()
        await ann.say("/usage")
        assert f"today: 0 pictures of 2; 2 more from midnight {noon()}, in about 1" in (await ann.answer()).words


@pytest.mark.parametrize(
    ("zone", "said"),
    [
        ("UTC", "2 more from midnight UTC, in about 18 h"),
        ("Europe/Berlin", "2 more from midnight in Berlin, in about 17 h"),
        ("America/Argentina/Buenos_Aires", "2 more from midnight in Buenos Aires, in about 21 h"),
        ("Etc/GMT+3", "2 more from midnight Etc/GMT+3, in about 21 h"),
    ],
)
def test_midnight_is_named_by_its_city(zone: str, said: str) -> None:
    """At 05:47 UTC of a winter's day."""
    at = datetime(2026, 1, 20, 5, 47, tzinfo=UTC).timestamp()
    calendar = Calendar(zone=zone)
    bound = Bound(scope=Scope.PERSON, period=calendar.day(at), in_dollars=False, most=2, used=2, room=0)
    part = renewal(bound, calendar, at)
    assert say("en", "left-renews", left="", renews=part) == f"; {said}"


@pytest.mark.parametrize(
    ("seconds", "said"), [(59 * 60, "in 59 min"), (3700, "in about 1 h"), (18.3 * 3600, "in about 18 h")]
)
def test_hours_are_said_as_about(seconds: float, said: str) -> None:
    midnight = Calendar().end_of("2026-01-20")
    bound = Bound(scope=Scope.PERSON, period="2026-01-20", in_dollars=False, most=2, used=2, room=0)
    part = renewal(bound, Calendar(), midnight - seconds)
    assert say("en", "left-renews", left="", renews=part).endswith(said)
