"""The model ids that the offline engine answers to, with the limits of the real ones.

Imports nothing. Pixel sizes and token counts are those that Google documents for each family.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Any

_COMMON = {
    "1:1": (1024, 1024), "2:3": (848, 1264), "3:2": (1264, 848), "3:4": (896, 1200), "4:3": (1200, 896),
    "4:5": (928, 1152), "5:4": (1152, 928), "9:16": (768, 1376), "16:9": (1376, 768), "21:9": (1584, 672),
}  # fmt: skip
_LONG = {"1:4": (512, 2048), "4:1": (2048, 512), "1:8": (384, 3072), "8:1": (3072, 384)}
_FIRST = {
    "1:1": (1024, 1024), "2:3": (832, 1248), "3:2": (1248, 832), "3:4": (864, 1184), "4:3": (1184, 864),
    "4:5": (896, 1152), "5:4": (1152, 896), "9:16": (768, 1344), "16:9": (1344, 768), "21:9": (1536, 672),
}  # fmt: skip
SCALES = {"512": 0.5, "1K": 1.0, "2K": 2.0, "4K": 4.0}


@dataclass(frozen=True, slots=True, kw_only=True)
class Model:
    """One model id. ``ratios`` maps aspect ratios to (width, height) in px at 1K; ``sizes`` are imageSize values."""

    name: str
    title: str
    ratios: dict[str, tuple[int, int]]
    sizes: tuple[str, ...] = ()
    signs: bool = False
    input_tokens: int = 258
    output_tokens: int = 1290
    thought_tokens: int = 0
    window: int = 32_768

    def nearest(self, size: tuple[int, int]) -> str:
        """Return the aspect ratio that is closest to that of ``size``."""
        own = math.log(size[0] / size[1])
        return min(self.ratios, key=lambda name: abs(own - math.log(self.ratios[name][0] / self.ratios[name][1])))

    def entry(self) -> dict[str, Any]:
        """Return the entry of ``GET /models``."""
        return {
            "name": f"models/{self.name}",
            "displayName": f"{self.title} (offline)",
            "description": "Answered by the offline engine of the sandbox, not by an image model.",
            "inputTokenLimit": self.window,
            "outputTokenLimit": 32_768,
            "supportedGenerationMethods": ["generateContent"],
        }


_PLAIN = Model(name="gemini-2.5-flash-image", title="Nano Banana", ratios=_FIRST)
_SIGNING = Model(
    name="gemini-3.1-flash-image", title="Nano Banana 2", ratios=_COMMON | _LONG, sizes=("512", "1K", "2K", "4K"),
    signs=True, input_tokens=1120, output_tokens=1120, thought_tokens=96, window=131_072,
)  # fmt: skip
_PRO = replace(
    _SIGNING, name="gemini-3-pro-image", title="Nano Banana Pro", ratios=_COMMON, sizes=("1K", "2K", "4K"),
    input_tokens=560, window=65_536,
)  # fmt: skip
_LITE = replace(_SIGNING, name="gemini-3.1-flash-lite-image", title="Nano Banana 2 Lite", sizes=("1K",))
_NEWEST = replace(_SIGNING, name="gemini-nano-banana-2.1", title="Nano Banana 2.1", sizes=("1K", "2K", "4K"))
MODELS = {model.name: model for model in (_PLAIN, _PRO, _SIGNING, _LITE, _NEWEST)}
