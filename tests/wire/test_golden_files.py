"""The golden pair of the Files API: an upload, the request that names it, and its deletion, byte by byte.

Written by hand from Google's reference; google-genai's types judge both the answer and the request.
"""

from __future__ import annotations

import json
import ssl
from pathlib import Path

from google.genai import types

from bot.providers.base import Request
from bot.providers.factory import ProviderConfig, build
from storage.engine.database import Database
from storage.records import MediaRef
from storage.tables.provider_files import ProviderFiles
from tests.providers.turns import painted
from tests.providers.wiring import KEY, Detour, Endpoint, Reply, serving

PAIR = json.loads((Path(__file__).parent / "files" / "gemini-uploaded-picture.json").read_text(encoding="utf-8"))
# Line ends and a boundary's beginning are what a careless upload breaks.
BYTES = (b"\xff\xd8\r\n--\n\r\x00" * PAIR["picture_bytes"])[: PAIR["picture_bytes"]]
PHOTO = MediaRef(sha256="a" * 64, mime="image/jpeg", size_bytes=len(BYTES), width_px=1, height_px=1)


async def read(_: MediaRef) -> bytes:
    """Return the bytes of the one picture."""
    return BYTES


async def test_an_uploaded_picture_goes_out_as_written(tmp_path: Path) -> None:
    database = await Database.open(f"sqlite+aiosqlite:///{tmp_path}/tree.db")
    known = ProviderFiles(database)
    async with serving() as endpoint:
        endpoint.add(Reply(PAIR["upload"]["answer"]), painted())
        config = ProviderConfig(base_url="http://generativelanguage.googleapis.com", api_key=KEY, files=known)
        detour = Detour(endpoint.port, ssl.create_default_context())
        provider = build("gemini", config, detour)
        inline = {"mimeType": "image/jpeg", "data": PHOTO}
        contents = ({"role": "user", "parts": [{"inlineData": inline}, {"text": "make it night"}]},)
        request = Request(model="gemini-2.5-flash-image", contents=contents, wish="make it night", read=read)
        assert (await provider.ask(request)).status == 200
        uri = PAIR["upload"]["answer"]["file"]["uri"]
        account = provider.files.account  # type: ignore[attr-defined]
        assert await known.alive(account, [PHOTO.sha256], for_s=0) == {PHOTO.sha256: uri}
        await provider.forget([(account, uri)])
        await provider.aclose()
        await database.close()
    assert set(detour.targets) == {"generativelanguage.googleapis.com"}
    check(endpoint)


def check(endpoint: Endpoint) -> None:
    """Compare the three calls with what must go out."""
    upload, request, deletion = endpoint.calls
    for call in endpoint.calls:
        assert call.headers["x-goog-api-key"] == KEY
        assert KEY not in call.path + call.query
    expected = PAIR["upload"]
    assert (upload.method, upload.path, upload.query) == ("POST", expected["path"], "")
    assert upload.headers["x-goog-upload-protocol"] == expected["headers"]["x-goog-upload-protocol"]
    assert upload.headers["content-length"] == str(len(upload.body))
    boundary = upload.headers["content-type"].removeprefix("multipart/related; boundary=")
    head, metadata, *media = upload.body.split(f"--{boundary}\r\n".encode(), 2)
    assert head == b""
    assert metadata.startswith(b"Content-Type: application/json; charset=utf-8\r\n\r\n")
    assert json.loads(metadata.partition(b"\r\n\r\n")[2]) == expected["metadata"]
    kind = f"Content-Type: {expected['media_type']}\r\n\r\n".encode()
    assert media == [kind + BYTES + f"\r\n--{boundary}--\r\n".encode()]
    assert (request.method, request.path) == ("POST", PAIR["request"]["path"])
    assert request.json == PAIR["request"]["body"]
    assert (deletion.method, deletion.path) == (PAIR["deletion"]["method"], PAIR["deletion"]["path"])
    types.File.model_validate(expected["answer"]["file"])
    for content in request.json["contents"]:
        types.Content.model_validate(content)
