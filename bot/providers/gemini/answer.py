"""Reads an answer of Gemini or of a relay that speaks its dialect: plain JSON, a JSON array or server-sent events.

Imports ``base``, ``catalog``, ``errors``, ``error_mapping``, ``lenient_json``, ``parts``, ``bulk`` and ``wire``. Makes
no calls but downloads of links. Any level of the input may be null, missing, in snake case or of another type.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any
from urllib.parse import quote_plus

from bot.providers.base import Answer, ModelStatus, Price, Result, Source, Usage
from bot.providers.catalog import image_tokens
from bot.providers.errors import DamagedBody, EmptyBody, NothingReturned, ProviderError
from bot.providers.gemini.errors import (
    BLOCK_NUMBERS,
    FINISH_NUMBERS,
    ORDINARY,
    block_error,
    finish_error,
    gemini_error,
    reason_name,
)
from bot.providers.shared.error_mapping import fault_in, fault_of, parse_json
from bot.providers.shared.lenient_json import read_json
from bot.providers.shared.parts import Fetch, Reading, count_of, pick, read_parts
from bot.providers.wire.bulk import in_thread
from bot.providers.wire.redact import Redactor

_MILLION = Decimal(1_000_000)

_NEVER = datetime.max.replace(tzinfo=UTC).timestamp()
"""Later times have no date in Python."""


async def read_gemini(
    answer: Answer, *, model: str, price: Price, redactor: Redactor, fetch: Fetch, links_in_text: bool
) -> Result:
    """Return the result of ``answer``. Raises: ``ProviderError``."""
    if not 200 <= answer.status < 300:
        raise gemini_error(fault_of(answer, redactor), model=model)
    frames, whole = await in_thread(len(answer.body), _frames, answer, redactor)
    candidate = _merge(frames)
    reading = await read_parts(candidate["parts"], fetch, links_in_text=links_in_text)
    used = _usage(_last(frames, "usageMetadata", "usage_metadata"), len(reading.pictures), model, price)
    if not reading.pictures:
        try:
            _raise_failure(frames, whole, candidate, reading, answer, model, redactor)
        except ProviderError as error:
            error.cost_usd = used.cost_usd
            raise
    return Result(
        content=reading.content,
        text=reading.text,
        pictures=tuple(reading.pictures),
        model=_words(_last(frames, "modelVersion", "model_version")) or model,
        usage=used,
        sources=_sources(candidate["grounding"]),
        status=_status(_last(frames, "modelStatus", "model_status")),
    )


def _raise_failure(
    frames: Sequence[dict[str, Any]],
    whole: bool,
    candidate: dict[str, Any],
    reading: Reading,
    answer: Answer,
    model: str,
    redactor: Redactor,
) -> None:
    """Raise the error of an answer without a picture; return if its words are an answer."""
    for frame in frames:
        fault = fault_in(frame, answer, redactor)
        if fault is not None:
            raise gemini_error(fault, model=model)
    if not whole:
        raise DamagedBody(owner_text="the stream of events is cut off")
    if reading.trouble is not None:
        raise reading.trouble
    feedback = next((f for frame in frames if (f := pick(frame, "promptFeedback", "prompt_feedback"))), None)
    blocked = reason_name(pick(feedback, "blockReason", "block_reason"), BLOCK_NUMBERS)
    if blocked:
        said = _words(pick(feedback, "blockReasonMessage", "block_reason_message"))
        raise block_error(blocked, redactor.excerpt(said))
    reason = candidate["reason"]
    # A model that may use words has explained why it drew nothing.
    if reading.text and (reason in ORDINARY or reason == "NO_IMAGE"):
        return
    if reason in ORDINARY:
        raise NothingReturned(owner_text=f"finishReason {reason or 'missing'}, no parts")
    raise finish_error(reason, redactor.excerpt(candidate["message"] or _categories(candidate) or reading.text))


def _frames(answer: Answer, redactor: Redactor) -> tuple[list[dict[str, Any]], bool]:
    """Return the partial answers in the body, and whether all of them are complete."""
    start = answer.body[:200].lstrip()
    if "event-stream" in answer.content_type or start.startswith((b"data:", b"event:", b":")):
        return _events(answer.body)
    document = parse_json(answer, redactor)
    frames = [frame for frame in (document if isinstance(document, list) else [document]) if isinstance(frame, dict)]
    if not frames:
        raise DamagedBody(owner_text=f"JSON of another kind: {type(document).__name__}")
    return frames, True


def _events(body: bytes) -> tuple[list[dict[str, Any]], bool]:
    frames: list[dict[str, Any]] = []
    whole = True
    text = body.decode("utf-8", "replace").replace("\r\n", "\n").replace("\r", "\n")
    for block in text.split("\n\n"):
        lines = [line[5:].removeprefix(" ") for line in block.split("\n") if line.startswith("data:")]
        data = "\n".join(lines).strip()
        if not data or data == "[DONE]":
            continue
        try:
            frame = read_json(data)
        except ValueError:
            whole = False
            continue
        frames += [entry for entry in (frame if isinstance(frame, list) else [frame]) if isinstance(entry, dict)]
    if not frames:
        raise EmptyBody(owner_text="no events") if whole else DamagedBody(owner_text="no event can be read")
    return frames, whole


def _merge(frames: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Return parts, reasons and sources of the best candidate, joined in order of arrival."""
    merged: dict[int, dict[str, Any]] = {}
    for frame in frames:
        candidates = frame.get("candidates")
        for place, raw in enumerate(candidates if isinstance(candidates, list) else []):
            if not isinstance(raw, dict):
                continue
            empty: dict[str, Any] = {"parts": [], "reason": "", "message": "", "grounding": None, "ratings": []}
            into = merged.setdefault(place, empty)
            parts = pick(raw.get("content"), "parts")
            into["parts"] += _kept(parts, streamed=len(frames) > 1)
            reason = reason_name(pick(raw, "finishReason", "finish_reason"), FINISH_NUMBERS)
            into["reason"] = reason or into["reason"]
            into["message"] = _words(pick(raw, "finishMessage", "finish_message")) or into["message"]
            into["grounding"] = pick(raw, "groundingMetadata", "grounding_metadata") or into["grounding"]
            into["ratings"] = pick(raw, "safetyRatings", "safety_ratings") or into["ratings"]
    blank: dict[str, Any] = {"parts": [], "reason": "", "message": "", "grounding": None, "ratings": []}
    ranked = sorted(merged.items(), key=lambda entry: (not _draws(entry[1]["parts"]), entry[0]))
    return ranked[0][1] if ranked else blank


def _kept(parts: Any, *, streamed: bool) -> list[Any]:
    """Return the parts of a piece, without the empty text that only carries the finish reason of a stream."""
    if not isinstance(parts, list):
        return []
    return [part for part in parts if not (streamed and part == {"text": ""})]


def _draws(parts: Sequence[Any]) -> bool:
    return any(isinstance(part, dict) and ("inlineData" in part or "inline_data" in part) for part in parts)


def _last(frames: Sequence[dict[str, Any]], *names: str) -> Any:
    return next((found for frame in reversed(frames) if (found := pick(frame, *names))), None)


def _words(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _status(node: Any) -> ModelStatus | None:
    """Return the model's status in an answer (ai.google.dev/api/generate-content, ModelStatus)."""
    stage = _words(pick(node, "modelStage", "model_stage")).upper()
    stage = "" if stage == "MODEL_STAGE_UNSPECIFIED" else stage
    ends = _words(pick(node, "retirementTime", "retirement_time"))
    try:
        at = datetime.fromisoformat(ends) if ends else None
        # A time without a zone is UTC, like all of Google's times.
        retires_at = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp() if at else None
    except (ValueError, OverflowError):
        retires_at = None
    if retires_at is not None and not 0 < retires_at < _NEVER:
        retires_at = None
    return ModelStatus(stage=stage, retires_at=retires_at) if stage or retires_at else None


def _categories(candidate: dict[str, Any]) -> str:
    """Return the objections of the safety ratings as text."""
    ratings = candidate["ratings"] if isinstance(candidate["ratings"], list) else []
    names = [_words(r.get("category")) for r in ratings if isinstance(r, dict) and r.get("blocked") is True]
    return ", ".join(name.removeprefix("HARM_CATEGORY_").replace("_", " ").lower() for name in names if name)


def _usage(node: Any, pictures: int, model: str, price: Price) -> Usage:
    """Return tokens by modality. The total is reliable; the details may add up to less."""
    spent_in = count_of(node, "promptTokenCount", "prompt_token_count")
    spent_in += count_of(node, "toolUsePromptTokenCount", "tool_use_prompt_token_count")
    total = count_of(node, "totalTokenCount", "total_token_count")
    thoughts = count_of(node, "thoughtsTokenCount", "thoughts_token_count")
    spent_out = max(total - spent_in, 0) or count_of(node, "candidatesTokenCount", "candidates_token_count") + thoughts
    details = pick(node, "candidatesTokensDetails", "candidates_tokens_details")
    drawn = sum(
        count_of(entry, "tokenCount", "token_count")
        for entry in (details if isinstance(details, list) else [])
        if str(pick(entry, "modality")).upper() in ("IMAGE", "2")
    )
    drawn = min(drawn or pictures * image_tokens(model), spent_out)
    return Usage(
        input_tokens=spent_in,
        text_tokens=spent_out - drawn,
        image_tokens=drawn,
        cost_usd=cost(price, spent_in, spent_out - drawn, drawn),
    )


def cost(price: Price, spent_in: int, words: int, drawn: int) -> Decimal | None:
    """Return US dollars for token counts by modality; None if the price is unknown or nothing was counted."""
    if price.image_per_mtok is None or not spent_in + words + drawn:
        return None
    paid = price.image_per_mtok * drawn
    paid += (price.input_per_mtok or Decimal()) * spent_in + (price.text_per_mtok or Decimal()) * words
    return paid / _MILLION


def _sources(node: Any) -> tuple[Source, ...]:
    """Return the source pages of a grounded answer, or its searches if it names no page."""
    found: dict[str, Source] = {}
    chunks = pick(node, "groundingChunks", "grounding_chunks")
    for chunk in chunks if isinstance(chunks, list) else []:
        page = pick(chunk, "web", "image", "retrievedContext", "retrieved_context", "maps")
        url = _words(pick(page, "sourceUri", "source_uri", "uri"))
        if url.startswith(("https://", "http://")):
            found.setdefault(url, Source(title=_words(pick(page, "title", "domain")) or url, url=url))
    if not found:
        queries = pick(node, "webSearchQueries", "web_search_queries")
        for query in queries if isinstance(queries, list) else []:
            if isinstance(query, str) and query:
                url = f"https://www.google.com/search?q={quote_plus(query)}"
                found.setdefault(url, Source(title=query, url=url))
    return tuple(found.values())
