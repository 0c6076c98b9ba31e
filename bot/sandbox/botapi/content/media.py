"""Makes the Bot API object that shows a file in a message, from an upload, a file_id or an attach:// name.

Imports ``pictures``, ``errors`` and ``state``. One function for each kind of media; none of them sends anything.
"""

from __future__ import annotations

import mimetypes
from dataclasses import dataclass
from pathlib import PurePath

from bot.sandbox.botapi.content import pictures
from bot.sandbox.botapi.errors import bad
from bot.sandbox.botapi.state.backend import Backend
from bot.sandbox.botapi.state.files import Upload
from bot.sandbox.botapi.state.records import Json, StoredFile

ATTACH = "attach://"
_NAMES = {"photo": "Photo", "document": "Document", "animation": "Animation", "video": "Video", "audio": "Audio"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Media:
    """A file that is ready for a message. ``content`` has the message's fields, such as ``photo`` with its sizes."""

    kind: str
    content: Json


async def resolve(
    backend: Backend,
    kind: str,
    given: Upload | str,
    uploads: dict[str, Upload],
    *,
    described: Json | None = None,
) -> Media:
    """Return the media that a parameter of the bot names. Raises ApiError."""
    upload = _attached(kind, given, uploads)
    if isinstance(upload, Upload):
        if not upload.data:
            raise bad("file must be non-empty")
        return await from_upload(backend, kind, upload, described=described or {})
    if upload.startswith(("http://", "https://")):
        raise bad("failed to get HTTP URL content")
    return known(backend, kind, upload)


def _attached(kind: str, given: Upload | str, uploads: dict[str, Upload]) -> Upload | str:
    if isinstance(given, str) and given.startswith(ATTACH):
        found = uploads.get(given.removeprefix(ATTACH))
        if found is None:
            raise bad(f'wrong {kind}: there is no file with the name "{given}" in the request')
        return found
    if not given:
        raise bad(f"there is no {kind} in the request")
    return given


def known(backend: Backend, kind: str, file_id: str) -> Media:
    """Return the media of a file_id. Raises ApiError for an unknown id, or one of another kind."""
    record = backend.files.by_id.get(file_id)
    if record is None:
        raise bad("wrong file identifier/HTTP URL specified")
    if record.kind != kind or not record.described:
        raise bad(f"can't use file of type {_NAMES.get(record.kind, record.kind.title())} as {_NAMES[kind]}")
    return Media(kind=kind, content=dict(record.described))


async def from_upload(backend: Backend, kind: str, upload: Upload, *, described: Json, hd: bool = False) -> Media:
    """Store an upload as media of a kind. Raises ApiError."""
    if kind == "photo":
        return await _photo(backend, upload, hd=hd)
    width_height = await pictures.picture_size(upload.data)
    suffix = PurePath(upload.name).suffix or mimetypes.guess_extension(upload.mime) or ""
    mime = _mime(upload)
    record = await backend.files.store(upload, kind=kind, mime=mime, suffix=suffix)
    shown: Json = {"file_id": record.file_id, "file_unique_id": record.file_unique_id, "file_size": record.size_bytes}
    if kind not in {"voice", "video_note", "sticker"}:
        shown |= {"file_name": upload.name}
    if kind not in {"video_note", "sticker"}:
        shown |= {"mime_type": mime}
    if kind in {"animation", "video", "sticker"}:
        width, height = width_height or (512, 512)
        shown |= {"width": described.get("width") or width, "height": described.get("height") or height}
    if kind in {"animation", "video", "audio", "voice", "video_note"}:
        shown["duration"] = described.get("duration") or 1
    if kind == "video_note":
        shown["length"] = 240
    if kind == "sticker":
        # Moving stickers are compressed Lottie (TGS) or WebM, still ones are WebP.
        moving = {"is_animated": upload.data[:2] == b"\x1f\x8b", "is_video": upload.data[:4] == b"\x1a\x45\xdf\xa3"}
        shown |= {"type": "regular", **moving, "emoji": "🖼"}
    shown |= {key: described[key] for key in ("performer", "title") if described.get(key) and kind == "audio"}
    if small := described.get("thumbnail"):
        shown |= await _preview(backend, Upload(name="", mime="image/jpeg", data=small))
    elif width_height and kind in {"document", "animation"}:
        shown |= await _preview(backend, upload)
    if kind == "video" and (cover := described.get("cover")):
        photo = await _photo(backend, Upload(name="", mime="image/jpeg", data=cover), hd=False)
        shown["cover"] = photo.content["photo"]
    content: Json = {kind: shown}
    if kind == "animation":
        content["document"] = {k: v for k, v in shown.items() if k not in {"width", "height", "duration"}}
    backend.files.describe(record, content)
    return Media(kind=kind, content=content)


def _mime(upload: Upload) -> str:
    if upload.mime in {"", "application/octet-stream"}:
        return mimetypes.guess_type(upload.name)[0] or "application/octet-stream"
    return upload.mime


async def _preview(backend: Backend, upload: Upload) -> Json:
    small = await pictures.thumbnail(upload.data)
    if small is None:
        return {}
    (record,) = await backend.files.store_pictures([small.data], kind="thumbnail")
    return {"thumbnail": _size(record, small)}


async def _photo(backend: Backend, upload: Upload, *, hd: bool) -> Media:
    renditions = await pictures.photo_sizes(upload.data, hd=hd)
    records = await backend.files.store_pictures([rendition.data for rendition in renditions], kind="photo")
    sizes = [_size(record, rendition) for record, rendition in zip(records, renditions, strict=True)]
    content: Json = {"photo": sizes}
    for record in records:
        backend.files.describe(record, content)
    return Media(kind="photo", content=content)


def _size(record: StoredFile, rendition: pictures.Rendition) -> Json:
    return {
        "file_id": record.file_id,
        "file_unique_id": record.file_unique_id,
        "width": rendition.width_px,
        "height": rendition.height_px,
        "file_size": record.size_bytes,
    }
