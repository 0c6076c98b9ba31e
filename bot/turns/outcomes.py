"""A provider's result in the form in which it is stored.

Imports ``parked``, ``restoring``, ``providers.base`` and ``storage``. Pure.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from bot.providers.base import Blob, Provider, Result, Usage
from bot.turns.request.parked import park
from bot.turns.restoring.restoring import Kept
from storage.media.store import parked
from storage.records import Json, MediaRef, Outcome


def blobs_of(result: Result) -> list[Blob]:
    """Return each picture of a result once: the shown ones and drafts."""
    found = list(result.pictures)
    for part in result.content.get("parts") or []:
        inline = (part.get("inlineData") or part.get("inline_data")) if isinstance(part, dict) else None
        blob = inline.get("data") if isinstance(inline, dict) else None
        if isinstance(blob, Blob) and not any(blob is known for known in found):
            found.append(blob)
    return found


def outcome_of(
    result: Result,
    provider: Provider,
    refs: Mapping[int, MediaRef],
    remarks: Sequence[str],
    kept: Kept,
    *,
    covered: bool,
) -> Outcome:
    """Return what is stored of a result. ``refs``: its stored pictures by the ``id`` of their blobs."""
    return Outcome(
        reply=park(result.content, lambda blob: parked(refs[id(blob)].sha256)),
        words=_words(result),
        shown=tuple(refs[id(blob)] for blob in result.pictures),
        media=tuple(refs.values()),
        provider=provider.name,
        maker=provider.maker,
        model=result.model,
        usage=_usage(result.usage),
        cost_micro_usd=_micro_usd(result.usage),
        remarks=(*remarks, kept.remark) if kept.remark else tuple(remarks),
        covered=covered,
        restored=kept.restored,
        offered_from=kept.offered_from,
    )


def _words(result: Result) -> str:
    links = "\n".join(f"{source.title}: {source.url}" for source in result.sources)
    return "\n\n".join(filter(None, [result.text, links]))


def _usage(usage: Usage) -> Json:
    return {
        "input_tokens": usage.input_tokens,
        "text_tokens": usage.text_tokens,
        "image_tokens": usage.image_tokens,
    }


def _micro_usd(usage: Usage) -> int | None:
    return None if usage.cost_usd is None else round(usage.cost_usd * 1_000_000)
