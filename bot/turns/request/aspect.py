"""The shape of an answer: of the changed picture, the one chosen for new pictures, or the wish's own.

Imports ``contents`` and ``storage.records``. Pure. Without a shape a model takes that of its input, "or otherwise
generates 1:1 squares" (ai.google.dev/gemini-api/docs/image-generation, Aspect ratios): with several pictures in a
conversation, which one it follows is undefined. So the request names the shape of the changed picture, or the nearest
one that the model makes.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.turns.request.contents import Composed
from storage.records import INLINE, Json, MediaRef, Turn

CHOSEN, NEXT, OWN = "ratio", "ratio_next", "ratio_own"
"""Names of shapes among settings and options: for new pictures, for the next wish, for this wish."""

LEFT = "left_failed"
"""Among settings: the failed turn that a new start left. The next wish does not take its photos along."""

RATIO = re.compile(r"([1-9]\d?):([1-9]\d?)")

_WRITTEN = re.compile(r"([1-9]\d{0,4})\s*[:/x*\u00d7\u0445\uff1a]\s*([1-9]\d{0,4})", re.IGNORECASE)
_COMMON = ("1:1", "2:3", "3:2", "3:4", "4:3", "4:5", "5:4", "9:16", "16:9", "21:9")
_SAME = 0.02

_SHAPES = re.compile(
    # A ratio, a size in pixels, then words about the frame in the bot's languages. A false match does no harm: then the
    # model decides.
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
    """Return width divided by height of a shape such as ``"16:9"``, None for other text."""
    found = RATIO.fullmatch(written)
    return int(found[1]) / int(found[2]) if found else None


def read_ratio(written: str) -> str:
    """Return a shape as models take it, from what people write: ``"16x9"``, ``"16/9"``, ``"1920 x 1080"``; else ""."""
    found = _WRITTEN.fullmatch(written.strip())
    if found is None:
        return ""
    width, height = int(found[1]), int(found[2])
    # 1366 x 768 is meant as 16:9, too.
    common = next((one for one in _COMMON if abs(math.log((ratio_of(one) or 1) * height / width)) < _SAME), "")
    return common if max(width, height) > 99 else f"{width}:{height}"


def nearest(ratio: float, known: Sequence[str]) -> str | None:
    """Return the known shape nearest to a ratio of width to height, None without known shapes."""
    able = [(written, value) for written in known if (value := ratio_of(written))]
    return min(able, key=lambda one: abs(math.log(one[1] / ratio)))[0] if able else None


def speaks_of_shape(words: str) -> bool:
    """Return whether a wish mentions the frame, so that the model should decide on the shape."""
    return _SHAPES.search(words) is not None


def asked_shape(options: Mapping[str, Any], *, changes: bool) -> str | None:
    """Return the shape chosen for an answer: a new picture, or one that ``changes`` another."""
    own = options.get(OWN) or (None if changes else options.get(CHOSEN))
    return own if isinstance(own, str) and ratio_of(own) else None


def options_of(settings: Mapping[str, Any], own: str, inline: Json | None = None) -> dict[str, Any]:
    """Return the options of a wish: the conversation's settings, its own shape, and where its answer goes."""
    own = own or settings.get(NEXT) or ""
    return without_next(settings) | ({OWN: own} if own else {}) | ({INLINE: inline} if inline is not None else {})


def without_next(settings: Mapping[str, Any]) -> dict[str, Any]:
    """Return settings without what holds for the next wish alone: its shape, and whose photos it leaves."""
    return {name: value for name, value in settings.items() if name not in (NEXT, LEFT)}


def changed_picture(turn: Turn, composed: Composed) -> MediaRef | None:
    """Return the picture that a wish changes: the current one or the only one it brings; None for a new picture.

    Of a picture and its copy with a mark, it is the picture. A wish may name the current one, as in "@hat in red".
    """
    marks = {picture.marks for picture in turn.pictures if picture.marks}
    if meant := [picture.media for picture in turn.pictures if picture.media.sha256 in marks]:
        return meant[0]
    brought = [picture.media for picture in turn.pictures if not picture.name]
    if not brought:
        return composed.target
    return composed.current or (brought[0] if len(brought) == 1 else None)


def shape_for(turn: Turn, composed: Composed, known: Sequence[str], *, follows: bool = False) -> str | None:
    """Return the shape to request, one of ``known``, None to leave it to the model.

    ``follows``: the model keeps the shape of the one picture that it gets.
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
