"""The shape of an answer: that of the picture which is changed, the one chosen for new pictures, or a wish's own.

May import ``contents`` and ``storage.records``. Pure. Without a shape a model takes that of its input, "or otherwise
generates 1:1 squares" (ai.google.dev/gemini-api/docs/image-generation, Aspect ratios): of several pictures in a
conversation nobody knows which one it follows. So the shape of the one that is changed goes along, as the nearest that
the model makes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.turns.request.contents import Composed
from storage.records import MediaRef, Turn

CHOSEN, NEXT, OWN = "ratio", "ratio_next", "ratio_own"
"""Where a shape stands among settings and options: the one of new pictures, of the next wish, of this very one."""

RATIO = re.compile(r"([1-9]\d?):([1-9]\d?)")

_SHAPES = re.compile(
    # A ratio, a size in pixels, then words that speak of the frame in the bot's languages. One too many does no harm:
    # then the model decides, as it does where nothing is said.
    r"\b\d{1,2}\s?[:x×]\s?\d{1,2}\b|\b\d{3,5}\s?[x×]\s?\d{3,5}\b"  # noqa: RUF001
    r"|\b(?:aspect|ratio|square|portrait|landscape|wide|wider|widescreen|tall|taller|panoram\w*|vertical\w*"
    r"|horizontal\w*|crop\w*|extend\w*|expand\w*|outpaint\w*|uncrop\w*|banner|wallpaper|poster|cover|story|stories"
    r"|rotate\w*|zoom out|side by side|beside|collage|grid|border|margins?)\b"
    r"|\b(?:format|seitenverhältnis\w*|quadrat\w*|hochformat\w*|querformat\w*|hochkant|breit\w*|höher|zuschneid\w*"
    r"|erweiter\w*|dreh\w*|hintergrundbild|plakat|nebeneinander|neben|collage|rand)\b"
    r"|\b(?:formato|proporci\w*|proporç\w*|cuadrad\w*|quadrad\w*|apaisad\w*|retrato|paisaje|paisagem|anch[oa]s?|larg[oa]s?"
    r"|recort\w*|ampl[ií]\w*|estend\w*|extiend\w*|gir(?:a|e|ar|ado|ada)|fondo de pantalla|papel de parede|cartel"
    r"|portada|capa|lado|mosaico|borde|borda|margen|margem)\b"
    r"|(?:формат|соотношени|квадрат|портретн|альбомн|вертикальн|горизонтальн|широк|шире|выше|обре[зж]|кадрир|расшир"  # noqa: RUF001
    r"|панорам|поверн|обои|баннер|постер|обложк|сторис|рядом|коллаж|рамк)\w*"
    r"|比例|画幅|方形|正方|横版|竖版|横屏|竖屏|横向|纵向|竖向|宽|裁剪|裁切|扩展|扩图|延伸|全景|旋转|壁纸|海报|横幅|封面|并排|拼图|拼接|边框",
    re.IGNORECASE,
)


def ratio_of(written: str) -> float | None:
    """Return the width of a shape such as ``"16:9"`` by its height, None where it is none."""
    found = RATIO.fullmatch(written)
    return int(found[1]) / int(found[2]) if found else None


def nearest(ratio: float, known: Sequence[str]) -> str | None:
    """Return the known shape that is nearest to a ratio of width to height, None where none is known."""
    able = [(written, value) for written in known if (value := ratio_of(written))]
    return min(able, key=lambda one: abs(math.log(one[1] / ratio)))[0] if able else None


def speaks_of_shape(words: str) -> bool:
    """Return whether a wish says something of the frame, so that the model has to decide on it."""
    return _SHAPES.search(words) is not None


def asked_shape(options: Mapping[str, Any], *, changes: bool) -> str | None:
    """Return the shape that somebody chose for an answer: a new picture's, or one that ``changes`` another."""
    own = options.get(OWN) or (None if changes else options.get(CHOSEN))
    return own if isinstance(own, str) and ratio_of(own) else None


def options_of(settings: Mapping[str, Any], own: str) -> dict[str, Any]:
    """Return what is chosen for a wish: the conversation's settings, and the shape that this wish alone shall have."""
    own = own or settings.get(NEXT) or ""
    return {**without_next(settings), OWN: own} if own else without_next(settings)


def without_next(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings without the shape of a next wish, which was taken."""
    return {name: value for name, value in settings.items() if name != NEXT}


def changed_picture(turn: Turn, composed: Composed) -> MediaRef | None:
    """Return the picture that a wish changes: the current one, or the only one that it brings; None for a new one."""
    brought = [picture.media for picture in turn.pictures if not picture.name]
    return composed.current or (brought[0] if len(brought) == 1 else None)


def shape_for(turn: Turn, composed: Composed, known: Sequence[str], *, follows: bool = False) -> str | None:
    """Return the shape to ask a model for that makes the ``known`` ones, None where it decides.

    ``follows``: it gets no history, and so has but the picture that is changed to go by.
    """
    changed = changed_picture(turn, composed)
    asked = asked_shape(turn.options, changes=changed is not None)
    if asked is not None and OWN in turn.options:
        return nearest(ratio_of(asked) or 1.0, known)
    if asked is not None:
        return asked if asked in known else None
    if changed is None or follows or speaks_of_shape(composed.wish):
        return None
    return nearest(changed.width_px / changed.height_px, known)
