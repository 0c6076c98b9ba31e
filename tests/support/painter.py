"""A scripted provider for dialogue tests: Gemini's ``generateContent`` over HTTP, a queue of answers, a list of calls.

Without a script it paints: each picture is a plain colour of its own, so that a test can tell which one it is looking
at. Imports ``serving``, ``shelf``, httpx, pybase64, Starlette and Pillow; nothing of the bot.
"""

from __future__ import annotations

import asyncio
import hashlib
import io
import random
import time
from collections import deque
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

import httpx
import pybase64
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from tests.support.serving import served
from tests.support.shelf import Shelf

Json = dict[str, Any]


def colour(number: int) -> tuple[int, int, int]:
    """Return a colour that no other small number has, far from its neighbours."""
    return (number * 67 + 40) % 256, (number * 151 + 90) % 256, (number * 29 + 200) % 256


@lru_cache(500)
def plain(number: int, size_px: tuple[int, int] = (64, 48), kind: str = "PNG") -> bytes:
    """Return a picture in one colour."""
    written = io.BytesIO()
    Image.new("RGB", size_px, colour(number)).save(written, kind)
    return written.getvalue()


def noise(number: int, side_px: int = 150) -> bytes:
    """Return a picture that no compression makes smaller than three bytes a pixel."""
    pixels = random.Random(number).randbytes(3 * side_px * side_px)
    written = io.BytesIO()
    Image.frombytes("RGB", (side_px, side_px), pixels).save(written, "PNG")
    return written.getvalue()


def number_of(picture: bytes) -> int:
    """Return which plain picture this is, also after Telegram compressed it."""
    digest = hashlib.sha256(picture).digest()
    if digest not in _numbers:
        _numbers[digest] = _number_of(picture)
    return _numbers[digest]


_numbers: dict[bytes, int] = {}
"""What was looked at already: a long talk brings the same pictures with each request."""


def _number_of(picture: bytes) -> int:
    with Image.open(io.BytesIO(picture)) as opened:
        seen = opened.convert("RGB").resize((1, 1)).getpixel((0, 0))
    assert isinstance(seen, tuple)
    return min(range(200), key=lambda number: sum(abs(a - b) for a, b in zip(colour(number), seen, strict=True)))


def numbers(pictures: Iterable[bytes]) -> list[int]:
    """Return which plain pictures these are."""
    return [number_of(picture) for picture in pictures]


@dataclass(frozen=True)
class Call:
    """A request as it came, and when, in seconds of a clock that only runs forward."""

    model: str
    headers: Json
    body: Json
    whole: list[Json] = field(default_factory=list)
    """The conversation with the bytes of files where they were named; empty when one of them was refused."""
    size_bytes: int = 0
    at_s: float = field(default_factory=time.monotonic)

    @property
    def key(self) -> str:
        """The key that pays for it."""
        return _key_in(self.headers)

    @property
    def contents(self) -> list[Json]:
        """The conversation."""
        return list(self.body["contents"])

    @property
    def wish(self) -> str:
        """The words of the last user turn."""
        return "\n".join(part["text"] for part in self.contents[-1]["parts"] if "text" in part)

    @property
    def pictures(self) -> list[bytes]:
        """The pictures of the last user turn."""
        return _pictures(self.contents[-1])

    @property
    def all_pictures(self) -> list[bytes]:
        """Every picture in the request, oldest first."""
        return [picture for content in self.contents for picture in _pictures(content)]

    @property
    def roles(self) -> list[str]:
        """The roles in their order."""
        return [content["role"] for content in self.contents]


class Cut(Response):
    """An answer that breaks off: the connection is closed after its first bytes."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send the beginning, and no end: a server then closes the connection."""
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b'{"candidates": [', "more_body": True})


@dataclass
class Painter:
    """The emulated provider. It returns the answers of ``script`` first, then paints; ``calls`` are all requests."""

    base_url: str = ""
    script: deque[Any] = field(default_factory=deque)
    always: Any = None
    """The answer to each call that the script does not plan, until it is None again; written as in ``will``."""
    calls: list[Call] = field(default_factory=list)
    shelf: Shelf = field(default_factory=Shelf)
    gone: set[str] = field(default_factory=set)
    """Models that a call finds no more: Google's list goes on to name those that are closed to new users alone."""
    offered: list[str] | None = None
    """The models that ``GET models`` lists; None: no such list."""
    asked_for_models: int = 0
    status: Json | None = None
    """What answers say about their model's age."""
    by_key: dict[str, Any] = field(default_factory=dict)
    """The answers to all calls with a key, written as in ``will``; they win over all others."""
    painted: int = 0
    delay_s: float = 0.0
    running: int = 0
    most_running: int = 0
    takes: int | None = None
    """How many calls are taken at a time; more are refused with 429, and counted in ``refused``."""
    refused: int = 0
    spoken: deque[Any] = field(default_factory=deque)
    """What is said in the next recordings."""
    heard: list[Call] = field(default_factory=list)
    """The requests to write down a recording. They are no pictures and not in ``calls``."""
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    def will(self, *answers: Any) -> None:
        """Answer with these next: parts as a list, a body as a dict, an error as ``(status, body)``, or ``Cut``."""
        self.script.extend(answers)

    def hold(self) -> asyncio.Event:
        """Let the next call wait until the event that this returns is set."""
        gate = asyncio.Event()
        self.will(gate)
        return gate

    async def called(self, count: int, timeout_s: float = 10.0) -> Call:
        """Wait until that many calls came; return the last of them."""
        async with asyncio.timeout(timeout_s):
            while len(self.calls) < count:
                self._came.clear()
                await self._came.wait()
        return self.calls[count - 1]

    def paint(self) -> list[Json]:
        """Return the parts of an ordinary answer: words and the next picture."""
        self.painted += 1
        return [{"text": f"Painting {self.painted}."}, picture_part(plain(self.painted))]

    async def listen(self, call: Call) -> Response:
        """Answer a recording with the next words of ``spoken``, a status with an error, or when an event is set."""
        self.heard.append(call)
        self._came.set()
        said = self.by_key.get(call.key) or (self.spoken.popleft() if self.spoken else "a boat at dusk")
        if isinstance(said, asyncio.Event):
            await said.wait()
            said = "a boat at dusk"
        if isinstance(said, tuple):
            return JSONResponse(said[1], said[0])
        used = {"promptTokenCount": 200, "candidatesTokenCount": 8, "totalTokenCount": 208}
        return JSONResponse({**answered([{"text": said}] if said else []), "usageMetadata": used})

    async def listened(self, count: int, timeout_s: float = 10.0) -> Call:
        """Wait until that many recordings came; return the last of them."""
        async with asyncio.timeout(timeout_s):
            while len(self.heard) < count:
                self._came.clear()
                await self._came.wait()
        return self.heard[count - 1]

    async def answer(self, request: Request) -> Response:
        """Serve ``models/{model}:generateContent``."""
        body, headers = await request.json(), dict(request.headers)
        if _recording(body["contents"][-1]):
            return await self.listen(Call(request.path_params["model"], headers, body))
        size_bytes = len(await request.body())
        refusal = self.shelf.refusal(body["contents"], headers.get("x-goog-api-key", ""))
        whole = [] if refusal else self.shelf.expand(body["contents"])
        self.calls.append(Call(request.path_params["model"], headers, body, whole, size_bytes))
        self._came.set()
        if refusal:
            return refusal
        if request.path_params["model"] in self.gone:
            return JSONResponse(not_for_new_users(request.path_params["model"]), 404)
        if self.takes is not None and self.running >= self.takes:
            self.refused += 1
            error = {"code": 429, "message": "Resource has been exhausted.", "status": "RESOURCE_EXHAUSTED"}
            return JSONResponse({"error": error}, 429)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        try:
            planned = self.by_key.get(self.calls[-1].key)
            if planned is None:
                planned = self.script.popleft() if self.script else self.always or self.paint()
            if isinstance(planned, asyncio.Event):
                await planned.wait()
                planned = self.paint()
            await asyncio.sleep(self.delay_s)
        finally:
            self.running -= 1
        if isinstance(planned, Response):
            return planned
        if isinstance(planned, tuple):
            status, answer = planned
            return Response(answer, status) if isinstance(answer, str) else JSONResponse(answer, status)
        answer = planned if isinstance(planned, dict) else answered(planned)
        return JSONResponse(answer if self.status is None else {**answer, "modelStatus": self.status})

    async def models(self, request: Request) -> Response:
        """Serve ``models``, as ai.google.dev/api/models says."""
        self.asked_for_models += 1
        if planned := self.by_key.get(_key_in(request.headers)):
            return JSONResponse(planned[1], planned[0])
        if self.offered is None:
            return Response(status_code=404)
        methods = {"supportedGenerationMethods": ["generateContent"]}
        return JSONResponse({"models": [{"name": f"models/{name}", **methods} for name in self.offered]})


def _key_in(headers: Mapping[str, str]) -> str:
    return headers.get("x-goog-api-key") or headers.get("authorization", "").partition(" ")[2]


def not_for_new_users(model: str) -> Json:
    """Return Google's answer to a key that never used a legacy model."""
    message = (
        f"This model models/{model} is no longer available to new users. "
        "Please update your code to use a newer model for the latest features and improvements."
    )
    return {"error": {"code": 404, "message": message, "status": "NOT_FOUND"}}


def picture_part(data: bytes, mime: str = "image/png", **more: Any) -> Json:
    """Return an ``inlineData`` part."""
    return {"inlineData": {"mimeType": mime, "data": pybase64.b64encode(data).decode()}, **more}


def answered(parts: list[Json], finish: str = "STOP") -> Json:
    """Return a whole answer around parts."""
    return {
        "candidates": [{"content": {"role": "model", "parts": parts}, "finishReason": finish, "index": 0}],
        "usageMetadata": {"promptTokenCount": 10, "candidatesTokenCount": 1290, "totalTokenCount": 1300},
        "modelVersion": "scripted",
        "responseId": hashlib.sha256(repr(parts).encode()).hexdigest()[:12],
    }


def refused(message: str, status: int = 400) -> tuple[int, Json]:
    """Return an answer that refuses a request, in Google's form."""
    return status, {"error": {"code": status, "message": message, "status": "INVALID_ARGUMENT"}}


def too_many_for(most: int) -> tuple[int, Json]:
    """Return a refusal of more pictures than so many, as vLLM words it and relays pass it on (vllm#17092)."""
    return refused(f"At most {most} image(s) may be provided in one request.")


@asynccontextmanager
async def painting() -> AsyncIterator[Painter]:
    """Serve a painter on a free port of loopback."""
    painter = Painter()
    path = "/{version}/models/{model}:generateContent"
    routes = [Route(path, painter.answer, methods=["POST"]), Route("/{version}/models", painter.models)]
    app = Starlette(routes=[*routes, *painter.shelf.routes()])
    async with served(_proxied(app)) as painter.base_url:
        yield painter


def _proxied(app: Starlette) -> Any:
    """Return ``app`` so that it also answers as a proxy in front of itself, to which whole addresses are sent."""

    async def serve(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "http":
            scope["path"] = httpx.URL(scope["path"]).path
        await app(scope, receive, send)

    return serve


def _pictures(content: Json) -> list[bytes]:
    return [
        pybase64.b64decode(part["inlineData"]["data"], validate=True)
        for part in content["parts"]
        if "inlineData" in part
    ]


def _recording(content: Json) -> bool:
    """Return whether a content has sound or film in it."""
    kinds = [part["inlineData"]["mimeType"] for part in content["parts"] if "inlineData" in part]
    return any(kind.startswith(("audio/", "video/")) for kind in kinds)
