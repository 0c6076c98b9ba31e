"""The Gemini form of a request and an answer: reads, checks like Google's server does, composes.

May import: the standard library, Pillow and ``signatures`` beside it. It knows nothing of what a wish means.
Accepts camelCase and snake_case and both base64 alphabets; answers camelCase. Error texts follow what clients of the
real service report.
"""

from __future__ import annotations

import base64
import binascii
import io
import json
import re
import uuid
from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from PIL import Image
from pillow_heif import register_heif_opener

from bot.sandbox.engine import signatures
from bot.sandbox.engine.models import Model

register_heif_opener()

# Larger pictures are refused by Pillow as decompression bombs; the limit keeps the engine's memory bounded.
MAX_PIXELS = 40_000_000
LARGE_PIXELS = 1_600_000
INPUT_MIMES = frozenset({"image/png", "image/jpeg", "image/webp", "image/heic", "image/heif"})

_FIELDS = {
    "root": "contents systemInstruction generationConfig safetySettings tools toolConfig cachedContent serviceTier "
    "store labels model continuationToken",
    "content": "role parts",
    "part": "text inlineData fileData functionCall functionResponse toolCall toolResponse executableCode "
    "codeExecutionResult thought thoughtSignature mediaResolution videoMetadata partMetadata",
    "blob": "mimeType data displayName",
    "generationConfig": "responseModalities imageConfig responseFormat thinkingConfig candidateCount maxOutputTokens "
    "temperature topP topK seed stopSequences mediaResolution presencePenalty frequencyPenalty responseMimeType "
    "responseSchema responseJsonSchema responseLogprobs logprobs speechConfig enableEnhancedCivicAnswers",
    "imageConfig": "aspectRatio imageSize",
}
_KNOWN = {name: frozenset(fields.split()) for name, fields in _FIELDS.items()}


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
    seed: int | None = None
    words: bool = True

    @property
    def large(self) -> bool:
        """Tell whether painting this takes much memory: large pictures come in, or one shall come out."""
        return self.size in {"2K", "4K"} or any(
            _pixels(data) > LARGE_PIXELS for turn in self.turns for data in turn.pictures
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What the engine answers: words, and encoded pictures as (MIME type, bytes)."""

    text: str
    pictures: tuple[tuple[str, bytes], ...] = ()


def read_request(body: bytes, model: Model) -> Asked:
    """Parse and check a ``generateContent`` body. Raises: ``ApiError`` with the text that Google would send."""
    try:
        raw = json.loads(body)
    except ValueError:
        raise invalid("Invalid JSON payload received. Unexpected token.") from None
    root = _message(raw, "root", "")
    config = _message(root.get("generationConfig") or {}, "generationConfig", "generation_config")
    image = _message(config.get("imageConfig") or {}, "imageConfig", "generation_config.image_config")
    if int(config.get("candidateCount") or 1) > 1:
        raise invalid("Multiple candidates is not enabled for this model")
    _one_of(image.get("aspectRatio"), model.ratios, "aspect_ratio")
    _one_of(image.get("imageSize"), model.sizes, "image_size")
    if root.get("systemInstruction"):
        _message(root["systemInstruction"], "content", "system_instruction")
    modalities = {str(m).upper() for m in config.get("responseModalities") or ("TEXT", "IMAGE")}
    turns = tuple(_turn(content, index, model) for index, content in enumerate(_listed(root, "contents", "")))
    if not turns:
        raise invalid("* GenerateContentRequest.contents: contents is not specified\n")
    if turns[-1].role != "user":
        raise invalid("Please ensure that multiturn requests end with a user role or a function response.")
    seed = config.get("seed")
    return Asked(
        turns=turns,
        ratio=image.get("aspectRatio"),
        size=image.get("imageSize"),
        seed=abs(int(seed)) if isinstance(seed, int | float) else None,
        words="TEXT" in modalities,
    )


def _turn(raw: Any, index: int, model: Model) -> Turn:
    where = f"contents[{index}]"
    content = _message(raw, "content", where)
    role = content.get("role") or "user"
    if role not in {"user", "model"}:
        raise invalid("Please use a valid role: user, model.")
    parts = _listed(content, "parts", where)
    if not parts:
        raise invalid(f"* GenerateContentRequest.{where}.parts: contents.parts must not be empty.\n")
    words: list[str] = []
    pictures: list[bytes] = []
    for position, raw_part in enumerate(parts):
        at = f"{where}.parts[{position}]"
        part = _message(raw_part, "part", at)
        if part.get("inlineData") is not None:
            data = _picture(part["inlineData"], at)
            if role == "model" and model.signs and not part.get("thought"):
                _check_signature(part, data, index, position)
            pictures.append(data)
        elif isinstance(part.get("text"), str):
            if role == "model" and model.signs and part.get("thoughtSignature"):
                _check_signature(part, part["text"].encode(), index, position)
            if not part.get("thought"):
                words.append(part["text"])
        elif part.get("fileData") is not None:
            raise invalid("Cannot fetch content from the provided URL.")
        elif not part.keys() & {"functionCall", "functionResponse", "thoughtSignature"}:
            text = f"* GenerateContentRequest.{at}.data: required oneof field 'data' must have one initialized field\n"
            raise invalid(text)
    return Turn(role=role, text="\n".join(words), pictures=tuple(pictures))


def _check_signature(part: dict[str, Any], payload: bytes, index: int, position: int) -> None:
    verdict = signatures.verify(part.get("thoughtSignature"), payload)
    if verdict == "missing":
        place = f"content position {index + 1}, part position {position + 1}"
        raise invalid(f"Image part is missing a thought_signature in {place}.")
    if verdict == "corrupted":
        raise invalid("Corrupted thought signature.")
    if verdict == "wrong":
        raise invalid(f"invalid thought signature for content at index {index}")


def _picture(raw: Any, where: str) -> bytes:
    blob = _message(raw, "blob", f"{where}.inline_data")
    mime = str(blob.get("mimeType") or "")
    if mime not in INPUT_MIMES:
        raise invalid(f"Unsupported MIME type: {mime}")
    data = decode_base64(str(blob.get("data") or ""))
    if data is None:
        start = str(blob.get("data"))[:16]
        raise invalid(
            f"Invalid value at '{where}.inline_data.data' (TYPE_BYTES), Base64 decoding failed for \"{start}\""
        )
    try:
        if _pixels(data) > MAX_PIXELS:
            raise ValueError
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        raise invalid("Unable to process input image. Please retry or report in the troubleshooting guide.") from None
    return data


def _pixels(data: bytes) -> int:
    """Return width times height from a picture's header. Raises: OSError, ValueError, SyntaxError."""
    with Image.open(io.BytesIO(data)) as image:
        return image.width * image.height


def decode_base64(text: str) -> bytes | None:
    """Decode either alphabet, padded or not. None: not base64."""
    plain = re.sub(r"\s", "", text).replace("-", "+").replace("_", "/").rstrip("=")
    try:
        return base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except (binascii.Error, ValueError):
        return None


def _message(raw: Any, kind: str, where: str) -> dict[str, Any]:
    if not isinstance(raw, dict):
        raise invalid(f"Invalid value at '{where or 'body'}' (Map), expected an object.")
    message = {}
    for name, value in raw.items():
        camel = re.sub(r"_([a-z0-9])", lambda m: m[1].upper(), name)
        if camel not in _KNOWN[kind]:
            place = f" at '{where}'" if where else ""
            text = f'Invalid JSON payload received. Unknown name "{name}"{place}: Cannot find field.'
            violation = ({"field": where} if where else {}) | {"description": text}
            kinds = "type.googleapis.com/google.rpc.BadRequest"
            raise invalid(text, [{"@type": kinds, "fieldViolations": [violation]}])
        message[camel] = value
    return message


def _listed(message: dict[str, Any], name: str, where: str) -> list[Any]:
    value = message.get(name) or []
    # A lone object is read as a list of one, as proto3 JSON parsers of the service do for contents.
    return value if isinstance(value, list) else [value]


def _one_of(value: Any, known: Iterable[str], name: str) -> None:
    allowed = tuple(known)
    if value is not None and value not in allowed:
        choice = ", ".join(f"'{item}'" for item in allowed) or "none: this model takes no such setting"
        raise invalid(f"Invalid value for {name}: '{value}'. Supported values are: {choice}.")


def answer(said: Said, asked: Asked, model: Model) -> dict[str, Any]:
    """Compose the answer's JSON: text first, then the pictures, signed where the model signs."""
    parts: list[dict[str, Any]] = []
    if said.text and (asked.words or not said.pictures):
        parts.append({"text": said.text} | (signatures.field(said.text.encode()) if model.signs else {}))
    for mime, data in said.pictures:
        part = {"inlineData": {"mimeType": mime, "data": base64.b64encode(data).decode()}}
        parts.append(part | (signatures.field(data) if model.signs else {}))
    return {
        "candidates": [{"content": {"parts": parts, "role": "model"}, "finishReason": "STOP", "index": 0}],
        **_tail(asked, model, text=said.text, images=len(said.pictures)),
    }


def refusal(asked: Asked, model: Model) -> dict[str, Any]:
    """Compose the answer of a picture filter: no content, a finish reason and its explanation."""
    message = (
        "Unable to show the generated image. The image was filtered out because it violated Google's Generative AI "
        "Prohibited Use policy. You will not be charged for blocked images. Try rephrasing the prompt."
    )
    candidate = {"content": {}, "finishReason": "IMAGE_SAFETY", "finishMessage": message, "index": 0}
    return {"candidates": [candidate], **_tail(asked, model, text="", images=0)}


def _tail(asked: Asked, model: Model, *, text: str, images: int) -> dict[str, Any]:
    words = sum(len(turn.text) // 4 + 1 for turn in asked.turns)
    seen = sum(len(turn.pictures) for turn in asked.turns) * model.input_tokens
    spoken, drawn = len(text) // 4, images * model.output_tokens
    details = [("TEXT", words), ("IMAGE", seen)]
    usage: dict[str, Any] = {"promptTokenCount": words + seen, "candidatesTokenCount": spoken + drawn}
    usage["totalTokenCount"] = words + seen + spoken + drawn + model.thought_tokens
    usage["promptTokensDetails"] = [{"modality": kind, "tokenCount": count} for kind, count in details if count]
    if drawn:
        usage["candidatesTokensDetails"] = [{"modality": "IMAGE", "tokenCount": drawn}]
    if model.thought_tokens:
        usage["thoughtsTokenCount"] = model.thought_tokens
    return {"usageMetadata": usage, "modelVersion": model.name, "responseId": uuid.uuid4().hex[:22]}
