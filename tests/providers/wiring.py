"""Servers on loopback that play a provider: a scripted endpoint over real HTTP, and one over raw TCP.

Imports ``serving``, Starlette, httpx and cryptography; of the bot only the values of requests.
"""

from __future__ import annotations

import asyncio
import base64
import datetime
import hashlib
import io
import json
import ssl
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import httpx
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from PIL import Image
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route

from storage.records import MediaRef
from tests.support.serving import served

Json = dict[str, Any]

KEY = "test-key-d41d8cd98f00"


def png(colour: str = "red", size_px: tuple[int, int] = (8, 6), kind: str = "PNG") -> bytes:
    """Return a small picture."""
    written = io.BytesIO()
    Image.new("RGB", size_px, colour).save(written, kind)
    return written.getvalue()


def b64(data: bytes) -> str:
    """Return ``data`` as base64."""
    return base64.b64encode(data).decode()


class Album:
    """Pictures by name, as a store would hold them."""

    def __init__(self) -> None:
        self.held: dict[str, bytes] = {}

    def add(self, data: bytes, mime: str = "image/png") -> MediaRef:
        """Keep ``data`` and return its name."""
        sha256 = hashlib.sha256(data).hexdigest()
        self.held[sha256] = data
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
        return MediaRef(sha256=sha256, mime=mime, size_bytes=len(data), width_px=width, height_px=height)

    async def read(self, picture: MediaRef) -> bytes:
        """Return the bytes of ``picture``."""
        return self.held[picture.sha256]


@dataclass(frozen=True)
class Reply:
    """An answer of the endpoint to one request. ``body`` may be an object (sent as JSON), text or bytes."""

    body: Any = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    delay_s: float = 0.0
    chunks: Callable[[], AsyncIterator[bytes]] | None = None

    @property
    def raw(self) -> bytes:
        """The body as bytes."""
        if isinstance(self.body, bytes):
            return self.body
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


@dataclass(frozen=True)
class Call:
    """A request as it arrived."""

    method: str
    path: str
    query: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Endpoint:
    """Answers POSTs from a script and GETs from a table of paths; remembers every call."""

    def __init__(self) -> None:
        self.script: deque[Reply] = deque()
        self.pages: dict[str, Reply] = {}
        self.calls: list[Call] = []
        self.called = asyncio.Event()
        self.gone = asyncio.Event()
        self.url = ""

    def add(self, *replies: Reply) -> None:
        """Append to the script; its last entry is used for all further calls."""
        self.script.extend(replies)

    @property
    def port(self) -> int:
        """Where it listens."""
        return urlsplit(self.url).port or 0

    @property
    def posts(self) -> list[Call]:
        """The calls that could cost money."""
        return [call for call in self.calls if call.method == "POST"]

    async def answer(self, request: Request) -> Response:
        """Answer one request."""
        body = await request.body()
        path = request.scope["raw_path"].decode()
        self.calls.append(Call(request.method, path, request.url.query, dict(request.headers), body))
        self.called.set()
        page = self.pages.get(path) or self.pages.get(request.headers.get("host", "") + path)
        if page is not None:
            reply = page
        elif request.method == "POST" and self.script:
            reply = self.script.popleft() if len(self.script) > 1 else self.script[0]
        else:
            reply = Reply({"message": "no such page"}, 404)
        if reply.delay_s:
            await self._stall(request, reply.delay_s)
        if reply.chunks is not None:
            return StreamingResponse(reply.chunks(), reply.status, reply.headers)
        return Response(reply.raw, reply.status, {"content-type": "application/json", **reply.headers})

    async def _stall(self, request: Request, delay_s: float) -> None:
        """Keep the caller waiting; notice when it goes away."""
        for _ in range(int(delay_s / 0.01)):
            await asyncio.sleep(0.01)
            if await request.is_disconnected():
                self.gone.set()
                return


@asynccontextmanager
async def serving(authority: Authority | None = None, host: str = "127.0.0.1") -> AsyncIterator[Endpoint]:
    """Serve an endpoint on a free loopback port, over TLS if ``authority`` certifies it."""
    endpoint = Endpoint()
    app = Starlette(routes=[Route("/{path:path}", endpoint.answer, methods=["GET", "POST", "DELETE"])])
    async with served(app, host=host, certificate=authority.server if authority else None) as endpoint.url:
        yield endpoint


@asynccontextmanager
async def raw_server(
    talk: Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]],
) -> AsyncIterator[str]:
    """Serve ``talk`` on a free loopback port for faults that no HTTP server makes; yield its URL."""

    async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            await talk(reader, writer)
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.close()

    server = await asyncio.start_server(handle, "127.0.0.1", 0)
    async with server:
        yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"


@dataclass(frozen=True)
class Authority:
    """A throw-away certificate authority and one server certificate (key and chain in one file)."""

    ca: Path
    server: Path

    def context(self) -> ssl.SSLContext:
        """Return a trust in this authority alone."""
        return ssl.create_default_context(cafile=self.ca)


def make_authority(folder: Path, hosts: Sequence[str]) -> Authority:
    """Write an authority and a certificate for ``hosts`` into ``folder``."""
    ca_key, key = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())
    issuer = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "tests")])
    now = datetime.datetime.now(datetime.UTC)

    def certificate(name: x509.Name, public: ec.EllipticCurvePublicKey, ca: bool) -> x509.Certificate:
        names = x509.SubjectAlternativeName([x509.DNSName(host) for host in hosts])
        builder = (
            x509.CertificateBuilder()
            .subject_name(name)
            .issuer_name(issuer)
            .public_key(public)
            .serial_number(x509.random_serial_number())
            .not_valid_before(now - datetime.timedelta(days=1))
            .not_valid_after(now + datetime.timedelta(days=1))
            .add_extension(x509.BasicConstraints(ca=ca, path_length=None), critical=True)
            .add_extension(x509.SubjectKeyIdentifier.from_public_key(public), critical=False)
            .add_extension(x509.AuthorityKeyIdentifier.from_issuer_public_key(ca_key.public_key()), critical=False)
        )
        if ca:
            usage = x509.KeyUsage(False, False, False, False, False, True, True, False, False)
            builder = builder.add_extension(usage, critical=True)
        else:
            builder = builder.add_extension(names, critical=False)
        return builder.sign(ca_key, hashes.SHA256())

    pem = serialization.Encoding.PEM
    private = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    leaf = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, hosts[0])])
    ca, server = folder / "ca.pem", folder / "server.pem"
    ca.write_bytes(certificate(issuer, ca_key.public_key(), ca=True).public_bytes(pem))
    server.write_bytes(private + certificate(leaf, key.public_key(), ca=False).public_bytes(pem))
    return Authority(ca=ca, server=server)


class Detour(httpx.AsyncBaseTransport):
    """Leads connections that are meant for the internet to a loopback port; what goes over the wire stays the same."""

    def __init__(self, port: int, verify: ssl.SSLContext) -> None:
        self._port = port
        self._inner = httpx.AsyncHTTPTransport(verify=verify, trust_env=False)
        self.targets: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send ``request`` to the loopback port."""
        self.targets.append(request.url.host)
        request.url = request.url.copy_with(host="127.0.0.1", port=self._port)
        return await self._inner.handle_async_request(request)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._inner.aclose()


def resolver(**table: str | Sequence[str]) -> Callable[[str, int], Awaitable[list[str]]]:
    """Return a resolver that knows ``table`` (dots in names written as ``__``), each list answered one by one."""
    known = {
        name.replace("__", "."): [found] if isinstance(found, str) else list(found) for name, found in table.items()
    }

    async def resolve(host: str, port: int) -> list[str]:
        if host not in known:
            raise OSError("no such host")
        answers = known[host]
        return [answers.pop(0) if len(answers) > 1 else answers[0]]

    return resolve
