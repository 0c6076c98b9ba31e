"""``/limit``: admins lower the limit of their group, owners set that of one person or group; and what limits leave.

Imports ``access``, ``context``, ``group_rules``, ``response``, ``texts``, ``turns`` and ``storage``. A limit is
stored and holds at once in all processes, because each call reads it when it begins.
"""

from __future__ import annotations

import re
import time
from collections.abc import Sequence

from bot.access.limits import Limits, NoLimits, read_limits
from bot.chat.commands.context import CommandContext, verb
from bot.chat.commands.group_rules import GroupRules
from bot.chat.response import Response, respond, respond_lines, whisper
from bot.texts import decimal, say
from bot.turns.limits import about
from storage.books.books import Books
from storage.books.values import UNLIMITED, Allowance, Bound, Scope

NUMBERED = re.compile(r"(?P<id>-?\d{1,18})(?:\s+(?P<limits>.+))?", re.DOTALL | re.ASCII)
"""What owners write: the number of a person or a group, and a limit. No number of Telegram has 19 digits."""

DEFAULT = "default"
MICRO = 1_000_000


class LimitCommands:
    """The verb of ``/limit``. ``limits``: those of the settings, with the owners."""

    def __init__(self, books: Books, rules: GroupRules, limits: Limits) -> None:
        self._books = books
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
            return await self._of_one(int(match["id"]), match["limits"] or "")
        if context.passed_on is None:
            return respond("limit-owner-how")
        if not context.passed_on.id:
            return respond("guest-hidden")
        return await self._of_one(context.passed_on.id, context.value)

    async def _of_one(self, subject_id: int, wanted: str) -> Response:
        """Change the limit of a person or a group, if another one is ``wanted``, and say it."""
        scope = Scope.PERSON if subject_id > 0 else Scope.GROUP
        try:
            if wanted.strip():
                allowance = None if wanted.strip().lower() == DEFAULT else read_limits(wanted)
                await self._books.allow(scope, subject_id, allowance)
        except NoLimits:
            return respond("limit-unreadable")
        allowance = await self._books.allowed(scope, subject_id)
        if allowance is None:
            return respond("limit-of-one-default", id=str(subject_id))
        if allowance == UNLIMITED:
            return respond("limit-of-one-none", id=str(subject_id))
        return respond("limit-of-one", id=str(subject_id), limits=str(allowance))

    async def _of_group(self, context: CommandContext) -> Response:
        """Let an admin lower the limit of the group: what the operator allows it counts besides."""
        chat_id = context.recipient.key.chat_id
        if context.value:
            try:
                allowance = read_limits(context.value)
            except NoLimits:
                return respond("limit-unreadable")
            if not await self._rules.may_change(chat_id, context.author.id):
                return whisper("limit-admins-only")
            await self._books.allow(Scope.ADMINS, chat_id, None if allowance == UNLIMITED else allowance)
        chosen = await self._books.allowed(Scope.ADMINS, chat_id)
        stored = await self._books.allowed(Scope.GROUP, chat_id)
        by_owner = str(self._limits.allowances.group if stored is None else stored)
        terms = self._limits.terms(0, time.time())
        found = await self._books.bounds(0, chat_id, terms)
        bounds = [one for one in found if one.scope in (Scope.GROUP, Scope.ADMINS)]
        return respond_lines(
            _chosen(context.language, chosen),
            *([say(context.language, "limit-here-owner", limits=by_owner)] if by_owner else []),
            *left(context.language, bounds),
            say(context.language, "limit-here-how"),
        )


def _chosen(language: str, chosen: Allowance | None) -> str:
    return say(language, "limit-here", limits=str(chosen)) if chosen else say(language, "limit-here-none")


def left(language: str, bounds: Sequence[Bound]) -> list[str]:
    """Return a line for each limit with what is left of it; of two for the same, the one with less."""
    found: dict[tuple[str, bool], Bound] = {}
    for bound in bounds:
        what = (about(bound), bound.in_dollars)
        if what not in found or bound.most - bound.used < found[what].most - found[what].used:
            found[what] = bound
    return [say(language, f"left-{about(bound)}", left=_amount(bound)) for bound in found.values()]


def _amount(bound: Bound) -> dict[str, object]:
    """Return what is left of a limit, as a part of a sentence."""
    rest = max(bound.most - bound.used, 0)
    if bound.in_dollars:
        return {"key": "left-dollars", "dollars": decimal(rest / MICRO, 2), "most": decimal(bound.most / MICRO, 2)}
    return {"key": "left-pictures", "count": rest, "most": str(bound.most)}
