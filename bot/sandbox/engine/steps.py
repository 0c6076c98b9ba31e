"""What a wish comes down to: a list of steps, and what each of them did. Imports the standard library only."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One operation by name, its strength (1 = as plainly said) and its arguments, all words.

    Names that are no operation on pixels: ``more``, ``less``, ``undo``, ``original`` (about earlier wishes),
    ``like`` (another picture like the current one), ``scene`` (paint a new picture), ``talk`` and ``refuse`` (answered
    in words).
    """

    op: str
    amount: float = 1.0
    args: Mapping[str, str] = field(default_factory=dict)

    def get(self, name: str, default: str = "") -> str:
        """Return an argument."""
        return self.args.get(name, default)

    def times(self, factor: float) -> Step:
        """Return the same step, stronger or weaker."""
        return replace(self, amount=round(max(0.05, min(6.0, self.amount * factor)), 3))


Sizes = tuple[tuple[int, int], ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """What a step did: the sizes of the pictures before and after it, in px, and whether any pixel changed."""

    step: Step
    before: Sizes
    after: Sizes
    changed: bool
