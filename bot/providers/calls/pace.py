"""How many calls a provider takes at a time, learned from what it says. Pure; imports the standard library alone.

No provider tells the number. So it grows while answers come and is halved when a call is refused, as TCP finds its rate
(RFC 5681) and as AIMDLimit of Netflix' concurrency-limits does: only a number that is used in full grows. A refusal is
followed by a pause: as long as the provider says, and from one to the next twice as long. An overload is not, since
whoever met one waits by itself. Times are seconds of any one clock.
"""

from __future__ import annotations

import json
import math
from dataclasses import asdict, dataclass, replace
from enum import Enum
from typing import Self

START, MOST = 32, 1000

OVERLOADED_LEAST = 4
"""An overload is everybody's: with fewer calls the provider has no less to do, and people only wait longer."""

QUIET_S = 300.0
"""After so long without a refusal, which is some rounds of slow pictures, the number grows quickly again."""

FIRST_PAUSE_S, LONGEST_PAUSE_S = 1.0, 30.0
LONGEST_NAMED_S = 60.0
"""A longer delay is told to the person whose call got it, and holds nobody else."""


class Fate(Enum):
    """What a provider did with a call."""

    TAKEN = "taken"
    REFUSED = "refused"
    OVERLOADED = "overloaded"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How a call ended, and the delay that was named with it."""

    fate: Fate
    delay_s: float | None = None


@dataclass(slots=True)
class Seat:
    """Held while a call runs. ``verdict`` stays None where a call says nothing about the number, as when cancelled."""

    verdict: Verdict | None = None
    answer_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """What is known. ``least`` and ``most`` are equal where an operator fixed the number.

    Up to ``steady`` the number grows by one for each answer, above it by one in four rounds: each further call
    that a provider does not take is refused. Calls that were under way at ``cut_at`` belong to that refusal: they
    neither grow nor halve it again, but show how many were taken, down to ``floor``.
    """

    least: int = 1
    most: int = MOST
    width: float = START
    steady: float = MOST
    floor: float = 1.0
    cut_at: float = 0.0
    cuts: int = 0
    """Refusals since an answer came."""
    not_before: float = 0.0
    """When the next call may begin."""

    @classmethod
    def of(cls, width: int | None) -> Self:
        """Return what there is to begin with: ``width`` calls for good, or a number that adapts."""
        return cls() if width is None else cls(least=width, most=width, width=width)

    def room(self, running: int, now: float) -> int:
        """Return how many calls may begin beside those that run."""
        return 0 if now < self.not_before else max(0, int(self.width) - running)

    def after(self, verdict: Verdict, *, began_at: float, now: float, running: int) -> Self:
        """Return what is known after a call has ended that was one of ``running``."""
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
        """Return what :meth:`dump` wrote, within the bounds of this one; this one where that cannot be read."""
        try:
            found = replace(self, **json.loads(text or "{}"))
        except (ValueError, TypeError):
            return self
        if not all(isinstance(value, int | float) and math.isfinite(value) for value in asdict(found).values()):
            return self
        width = min(max(found.width, self.least), self.most)
        return replace(found, least=self.least, most=self.most, width=width)
