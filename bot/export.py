"""A conversation as a zip to keep: original pictures, the tree, a page to read, and ``contents.json`` to replay.

May import ``contents`` and ``storage.records``. Builds from plain values and the bytes that it is handed; the page
loads nothing from anywhere.
"""

from __future__ import annotations

import asyncio
import base64
import html
import json
import zipfile
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path

from bot import contents
from storage.records import Json, MediaRef, Turn

Read = Callable[[MediaRef], Awaitable[bytes]]

README = """A conversation with the picture bot, exported.

index.html     to read it in a browser
pictures/      every picture as it was stored, named by its SHA-256
tree.json      all turns: what was asked, by whom, what was answered, which turn came from which
contents.json  the conversation up to where it stood, ready for Gemini:

    curl -H "x-goog-api-key: $GEMINI_API_KEY" -H "Content-Type: application/json" -d @contents.json \\
        https://generativelanguage.googleapis.com/v1beta/models/gemini-2.5-flash-image:generateContent
"""

STYLE = """
body { font: 16px/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto; padding: 0 1rem; color: #222;
  background: #faf9f7 }
article { margin: 2rem 0; padding: 1rem 1.2rem; background: #fff; border-radius: 12px; box-shadow: 0 1px 4px #0002 }
article.head { outline: 3px solid #3a7bd5 }
h2 { font-size: 1rem; margin: 0 0 .6rem } h2 small { color: #777; font-weight: normal }
p { white-space: pre-wrap; margin: .5rem 0 } p.wish { font-weight: 600 }
img { max-width: 100%; border-radius: 8px; display: block; margin: .6rem 0 }
"""


async def write(target: Path, turns: Sequence[tuple[int, Turn]], path: Sequence[Turn], read: Read) -> None:
    """Write the zip. ``turns`` are all answered ones with their numbers, ``path`` those up to head, root first."""
    refs = {ref.sha256: ref for _, turn in turns for ref in _pictures(turn)}
    numbers = {turn.id: number for number, turn in turns}
    head = path[-1].id if path else None
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("README.txt", README)
        for ref in refs.values():
            data = await read(ref)
            await asyncio.to_thread(archive.writestr, zipfile.ZipInfo(_name(ref)), data, zipfile.ZIP_STORED)
        tree = [_told(number, turn, numbers, is_head=turn.id == head) for number, turn in turns]
        archive.writestr("tree.json", json.dumps(tree, ensure_ascii=False, indent=2))
        archive.writestr("index.html", _page(turns, numbers, head))
        if path:
            archive.writestr("contents.json", json.dumps(await _replay(path, read), ensure_ascii=False))


async def _replay(path: Sequence[Turn], read: Read) -> Json:
    whole = contents.Fit(
        maker=path[-1].maker or "",
        signatures=False,
        history=True,
        max_images=10_000,
        budget_bytes=10**12,
        verbatim=True,
    )
    last = path[-1]
    composed = contents.compose(path[:-1], last, whole)
    data = {ref: base64.b64encode(await read(ref)).decode() for ref in set(_all_media(composed.contents))}
    asked = [contents.expand(content, lambda _: "") for content in composed.contents]
    return {
        "contents": [_filled(content, data) for content in asked],
        "generationConfig": {"responseModalities": ["TEXT", "IMAGE"]},
    }


def _filled(content: Json, data: dict[MediaRef, str]) -> Json:
    parts = [
        {**part, "inlineData": {**part["inlineData"], "data": data[part["inlineData"]["data"]]}}
        if "inlineData" in part
        else part
        for part in content["parts"]
    ]
    return {**content, "parts": parts}


def _all_media(composed: Sequence[Json]) -> list[MediaRef]:
    return [ref for content in composed for ref in contents.media_in(content)]


def _told(number: int, turn: Turn, numbers: dict[int, int], *, is_head: bool) -> Json:
    return {
        "number": number,
        "parent": numbers.get(turn.parent_id or 0),
        "head": is_head,
        "asked_at": datetime.fromtimestamp(turn.created_at, UTC).isoformat(timespec="seconds"),
        "author": turn.author.name,
        "wish": turn.wish,
        "sent": [_name(picture.original or picture.media) for picture in turn.pictures],
        "words": turn.words,
        "shown": [_name(ref) for ref in turn.shown],
        "provider": turn.provider,
        "model": turn.model,
        "reply": turn.reply,
    }


def _page(turns: Sequence[tuple[int, Turn]], numbers: dict[int, int], head: int | None) -> str:
    articles = "\n".join(_article(number, turn, numbers, is_head=turn.id == head) for number, turn in turns)
    title = "A conversation in pictures"
    return (
        f'<!doctype html><html lang="en"><meta charset="utf-8"><title>{title}</title><style>{STYLE}</style>'
        f'<meta name="viewport" content="width=device-width"><h1>{title}</h1>\n{articles}\n</html>\n'
    )


def _article(number: int, turn: Turn, numbers: dict[int, int], *, is_head: bool) -> str:
    parent = numbers.get(turn.parent_id or 0)
    origin = f"from {parent}" if parent else "a beginning"
    sent = "".join(_image(picture.media) for picture in turn.pictures)
    shown = "".join(map(_image, turn.shown))
    author = f"{html.escape(turn.author.name)}: " if turn.author.name else ""
    return (
        f'<article{" class=head" if is_head else ""} id="{number}"><h2>{number} <small>{origin}</small></h2>'
        f'{sent}<p class="wish" dir="auto">{author}{html.escape(turn.wish)}</p>'
        f'<p dir="auto">{html.escape(turn.words)}</p>{shown}</article>'
    )


def _image(ref: MediaRef) -> str:
    return f'<img src="{_name(ref)}" width="{ref.width_px}" height="{ref.height_px}" alt="" loading="lazy">'


def _pictures(turn: Turn) -> list[MediaRef]:
    sent = [ref for picture in turn.pictures for ref in (picture.media, picture.original) if ref]
    return [*sent, *turn.shown]


def _name(ref: MediaRef) -> str:
    ending = ref.mime.removeprefix("image/").replace("jpeg", "jpg")
    return f"pictures/{ref.sha256}.{ending}"
