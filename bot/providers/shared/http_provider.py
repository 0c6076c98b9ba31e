"""The common base of providers over HTTP: address, connections, list of models.

Imports httpx, ``base``, ``catalog``, ``config``, ``errors`` and ``wire``. Holds no state of a conversation.
"""

from __future__ import annotations

import hashlib
import ssl
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import replace
from functools import cache

import httpx

from bot.providers.base import Answer, Capabilities, CheckLine, Request, Result
from bot.providers.catalog import cautious
from bot.providers.config import Kind, ProviderConfig
from bot.providers.errors import ProviderError
from bot.providers.wire import Body, ExchangeLimits, Fetcher, FetchPolicy, Redactor, Wire
from bot.providers.wire.address import Resolve, is_home, resolve

REACH_S = 10.0

# How long a large answer may take to arrive once it has begun.
_TAIL_S = 60.0


class HttpProvider(ABC):
    """The common part of a provider; a dialect implements the rest."""

    def __init__(
        self,
        kind: Kind,
        config: ProviderConfig,
        *,
        transport: httpx.AsyncBaseTransport | None = None,
        fetch_transport: httpx.AsyncBaseTransport | None = None,
        resolver: Resolve = resolve,
    ) -> None:
        """Open nothing yet. Raises: ``ValueError`` in one line when the configuration cannot work."""
        self.name = kind.name
        self.title = kind.title
        self.is_home = False
        self.config = config
        self.base_url = (config.base_url or kind.address).rstrip("/")
        url = _checked(self.base_url, self.name)
        _check_key(config.api_key, self.name)
        self.host = url.host
        self.relay: str | None = None
        if self.host != httpx.URL(kind.address).host:
            self.relay = "" if is_home(self.host) else self.host
        self.maker = f"{self.name}:{url.netloc.decode('ascii')}"
        self.account = account_of(self.base_url, config.api_key)
        self.uploads = False
        self.listing = ""
        self._rows = tuple(self._limited(row) for row in kind.models)
        proxy = config.proxy_to(self.base_url)
        self.redactor = Redactor(config.api_key, *config.secrets, proxy or "")
        verify = trust()
        limits = ExchangeLimits(
            read_s=config.timeout_s,
            total_s=config.total_timeout_s or config.timeout_s + _TAIL_S,
            answer_bytes=config.max_answer_bytes,
        )
        self.longest_call_s = limits.total_s
        self.wire = Wire(
            redactor=self.redactor,
            limits=limits,
            proxy=proxy,
            verify=verify,
            transport=transport,
            before=config.before,
        )
        policy = replace(FetchPolicy.of(self.base_url, config.result_hosts), max_bytes=config.max_answer_bytes)
        self.fetcher = Fetcher(
            policy, self.redactor, verify=verify, transport=fetch_transport, proxy_to=config.proxy_to, resolve=resolver
        )

    def _limited(self, row: Capabilities) -> Capabilities:
        limit = self.config.max_request_bytes
        return replace(row, max_request_bytes=limit) if limit else row

    def models(self) -> tuple[Capabilities, ...]:
        """Return the models to offer, the default one first."""
        first = [self.config.model] if self.config.model else []
        ids = dict.fromkeys([*first, *(row.model for row in self._rows)])
        return tuple(self.capabilities(model) for model in ids)

    def capabilities(self, model: str) -> Capabilities:
        """Return what ``model`` can do; an unknown id gets cautious defaults of its family."""
        return cautious(model, self._rows)

    @property
    def links_in_text(self) -> bool:
        """Whether links in the words may be pictures: relays answer so, while Google's links are only words."""
        chosen = self.config.links_in_text
        return not self.host.endswith("googleapis.com") if chosen is None else chosen

    @abstractmethod
    async def headers(self) -> dict[str, str]:
        """Return the authentication headers."""

    async def post(self, request: Request, url: str, body: Body) -> Answer:
        """POST what is made of a request; the answer knows the request's words. Raises: ``ProviderError``."""
        return replace(await self.wire.post(url, await self.headers(), body), said=request.said)

    @abstractmethod
    async def ask(self, request: Request) -> Answer:
        """Make the one call that may cost money. Raises: ``ProviderError``."""

    @abstractmethod
    async def read(self, answer: Answer, *, model: str) -> Result:
        """Read an answer. Raises: ``ProviderError``."""

    @abstractmethod
    async def check(self, model: str) -> tuple[CheckLine, ...]:
        """Check key and model id. Free of charge."""

    async def offered(self) -> tuple[str, ...]:
        """Return nothing: there is no list, or it does not show which models draw."""
        return ()

    async def reach(self) -> str:
        """Return why the provider's address does not answer, "" if there is any answer."""
        try:
            await self.wire.get(self.base_url, {}, total_s=REACH_S)
        except ProviderError as error:
            return error.owner_text or error.key
        return ""

    async def forget(self, files: Sequence[tuple[str, str]]) -> Sequence[tuple[str, str]]:
        """Do nothing: most dialects upload nothing."""
        return ()

    async def aclose(self) -> None:
        """Close the connections."""
        await self.wire.aclose()
        await self.fetcher.aclose()


def account_of(address: str, key: str) -> str:
    """Return a name for an account that does not reveal its key."""
    return hashlib.sha256(f"{address}\n{key}".encode()).hexdigest()[:16]


def _checked(base_url: str, name: str) -> httpx.URL:
    try:
        url = httpx.URL(base_url)
    except httpx.InvalidURL:
        url = httpx.URL("")
    if url.scheme not in ("http", "https") or not url.host:
        raise ValueError(f"{name}: the base URL must look like https://host or https://host:port/path")
    if url.userinfo or url.query:
        raise ValueError(f"{name}: the base URL must hold neither credentials nor a query")
    return url


def _check_key(key: str, name: str) -> None:
    if not (key.isascii() and key.isprintable()) or " " in key:
        raise ValueError(f"{name}: the API key holds characters that no key has (a space, a line break, an accent?)")


@cache
def trust() -> ssl.SSLContext:
    """Return the authorities that the system trusts. All clients share it: loading it takes 20 ms and 1.5 MB."""
    return ssl.create_default_context()
