"""OpenRouter over HTTP: its list of models and its chat route, as far as a dialogue needs them.

Written from openrouter.ai/docs (models; reasoning tokens; image generation) and openrouter 1.3.84, never from what the
bot sends. Imports ``painter``, ``serving`` and Starlette.
"""

from __future__ import annotations

import base64
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
EFFORTS = ("max", "xhigh", "high", "medium", "low", "minimal", "none")


def listed(model: str, takes: str = "text,image", makes: str = "image,text") -> Json:
    """Return an entry of ``GET /api/v1/models``."""
    ways = {"input_modalities": takes.split(","), "output_modalities": makes.split(",")}
    return {"id": model, "canonical_slug": model, "name": model, "architecture": ways, "pricing": {"prompt": "0"}}


@dataclass
class Openrouter:
    """The emulated service. ``no_effort``: the models whose endpoints refuse ``reasoning``."""

    url: str = ""
    models: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    no_effort: set[str] = field(default_factory=set)

    async def list(self, request: Request) -> Response:
        """Serve the list, which "defaults to text" (openrouter 1.3.84, models_.py)."""
        wanted = {*request.query_params.get("output_modalities", "text").split(",")}
        kept = [one for one in self.models if "all" in wanted or wanted & {*one["architecture"]["output_modalities"]}]
        return JSONResponse({"data": kept})

    async def chat(self, request: Request) -> Response:
        """Serve ``/chat/completions`` with a picture that has the number of the call."""
        body = await request.json()
        self.calls.append(body)
        if (effort := (body.get("reasoning") or {}).get("effort")) and effort not in EFFORTS:
            return _refused(f"Invalid option: expected one of {EFFORTS}")
        if effort and body["model"] in self.no_effort:
            return _refused(f"Thinking level {effort.upper()} is not supported for this model.")
        url = f"data:image/png;base64,{base64.b64encode(plain(len(self.calls))).decode()}"
        said = {"role": "assistant", "content": "", "images": [{"type": "image_url", "image_url": {"url": url}}]}
        choice = {"index": 0, "finish_reason": "stop", "native_finish_reason": "STOP", "message": said}
        return JSONResponse({"id": "gen-1", "model": body["model"], "choices": [choice]})


def _refused(message: str) -> Response:
    return JSONResponse({"error": {"code": 400, "message": message}}, 400)


@asynccontextmanager
async def serving_openrouter() -> AsyncIterator[Openrouter]:
    """Serve OpenRouter on a free port of loopback."""
    served_by = Openrouter()
    chat = Route("/api/v1/chat/completions", served_by.chat, methods=["POST"])
    async with served(Starlette(routes=[chat, Route("/api/v1/models", served_by.list)])) as served_by.url:
        yield served_by
