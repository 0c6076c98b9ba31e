"""How many calls a provider takes at a time, learned from its answers. Pure; imports the standard library alone.

No provider states the number. So it grows while answers come and is halved when a call is refused, as TCP finds its
rate (RFC 5681) and as AIMDLimit of Netflix' concurrency-limits does: it only grows while it is used in full. After a
refusal comes a pause: as long as the provider asks for, else twice as long as the last one. After an overload
there is no pause, since the attempt loop backs off by itself. Times are seconds of any one clock.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Self

START, MOST = 32, 1000

OVERLOADED_LEAST = 4
"""The least width after an overload. Other customers cause overloads, too, so fewer calls here would hardly help."""

QUIET_S = 300.0
"""After this time without a refusal, some rounds of slow pictures, the number grows quickly again."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LONGEST_NAMED_S = 60.0
"""A longer delay ends only the turn that received it and does not pause the other calls."""


class Fate(Enum):
    """How a provider treated a call."""

    TAKEN = "taken"
    REFUSED = "refused"
    OVERLOADED = "overloaded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a call ended, and the delay that the provider named, in seconds."""

    fate: Fate
    delay_s: float | None = None


@dataclass(slots=True)
class CallReport:
    """What a call says when it ends. ``verdict`` is None if the call teaches nothing, as when it is cancelled."""

    verdict: Verdict | None = None
    answer_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What was learned. ``least`` equals ``most`` where the operator fixed the number.

    ``width``: how many calls may run. Below ``steady`` it grows by one for each answer, above it by one in four rounds,
    because the provider refuses every call above its limit. ``cut_at``: when it was halved last. A refusal of a call
    that began earlier does not halve it again, but may lower it to the number of calls that were accepted, down to
    ``floor``.
    """

    least: int = 1
    most: int = MOST
    width: float = START
    steady: float = MOST
    floor: float = 1.0
    cut_at: float = 0.0
    cuts: int = 0
    """Refusals since the last answer."""
    not_before: float = 0.0
    """When the next call may begin."""

    @classmethod
    def of(cls, width: int | None) -> Self:
        """Return the starting pace: a fixed ``width``, or with None one that adapts."""
        return cls() if width is None else cls(least=width, most=width, width=width)

    def room(self, running: int, now: float) -> int:
        """Return how many more calls may begin while ``running`` are under way."""
        return 0 if now < self.not_before else max(0, int(self.width) - running)

    def after(self, verdict: Verdict, *, began_at: float, now: float, running: int) -> Self:
        """Return the pace after one of ``running`` calls has ended."""
        if verdict.fate is Fate.TAKEN:
            return self._taken(began_at, now, running)
        return self._refused(verdict, began_at, now, running)

    def _taken(self, began_at: float, now: float, running: int) -> Self:
        width = self.width
        if running >= int(width) and began_at >= self.cut_at:
            quick = width + 1 <= self.steady or now - self.cut_at > QUIET_S
            width = min(width + (1 if quick else 1 / (4 * width)), self.most)
        if width == self.width and not self.cuts:
            return self
        return replace(self, width=width, cuts=0)

    def _refused(self, verdict: Verdict, began_at: float, now: float, running: int) -> Self:
        overloaded = verdict.fate is Fate.OVERLOADED
        least = max(self.least, OVERLOADED_LEAST) if overloaded else self.least
        changed = self
        if began_at >= self.cut_at:
            width, cuts = min(self.width, max(least, self.width / 2)), self.cuts + 1
            changed = replace(self, width=width, steady=self.width * 3 / 4, floor=self.width / 4, cut_at=now, cuts=cuts)
        elif (width := max(least, self.floor, running - 1)) < self.width:
            changed = replace(self, width=width, steady=min(self.steady, width))
        pause_s = named_s = verdict.delay_s or 0.0
        if named_s > LONGEST_NAMED_S:
            pause_s = 0.0
        elif changed.cuts > self.cuts and not overloaded and (self.cuts or not named_s):
            pause_s = max(named_s, min(FIRST_PAUSE_S * 2 ** min(self.cuts, 10), LONGEST_PAUSE_S))
        return replace(changed, not_before=max(self.not_before, now + pause_s))

    def dump(self) -> str:
        """Return it as JSON."""
        return json.dumps(asdict(self))

    def load(self, text: str | None) -> Self:
        """Return what :meth:`dump` wrote, within the bounds of this pace; this pace itself if it cannot be read."""
        try:
            found = replace(self, **json.loads(text or "{}"))
        except (ValueError, TypeError):
            return self
        if not all(isinstance(value, int | float) and math.isfinite(value) for value in asdict(found).values()):
            return self
        width = min(max(found.width, self.least), self.most)
        return replace(found, least=self.least, most=self.most, width=width)
