"""A conversation for providers that keep none: earlier wishes folded into one prompt.

May import: ``base`` and ``limits``. Pure. The folded text goes to a model, never to a person, so it is English in
every language.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

from bot.providers.base import Content, Picture, Request
from bot.providers.limits import turn_pictures

# Earlier wishes explain the present one; beyond a page they only drown it, and prompts are limited in length.
_EARLIER_CHARS = 2000


def fold(request: Request, *, with_system: bool = True) -> str:
    """Return one prompt of the earlier wishes (the newest that fit, oldest first) and the present one."""
    system = [request.options.system] if with_system and request.options.system else []
    earlier = _fitting(request.earlier_wishes)
    if not earlier:
        return "\n\n".join([*system, request.wish])
    if request.current is not None:
        told = "The first picture is the result of these earlier wishes. They are done; keep what they made:"
    else:
        told = "Earlier wishes in this conversation, oldest first:"
    listed = "\n".join([told, *(f"- {wish}" for wish in earlier)])
    return "\n\n".join([*system, listed, f"The wish to carry out now: {request.wish}"])


def _fitting(wishes: tuple[str, ...]) -> list[str]:
    kept: list[str] = []
    room = _EARLIER_CHARS
    for wish in reversed(wishes):
        line = " ".join(wish.split())
        if not line:
            continue
        room -= len(line)
        if room < 0:
            break
        kept.append(line)
    return kept[::-1]


def is_own_shape(ratio: str, picture: Picture, known: Sequence[str]) -> bool:
    """Tell whether a ratio is the one of ``known`` that a picture comes nearest to, so that nobody need ask for it."""

    def distance(one: str) -> float:
        across, down = map(float, one.split(":"))
        return abs(math.log(picture.width_px * down / (picture.height_px * across)))

    return ratio == min(known, key=distance, default="")


def single_turn(request: Request) -> Content:
    """Return the whole conversation as one user turn: the turn's pictures, then the folded words."""
    pictures = [{"inlineData": {"mimeType": p.mime, "data": p}} for p in turn_pictures(request)]
    return {"role": "user", "parts": [*pictures, {"text": fold(request, with_system=False)}]}
