"""Turns of long ago, with pictures, straight into a store."""

from __future__ import annotations

import time
from typing import Any

from sqlalchemy import update

from storage.records import Key, MediaRef, MessageLink, Role, Turn, TurnState
from storage.schema import media, turns
from storage.store import Store
from tests.support.records import HOME, new_turn, outcome

DAY_S = 24 * 3600.0
SIZE = 1000


async def picture(store: Store, number: int) -> MediaRef:
    data = bytes([number]) * SIZE
    return MediaRef(sha256=await store.media.put(data), mime="image/png", size_bytes=SIZE, width_px=4, height_px=3)


async def painted(
    store: Store, number: int, days_ago: float, parent: Turn | None = None, key: Key = HOME, **more: Any
) -> Turn:
    """Return a delivered turn of so many days ago whose answer is the picture of a number."""
    talk = await store.conversations.open(key)
    wish = new_turn(talk.id, parent_id=parent.id if parent else None, head_before=talk.head_id, **more)
    link = MessageLink(chat_id=key.chat_id, message_id=100 + number, role=Role.REQUEST)
    turn = await store.conversations.take(wish, [link], [])
    shown = await picture(store, number)
    part = {"inlineData": {"mimeType": shown.mime, "data": f"media:{shown.sha256}"}}
    reply = {"role": "model", "parts": [part]}
    await store.conversations.store_answer(turn, outcome(number, reply=reply, shown=(shown,), media=(shown,)))
    await store.conversations.set_state(turn.id, TurnState.DELIVERED)
    await aged(store, turn, days_ago)
    return turn


async def aged(store: Store, turn: Turn, days_ago: float) -> None:
    async with store.database.begin() as connection:
        at = time.time() - days_ago * DAY_S
        await connection.execute(update(turns).where(turns.c.id == turn.id).values(created_at=at, answered_at=at))
        await connection.execute(update(media).values(created_at=time.time() - 400 * DAY_S))
