"""What a call may cost, and what people and owners hear of the limits.

Imports ``access``, ``choice``, ``hooks``, ``providers`` and ``storage``. Nobody is surprised: the last picture of a
period comes with a remark that says when the next ones may be made, and the owners hear when 80 % and 100 % of the
limit for all are used up, once over all processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping
from dataclasses import replace

from bot.access.limits import Calendar
from bot.providers.base import Provider
from bot.providers.catalog import expected_usd
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.hooks import NotifyOwners
from storage.books.values import Allowance, Amounts, Bound, Held, Scope, Terms
from storage.records import Json, Outcome, Turn
from storage.store import Store

LAST = "limit-last"
"""The remark on the last picture of a period: ``limit-last:person:2026-11-28:20``."""

CREDIT = "limit-credit"
"""The remark on a picture that was paid for: ``limit-credit:19``, with what is left."""

LEVELS = (100, 80)
"""Of which percentages of the limit for all the owners hear."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600


def about(bound: Bound) -> str:
    """Return whose limit it is and its period, as in the keys of sentences: ``person-day``."""
    scope = Scope.GROUP if bound.scope is Scope.ADMINS else bound.scope
    return f"{scope.value}-{_period(bound)}"


def renewal(bound: Bound, calendar: Calendar, at: float) -> Json:
    """Return the part of a sentence that says when a limit begins anew, and with how many pictures."""
    unit, count = _wait(calendar.end_of(bound.period) - at)
    wait = {"key": f"limit-wait-{unit}", "count": count}
    zone = {"zone": calendar.zone} if bound.is_daily else {}
    if bound.in_dollars:
        return {"key": f"limit-anew-{_period(bound)}", **zone, "wait": wait}
    return {"key": f"limit-more-{_period(bound)}", "count": bound.most, **zone, "wait": wait}


def _period(bound: Bound) -> str:
    return "day" if bound.is_daily else "month"


def _wait(seconds: float) -> tuple[str, int]:
    """Return a time in a unit that says enough, rounded up, so that nobody comes back too early."""
    if seconds > 2 * DAY_S:
        return "days", math.ceil(seconds / DAY_S)
    if seconds > HOUR_S:
        return "hours", math.ceil(seconds / HOUR_S)
    return "minutes", max(math.ceil(seconds / MINUTE_S), 1)


def last_remark(bound: Bound) -> str:
    """Return the remark that a picture was the last one within a limit."""
    return f"{LAST}:{bound.scope.value}:{bound.period}:{0 if bound.in_dollars else bound.most}"


def said_of(remark: str, calendar: Calendar, at: float) -> tuple[str, Json]:
    """Return the sentence of a remark of this module, at the time when it is said."""
    if remark.startswith(CREDIT):
        return CREDIT, {"count": int(remark.partition(":")[2])}
    _, scope, period, most = remark.split(":")
    bound = Bound(scope=Scope(scope), period=period, in_dollars=most == "0", most=int(most), used=0, room=0)
    return f"{LAST}-{about(bound)}", {"renews": renewal(bound, calendar, at)}


class LimitWatch:
    """Knows the terms of calls. Tells the owners how much is used up, and people when a picture was the last one."""

    def __init__(
        self, store: Store, providers: Mapping[str, Provider], policy: AnsweringPolicy, notify: NotifyOwners
    ) -> None:
        self._store = store
        self._providers = providers
        self._policy = policy
        self._limits = policy.limits
        self._notify = notify
        self._told: set[tuple[str, int]] = set()

    def expected_micro_usd(self, choice: Choice, size: str = "") -> int:
        """Return what a picture of a model is expected to cost, in millionths of a US dollar; 0: not known."""
        if self._policy.offline:
            return 0
        known = expected_usd(self._providers[choice.provider].capabilities(choice.model), size)
        return self._limits.price(choice.provider, known)

    def priced(self, turn: Turn, outcome: Outcome, asked: Choice) -> Outcome:
        """Return an outcome with what it cost; where the provider does not say it, what its pictures should cost.

        ``asked``: the model that was asked. An answer may call it by another name.
        """
        if self._policy.offline:
            # The engine reports tokens as the real models do, but nobody is charged for them.
            return replace(outcome, cost_micro_usd=None)
        if outcome.cost_micro_usd is None and outcome.shown:
            # Where neither the list nor the operator has a price for that name, it costs what was held for it.
            named, size = Choice(provider=outcome.provider, model=outcome.model), turn.options.get("size", "")
            each = self.expected_micro_usd(named, size) or self.expected_micro_usd(asked, size)
            return replace(outcome, cost_micro_usd=each * len(outcome.shown) or None)
        return outcome

    def terms(self, turn: Turn, choice: Choice) -> Terms:
        """Return the terms under which a call for a turn is held now."""
        payer = turn.asker or turn.author
        return self._limits.terms(payer.id, time.time(), self.expected_micro_usd(choice, turn.options.get("size", "")))

    def split(self, turn: Turn) -> tuple[Turn, list[tuple[str, Json]]]:
        """Return a turn without the remarks of this module, and these as keys with values."""
        own = [one for one in turn.remarks if one.startswith((LAST, CREDIT))]
        rest = tuple(one for one in turn.remarks if one not in own)
        return replace(turn, remarks=rest), [said_of(one, self._limits.calendar, time.time()) for one in own]

    async def remarks(self, turn: Turn, held: Held | None, choice: Choice) -> list[str]:
        """Return the remark on the last picture of a period; tell the owners what the hold left for all."""
        terms = self.terms(turn, choice)
        if held is None and turn.attempts:
            # An earlier process held for it.
            held = await self._store.books.held(turn.id)
        if held is None:
            return []
        if held.percent is not None and held.percent >= LEVELS[-1]:
            await self._tell(await self._store.books.bounds(0, 0, terms))
        payer = turn.asker or turn.author
        if held.room is not None and held.room < 0:
            left = (await self._store.books.sums(Scope.PERSON, [payer.id])).get(payer.id, Amounts())
            return [f"{CREDIT}:{left.credits}"]
        if held.room != 0:
            return []
        key = (await self._store.conversations.by_id(turn.conversation_id)).key
        bounds = await self._store.books.bounds(payer.id, min(key.chat_id, 0), terms)
        # A new period may have begun since the hold, or another place may have been given back.
        return [last_remark(bounds[0])] if bounds and bounds[0].room == 0 else []

    async def refused(self, bound: Bound) -> None:
        """Note that a limit had no room."""
        if bound.scope is Scope.TOTAL:
            await self._tell([bound], used_up=True)

    async def _tell(self, bounds: Iterable[Bound], *, used_up: bool = False) -> None:
        for bound in bounds:
            percent = 100 if used_up else bound.used * 100 // bound.most if bound.most else 100
            level = next((one for one in LEVELS if percent >= one), None)
            if level is None or (bound.period, level) in self._told:
                continue
            self._told.add((bound.period, level))
            if await self._store.books.claim_notice(f"{level} % in {bound.period}"):
                limit = {f"{_period(bound)}_{'micro_usd' if bound.in_dollars else 'pictures'}": bound.most}
                self._notify(f"owner-limit-{level}", limits=str(Allowance(**limit)))
