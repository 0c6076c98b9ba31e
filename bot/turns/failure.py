"""Why a turn has no answer, as it is stored, logged, and later said.

Imports ``limits``, ``providers``, ``repeats`` and ``storage``.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from bot.access.limits import Calendar, Limits
from bot.providers.errors import ProviderError
from bot.repeats import reason_of, same_as
from bot.turns.limits import about, renewal
from storage.books.values import Allowance, Bound, OverLimit
from storage.media.store import MediaMissing

log = logging.getLogger(__name__)

MOST_AT_ONE_TAP = 4
"""Buttons make so many versions at most."""


class Interrupted(Exception):
    """The process ended during the call, and the call is not repeated without a request."""

    def __init__(self, times: int) -> None:
        super().__init__(f"the process ended during its call, {times} times so far")
        self.times = times


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a turn has no answer: key and values of the sentence, and the keys of helpful buttons.

    A value that is a mapping with a ``key`` is a sentence itself.
    """

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    help: tuple[str, ...] = ()
    owner_text: str = ""


Reason = ProviderError | Interrupted | MediaMissing | OverLimit


def log_failure(turn_id: int, error: Reason, failure: Failure) -> None:
    """Log why a turn failed: in full once, then counted. That this turn failed stands in the line of its end."""
    level = logging.INFO if isinstance(error, OverLimit) else logging.WARNING
    why = f"{type(error).__name__}: {failure.owner_text or error}"
    log.log(level, "turn %s: %s", turn_id, why, extra=same_as(why, reason_of(why)))


def failure_of(error: Reason, limits: Limits, at: float, *, to_owner: bool = False) -> Failure:
    """Return what to say of an error. ``limits`` and ``at`` (Unix s) say when a limit begins anew.

    ``to_owner``: to somebody who can raise limits, and would buy from themselves.
    """
    if isinstance(error, OverLimit):
        over = _over(error, limits.calendar, at)
        if to_owner and over.key.startswith("limit-over"):
            return replace(over, key="limit-over-owner", values={**over.values, "limits": str(_limit_of(error.bound))})
        if to_owner or not limits.packs or over.key == "limit-in-vain":
            return over
        key = "limit-none-sold" if over.key == "limit-none" else over.key
        return replace(over, key=key, help=(*over.help, "buy"))
    if isinstance(error, MediaMissing):
        return Failure(key="picture-lost", owner_text=str(error))
    if isinstance(error, Interrupted):
        if error.times <= 1:
            return Failure(key="interrupted", help=("try-again",))
        why = "the process ended twice during its call"
        return Failure(key="interrupted-again", help=("try-again",), owner_text=why)
    return Failure(
        key=error.key,
        values=dict(error.values),
        help=tuple(button.value for button in error.help),
        owner_text=(error.owner_text or error.outcome) if error.tell_owner else "",
    )


def _limit_of(bound: Bound) -> Allowance:
    period, unit = "day" if bound.is_daily else "month", "micro_usd" if bound.in_dollars else "pictures"
    return Allowance(**{f"{period}_{unit}": bound.most})


def _over(error: OverLimit, calendar: Calendar, at: float) -> Failure:
    """Return when the wish can be done, with the button for that; or how many of its versions can be done now."""
    bound = error.bound
    if error.in_vain and not error.room:
        # Bought pictures pay again from the next day on, whatever limit it is.
        tomorrow = renewal(replace(bound, period=calendar.day(at), in_dollars=True), calendar, at)
        return Failure(key="limit-in-vain", values={"renews": tomorrow}, help=(_later(error),))
    renews = renewal(bound, calendar, at)
    if 0 < error.room < error.wanted:
        free = bound.room or 0
        bought = error.room - free
        values: dict[str, Any] = {"count": error.room, "renews": renews}
        if not bought:
            key = "limit-few-day" if bound.is_daily else "limit-few-month"
        elif free:
            key, values = "limit-few-mixed", {"count": error.room, "free": free, "bought": bought}
        else:
            key = "limit-few-bought" if bound.most else "limit-few-bought-only"
        return Failure(key=key, values=values, help=(f"make-{error.room}",))
    # Of a limit of nothing nobody has used anything up, and it never begins anew.
    key = f"limit-over-{about(bound)}" if bound.most else "limit-none"
    return Failure(key=key, values={"renews": renews}, help=(_later(error),))


def _later(error: OverLimit) -> str:
    return f"later-{min(error.wanted, MOST_AT_ONE_TAP)}"
