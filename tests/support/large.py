"""Conversations of a size that takes people weeks, put straight into the store of a running bot.

Imports ``storage``, ``talking`` and Pillow. Pictures are plain ones, made as large as models make theirs by
what stands behind them.
"""

from __future__ import annotations

import random
from functools import lru_cache
from typing import Any

from storage.records import Conversation, InputPicture, Json, Key, MediaRef
from storage.store import Store
from tests.support.painter import plain
from tests.support.records import new_turn, outcome
from tests.support.talking import Talk

MB = 1_000_000
SIZE_PX = (1024, 768)


@lru_cache(4)
def _noise(size_bytes: int) -> bytes:
    """Return bytes of which any part of that size is as good as thrown dice: to throw them anew takes seconds."""
    return random.Random(size_bytes).randbytes(size_bytes + 10_000)


def heavy(number: int, size_bytes: int, size_px: tuple[int, int] = SIZE_PX) -> bytes:
    """Return a picture that takes so many bytes, of which nothing can be saved."""
    picture = plain(number, size_px, "JPEG")
    return picture + _noise(size_bytes)[number : number + size_bytes - len(picture)]


async def painted(talk: Talk, key: Key, count: int, size_bytes: int, **how: Any) -> Conversation:
    """Give a conversation of a running bot so many turns, as :func:`filled` does."""
    async with talk.before_it_ran() as store:
        return await filled(store, key, count, size_bytes, **how)


async def filled(
    store: Store,
    key: Key,
    count: int,
    size_bytes: int,
    *,
    signature_bytes: int = 0,
    sent: bool = False,
    size_px: tuple[int, int] = SIZE_PX,
) -> Conversation:
    """Give a conversation so many turns in a row, each with a picture of its own; the last one is head.

    ``signature_bytes``: of what a model signs each picture with. ``sent``: the first wish comes with picture 0.
    """
    sides = {"width_px": size_px[0], "height_px": size_px[1]}

    async def kept(number: int) -> MediaRef:
        sha256 = await store.media.put(heavy(number, size_bytes, size_px))
        return MediaRef(sha256=sha256, mime="image/jpeg", size_bytes=size_bytes, **sides)

    here = await store.conversations.open(key)
    pictures = (InputPicture(media=await kept(0)),) if sent else ()
    parent: int | None = here.head_id
    for number in range(1, count + 1):
        asked = new_turn(here.id, f"wish {number}", parent_id=parent, head_before=parent, pictures=pictures)
        turn = await store.conversations.take(asked, [], [])
        pictures, ref = (), await kept(number)
        part: Json = {"inlineData": {"mimeType": ref.mime, "data": f"media:{ref.sha256}"}}
        if signature_bytes:
            part["thoughtSignature"] = _noise(signature_bytes // 2)[number : number + signature_bytes // 2].hex()
        reply = {"role": "model", "parts": [{"text": f"Painting {number}."}, part]}
        answer = outcome(number, reply=reply, words=f"Painting {number}.", shown=(ref,), media=(ref,))
        await store.conversations.store_answer(turn, answer)
        await store.deliveries.end(turn.id, [turn.id])
        parent = turn.id
    return await store.conversations.open(key)
