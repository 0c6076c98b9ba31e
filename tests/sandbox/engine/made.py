"""Pictures, contents and requests made for tests of the offline engine."""

from __future__ import annotations

import base64
import io
from typing import Any

import numpy as np
from PIL import Image

from bot.sandbox.engine.steps import Step

MODEL = "gemini-2.5-flash-image"
SIGNING = "gemini-3-pro-image"


def photo(width: int = 240, height: int = 160) -> Image.Image:
    """A picture with a sky, a red disc, green ground and fine texture."""
    y, x = np.mgrid[0:height, 0:width].astype(np.float32)
    u, v = x / max(1, width - 1), y / max(1, height - 1)
    red = 0.45 + 0.25 * v
    green = 0.62 + 0.1 * u - 0.15 * v
    blue = 0.92 - 0.35 * v
    pixels = np.stack([red, green, blue], axis=2)
    ground = v > 0.55
    pixels[ground] = np.stack([0.25 + 0.2 * u, 0.45 + 0.1 * v, 0.18 + 0 * u], axis=2)[ground]
    disc = (u - 0.35) ** 2 + ((v - 0.6) * height / width) ** 2 < 0.02
    pixels[disc] = (0.85, 0.12, 0.1)
    random = np.random.default_rng(1)
    pixels += random.normal(0, 0.03, pixels.shape)
    return Image.fromarray((np.clip(pixels, 0, 1) * 255).astype(np.uint8))


def encoded(image: Image.Image, kind: str = "PNG") -> bytes:
    """The picture's bytes."""
    out = io.BytesIO()
    image.save(out, kind)
    return out.getvalue()


def decoded(data: bytes) -> Image.Image:
    """The picture of some bytes."""
    return Image.open(io.BytesIO(data)).convert("RGB")


def pixels(image: Image.Image) -> np.ndarray:
    """The picture as floats 0..1."""
    return np.asarray(image, dtype=np.float64) / 255


def picture_part(data: bytes, mime: str = "image/png") -> dict[str, Any]:
    """A user's picture as a part."""
    return {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}


def user(*parts: str | dict[str, Any]) -> dict[str, Any]:
    """A user content of texts and parts."""
    return {"role": "user", "parts": [{"text": part} if isinstance(part, str) else part for part in parts]}


def asking(*contents: dict[str, Any], **config: Any) -> dict[str, Any]:
    """A request body."""
    return {"contents": list(contents)} | ({"generationConfig": config} if config else {})


def path(model: str = MODEL, version: str = "v1beta") -> str:
    """Where a model answers."""
    return f"/{version}/models/{model}:generateContent"


def reply(answer: dict[str, Any]) -> tuple[dict[str, Any], str, list[bytes]]:
    """The model's content as it came, its words, and its pictures' bytes."""
    content = answer["candidates"][0]["content"]
    words = " ".join(part["text"] for part in content["parts"] if "text" in part)
    data = [base64.b64decode(part["inlineData"]["data"]) for part in content["parts"] if "inlineData" in part]
    return content, words, data


def line(step: Step | None) -> str:
    """A step as one line: ``text text="Hi" place=top x0.5``."""
    if step is None:
        return "none"
    words = [step.op]
    for key, value in step.args.items():
        if key not in {"prompt", "version"}:
            words.append(f'{key}="{value}"' if key == "text" else f"{key}={value}")
    return " ".join(words) + (f" x{round(step.amount, 2):g}" if round(step.amount, 2) != 1 else "")
