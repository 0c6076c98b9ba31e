"""Google's Files API for tests, beside a painter: keeps uploads, and expires, refuses or fails them at will.

Imports Starlette and pybase64; nothing of the bot. Written from Google's reference (media.upload, files.delete) and
from the texts of its refusals; an upload is read with the standard library's own parser of MIME.
"""

from __future__ import annotations

import asyncio
import email
import email.policy
import time
from collections import deque
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import pybase64
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

Json = dict[str, Any]


@dataclass
class File:
    """An uploaded file, and the key of the account that may use it."""

    name: str
    data: bytes
    mime: str
    key: str
    expires_at: float
    state: str = "ACTIVE"


@dataclass
class Shelf:
    """Google's Files API, emulated: ``files`` that exist, ``script`` for the next uploads, the lifetime of files."""

    files: dict[str, File] = field(default_factory=dict)
    script: deque[Any] = field(default_factory=deque)
    uploads: list[File] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    upload_bytes: int = 0
    lives_s: float = 48 * 3600.0
    state: str = "ACTIVE"
    deletion_gate: asyncio.Event | None = None
    refusal_of_deletions: int | None = None
    refusal_of_all: Json | None = None
    running: int = 0
    most_running: int = 0
    came: asyncio.Event = field(default_factory=asyncio.Event)

    def routes(self) -> list[Route]:
        """Return what is served."""
        return [
            Route("/upload/v1beta/files", self._upload, methods=["POST"]),
            Route("/v1beta/files/{name}", self._delete, methods=["DELETE"]),
        ]

    def expand(self, contents: list[Json]) -> list[Json]:
        """Return ``contents`` with the bytes of files where they were named."""

        def one(part: Json) -> Json:
            named = part.get("fileData")
            if named is None:
                return part
            file = self.files[named["fileUri"].rpartition("/")[2]]
            inline = {"mimeType": named["mimeType"], "data": pybase64.b64encode(file.data).decode()}
            return {"inlineData": inline, **{name: value for name, value in part.items() if name != "fileData"}}

        return [{**content, "parts": [one(part) for part in content["parts"]]} for content in contents]

    def refusal(self, contents: list[Json], key: str) -> Response | None:
        """Return how a request is refused whose files cannot be used, None where all can."""
        uris = [part["fileData"]["fileUri"] for content in contents for part in content["parts"] if "fileData" in part]
        if uris and self.refusal_of_all is not None:
            return JSONResponse(self.refusal_of_all, self.refusal_of_all["error"]["code"])
        for uri in uris:
            name = uri.rpartition("/")[2]
            file = self.files.get(name)
            if file is None or file.key != key or file.expires_at < time.time():
                return _denied(name)
            if file.state != "ACTIVE":
                text = f"The File {name} is not in an ACTIVE state and usage is not allowed."
                return _error(400, "FAILED_PRECONDITION", text)
        return None

    async def _upload(self, request: Request) -> Response:
        body = await request.body()
        self.upload_bytes += len(body)
        self.running += 1
        self.most_running = max(self.most_running, self.running)
        self.came.set()
        try:
            planned = self.script.popleft() if self.script else None
            if isinstance(planned, asyncio.Event):
                await planned.wait()
                planned = None
        finally:
            self.running -= 1
        if planned is not None:
            status, answer = planned
            return Response(answer, status) if isinstance(answer, str) else JSONResponse(answer, status)
        return self._store(request, body)

    def _store(self, request: Request, body: bytes) -> Response:
        if request.headers.get("x-goog-upload-protocol") != "multipart":
            return _error(400, "INVALID_ARGUMENT", "Unknown upload protocol.")
        head = f"Content-Type: {request.headers['content-type']}\r\n\r\n".encode()
        message = email.message_from_bytes(head + body, policy=email.policy.HTTP)
        metadata, media = message.iter_parts()
        assert metadata.get_content_type() == "application/json"
        data = media.get_payload(decode=True)
        assert isinstance(data, bytes)
        file = File(
            name=f"made-up-{len(self.uploads)}",
            data=data,
            mime=media.get_content_type(),
            key=request.headers["x-goog-api-key"],
            expires_at=time.time() + self.lives_s,
            state=self.state,
        )
        self.uploads.append(file)
        self.files[file.name] = file
        return JSONResponse({"file": _described(file, request.headers["host"])})

    async def _delete(self, request: Request) -> Response:
        if self.deletion_gate is not None:
            await self.deletion_gate.wait()
        if self.refusal_of_deletions is not None:
            return JSONResponse({"error": {"message": "unavailable"}}, self.refusal_of_deletions)
        name = request.path_params["name"]
        file = self.files.get(name)
        if file is None or file.key != request.headers["x-goog-api-key"]:
            return _denied(name)
        del self.files[name]
        self.deleted.append(name)
        return JSONResponse({})


def _described(file: File, host: str) -> Json:
    now, until = datetime.now(UTC), datetime.fromtimestamp(file.expires_at, UTC)
    return {
        "name": f"files/{file.name}",
        "mimeType": file.mime,
        "sizeBytes": str(len(file.data)),
        "createTime": f"{now:%Y-%m-%dT%H:%M:%S.%f}123Z",
        "updateTime": f"{now:%Y-%m-%dT%H:%M:%S.%f}123Z",
        "expirationTime": f"{until:%Y-%m-%dT%H:%M:%S.%f}123Z",
        "uri": f"http://{host}/v1beta/files/{file.name}",
        "state": file.state,
        "source": "UPLOADED",
    }


def _denied(name: str) -> Response:
    text = f"You do not have permission to access the File {name} or it may not exist."
    return _error(403, "PERMISSION_DENIED", text)


def _error(code: int, status: str, message: str) -> Response:
    return JSONResponse({"error": {"code": code, "message": message, "status": status}}, code)
