"""Turns, answers and a journal for tests of the attempt loop."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Any

from bot.providers.base import Answer, Request
from bot.providers.calls import remedies
from bot.providers.calls.attempts import AttemptPolicy
from bot.providers.errors import ProviderError, Remedy, RemedyKind
from bot.providers.shared.flatten import fold, turn_pictures
from tests.providers.wiring import Album, Reply, b64, png

FAST = AttemptPolicy(once_wait_s=0.01, first_wait_s=0.01, longest_wait_s=0.05, total_s=5, reserve_s=0.5)
RED = png("red")


def painted(data: bytes = RED, **top: Any) -> Reply:
    """Return an answer with one picture."""
    parts = [{"inlineData": {"mimeType": "image/png", "data": b64(data)}}]
    return Reply({"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}], **top})


def finished(reason: str) -> Reply:
    """Return an answer without parts."""
    return Reply({"candidates": [{"content": {}, "finishReason": reason}]})


def failed(status: int, message: str = "no", **headers: str) -> Reply:
    """Return an error in Google's form."""
    return Reply({"error": {"code": status, "message": message}}, status, headers)


@dataclass
class Book:
    """A journal that records what it is given. ``rebuilds``: whether the store can rebuild an answer."""

    events: list[str] = field(default_factory=list)
    answers: list[Answer] = field(default_factory=list)
    waits: list[float] = field(default_factory=list)
    billed: list[Decimal | None] = field(default_factory=list)
    remedies: list[Remedy] = field(default_factory=list)
    waited: asyncio.Event = field(default_factory=asyncio.Event)

    async def calling(self) -> None:
        self.events.append("calling")

    async def answered(self, answer: Answer) -> None:
        self.events.append("answered")
        self.answers.append(answer)

    async def refused(self, error: ProviderError) -> None:
        self.billed.append(error.cost_usd)

    async def retrying(self, delay_s: float, error: ProviderError) -> None:
        self.events.append(f"waiting:{error.base_key}")
        self.waits.append(delay_s)
        self.waited.set()

    def remedied(self, remedy: Remedy) -> None:
        self.remedies.append(remedy)


def rebuild(remedy: Remedy, request: Request) -> Request | None:
    """Change a request as a remedy says, like the bot's own code for history: with all of it in one turn."""
    history = remedy.kind in (RemedyKind.DEGRADE_HISTORY, RemedyKind.TRIM_HISTORY)
    return in_one_turn(request) if history else remedies.apply(remedy, request)


def in_one_turn(request: Request) -> Request | None:
    """Return a conversation as one user turn, None if it is one already."""
    if len(request.contents) <= 1:
        return None
    pictures = [{"inlineData": {"mimeType": one.mime, "data": one}} for one in turn_pictures(request)]
    return replace(request, contents=({"role": "user", "parts": [*pictures, {"text": fold(request)}]},))


def asking(album: Album, **changes: Any) -> Request:
    """Return a request for a first picture."""
    plain = Request(
        model="gemini-2.5-flash-image",
        contents=({"role": "user", "parts": [{"text": "a boat"}]},),
        wish="a boat",
        read=album.read,
    )
    return replace(plain, **changes)


def talking(album: Album) -> Request:
    """Return a request with a history of three pairs, editing the last picture."""
    pictures = [album.add(png(colour)) for colour in ("red", "green", "blue")]
    contents: list[dict[str, Any]] = []
    for number, picture in enumerate(pictures):
        contents.append({"role": "user", "parts": [{"text": f"wish {number}"}]})
        inline = {"mimeType": "image/png", "data": picture}
        contents.append({"role": "model", "parts": [{"inlineData": inline, "thoughtSignature": "c2ln"}]})
    contents.append({"role": "user", "parts": [{"text": "warmer"}]})
    return asking(
        album,
        model="gemini-3-pro-image",
        contents=tuple(contents),
        wish="warmer",
        earlier_wishes=("wish 0", "wish 1", "wish 2"),
        current=pictures[-1],
    )
