"""Requests changed so that one more attempt makes sense. Pure.

May import: ``base``, ``errors``, ``flatten`` and ``preflight``. A ledger with a better idea of the history
(``contents``) may use its own; this is what can be done with the request alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from bot.providers.base import Content, Picture, Request
from bot.providers.errors import Remedy, RemedyKind
from bot.providers.shared.flatten import single_turn


def apply(remedy: Remedy, request: Request) -> Request | None:
    """Return ``request`` changed as ``remedy`` says; None when that changes nothing."""
    if remedy.kind is RemedyKind.DEGRADE_HISTORY:
        return degraded(request)
    if remedy.kind is RemedyKind.TRIM_HISTORY:
        return trimmed(request)
    options = request.options
    if remedy.kind is RemedyKind.WITH_TEXT:
        return None if options.words else replace(request, options=replace(options, words=True))
    if remedy.field in options.without:
        return None
    return replace(request, options=replace(options, without=options.without | {remedy.field}))


def degraded(request: Request) -> Request | None:
    """Return the conversation as one user turn, which needs no signature; None if it is one already."""
    if len(request.contents) <= 1:
        return None
    return replace(request, contents=(single_turn(request),))


def trimmed(request: Request) -> Request | None:
    """Return the newer half of the conversation, by whole user-and-model pairs; one turn if a single pair is left."""
    starts = [at for at, content in enumerate(request.contents) if content.get("role") == "user"]
    if len(starts) <= 2:
        return degraded(request)
    kept = request.contents[starts[len(starts) // 2] :]
    if request.current is not None and not _holds(kept, request.current):
        return degraded(request)
    return replace(request, contents=tuple(kept))


def _holds(contents: Sequence[Content], picture: Picture) -> bool:
    return any(
        isinstance(found, Picture) and found.sha256 == picture.sha256
        for content in contents
        for part in content.get("parts") or []
        if isinstance(found := _data(part), Picture)
    )


def _data(part: dict[str, Any]) -> Any:
    inline = part.get("inlineData")
    return inline.get("data") if isinstance(inline, dict) else None
