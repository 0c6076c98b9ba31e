"""Options changed so that one more attempt makes sense. Pure.

Imports ``base`` and ``errors``. Remedies for the history of a conversation are in ``bot.turns.asking``, which composes
it.
"""

from __future__ import annotations

from dataclasses import replace

from bot.providers.base import Request
from bot.providers.errors import Remedy, RemedyKind


def apply(remedy: Remedy, request: Request) -> Request | None:
    """Return ``request`` with its options changed as ``remedy`` says.

    None when that changes nothing, or when the remedy is about the history.
    """
    options = request.options
    if remedy.kind is RemedyKind.WITH_TEXT and not options.words:
        return replace(request, options=replace(options, words=True))
    if remedy.kind is RemedyKind.WITHOUT_FIELD and remedy.field not in options.without:
        return replace(request, options=replace(options, without=options.without | {remedy.field}))
    return None
