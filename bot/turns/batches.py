"""Versions that were asked for side by side and share one call: who shares it, and whose each picture is.

May import ``providers.base`` and ``storage``. Pure. What one call brought belongs to several turns, and each of them is
answered in a transaction of its own; a process that dies in between leaves the answer with those that had none yet.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from bot.providers.base import Content, Result, Usage
from storage.records import Turn

Shared = Mapping[int, Collection[int]]
"""Who shares an answer that arrived, by the turn that keeps it."""


def groups_of(waiting: Sequence[Turn], arrived: Shared, most: int) -> list[list[Turn]]:
    """Return the turns of a set as they share calls, in order.

    Those whose answer arrived go with those that share it; of the rest as many as one call may bring.
    """
    groups, rest = [], list(waiting)
    for keeper, sharers in arrived.items():
        group = [turn for turn in rest if turn.id == keeper or turn.id in sharers]
        rest = [turn for turn in rest if turn not in group]
        groups.append(group)
    groups += [rest[start : start + most] for start in range(0, len(rest), max(most, 1))]
    return [group for group in groups if group]


def shares_of(result: Result, times: int) -> list[Result]:
    """Return what each of so many turns gets of a result: a picture of its own, as far as the pictures go.

    A turn that shares with nobody gets all of it. The words go with the first picture, what it cost is spread evenly,
    and pictures beyond the number asked for stay with the last.
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
    """Return the parts that hold these pictures, behind all words where it is the first share."""
    parts = []
    for part in result.content.get("parts") or []:
        inline = part.get("inlineData")
        data = inline.get("data") if isinstance(inline, dict) else None
        if any(data is picture for picture in own) or (first and data is None):
            parts.append(part)
    return {**result.content, "parts": parts}


def _part_of(usage: Usage, number: int, count: int) -> Usage:
    """Return a share of what was used; what cannot be divided is the first one's."""

    def tokens(whole: int) -> int:
        return whole // count + (whole % count if number == 0 else 0)

    return Usage(
        input_tokens=tokens(usage.input_tokens),
        text_tokens=tokens(usage.text_tokens),
        image_tokens=tokens(usage.image_tokens),
        cost_usd=None if usage.cost_usd is None else usage.cost_usd / count,
    )
