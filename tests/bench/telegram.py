"""A Telegram that costs almost nothing: it hands out prepared updates, discards the bot's calls and records the times.

Run as a process: ``python -m tests.bench.telegram PORT``. Imports aiohttp, whose parser is in C. It checks nothing;
the emulated Bot API of the sandbox does that. ``/bench/...`` is for the measuring process.
"""

from __future__ import annotations

import asyncio
import json
import sys
import time
from contextlib import suppress
from itertools import count
from typing import Any

from aiohttp import web

BOT = {"id": 7, "is_bot": True, "first_name": "Bench", "username": "bench_bot", "can_read_all_group_messages": False}

PHOTOS = ("sendphoto", "senddocument")


class Telegram:
    """Updates that wait, and what happened when: ``(event, chat_id, monotonic seconds, bytes)``."""

    def __init__(self) -> None:
        self.waiting: list[dict[str, Any]] = []
        self.arrived = asyncio.Event()
        self.log: list[tuple[str, int, float, int]] = []
        self.files: dict[str, bytes] = {}
        self.message_ids = count(1_000_000)
        self.update_ids = count(1)
        self.photos = 0
        self.polls: list[float] = []
        self.changed = asyncio.Condition()

    async def get_updates(self, asked: dict[str, str]) -> list[dict[str, Any]]:
        """Long polling; the offset confirms."""
        offset = int(asked.get("offset", 0))
        self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
        if not self.waiting:
            self.arrived.clear()
            try:
                await asyncio.wait_for(self.arrived.wait(), min(float(asked.get("timeout", 0)), 20))
            except TimeoutError:
                return []
        now = time.monotonic()
        batch = self.waiting[:100]
        self.log.extend(("handed", update["message"]["chat"]["id"], now, 0) for update in batch)
        return batch

    async def method(self, request: web.Request) -> web.StreamResponse:
        """Serve every Bot API method."""
        name = request.match_info["method"].lower()
        if name == "getupdates":
            async with self.changed:
                self.polls.append(time.monotonic())
                self.changed.notify_all()
            return _ok(await self.get_updates(dict(request.query)))
        body = await request.read()
        now = time.monotonic()
        if name == "getme":
            return _ok(BOT)
        if name == "getfile":
            file_id = _field(body, "file_id")
            return _ok({"file_id": file_id, "file_unique_id": file_id, "file_path": f"photos/{file_id}"})
        if name.startswith("send") and name != "sendchataction":
            chat_id = int(_field(body, "chat_id"))
            self.log.append((name, chat_id, now, len(body)))
            if name in PHOTOS:
                async with self.changed:
                    self.photos += 1
                    self.changed.notify_all()
            return _ok(self.message(chat_id, photo=name == "sendphoto"))
        return _ok(True)

    def message(self, chat_id: int, *, photo: bool) -> dict[str, Any]:
        """Return a message of the bot's."""
        number = next(self.message_ids)
        found: dict[str, Any] = {
            "message_id": number,
            "date": int(time.time()),
            "chat": {"id": chat_id, "type": "private", "first_name": "B"},
            "from": BOT,
        }
        if photo:
            found["photo"] = [{"file_id": f"p{number}", "file_unique_id": f"u{number}", "width": 1024, "height": 1024}]
        else:
            found["text"] = "ok"
        return found

    async def file(self, request: web.Request) -> web.Response:
        """Serve a file. Each file number is a new picture, as with photos."""
        name, _, number = request.match_info["path"].rsplit("/", 1)[-1].partition("-")
        picture = bytearray(self.files[name])
        # The density in a JFIF header is four bytes that change no pixel.
        picture[14:18] = int(number).to_bytes(4, "big")
        return web.Response(body=picture)

    async def say(self, request: web.Request) -> web.Response:
        """Queue messages: ``[{"chat_id", "text"?, "file"?}]``."""
        for order in await request.json():
            chat = {"id": order["chat_id"], "type": "private", "first_name": f"P{order['chat_id']}"}
            sender = {"id": order["chat_id"], "is_bot": False, "first_name": f"P{order['chat_id']}"}
            number = next(self.message_ids)
            message: dict[str, Any] = {"message_id": number, "date": int(time.time()), "chat": chat, "from": sender}
            if order.get("file"):
                size = len(self.files[order["file"]])
                name = f"{order['file']}-{number}"
                message["photo"] = [
                    {"file_id": name, "file_unique_id": name, "width": 1024, "height": 1024, "file_size": size}
                ]
                message["caption"] = order["text"]
            else:
                message["text"] = order["text"]
            self.waiting.append({"update_id": next(self.update_ids), "message": message})
        self.arrived.set()
        return web.json_response({})

    async def put_file(self, request: web.Request) -> web.Response:
        """Store a file for download."""
        self.files[request.match_info["name"]] = await request.read()
        return web.json_response({})

    async def events(self, request: web.Request) -> web.Response:
        """Wait for so many ``photos`` since the last look, or ``timeout``; give the log, begin a new one."""
        wanted = int(request.query.get("photos", 0))
        with suppress(TimeoutError):
            async with asyncio.timeout(float(request.query.get("timeout", 0))), self.changed:
                await self.changed.wait_for(lambda: self.photos >= wanted)
        log, self.log, self.photos = self.log, [], 0
        return web.json_response(log)

    async def polled(self, request: web.Request) -> web.Response:
        """Wait for the first getUpdates after ``since``; give its time, null when none comes for a second."""
        since = float(request.query["since"])
        with suppress(TimeoutError):
            async with asyncio.timeout(1), self.changed:
                await self.changed.wait_for(lambda: bool(self.polls) and self.polls[-1] > since)
        return web.json_response(next((at for at in self.polls if at > since), None))

    async def clock(self, request: web.Request) -> web.Response:
        """Return the time of the clock that all records use."""
        return web.json_response(time.monotonic())


def _ok(result: Any) -> web.Response:
    return web.Response(body=json.dumps({"ok": True, "result": result}), content_type="application/json")


def _field(body: bytes, name: str) -> str:
    """Read one field out of a form or multipart body without parsing the rest."""
    marker = f'name="{name}"'.encode()
    if marker in body[:4096] or marker in body[-4096:]:
        start = body.index(marker) + len(marker)
        start = body.index(b"\r\n\r\n", start) + 4
        return body[start : body.index(b"\r\n", start)].decode()
    for pair in body.decode().split("&"):
        key, _, value = pair.partition("=")
        if key == name:
            return value
    raise KeyError(name)


def main() -> None:
    """Serve until killed."""
    telegram = Telegram()
    app = web.Application(client_max_size=200_000_000)
    app.router.add_route("*", "/bot{token}/{method}", telegram.method)
    app.router.add_get("/file/bot{token}/{path:.*}", telegram.file)
    app.router.add_post("/bench/say", telegram.say)
    app.router.add_put("/bench/files/{name}", telegram.put_file)
    app.router.add_get("/bench/events", telegram.events)
    app.router.add_get("/bench/polled", telegram.polled)
    app.router.add_get("/bench/clock", telegram.clock)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, shutdown_timeout=0.5)


if __name__ == "__main__":
    main()
