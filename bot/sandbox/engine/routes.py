"""The HTTP face: Google's ``generateContent`` under /v1 and /v1beta, and the switches under /sandbox/provider.

Imports Starlette, ``models``, ``state``, ``studio`` and ``wire``. Painting runs in worker threads; the event loop only
moves bytes.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.engine import studio, wire
from bot.sandbox.engine.models import MODELS, Model
from bot.sandbox.engine.state import EngineState, quota, without_bytes
from bot.sandbox.engine.wire import ApiError

_VERSIONS = ("v1", "v1beta")
_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use API Key or other "
    "form of API consumer identity to call this API."
)


def routes(state: EngineState) -> list[Route]:
    """Return the engine's routes; they share ``state``."""

    def route(path: str, handler: Callable[[Request, EngineState], Awaitable[Response]], *methods: str) -> Route:
        async def endpoint(request: Request) -> Response:
            try:
                return await handler(request, state)
            except ApiError as error:
                return JSONResponse(error.body(), error.code)

        return Route(path, endpoint, methods=methods)

    return [
        *(route(f"/{version}/models", _list_models, "GET") for version in _VERSIONS),
        *(route(f"/{version}/models/{{name}}:generateContent", _generate, "POST") for version in _VERSIONS),
        route("/sandbox/provider", _switches, "GET", "POST"),
        route("/sandbox/provider/last", _last, "GET"),
    ]


def _check_key(request: Request) -> None:
    """Accept any key but one that begins with ``bad``."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    key = request.headers.get("x-goog-api-key") or bearer or request.query_params.get("key") or ""
    if not key:
        raise ApiError(403, "PERMISSION_DENIED", _NO_KEY)
    if key.startswith("bad"):
        info = {"@type": "type.googleapis.com/google.rpc.ErrorInfo", "reason": "API_KEY_INVALID"}
        raise wire.invalid("API key not valid. Please pass a valid API key.", [info | {"domain": "googleapis.com"}])


async def _list_models(request: Request, state: EngineState) -> Response:
    _check_key(request)
    return JSONResponse({"models": [model.entry() for model in MODELS.values()]})


async def _generate(request: Request, state: EngineState) -> Response:
    _check_key(request)
    model, mode = MODELS.get(request.path_params["name"]), state.mode
    if model is None:
        _, version, name = request.url.path.removesuffix(":generateContent").split("/", 2)
        text = f"{name} is not found for API version {version}, or is not supported for generateContent."
        raise ApiError(404, "NOT_FOUND", f"{text} Call ListModels to see the list of available models.")
    body = await _body(request, state.max_request_bytes)
    state.last = {"request": await asyncio.to_thread(_described, body), "answer": None}
    try:
        answer = await _answer(body, state, model, mode)
    except ApiError as error:
        state.last["answer"] = error.body()
        raise
    state.last["answer"] = await asyncio.to_thread(without_bytes, answer)
    return _Cut(json.dumps(answer).encode()) if mode == "die" else JSONResponse(answer)


async def _answer(body: bytes, state: EngineState, model: Model, mode: str) -> dict[str, Any]:
    if mode == "429":
        raise quota(state.delay_s, model.name)
    if mode == "503":
        raise ApiError(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
    asked = await asyncio.to_thread(wire.read_request, body, model)
    # An answer that is cut off does not count as a version, because nobody has seen it.
    version = 0 if mode == "die" else state.version(model.name, body)
    if mode == "slow":
        await asyncio.sleep(state.delay_s)
    if mode == "refuse":
        return wire.refusal(asked, model)
    async with state.seats:
        said = await asyncio.to_thread(studio.answer, asked, model, mode, version)
    return wire.answer(said, asked, model)


async def _body(request: Request, limit_bytes: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            raise wire.invalid(f"Request payload size exceeds the limit: {limit_bytes} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


def _described(body: bytes) -> Any:
    try:
        return without_bytes(wire.load(body))
    except ValueError:
        return None


class _Cut(Response):
    """An answer that is lost on its way: the work is done, then the connection closes.

    The sandbox's server offers ``cut``, which closes it without a byte. Other servers send the beginning of the answer.
    """

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cut = scope.get("state", {}).get("cut")
        if cut is not None:
            await cut()
            return
        await send({"type": "http.response.start", "status": 200, "headers": self.raw_headers})
        await send({"type": "http.response.body", "body": bytes(self.body)[:200], "more_body": True})


async def _switches(request: Request, state: EngineState) -> Response:
    if request.method == "POST":
        try:
            wanted = await request.json()
            if not isinstance(wanted, dict):
                raise ValueError('Send a JSON object such as {"mode": "slow", "delay_s": 5}.')
            state.switch(wanted)
        except ValueError as error:
            return JSONResponse({"error": str(error)}, 400)
    return JSONResponse(state.show())


async def _last(request: Request, state: EngineState) -> Response:
    return JSONResponse(state.last)
