"""A conversation for models without history: earlier wishes folded into one prompt.

Imports ``base`` and ``storage.records``. Pure. The prompt is for a model, not for people, so it is always English.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from bot.providers.base import Request
from storage.records import MediaRef

SHAPE_CHARS = 50
"""Letters reserved for the shape of the picture, which some models only understand as words."""


def fold(request: Request) -> str:
    """Return one prompt with the earlier wishes, oldest first, and the new one."""
    lines = _lines(request.earlier_wishes)
    system = [request.options.system] if request.options.system else []
    if not lines:
        return "\n\n".join([*system, request.wish])
    if request.current is not None:
        heading = "The first picture is the result of these earlier wishes. They are done; keep what they made:"
    else:
        heading = "Earlier wishes in this conversation, oldest first:"
    return "\n\n".join([*system, "\n".join([heading, *lines]), f"The wish to carry out now: {request.wish}"])


def carried(request: Request, most_chars: int) -> tuple[Request, int]:
    """Return a request without the earlier wishes that exceed ``most_chars``, and the number of those.

    The oldest are dropped first. The new wish is never cut.
    """
    wishes = [wish for wish in request.earlier_wishes if wish.strip()]
    # The letters around the lines: those of a prompt with one short line, without that line.
    left = most_chars - SHAPE_CHARS - len(fold(replace(request, earlier_wishes=("-",)))) + len("\n- -")
    lengths = [len(line) + len("\n") for line in _lines(wishes)]
    kept = sum(1 for used in accumulate(reversed(lengths)) if used <= left)
    return replace(request, earlier_wishes=tuple(wishes[len(wishes) - kept :])), len(wishes) - kept


def _lines(wishes: Sequence[str]) -> list[str]:
    return [f"- {' '.join(wish.split())}" for wish in wishes if wish.strip()]


def is_own_shape(ratio: str, picture: MediaRef, known: Sequence[str]) -> bool:
    """Return whether a ratio is the known one nearest to a picture's shape, so that it need not be asked for."""

    def distance(one: str) -> float:
        across, down = map(float, one.split(":"))
        return abs(math.log(picture.width_px * down / (picture.height_px * across)))

    return ratio == min(known, key=distance, default="")


def turn_pictures(request: Request) -> tuple[MediaRef, ...]:
    """Return the pictures of the turn: first the edited one, then the new ones, each once."""
    every = ([request.current] if request.current else []) + list(request.pictures)
    return tuple({picture.sha256: picture for picture in every}.values())
