"""The last moment before a request leaves the machine, at both clients: connected, and nothing is sent yet.

A worker that was paused and declared dead meanwhile must find that out as late as can be.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterable, AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field

import httpx
import pytest
from pydantic import SecretStr

from bot.process.clients import Guard, telegram
from bot.providers.wire import Redactor, Wire, json_body
from bot.providers.wire.sending import ONE_PIECE_BYTES, Before, in_one_piece
from bot.sandbox.config import MADE_UP_TOKEN
from bot.settings.settings import Settings
from storage.engine.fencing import Fenced

ANSWER = b'{"ok":true,"result":true}'


@dataclass
class Listening:
    """A server that notes when somebody connects, and every byte."""

    url: str = ""
    connected: asyncio.Event = field(default_factory=asyncio.Event)
    heard: bytearray = field(default_factory=bytearray)

    async def talk(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer requests until the other side hangs up."""
        self.connected.set()
        while data := await reader.read(65_536):
            self.heard += data
            if data.endswith(b"}") or b"chat_id" in data:
                writer.write(b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\n")
                writer.write(b"content-length: %d\r\n\r\n%s" % (len(ANSWER), ANSWER))
        writer.close()


@pytest.fixture
async def listening() -> AsyncIterator[Listening]:
    found = Listening()
    server = await asyncio.start_server(found.talk, "127.0.0.1")
    async with server:
        found.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        yield found


Call = Callable[[], Awaitable[object]]
Client = Callable[[str, Before], AbstractAsyncContextManager[Call]]


@asynccontextmanager
async def at_a_provider(url: str, before: Before) -> AsyncIterator[Call]:
    async def nothing(_: object) -> bytes:
        return b""

    wire = Wire(redactor=Redactor(), before=before)
    yield lambda: wire.post(f"{url}/x", {}, json_body({"a": 1}, nothing))
    await wire.aclose()


@asynccontextmanager
async def at_telegram(url: str, before: Before) -> AsyncIterator[Call]:
    settings = Settings(telegram_bot_token=SecretStr(MADE_UP_TOKEN), telegram_api_url=url, telegram_limits=False)
    bot, request = telegram(settings, guard=Guard(before=before, on_answer=lambda: None, shared=None))  # type: ignore[arg-type]
    yield lambda: bot.leave_chat(5)
    await request.shutdown()
    await bot.request.shutdown()


@pytest.mark.parametrize("at", [at_a_provider, at_telegram])
async def test_it_comes_first_of_all_and_before_the_first_byte(listening: Listening, at: Client) -> None:
    seen: list[tuple[bool, int]] = []

    async def before() -> None:
        await asyncio.sleep(0.02)
        seen.append((listening.connected.is_set(), len(listening.heard)))

    async with at(listening.url, before) as call:
        await call()
        assert seen == [(False, 0), (True, 0)]
        assert listening.heard
        listening.heard.clear()
        await call()
        assert seen[2:] == [(True, 0), (True, 0)]
        assert listening.heard


@pytest.mark.parametrize("at", [at_a_provider, at_telegram])
async def test_who_was_declared_dead_sends_nothing(listening: Listening, at: Client) -> None:
    async def before() -> None:
        nonlocal alive
        if not alive:
            raise Fenced("declared dead")
        alive = False

    alive = True
    async with at(listening.url, before) as call:
        for _ in range(2):
            with pytest.raises(Fenced):
                await call()
    await asyncio.sleep(0.02)
    assert listening.connected.is_set()
    assert not listening.heard


@pytest.mark.parametrize(("size_bytes", "whole"), [(20_000, True), (ONE_PIECE_BYTES, False)])
async def test_a_small_form_goes_out_in_one_piece(size_bytes: int, whole: bool) -> None:
    """httpx sends each field of a form separately, and each becomes a system call."""
    pieces: list[bytes] = []

    class Hearing(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            assert isinstance(request.stream, AsyncIterable)
            pieces.extend([piece async for piece in request.stream])
            return httpx.Response(200)

    picture = bytes(size_bytes)
    async with httpx.AsyncClient(transport=Hearing(), event_hooks={"request": [in_one_piece]}) as client:
        await client.post("http://here/", data={"chat_id": "5"}, files={"photo": ("photo.jpg", picture)})
    assert (len(pieces) == 1) == whole
    assert len(b"".join(pieces)) > size_bytes
