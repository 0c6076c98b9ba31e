"""A bot for tests that need no more than HTTP: it calls methods and reads updates.

Imports httpx through ``people``. Refusals of the Bot API come as exceptions with their texts.
"""

from __future__ import annotations

from typing import Any

import httpx

from tests.support.messages import Json
from tests.support.people import Telegram


class ApiRefusal(Exception):
    """A refusal of the Bot API, with its code, text and parameters."""

    def __init__(self, body: Json) -> None:
        super().__init__(body["description"])
        self.code = body["error_code"]
        self.text = body["description"]
        self.parameters = body.get("parameters", {})


class PlainBot:
    """Calls the Bot API without any library."""

    def __init__(self, telegram: Telegram) -> None:
        self._telegram = telegram
        self._offset = 0

    async def __call__(self, method: str, files: dict[str, tuple[str, bytes]] | None = None, **parameters: Any) -> Any:
        """Call a method and give its result. Raises ApiRefusal."""
        if files is None:
            answer = await self.raw(method, json=parameters)
        else:
            answer = await self.raw(method, data=parameters, files=files)
        body = answer.json()
        if not body["ok"]:
            assert answer.status_code == body["error_code"]
            raise ApiRefusal(body)
        return body["result"]

    async def raw(self, method: str, **request: Any) -> httpx.Response:
        """Call a method with any request and give the HTTP answer."""
        return await self._telegram.http.post(f"/bot{self._telegram.token}/{method}", **request)

    async def updates(self, **parameters: Any) -> list[Json]:
        """Return the updates that wait and confirm them with the next call."""
        found: list[Json] = await self("getUpdates", offset=self._offset, **parameters)
        if found:
            self._offset = found[-1]["update_id"] + 1
        return found

    async def kinds(self, **parameters: Any) -> list[str]:
        """Return the kinds of the updates that wait."""
        return [next(key for key in update if key != "update_id") for update in await self.updates(**parameters)]

    async def texts(self) -> list[str]:
        """Return the words of the messages that wait."""
        found = [update.get("message") or update.get("edited_message") or {} for update in await self.updates()]
        return [message.get("text") or message.get("caption") or "" for message in found]

    async def say(self, chat_id: int, text: str, **more: Any) -> Json:
        """Send a text."""
        return dict(await self("sendMessage", chat_id=chat_id, text=text, **more))

    async def photo(self, chat_id: int, picture: bytes, **more: Any) -> Json:
        """Upload a photo."""
        return dict(await self("sendPhoto", {"photo": ("photo.jpg", picture)}, chat_id=chat_id, **more))
