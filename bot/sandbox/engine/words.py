"""The small words around a wish: strength, direction, colours, places, sizes, and words that carry nothing.

Imports nothing of ours. Held apart from the parser so that it reads as grammar.
"""

from __future__ import annotations

import re


def bag(text: str) -> frozenset[str]:
    """Return the words of ``text``."""
    return frozenset(text.split())


SAME = {
    "color": "colour", "colors": "colours", "colored": "coloured", "gray": "grey", "grayscale": "greyscale",
    "watercolor": "watercolour", "center": "centre", "centered": "centre", "middle": "centre", "aquarelle":
    "watercolour", "violett": "violet", "colorful": "colourful", "colorize": "colourize", "golden-hour": "golden hour",
    "above": "top", "below": "bottom", "anticlockwise": "counterclockwise",
    "counter-clockwise": "counterclockwise", "pic": "picture",
    "foto": "photo", "colour's": "colours", "grayish": "grey",
    "yellowish": "yellow", "reddish": "red", "bluish": "blue", "greenish": "green", "aqua": "cyan", "lilac": "violet",
    "reds": "red", "blues": "blue", "greens": "green", "yellows": "yellow", "oranges": "orange", "fuchsia": "magenta",
}  # fmt: skip

STRENGTH = {
    0.5: "bit little slightly slight touch tad somewhat subtle subtly gently gentle lightly mild mildly thin hint "
    "softly faint faintly barely small narrow",
    1.7: "much lot lots very really strong strongly heavy heavily far way thick big intensely highly deep deeply hard "
    "considerably significantly massively clearly wide huge seriously quite",
    2.5: "extremely super ultra insanely maximum max totally completely extreme",
}
FACTORS = {word: factor for factor, words in STRENGTH.items() for word in words.split()}

UP = bag("more increase raise boost stronger strengthen intensify crank further up higher add")
DOWN = bag("less reduce decrease lower lessen lessened fewer weaker down too weaken soften")
AWAY = bag("remove without undo no erase delete off revert cancel away drop")

PLACES = bag("top bottom left right centre corner")

EMPTY = bag(
    "a an the it its it's this that these those them they me my your our i we you please pls plz "
    "kindly can could would "
    "will should want wanna need like likes love to too so of on in into at as for from by with and or then now also "
    "just some any all make makes made making turn turned change changed convert transform give put set get let apply "
    "use do does add be is are was were has have look looks looking feel appear become becomes photo photos picture "
    "pictures image images pic photograph snapshot shot version effect filter style styled mode one ones thing there "
    "here if not im i'm id i'd let's lets go try maybe perhaps kind sort really thanks thank hey hello hi ok okay "
    "place insert include whole entire everything level levels amount value percent percents px pixels "
    "pixel degrees degree deg whole out "
    "first finally next keep other rest same time bring something seem seems little bit touch who which when using "
    "only background- letters lettering colour coloured colours written drawn painted painting drawing light"
)

_TEXT_SIZES = {"big": "large", "large": "large", "huge": "large", "giant": "large", "small": "small", "tiny": "small"}


def text_size(tokens: list[str]) -> str | None:
    """Return ``large`` or ``small`` where the words name a size for letters."""
    return next((_TEXT_SIZES[token] for token in tokens if token in _TEXT_SIZES), None)


_PLACE_WORDS = {"upper": "top", "lower": "bottom"}


def place(tokens: list[str]) -> str | None:
    """Return a place such as ``top``, ``bottom-right`` or ``centre``."""
    words = {_PLACE_WORDS.get(token, token) for token in tokens}
    upright = next((word for word in ("top", "bottom") if word in words), None)
    side = next((word for word in ("left", "right") if word in words), None)
    if "corner" in words:
        return f"{upright or 'bottom'}-{side or 'right'}"
    if upright and side:
        return f"{upright}-{side}"
    return upright or ("centre" if "centre" in words else side)


def factor(tokens: list[str]) -> float:
    """Return how strongly the words ask: 0.5, 1, 1.7 or 2.5. A diminutive wins: "a little bit" is little."""
    found = [FACTORS[token] for token in tokens if token in FACTORS]
    return min(found) if found and min(found) < 1 else max(found, default=1.0)


def percent(clause: str) -> float | None:
    """Return the percentage that a clause names."""
    match = re.search(r"(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent)", clause)
    return float(match[1].replace(",", ".")) if match else None
