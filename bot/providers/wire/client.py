"""One HTTP exchange with a provider: bounded in time and size, every transport failure mapped to the error tree.

Imports httpx, ``base``, ``errors``, ``body``, ``redact`` and ``sending``. Never follows a redirect, never reads an
environment variable, never puts a header or a query into a message.
"""

from __future__ import annotations

import asyncio
import ssl
import time
from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx
from socksio.exceptions import SOCKSError

from bot.providers.base import Answer
from bot.providers.errors import (
    UNSENT,
    AnswerLost,
    AnswerTooLarge,
    ConnectionFailed,
    ConnectionLost,
    CutOff,
    DamagedBody,
    ProviderError,
    WrongAddress,
)
from bot.providers.wire.body import Body
from bot.providers.wire.redact import Redactor
from bot.providers.wire.sending import Before, Passage

MEGABYTE = 1024 * 1024

TRANSPORT_ERRORS: tuple[tuple[type[Exception], type[ProviderError]], ...] = (
    # The request was not sent: a repeat is free.
    (httpx.ConnectTimeout, ConnectionFailed),
    (httpx.ConnectError, ConnectionFailed),
    (httpx.PoolTimeout, ConnectionFailed),
    (httpx.ProxyError, ConnectionFailed),
    (SOCKSError, ConnectionFailed),
    # A silent provider may still be painting.
    (httpx.ReadTimeout, CutOff),
    (httpx.WriteTimeout, ConnectionLost),
    (httpx.ReadError, ConnectionLost),
    (httpx.WriteError, ConnectionLost),
    (httpx.CloseError, ConnectionLost),
    (httpx.RemoteProtocolError, ConnectionLost),
    (httpx.DecodingError, DamagedBody),
    # These come from a faulty address or key in the settings.
    (httpx.UnsupportedProtocol, WrongAddress),
    (httpx.LocalProtocolError, WrongAddress),
    (httpx.TooManyRedirects, WrongAddress),
    (httpx.InvalidURL, WrongAddress),
    (OSError, ConnectionLost),
)

FAILURES = (httpx.HTTPError, httpx.InvalidURL, OSError, SOCKSError)
"""What an exchange may raise. httpx passes on as it is what its SOCKS library says of a proxy that speaks no SOCKS."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ExchangeLimits:
    """Bounds of one exchange.

    ``read_s``: the longest silence; hard pictures take 140 s, and cases above 300 s are known. ``answer_bytes``: large
    enough for a PNG of 4K, which is 20-30 MB of base64.
    """

    connect_s: float = 15.0
    read_s: float = 300.0
    total_s: float = 360.0
    answer_bytes: int = 64 * MEGABYTE


def as_provider_error(error: Exception, redactor: Redactor) -> ProviderError:
    """Return the leaf for an error of the transport."""
    for kind, leaf in TRANSPORT_ERRORS:
        if isinstance(error, kind):
            return leaf(owner_text=redactor.excerpt(f"{type(error).__name__}: {error}"))
    raise error


def retry_after_s(value: str | None, now: float) -> float | None:
    """Return the seconds of a ``Retry-After`` header, given as a number or a date; ``now`` in Unix s."""
    if not value:
        return None
    try:
        delay = float(value)
    except ValueError:
        try:
            delay = parsedate_to_datetime(value).timestamp() - now
        except (ValueError, OverflowError):
            return None
    return max(0.0, delay) if delay < 1e9 else None


async def read_capped(response: httpx.Response, cap_bytes: int) -> bytes:
    """Return the body of a streamed response, stopping as soon as it passes ``cap_bytes``.

    Raises: ``AnswerTooLarge``.
    """
    declared = response.headers.get("content-length", "")
    if declared.isdecimal() and int(declared) > cap_bytes:
        raise AnswerTooLarge(limit=cap_bytes // MEGABYTE)
    body = bytearray()
    async for chunk in response.aiter_bytes():
        body += chunk
        if len(body) > cap_bytes:
            raise AnswerTooLarge(limit=cap_bytes // MEGABYTE)
    return bytes(body)


class Wire:
    """Connections to one provider."""

    def __init__(
        self,
        *,
        redactor: Redactor,
        limits: ExchangeLimits | None = None,
        proxy: str | None = None,
        verify: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        before: Before | None = None,
    ) -> None:
        """``transport`` replaces the connections; then ``proxy`` and ``verify`` have no effect.

        ``before`` is awaited before each call and may raise to prevent it: first before a connection is taken, since it
        may wait, and again right before the first byte is sent, since the process may have been paused.
        """
        self._redactor = redactor
        self._before = before
        self._limits = limits or ExchangeLimits()
        # The call queue bounds the number of parallel calls.
        pool = httpx.Limits(max_connections=None, max_keepalive_connections=100)
        self._client = httpx.AsyncClient(
            transport=transport
            or httpx.AsyncHTTPTransport(
                verify=verify or ssl.create_default_context(), limits=pool, proxy=proxy or None, trust_env=False
            ),
            timeout=httpx.Timeout(self._limits.read_s, connect=self._limits.connect_s),
            follow_redirects=False,
            trust_env=False,
            # Compression saves nothing on pictures in base64, and a compressed answer could be a bomb.
            headers={"accept": "application/json", "accept-encoding": "identity", "user-agent": "pentimento"},
        )

    async def post(
        self, url: str, headers: Mapping[str, str], body: Body, *, total_s: float | None = None, free: bool = False
    ) -> Answer:
        """Send ``body`` and return the answer of any status. Raises: ``ProviderError`` without an answer.

        ``free``: a repeat costs nothing, so a broken connection may be retried.
        """
        sent = {**headers, "content-type": body.content_type, "content-length": str(body.length_bytes)}
        return await self._exchange("POST", url, sent, body, total_s or self._limits.total_s, free=free)

    async def get(self, url: str, headers: Mapping[str, str], *, total_s: float = 30.0) -> Answer:
        """GET ``url`` and return the answer of any status. Raises: ``ProviderError`` without an answer."""
        return await self._exchange("GET", url, headers, None, total_s)

    async def delete(self, url: str, headers: Mapping[str, str], *, total_s: float = 30.0) -> Answer:
        """DELETE ``url`` and return the answer of any status. Raises: ``ProviderError`` without an answer."""
        return await self._exchange("DELETE", url, headers, None, total_s)

    async def aclose(self) -> None:
        """Close the connections."""
        await self._client.aclose()

    async def _exchange(
        self, method: str, url: str, headers: Mapping[str, str], body: Body | None, total_s: float, *, free: bool = True
    ) -> Answer:
        content = body.stream() if body else None
        if self._before is not None:
            await self._before()
        passage = Passage(self._before)
        sent = self._client.stream(method, url, headers=dict(headers), content=content, extensions=passage.extensions())
        try:
            async with asyncio.timeout(total_s), sent as response:
                return Answer(
                    status=response.status_code,
                    content_type=response.headers.get("content-type", ""),
                    body=await read_capped(response, self._limits.answer_bytes),
                    retry_after_s=retry_after_s(response.headers.get("retry-after"), time.time()),
                )
        except asyncio.CancelledError as stop:
            if not free and passage.out_at is None:
                stop.add_note(UNSENT)
            raise
        except TimeoutError as error:
            raise CutOff(owner_text=f"no whole answer within {total_s:g} s") from error
        except FAILURES as error:
            leaf = as_provider_error(error, self._redactor)
            if not free and isinstance(leaf, ConnectionLost) and passage.may_be_at_work():
                # Proxies and NATs cut connections after a silent minute; the picture is painted and billed anyway.
                raise AnswerLost(owner_text=leaf.owner_text) from None
            raise leaf from None
