"""The Bot API over HTTP: /bot{token}/{method} and /file/bot{token}/{path}.

Imports Starlette, ``errors``, ``methods``, ``registry``, ``requests`` and ``state``. Faults, limits and the call log
are applied here, around every call.
"""

from __future__ import annotations

import asyncio
import json
import logging
from contextlib import suppress
from typing import Any

from starlette.requests import ClientDisconnect, Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route
from starlette.types import Receive, Scope, Send

from bot.sandbox.botapi import methods
from bot.sandbox.botapi.errors import BROKEN, NOT_FOUND, TOO_LARGE, UNAUTHORIZED, ApiError
from bot.sandbox.botapi.registry import Call, check, find
from bot.sandbox.botapi.requests import Given, loggable, read_request
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.faults import FaultOrder, nginx_page
from bot.sandbox.botapi.state.records import Json

__all__ = ["methods", "routes"]
log = logging.getLogger(__name__)


class Cut(Response):
    """An answer that never arrives: the connection is closed instead."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        cut = scope.get("state", {}).get("cut")
        if cut is None:
            raise ConnectionResetError("the sandbox cut the connection, as a fault asked")
        await cut()


def answer(result: Any) -> Response:
    """Return a result in the Bot API's form."""
    return _json({"ok": True, "result": result}, 200)


def refusal(error: ApiError) -> Response:
    """Return a refusal in the Bot API's form. nginx refuses a body that is too large before that (telegraf#222)."""
    if error is TOO_LARGE:
        return HTMLResponse(nginx_page(error.code), error.code)
    body: Json = {"ok": False, "error_code": error.code, "description": error.description}
    if error.parameters:
        body["parameters"] = error.parameters
    return _json(body, error.code)


def _json(body: Any, status: int) -> Response:
    text = json.dumps(body, ensure_ascii=False, separators=(",", ":"))
    return Response(text.encode("utf-8", "surrogatepass"), status, media_type="application/json")


def routes(backend: Backend) -> list[BaseRoute]:
    async def api(request: Request) -> Response:
        return await _serve(backend, request)

    async def download(request: Request) -> Response:
        return _download(backend, request)

    async def obey(body: Json) -> None:
        await _from_webhook(backend, body)

    backend.webhook.on_reply = obey
    return [
        Route("/bot{token}/{method}", api, methods=["GET", "POST"]),
        Route("/file/bot{token}/{path:path}", download, methods=["GET"]),
    ]


async def _serve(backend: Backend, request: Request) -> Response:
    """Answer one call: faults first, then checks, limits, the method itself, and the log."""
    name = request.path_params["method"]
    given = Given(parameters={}, uploads={})
    error: ApiError | None = None
    fault: FaultOrder | None = None
    response: Response
    try:
        given = await read_request(request, backend.line.paced)
        if request.path_params["token"] != backend.config.bot_token:
            raise UNAUTHORIZED
        fault = backend.faults.take(name, str(given.parameters.get("chat_id", "")))
        response = await _meet(backend, name, given, fault)
    except ApiError as refused:
        error = refused
        response = refusal(refused)
    except ClientDisconnect:
        # The caller left in the middle of the call, as a killed process does.
        error, response = BROKEN, Cut()
    except Exception:
        log.exception("the emulated Bot API failed in %s", name)
        error = BROKEN
        response = refusal(BROKEN)
    finally:
        backend.keep.commit()
    if fault is not None and fault.drop:
        response = Cut()
    backend.calls.add(
        at=backend.config.clock(),
        method=name,
        params={key: loggable(value) for key, value in given.parameters.items()},
        ok=error is None and response.status_code < 400,
        error_code=error.code if error else None,
        text=error.description if error else None,
    )
    return response


async def _from_webhook(backend: Backend, body: Json) -> None:
    """Make a call that came as the answer to a webhook request."""
    name = str(body["method"])
    given = Given(parameters={key: value for key, value in body.items() if key != "method"}, uploads={})
    with suppress(ApiError):
        await _meet(backend, name, given, None)
    backend.keep.commit()


async def _meet(backend: Backend, name: str, given: Given, fault: FaultOrder | None) -> Response:
    """Make a call, with the fault that was scripted for it."""
    delay_s = backend.config.latency_s + (fault.delay_s if fault else 0.0)
    if delay_s > 0:
        await asyncio.sleep(delay_s)
    if fault is not None:
        if fault.drop == "before":
            return Cut()
        if fault.body is not None:
            text = fault.body if isinstance(fault.body, str) else json.dumps(fault.body)
            return Response(text, fault.status or 200, media_type="application/json")
        page = fault.page()
        if page is not None and fault.drop is None:
            return Response(page, fault.status or 502, media_type="text/html")
        error = fault.error()
        if error is not None and fault.drop is None and fault.keeps is None:
            raise error
    found = find(name)
    parameters = check(found, given.parameters, strict=backend.config.strict)
    call = Call(backend=backend, method=found.name, uploads=given.uploads)
    await backend.line.space(call.size_bytes)
    messages = len(getattr(parameters, "media", None) or [0]) if found.name == "sendMediaGroup" else 1
    await backend.limits.admit(name, str(given.parameters.get("chat_id", "")), messages)
    if fault is not None and fault.keeps is not None and (refused := fault.error()) is not None:
        items = getattr(parameters, "media", [])[: fault.keeps]
        await found.body(call, parameters.model_copy(update={"media": items}))
        raise refused
    return answer(await found.body(call, parameters))


def _download(backend: Backend, request: Request) -> Response:
    """Send the file of a download link, as long as the link is valid."""
    if request.path_params["token"] != backend.config.bot_token:
        return refusal(NOT_FOUND)
    record = backend.files.by_path(request.path_params["path"])
    fault = backend.faults.take("download", "")
    if fault is not None and fault.drop:
        return Cut()
    if fault is not None and (error := fault.error()) is not None:
        return refusal(error)
    if record is None or record.link_until < backend.config.clock():
        return refusal(NOT_FOUND)
    return FileResponse(backend.files.location(record), media_type="application/octet-stream")
