"""Three servers with OpenAI's image routes, each by its own rules: OpenAI, stable-diffusion.cpp and vLLM-Omni.

Written from what each says of itself, never from what the bot sends; what a server refuses, its rules refuse here.
Imports ``masks``, ``painter``, ``serving``, Pillow and Starlette.
"""

from __future__ import annotations

import base64
import json
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, TypeVar

from PIL import Image
from starlette.applications import Starlette
from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from tests.support.masks import fault_of, may_change
from tests.support.painter import plain
from tests.support.serving import served

Json = dict[str, Any]
Kind = TypeVar("Kind", bound="Server")
NO_PICTURES = ("mask", "mask_image", "markup")
"""Fields for files that belong to a picture."""


@dataclass(frozen=True, kw_only=True)
class Asked:
    """One call: its fields as they came, and its files as (field, MIME type, bytes)."""

    edits: bool
    fields: Json
    files: tuple[tuple[str, str, bytes], ...] = ()
    key: str = ""

    @property
    def pictures(self) -> list[bytes]:
        """All pictures of the call, in order."""
        return [data for name, _, data in self.files if name not in NO_PICTURES]

    @property
    def masks(self) -> list[bytes]:
        """The masks of the call."""
        return [data for name, _, data in self.files if name in ("mask", "mask_image")]


@dataclass
class Refused(Exception):
    """An answer of the server that is no picture."""

    body: Any
    status: int = 400


@dataclass
class Server(ABC):
    """What the three have in common. ``script``: answers to give instead of pictures, as (status, body).

    ``has_list``: whether there is a route for the list of models.
    """

    url: str = ""
    calls: list[Asked] = field(default_factory=list)
    script: deque[tuple[int, Any]] = field(default_factory=deque)
    painted: int = 0
    has_list: bool = True

    @abstractmethod
    def size_of(self, asked: Asked) -> tuple[int, int]:
        """Return the size of the pictures for a call. Raises: ``Refused`` for what the server refuses."""

    @abstractmethod
    def listed(self) -> list[Json]:
        """Return the entries of ``GET /v1/models``."""

    def answer(self, data: list[Json], asked: Asked) -> Json:
        """Return the body of an answer with pictures."""
        return {"created": 1_780_000_000, "data": data}

    async def models(self, request: Request) -> Response:
        """Serve the list of models."""
        return JSONResponse({"object": "list", "data": self.listed()})

    async def images(self, request: Request) -> Response:
        """Serve both routes."""
        asked = await _asked(request)
        self.calls.append(asked)
        if self.script:
            status, body = self.script.popleft()
            return JSONResponse(body, status)
        try:
            if asked.files and not asked.edits:
                raise Refused({"error": "Content-Type must be application/json"})
            size_px = self.size_of(asked)
        except Refused as refused:
            return JSONResponse(refused.body, refused.status)
        numbers = range(self.painted + 1, self.painted + 1 + int(asked.fields.get("n", 1)))
        self.painted = numbers[-1]
        drawn = [{"b64_json": base64.b64encode(plain(number, size_px)).decode()} for number in numbers]
        return JSONResponse(self.answer(drawn, asked))


async def _asked(request: Request) -> Asked:
    edits = request.url.path.endswith("/edits")
    kind, key = request.headers.get("content-type", ""), request.headers.get("authorization", "")
    if not kind.startswith("multipart/form-data"):
        return Asked(edits=edits, fields=json.loads(await request.body()), key=key)
    files: list[tuple[str, str, bytes]] = []
    fields: Json = {}
    async with request.form(max_files=100) as form:
        for name, one in form.multi_items():
            if isinstance(one, UploadFile):
                files.append((name, one.content_type or "", await one.read()))
            else:
                fields[name] = one
    return Asked(edits=edits, fields=fields, files=tuple(files), key=key)


def _pixels(size: str) -> tuple[int, int]:
    """Return the sides of ``WIDTHxHEIGHT``, (0, 0) for anything else."""
    width, _, height = size.partition("x")
    return (int(width), int(height)) if width.isdecimal() and height.isdecimal() else (0, 0)


GPT_IMAGE = (
    *("gpt-image-2.5-sunburst", "gpt-image-2.5-flare", "gpt-image-2.6-sunburst", "gpt-image-2.6-flare"),
    "gpt-image-2",
)
_OF_BOTH = {
    *("model", "prompt", "n", "size", "quality", "background", "complexity", "output_format", "output_compression"),
    *("partial_images", "stream", "user", "safety_identifier", "svg", "frame_count", "frame_duration_ms"),
}
_MIB = 1024 * 1024


def openai_error(message: str, code: str, param: str | None = None) -> Json:
    """Return an error of OpenAI."""
    return {"error": {"message": message, "type": "invalid_request_error", "param": param, "code": code}}


@dataclass
class OpenAI(Server):
    """api.openai.com, by openai 3.57.0, ``types/image_edit_params.py`` and ``image_generate_params.py``.

    Sizes: pydantic-ai-slim 2.68.0, ``images/_openai_geometry.py``. Messages as people quote them. ``token``: the key.
    """

    token: str = "key-of-a-test"

    def listed(self) -> list[Json]:
        """Return models of all kinds, as the real list has them."""
        ids = (*GPT_IMAGE, "gpt-image-2-2026-04-21", "gpt-image-1.5", "gpt-6-astra", "text-embedding-4")
        return [{"id": model, "object": "model", "created": 1, "owned_by": "openai"} for model in ids]

    async def models(self, request: Request) -> Response:
        """Serve the list to whoever has the key."""
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return JSONResponse(openai_error("Incorrect API key provided.", "invalid_api_key"), 401)
        return await super().models(request)

    def size_of(self, asked: Asked) -> tuple[int, int]:
        """Refuse what OpenAI refuses."""
        if asked.key != f"Bearer {self.token}":
            raise Refused(openai_error("Incorrect API key provided.", "invalid_api_key"), 401)
        known = _OF_BOTH | ({"input_fidelity"} if asked.edits else {"moderation", "style"})
        if unknown := next((name for name in asked.fields if name not in known), None):
            raise Refused(openai_error(f"Unknown parameter: '{unknown}'.", "unknown_parameter", unknown))
        if asked.fields.get("model") not in GPT_IMAGE:
            message = f"The model `{asked.fields.get('model')}` does not exist or you do not have access to it."
            raise Refused(openai_error(message, "model_not_found"), 404)
        self._prompt_and_files(asked)
        if (quality := asked.fields.get("quality", "auto")) not in ("low", "medium", "high", "xhigh", "max", "auto"):
            supported = "'low', 'medium', 'high', 'xhigh', 'max', and 'auto'"
            message = f"Invalid value: '{quality}'. Supported values are: {supported}."
            raise Refused(openai_error(message, "invalid_value", "quality"))
        if not 1 <= int(asked.fields.get("n", 1)) <= 10:
            raise Refused(openai_error("Invalid 'n': must be between 1 and 10.", "integer_out_of_range", "n"))
        size = asked.fields.get("size", "auto")
        return (1024, 1024) if size == "auto" else self._checked(size)

    def _prompt_and_files(self, asked: Asked) -> None:
        prompt = asked.fields.get("prompt", "")
        if not prompt or len(prompt) > 32_000:
            said = f"maximum length 32000, but got a string with length {len(prompt)} instead"
            message = f"Invalid 'prompt': string too long. Expected a string with {said}."
            raise Refused(openai_error(message, "string_above_max_length", "prompt"))
        if not asked.edits:
            return
        wrong = [name for name, _, _ in asked.files if name not in ("image[]", "image", "mask", "markup")]
        if wrong:
            raise Refused(openai_error(f"Unknown parameter: '{wrong[0]}'.", "unknown_parameter", wrong[0]))
        if not 1 <= len(asked.pictures) <= 16:
            said = f"maximum length 16, but got an array with length {len(asked.pictures)} instead"
            message = f"Invalid 'image': array too long. Expected an array with {said}."
            raise Refused(openai_error(message, "array_above_max_length", "image"))
        names = {name for name, _, _ in asked.files}
        if len(asked.pictures) > 1 and "image" in names:
            message = "Duplicate parameter: 'image'. You provided multiple values for this parameter."
            raise Refused(openai_error(message, "duplicate_parameter", "image"))
        pictures = [(mime, data) for name, mime, data in asked.files if name not in NO_PICTURES]
        for number, (mime, data) in enumerate(pictures, start=1):
            if mime not in ("image/png", "image/jpeg", "image/webp") or len(data) >= 50 * _MIB:
                message = f"Invalid image file or mode for image {number}, please check your image file."
                raise Refused(openai_error(message, "invalid_image_file"))
        if fault := fault_of(asked.masks, asked.pictures[0], markup="markup" in names):
            message = f"Invalid mask image format - {fault}"
            raise Refused(openai_error(message, "invalid_mask_image_format"))

    def _checked(self, size: str) -> tuple[int, int]:
        width, height = _pixels(size)
        fault = ""
        if not width or not height or width % 16 or height % 16:
            fault = "Width and height must both be divisible by 16."
        elif max(width, height) > 3840:
            fault = "The longest edge must be less than or equal to 3840."
        elif max(width, height) > 3 * min(width, height):
            fault = "The aspect ratio must be between 1:3 and 3:1."
        elif width * height < 655_360:
            fault = "Requested resolution is below the current minimum pixel budget."
        elif width * height > 8_294_400:
            fault = "Requested resolution exceeds the current maximum pixel budget."
        if fault:
            raise Refused(openai_error(f"Invalid size '{size}'. {fault}", "invalid_value", "size"))
        return width, height

    def answer(self, data: list[Json], asked: Asked) -> Json:
        """Return pictures and what they took (types/images_response.py)."""
        seen, drawn = 323 * len(asked.pictures), 1056 * len(data)
        usage = {
            "input_tokens": 50 + seen,
            "input_tokens_details": {"text_tokens": 50, "image_tokens": seen},
            "output_tokens": drawn,
            "output_tokens_details": {"text_tokens": 0, "image_tokens": drawn},
            "total_tokens": 50 + seen + drawn,
        }
        return super().answer(data, asked) | {"output_format": "png", "quality": "medium", "usage": usage}


@dataclass
class SdCpp(Server):
    """stable-diffusion.cpp's server, by examples/server/api.md and ``routes_openai.cpp`` of August 2026.

    It ignores fields that it does not know, uses but one picture if the field is ``image``, and obeys settings inside
    of a prompt: ``obeyed`` has what it found there. ``default_px``: its ``--width`` and ``--height``. It takes a mask
    of any kind and size as grey, and refuses none.
    """

    default_px: tuple[int, int] = (512, 512)
    used: list[int] = field(default_factory=list)
    """How many pictures each edit really used."""
    obeyed: list[str] = field(default_factory=list)
    changeable: list[Image.Image] = field(default_factory=list)
    """Of each edit with a mask where its first picture may change: white there."""

    def listed(self) -> list[Json]:
        """Return its only entry."""
        return [{"id": "sd-cpp-local", "object": "model", "owned_by": "local"}]

    def size_of(self, asked: Asked) -> tuple[int, int]:
        """Refuse what it refuses."""
        prompt, names = asked.fields.get("prompt", ""), [name for name, _, _ in asked.files]
        if not prompt:
            raise Refused({"error": "prompt required"})
        if asked.edits and not {"image[]", "image"} & {*names}:
            raise Refused({"error": "at least one image[] required"})
        if asked.edits:
            self.used.append(names.count("image[]") or 1)
        if "mask" in names:
            self.changeable.append(may_change(asked.masks[0]))
        _, mark, rest = prompt.partition("<sd_cpp_extra_args>")
        if mark and "</sd_cpp_extra_args>" in rest:
            self.obeyed.append(rest.partition("</sd_cpp_extra_args>")[0])
        width, height = _pixels(asked.fields.get("size", ""))
        return (width, height) if width and height else self.default_px


@dataclass
class VllmOmni(Server):
    """vLLM-Omni 0.30.0, by docs/serving/image_edit_api.md and ``entrypoints/openai/api_server.py``.

    Its Qwen-Image-Edit ignores a mask. ``old``: a version that takes pictures as ``image`` only. ``most_pictures``: by
    its model. ``most_px``: its ``--max-generated-image-size``.
    """

    model: str = "Qwen/Qwen-Image-Edit-2511"
    old: bool = False
    most_pictures: int = 4
    most_px: int = 0

    def listed(self) -> list[Json]:
        """Return the one model that it runs."""
        return [{"id": self.model, "object": "model", "owned_by": "vllm"}]

    def size_of(self, asked: Asked) -> tuple[int, int]:
        """Refuse what it refuses."""
        model = asked.fields.get("model", self.model)
        if model != self.model:
            said = f"Model mismatch: request specifies '{model}' but server is running '{self.model}'."
            raise Refused({"detail": said})
        if not asked.fields.get("prompt"):
            raise Refused({"detail": [{"loc": ["body", "prompt"], "msg": "field required", "type": "missing"}]}, 422)
        if asked.fields.get("response_format", "b64_json") != "b64_json":
            raise Refused({"detail": "Only response_format 'b64_json' is supported now."})
        taken = [data for name, _, data in asked.files if name == "image" or (name == "image[]" and not self.old)]
        if asked.edits and not taken:
            raise Refused({"detail": "Field 'image' or 'url' is required"}, 422)
        if len(taken) > self.most_pictures == 1:
            raise Refused({"detail": "Received multiple input images. Only a single image is supported by this model."})
        if len(taken) > self.most_pictures:
            most = f"At most {self.most_pictures} images are supported by this model."
            raise Refused({"detail": f"Received {len(taken)} input images. {most}"})
        return self._checked(asked.fields.get("size", "auto"), taken)

    def _checked(self, size: str, taken: list[bytes]) -> tuple[int, int]:
        if size == "auto":
            return (1024, 1024)
        width, height = _pixels(size)
        if not width or not height:
            said = f"Invalid size format: '{size}'. Expected format: 'WIDTHxHEIGHT' (e.g., '1024x1024')."
            raise Refused({"detail": said})
        if self.most_px and width * height > self.most_px:
            said = f"exceeds the maximum allowed size of {self.most_px} pixels"
            raise Refused({"detail": f"Requested image size {width}x{height} {said}."})
        return width, height


@asynccontextmanager
async def serving_images(server: Kind) -> AsyncIterator[Kind]:
    """Serve ``server`` on a free port of loopback; ``url`` has the address with its version."""
    routes = [Route(f"/v1/images/{name}", server.images, methods=["POST"]) for name in ("generations", "edits")]
    routes += [Route("/v1/models", server.models)] if server.has_list else []
    async with served(Starlette(routes=routes)) as url:
        server.url = f"{url}/v1"
        yield server
