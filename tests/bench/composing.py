"""What the request of a long talk costs before it is sent: its path is read and composed, on a store in files.

Run as a process, with any revision's tree as the working directory: ``python -m tests.bench.composing``. Prints JSON of
processor milliseconds, which other work on the machine hardly changes. Imports the bot, and tests' records.
"""

from __future__ import annotations

import asyncio
import json
import statistics
import tempfile
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from random import Random
from typing import Any

from bot.turns.calling.calls import read_path
from bot.turns.request.contents import compose
from bot.turns.request.exchanges import Fit
from storage.records import InputPicture, Key, MediaRef, Turn
from storage.store import Store
from tests.support.records import new_turn, outcome

TURNS = 300
ROUNDS = 60
SIGNED_CHARS = (0, 2_000, 100_000)
"""How long the signature of each answer is; a model without signatures takes more pictures."""


async def main() -> None:
    """Measure and print."""
    figures: dict[str, float] = {}
    with tempfile.TemporaryDirectory(prefix="pentimento-bench-") as folder:
        store = await Store.open(f"sqlite+aiosqlite:///{folder}/tree.db", str(Path(folder) / "media"))
        for chars in SIGNED_CHARS:
            title = f"{TURNS} turns, {chars // 1000} kB signed" if chars else f"{TURNS} turns, unsigned"
            work = _request(store, await _talk(store, chars))
            figures[f"{title}: path and request, processor ms"] = await _median_ms(work)
        await store.close()
    print(json.dumps(figures))


async def _talk(store: Store, chars: int) -> Turn:
    """Store a talk that begins with a photo, a picture of 1.5 MB in each answer; return its last turn."""
    talk = await store.conversations.open(Key(1 + chars, 0))
    head: Turn | None = None
    for number in range(TURNS):
        before = head.id if head else None
        sent = () if head else (InputPicture(media=_picture(TURNS)),)
        wish = f"make wish number {number} come true, a bit warmer"
        asked = await store.conversations.take(
            new_turn(talk.id, wish, parent_id=before, head_before=before, pictures=sent), (), ()
        )
        shown = _picture(number)
        part: dict[str, Any] = {"inlineData": {"mimeType": shown.mime, "data": f"media:{shown.sha256}"}}
        if chars:
            part["thoughtSignature"] = Random(number).randbytes(chars // 2).hex()
        reply = {"role": "model", "parts": [{"text": f"Painting {number}."}, part]}
        head = await store.conversations.store_answer(
            asked, outcome(number, reply=reply, shown=(shown,), media=(shown,))
        )
    assert head is not None
    return head


def _picture(number: int) -> MediaRef:
    return MediaRef(sha256=f"{number:064x}", mime="image/png", size_bytes=1_500_000, width_px=1024, height_px=1024)


def _request(store: Store, head: Turn) -> Callable[[], Awaitable[object]]:
    """Return what makes the request for a wish after ``head``."""
    signed = "thoughtSignature" in json.dumps(head.reply)
    most = 14 if signed else 127
    fit = Fit(maker=head.maker or "", signatures=signed, history=True, max_images=most, budget_bytes=15_000_000)
    wish = replace(head, id=0, parent_id=head.id, wish="now at night", pictures=(), reply=None, shown=())

    async def made() -> object:
        return compose(await read_path(store, head.id, fit), wish, fit)

    return made


async def _median_ms(work: Callable[[], Awaitable[object]]) -> float:
    times = []
    for _ in range(ROUNDS):
        begun = time.process_time()
        await work()
        times.append((time.process_time() - begun) * 1000)
    return statistics.median(times)


if __name__ == "__main__":
    asyncio.run(main())
