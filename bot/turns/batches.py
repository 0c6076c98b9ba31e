"""Batches: versions of a wish that share calls, and which picture belongs to which turn.

Imports ``providers.base`` and ``storage``. Pure. The answer to a shared call belongs to several turns. Each turn is
answered in a transaction of its own; after a crash in between, the rest of them still share the raw answer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.providers.base import Content, Result, Usage
from storage.records import Turn

Shared = Mapping[int, Collection[int]]
"""The turns that share a raw answer, by the turn with which it is stored."""


def groups_of(waiting: Sequence[Turn], arrived: Shared, most: int) -> list[list[Turn]]:
    """Return the turns of a batch grouped by shared calls, in order.

    Turns whose answer arrived are grouped by that answer, the rest by ``most`` pictures of one call.
    """
    groups, rest = [], list(waiting)
    for keeper, sharers in arrived.items():
        group = [turn for turn in rest if turn.id == keeper or turn.id in sharers]
        rest = [turn for turn in rest if turn not in group]
        groups.append(group)
    groups += [rest[start : start + most] for start in range(0, len(rest), max(most, 1))]
    return [group for group in groups if group]


def shares_of(result: Result, times: int) -> list[Result]:
    """Return the shares of ``times`` turns in a result: one picture each, until there are no more.

    A single turn gets all of it. The words go with the first picture, the cost is divided evenly, and extra pictures
    go to the last turn.
    """
    if times <= 1:
        return [result]
    count = min(times, len(result.pictures))
    return [_share(result, number, count) for number in range(count)]


def _share(result: Result, number: int, count: int) -> Result:
    own = result.pictures[number : None if number == count - 1 else number + 1]
    return replace(
        result,
        content=_content(result, own, first=number == 0),
        text=result.text if number == 0 else "",
        pictures=own,
        usage=_part_of(result.usage, number, count),
    )


def _content(result: Result, own: Sequence[object], *, first: bool) -> Content:
    """Return the parts with these pictures; the first share also gets all words."""
    parts = []
    for part in result.content.get("parts") or []:
        inline = part.get("inlineData")
        data = inline.get("data") if isinstance(inline, dict) else None
        if any(data is picture for picture in own) or (first and data is None):
            parts.append(part)
    return {**result.content, "parts": parts}


def _part_of(usage: Usage, number: int, count: int) -> Usage:
    """Return a share of the usage; the first share gets the remainder."""

    def tokens(whole: int) -> int:
        return whole // count + (whole % count if number == 0 else 0)

    return Usage(
        input_tokens=tokens(usage.input_tokens),
        text_tokens=tokens(usage.text_tokens),
        image_tokens=tokens(usage.image_tokens),
        cost_usd=None if usage.cost_usd is None else usage.cost_usd / count,
    )
