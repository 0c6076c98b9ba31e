"""What the people of a torture do, drawn from a seed: the same seed gives the same acts, whatever is killed.

Imports the standard library only. Each wish carries a tag like ``[c3-7]``, by which the test finds it everywhere.
"""

from __future__ import annotations

import random
import re
from dataclasses import dataclass

TAG = re.compile(r"\[(c\d+-\d+[a-z]?)\]")

KINDS = (
    *("text",) * 6,
    *("photo", "loose", "album", "branch", "undo", "again", "double", "burst"),
    *("photo", "album", "branch", "undo", "redo", "again", "cancel", "new"),
)
"""The kinds of acts, each as often as it should happen."""


@dataclass(frozen=True)
class Act:
    """One thing that a person does. ``tag`` names the wish; ``count`` is of pictures, or of wishes in a burst."""

    kind: str
    tag: str
    count: int = 1


def acts_of(seed: str, number: int, length: int) -> list[Act]:
    """Return the acts of one conversation; the last one asks for a picture that shows the whole history."""
    dice = random.Random(f"{seed}/{number}")
    acts = [Act("text", f"c{number}-1")]
    while len(acts) < length:
        kind = dice.choice(KINDS)
        if kind == "redo" and acts[-1].kind != "undo":
            continue
        count = {"album": 2, "burst": 3}.get(kind, 1)
        acts.append(Act(kind, f"c{number}-{len(acts) + 1}", count))
    return [*acts, Act("text", f"c{number}-{len(acts) + 1}")]


def updates_of(acts: list[Act]) -> int:
    """Return how many updates these acts make at least."""
    each = {"loose": 2, "double": 2, "cancel": 2}
    return sum(act.count if act.kind in ("album", "burst") else each.get(act.kind, 1) for act in acts)
