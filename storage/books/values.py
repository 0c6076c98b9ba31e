"""The values of the books: limits, sums, and what is held for a call. Frozen, without I/O. Imports nothing of ours.

Money is in millionths of a US dollar (``_micro_usd``). A day is written ``2026-11-28`` and a month ``2026-11``, both in
the time zone of the limits. ``None`` as a limit means any amount.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, fields
from enum import StrEnum


class Scope(StrEnum):
    """Whom a sum or a limit is about. ADMINS: what the admins of a group chose, besides the group's own limit."""

    TOTAL = "total"
    PERSON = "person"
    GROUP = "group"
    ADMINS = "admins"


class Kind(StrEnum):
    """What an entry notes: a call begins; it brought something or was billed; it cost nothing; Stars came or went.

    FORGET notes that a person was forgotten in a month that had not ended.
    """

    HOLD = "hold"
    SETTLE = "settle"
    RELEASE = "release"
    BUY = "buy"
    REFUND = "refund"
    FORGET = "forget"


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """How much may be used in a day and in a month. None: any amount."""

    day_pictures: int | None = None
    day_micro_usd: int | None = None
    month_pictures: int | None = None
    month_micro_usd: int | None = None

    def __str__(self) -> str:
        """Return it as people write it: ``20/day, $10/month``."""
        return ", ".join(
            f"${_dollars(most)}/{period}" if unit == "micro_usd" else f"{most}/{period}"
            for one in fields(self)
            if (most := getattr(self, one.name)) is not None
            for period, _, unit in (one.name.partition("_"),)
        )


def _dollars(micro_usd: int) -> str:
    if not micro_usd % 1_000_000:
        return str(micro_usd // 1_000_000)
    # Cents have two digits, as everywhere else: 0.60.
    cents, rest = divmod(micro_usd, 10_000)
    return f"{cents // 100}.{cents % 100:02}" + f"{rest:04}".rstrip("0")


UNLIMITED = Allowance()


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowances:
    """The limits of the settings, for everybody who has none of their own: a person, a group, and all together."""

    person: Allowance = UNLIMITED
    group: Allowance = UNLIMITED
    total: Allowance = UNLIMITED


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a call: its day, what a picture is expected to cost (0: not known), and the limits.

    ``exempt``: only the limit for all counts, as for owners.
    """

    day: str
    price_micro_usd: int = 0
    allowances: Allowances = Allowances()
    exempt: bool = False

    @property
    def month(self) -> str:
        """The month of the day."""
        return self.day[:7]


@dataclass(frozen=True, slots=True, kw_only=True)
class Amounts:
    """The sum of some entries; see the columns of ``schema.entries``."""

    held_pictures: int = 0
    held_micro_usd: int = 0
    pictures: int = 0
    micro_usd: int = 0
    paid_pictures: int = 0
    paid_micro_usd: int = 0
    credits: int = 0
    stars: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Listened:
    """What it cost to listen to a recording, and who pays. ``chat_id``: a group, or 0 in private."""

    person_id: int
    chat_id: int
    day: str
    micro_usd: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Pack:
    """So many pictures for so many Telegram Stars."""

    pictures: int
    stars: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Bound:
    """One limit and how much of it is used. ``most`` and ``used`` are pictures, or millionths ``in_dollars``.

    ``room``: for how many more pictures it has room, at least 0; None if that is not known, without a price.
    """

    scope: Scope
    period: str
    in_dollars: bool
    most: int
    used: int
    room: int | None

    @property
    def is_daily(self) -> bool:
        """Whether it begins anew each day, not each month."""
        return len(self.period) > len("2026-11")


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    """A hold of so many ``places`` that were not held before, and what it leaves.

    ``room``: how many more pictures the tightest limit allows; None without a limit. ``percent``: how much of the limit
    for all is used up; None without such a limit.
    """

    places: int
    room: int | None = None
    percent: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class BegunCall:
    """A call that may be made now: its number among the attempts of the turn, from 1, and what was held for it.

    ``held``: None if an earlier attempt, or another turn of the batch, held for it. A further attempt that holds gave
    up what it held before.
    """

    attempt: int
    held: Held | None


class OverLimit(Exception):
    """A call did not begin, because a limit has no room for it.

    ``bound``: the tightest limit. ``wanted``: how many pictures the wish needs; ``room``: for how many there is room,
    limits and credit together. ``in_vain``: credit does not count, because too many calls on it brought no
    picture today.
    """

    def __init__(self, bound: Bound, *, wanted: int, room: int, in_vain: bool = False) -> None:
        super().__init__(f"the limit of {bound.scope.value} in {bound.period} has room for {room}, not {wanted}")
        self.bound = bound
        self.wanted = wanted
        self.room = room
        self.in_vain = in_vain


class CallIsPaid(Exception):
    """Something was not deleted, because a call for it runs that is paid with a bought picture.

    The picture would come back, and the provider may bill the call. ``payers``: the people who bought it.
    """

    def __init__(self, payers: Collection[int]) -> None:
        super().__init__(f"a call runs that is paid by {sorted(payers)}")
        self.payers = frozenset(payers)
