"""The least that can be done: poll, download, ask, send; nothing kept, nothing checked. The measure of all else.

Run as a process: ``python -m tests.bench.bare TELEGRAM PROVIDER``. Imports httpx, as the bot does.
"""

from __future__ import annotations

import asyncio
import base64
import json
import sys
from typing import Any

import httpx


async def serve(telegram: str, provider: str) -> None:
    """Answer every message until killed."""
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=400)
    async with httpx.AsyncClient(timeout=120, limits=limits, trust_env=False) as http:
        offset = 0
        tasks = set()
        while True:
            polled = await http.post(f"{telegram}/bot7:x/getUpdates?timeout=20&offset={offset}")
            for update in polled.json()["result"]:
                offset = update["update_id"] + 1
                tasks.add(task := asyncio.create_task(answer(http, telegram, provider, update["message"])))
                task.add_done_callback(tasks.discard)


async def answer(http: httpx.AsyncClient, telegram: str, provider: str, message: dict[str, Any]) -> None:
    """Answer one message."""
    parts: list[dict[str, Any]] = [{"text": message.get("text") or message.get("caption")}]
    if "photo" in message:
        found = await http.post(f"{telegram}/bot7:x/getFile", data={"file_id": message["photo"][0]["file_id"]})
        picture = (await http.get(f"{telegram}/file/bot7:x/{found.json()['result']['file_path']}")).content
        inline = {"mimeType": "image/jpeg", "data": base64.b64encode(picture).decode()}
        parts.insert(0, {"inlineData": inline})
    body = json.dumps({"contents": [{"role": "user", "parts": parts}]}).encode()
    answered = await http.post(f"{provider}/v1beta/models/x:generateContent", content=body)
    said, drawn = json.loads(answered.content)["candidates"][0]["content"]["parts"]
    picture = base64.b64decode(drawn["inlineData"]["data"])
    form = {"chat_id": str(message["chat"]["id"]), "caption": said["text"]}
    await http.post(f"{telegram}/bot7:x/sendPhoto", data=form, files={"photo": ("x.jpg", picture, "image/jpeg")})


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], sys.argv[2]))
