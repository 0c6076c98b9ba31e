"""A bot to which Telegram delivers, and a bare client that plays Telegram, friend and stranger."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from storage.records import Json
from tests.support.people import BORIS
from tests.support.talking import Talk, by_webhook, talking

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"


@dataclass
class Caller:
    """Sends any request to the bot's address."""

    http: httpx.AsyncClient
    talk: Talk

    async def deliver(
        self, body: bytes | AsyncIterator[bytes] | Json, path: str = "/hook/here", **more: Any
    ) -> httpx.Response:
        """Post a body as Telegram does. ``more`` changes the headers or the request."""
        headers = {SECRET_HEADER: "s3cret-_A", "Content-Type": "application/json", **more.pop("headers", {})}
        content = {"json": body} if isinstance(body, dict) else {"content": body}
        headers = {name: value for name, value in headers.items() if value is not None}
        return await self.http.post(path, headers=headers, **content, **more)

    async def rows(self, state: str) -> list[tuple[int, str]]:
        """Return number and text of the updates in a state."""
        async with self.talk.store.database.connect() as connection:
            query = f"SELECT update_id, payload FROM inbox WHERE state = '{state}' ORDER BY received_at"  # noqa: S608
            return [(row[0], row[1]) for row in await connection.exec_driver_sql(query)]


@pytest.fixture
async def talk(tmp_path: Path) -> AsyncIterator[Talk]:
    """Yield a bot that Boris owns and to which Telegram delivers."""
    async with talking(tmp_path, owner_ids=str(BORIS), **by_webhook()) as talk:
        yield talk


@pytest.fixture
async def caller(talk: Talk) -> AsyncIterator[Caller]:
    """Yield a client of the bot's server."""
    async with httpx.AsyncClient(base_url=talk.running.address, trust_env=False, timeout=20) as http:
        yield Caller(http, talk)


def said(update_id: int, text: str = "a boat", chat_id: int = 1001) -> Json:
    """Return an update in which Ann says something."""
    person = {"id": chat_id, "is_bot": False, "first_name": "Ann", "language_code": "en"}
    message = {"message_id": update_id, "date": 1_700_000_000, "chat": {"id": chat_id, "type": "private"}}
    return {"update_id": update_id, "message": {**message, "from": person, "text": text}}
