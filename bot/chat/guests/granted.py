"""Says how much a person or a group may use, before a limit is met. Imports ``access``, ``texts`` and ``storage``."""

from __future__ import annotations

import time

from bot.access.limits import MICRO, Limits
from bot.texts import decimal, say
from storage.books.books import Books
from storage.books.values import Bound, Scope


async def group_bounds(books: Books, limits: Limits, chat_id: int) -> list[Bound]:
    """Return the limits of a group as a whole, and their use."""
    found = await books.bounds(0, chat_id, limits.terms(0, time.time()))
    return [one for one in found if one.scope in (Scope.GROUP, Scope.ADMINS)]


async def granted(language: str, books: Books, limits: Limits, subject_id: int) -> list[str]:
    """Return the line that says how much a person or a group may use; none where there is no limit."""
    if subject_id < 0:
        found = await group_bounds(books, limits, subject_id)
    else:
        bounds = await books.bounds(subject_id, 0, limits.terms(subject_id, time.time()))
        found = [one for one in bounds if one.scope is Scope.PERSON]
    if any(one.most == 0 for one in found):
        # A limit of nothing is nothing to promise.
        return [say(language, "granted-none-sold")] if limits.packs else []
    lowest: dict[tuple[bool, bool], Bound] = {}
    for one in sorted(found, key=lambda bound: bound.most, reverse=True):
        lowest[not one.is_daily, one.in_dollars] = one
    amounts = ", ".join(_granted(language, one) for _, one in sorted(lowest.items(), key=lambda item: item[0]))
    key = "granted-group" if subject_id < 0 else "granted-person"
    return [say(language, key, limits=amounts)] if amounts else []


def _granted(language: str, bound: Bound) -> str:
    period = "day" if bound.is_daily else "month"
    if bound.in_dollars:
        return say(language, f"granted-dollars-{period}", dollars=decimal(bound.most / MICRO, 2))
    return say(language, f"granted-pictures-{period}", count=bound.most)
