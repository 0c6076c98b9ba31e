"""Which turns of a conversation are old: those from which nothing young goes on. Imports nothing; pure."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import NamedTuple


class Branch(NamedTuple):
    """A turn: its id, its parent, and the first of its batch. A turn has a greater id than its parent."""

    id: int
    parent_id: int | None
    batch_id: int | None


def old_branches(turns: Sequence[Branch], until: int, held: Collection[int] = ()) -> list[Branch]:
    """Return the turns from which no turn with an id of ``until`` or more goes on, and whose batch is old, too.

    Each turn comes before its parent, so that whatever number of them is deleted, a turn that stays has its parent. The
    branch that was left first comes first. ``held``: turns from which another conversation goes on.
    """
    newest = {turn.id: until if turn.id in held else turn.id for turn in turns}
    batches: dict[int, list[int]] = {}
    for turn in turns:
        if turn.batch_id is not None:
            batches.setdefault(turn.batch_id, []).append(turn.id)
    while True:
        before = dict(newest)
        # From the youngest to the oldest, so that a turn is complete before its parent asks for it.
        for turn in sorted(turns, reverse=True):
            if turn.parent_id in newest:
                newest[turn.parent_id] = max(newest[turn.parent_id], newest[turn.id])
        for members in batches.values():
            newest |= dict.fromkeys(members, max(newest[one] for one in members))
        if newest == before:
            break
    old = [turn for turn in turns if newest[turn.id] < until]
    return sorted(old, key=lambda turn: (newest[turn.id], -turn.id))
