"""The HTTP face: Google's ``generateContent`` under /v1 and /v1beta, and the switches under /sandbox/provider.

May import: Starlette and the modules beside it. Painting runs in worker threads; the event loop only moves bytes.
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
from bot.sandbox.engine.state import EngineState, hashed, quota, thumbnail, without_bytes
from bot.sandbox.engine.wire import ApiError

_NO_KEY = (
    "Method doesn't allow unregistered callers (callers without established identity). Please use "
    "API Key or other form "
    "of API consumer identity to call this API."
)
_BAD_KEY = "API key not valid. Please pass a valid API key."


def routes(state: EngineState) -> list[Route]:
    """Return the engine's routes; they share ``state``."""

    def bound(
        handler: Callable[[Request, EngineState], Awaitable[Response]],
    ) -> Callable[[Request], Awaitable[Response]]:
        async def endpoint(request: Request) -> Response:
            try:
                return await handler(request, state)
            except ApiError as error:
                return JSONResponse(error.body(), error.code)

        return endpoint

    found: list[Route] = []
    for version in ("v1", "v1beta"):
        found.append(Route(f"/{version}/models", bound(_list_models), methods=["GET"]))
        found.append(Route(f"/{version}/models/{{call}}", bound(_one_model), methods=["GET"]))
        found.append(Route(f"/{version}/models/{{call}}", bound(_generate), methods=["POST"]))
    found.append(Route("/sandbox/provider", bound(_switches), methods=["GET", "POST"]))
    found.append(Route("/sandbox/provider/last", bound(_last), methods=["GET"]))
    found.append(Route("/sandbox/provider/calls", bound(_calls), methods=["GET"]))
    return found


def _check_key(request: Request) -> None:
    """Accept any key but one that begins with ``bad``."""
    bearer = request.headers.get("authorization", "").removeprefix("Bearer ").strip()
    key = request.headers.get("x-goog-api-key") or bearer or request.query_params.get("key") or ""
    if not key:
        raise ApiError(403, "PERMISSION_DENIED", _NO_KEY)
    if key.startswith("bad"):
        kind = "type.googleapis.com/google.rpc."
        service = {"service": "generativelanguage.googleapis.com"}
        info = {
            "@type": kind + "ErrorInfo",
            "reason": "API_KEY_INVALID",
            "domain": "googleapis.com",
            "metadata": service,
        }
        words = {"@type": kind + "LocalizedMessage", "locale": "en-US", "message": _BAD_KEY}
        raise wire.invalid(_BAD_KEY, [info, words])


def _model(name: str, request: Request) -> Model:
    if name not in MODELS:
        version = request.url.path.split("/")[1]
        text = f"models/{name} is not found for API version {version}, or is not supported for generateContent."
        raise ApiError(404, "NOT_FOUND", f"{text} Call ListModels to see the list of available models.")
    return MODELS[name]


async def _list_models(request: Request, state: EngineState) -> Response:
    _check_key(request)
    size = request.query_params.get("pageSize") or request.query_params.get("page_size") or "50"
    token = request.query_params.get("pageToken") or request.query_params.get("page_token") or "0"
    if not size.isdigit() or not token.isdigit():
        raise wire.invalid("Request contains an invalid argument.")
    start, count = int(token), max(1, min(1000, int(size)))
    entries = [model.entry() for model in MODELS.values()]
    page: dict[str, Any] = {"models": entries[start : start + count]}
    return JSONResponse(page | ({"nextPageToken": str(start + count)} if start + count < len(entries) else {}))


async def _one_model(request: Request, state: EngineState) -> Response:
    _check_key(request)
    return JSONResponse(_model(request.path_params["call"], request).entry())


async def _generate(request: Request, state: EngineState) -> Response:
    name, _, method = request.path_params["call"].partition(":")
    stream = method == "streamGenerateContent"
    mode = state.take()
    entry = state.begin(name, mode)
    try:
        _check_key(request)
        if method not in {"generateContent", "streamGenerateContent"}:
            raise ApiError(404, "NOT_FOUND", f"The offline engine has no method {method or 'here'}.")
        answer = await _answer(request, state, _model(name, request), mode, entry)
    except ApiError as error:
        entry["status"] = error.code
        state.last["answer"] = error.body()
        return JSONResponse([error.body()] if stream and not _sse(request) else error.body(), error.code)
    if mode == "die":
        entry["status"] = "cut"
        return _Cut(json.dumps(answer).encode())
    entry["status"] = 200
    if not stream:
        return JSONResponse(answer)
    if _sse(request):
        return Response(f"data: {json.dumps(answer)}\r\n\r\n", media_type="text/event-stream")
    return JSONResponse([answer])


def _sse(request: Request) -> bool:
    return request.query_params.get("alt") == "sse"


async def _answer(
    request: Request, state: EngineState, model: Model, mode: str, entry: dict[str, Any]
) -> dict[str, Any]:
    body = await _body(request, state.max_request_bytes)
    entry["request"], state.last["request"] = await asyncio.to_thread(_described, body)
    state.last["answer"] = None
    if mode == "429":
        raise quota(state.delay_s, model.name)
    if mode == "503":
        raise ApiError(503, "UNAVAILABLE", "The model is overloaded. Please try again later.")
    asked = await asyncio.to_thread(wire.read_request, body, model)
    # An answer that nobody gets is no version: whoever asks again has seen none.
    version = asked.seed if asked.seed is not None else 0 if mode == "die" else state.version(model.name, body)
    del body
    if mode == "slow":
        await asyncio.sleep(state.delay_s)
    if mode == "refuse":
        answer = wire.refusal(asked, model)
    else:
        async with state.seat(large=asked.large):
            said = await asyncio.to_thread(studio.answer, asked, model, mode, version)
        answer = wire.answer(said, asked, model)
    state.last["answer"] = await asyncio.to_thread(without_bytes, answer, thumbnail)
    return answer


async def _body(request: Request, limit_bytes: int) -> bytes:
    chunks, size = [], 0
    async for chunk in request.stream():
        size += len(chunk)
        if size > limit_bytes:
            raise wire.invalid(f"Request payload size exceeds the limit: {limit_bytes} bytes.")
        chunks.append(chunk)
    return b"".join(chunks)


def _described(body: bytes) -> tuple[Any, Any]:
    try:
        raw = json.loads(body)
    except ValueError:
        return None, None
    return without_bytes(raw, hashed), without_bytes(raw, thumbnail)


class _Cut(Response):
    """An answer that never arrives whole: the work is done, the connection closes.

    The sandbox's server offers ``cut``, which closes without a byte; elsewhere the answer breaks off in the middle.
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


async def _calls(request: Request, state: EngineState) -> Response:
    since = request.query_params.get("since", "0")
    if not since.isdigit():
        return JSONResponse({"error": "since must be the number of a call."}, 400)
    return JSONResponse(state.since(int(since)))
