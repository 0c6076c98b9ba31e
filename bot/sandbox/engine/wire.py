"""The Gemini form of a request and an answer: reads, checks, composes. It knows nothing of what a wish means.

Imports Pillow and ``models``. The error texts are those that clients of the real service report
(ai.google.dev/gemini-api/docs/troubleshooting). Both base64 alphabets are read, since Google's own client sends the
URL-safe one.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from pillow_heif import register_heif_opener

from bot.sandbox.engine.models import Model

register_heif_opener()

# Larger pictures are refused by Pillow as decompression bombs; the limit keeps the engine's memory bounded.
MAX_PIXELS = 40_000_000
INPUT_MIMES = frozenset({"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"})
# No secret: it protects nothing. It is fixed so that signatures stay valid after a restart.
_SIGNER = b"pentimento-sandbox/1"


@dataclass(slots=True)
class ApiError(Exception):
    """An answer that is an error: HTTP code, Google's status word, text and details."""

    code: int
    status: str
    message: str
    details: list[dict[str, Any]] = field(default_factory=list)

    def body(self) -> dict[str, Any]:
        """Return Google's error body."""
        error: dict[str, Any] = {"code": self.code, "message": self.message, "status": self.status}
        return {"error": error | ({"details": self.details} if self.details else {})}


def invalid(message: str, details: list[dict[str, Any]] | None = None) -> ApiError:
    """Make a 400 INVALID_ARGUMENT."""
    return ApiError(400, "INVALID_ARGUMENT", message, details or [])


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One content: the words of its parts joined by newlines, and its pictures' encoded bytes in order."""

    role: str
    text: str
    pictures: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A checked request."""

    turns: tuple[Turn, ...]
    ratio: str | None = None
    size: str | None = None
    words: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the engine answers: words, and encoded pictures as (MIME type, bytes)."""

    text: str
    pictures: tuple[tuple[str, bytes], ...] = ()


def load(body: bytes) -> Any:
    """Parse JSON and bring its names into camelCase; Google's clients send both. Raises: ValueError."""

    def camel(message: dict[str, Any]) -> dict[str, Any]:
        return {re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name): value for name, value in message.items()}

    return json.loads(body, object_hook=camel)


def read_request(body: bytes, model: Model) -> Asked:
    """Parse and check a ``generateContent`` body. Raises: ``ApiError`` with the text that Google would send."""
    try:
        root = _object(load(body))
    except ValueError:
        raise invalid("Invalid JSON payload received. Unexpected token.") from None
    config = _object(root.get("generationConfig") or {})
    image = _object(config.get("imageConfig") or {})
    ratio, size = image.get("aspectRatio"), image.get("imageSize")
    _one_of(ratio, model.ratios, "aspect_ratio")
    _one_of(size, model.sizes, "image_size")
    contents = root.get("contents") or []
    turns = tuple(_turn(_object(content), index, model) for index, content in enumerate(contents))
    if not turns:
        raise invalid("* GenerateContentRequest.contents: contents is not specified\n")
    if turns[-1].role != "user":
        raise invalid("Please ensure that multiturn requests end with a user role or a function response.")
    words = "TEXT" in (config.get("responseModalities") or ("TEXT",))
    return Asked(turns=turns, ratio=ratio, size=size, words=words)


def _turn(content: dict[str, Any], index: int, model: Model) -> Turn:
    role = content.get("role") or "user"
    if role not in {"user", "model"}:
        raise invalid("Please use a valid role: user, model.")
    if not content.get("parts"):
        raise invalid(f"* GenerateContentRequest.contents[{index}].parts: contents.parts must not be empty.\n")
    words: list[str] = []
    pictures: list[bytes] = []
    for position, part in enumerate(map(_object, content["parts"])):
        place = f"content position {index + 1}, part position {position + 1}"
        if blob := part.get("inlineData"):
            pictures.append(_picture(_object(blob)))
        elif isinstance(part.get("text"), str):
            words.append(part["text"])
        else:
            raise invalid(f"The offline engine takes text and inlineData only: {place}.")
        if role == "model" and model.signs:
            given = part.get("thoughtSignature")
            if blob and not given:
                raise invalid(f"Image part is missing a thought_signature in {place}.")
            payload = pictures[-1] if blob else words[-1].encode()
            if given and decode_base64(str(given)) != decode_base64(_signature(payload)):
                raise invalid("Corrupted thought signature.")
    return Turn(role=role, text="\n".join(words), pictures=tuple(pictures))


def _object(raw: Any) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise invalid("Invalid value (Map), expected an object.")
    return raw


def _one_of(value: Any, known: Iterable[str], name: str) -> None:
    if value is not None and value not in known:
        choice = ", ".join(f"'{item}'" for item in known) or "none: this model takes no such setting"
        raise invalid(f"Invalid value for {name}: '{value}'. Supported values are: {choice}.")


def _picture(blob: dict[str, Any]) -> bytes:
    if blob.get("mimeType") not in INPUT_MIMES:
        raise invalid(f"Unsupported MIME type: {blob.get('mimeType')}")
    data = decode_base64(str(blob.get("data") or "")) or b""
    try:
        with Image.open(io.BytesIO(data)) as image:
            if image.width * image.height > MAX_PIXELS:
                raise ValueError
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise invalid("Unable to process input image. Please retry or report in the troubleshooting guide.") from None
    return data


def decode_base64(text: str) -> bytes | None:
    """Decode either alphabet, padded or not. None: not base64."""
    plain = text.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _signature(payload: bytes) -> str:
    """Return the ``thoughtSignature`` of a part. It is as long as real ones, so that the bot stores that much."""
    return base64.b64encode(hashlib.shake_256(_SIGNER + payload).digest(350)).decode()


def answer(said: Said, asked: Asked, model: Model) -> dict[str, Any]:
    """Compose the answer's JSON: text first, then the pictures, signed where the model signs."""
    parts: list[tuple[dict[str, Any], bytes]] = []
    if said.text and (asked.words or not said.pictures):
        parts.append(({"text": said.text}, said.text.encode()))
    for mime, data in said.pictures:
        parts.append(({"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}, data))
    signed = [part | ({"thoughtSignature": _signature(payload)} if model.signs else {}) for part, payload in parts]
    candidate = {"content": {"parts": signed, "role": "model"}, "finishReason": "STOP"}
    return _composed(candidate, asked, model, said)


def refusal(asked: Asked, model: Model) -> dict[str, Any]:
    """Compose the answer of a picture filter: no content, a finish reason and its explanation."""
    message = (
        "Unable to show the generated image. The image was filtered out because it violated Google's Generative AI "
        "Prohibited Use policy. You will not be charged for blocked images. Try rephrasing the prompt."
    )
    candidate = {"content": {}, "finishReason": "IMAGE_SAFETY", "finishMessage": message}
    return _composed(candidate, asked, model, Said(text=""))


def _composed(candidate: dict[str, Any], asked: Asked, model: Model, said: Said) -> dict[str, Any]:
    words = sum(len(turn.text) // 4 + 1 for turn in asked.turns)
    seen = sum(len(turn.pictures) for turn in asked.turns) * model.input_tokens
    spoken, drawn = len(said.text) // 4, len(said.pictures) * model.output_tokens
    usage = {
        "promptTokenCount": words + seen,
        "candidatesTokenCount": spoken + drawn,
        "totalTokenCount": words + seen + spoken + drawn + model.thought_tokens,
        "promptTokensDetails": [{"modality": kind, "tokenCount": n} for kind, n in (("TEXT", words), ("IMAGE", seen))],
        "candidatesTokensDetails": [{"modality": "IMAGE", "tokenCount": drawn}],
        "thoughtsTokenCount": model.thought_tokens,
    }
    about = {"usageMetadata": usage, "modelVersion": model.name, "responseId": uuid.uuid4().hex[:22]}
    return {"candidates": [candidate | {"index": 0}], **about}
