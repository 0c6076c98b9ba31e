"""A warning that comes again and again is written once, and then counted."""

from __future__ import annotations

import gc
import io
import logging
import sys
import weakref

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot import logs
from bot.repeats import AGAIN_AFTER_S, MOST, MOST_AN_HOUR, MOST_REASONS, SELDOM_S, Repeats, Seldom, reason_of, same_as

FULL = "turn 12: its answer waits in memory: The disk is full, so nothing can be stored."


class _Log:
    """A log at a clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self._repeats = Repeats(lambda: self.now)

    def writes(
        self,
        level: int,
        words: str,
        *values: object,
        error: Exception | None = None,
        fault: str = "",
        reason: str = "",
    ) -> list[str]:
        trace = (type(error), error, None) if error else None
        record = logging.LogRecord("bot.x", level, __file__, 1, words, values, trace)
        record.__dict__.update(same_as(fault, reason) if fault else {})
        return [one.getMessage() for one in self._repeats.passed(record)]


def test_a_disk_that_stays_full_is_one_line_and_then_a_count() -> None:
    """A try every half minute for a quarter of an hour, and the last count comes with the next line of any kind."""
    log = _Log()
    written = []
    for _ in range(30):
        written += log.writes(logging.ERROR, FULL)
        log.now += 30
    assert written == [FULL, f"{FULL} (came 20 times more)"]
    log.now += AGAIN_AFTER_S
    assert log.writes(logging.INFO, "@bot is listening") == [f"{FULL} (came 9 times more)", "@bot is listening"]
    assert log.writes(logging.ERROR, FULL) == [FULL]


def test_a_pause_is_shown_while_it_grows_and_counted_once_it_is_as_long_as_can_be() -> None:
    log = _Log()
    written = [log.writes(logging.WARNING, "no network; trying again in %.0f s", one) for one in (1, 2, 4, 4, 4)]
    assert [len(lines) for lines in written] == [1, 1, 1, 0, 0]


def test_what_came_once_is_not_counted_and_news_is_written_each_time() -> None:
    log = _Log()
    assert log.writes(logging.WARNING, "a webhook was removed") == ["a webhook was removed"]
    log.now += AGAIN_AFTER_S
    for _ in range(2):
        assert log.writes(logging.INFO, "turn 12 delivered") == ["turn 12 delivered"]


def test_the_same_words_with_another_error_are_another_fault() -> None:
    log = _Log()
    for error in (ValueError("a"), ValueError("b"), KeyError("a")):
        assert log.writes(logging.ERROR, "polling met an unknown error", error=error)
    assert log.writes(logging.ERROR, "polling met an unknown error", error=ValueError("a")) == []


def test_a_flood_of_different_warnings_takes_no_more_memory() -> None:
    log = _Log()
    log.writes(logging.WARNING, "first")
    log.writes(logging.WARNING, "first")
    written = [line for number in range(MOST) for line in log.writes(logging.WARNING, "another %s", number)]
    assert "first (came once more)" in written
    assert len(written) == MOST + 1
    assert sys.getsizeof(log._repeats._seen) < 20_000


def test_one_fault_that_fifty_turns_meet_is_one_line_and_a_count() -> None:
    """Also below a warning. Each turn has its own line at its end, which is always written."""
    log = _Log()
    fault = "model-overloaded: HTTP 503"
    written = []
    for turn in range(50):
        written += log.writes(logging.INFO, "turn %s waits: %s", turn, fault, fault=fault)
        written += log.writes(logging.INFO, "turn %s failed", turn)
    assert written.count(f"turn 0 waits: {fault}") == 1
    assert len(written) == 51
    log.now += AGAIN_AFTER_S
    assert log.writes(logging.INFO, "@bot is listening")[0] == f"{fault} (came 49 times more)"


def test_what_was_only_counted_is_written_at_the_end() -> None:
    """An outage at the end of the night must not look like one refusal."""
    stream = io.StringIO()
    handler = logs._Handler(stream)
    for _ in range(3):
        handler.handle(logging.LogRecord("bot.x", logging.WARNING, __file__, 1, "no network", (), None))
    assert stream.getvalue() == "no network\n"
    handler.close()
    assert stream.getvalue() == "no network\nno network (came 2 times more)\n"


def test_no_formatter_meets_what_a_line_is_counted_by() -> None:
    record = logging.LogRecord("bot.x", logging.INFO, __file__, 1, "turn 1 waits", (), None)
    record.__dict__.update(same_as("model-overloaded"))
    (passed,) = Repeats().passed(record)
    assert "model-overloaded" not in repr(passed.__dict__)


class _Answer(bytearray):
    """Stands for the bytes of an answer: many megabytes."""


def test_a_fault_that_is_remembered_holds_nothing_of_its_work() -> None:
    """A traceback and an error among the values keep all that the functions had in hand: up to 200 answers."""
    repeats, held = Repeats(), []

    def work(number: int) -> None:
        answer = _Answer(b"pixels")
        held.append(weakref.ref(answer))
        try:
            raise ValueError(number)
        except ValueError as error:
            values = (number, error)
            trace = (type(error), error, error.__traceback__)
            record = logging.LogRecord("bot.x", logging.ERROR, __file__, 1, "turn %s: %s", values, trace)
            assert len(list(repeats.passed(record))) == 1

    for number in range(3):
        work(number)
    gc.collect()
    assert [one() for one in held] == [None] * 3


def test_a_fault_whose_words_name_another_request_each_time_is_one_line_and_then_a_count() -> None:
    """The count shows the words of the latest, since "at most 0 images" would be wrong."""
    log = _Log()
    why = "HTTP 503: no channel, at most 4 (request id: 20261129220519671234kXyZabcQ{})"
    written = [
        log.writes(logging.WARNING, f"turn {n}: x", fault=why.format(n), reason=reason_of(why)) for n in range(5)
    ]
    assert [len(lines) for lines in written] == [1, 0, 0, 0, 0]
    log.now += AGAIN_AFTER_S
    assert log.writes(logging.INFO, "on") == [f"{why.format(4)} (came 4 times more)", "on"]


class _Inbox:
    """Who is told at most once an hour for each reason, at a clock that a test moves."""

    def __init__(self) -> None:
        self.now = 0.0
        self.seldom = Seldom(lambda: self.now)

    def told(self, *reasons: str, kind: str = "rejected") -> list[int]:
        """Return with how many more each message was sent."""
        return [more for one in reasons if (more := self.seldom.left_out(kind, one)) is not None]


def _storm(count: int) -> list[str]:
    """Return reasons of which none is like another, and without a number."""
    return [f"{chr(97 + one // 676)}{chr(97 + one // 26 % 26)}{chr(97 + one % 26)} is wrong" for one in range(count)]


def test_a_provider_that_never_says_the_same_twice_floods_nobody_and_all_is_counted() -> None:
    """After some reasons in an hour one message more for each kind of failure."""
    inbox = _Inbox()
    assert inbox.told(*_storm(1000)) == [0] * (MOST_AN_HOUR + 1)
    assert inbox.told(*_storm(5), kind="key-invalid") == [0]
    inbox.now += SELDOM_S
    left_out = 1000 - MOST_AN_HOUR - 1
    assert inbox.told(*_storm(1000)) == [0] * MOST_AN_HOUR + [left_out]


def test_after_a_quiet_hour_the_next_failure_is_told_at_once() -> None:
    inbox = _Inbox()
    assert inbox.told("no key", "no key", "no key") == [0]
    inbox.now += 10 * SELDOM_S
    assert inbox.told("no key") == [2]
    inbox.now += SELDOM_S
    assert inbox.told("no key") == [0]


def test_what_is_remembered_of_reasons_stays_little() -> None:
    inbox = _Inbox()
    for one in _storm(5000):
        inbox.told(one)
        inbox.now += SELDOM_S / 2
    assert len(inbox.seldom._sent) <= MOST_REASONS


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("(request id: 20261129220519671234kXyZabcQ)", "(request id: 20261129220519680001aBcDefgH)", True),
        ("req_0a1b2c3d4e5f", "req_ffee1b2c3d00", True),
        ("at 2026-11-29T22:05:19Z", "at 2026-11-30T01:15:02.123Z", True),
        ("in 37.2s", "in 3s", True),
        ("in 15h2m3.5s", "in 2m", True),
        ("took 35ms", "took 4000 ms", False),
        ("1,234 tokens", "9 tokens", True),
        ("1024x768", "640x987", True),
        ("HTTP 400", "HTTP 403", False),
        ("no gemini-2.5-flash-image", "no gemini-3.5-flash-image", False),
        ("no gpt-image-1-2025-12-16", "no gpt-image-1.5-2025-12-16", False),
    ],
)
def test_what_differs_each_time_makes_no_other_reason(one: str, other: str, same: bool) -> None:
    assert (reason_of(one) == reason_of(other)) is same


@given(st.text(max_size=200))
def test_any_words_have_a_reason(words: str) -> None:
    assert reason_of(reason_of(words)) == reason_of(words)
