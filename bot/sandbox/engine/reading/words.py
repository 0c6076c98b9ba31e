"""The small words around a wish: strength, direction, places, sizes, and words that carry nothing.

Imports the standard library only. Held apart from the parser so that it reads as grammar.
"""

from __future__ import annotations

import re


def bag(text: str) -> frozenset[str]:
    """Return the words of ``text``."""
    return frozenset(text.split())


SAME = {
    "color": "colour", "colors": "colours", "colored": "coloured", "colorful": "colourful", "gray": "grey",
    "grayscale": "greyscale", "center": "centre", "centered": "centre", "middle": "centre", "above": "top",
    "below": "bottom", "anticlockwise": "counterclockwise", "counter-clockwise": "counterclockwise",
}  # fmt: skip
_STRENGTH = {
    0.5: "bit little slightly slight touch tad somewhat subtle subtly gently gentle lightly mild mildly thin hint "
    "softly faint faintly barely small narrow",
    1.7: "much lot lots very really strong strongly heavy heavily far way thick big intensely highly deep deeply hard "
    "considerably significantly massively clearly wide huge seriously quite",
    2.5: "extremely super ultra insanely maximum max totally completely extreme",
}
FACTORS = {word: factor for factor, words in _STRENGTH.items() for word in words.split()}

UP = bag("more increase raise boost stronger strengthen intensify crank further up higher add")
DOWN = bag("less reduce decrease lower lessen lessened fewer weaker down too weaken soften")
AWAY = bag("remove without undo no erase delete off revert cancel away drop")
PLACES = bag("top bottom left right centre corner")
SIZES = {"big": "large", "large": "large", "huge": "large", "giant": "large", "small": "small", "tiny": "small"}

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
    "together two second"
)


def place(tokens: list[str]) -> str | None:
    """Return a place such as ``top``, ``bottom-right`` or ``centre``."""
    named = {{"upper": "top", "lower": "bottom"}.get(token, token) for token in tokens}
    upright = next((word for word in ("top", "bottom") if word in named), None)
    side = next((word for word in ("left", "right") if word in tokens), None)
    if "corner" in tokens:
        return f"{upright or 'bottom'}-{side or 'right'}"
    if upright and side:
        return f"{upright}-{side}"
    return upright or ("centre" if "centre" in tokens else side)


def factor(tokens: list[str]) -> float:
    """Return how strongly the words ask: 0.5, 1, 1.7 or 2.5. A diminutive wins: "a little bit" is little."""
    found = [FACTORS[token] for token in tokens if token in FACTORS]
    return min(found) if found and min(found) < 1 else max(found, default=1.0)


def percent(clause: str) -> float | None:
    """Return the percentage that a clause names."""
    match = re.search(r"(\d+(?:[.,]\d+)?)\s*(?:%|per ?cent)", clause)
    return float(match[1].replace(",", ".")) if match else None
