"""The queue of updates for the bot: numbered, confirmed by offset, expiring, with one reader at a time.

Imports ``errors``, ``records`` and ``world``. It does not decide which messages the bot may see.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass

from bot.sandbox.botapi.errors import OTHER_POLLER, WEBHOOK_IS_SET, conflict
from bot.sandbox.botapi.state.records import Json, Kept
from bot.sandbox.botapi.state.world import FIRST_UPDATE_ID, World

DAY_S = 86_400
CALLBACK_LIFE_S = 150
MAX_TIMEOUT_S = 50
MAX_ANSWER_BYTES = 1 << 22
"""Most bytes in one getUpdates answer, counting 50 more for each update (telegram-bot-api, Client::JsonUpdates)."""
KINDS = (
    "message",
    "edited_message",
    "channel_post",
    "edited_channel_post",
    "business_connection",
    "business_message",
    "edited_business_message",
    "deleted_business_messages",
    "guest_message",
    "message_reaction",
    "message_reaction_count",
    "inline_query",
    "chosen_inline_result",
    "callback_query",
    "shipping_query",
    "pre_checkout_query",
    "purchased_paid_media",
    "poll",
    "poll_answer",
    "my_chat_member",
    "chat_member",
    "chat_join_request",
    "chat_boost",
    "removed_chat_boost",
    "managed_bot",
    "subscription",
    "stopped_message_generation",
)
ONLY_ON_REQUEST = {"chat_member", "message_reaction", "message_reaction_count"}
DEFAULT_KINDS = [kind for kind in KINDS if kind not in ONLY_ON_REQUEST]


@dataclass(frozen=True, slots=True, kw_only=True)
class Waiting(Kept):
    """An update that the bot has not confirmed. Updates of one ``lane`` are delivered one after the other."""

    update_id: int
    lane: str
    expires_at: float
    body: Json


class Updates:
    """Holds updates until the bot has confirmed them."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._waiting: dict[int, Waiting] = {}
        self._poller: asyncio.Future[None] | None = None
        self._closed = False
        self._last_poll: tuple[int | None, float] = (None, 0.0)
        self.on_added: Callable[[], None] = lambda: None
        self.latest_chat = 0
        """The chat in which somebody said or pressed something last; 0 for none since the start."""
        found = [Waiting.from_json(doc) for _, doc in world.keep.load("update")]
        for waiting in sorted(found, key=lambda w: w.update_id):
            self._waiting[waiting.update_id] = waiting

    @property
    def allowed(self) -> list[str]:
        """The kinds of updates that the bot asked for last."""
        return list(self._world.profile.get("allowed_updates") or DEFAULT_KINDS)

    @property
    def has_webhook(self) -> bool:
        return bool(self._world.profile.get("webhook"))

    def allow(self, kinds: list[str] | None) -> None:
        """Set which updates the bot wants. None changes nothing; an empty list means the usual ones."""
        if kinds is not None:
            known = [kind for kind in kinds if kind in KINDS]
            self._world.set_profile("allowed_updates", known or None)

    def add(self, kind: str, body: Json, *, lane: str, life_s: float = DAY_S) -> int | None:
        """Queue an update. Returns None if the bot has not asked for its kind."""
        if kind not in self.allowed:
            return None
        # The message of a pressed button; of other kinds the body has the chat itself.
        self.latest_chat = (body.get("message") or body).get("chat", {}).get("id", self.latest_chat)
        update_id = self._world.count("update", FIRST_UPDATE_ID)
        self._put(Waiting(update_id=update_id, lane=lane, expires_at=self._now() + life_s, body={kind: body}))
        return update_id

    def add_raw(self, body: Json) -> int:
        """Queue an update as it is. It may bring its own update_id."""
        body = dict(body)
        update_id = int(body.pop("update_id", 0)) or self._world.count("update", FIRST_UPDATE_ID)
        self._put(Waiting(update_id=update_id, lane="raw", expires_at=self._now() + DAY_S, body=body))
        return update_id

    def fresh(self) -> list[Waiting]:
        """Return what waits, oldest first; forget what is too old."""
        now = self._now()
        for waiting in [w for w in self._waiting.values() if w.expires_at <= now]:
            self.forget(waiting.update_id)
        return [self._waiting[number] for number in sorted(self._waiting)]

    def forget(self, update_id: int) -> None:
        """Remove an update that was confirmed, was delivered or has expired."""
        if self._waiting.pop(update_id, None) is not None:
            self._world.keep.drop("update", update_id)

    def forget_all(self) -> None:
        for update_id in list(self._waiting):
            self.forget(update_id)

    async def poll(self, offset: int, limit: int, timeout_s: float) -> list[Json]:
        """Answer getUpdates. Raises ApiError 409 if a webhook is set, and in the older of two polls."""
        if self.has_webhook:
            raise conflict(WEBHOOK_IS_SET)
        self._interrupt()
        self._confirm(offset)
        self._world.keep.commit()
        timeout_s, limit = self._patience(offset, limit, timeout_s)
        deadline = asyncio.get_running_loop().time() + timeout_s
        while True:
            batch = self._batch(limit)
            left_s = deadline - asyncio.get_running_loop().time()
            if batch or left_s <= 0 or self._closed:
                return batch
            await self._wait(left_s)

    def _batch(self, limit: int) -> list[Json]:
        """Return the updates for one answer, limited in number and in bytes."""
        batch, left = [], MAX_ANSWER_BYTES
        for waiting in self.fresh()[:limit]:
            left -= 50 + len(json.dumps(waiting.body, separators=(",", ":"), ensure_ascii=False).encode())
            if left <= 0:
                break
            batch.append({"update_id": waiting.update_id} | waiting.body)
        return batch

    def close(self) -> None:
        """End a waiting poll."""
        self._closed = True
        self._wake()

    def interrupt(self, description: str) -> None:
        """End a waiting poll with a 409."""
        if self._poller is not None and not self._poller.done():
            self._poller.set_exception(conflict(description))

    def _interrupt(self) -> None:
        self.interrupt(OTHER_POLLER)

    async def _wait(self, seconds: float) -> None:
        poller = asyncio.get_running_loop().create_future()
        self._poller = poller
        try:
            await asyncio.wait_for(poller, seconds)
        except TimeoutError:
            return
        finally:
            if self._poller is poller:
                self._poller = None

    def _confirm(self, offset: int) -> None:
        if offset > 0:
            for update_id in [number for number in self._waiting if number < offset]:
                self.forget(update_id)
        elif offset < 0:
            for update_id in sorted(self._waiting)[:offset]:
                self.forget(update_id)

    def _patience(self, offset: int, limit: int, timeout_s: float) -> tuple[float, int]:
        """Slow down a bot that asks for the same updates again, as Telegram does."""
        timeout_s = min(max(timeout_s, 0), MAX_TIMEOUT_S)
        limit = min(limit, 100) if limit > 0 else 100
        before, at = self._last_poll
        now = asyncio.get_running_loop().time()
        self._last_poll = (offset, now)
        if self._world.config.poll_patience and before == offset:
            if now < at + 3:
                timeout_s = max(timeout_s, 3)
            if now < at + 0.5:
                limit = 1
        return timeout_s, limit

    def _put(self, waiting: Waiting) -> None:
        self._waiting[waiting.update_id] = waiting
        self._world.keep.put("update", waiting.update_id, waiting.to_json())
        self._wake()
        self.on_added()

    def _wake(self) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)

    def _now(self) -> float:
        return self._world.config.clock()
