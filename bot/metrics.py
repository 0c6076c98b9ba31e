"""Counters and timers of a process, in plain numbers. Imports the standard library only.

Counting costs a fraction of a microsecond and loads no library; ``bot/web/metrics.py`` puts the numbers into
Prometheus' format when they are asked for. Everything happens in one event loop, so nothing is locked. No label
contains a person, a chat or anything that people write.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import Counter, defaultdict
from enum import StrEnum

QUICK_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0)
SLOW_S = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 7.5, 10.0, 15.0, 20.0, 30.0, 45.0, 60.0, 120.0, 300.0, 600.0)


class Stage(StrEnum):
    """The parts of a turn's life that are timed."""

    HANDLED = "received_to_handled"
    """From the inbox to the turn, or to the other effect of an update."""
    STARTED = "accepted_to_called"
    """From the turn to its first call, including the wait for a slot."""
    STORED = "answered_to_stored"
    """From the arrival of the answer until its pictures and words are stored."""
    DELIVERED = "stored_to_delivered"
    """Sending the answer, including the waits that Telegram asks for."""


class Histogram:
    """A latency histogram."""

    __slots__ = ("bounds", "counts", "sum_s")

    def __init__(self, bounds: tuple[float, ...]) -> None:
        """``bounds``: upper ends of the buckets in seconds. One more bucket counts all larger values."""
        self.bounds = bounds
        self.counts = [0] * (len(bounds) + 1)
        self.sum_s = 0.0

    def add(self, seconds: float) -> None:
        """Count a duration; a negative one, after the clock was set back, counts as 0."""
        seconds = max(seconds, 0.0)
        self.counts[bisect_left(self.bounds, seconds)] += 1
        self.sum_s += seconds

    def buckets(self) -> list[tuple[str, float]]:
        """Return each bucket's upper end, as text, with the number of values up to it."""
        found, so_far = [], 0
        for bound, count in zip((*self.bounds, float("inf")), self.counts, strict=True):
            so_far += count
            found.append((f"{bound:g}" if bound < float("inf") else "+Inf", float(so_far)))
        return found


class Meter:
    """All metrics of a process. Code that counts something gets this as an argument."""

    def __init__(self) -> None:
        self.turns: Counter[tuple[str, str]] = Counter()
        """Turns by the state that they reached, and provider."""
        self.stages = {stage: Histogram(SLOW_S) for stage in Stage}
        self.calls: defaultdict[str, Histogram] = defaultdict(lambda: Histogram(SLOW_S))
        """Duration of paid calls by provider, successful or not."""
        self.in_flight: Counter[str] = Counter()
        """Paid calls that are running, by provider."""
        self.repeats: Counter[tuple[str, str]] = Counter()
        """Repeated calls by provider and the error that caused the repeat."""
        self.booked: Counter[str] = Counter()
        """Places for pictures by what became of them: held, settled, released, refused by a limit; sold, refunded."""
        self.spent_micro_usd: Counter[tuple[str, str]] = Counter()
        """Known costs by provider and model, in millionths of a US dollar."""
        self.restored: Counter[str] = Counter()
        """Answers that edit one picture, by what became of them: restored, offered, painted, failed.

        Taken and taken_back: by a button.
        """
        self.telegram: Counter[tuple[str, str]] = Counter()
        """Calls to Telegram by method and HTTP status; "none" if no answer came."""
        self.deliveries: Counter[int] = Counter()
        """Telegram's deliveries by the HTTP status of our answer."""
        self.delivering = Histogram(QUICK_S)

    def reached(self, state: str, provider: str, times: int = 1) -> None:
        """Count turns that reached a state."""
        self.turns[state, provider] += times

    def took(self, stage: Stage, seconds: float) -> None:
        """Time a step."""
        self.stages[stage].add(seconds)

    def began(self, provider: str) -> None:
        """Count a paid call that begins."""
        self.in_flight[provider] += 1

    def ended(self, provider: str, seconds: float) -> None:
        """Count and time a paid call that ended, successful or not."""
        self.in_flight[provider] -= 1
        self.calls[provider].add(seconds)

    def repeated(self, provider: str, why: str) -> None:
        """Count a repeated call by the key of the error that caused it."""
        self.repeats[provider, why] += 1

    def books(self, what: str, times: int = 1) -> None:
        """Count what happened to places for pictures."""
        self.booked[what] += times

    def spent(self, provider: str, model: str, micro_usd: int | None) -> None:
        """Add the cost of an answer, or of a refusal that was billed, if it is known."""
        if micro_usd:
            self.spent_micro_usd[provider, model] += micro_usd

    def asked_telegram(self, method: str, status: str) -> None:
        """Count a call to Telegram."""
        self.telegram[method, status] += 1

    def served(self, status: int, seconds: float) -> None:
        """Count and time one of Telegram's deliveries."""
        self.deliveries[status] += 1
        self.delivering.add(seconds)
