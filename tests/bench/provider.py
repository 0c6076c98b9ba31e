"""A provider so light that it does not count: answers ``generateContent`` with prepared bytes after a set time.

Run as a process: ``python -m tests.bench.provider PORT``. Imports aiohttp and Pillow. It notes when each request had
come whole and when its answer had gone whole, and the number in its last wish, written ``#7#``. No answer has the
pixels of the one before it, as a model's would not: a bot would say so of each, in a message more.
"""

from __future__ import annotations

import asyncio
import base64
import io
import json
import os
import re
import sys
import time
from itertools import count
from typing import Any

from aiohttp import web
from PIL import Image

NUMBER = re.compile(rb"#(\d+)#")
INLINE = b"inlineData"
END_BYTES = 4_000
"""The last wish is before this: only settings come after it."""


class Provider:
    """``delay_s`` and the picture are set through ``/bench/set``."""

    def __init__(self) -> None:
        self.delay_s = 0.0
        self.size_bytes = 1_000_000
        self.log: list[tuple[str, float, int, int]] = []
        self.numbers = count(1)
        self.templates = turned(noise(self.size_bytes))

    async def answer(self, request: web.Request) -> web.StreamResponse:
        """Serve a turn."""
        size, end, pictures = 0, b"", 0
        async for chunk in request.content.iter_chunked(262_144):
            size += len(chunk)
            # A name that two chunks share is not whole in either of them.
            pictures += (end[1 - len(INLINE) :] + chunk).count(INLINE)
            end = (end + chunk)[-END_BYTES:]
        asked = NUMBER.findall(end)
        self.log.append(("request", time.monotonic(), size, int(asked[-1]) if asked else 0))
        await asyncio.sleep(self.delay_s)
        body = self.body(self.templates[pictures % len(self.templates)])
        response = web.StreamResponse(headers={"Content-Type": "application/json", "Content-Length": str(len(body))})
        await response.prepare(request)
        await response.write(body)
        await response.write_eof()
        self.log.append(("answered", time.monotonic(), len(body), 0))
        return response

    def body(self, template: bytes) -> bytes:
        """Return an answer with words and a new picture."""
        picture = bytearray(template)
        # The density in a JFIF header is four bytes that change no pixel.
        picture[14:18] = next(self.numbers).to_bytes(4, "big")
        parts: list[dict[str, Any]] = [
            {"text": "Done."},
            {"inlineData": {"mimeType": "image/jpeg", "data": base64.b64encode(picture).decode()}},
        ]
        answer = {"candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": "STOP"}]}
        return json.dumps(answer).encode()

    async def set(self, request: web.Request) -> web.Response:
        """Change delay and picture size."""
        wanted = await request.json()
        self.delay_s = wanted["delay_s"]
        if wanted["size_bytes"] != self.size_bytes:
            self.size_bytes = wanted["size_bytes"]
            self.templates = turned(noise(self.size_bytes))
        return web.json_response({})

    async def events(self, request: web.Request) -> web.Response:
        """Return the log and begin a new one."""
        log, self.log = self.log, []
        return web.json_response(log)


def turned(picture: bytes) -> list[bytes]:
    """Return a picture in each of its eight orientations: one for every number of pictures that a request may hold."""
    found = [picture]
    with Image.open(io.BytesIO(picture)) as image:
        for way in Image.Transpose:
            written = io.BytesIO()
            image.transpose(way).save(written, "JPEG", quality=90)
            found.append(written.getvalue())
    return found


def noise(size_bytes: int) -> bytes:
    """Return a JPEG of at least ``size_bytes``, and hardly more."""
    side = 64
    while True:
        written = io.BytesIO()
        Image.frombytes("RGB", (side, side), os.urandom(side * side * 3)).save(written, "JPEG", quality=90)
        if written.tell() >= size_bytes:
            return written.getvalue()
        side = max(side + 4, int(side * min(2.0, (size_bytes / written.tell()) ** 0.5)))


def main() -> None:
    """Serve until killed."""
    provider = Provider()
    app = web.Application(client_max_size=200_000_000)
    app.router.add_post("/v1beta/models/{call}", provider.answer)
    app.router.add_post("/bench/set", provider.set)
    app.router.add_get("/bench/events", provider.events)
    web.run_app(app, host="127.0.0.1", port=int(sys.argv[1]), print=None, access_log=None, shutdown_timeout=0.5)


if __name__ == "__main__":
    main()
