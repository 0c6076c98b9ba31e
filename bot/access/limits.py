"""How much people, groups and all together may use: limits as text, their periods, and the terms of a call.

Imports ``books.values``. Pure: the clock is given. Money is in millionths of a US dollar (``_micro_usd``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, tzinfo
from decimal import ROUND_CEILING, Decimal
from zoneinfo import ZoneInfo

from storage.books.values import Allowance, Allowances, Pack, Terms

MICRO = 1_000_000
NONE = "none"
ONE = re.compile(
    r"(?P<sign>\$?)\s*(?P<most>\d{1,9}(?:\.\d{1,6})?)\s*(?P<usd>(?:usd)?)\s*/\s*(?P<period>day|month)", re.IGNORECASE
)
"""One limit: ``20/day``, ``$10.50/month``, or ``10.50 USD/month``, which no shell takes for a variable."""


class NoLimits(ValueError):
    """A text names no limits. The message says what it must look like."""


def read_limits(text: str) -> Allowance:
    """Read a list like ``20/day, $10/month``; ``none`` and the empty text are no limit. Raises: :class:`NoLimits`.

    If one kind of limit is named twice, the lower one counts.
    """
    found: dict[str, int] = {}
    words = [word for word in map(str.strip, text.split(",")) if word]
    if text.strip() and not words:
        raise NoLimits("must be a list like 20/day, $10/month, or none")
    for word in words if words != [NONE] and text.strip().lower() != NONE else ():
        match = ONE.fullmatch(word)
        in_dollars = match is not None and bool(match["sign"] or match["usd"])
        if match is None or ("." in match["most"] and not in_dollars):
            raise NoLimits("must be a list like 20/day, $10/month, or none")
        name = f"{match['period'].lower()}_{'micro_usd' if in_dollars else 'pictures'}"
        most = in_micro_usd(match["most"]) if in_dollars else int(match["most"])
        found[name] = min(most, found.get(name, most))
    return Allowance(**found)


def in_micro_usd(dollars: str | Decimal) -> int:
    """Return an amount of dollars in millionths, rounded up: a limit must not be missed by a fraction."""
    return int((Decimal(dollars) * MICRO).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    """Days and months in the time zone of the limits. ``zone``: an IANA name. Times are Unix seconds."""

    zone: str = "UTC"

    @property
    def _info(self) -> tzinfo:
        # Not every system has a list of time zones, and UTC needs none.
        return UTC if self.zone == "UTC" else ZoneInfo(self.zone)

    def day(self, at: float) -> str:
        """Return the day of a time, as ``2026-11-28``."""
        return datetime.fromtimestamp(at, self._info).date().isoformat()

    def end_of(self, period: str) -> float:
        """Return when a day (``2026-11-28``) or a month (``2026-11``) ends and the next one begins."""
        first = datetime.fromisoformat(period if len(period) > len("2026-11") else f"{period}-01")
        # The 1st of a month and 31 days later lie in two months next to each other.
        step = timedelta(days=1) if len(period) > len("2026-11") else timedelta(days=31)
        after = first + step
        return (after if step.days == 1 else after.replace(day=1)).replace(tzinfo=self._info).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The operator's limits. ``owners``: only the limit for all counts for them.

    ``prices``: what a picture costs, by provider, where the provider's own price is not known. ``packs``: what people
    can buy; empty where nothing is sold.
    """

    allowances: Allowances = field(default_factory=Allowances)
    calendar: Calendar = field(default_factory=Calendar)
    owners: frozenset[int] = frozenset()
    prices: Mapping[str, int] = field(default_factory=dict)
    packs: tuple[Pack, ...] = ()

    def price(self, provider: str, known: Decimal | None) -> int:
        """Return what a picture of a provider costs; the operator's price where the list price is not ``known``; or 0.

        ``known``: in US dollars.
        """
        return in_micro_usd(known) if known is not None else self.prices.get(provider, self.prices.get("", 0))

    def terms(self, person_id: int, at: float, price_micro_usd: int = 0) -> Terms:
        """Return the terms of somebody's call at a time (Unix s). A picture costs ``price_micro_usd``; 0: not known."""
        return Terms(
            day=self.calendar.day(at),
            price_micro_usd=price_micro_usd,
            allowances=self.allowances,
            exempt=person_id in self.owners,
        )
