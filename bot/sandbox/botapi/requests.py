"""A Bot API request from HTTP: parameters from the query, a form, multipart or JSON, and uploads.

Imports Starlette, ``errors`` and ``files``. Knows nothing of methods.
"""

from __future__ import annotations

import json
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from starlette.datastructures import UploadFile
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from bot.sandbox.botapi.errors import TOO_LARGE, bad
from bot.sandbox.botapi.state.files import Upload

MAX_BODY_BYTES = 50_000_000
"""The most bytes that api.telegram.org takes in one request: 50 MB (Bot API, "Sending files"), form fields included."""

Pace = Callable[[AsyncIterator[bytes]], AsyncGenerator[bytes, None]]
"""Slows a body down to the speed of the emulated line."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """The content of a request: parameters by name (a file parameter is an Upload), and the uploads among them."""

    parameters: dict[str, Any]
    uploads: dict[str, Upload]


async def read_request(request: Request, pace: Pace) -> Given:
    """Read parameters and uploads. Raises ApiError for a body that is too large or malformed."""
    if int(request.headers.get("content-length") or 0) > MAX_BODY_BYTES:
        raise TOO_LARGE
    parameters: dict[str, Any] = dict(request.query_params)
    if request.method == "POST":
        kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind == "application/json":
            parameters |= await _json(request)
        elif kind in {"multipart/form-data", "application/x-www-form-urlencoded"}:
            parameters |= await _form(request, pace)
    uploads = {name: value for name, value in parameters.items() if isinstance(value, Upload)}
    return Given(parameters=parameters, uploads=uploads)


async def _json(request: Request) -> dict[str, Any]:
    body = await request.body()
    try:
        found = json.loads(body) if body.strip() else {}
    except ValueError:
        raise bad("can't parse JSON object") from None
    if not isinstance(found, dict):
        raise bad("can't parse JSON object")
    return {name: value for name, value in found.items() if value is not None}


class _Parser(MultiPartParser):
    """Keeps uploads in memory while they are read: a temporary file would cost more than the rest of a call."""

    spool_max_size = MAX_BODY_BYTES


async def _form(request: Request, pace: Pace) -> dict[str, Any]:
    if request.headers.get("content-type", "").startswith("multipart/"):
        try:
            form = await _Parser(request.headers, pace(request.stream()), max_part_size=MAX_BODY_BYTES).parse()
        except MultiPartException as error:
            raise bad(f"can't parse the multipart body: {error.message}") from None
    else:
        form = await request.form()
    found: dict[str, Any] = {}
    for name, value in form.multi_items():
        found[name] = await _upload(value) if isinstance(value, UploadFile) else value
    await form.close()
    return found


async def _upload(part: UploadFile) -> Upload:
    data = await part.read()
    return Upload(name=part.filename or "file", mime=part.content_type or "application/octet-stream", data=data)


def loggable(value: Any) -> Any:
    """Return a parameter for the call log: an upload by its hash and size."""
    if isinstance(value, Upload):
        return {"file": value.sha256, "size": len(value.data), "name": value.name}
    return value
