"""The files of the emulated Telegram: bytes on disk by SHA-256, records by file_id.

Imports ``keep`` and ``records``. Never keeps a file's bytes in memory and never decodes a picture.
"""

from __future__ import annotations

import asyncio
import hashlib
import secrets
import tempfile
from base64 import urlsafe_b64encode
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from bot.sandbox.botapi.state.keep import Keep
from bot.sandbox.botapi.state.records import Json, StoredFile

LINK_LIFE_S = 3600.0
# For each kind, the first characters of its file_ids and the folder of its download links.
_KINDS = {
    "photo": ("AgACAgIAAxkBAA", "AQAD", "photos"),
    "document": ("BQACAgIAAxkBAA", "AgAD", "documents"),
    "thumbnail": ("AAMCAgADGQEAA", "AQAH", "thumbnails"),
    "animation": ("CgACAgIAAxkBAA", "AgAE", "animations"),
    "video": ("BAACAgIAAxkBAA", "AgAF", "videos"),
    "video_note": ("DQACAgIAAxkBAA", "AgAG", "video_notes"),
    "audio": ("CQACAgIAAxkBAA", "AgAH", "music"),
    "voice": ("AwACAgIAAxkBAA", "AgAI", "voice"),
    "sticker": ("CAACAgIAAxkBAA", "AgAJ", "stickers"),
}


@dataclass(frozen=True, kw_only=True)
class Upload:
    """A file that was just sent. It has no slots, so that its hash can be cached."""

    name: str
    mime: str
    data: bytes = field(repr=False)

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(self.data).hexdigest()


class Files:
    def __init__(self, keep: Keep, data_dir: Path | None) -> None:
        self._keep = keep
        self._temporary = None if data_dir else tempfile.TemporaryDirectory(prefix="sandbox-files-")
        self.root = (data_dir / "files") if data_dir else Path(self._temporary.name if self._temporary else ".")
        self.by_id: dict[str, StoredFile] = {}
        self._by_path: dict[str, str] = {}
        for _, doc in keep.load("file"):
            self._remember(StoredFile.from_json(doc))

    async def store(self, upload: Upload, *, kind: str, mime: str, suffix: str) -> StoredFile:
        """Keep an upload as a new file."""
        await asyncio.to_thread(self._write, upload)
        size_bytes = len(upload.data)
        return self._add(upload.sha256, size_bytes, kind=kind, mime=mime, name=upload.name, suffix=suffix)

    async def store_pictures(self, datas: Sequence[bytes], *, kind: str) -> list[StoredFile]:
        """Keep pictures that Telegram made; all of them are JPEG."""
        uploads = [Upload(name="", mime="image/jpeg", data=data) for data in datas]
        await asyncio.to_thread(self._write_all, uploads)
        return [
            self._add(upload.sha256, len(upload.data), kind=kind, mime=upload.mime, name=None, suffix=".jpg")
            for upload in uploads
        ]

    def _add(self, sha256: str, size_bytes: int, *, kind: str, mime: str, name: str | None, suffix: str) -> StoredFile:
        prefix, unique, folder = _KINDS[kind]
        token = urlsafe_b64encode(secrets.token_bytes(42)).decode()
        record = StoredFile(
            file_id=prefix + token,
            file_unique_id=unique + token[:11],
            sha256=sha256,
            size_bytes=size_bytes,
            kind=kind,
            mime=mime,
            name=name,
            path=f"{folder}/file_{len(self.by_id)}{suffix}",
        )
        self._put(record)
        return record

    def describe(self, record: StoredFile, described: Json) -> StoredFile:
        """Keep the Bot API object that shows a file, so that the file can be sent again by its file_id."""
        record = replace(record, described=described)
        self._put(record)
        return record

    def link(self, record: StoredFile, until: float) -> StoredFile:
        """Make the download link work until the given time."""
        record = replace(record, link_until=until)
        self._put(record)
        return record

    def by_path(self, path: str) -> StoredFile | None:
        """Return the file of a download link."""
        return self.by_id.get(self._by_path.get(path, ""))

    def location(self, record: StoredFile) -> Path:
        """Return the path of a file's bytes."""
        return self.root / record.sha256[:2] / record.sha256

    def close(self) -> None:
        """Delete the temporary folder, if there is one."""
        if self._temporary is not None:
            self._temporary.cleanup()

    def _put(self, record: StoredFile) -> None:
        self._remember(record)
        self._keep.put("file", record.file_id, record.to_json())

    def _remember(self, record: StoredFile) -> None:
        self.by_id[record.file_id] = record
        self._by_path[record.path] = record.file_id

    def _write_all(self, uploads: Sequence[Upload]) -> None:
        for upload in uploads:
            self._write(upload)

    def _write(self, upload: Upload) -> None:
        target = self.root / upload.sha256[:2] / upload.sha256
        if not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            part = target.with_name(f"{upload.sha256}.{secrets.token_hex(4)}.part")
            part.write_bytes(upload.data)
            part.replace(target)
