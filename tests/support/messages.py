"""Messages as dialogue tests see them: texts, pictures, buttons, presses. Imports the standard library.

Loads files through the sandbox that the message came from.
"""

from __future__ import annotations

import base64
import mimetypes
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any, Protocol, TypeVar

Json = dict[str, Any]
File = bytes | Path | tuple[str, bytes]
Found = TypeVar("Found")
ANSWER_TIME_S = 30.0
"""Far more than any answer takes, so that a busy machine fails no test."""


class NoAnswer(AssertionError):
    """The bot said nothing in time."""


class Sandbox(Protocol):
    """The sandbox, as far as a message needs it."""

    async def get(self, path: str) -> Json: ...
    async def file(self, file_id: str) -> bytes: ...
    async def wait_for(
        self, look: Callable[[], Awaitable[Found | None]], timeout_s: float, complaint: str
    ) -> Found: ...


class Message:
    """A message as its chat shows it."""

    def __init__(self, telegram: Sandbox, body: Json) -> None:
        self._telegram = telegram
        self.body = body

    def __repr__(self) -> str:
        who = self.body["from"]["first_name"] if "from" in self.body else self.body["chat"]["title"]
        what = self.words or next((kind for kind in ("photo", "document", "sticker") if kind in self.body), "...")
        return f"<{who}: {what!r} {[*self.buttons]}>" if self.buttons else f"<{who}: {what!r}>"

    @property
    def id(self) -> int:
        """The message_id."""
        return int(self.body["message_id"])

    @property
    def chat_id(self) -> int:
        """The message's chat."""
        return int(self.body["chat"]["id"])

    @property
    def text(self) -> str:
        """The text, or nothing."""
        return str(self.body.get("text", ""))

    @property
    def caption(self) -> str:
        """The caption, or nothing."""
        return str(self.body.get("caption", ""))

    @property
    def words(self) -> str:
        """Text or caption."""
        return self.text or self.caption

    @property
    def from_bot(self) -> bool:
        """Whether the bot sent it. Other bots, and the stand-in of an anonymous admin, do not count."""
        sender = self.body.get("from", {})
        others = ("weather_bot", "GroupAnonymousBot", "Channel_Bot")
        return bool(sender.get("is_bot")) and sender["username"] not in others

    @property
    def has_picture(self) -> bool:
        """Whether it is a photo."""
        return "photo" in self.body

    @property
    def buttons(self) -> dict[str, str]:
        """The buttons: their texts with their callback data (or link)."""
        rows = self.body.get("reply_markup", {}).get("inline_keyboard", [])
        return {b["text"]: b.get("callback_data", b.get("url", "")) for row in rows for b in row}

    @property
    def reply_to(self) -> int | None:
        """The id of the message that it replies to."""
        target = self.body.get("reply_to_message")
        return int(target["message_id"]) if target else None

    @property
    def size_px(self) -> tuple[int, int]:
        """Width and height of the largest size of the photo."""
        largest = self._largest()
        return int(largest["width"]), int(largest["height"])

    async def picture_bytes(self) -> bytes:
        """Load the largest size of the photo."""
        return await self._telegram.file(self._largest()["file_id"])

    async def document_bytes(self) -> bytes:
        """Load the document."""
        return await self._telegram.file(self.body["document"]["file_id"])

    def _largest(self) -> Json:
        return dict(max(self.body["photo"], key=lambda size: size["width"] * size["height"]))


class Press:
    """A press of a button."""

    def __init__(self, telegram: Sandbox, query_id: str) -> None:
        self._telegram = telegram
        self.id = query_id

    async def answered(self, timeout_s: float = ANSWER_TIME_S) -> Json:
        """Wait until the bot answers the press; give ``text`` and ``show_alert``. Raises NoAnswer."""

        async def look() -> Json | None:
            found = await self._telegram.get(f"callbacks/{self.id}")
            return found if found["answered"] else None

        return await self._telegram.wait_for(look, timeout_s, "the bot did not answer the press")


def id_of(message: Message | int | None) -> int | None:
    """Return a message_id."""
    return message.id if isinstance(message, Message) else message


def is_farewell(message: Message) -> bool:
    """Return whether a message only says that the bot left, or that it opened a topic."""
    return "left_chat_member" in message.body or "forum_topic_created" in message.body


def as_file_json(file: File) -> Json:
    """Return a file as the person API takes it."""
    if isinstance(file, Path):
        name, data = file.name, file.read_bytes()
    elif isinstance(file, tuple):
        name, data = file
    else:
        name, data = "picture" + _suffix(file), file
    mime = mimetypes.guess_type(name)[0] or "application/octet-stream"
    return {"name": name, "mime": mime, "base64": base64.b64encode(data).decode()}


def _suffix(data: bytes) -> str:
    known = {b"\x89PNG": ".png", b"GIF8": ".gif", b"\xff\xd8\xff\xe0": ".jpg", b"\xff\xd8\xff\xe1": ".jpg"}
    return known.get(data[:4], ".webp" if data[8:12] == b"WEBP" else ".jpg" if data[:2] == b"\xff\xd8" else ".bin")
