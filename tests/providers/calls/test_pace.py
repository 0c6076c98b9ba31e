"""The number of calls at a time: what the bot never does, and how it learns what a provider takes."""

from __future__ import annotations

import heapq
from dataclasses import dataclass

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.providers.calls.pace import (
    FIRST_PAUSE_S,
    LONGEST_NAMED_S,
    LONGEST_PAUSE_S,
    MOST,
    OVERLOADED_LEAST,
    QUIET_S,
    START,
    Fate,
    Pace,
    Verdict,
)

TAKEN, REFUSED = Verdict(Fate.TAKEN), Verdict(Fate.REFUSED)


@dataclass(frozen=True)
class Event:
    """A call that ended: how, how long after the one before, how long it took, and how many ran then."""

    verdict: Verdict
    passed_s: float
    took_s: float
    running: int


verdicts = st.builds(Verdict, st.sampled_from(Fate), st.none() | st.floats(0, 120))
events = st.builds(Event, verdicts, st.floats(0, 90), st.floats(0, 90), st.integers(1, 300))
numbers = st.none() | st.integers(1, 300)


def after(pace: Pace, found: list[Event]) -> list[tuple[float, Pace]]:
    """Return each time, and the limit that was known then."""
    now, seen = 1000.0, [(1000.0, pace)]
    for event in found:
        now += event.passed_s
        pace = pace.after(event.verdict, began_at=now - event.took_s, now=now, running=event.running)
        seen.append((now, pace))
    return seen


@given(numbers, st.lists(events, max_size=40))
def test_it_stays_within_its_bounds_and_there_is_always_room_again(width: int | None, found: list[Event]) -> None:
    begun = Pace.of(width)
    for now, pace in after(begun, found):
        assert (pace.least, pace.most) == (begun.least, begun.most)
        assert pace.least <= pace.width <= pace.most
        assert pace.not_before <= now + max(LONGEST_PAUSE_S, LONGEST_NAMED_S)
        assert pace.room(0, pace.not_before) >= 1
        assert not pace.room(int(pace.width), pace.not_before)


@given(st.integers(1, 300), st.lists(events, max_size=40))
def test_a_fixed_number_stays(width: int, found: list[Event]) -> None:
    assert {pace.width for _, pace in after(Pace.of(width), found)} == {width}


@given(st.lists(events, max_size=40))
def test_it_grows_by_answers_in_full_use_alone_and_shrinks_by_refusals_alone(found: list[Event]) -> None:
    seen = after(Pace(), found)
    for event, (_, before), (now, pace) in zip(found, seen, seen[1:], strict=False):
        if event.verdict.fate is Fate.TAKEN:
            assert before.width <= pace.width <= before.width + 1
            assert pace.width == before.width or event.running >= int(before.width)
            assert pace.not_before == before.not_before
        else:
            assert before.width / 2 <= pace.width <= before.width or pace.width >= before.floor
            assert pace.not_before >= max(before.not_before, now)


@given(st.lists(events, max_size=20), st.integers(0, 200))
def test_calls_that_were_under_way_together_do_not_halve_it_again(found: list[Event], others: int) -> None:
    now, pace = after(Pace(), found)[-1]
    first = pace.after(REFUSED, began_at=now, now=now, running=others + 1)
    last = first
    for running in range(others, 0, -1):
        last = last.after(REFUSED, began_at=now - 1, now=now + 0.1, running=running)
    assert (last.cuts, last.cut_at) == (first.cuts, first.cut_at)
    assert last.width >= min(first.width, max(1.0, pace.width / 4))


@given(numbers, st.lists(events, max_size=20), st.text() | st.sampled_from(['{"width": "x"}', "[]", "7", '{"a": 1}']))
def test_what_is_kept_is_read_again_and_what_cannot_be_read_is_passed_over(
    width: int | None, found: list[Event], damaged: str
) -> None:
    begun = Pace.of(width)
    _, pace = after(begun, found)[-1]
    assert begun.load(pace.dump()) == pace
    assert begun.load(None) == begun
    assert begun.least <= begun.load(damaged).width <= begun.most


def test_a_number_that_was_fixed_since_holds_for_what_was_kept() -> None:
    assert Pace.of(3).load(Pace(width=90).dump()).width == 3


def test_it_starts_generous_and_doubles_with_each_round() -> None:
    pace = Pace()
    assert pace.room(0, 1000) == START
    for _ in range(START):
        pace = pace.after(TAKEN, began_at=1000, now=1002, running=int(pace.width))
    assert pace.width == 2 * START
    for _ in range(MOST):
        pace = pace.after(TAKEN, began_at=1002, now=1004, running=int(pace.width))
    assert pace.width == MOST


def test_a_refusal_halves_it_and_the_delay_holds_everybody() -> None:
    pace = Pace().after(Verdict(Fate.REFUSED, 7.0), began_at=1000, now=1001, running=START)
    assert pace.width == START / 2
    assert (pace.room(0, 1007.9), pace.room(0, 1008)) == (0, START / 2)


def test_without_a_delay_pauses_double_until_an_answer_comes() -> None:
    pace, now = Pace(), 1000.0
    pauses = []
    for _ in range(7):
        pace = pace.after(REFUSED, began_at=now, now=now, running=1)
        pauses.append(pace.not_before - now)
        now = pace.not_before
    assert pauses == [1, 2, 4, 8, 16, 30, 30]
    pace = pace.after(TAKEN, began_at=now, now=now + 5, running=1)
    pace = pace.after(REFUSED, began_at=now + 6, now=now + 6, running=1)
    assert pace.not_before - (now + 6) == FIRST_PAUSE_S


def test_a_delay_of_nothing_is_no_invitation_to_hammer() -> None:
    pace = Pace().after(Verdict(Fate.REFUSED, 0.0), began_at=1000, now=1000, running=1)
    assert pace.not_before == 1000 + FIRST_PAUSE_S


def test_a_delay_of_an_hour_is_told_to_whom_it_met_and_holds_nobody_else() -> None:
    pace = Pace()
    for now in range(1000, 1020):
        pace = pace.after(Verdict(Fate.REFUSED, 3600.0), began_at=now, now=now, running=1)
        assert pace.room(0, now) >= 1


def test_an_overload_leaves_some_calls_and_makes_no_pause() -> None:
    pace = Pace()
    for number in range(20):
        pace = pace.after(Verdict(Fate.OVERLOADED), began_at=1000 + number, now=1000 + number, running=9)
    assert pace.width == OVERLOADED_LEAST
    assert pace.room(0, 1019) == OVERLOADED_LEAST
    assert Pace.of(2).after(Verdict(Fate.OVERLOADED), began_at=1000, now=1000, running=2).width == 2


def test_after_some_quiet_minutes_it_grows_quickly_again() -> None:
    pace = Pace(width=2, steady=2, cut_at=1000)
    soon = pace.after(TAKEN, began_at=1001, now=1000 + QUIET_S, running=2)
    later = pace.after(TAKEN, began_at=1001, now=1001 + QUIET_S, running=2)
    assert (soon.width, later.width) == (2.125, 3)


def crowd(cap: int, people: int, took_s: float, named_s: float | None = None) -> tuple[int, float]:
    """Let people call a provider that takes ``cap`` at a time; return how many calls it refused, and the time it took.

    A refusal comes after a tenth of a second.
    """
    pace, now, waiting, running, inside, refused = Pace(), 1000.0, people, 0, 0, 0
    ends: list[tuple[float, float, bool]] = []
    while waiting or ends:
        for _ in range(min(waiting, pace.room(running, now))):
            taken = inside < cap
            heapq.heappush(ends, (now + (took_s if taken else 0.1), now, taken))
            waiting, running, inside = waiting - 1, running + 1, inside + taken
        if not ends or (waiting and not running):
            now = pace.not_before
            continue
        if waiting and now < pace.not_before < ends[0][0]:
            now = pace.not_before
            continue
        now, began_at, taken = heapq.heappop(ends)
        verdict = TAKEN if taken else Verdict(Fate.REFUSED, named_s)
        pace = pace.after(verdict, began_at=began_at, now=now, running=running)
        running, inside, refused, waiting = running - 1, inside - taken, refused + (not taken), waiting + (not taken)
    return refused, now - 1000.0


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 64), st.integers(60, 400), st.floats(1, 40), st.none() | st.floats(0.5, 3))
def test_whatever_a_provider_takes_at_a_time_it_refuses_no_more_than_one_call_a_turn(
    cap: int, people: int, took_s: float, named_s: float | None
) -> None:
    refused, _ = crowd(cap, people, took_s, named_s)
    assert refused <= people


@pytest.mark.parametrize("took_s", [2.0, 20.0])
def test_a_provider_that_takes_twelve_is_used_well(took_s: float) -> None:
    refused, lasted_s = crowd(12, 600, took_s)
    assert refused <= 60
    assert lasted_s <= 1.25 * took_s * 600 / 12
