"""The small words around a wish: strength, direction, places, sizes, and the arguments of a step.

Imports ``shapes`` and ``steps``. ``parser`` decides what a wish asks for; this module reads how it is meant.
"""

from __future__ import annotations

import re

from bot.sandbox.engine.edits.shapes import COLOURS
from bot.sandbox.engine.steps import Step


def bag(text: str) -> frozenset[str]:
    """Return the words of ``text``."""
    return frozenset(text.split())


MARK = "\ue000"
"""Stands for a quotation, followed by its number."""

SAME = {
    "color": "colour", "colors": "colours", "colored": "coloured", "colorful": "colourful", "gray": "grey",
    "grayscale": "greyscale", "center": "centre", "centered": "centre", "middle": "centre", "above": "top",
    "below": "bottom", "upper": "top", "anticlockwise": "counterclockwise",
    "counter-clockwise": "counterclockwise",
}  # fmt: skip
_STRENGTH = {
    0.5: "bit little slightly slight touch tad somewhat subtle subtly gently gentle lightly mild mildly thin hint "
    "softly faint faintly barely small narrow",
    1.7: "much lot lots very really strong strongly heavy heavily far way thick big intensely highly deep deeply hard "
    "considerably significantly massively clearly wide huge seriously quite",
    2.5: "extremely super ultra insanely maximum max totally completely extreme",
}
FACTORS = {word: factor for factor, words in _STRENGTH.items() for word in words.split()}
_SIZES = {"big": "large", "large": "large", "huge": "large", "giant": "large", "small": "small", "tiny": "small"}
_PLACES = bag("top bottom left right centre corner")

UP = bag("more increase raise boost stronger strengthen intensify crank further up higher add")
DOWN = bag("less reduce decrease lower lessen lessened fewer weaker down too weaken soften")
AWAY = bag("remove without undo no don't erase delete off revert cancel away drop")
EMPTY = bag(
    "a an the it its it's this that these those them they me my your our i we you please pls plz kindly can could "
    "would will should want wanna need like likes love to too so of on in into at as for from by with and or then now "
    "also just some any all make makes made making turn turned change changed convert transform give put set get let "
    "apply use do does add be is are was were has have look looks looking feel appear become becomes photo photos "
    "picture pictures image images photograph snapshot shot version effect filter style styled mode one ones thing "
    "there here if not im i'm id i'd let's lets go try maybe perhaps kind sort really thanks thank hey hello hi ok "
    "okay place insert include whole entire everything level levels amount value percent percents px pixels pixel "
    "degrees degree deg out first finally next keep other rest same time bring something seem seems touch who which "
    "when using only letters colour coloured colours written drawn painted painting drawing light both combine join "
    "together two second details clockwise counterclockwise half around take tone name show"
)
KNOWN = EMPTY | FACTORS.keys() | _SIZES.keys() | UP | DOWN | AWAY | _PLACES | COLOURS.keys()
TELLING = _SIZES.keys() | COLOURS.keys() | _PLACES


def tokens(clause: str) -> list[str]:
    """Return the words, numbers, ratios and marks of ``clause``, in British spelling."""
    found = re.findall(rf"{MARK}\d+|\d+s\b|\d+\s*[:x/]\s*\d+|\d+(?:[.,]\d+)?|[^\W\d_](?:[\w'-]*\w)?", clause)
    return [SAME.get(token, re.sub(r"\s", "", token)) for token in found]


def unknown(words: list[str]) -> list[str]:
    """Return the words that mean something, but nothing that the engine knows."""
    return [word for word in words if word not in KNOWN and not word[0].isdigit() and word[0] != MARK]


def factor(words: list[str]) -> float:
    """Return how strongly the words ask: 0.5, 1, 1.7 or 2.5. A diminutive wins: "a little bit" is little."""
    found = [FACTORS[word] for word in words if word in FACTORS]
    return min(found) if found and min(found) < 1 else max(found, default=1.0)


def percent(clause: str) -> float | None:
    """Return the percentage that a clause names."""
    match = re.search(r"(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent)", clause)
    return float(match[1].replace(",", ".")) if match else None


def arguments(call: Step, rest: list[str], clause: str, quotes: list[str]) -> dict[str, str]:
    """Read a step's arguments from the words around it; those that its phrase sets are in ``call`` already."""
    named = [token for token in rest if token in COLOURS]
    colour = {"colour": named[0]} if named else {}
    number = re.search(r"\d+(?:\.\d+)?", clause)
    match call.op:
        case "text":
            marks = " ".join(quotes[int(token[1:])] for token in rest if token[0] == MARK)
            size = next((_SIZES[token] for token in rest if token in _SIZES), "")
            found = {"text": marks, "place": _place(rest), **colour, "size": size}
            return {key: value for key, value in found.items() if value}
        case "rotate" if number or not call.args:
            left = re.search(r"\b(?:left|(?:counter|anti)-?clockwise)\b", clause)
            return {"degrees": f"{float(number[0] if number else 90) * (-1 if left else 1):g}"}
        case "crop" if not call.args:
            ratio = re.search(r"(\d{1,2})\s*[:x/]\s*(\d{1,2})", clause)
            return {"ratio": f"{ratio[1]}:{ratio[2]}" if ratio else "1:1"}
        case "resize":
            return _measure(clause)
        case "frame":
            return colour
    return {}


def _place(words: list[str]) -> str:
    """Return a place such as ``top``, ``bottom-right`` or ``centre``; "" where none is named."""
    corner, centre = "corner" in words, "centre" if "centre" in words else ""
    upright = next((word for word in ("top", "bottom") if word in words), "bottom" if corner else "")
    side = next((word for word in ("left", "right") if word in words), "right" if corner else "")
    return f"{upright}-{side}" if upright and side else upright or centre or side


def _measure(clause: str) -> dict[str, str]:
    if match := re.search(r"(\d{2,4})\s*(?:x|by|\*|×)\s*(\d{2,4})", clause):  # noqa: RUF001
        return {"size": f"{match[1]}x{match[2]}"}
    if (share := percent(clause)) is not None:
        return {"scale": f"{share / 100:g}"}
    if match := re.search(r"(\d{2,4})\s*(?:px|pixels?)?", clause):
        return {"width": match[1]}
    return {"scale": "0.5"} if re.search(r"\bhalf\b", clause) else {}
