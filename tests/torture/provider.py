"""A provider as a separate process: ``python -m tests.torture.provider SEED``. Prints its address.

Speaks Gemini's dialect, with latency and faults drawn from the seed, and paints what the request says: the same
history gives the same picture. Records each call: when it came, whether its answer went out whole, which history it
had. Imports Starlette, Pillow, the script's tags and the trap.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import io
import json
import random
import sys
import time
from collections import Counter
from typing import Any

import uvicorn
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.torture.script import TAG
from tests.torture.trap import Trapped

SLOW_S = 40.0
Json = dict[str, Any]


class Painter:
    """Answers calls and remembers them."""

    def __init__(self, seed: str, latency_s: tuple[float, float], faults: bool) -> None:
        self._seed = seed
        self._latency_s = latency_s
        self._faults = faults
        self.calls: list[Json] = []
        self.refusal: tuple[int, Json] | None = None
        """The answer to all calls while the provider is out of order."""
        self._times: Counter[str] = Counter()

    async def generate(self, request: Request) -> Response:
        """Serve ``generateContent``."""
        try:
            body = await request.json()
        except ClientDisconnect:
            # The calling process was killed while it sent its request, so no picture was asked for.
            return Response(status_code=499)
        history = [_summary(content) for content in body["contents"]]
        digest = hashlib.sha256(json.dumps(history).encode()).hexdigest()
        tags = TAG.findall(json.dumps(history[-1]))
        call: Json = {"n": len(self.calls), "tag": tags[-1] if tags else "", "digest": digest, "history": history}
        call |= {
            "who": request.scope.get("asker", ""),
            "at": time.time(),
            "end": None,
            "finished": False,
            "cut": False,
            "id": f"r{len(self.calls)}-{digest[:8]}",
        }
        self.calls.append(call)
        if self.refusal is not None:
            return JSONResponse(self.refusal[1], self.refusal[0])
        self._times[digest] += 1
        dice = random.Random(f"{self._seed} {digest} {self._times[digest]}")
        slow = "slow" in json.dumps(history[-1])
        gone = await _gone_within(request, SLOW_S if slow else dice.uniform(*self._latency_s))
        call["end"] = time.time()
        call["cut"] = gone
        if gone:
            return Response(status_code=499)
        if self._faults and dice.random() < 0.08:
            return JSONResponse({"error": {"code": 503, "message": "overloaded", "status": "UNAVAILABLE"}}, 503)
        if self._faults and dice.random() < 0.03:
            soon = {"@type": "type.googleapis.com/google.rpc.RetryInfo", "retryDelay": "1s"}
            error = {"code": 429, "message": "slow down", "status": "RESOURCE_EXHAUSTED", "details": [soon]}
            return JSONResponse({"error": error}, 429)
        return _Noted(_answer(call["tag"], digest, call["id"]), call)


class _Noted(JSONResponse):
    """An answer that writes down that it went out whole."""

    def __init__(self, body: Json, call: Json) -> None:
        super().__init__(body)
        self._call = call

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        await super().__call__(scope, receive, send)
        self._call |= {"finished": True, "end": time.time()}


async def _gone_within(request: Request, seconds: float) -> bool:
    """Wait, but no longer than somebody listens."""
    listening = asyncio.ensure_future(request.receive())
    done, _ = await asyncio.wait({listening}, timeout=seconds)
    listening.cancel()
    return bool(done)


def _summary(content: Json) -> list[str]:
    parts = []
    for part in content["parts"]:
        inline = part.get("inlineData") or part.get("inline_data")
        parts.append(part["text"] if "text" in part else hashlib.sha256(inline["data"].encode()).hexdigest()[:16])
    return [content["role"], *parts]


def _answer(tag: str, digest: str, name: str) -> Json:
    dice = random.Random(digest)
    # Blocks of chance: no two of them look alike, neither to a person nor to a perceptual hash.
    image = Image.frombytes("RGB", (8, 6), dice.randbytes(8 * 6 * 3)).resize((320, 240), Image.Resampling.NEAREST)
    written = io.BytesIO()
    image.save(written, "PNG")
    data = base64.b64encode(written.getvalue()).decode()
    parts = [
        {"text": f"Done [{tag}]"},
        {"inlineData": {"mimeType": "image/png", "data": data}, "thoughtSignature": digest[:16]},
    ]
    content = {"role": "model", "parts": parts}
    return {
        "candidates": [{"content": content, "finishReason": "STOP", "index": 0}],
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1290, "totalTokenCount": 1300},
        "modelVersion": "torture",
        "responseId": name,
    }


async def main(seed: str, shortest_s: float, longest_s: float, faults: bool) -> None:
    """Serve until the process is ended."""
    painter = Painter(seed, (shortest_s, longest_s), faults)

    async def calls(request: Request) -> Response:
        since = int(request.query_params.get("since", 0))
        keep = ("n", "tag", "at", "finished") if "brief" in request.query_params else None
        found = painter.calls[since:]
        return JSONResponse([{name: call[name] for name in keep} for call in found] if keep else found)

    async def refuse(request: Request) -> Response:
        given = await request.json()
        painter.refusal = (given["status"], given["body"]) if given else None
        return Response(status_code=204)

    path = "/{version}/models/{model}:generateContent"
    app = Starlette(
        routes=[
            Route(path, painter.generate, methods=["POST"]),
            Route("/calls", calls),
            Route("/refuse", refuse, methods=["POST"]),
        ]
    )
    server = uvicorn.Server(uvicorn.Config(Trapped(app), port=0, log_level="error", access_log=False))
    socket = server.config.bind_socket()
    print(f"http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    await server.serve([socket])


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1], float(sys.argv[2]), float(sys.argv[3]), sys.argv[4] == "faults")))
