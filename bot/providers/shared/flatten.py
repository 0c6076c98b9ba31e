"""A conversation for providers that keep none: earlier wishes folded into one prompt.

May import: ``base``. Pure. The folded text goes to a model, never to a person, so it is English in
every language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate

from bot.providers.base import Request
from storage.records import MediaRef

SHAPE_CHARS = 50
"""Letters that are left free where the shape of the picture may have to be said in words."""


def fold(request: Request) -> str:
    """Return one prompt of the earlier wishes, oldest first, and the present one."""
    lines = _lines(request.earlier_wishes)
    system = [request.options.system] if request.options.system else []
    if not lines:
        return "\n\n".join([*system, request.wish])
    if request.current is not None:
        told = "The first picture is the result of these earlier wishes. They are done; keep what they made:"
    else:
        told = "Earlier wishes in this conversation, oldest first:"
    return "\n\n".join([*system, "\n".join([told, *lines]), f"The wish to carry out now: {request.wish}"])


def carried(request: Request, most_chars: int) -> tuple[Request, int]:
    """Return a request with those earlier wishes for which a prompt has room, and how many there is none for.

    The oldest go first. The present wish is never cut.
    """
    wishes = [wish for wish in request.earlier_wishes if wish.strip()]
    # All that stands around the lines: what a line of one letter adds, but for that line.
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
    """Return the pictures that the turn is about: the one being edited first, then the new ones, none twice."""
    every = ([request.current] if request.current else []) + list(request.pictures)
    return tuple({picture.sha256: picture for picture in every}.values())
