"""``/limit``: admins lower the limit of their group, owners set that of one person or group; and what limits allow.

Imports ``access``, ``context``, ``granted``, ``group_rules``, ``response``, ``texts``, ``turns`` and ``storage``. A
limit is stored and holds at once in all processes, because each call reads it when it begins.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from bot.access.limits import Limits, NoLimits, read_limits
from bot.chat.commands.context import CommandContext, verb
from bot.chat.commands.group_rules import GroupRules
from bot.chat.guests.granted import group_bounds
from bot.chat.response import Response, respond, respond_lines
from bot.texts import decimal, say
from bot.turns.limits import about, renewal_of_rest
from storage.books.values import UNLIMITED, Allowance, Bound, Scope
from storage.store import Store

NUMBERED = re.compile(r"(?P<id>-?\d{1,18})(?:\s+(?P<limits>.+))?", re.DOTALL | re.ASCII)
"""What owners write: the number of a person or a group, and a limit. No number of Telegram has 19 digits."""

DEFAULT = "default"
MICRO = 1_000_000


class LimitCommands:
    """The verb of ``/limit``. ``limits``: those of the settings, with the owners."""

    def __init__(self, store: Store, rules: GroupRules, limits: Limits) -> None:
        self._books = store.books
        self._people = store.people
        self._rules = rules
        self._limits = limits

    @verb("limit")
    async def limit(self, context: CommandContext) -> Response:
        """Show or change the limit of this group; for owners in private, that of one person or group."""
        if not context.private:
            return await self._of_group(context)
        if context.author.id not in self._limits.owners:
            return respond("limit-in-groups")
        match = NUMBERED.fullmatch(context.value.strip())
        if match is not None:
            # Entries of nobody in particular have the number 0.
            one = int(match["id"])
            return await self._of_one(context.language, one, match["limits"] or "") if one else respond("limit-zero")
        if context.passed_on is None:
            return respond("limit-owner-how")
        if not context.passed_on.id:
            return respond("guest-hidden")
        return await self._of_one(context.language, context.passed_on.id, context.value)

    async def _of_one(self, language: str, subject_id: int, wanted: str) -> Response:
        """Change the limit of a person or a group, if another one is ``wanted``, and say it."""
        scope = Scope.PERSON if subject_id > 0 else Scope.GROUP
        try:
            if wanted.strip():
                allowance = None if wanted.strip().lower() == DEFAULT else read_limits(wanted)
                await self._books.allow(scope, subject_id, allowance)
        except NoLimits:
            return respond("limit-unreadable")
        name = await self._people.name(subject_id)
        who = say(language, "guest-named", name=name, id=str(subject_id)) if name else str(subject_id)
        allowance = await self._books.allowed(scope, subject_id)
        key = "limit-of-one-default" if allowance is None else "limit-of-one"
        if allowance is None:
            allowance = self._limits.allowances.person if scope is Scope.PERSON else self._limits.allowances.group
        if allowance == UNLIMITED:
            return respond(f"{key}-none", who=who)
        return respond(key, who=who, limits=str(allowance))

    async def _of_group(self, context: CommandContext) -> Response:
        """Let an admin lower the limit of the group: what the operator allows it counts besides."""
        chat_id = context.recipient.key.chat_id
        if context.value:
            try:
                allowance = read_limits(context.value)
            except NoLimits:
                return respond("limit-unreadable")
            if not await self._rules.may_change(chat_id, context.author.id):
                return respond("limit-admins-only")
            await self._books.allow(Scope.ADMINS, chat_id, None if allowance == UNLIMITED else allowance)
        chosen = await self._books.allowed(Scope.ADMINS, chat_id)
        stored = await self._books.allowed(Scope.GROUP, chat_id)
        by_owner = str(self._limits.allowances.group if stored is None else stored)
        bounds = await group_bounds(self._books, self._limits, chat_id)
        return respond_lines(
            _chosen(context.language, chosen),
            *([say(context.language, "limit-here-owner", limits=by_owner)] if by_owner else []),
            *left(context.language, bounds, self._limits),
            say(context.language, "limit-here-how"),
        )


def _chosen(language: str, chosen: Allowance | None) -> str:
    return say(language, "limit-here", limits=str(chosen)) if chosen else say(language, "limit-here-none")


def left(language: str, bounds: Sequence[Bound], limits: Limits) -> list[str]:
    """Return a line for each limit with what is left of it, and from when there is more.

    Of two limits for the same the line is about the one with less.
    """
    found: dict[tuple[str, bool], Bound] = {}
    for bound in bounds:
        what = (about(bound), bound.in_dollars)
        if what not in found or bound.most - bound.used < found[what].most - found[what].used:
            found[what] = bound
    return [_left(language, bound, limits) for bound in found.values()]


def _left(language: str, bound: Bound, limits: Limits) -> str:
    line = say(language, f"left-{about(bound)}", left=_amount(bound))
    renews = renewal_of_rest(bound, limits.calendar, time.time())
    return say(language, "left-renews", left=line, renews=renews) if renews else line


def _amount(bound: Bound) -> dict[str, object]:
    """Return what is left of a limit, as a part of a sentence."""
    rest = max(bound.most - bound.used, 0)
    if bound.in_dollars:
        return {"key": "left-dollars", "dollars": decimal(rest / MICRO, 2), "most": decimal(bound.most / MICRO, 2)}
    return {"key": "left-pictures", "count": rest, "most": str(bound.most)}
