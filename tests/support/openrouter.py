"""OpenRouter over HTTP: its lists of models, its chat route and its image route, as far as a dialogue needs them.

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
FIELDS = {
    *("model", "prompt", "aspect_ratio", "background", "input_references", "n", "output_compression", "output_format"),
    *("provider", "quality", "resolution", "seed", "session_id", "size", "stream", "trace", "user"),
}
"""The fields of ``ImageGenerationRequest``."""

FLUX: Json = {
    "aspect_ratio": {"type": "enum", "values": ["1:1", "16:9", "2.35:1", "auto"]},
    "resolution": {"type": "enum", "values": ["1K", "2K"]},
    "input_references": {"type": "range", "min": 0, "max": 8},
    "seed": {"type": "boolean"},
}
GPT: Json = {
    "aspect_ratio": {"type": "enum", "values": ["1:1", "3:2", "2:3", "4:3", "3:4", "16:9", "9:16", "21:9", "auto"]},
    "quality": {"type": "enum", "values": ["auto", "low", "medium", "high"]},
    "n": {"type": "range", "min": 1, "max": 10},
    "input_references": {"type": "range", "min": 0, "max": 16},
}
"""As ``openai/gpt-image-2`` had it in the summer of 2026."""


def listed(
    model: str, takes: str = "text,image", makes: str = "image,text", name: str = "", parameters: Json | None = None
) -> Json:
    """Return an entry of ``GET /api/v1/models``; one with ``parameters`` is of ``GET /api/v1/images/models``, too."""
    ways = {"input_modalities": takes.split(","), "output_modalities": makes.split(",")}
    entry = {"id": model, "canonical_slug": model, "name": name or model, "architecture": ways}
    return entry | {"pricing": {"prompt": "0"}, "supported_parameters": parameters or {}}


def cost(cost_usd: float, unit: str = "image", billable: str = "output_image", variant: str = "") -> Json:
    """Return one line of a price (imagepricingentry.py)."""
    line: Json = {"billable": billable, "unit": unit, "cost_usd": cost_usd}
    return line | ({"variant": variant} if variant else {})


@dataclass
class Openrouter:
    """The emulated service.

    ``no_effort``: the models whose endpoints refuse ``reasoning``. ``prices``: lines by model, for each endpoint.
    ``asked``: the paths of all look-ups. ``old``: it has no image route yet.
    """

    url: str = ""
    models: list[Json] = field(default_factory=list)
    calls: list[Json] = field(default_factory=list)
    painted: list[Json] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    no_effort: set[str] = field(default_factory=set)
    prices: dict[str, list[list[Json]]] = field(default_factory=dict)
    old: bool = False

    async def list(self, request: Request) -> Response:
        """Serve the list, which "defaults to text" (openrouter 1.3.84, models_.py)."""
        self.asked.append(request.url.path)
        wanted = {*request.query_params.get("output_modalities", "text").split(",")}
        kept = [one for one in self.models if "all" in wanted or wanted & {*one["architecture"]["output_modalities"]}]
        return JSONResponse({"data": kept})

    async def image_models(self, request: Request) -> Response:
        """Serve the list of image models, and what the services behind one take and cost."""
        self.asked.append(request.url.path)
        if self.old:
            return JSONResponse({"error": {"code": 404, "message": "Not Found"}}, 404)
        model = request.path_params.get("model", "")
        if not model:
            draw = [one for one in self.models if "image" in one["architecture"]["output_modalities"]]
            return JSONResponse({"data": draw})
        known = next((one for one in self.models if one["id"] == model), None)
        if known is None:
            return _refused(f"Model {model} not found", 404)
        endpoints = [
            {"provider_name": "X", "provider_slug": "x", "provider_tag": None, **known, "pricing": lines}
            for lines in self.prices.get(model, [])
        ]
        return JSONResponse({"id": model, "endpoints": endpoints})

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

    async def images(self, request: Request) -> Response:
        """Serve ``/images``: "an absent key means the parameter is unsupported by that endpoint"."""
        body = await request.json()
        self.calls.append(body)
        known = next((one for one in self.models if one["id"] == body.get("model")), None)
        if known is None:
            return _refused(f"{body.get('model')} is not a valid model ID")
        if fault := _fault_of(body, known["supported_parameters"]):
            return _refused(fault)
        self.painted.append(body)
        number = len(self.calls)
        data = [{"b64_json": base64.b64encode(plain(number + one)).decode()} for one in range(body.get("n", 1))]
        usage = {"prompt_tokens": 0, "completion_tokens": 4175, "total_tokens": 4175, "cost": 0.04}
        return JSONResponse({"created": 1_780_000_000, "data": data, "usage": usage})


def _fault_of(body: Json, parameters: Json) -> str:
    for name, value in body.items():
        descriptor = parameters.get(name, {})
        if name not in FIELDS:
            return f"Unrecognized key: {name}"
        if name in ("model", "prompt"):
            continue
        if not descriptor:
            return f"{name} is not supported by any endpoint of {body['model']}"
        if "values" in descriptor and value not in descriptor["values"]:
            return f"{name}: {value!r} is not supported; expected one of {descriptor['values']}"
        amount = len(value) if isinstance(value, list) else value
        if "max" in descriptor and not descriptor["min"] <= amount <= descriptor["max"]:
            return f"{name}: at most {descriptor['max']}"
    references = body.get("input_references", [])
    sound = all(one["type"] == "image_url" and one["image_url"]["url"].startswith("data:image/") for one in references)
    return "" if sound and body.get("prompt") else "prompt: Required"


def _refused(message: str, status: int = 400) -> Response:
    return JSONResponse({"error": {"code": status, "message": message}}, status)


@asynccontextmanager
async def serving_openrouter() -> AsyncIterator[Openrouter]:
    """Serve OpenRouter on a free port of loopback."""
    served_by = Openrouter()
    routes = [
        Route("/api/v1/chat/completions", served_by.chat, methods=["POST"]),
        Route("/api/v1/images", served_by.images, methods=["POST"]),
        Route("/api/v1/images/models", served_by.image_models),
        Route("/api/v1/images/models/{model:path}/endpoints", served_by.image_models),
        Route("/api/v1/models", served_by.list),
    ]
    async with served(Starlette(routes=routes)) as served_by.url:
        yield served_by
