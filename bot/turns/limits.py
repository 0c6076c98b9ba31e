"""What a call may cost, and what people and owners hear of the limits.

Imports ``access``, ``choice``, ``hooks``, ``providers`` and ``storage``. Nobody is surprised: the last picture of a
period comes with a remark that says when the next ones may be made, and the owners hear when 80 % and 100 % of the
limit for all are used up, once over all processes.
"""

from __future__ import annotations

import math
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from bot.access.limits import Calendar, in_micro_usd
from bot.providers.base import Provider
from bot.providers.catalog import expected_usd
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.hooks import NotifyOwners
from storage.books.values import Allowance, Amounts, Bound, Held, Listened, Scope, Terms
from storage.records import Json, Outcome, Turn
from storage.store import Store

LAST, CREDIT = "limit-last", "limit-credit"
"""The remarks on a call that held the last place of a period, or pictures that were bought. What is said of them is
read from the books once the answer is stored: a hold may have been given back."""

LEVELS = (100, 80)
"""Of which percentages of the limit for all the owners hear."""

MINUTE_S, HOUR_S, DAY_S = 60, 3600, 24 * 3600

REGIONS = frozenset(
    ("Africa", "America", "Antarctica", "Arctic", "Asia", "Atlantic", "Australia", "Europe", "Indian", "Pacific")
)
"""Time zones of these regions end with the name of a city (data.iana.org/time-zones/theory.html, "Timezone names")."""


def about(bound: Bound) -> str:
    """Return whose limit it is and its period, as in the keys of sentences: ``person-day``."""
    scope = Scope.GROUP if bound.scope is Scope.ADMINS else bound.scope
    return f"{scope.value}-{_period(bound)}"


def renewal(bound: Bound, calendar: Calendar, at: float) -> Json:
    """Return the part of a sentence that says when a limit begins anew, and with how many pictures."""
    if bound.in_dollars:
        return {"key": f"limit-anew-{_period(bound)}", **_when(bound, calendar, at)}
    return {"key": f"limit-more-{_period(bound)}", "count": bound.most, **_when(bound, calendar, at)}


def renewal_of_rest(bound: Bound, calendar: Calendar, at: float) -> Json | None:
    """Return the part that says when a limit begins anew of which something is used; None where nothing is."""
    if bound.used <= 0 or bound.most <= 0:
        return None
    if bound.used >= bound.most:
        return renewal(bound, calendar, at)
    return {"key": f"left-anew-{_period(bound)}", **_when(bound, calendar, at)}


def _when(bound: Bound, calendar: Calendar, at: float) -> Json:
    unit, count = _wait(calendar.end_of(bound.period) - at)
    wait: Json = {"wait": {"key": f"limit-wait-{unit}", "count": count}}
    return {"zone": _zone(calendar.zone), **wait} if bound.is_daily else wait


def _zone(name: str) -> Json | str:
    """Return a time zone as people call it: by its city, else by its name, such as UTC."""
    region, _, place = name.partition("/")
    return {"key": "limit-zone-city", "city": place.split("/")[-1].replace("_", " ")} if region in REGIONS else name


def _period(bound: Bound) -> str:
    return "day" if bound.is_daily else "month"


def _wait(seconds: float) -> tuple[str, int]:
    """Return a time in a unit that says enough. Days and minutes are rounded up, so that nobody comes back too early.

    Up to a midnight that is how many days the calendar counts. Hours are said as "about".
    """
    if seconds > 2 * DAY_S:
        return "days", math.ceil(seconds / DAY_S)
    if seconds > HOUR_S:
        return "hours", round(seconds / HOUR_S)
    return "minutes", max(math.ceil(seconds / MINUTE_S), 1)


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
        self._told: set[str] = set()

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
            # An operator who writes 0 says that a picture costs nothing: that is a price, too.
            is_free = not {"", outcome.provider}.isdisjoint(self._limits.prices)
            return replace(outcome, cost_micro_usd=each * len(outcome.shown) if each or is_free else None)
        return outcome

    def terms(self, turn: Turn, choice: Choice) -> Terms:
        """Return the terms under which a call for a turn is held now."""
        payer = turn.asker or turn.author
        return self._limits.terms(payer.id, time.time(), self.expected_micro_usd(choice, turn.options.get("size", "")))

    async def remarks(self, turn: Turn, held: Held | None, choice: Choice) -> list[str]:
        """Return the remark on a hold that people should hear of; tell the owners what it left for all."""
        if held is None and turn.attempts:
            # An earlier process held for it.
            held = await self._store.books.held(turn.id)
        if held is None:
            return []
        if held.percent is not None and held.percent >= LEVELS[-1]:
            await self._tell(await self._store.books.bounds(0, 0, self.terms(turn, choice)))
        if held.room is None or held.room > 0:
            return []
        return [CREDIT if held.room < 0 else LAST]

    async def used_up(self, turns: Sequence[Turn], choice: Choice) -> list[tuple[str, Json]]:
        """Return what to say of the places that a stored batch used: keys with values, none if nothing ran out."""
        drawn = [turn for turn in turns if turn.shown]
        if not drawn or not any(remark.startswith((LAST, CREDIT)) for turn in turns for remark in turn.remarks):
            return []
        turn, books = drawn[0], self._store.books
        payer = turn.asker or turn.author
        left = (await books.sums(Scope.PERSON, [payer.id])).get(payer.id, Amounts()).credits
        if paid := await books.paid_for([one.id for one in drawn]):
            partly: Json = {"count": left, "paid": paid}
            said = (CREDIT, {"count": left}) if paid == len(drawn) else ("limit-credit-partly", partly)
            return [said] if left > 0 or not self._limits.packs else [said, ("limit-credit-more", {})]
        chat_id = (await self._store.conversations.by_id(turn.conversation_id)).key.chat_id
        bounds = await books.bounds(payer.id, min(chat_id, 0), self.terms(turn, choice))
        # A new period may have begun since the hold, or a place may have been given back.
        if not bounds or bounds[0].room != 0:
            return []
        last: tuple[str, Json] = (
            f"{LAST}-{about(bounds[0])}",
            {"renews": renewal(bounds[0], self._limits.calendar, time.time())},
        )
        return [last, ("limit-credit-next", {"count": left})] if left > 0 else [last]

    async def no_room(self, person_id: int, chat_id: int) -> tuple[str, Json] | None:
        """Return what to say where nothing paid may begin for a person, key and values; None where there is room.

        ``chat_id``: of the group where they ask; above zero or 0 in private.
        """
        now = time.time()
        bounds = await self._store.books.bounds(person_id, min(chat_id, 0), self._limits.terms(person_id, now))
        if not bounds or bounds[0].room != 0:
            return None
        bought = await self._store.books.sums(Scope.PERSON, [person_id])
        if bought.get(person_id, Amounts()).credits > 0:
            day = self._limits.calendar.day(now)
            if await self._store.books.may_pay(person_id, day):
                return None
            bounds = [replace(bounds[0], period=day, in_dollars=True, most=max(bounds[0].most, 1))]
        if not bounds[0].most:
            # Nothing ever begins anew.
            return "limit-unheard-none", {}
        return "limit-unheard", {"renews": renewal(bounds[0], self._limits.calendar, now)}

    def listened(self, person_id: int, chat_id: int, cost_usd: Decimal | None) -> Listened:
        """Return what is booked for a recording that was listened to; 0 where its price is not known."""
        known = None if self._policy.offline else cost_usd
        return Listened(
            person_id=person_id,
            chat_id=min(chat_id, 0),
            day=self._limits.calendar.day(time.time()),
            micro_usd=0 if known is None else in_micro_usd(known),
        )

    @property
    def sells(self) -> bool:
        """Whether people can buy pictures."""
        return bool(self._limits.packs)

    async def refused(self, bound: Bound) -> None:
        """Note that a limit had no room."""
        if bound.scope is Scope.TOTAL:
            await self._tell([bound], used_up=True)

    async def _tell(self, bounds: Iterable[Bound], *, used_up: bool = False) -> None:
        for bound in bounds:
            percent = 100 if used_up else bound.used * 100 // bound.most if bound.most else 100
            level = next((one for one in LEVELS if percent >= one), None)
            kind = f"{_period(bound)}_{'micro_usd' if bound.in_dollars else 'pictures'}"
            limit = str(Allowance(**{kind: bound.most}))
            # With the limit: an operator who changes it hears of the new one, also in a period that heard of the old.
            notice = f"{level} % of {limit} in {bound.period}"
            if level is None or notice in self._told:
                continue
            self._told.add(notice)
            if await self._store.books.claim_notice(notice):
                self._notify(f"owner-limit-{level}", limits=limit)
