"""Conversations of a size that takes people weeks, put straight into the store of a running bot.

Imports ``storage`` and Pillow. Pictures are plain ones, made as large as models make theirs by what stands behind them.
"""

from __future__ import annotations

import random

from storage.records import Conversation, InputPicture, Key, MediaRef
from storage.store import Store
from tests.support.painter import plain
from tests.support.records import new_turn, outcome

MB = 1_000_000
SIZE_PX = (1024, 768)


def heavy(number: int, size_bytes: int) -> bytes:
    """Return a picture that takes so many bytes, of which nothing can be saved."""
    picture = plain(number, SIZE_PX, "JPEG")
    return picture + random.Random(number).randbytes(size_bytes - len(picture))


async def kept(store: Store, data: bytes) -> MediaRef:
    """Store a picture and return its reference."""
    width_px, height_px = SIZE_PX
    sha256 = await store.media.put(data)
    return MediaRef(sha256=sha256, mime="image/jpeg", size_bytes=len(data), width_px=width_px, height_px=height_px)


async def painted(
    store: Store, key: Key, count: int, size_bytes: int, *, signature_bytes: int = 0, sent: bool = False
) -> Conversation:
    """Give a conversation so many turns in a row, each with a picture of its own; the last one is head.

    ``signature_bytes``: of what a model signs each picture with. ``sent``: the first wish comes with picture 0.
    """
    talk = await store.conversations.open(key)
    first = (InputPicture(media=await kept(store, heavy(0, size_bytes))),) if sent else ()
    parent: int | None = talk.head_id
    for number in range(1, count + 1):
        new = new_turn(
            talk.id, f"wish {number}", parent_id=parent, head_before=parent, pictures=first if number == 1 else ()
        )
        turn = await store.conversations.take(new, [], [])
        ref = await kept(store, heavy(number, size_bytes))
        part = {"inlineData": {"mimeType": ref.mime, "data": f"media:{ref.sha256}"}}
        if signature_bytes:
            part["thoughtSignature"] = random.Random(number).randbytes(signature_bytes // 2).hex()
        reply = {"role": "model", "parts": [{"text": f"Painting {number}."}, part]}
        answer = outcome(number, reply=reply, words=f"Painting {number}.", shown=(ref,), media=(ref,))
        await store.conversations.answer(turn, answer)
        await store.deliveries.give_up(turn.id)
        parent = turn.id
    return await store.conversations.open(key)
