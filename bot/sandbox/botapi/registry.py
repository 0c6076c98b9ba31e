"""The table of Bot API methods, and how a request becomes a checked call of one of them.

A method is an async function of a :class:`Call` and its declared parameters (a Shape). Its name, its parameters, which
of them are required and their types all come from that declaration. Imports pydantic, ``errors``, ``shapes`` and
``state``.
"""

from __future__ import annotations

import inspect
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar, get_type_hints

from pydantic import ValidationError

from bot.sandbox.botapi.errors import NOT_FOUND, ApiError, bad
from bot.sandbox.botapi.shapes import Shape
from bot.sandbox.botapi.state.files import Upload

if TYPE_CHECKING:
    from bot.sandbox.botapi.state.backend import Backend


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """One call: the server that it is made to, the method, and the uploads that came with it."""

    backend: Backend
    method: str
    uploads: dict[str, Upload]

    @property
    def size_bytes(self) -> int:
        """The size of all uploads together."""
        return sum(len(upload.data) for upload in self.uploads.values())


P = TypeVar("P", bound=Shape)
Body = Callable[[Call, Any], Awaitable[Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    name: str
    parameters: type[Shape]
    body: Body


METHODS: dict[str, Method] = {}


def method(body: Callable[[Call, P], Awaitable[Any]]) -> Callable[[Call, P], Awaitable[Any]]:
    """Add a function to the table; ``send_message`` becomes ``sendMessage``."""
    first, *rest = body.__name__.split("_")
    name = first + "".join(part.capitalize() for part in rest)
    hints = get_type_hints(body, localns={"Backend": object})
    last = list(inspect.signature(body).parameters)[-1]
    METHODS[name.lower()] = Method(name=name, parameters=hints[last], body=body)
    return body


def find(name: str) -> Method:
    """Return the method of a name in upper or lower case. Raises ApiError 404."""
    found = METHODS.get(name.lower())
    if found is None:
        raise NOT_FOUND
    return found


def check(found: Method, given: dict[str, Any], *, strict: bool) -> Shape:
    """Check the parameters of a call. Raises ApiError 400, in Telegram's words where they are known."""
    known = found.parameters.model_fields
    # Other parameters name such uploads by "attach://...".
    given = {n: v for n, v in given.items() if n in known or (strict and not isinstance(v, Upload))}
    try:
        return found.parameters.model_validate(given)
    except ValidationError as error:
        raise _refusal(found, error) from None


_MISSING = {
    "chat_id": "chat_id is empty",
    "from_chat_id": "chat_id is empty",
    "text": "message text is empty",
    "message_id": "message identifier is not specified",
    "message_ids": "message identifiers are not specified",
    "file_id": "file_id not specified",
    "action": "wrong parameter action in request",
    "callback_query_id": "query is too old and response timeout expired or query ID is invalid",
    "media": "media not found",
    "commands": "can't parse commands JSON object",
    **{
        kind: f"there is no {kind.replace('_', ' ')} in the request"
        for kind in ("photo", "document", "animation", "video", "audio", "voice", "video_note", "sticker")
    },
}
_OBJECTS = {
    "reply_markup": "reply keyboard markup",
    "entities": "entities",
    "caption_entities": "entities",
    "reply_parameters": "reply parameters",
    "link_preview_options": "link preview options",
    "scope": "BotCommandScope",
    "reaction": "reaction types",
}


def _refusal(found: Method, error: ValidationError) -> ApiError:
    """Return the refusal for the first fault of a request."""
    first = sorted(error.errors(include_url=False), key=lambda e: e["type"] == "extra_forbidden")[0]
    name = str(first["loc"][0]) if first["loc"] else ""
    rest = ".".join(str(part) for part in first["loc"][1:])
    if len(first["loc"]) == 1 and first["type"] == "missing":
        return bad(_MISSING.get(name, f'parameter "{name}" is required'))
    if len(first["loc"]) == 1 and first["type"] == "extra_forbidden":
        return bad(f'unknown parameter "{name}" of {found.name}')
    if first["type"] == "td":
        return bad(first["msg"])
    what = _OBJECTS.get(name, name)
    if first["type"] == "value_error" and not rest:
        return bad(f"can't parse {what} JSON object")
    where = f' field "{rest}":' if rest else ""
    return bad(f"can't parse {what}:{where} {first['msg'][:1].lower()}{first['msg'][1:]}")
