"""Google's Files API: a picture is uploaded once, and no turn fails because of what happens to the file at Google."""

from __future__ import annotations

import asyncio
import base64
import logging
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text

from bot.providers.base import Provider, Request, Result
from bot.providers.calls.attempts import generate
from bot.providers.errors import ProviderError
from bot.providers.factory import ProviderConfig, build
from bot.providers.gemini.files import AT_ONCE, MARGIN_S, MIN_BYTES, Files
from bot.providers.wire import Redactor, Wire
from storage.engine.database import Database
from storage.records import MediaRef
from storage.tables.provider_files import ProviderFiles
from tests.providers.turns import FAST, Book, asking
from tests.providers.wiring import KEY, Album, Json
from tests.support.painter import Painter, noise, painting
from tests.support.second_opinion import genai
from tests.support.shelf import File

GOOGLE = "http://generativelanguage.googleapis.com"
BIG_PX = 200


@pytest.fixture
async def painter() -> AsyncIterator[Painter]:
    async with painting() as served:
        yield served


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty database as a file, because creating one takes longer than a test here."""
    path = tmp_path_factory.mktemp("migrated") / "tree.db"

    async def make() -> None:
        await (await Database.open(f"sqlite+aiosqlite:///{path}")).close()

    asyncio.run(make())
    return path


@pytest.fixture
async def database(migrated: Path, tmp_path: Path) -> AsyncIterator[Database]:
    opened = await Database.open(f"sqlite+aiosqlite:///{shutil.copy(migrated, tmp_path)}")
    yield opened
    await opened.close()


@asynccontextmanager
async def google(painter: Painter, database: Database | None, **changes: Any) -> AsyncIterator[Provider]:
    """Yield a provider whose Google is the painter, as behind a proxy. Without a database it uploads no files."""
    config = {"base_url": GOOGLE, "proxy_to": lambda _: painter.base_url, "api_key": KEY, **changes}
    name = config.pop("name", "gemini")
    provider = build(name, ProviderConfig(files=ProviderFiles(database) if database else None, **config))
    yield provider
    await provider.aclose()


big = cache(lambda number: noise(number, BIG_PX))


def photo(album: Album, number: int = 1) -> MediaRef:
    """Return a picture that is worth a call."""
    picture = album.add(big(number))
    assert picture.size_bytes > MIN_BYTES
    return picture


def showing(album: Album, *pictures: MediaRef, wish: str = "warmer", **part: Any) -> Request:
    """Return a request with pictures in its one user turn."""
    parts = [{"inlineData": {"mimeType": p.mime, "data": p}, **part} for p in pictures]
    return asking(album, contents=({"role": "user", "parts": [*parts, {"text": wish}]},), wish=wish, pictures=pictures)


async def turn(provider: Provider, request: Request, book: Book | None = None) -> Result:
    return await generate(provider, request, book or Book(), policy=FAST)


def named(painter: Painter, call: int = -1) -> int:
    """Return how many pictures a call named."""
    return sum("fileData" in part for content in painter.calls[call].contents for part in content["parts"])


def inline(painter: Painter, call: int = -1) -> int:
    """Return how many pictures a call carried."""
    return sum("inlineData" in part for content in painter.calls[call].contents for part in content["parts"])


async def rows(database: Database) -> int:
    async with database.connect() as connection:
        return int(await connection.scalar(text("SELECT count(*) FROM provider_files")) or 0)


async def test_a_picture_is_uploaded_once_and_named_from_then_on(
    painter: Painter, database: Database, album: Album
) -> None:
    picture = photo(album)
    async with google(painter, database) as provider:
        for _ in range(3):
            await turn(provider, showing(album, picture))
    assert [(file.data, file.mime) for file in painter.shelf.uploads] == [(album.held[picture.sha256], "image/png")]
    assert [(named(painter, n), inline(painter, n)) for n in range(3)] == [(1, 0)] * 3
    assert all(call.size_bytes < 1000 for call in painter.calls)


async def test_google_s_own_client_could_send_it_and_reads_the_same_answer(
    painter: Painter, database: Database, album: Album
) -> None:
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album)))
    (sent,) = (genai("types").Content.model_validate(content) for content in painter.calls[0].contents)
    assert sent.parts
    data = sent.parts[0].file_data
    assert data
    assert data.mime_type == "image/png"
    assert data.file_uri == f"{GOOGLE}/v1beta/files/made-up-0"
    assert set(painter.calls[0].contents[0]["parts"][0]) == {"fileData"}


async def test_the_model_sees_the_same_with_files_on_and_off(
    painter: Painter, database: Database, album: Album
) -> None:
    first, second = photo(album, 1), photo(album, 2)
    drawn, small = photo(album, 3), album.add(noise(4, 20))
    contents = (
        {"role": "user", "parts": [{"inlineData": {"mimeType": first.mime, "data": first}}, {"text": "a"}]},
        {"role": "model", "parts": [{"text": "ok"}, {"inlineData": {"mimeType": drawn.mime, "data": drawn}}]},
        {
            "role": "user",
            "parts": [{"inlineData": {"mimeType": p.mime, "data": p}} for p in (second, small)] + [{"text": "b"}],
        },
    )
    request = asking(album, contents=contents, wish="b", pictures=(second, small), current=drawn)
    results = []
    for known in (database, None):
        async with google(painter, known) as provider:
            painter.painted = 0
            results.append(await turn(provider, request))
    assert results[0] == results[1]
    assert painter.calls[0].whole == painter.calls[1].contents
    assert {**painter.calls[0].body, "contents": []} == {**painter.calls[1].body, "contents": []}
    assert (named(painter, 0), inline(painter, 0)) == (3, 1)
    assert (named(painter, 1), inline(painter, 1)) == (0, 4)


async def test_a_signed_picture_goes_inline(painter: Painter, database: Database, album: Album) -> None:
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album), thoughtSignature="c2ln"))
    assert (named(painter), inline(painter), painter.shelf.uploads) == (0, 1, [])


async def test_what_soon_expires_is_uploaded_again(painter: Painter, database: Database, album: Album) -> None:
    picture = photo(album)
    async with google(painter, database) as provider:
        painter.shelf.lives_s = MARGIN_S - 60
        await turn(provider, showing(album, picture))
        painter.shelf.lives_s = 2 * MARGIN_S
        for _ in range(2):
            await turn(provider, showing(album, picture))
    assert len(painter.shelf.uploads) == 2
    uris = [call.contents[0]["parts"][0]["fileData"]["fileUri"] for call in painter.calls]
    assert [uri.rpartition("-")[2] for uri in uris] == ["0", "1", "1"]


def lose(file: File, painter: Painter) -> None:
    del painter.shelf.files[file.name]


def end(file: File, _: Painter) -> None:
    file.expires_at = 0


def fail(file: File, _: Painter) -> None:
    file.state = "FAILED"


def move(file: File, _: Painter) -> None:
    file.key = "somebody else's"


@pytest.mark.parametrize("happens", [lose, end, fail, move])
async def test_a_refused_file_costs_one_free_repeat_and_is_uploaded_again(
    happens: Any, painter: Painter, database: Database, album: Album
) -> None:
    old, new = photo(album, 1), photo(album, 2)
    book = Book()
    async with google(painter, database) as provider:
        await turn(provider, showing(album, old))
        happens(painter.shelf.uploads[0], painter)
        result = await turn(provider, showing(album, old, new), book)
        # One call for the ledger: the refused one was not paid for.
        assert book.events == ["calling", "answered"]
        assert len(result.pictures) == 1
        assert [(named(painter, n), inline(painter, n)) for n in (1, 2)] == [(2, 0), (0, 2)]
        assert painter.painted == 2
        await turn(provider, showing(album, old, new))
    assert (named(painter), inline(painter)) == (2, 0)
    assert painter.calls[-1].whole == painter.calls[2].contents


@pytest.mark.parametrize("message", ["Request contains an invalid argument.", "Cannot fetch content from the URL."])
async def test_a_model_that_takes_no_files_gets_bytes_for_a_while(
    message: str, painter: Painter, database: Database, album: Album
) -> None:
    painter.shelf.refusal_of_all = {"error": {"code": 400, "message": message, "status": "INVALID_ARGUMENT"}}
    async with google(painter, database) as provider:
        for _ in range(3):
            await turn(provider, showing(album, photo(album)))
    assert [named(painter, n) for n in range(4)] == [1, 0, 0, 0]
    assert len(painter.shelf.uploads) == 1
    # No request names it, but it stays at Google until it expires or is forgotten.
    assert await rows(database) == 1


@pytest.mark.parametrize(
    ("status", "error"),
    [
        (400, {"message": "Image part is missing a thought_signature.", "status": "INVALID_ARGUMENT"}),
        (403, {"message": "Generative Language API has not been used in project 1", "status": "PERMISSION_DENIED"}),
        (400, {"message": "API key not valid. Please pass a valid API key.", "status": "INVALID_ARGUMENT"}),
        (500, {"message": "An internal error has occurred while reading the file.", "status": "INTERNAL"}),
    ],
)
async def test_what_is_refused_for_another_reason_is_not_sent_again_as_bytes(
    status: int, error: Json, painter: Painter, database: Database, album: Album
) -> None:
    painter.will((status, {"error": {"code": status, **error}}))
    async with google(painter, database) as provider:
        answer = await provider.ask(showing(album, photo(album)))
        assert answer.status == status
    assert len(painter.calls) == 1
    assert await rows(database) == 1


BAD_UPLOADS = [
    (500, {"error": {"code": 500, "message": "internal"}}),
    (429, {"error": {"code": 429, "message": f"quota of {KEY} is used up"}}),
    (403, {"error": {"code": 403, "message": "The service is disabled.", "status": "PERMISSION_DENIED"}}),
    (404, "<html>not here</html>"),
    (200, "not json"),
    (200, {"file": None}),
    (200, {"file": {"uri": f"{GOOGLE}/v1beta/files/a", "state": "FAILED"}}),
    (200, {"file": {"uri": "gs://bucket/object"}}),
]


@pytest.mark.parametrize("answer", BAD_UPLOADS, ids=lambda answer: f"{answer[0]}-{str(answer[1])[:20]}")
async def test_a_failed_upload_loses_no_picture(
    answer: Any, painter: Painter, database: Database, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    painter.shelf.script.append(answer)
    book = Book()
    async with google(painter, database) as provider:
        for _ in range(2):
            await turn(provider, showing(album, photo(album)), book)
    assert [(named(painter, n), inline(painter, n)) for n in range(2)] == [(0, 1)] * 2
    assert painter.calls[0].contents == painter.calls[1].contents
    assert book.events == ["calling", "answered"] * 2
    assert painter.shelf.uploads == []
    assert "are sent inline for 10 minutes" in caplog.text
    assert KEY not in caplog.text


async def test_an_address_without_uploads_loses_no_picture(database: Database, album: Album) -> None:
    async with google(Painter(base_url="http://127.0.0.1:9"), database) as provider:
        with pytest.raises(ProviderError, match="connection-failed"):
            await provider.ask(showing(album, photo(album)))
    assert await rows(database) == 0


async def test_a_store_that_fails_loses_no_picture(painter: Painter, database: Database, album: Album) -> None:
    async with database.begin() as connection:
        await connection.execute(text("DROP TABLE provider_files"))
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album)))
    assert (named(painter), inline(painter)) == (0, 1)


async def test_what_google_still_looks_at_is_named_the_next_time(
    painter: Painter, database: Database, album: Album
) -> None:
    painter.shelf.state = "PROCESSING"
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album)))
        painter.shelf.uploads[0].state = "ACTIVE"
        await turn(provider, showing(album, photo(album)))
    assert [(named(painter, n), inline(painter, n)) for n in range(2)] == [(0, 1), (1, 0)]
    assert len(painter.shelf.uploads) == 1


async def test_a_restart_and_another_worker_know_what_is_uploaded(
    painter: Painter, database: Database, album: Album
) -> None:
    for _ in range(2):
        async with google(painter, database) as provider:
            await turn(provider, showing(album, photo(album)))
    assert (len(painter.shelf.uploads), named(painter)) == (1, 1)


async def test_each_account_has_its_own_files(painter: Painter, database: Database, album: Album) -> None:
    for key in (KEY, "another-key-0000", KEY):
        async with google(painter, database, api_key=key) as provider:
            await turn(provider, showing(album, photo(album)))
    assert [file.key for file in painter.shelf.uploads] == [KEY, "another-key-0000"]
    assert [named(painter, n) for n in range(3)] == [1, 1, 1]
    async with database.connect() as connection:
        stored = str((await connection.execute(text("SELECT * FROM provider_files"))).all())
    assert KEY not in stored


@pytest.mark.parametrize(
    "changes",
    [
        {"base_url": None},
        {"base_url": None, "name": "tokaify"},
        {"base_url": GOOGLE, "name": "tokaify"},
        {"base_url": "http://aiplatform.googleapis.com/v1"},
    ],
    ids=["relay", "tokaify", "tokaify at Google's address", "Vertex AI"],
)
async def test_nothing_is_uploaded_to_a_relay(
    changes: Json, painter: Painter, database: Database, album: Album
) -> None:
    changes = {name: painter.base_url if value is None else value for name, value in changes.items()}
    async with google(painter, database, **changes) as provider:
        await turn(provider, showing(album, photo(album)))
        await provider.forget([("account", f"{GOOGLE}/v1beta/files/a")])
    assert (named(painter), inline(painter)) == (0, 1)
    assert painter.shelf.upload_bytes == 0


async def test_uploads_go_beside_each_other_and_only_so_many(
    painter: Painter, database: Database, album: Album
) -> None:
    pictures = [photo(album, number) for number in range(2 * AT_ONCE)]
    request = replace(showing(album, *pictures), model="gemini-3-pro-image")
    shelf, gate = painter.shelf, asyncio.Event()
    shelf.script.extend([gate] * len(pictures))
    async with google(painter, database) as provider, asyncio.timeout(30):
        asked = asyncio.create_task(turn(provider, request))
        while shelf.running < AT_ONCE:
            shelf.came.clear()
            await shelf.came.wait()
        # Time for one too many to come.
        await asyncio.sleep(0.05)
        gate.set()
        await asked
    assert shelf.most_running == AT_ONCE
    assert len(shelf.uploads) == named(painter) == 2 * AT_ONCE


@asynccontextmanager
async def impatient(painter: Painter, database: Database) -> AsyncIterator[Files]:
    """Return the files of an account, without any waiting."""
    redactor = Redactor(KEY)
    wire = Wire(redactor=redactor)

    async def headers() -> dict[str, str]:
        return {"x-goog-api-key": KEY}

    known = ProviderFiles(database)
    short = {"upload_s": 0.1, "forget_s": 0.1}
    files = Files(wire, painter.base_url, headers, account="ours", known=known, redactor=redactor, **short)
    yield files
    await files.aclose()
    await wire.aclose()


async def test_a_request_does_not_wait_for_an_upload_that_hangs(
    painter: Painter, database: Database, album: Album
) -> None:
    gate = asyncio.Event()
    painter.shelf.script.append(gate)
    async with impatient(painter, database) as files:
        found = await files.named(showing(album, photo(album)).contents, album.read)
        assert found.uris == {}
        gate.set()
    assert await rows(database) == 0


async def test_turns_side_by_side_share_an_upload(painter: Painter, database: Database, album: Album) -> None:
    gate = asyncio.Event()
    painter.shelf.script.append(gate)
    contents = showing(album, photo(album)).contents
    async with impatient(painter, database) as files, asyncio.timeout(30):
        await asyncio.gather(*(files.named(contents, album.read) for _ in range(4)))
        await painter.shelf.came.wait()
        gate.set()
    assert painter.shelf.most_running == 1


async def test_forgetting_does_not_wait_for_deletions_that_hang(
    painter: Painter, database: Database, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    gate = painter.shelf.deletion_gate = asyncio.Event()
    async with impatient(painter, database) as files, asyncio.timeout(30):
        await files.forget([("ours", f"{GOOGLE}/v1beta/files/{number}") for number in range(50)])
        gate.set()
    assert "0 of 50 uploaded pictures deleted" in caplog.text


async def test_closing_ends_an_upload_that_hangs(painter: Painter, database: Database, album: Album) -> None:
    gate = asyncio.Event()
    painter.shelf.script.append(gate)
    async with google(painter, database) as provider:
        asked = asyncio.create_task(provider.ask(showing(album, photo(album))))
        async with asyncio.timeout(10):
            await painter.shelf.came.wait()
        asked.cancel()
        await asyncio.gather(asked, return_exceptions=True)
    gate.set()
    assert painter.calls == []
    assert await rows(database) == 0


async def test_forgetting_deletes_what_is_this_account_s(
    painter: Painter, database: Database, album: Album, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO)
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album, 1), photo(album, 2)))
        async with database.connect() as connection:
            lying = [tuple(row) for row in await connection.execute(text("SELECT account, uri FROM provider_files"))]
        gone = (lying[0][0], f"{GOOGLE}/v1beta/files/long-gone")
        await provider.forget([*lying[:1], gone, ("another", lying[1][1]), (lying[1][0], "gs://b/o")])
    assert painter.shelf.deleted == [lying[0][1].rpartition("/")[2]]
    assert list(painter.shelf.files) == [lying[1][1].rpartition("/")[2]]
    assert "1 of 2 uploaded pictures deleted" in caplog.text


async def test_what_was_uploaded_is_deleted_after_files_are_switched_off(
    painter: Painter, database: Database, album: Album
) -> None:
    async with google(painter, database) as provider:
        await turn(provider, showing(album, photo(album)))
    async with database.connect() as connection:
        lying = [tuple(row) for row in await connection.execute(text("SELECT account, uri FROM provider_files"))]
    async with google(painter, None) as provider:
        await provider.forget(lying)
    assert painter.shelf.files == {}


async def test_a_picture_below_the_break_even_goes_inline(painter: Painter, database: Database, album: Album) -> None:
    small = album.add(noise(1, 150))
    assert small.size_bytes < MIN_BYTES
    async with google(painter, database) as provider:
        await turn(provider, showing(album, small))
    sent = painter.calls[0].contents[0]["parts"][0]["inlineData"]["data"]
    assert base64.b64decode(sent) == album.held[small.sha256]
    assert painter.shelf.upload_bytes == 0
