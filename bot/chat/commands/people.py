"""Commands for owners, in private: who uses the bot, and who may.

Imports ``access``, ``context``, ``decisions``, ``response``, ``keyboards``, ``split``, ``texts`` and ``storage``.
For others these commands do not exist, and their buttons, which only a changed client can press, do nothing: see
``dispatch``.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from dataclasses import replace

from bot.access.limits import Limits
from bot.chat.commands.context import CommandContext, verb
from bot.chat.guests.decisions import Decisions
from bot.chat.response import DONE, Response, Rewording, Sentence, Words, respond
from bot.chat.send import keyboards
from bot.chat.send.split import shorten
from bot.texts import decimal, say
from storage.books.values import UNLIMITED, Allowance, Amounts, Scope
from storage.guests.values import Person, Spending, Standing
from storage.store import Store

ON_A_PAGE = 8
NUMBER = re.compile(r"-?\d{1,18}", re.ASCII)
"""The number of a person or a group. No number of Telegram has 19 digits."""

BUTTON_NAME = 20
"""Letters of a name on a button."""

DECIDES = {
    "admit": Standing.ADMITTED,
    "unblock": Standing.ADMITTED,
    "refuse": Standing.REFUSED,
    "block": Standing.BLOCKED,
}
"""The standing that a command or button gives to a guest."""


class PeopleCommands:
    """Verbs for the owners alone."""

    def __init__(self, store: Store, decisions: Decisions, limits: Limits) -> None:
        self._store = store
        self._decisions = decisions
        self._limits = limits
        self._owner_ids = limits.owners

    @verb("people")
    async def people(self, context: CommandContext) -> Response:
        """List who used the bot or asked to, newest first, with a button for each."""
        return await self._page(context, keyboards.guest_in(context.value).page or 0)

    @verb(*DECIDES)
    async def decide(self, context: CommandContext) -> Response:
        """Let a person or a group in, or keep them out."""
        response = await (self._pressed(context) if context.message_id is not None else self._commanded(context))
        if DECIDES[context.name] is not Standing.BLOCKED:
            return response
        guest_id = self._meant(context)
        return replace(response, parts=(*response.parts, *await self._credit_of(guest_id))) if guest_id else response

    def _meant(self, context: CommandContext) -> int | None:
        """Return whom a command or a button is about."""
        if context.message_id is not None:
            return keyboards.guest_in(context.value).guest_id
        return _number(context.value) or (context.passed_on.id if context.passed_on else None)

    async def _credit_of(self, guest_id: int) -> list[Sentence]:
        """Return what somebody who is blocked has paid for and not got, and how to give it back."""
        left = (await self._store.books.sums(Scope.PERSON, [guest_id])).get(guest_id, Amounts()).credits
        if left <= 0:
            return []
        payments = [one for one in await self._store.purchases.of(guest_id) if one.taken is None]
        name = await self._store.people.name(guest_id) or str(guest_id)
        ways = "\n".join(f"/refund {one.charge_id}" for one in payments)
        return [Sentence(key="blocked-with-credit", values={"name": name, "count": left, "ways": ways})]

    async def _pressed(self, context: CommandContext) -> Response:
        guest_id, page = keyboards.guest_in(context.value)
        if guest_id is None or guest_id in self._owner_ids:
            return DONE
        standing = DECIDES[context.name]
        # Of the owners who were asked the first decides. Whoever sees the decision may change it.
        name = await self._store.people.name(guest_id) if page is not None else ""
        undecided = page is None and context.name != "unblock"
        decided = await self._decisions.decide(guest_id, standing, context.author, name=name, undecided=undecided)
        shown = await self._page(context, page) if page is not None else DONE
        return replace(shown, wakes=decided.keys) if decided else shown

    async def _commanded(self, context: CommandContext) -> Response:
        number, about = _number(context.value), context.passed_on
        if number is None and about is not None and not about.id:
            return respond("guest-hidden")
        guest_id = self._meant(context)
        if guest_id is None:
            return respond("guest-how", name=context.name)
        if guest_id in self._owner_ids:
            return respond("guest-is-owner")
        known = (await self._store.guests.of(guest_id)).get(guest_id)
        name = (known.name if known else "") or (about.name if about else await self._store.people.name(guest_id))
        if context.name == "unblock" and (known is None or known.standing is not Standing.BLOCKED):
            return respond("guest-not-blocked", name=name or str(guest_id), id=str(guest_id))
        decided = await self._decisions.decide(guest_id, DECIDES[context.name], context.author, name=name)
        values = {"id": str(guest_id), "by": context.author.name}
        key = f"decision-{DECIDES[context.name]}" if name else f"stranger-{DECIDES[context.name]}"
        response = respond(key, **values, **({"name": name} if name else {}))
        return replace(response, wakes=decided.keys) if decided else response

    async def _page(self, context: CommandContext, page: int) -> Response:
        """Return a page of the list, to be shown in the message whose button was pressed."""
        today, start = self._limits.calendar.day(time.time()), page * ON_A_PAGE
        found = await self._store.people.page(today=today, start=start, most=ON_A_PAGE + 1)
        language = context.language
        people = {start + place: person for place, person in enumerate(found[:ON_A_PAGE], 1)}
        lines = [say(language, "people" if people else "people-none")]
        lines += [self._line(language, number, person) for number, person in people.items()]
        sold = (await self._store.books.sums(Scope.TOTAL, [0])).get(0, Amounts())
        if sold.stars or sold.credits:
            lines.append(say(language, "people-sold", stars=sold.stars, count=sold.credits))
        keyboard = keyboards.people(language, self._offered(people), page, more=len(found) > ON_A_PAGE)
        text = "\n\n".join(lines)
        if context.message_id is None:
            return Response(parts=(Words(text=text, keyboard=keyboard),))
        return Response(parts=(Rewording(message_id=context.message_id, text=text, keyboard=keyboard),))

    def _line(self, language: str, number: int, person: Person) -> str:
        """Return who somebody is, what was decided, which limit holds, and what was spent."""
        marks = [say(language, f"people-{person.standing}")] if person.standing else []
        if limits := str(self._allowance(person)):
            marks.append(say(language, "people-limit", limits=limits))
        if person.stars or person.credits:
            marks.append(say(language, "people-bought", stars=person.stars, count=person.credits))
        mark = "".join(f" · {one}" for one in marks)
        today, month = _spent(language, person.today), _spent(language, person.month)
        named = {"name": _short(person), "id": str(person.id), "mark": mark}
        return say(language, "people-line", number=number, **named, today=today, month=month)

    def _allowance(self, person: Person) -> Allowance:
        if person.id in self._owner_ids:
            return UNLIMITED
        by_settings = self._limits.allowances.person if person.id > 0 else self._limits.allowances.group
        return by_settings if person.allowance is None else person.allowance

    def _offered(self, people: Mapping[int, Person]) -> list[tuple[str, int, str]]:
        """Return action, id and name of the buttons: none for an owner, two for somebody who asked or was refused."""
        offered = []
        for number, person in people.items():
            may_be_let_in = person.standing in (Standing.ASKED, Standing.REFUSED)
            if person.id in self._owner_ids:
                continue
            blocked = person.standing is Standing.BLOCKED
            actions = ("admit", "block") if may_be_let_in else ("unblock",) if blocked else ("block",)
            offered += [(action, person.id, f"{number}. {_short(person, BUTTON_NAME)}") for action in actions]
        return offered


def _number(written: str) -> int | None:
    """Return a number that an owner typed; None for anything else, such as a phone number with its plus."""
    return (int(written) or None) if NUMBER.fullmatch(written := written.strip()) else None


def _spent(language: str, spent: Spending) -> str:
    dollars = decimal(spent.cost_micro_usd / 1_000_000, 2)
    return say(language, "people-spent", pictures=spent.pictures, dollars=dollars)


def _short(person: Person, letters: int = 60) -> str:
    return shorten(person.name, letters) or str(person.id)
