"""Limits are read as people write them, and periods end when the calendar says so."""

from __future__ import annotations

from contextlib import suppress
from datetime import datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bot.access.limits import Calendar, Limits, NoLimits, read_limits
from storage.books.values import UNLIMITED, Allowance

AMOUNTS = st.none() | st.integers(0, 999_999_999)
ALLOWANCES = st.builds(
    Allowance, day_pictures=AMOUNTS, day_micro_usd=AMOUNTS, month_pictures=AMOUNTS, month_micro_usd=AMOUNTS
)
ZONES = st.sampled_from(["UTC", "Europe/Berlin", "America/New_York", "Asia/Kathmandu", "Pacific/Apia", "Africa/Cairo"])
TIMES = st.floats(1_500_000_000, 2_500_000_000)


@given(allowance=ALLOWANCES)
def test_what_is_written_is_read_again(allowance: Allowance) -> None:
    assert read_limits(str(allowance)) == allowance


@pytest.mark.parametrize(
    ("micro_usd", "written"),
    [(600_000, "$0.60/day"), (20_000_000, "$20/day"), (1_250_000, "$1.25/day"), (5_500, "$0.0055/day")],
)
def test_cents_are_written_with_two_digits(micro_usd: int, written: str) -> None:
    assert str(Allowance(day_micro_usd=micro_usd)) == written


@given(text=st.text(alphabet="0123456789$./, daymonthusd") | st.text())
@example(text="none")
@example(text="٣/day")
def test_any_text_is_read_or_refused(text: str) -> None:
    with suppress(NoLimits):
        found = read_limits(text)
        assert read_limits(str(found)) == found


@pytest.mark.parametrize("wrong", ["plenty", ",", " , ,"])
def test_what_cannot_be_read_is_answered_with_what_can(wrong: str) -> None:
    with pytest.raises(NoLimits, match="20/day"):
        read_limits(wrong)


@given(first=ALLOWANCES, second=ALLOWANCES)
def test_of_two_limits_of_a_kind_the_lower_one_counts(first: Allowance, second: Allowance) -> None:
    found = read_limits(", ".join(filter(None, map(str, (first, second)))))
    for name in Allowance.__slots__:
        given_ = [one for one in (getattr(first, name), getattr(second, name)) if one is not None]
        assert getattr(found, name) == min(given_, default=None)


def test_no_limit_is_written_in_two_ways() -> None:
    assert read_limits("") == read_limits(" None ") == UNLIMITED


@given(zone=ZONES, at=TIMES)
def test_a_period_ends_where_the_next_one_begins(zone: str, at: float) -> None:
    calendar = Calendar(zone=zone)
    day = calendar.day(at)
    for period, longest_days in ((day, 2), (day[:7], 31)):
        end = calendar.end_of(period)
        assert at < end <= at + longest_days * 86_400 + 3600
        assert calendar.day(end - 1)[: len(period)] == period
        assert calendar.day(end)[: len(period)] > period
        if zone == "Europe/Berlin":
            assert datetime.fromtimestamp(end, ZoneInfo(zone)).hour == 0


@pytest.mark.parametrize(
    ("zone", "period", "hours"),
    [("UTC", "2026-11-28", 24), ("Europe/Berlin", "2026-03-29", 23), ("Europe/Berlin", "2026-10-25", 25)],
)
def test_a_day_is_as_long_as_the_clocks_make_it(zone: str, period: str, hours: int) -> None:
    begins = datetime.fromisoformat(period).replace(tzinfo=ZoneInfo(zone)).timestamp()
    assert Calendar(zone=zone).end_of(period) - begins == hours * 3600


def test_owners_are_exempt_and_the_operators_price_fills_a_gap() -> None:
    limits = Limits(owners=frozenset({7}), prices={"tokaify": 30_000, "": 50_000})
    assert limits.terms(7, 0).exempt
    assert not limits.terms(8, 0).exempt
    assert [limits.price(name, None) for name in ("tokaify", "onemin")] == [30_000, 50_000]
