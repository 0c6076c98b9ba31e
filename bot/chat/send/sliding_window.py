"""A sliding window: a limit on calls within a span of seconds. Imports the standard library only."""

from __future__ import annotations

from bisect import bisect_right, insort
from dataclasses import dataclass, field


@dataclass(slots=True)
class SlidingWindow:
    """At most ``size`` calls in any ``period_s`` seconds. ``booked``: the times of past and future calls, sorted."""

    size: int
    period_s: float
    booked: list[float] = field(default_factory=list)

    def earliest(self, after: float, weight: int = 1) -> float:
        """Return the earliest time, not before ``after``, at which ``weight`` more calls fit into the window."""
        free = self.size - min(weight, self.size)
        while True:
            upto = bisect_right(self.booked, after)
            if upto - self._over(after) <= free:
                return after
            after = self.booked[upto - free - 1] + self.period_s

    def book(self, at: float, weight: int = 1) -> list[float]:
        """Book ``weight`` calls at ``at``; calls beyond a full window are booked into the next windows."""
        places: list[float] = []
        while len(places) < weight:
            places += [at] * min(self.size, weight - len(places))
            at += self.period_s
        for place in places:
            insort(self.booked, place)
        return places

    def release(self, places: list[float]) -> None:
        """Cancel bookings, as far as they still count."""
        for place in places:
            at = bisect_right(self.booked, place) - 1
            if at >= 0 and self.booked[at] == place:
                del self.booked[at]

    def forget(self, now: float) -> None:
        """Drop the bookings whose period is over."""
        del self.booked[: self._over(now)]

    def _over(self, at: float) -> int:
        """Count the bookings whose period is over. All callers use this sum, so rounding cannot make them differ."""
        return bisect_right(self.booked, at, key=lambda place: place + self.period_s)
