"""Text on pictures: the bundled typeface, the characters that it can show, and text cut to a width.

Imports Pillow and the standard library. Inter (SIL Open Font License, in this folder) has Latin, Greek and Cyrillic.
Other scripts use an installed font of the system; characters without a font are left out.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from PIL import ImageFont

_FONTS = Path(__file__).parent / "fonts"
_OF_THE_SYSTEM = (
    Path("/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc"),
    Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc"),
    Path("/usr/share/fonts/truetype/droid/DroidSansFallbackFull.ttf"),
)
_MISSING = "\U0010fffd"
_ENOUGH = 0.7


@lru_cache(maxsize=64)
def font(px: int, *, bold: bool = False, path: Path | None = None) -> ImageFont.FreeTypeFont:
    """Return the typeface at a size in pixels."""
    return ImageFont.truetype(path or _FONTS / f"Inter-{'SemiBold' if bold else 'Regular'}.ttf", px)


def lettering(text: str, px: int, *, bold: bool = False) -> tuple[str, ImageFont.FreeTypeFont]:
    """Return the displayable part of ``text`` on one line, maybe empty, and its font."""
    words = " ".join(text.split())
    for path in (None, *(path for path in _OF_THE_SYSTEM if path.exists())):
        shown = "".join(char for char in words if char == " " or _has(path, char))
        letters = sum(char.isalnum() for char in words)
        if sum(char.isalnum() for char in shown) >= _ENOUGH * letters:
            return " ".join(shown.split()), font(px, bold=bold, path=path)
    return "", font(px, bold=bold)


def wrapped(text: str, face: ImageFont.FreeTypeFont, width_px: int, most_lines: int) -> list[str]:
    """Break ``text`` at spaces into lines of at most ``width_px``; longer text ends in an ellipsis."""
    lines: list[str] = []
    rest = text
    while rest and len(lines) < most_lines:
        taken = _fitting(rest, face, width_px)
        if taken < len(rest) and len(lines) == most_lines - 1:
            shorter = _fitting(rest, face, width_px - int(face.getlength("…")))
            lines.append(rest[:shorter].rstrip(" ,.;:-") + "…")
            break
        if taken < len(rest) and " " in rest[: taken + 1]:
            taken = rest[: taken + 1].rindex(" ") or taken
        lines.append(rest[:taken].strip())
        rest = rest[taken:].lstrip()
    return lines


def balanced(text: str, face: ImageFont.FreeTypeFont, width_px: int, most_lines: int) -> list[str]:
    """Break ``text`` like ``wrapped``, with lines as equally long as their number allows."""
    lines = wrapped(text, face, width_px, most_lines)
    if len(lines) < 2 or lines[-1].endswith("…"):
        return lines
    low, high = width_px // len(lines), width_px
    while low < high:
        middle = (low + high) // 2
        tried = wrapped(text, face, middle, len(lines))
        low, high = (low, middle) if not tried[-1].endswith("…") else (middle + 1, high)
    return wrapped(text, face, high, len(lines))


def _fitting(text: str, face: ImageFont.FreeTypeFont, width_px: int) -> int:
    """Return how many characters fit, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if face.getlength(text[:middle]) <= width_px else (low, middle - 1)
    return low


@lru_cache(maxsize=4096)
def _has(path: Path | None, char: str) -> bool:
    face = font(24, path=path)
    return bytes(face.getmask(char)) != bytes(face.getmask(_MISSING))
