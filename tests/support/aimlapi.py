"""AIMLAPI over HTTP as its documents have it: one route, a schema for each model, pictures by base64.

Written from the OpenAPI files of github.com/aimlapi/api-docs (docs/api-references/image-models/Google) and from the
pages of ``gemini-2.5-flash-image`` and ``-edit``, never from what the bot sends. Imports ``painter``, ``serving`` and
Starlette.
"""

from __future__ import annotations

import asyncio
import base64
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.painter import plain
from tests.support.serving import served

Json = dict[str, Any]

_FEW = ("1:1", "9:16", "16:9", "3:4", "4:3")
_MANY = ("21:9", "1:1", "4:3", "3:2", "2:3", "5:4", "4:5", "3:4", "16:9", "9:16")
_SIZES = ("1K", "2K", "4K")
_NEWER: Json = {"image_urls": 5, "aspect_ratio": _FEW, "resolution": _SIZES, "enable_web_search": True}
_PRO: Json = {"aspect_ratio": _MANY, "resolution": _SIZES, "num_images": 4}

DOCUMENTED: dict[str, Json] = {
    "google/gemini-2.5-flash-image": {"aspect_ratio": _MANY, "num_images": 4},
    "google/gemini-2.5-flash-image-edit": {"image_urls": 10, "num_images": 4, "required": ["image_urls"]},
    "google/nano-banana-edit": {"image_urls": 3, "aspect_ratio": _FEW, "num_images": 4},
    "google/gemini-nano-banana-2.1": _NEWER,
    "google/nano-banana-2": _NEWER,
    "google/gemini-3-1-flash-image-preview": _NEWER,
    "google/gemini-3-1-flash-lite-image": _NEWER,
    "google/nano-banana-pro": _PRO,
    "google/gemini-3-pro-image-preview": _PRO,
    "google/gemini-3-pro-image-edit": {"image_urls": 5, "aspect_ratio": _FEW, "resolution": _SIZES, "num_images": 4},
}
"""The fields of each model, except ``model`` and ``prompt``: the maximum of a number or list, or the allowed values."""


def faults_of(body: Json, schemas: dict[str, Json] = DOCUMENTED) -> list[str]:
    """Return the faults of a body by the schema of its model."""
    schema = schemas.get(body.get("model", ""))
    if schema is None:
        known = " | ".join(f"'{name}'" for name in schemas)
        return [f"Invalid enum value. Expected {known}, received '{body.get('model')}'"]
    known = {"model", "prompt", *schema} - {"required"}
    found = [f"Unrecognized key(s) in object: '{name}'" for name in body if name not in known]
    found += [f"{name}: Required" for name in ("prompt", *schema.get("required", ())) if not body.get(name)]
    for name, value in body.items():
        allowed = schema.get(name)
        if name == "image_urls":
            fits = isinstance(value, list) and 0 < len(value) <= (allowed or 0) and all(map(_is_uri, value))
        elif name == "num_images":
            fits = type(value) is int and 1 <= value <= (allowed or 0)
        elif name == "enable_web_search":
            fits = isinstance(value, bool)
        else:
            fits = isinstance(value, str) and (name in ("model", "prompt") or value in (allowed or ()))
        found += [] if fits else [f"{name}: not as the schema has it"]
    return found


def _is_uri(value: Any) -> bool:
    return isinstance(value, str) and value.startswith(("https://", "data:image/"))


@dataclass
class Aimlapi:
    """The emulated service.

    ``script``: answers to return instead of pictures; an event is waited for. ``painted`` counts the pictures, each of
    which is paid for.
    """

    url: str = ""
    calls: list[Json] = field(default_factory=list)
    script: deque[Any] = field(default_factory=deque)
    painted: int = 0
    most_at_once: int = 4
    models: list[Json] = field(default_factory=list)
    schemas: dict[str, Json] = field(default_factory=lambda: dict(DOCUMENTED))
    _came: asyncio.Event = field(default_factory=asyncio.Event)

    async def called(self, count: int, timeout_s: float = 10.0) -> None:
        """Wait until that many calls came."""
        async with asyncio.timeout(timeout_s):
            while len(self.calls) < count:
                self._came.clear()
                await self._came.wait()

    def knows(self, model: str, **schema: Any) -> None:
        """Add a model with the fields of its schema."""
        self.schemas[model] = schema

    async def list(self, request: Request) -> Response:
        """Serve ``/v1/models``, which is public, and ``output_modalities`` that keeps what produces this modality."""
        wanted = request.query_params.get("output_modalities", "").lower().split(",")
        kept = [one for one in self.models if not wanted[0] or {*wanted} & {*one["modalities"]["output"]}]
        # Sections are opt-in: "by default each entry carries only its identity".
        entries = [{name: value for name, value in one.items() if name != "modalities"} for one in kept]
        return JSONResponse({"object": "list", "data": entries})

    async def generate(self, request: Request) -> Response:
        """Serve ``/v1/images/generations``."""
        body = await request.json()
        self.calls.append(body)
        self._came.set()
        if faults := faults_of(body, self.schemas):
            told = {"message": f"Body validation error! {'; '.join(faults)}", "statusCode": "400"}
            return JSONResponse(told, 400)
        planned = self.script.popleft() if self.script else None
        if isinstance(planned, tuple):
            return JSONResponse(planned[1], planned[0])
        count = min(body.get("num_images", 1), self.most_at_once)
        numbers = range(self.painted + 1, self.painted + count + 1)
        self.painted += count
        if planned is not None:
            await planned.wait()
        data = [{"url": None, "b64_json": base64.b64encode(plain(number)).decode()} for number in numbers]
        usage = {"credits_used": 84_000 * count, "usd_spent": 0.042 * count}
        return JSONResponse({"data": data, "meta": {"usage": usage}})


def listed(model: str, *aliases: str, output: str = "image", kind: str = "google/image-generations") -> Json:
    """Return an entry of the catalogue (docs/api-references/service-endpoints/complete-model-list.md)."""
    info = {"releasedAt": "2026-10-13", "name": model, "developer": "Google", "description": "", "url": ""}
    entry = {"id": model, "info": info, "type": kind, "aliases": [*aliases], "tags": [f"playground:{output}"]}
    return entry | {"modalities": {"input": ["text"], "output": [output]}}


@asynccontextmanager
async def serving_aimlapi() -> AsyncIterator[Aimlapi]:
    """Serve AIMLAPI on a free port of loopback."""
    served_by = Aimlapi()
    painting = Route("/v1/images/generations", served_by.generate, methods=["POST"])
    app = Starlette(routes=[painting, Route("/v1/models", served_by.list)])
    async with served(app) as served_by.url:
        yield served_by
