"""Delivery of updates to a webhook, with its secret header.

One request at a time for each lane, repeated with growing pauses. Imports httpx, ``errors``, ``records``, ``updates``
and ``world``. Idle while no webhook is set.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
from collections.abc import Awaitable, Callable
from typing import Any

import httpx

from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.state.records import Json
from bot.sandbox.botapi.state.updates import Updates, Waiting
from bot.sandbox.botapi.state.world import World

ANSWER_TIME_S = 60.0
MAX_RETRY_AFTER_S = 3600.0
GONE_TIME_S = 23 * 3600.0
_SECRET = re.compile(r"[A-Za-z0-9_-]*")


class Webhook:
    """Delivers waiting updates to the address that the bot set."""

    def __init__(self, world: World, updates: Updates) -> None:
        self._world = world
        self._updates = updates
        self._lanes: dict[str, asyncio.Task[None]] = {}
        self._client: httpx.AsyncClient | None = None
        self._gone_since: float | None = None
        self.first_pause_s = 2.0
        self.last_error: tuple[int, str] | None = None
        self.on_reply: Callable[[Json], Awaitable[None]] | None = None

    @property
    def settings(self) -> Json:
        """What setWebhook set; empty without a webhook."""
        return dict(self._world.profile.get("webhook") or {})

    async def set(self, url: str, *, secret: str = "", max_connections: int = 40, ip: str | None = None) -> None:
        """Set the webhook's address; an empty one removes it. Raises ApiError."""
        if len(secret) > 256:
            raise bad("secret token is too long")
        if not _SECRET.fullmatch(secret):
            raise bad("secret token contains unallowed characters")
        if url and not re.match(r"https?://[^\s/]+", url):
            raise bad("invalid webhook URL specified")
        if url.startswith("http://") and not re.match(r"http://(127\.|localhost|\[::1\])", url):
            raise bad("bad webhook: An HTTPS URL must be provided for webhook")
        await self._stop()
        self.last_error = None
        settings = {"url": url, "secret": secret, "max_connections": max_connections, "ip": ip}
        self._world.set_profile("webhook", settings if url else None)
        if url:
            self._updates.interrupt("terminated by setWebhook request")
            self.wake()

    def info(self) -> Json:
        """Return the answer to getWebhookInfo."""
        settings = self.settings
        found: Json = {
            "url": settings.get("url", ""),
            "has_custom_certificate": False,
            "pending_update_count": len(self._updates.fresh()),
        }
        if settings:
            found["max_connections"] = settings["max_connections"]
            found["ip_address"] = settings["ip"] or "127.0.0.1"
        if self.last_error:
            found |= {"last_error_date": self.last_error[0], "last_error_message": self.last_error[1]}
        if self._world.profile.get("allowed_updates"):
            found["allowed_updates"] = self._updates.allowed
        return found

    def wake(self) -> None:
        """Start delivery in each lane that has updates and no request running."""
        if not self.settings:
            return
        for waiting in self._updates.fresh():
            if waiting.lane not in self._lanes and len(self._lanes) < self.settings["max_connections"]:
                task = asyncio.get_running_loop().create_task(self._drive(waiting.lane))
                self._lanes[waiting.lane] = task

    async def close(self) -> None:
        await self._stop()
        if self._client is not None:
            await self._client.aclose()
            self._client = None

    async def _stop(self) -> None:
        running = list(self._lanes.values())
        for task in running:
            task.cancel()
        await asyncio.gather(*running, return_exceptions=True)
        self._lanes.clear()

    async def _drive(self, lane: str) -> None:
        """Deliver a lane's updates in order until none is left."""
        try:
            while self.settings and (waiting := self._next(lane)) is not None:
                await self._deliver(waiting)
        finally:
            if self._lanes.get(lane) is asyncio.current_task():
                del self._lanes[lane]
                if self.settings and not asyncio.current_task().cancelling():  # type: ignore[union-attr]
                    self.wake()

    def _next(self, lane: str) -> Waiting | None:
        return next((waiting for waiting in self._updates.fresh() if waiting.lane == lane), None)

    async def _deliver(self, waiting: Waiting) -> None:
        """Post one update until the receiver accepts it or it is too old."""
        pause_s = 0.0
        while self.settings and waiting in self._updates.fresh():
            retry_after_s = await self._post(waiting)
            if retry_after_s is None:
                self._updates.forget(waiting.update_id)
                self._world.keep.commit()
                return
            await asyncio.sleep(retry_after_s or pause_s)
            longest_s = random.uniform(60, 120)  # noqa: S311 - spreads retries, nothing secret
            pause_s = min(max(pause_s * 2, self.first_pause_s), longest_s)

    async def _post(self, waiting: Waiting) -> float | None:
        """Post an update once.

        Returns None if it was accepted, else the seconds that the receiver asks to wait (or 0).
        """
        settings = self.settings
        if self._client is None:
            self._client = httpx.AsyncClient(timeout=ANSWER_TIME_S, trust_env=False)
        headers = {"X-Telegram-Bot-Api-Secret-Token": settings["secret"]} if settings["secret"] else {}
        body: dict[str, Any] = {"update_id": waiting.update_id} | waiting.body
        try:
            answer = await self._client.post(settings["url"], json=body, headers=headers)
        except httpx.HTTPError as error:
            self.last_error = (self._world.now(), f"Connection failed: {type(error).__name__}")
            return 0.0
        if answer.is_success:
            self._gone_since = None
            await self._obey(answer)
            return None
        await self._gone(answer.status_code)
        self.last_error = (self._world.now(), f"Wrong response from the webhook: {answer.status_code}")
        return _asked_pause(answer)

    async def _obey(self, answer: httpx.Response) -> None:
        """Make the call that an answer contains (``{"method": ...}``). Its result is thrown away, as on Telegram."""
        try:
            body = json.loads(answer.content)
        except ValueError:
            return
        if isinstance(body, dict) and "method" in body and self.on_reply is not None:
            await self.on_reply(body)

    async def _gone(self, status: int) -> None:
        """Remove a webhook that has answered 410 for 23 hours."""
        now = self._world.config.clock()
        if status != 410:
            self._gone_since = None
        elif self._gone_since is None:
            self._gone_since = now
        elif now > self._gone_since + GONE_TIME_S:
            self._world.set_profile("webhook", None)
            self._world.keep.commit()


def _asked_pause(answer: httpx.Response) -> float:
    """Return the seconds of Retry-After, or 0."""
    try:
        return min(float(answer.headers.get("retry-after", 0)), MAX_RETRY_AFTER_S)
    except ValueError:
        return 0.0
