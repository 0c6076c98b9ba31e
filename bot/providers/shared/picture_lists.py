"""Converts answers that are lists of pictures, in any shape, into Gemini's form.

Imports ``base``, ``errors``, ``error_mapping``, ``parts``, ``bulk`` and ``wire``. An unknown shape yields no picture,
never an exception.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.providers.base import Answer, Result, Usage
from bot.providers.errors import NothingReturned, ProviderError
from bot.providers.shared.error_mapping import Fault, fault_in, fault_of, parse_json
from bot.providers.shared.parts import Fetch, Reading, pick, read_parts
from bot.providers.wire.bulk import in_thread
from bot.providers.wire.redact import Redactor

Mapping = Callable[[Fault], ProviderError]

_BYTES = ("b64_json", "image_base64", "base64", "b64")
_LINKS = ("url", "image_url", "imageUrl", "uri")


def part_of(text: str) -> dict[str, Any]:
    """Return the part for a picture given as a link, a ``data:`` URI or plain base64."""
    if text[:5].lower() == "data:" or "://" in text[:20]:
        return {"fileData": {"fileUri": text}}
    return {"inlineData": {"data": text}}


def picture_parts(document: Any) -> list[dict[str, Any]]:
    """Return the pictures of ``document`` from the first place that holds any, in order."""
    places = (
        pick(pick(document, "output"), "choices", "images"),
        pick(document, "data"),
        pick(document, "images"),
        pick(document, "image"),
        pick(document, "output"),
        pick(document, "url"),
    )
    return next((parts for place in places if (parts := [part_of(text) for text in _texts(place)])), [])


def _texts(place: Any, depth: int = 0) -> Iterator[str]:
    if isinstance(place, str):
        if place:
            yield place
    elif isinstance(place, list) and depth < 3:
        for entry in place:
            yield from _texts(entry, depth + 1)
    elif isinstance(place, dict) and depth < 3:
        found = next((place[name] for name in (*_BYTES, *_LINKS) if place.get(name)), None)
        if found is not None:
            yield from _texts(found, depth + 1)


def document_of(answer: Answer, redactor: Redactor, error: Mapping) -> Any:
    """Return the JSON of a successful answer. Raises: otherwise the leaf that ``error`` returns."""
    if not 200 <= answer.status < 300:
        raise error(fault_of(answer, redactor))
    return parse_json(answer, redactor)


def raise_failure(document: Any, answer: Answer, reading: Reading, redactor: Redactor, error: Mapping) -> None:
    """Raise the error that an answer without a picture states; return if it states none."""
    fault = fault_in(document, answer, redactor)
    if fault is not None:
        raise error(fault)
    if reading.trouble is not None:
        raise reading.trouble


async def read_pictures(
    answer: Answer,
    *,
    model: str,
    redactor: Redactor,
    fetch: Fetch,
    error: Mapping,
    usage: Callable[[Any, int], Usage],
) -> Result:
    """Read an answer that is a list of pictures and perhaps a ``description``. Raises: ``ProviderError``."""
    document = await in_thread(len(answer.body), document_of, answer, redactor, error)
    words = pick(document, "description")
    texts = [{"text": words.strip()}] if isinstance(words, str) and words.strip() else []
    reading = await read_parts([*texts, *picture_parts(document)], fetch, links_in_text=False)
    if not reading.pictures:
        raise_failure(document, answer, reading, redactor, error)
        raise NothingReturned(owner_text="no picture in the answer")
    return Result(
        content=reading.content,
        text=reading.text,
        pictures=tuple(reading.pictures),
        model=model,
        usage=usage(document, len(reading.pictures)),
    )


def dollars(value: Any) -> Decimal | None:
    """Return an amount in US dollars, None if ``value`` is no plausible price of an answer."""
    return amount(value, most=10_000)


def amount(value: Any, *, most: int = 10**12) -> Decimal | None:
    """Return ``value`` as a number, None if it is not between 0 and ``most``."""
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        found = Decimal(str(value))
    except InvalidOperation:
        return None
    return found if found.is_finite() and 0 <= found < most else None
