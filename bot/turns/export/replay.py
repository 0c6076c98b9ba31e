"""``contents.json``: the conversation up to head, as a request for a Gemini endpoint.

Imports ``providers.base``, ``providers.catalog``, ``aspect``, ``contents``, ``exchanges``, ``parked`` and
``storage.records``. Holds the words of the request and the names of its pictures; base64 is written one picture at a
time.
"""

from __future__ import annotations

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Iterator, Sequence
from dataclasses import dataclass

from bot.providers.base import base64_bytes
from bot.providers.catalog import RATIOS
from bot.turns.request import contents
from bot.turns.request.aspect import shape_for
from bot.turns.request.exchanges import Fit
from bot.turns.request.parked import wire_bytes
from storage.records import Json, MediaRef, Turn

STEP = 16
"""The number of turns to read at a time."""

HEAD, BETWEEN = b'{"contents": [', b", "

ReadPath = Callable[[int, int], Awaitable[list[Turn]]]
"""Returns the path to a turn, at most so many turns, oldest first."""


@dataclass(frozen=True, slots=True)
class PicturePart:
    """A part whose picture is still to be written."""

    part: Json
    ref: MediaRef

    def around(self) -> tuple[bytes, bytes]:
        """Return the JSON before and after the base64."""
        token = secrets.token_hex(12)
        filled = {**self.part, "inlineData": {**self.part["inlineData"], "data": token}}
        before, behind = _dumped(filled).split(token.encode())
        return before, behind


@dataclass(frozen=True, slots=True, kw_only=True)
class Replay:
    """A request. ``shape``: of the answer to its last wish, None where the model decides.

    ``begins_with``: the id of its first turn; a root if the request ``is_whole``.
    """

    contents: Sequence[Json]
    shape: str | None
    size_bytes: int
    begins_with: int
    is_whole: bool

    def pieces(self) -> Iterator[bytes | PicturePart]:
        """Yield the document in pieces of a turn's size."""
        yield HEAD
        for number, content in enumerate(self.contents):
            if number:
                yield BETWEEN
            yield from _pieces(content)
        yield _end(self.shape)


async def replay_of(head_id: int | None, read_path: ReadPath, limit_bytes: int) -> Replay | None:
    """Return the request of the path to head, as far back as it fits; None without a path or any room."""
    path: list[Turn] = []
    at, size_bytes = head_id, 0
    while at is not None and size_bytes <= limit_bytes:
        step = await read_path(at, STEP)
        path = [*step, *path]
        size_bytes += sum(base64_bytes(ref.size_bytes) for turn in step for ref in _media(turn))
        at = step[0].parent_id if step else None
    replay = await asyncio.to_thread(_composed, path, limit_bytes) if path else None
    return replay if replay and replay.size_bytes <= limit_bytes else None


def _composed(path: Sequence[Turn], limit_bytes: int) -> Replay:
    *earlier, last = path
    around_bytes = len(HEAD) + max(len(_end(shape)) for shape in RATIOS)
    fit = Fit(
        maker=last.maker or "",
        signatures=False,
        history=True,
        max_images=10_000,
        budget_bytes=limit_bytes - around_bytes,
        verbatim=True,
    )
    composed = contents.compose(earlier, last, fit)
    first = path[composed.left_out]
    # Other dialects store more fields, which Gemini does not know.
    plain = tuple({"role": content["role"], "parts": content["parts"]} for content in composed.contents)
    size_bytes = wire_bytes(plain) + len(BETWEEN) * len(plain) + around_bytes
    return Replay(
        contents=plain,
        shape=shape_for(last, composed, RATIOS),
        size_bytes=size_bytes,
        begins_with=first.id,
        is_whole=first.parent_id is None,
    )


def _end(shape: str | None) -> bytes:
    """Return what follows the contents: the settings of the last wish."""
    config: Json = {"responseModalities": ["TEXT", "IMAGE"]}
    if shape:
        config["imageConfig"] = {"aspectRatio": shape}
    return b'], "generationConfig": ' + _dumped(config) + b"}\n"


def _media(turn: Turn) -> list[MediaRef]:
    return [*(picture.media for picture in turn.pictures), *turn.shown]


def _pieces(content: Json) -> Iterator[bytes | PicturePart]:
    """Yield a content in pieces; each picture's part is one piece, so that a lost picture can be replaced."""
    token = secrets.token_hex(12)
    found: list[PicturePart] = []
    parts = []
    for part in content["parts"]:
        ref = (part.get("inlineData") or {}).get("data")
        parts.append(token if isinstance(ref, MediaRef) else part)
        if isinstance(ref, MediaRef):
            found.append(PicturePart(part, ref))
    texts = _dumped({**content, "parts": parts}).split(b'"' + token.encode() + b'"')
    yield texts[0]
    for picture, behind in zip(found, texts[1:], strict=True):
        yield picture
        yield behind


def _dumped(value: object) -> bytes:
    # A lone surrogate, as a cut emoji leaves it, has no UTF-8 form.
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "replace")
