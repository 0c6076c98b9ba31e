"""Downloads pictures by links from providers, safe against links into the local network.

Imports httpx, ``address``, ``client``, ``blobs``, ``base``, ``errors`` and ``redact``. A link is opened over https and
at a public address only. The connection goes to the address that was checked, so a name that changes its address in
between gains nothing; each redirect is checked like a new link. No key and no cookie is ever sent.

A proxy connects by the name, so here the check is only a first one: a name that resolves here must have a public
address; a name that only the proxy can resolve is left to the proxy.
"""

from __future__ import annotations

import asyncio
import ipaddress
import logging
import re
import ssl
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from bot.providers.base import Blob
from bot.providers.errors import LinkFailed, LinkRefused
from bot.providers.wire.address import Network, Resolve, is_public, resolve, within
from bot.providers.wire.blobs import blob_of, blob_of_data_uri
from bot.providers.wire.client import FAILURES, MEGABYTE, as_provider_error, read_capped
from bot.providers.wire.redact import Redactor

log = logging.getLogger(__name__)

LONGEST_WAIT_S = 5.0

_REDIRECTS = frozenset({301, 302, 303, 307, 308})
# File stores answer so right after a picture was made, or under load.
_PASSING = frozenset({404, 408, 425, 429, 500, 502, 503, 504})
_HOST_NAME = re.compile(r"[a-z0-9_]([a-z0-9_.-]*[a-z0-9_])?\.?")


class _Passing(Exception):
    """A failure that a free repeat may cure."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FetchPolicy:
    """What may be fetched, and how patiently. ``origins``: (scheme, host, port). ``hosts``: on any port.

    ``wait_s``: the pause before the second attempt; it doubles with each further one.
    """

    base: tuple[str, str, int] | None = None
    origins: frozenset[tuple[str, str, int]] = frozenset()
    hosts: frozenset[str] = frozenset()
    networks: tuple[Network, ...] = ()
    max_bytes: int = 64 * MEGABYTE
    max_redirects: int = 3
    total_s: float = 120.0
    attempts: int = 3
    wait_s: float = 0.5

    @classmethod
    def of(cls, base_url: str, allowed: Sequence[str] = ()) -> FetchPolicy:
        """Return the policy that trusts the host and port of ``base_url``, and what the operator allowed.

        ``allowed`` holds host names, ``host:port``, ``http://host:port`` or networks such as ``10.1.0.0/16``.
        Raises: ``ValueError`` naming an entry that is none of these.
        """
        hosts, origins, networks = set(), set(), []
        for entry in allowed:
            try:
                networks.append(ipaddress.ip_network(entry))
                continue
            except ValueError:
                pass
            try:
                url = httpx.URL(entry if "://" in entry else f"https://{entry}")
            except httpx.InvalidURL:
                url = httpx.URL("")
            named = _is_literal(_host(url)) or _HOST_NAME.fullmatch(_host(url))
            if not named or url.scheme not in ("http", "https") or url.path not in ("", "/") or url.userinfo:
                raise ValueError(f"{entry!r} is neither a host, a host:port, a URL nor a network")
            if "://" in entry or url.port:
                origins.add(_origin(url))
            else:
                hosts.add(_host(url))
        base = _origin(httpx.URL(base_url)) if base_url else None
        return cls(base=base, hosts=frozenset(hosts), origins=frozenset(origins), networks=tuple(networks))


def _host(url: httpx.URL) -> str:
    return url.raw_host.decode("ascii").lower().strip("[]")


def _origin(url: httpx.URL) -> tuple[str, str, int]:
    return url.scheme, _host(url), url.port or (443 if url.scheme == "https" else 80)


class Fetcher:
    """Fetches pictures under one policy."""

    def __init__(
        self,
        policy: FetchPolicy,
        redactor: Redactor,
        *,
        verify: ssl.SSLContext | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
        proxy_to: Callable[[str], str | None] = lambda url: None,
        resolve: Resolve = resolve,
    ) -> None:
        """``proxy_to`` returns the proxy for a link, None without one. ``transport`` replaces all connections."""
        self._policy = policy
        self._redactor = redactor
        self._resolve = resolve
        self._proxy_to = proxy_to
        self._verify = verify
        self._transport = transport
        self._clients: dict[str | None, httpx.AsyncClient] = {}
        """By their proxy."""

    async def aclose(self) -> None:
        """Close the connections."""
        for client in self._clients.values():
            await client.aclose()

    def _client(self, proxy: str | None) -> httpx.AsyncClient:
        if proxy not in self._clients:
            # Connections are made to addresses, so a kept one could serve another name: none is kept.
            pool = httpx.Limits(max_connections=20, max_keepalive_connections=0)
            verify = self._verify or ssl.create_default_context()
            self._clients[proxy] = httpx.AsyncClient(
                transport=self._transport
                or httpx.AsyncHTTPTransport(verify=verify, limits=pool, proxy=proxy, trust_env=False),
                timeout=httpx.Timeout(30.0),
                follow_redirects=False,
                trust_env=False,
                headers={"accept": "image/*", "accept-encoding": "identity", "user-agent": "pentimento"},
            )
        return self._clients[proxy]

    async def picture(self, url: str) -> Blob:
        """Return the picture at ``url`` (https or ``data:``). Raises: ``ProviderError``."""
        if url[:5].lower() == "data:":
            return await blob_of_data_uri(url)
        try:
            async with asyncio.timeout(self._policy.total_s):
                data = await self._patiently(url)
        except TimeoutError as error:
            raise LinkFailed(owner_text=f"no whole picture within {self._policy.total_s:g} s") from error
        except _Passing as error:
            raise LinkFailed(owner_text=str(error)) from None
        return await blob_of(data)

    async def _patiently(self, url: str) -> bytes:
        wait_s = self._policy.wait_s
        for _ in range(self._policy.attempts - 1):
            try:
                return await self._follow(url)
            except _Passing as error:
                log.info("a picture is fetched again in %.1f s: %s", wait_s, error)
            await asyncio.sleep(wait_s)
            wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        return await self._follow(url)

    async def _follow(self, link: str) -> bytes:
        own = True
        url = self._parse(link)
        for _ in range(self._policy.max_redirects + 1):
            own = own and _origin(url) == self._policy.base
            try:
                proxy = self._proxy_to(str(url))
            except ValueError as error:
                raise LinkFailed(owner_text=f"the proxy for it {error}") from None
            target, extensions = await self._target(url, own, by_proxy=bool(proxy))
            headers = {"host": url.netloc.decode("ascii")}
            try:
                sent = self._client(proxy).stream("GET", target, headers=headers, extensions=extensions)
                async with sent as response:
                    if response.status_code not in _REDIRECTS:
                        return await self._body(response)
                    location = response.headers.get("location", "")
            except FAILURES as error:
                raise self._failure(error) from None
            url = self._parse(location, url)
        raise self._refused(url, "too many redirects")

    def _failure(self, error: Exception) -> Exception:
        mapped = as_provider_error(error, self._redactor)
        return _Passing(mapped.owner_text)

    async def _body(self, response: httpx.Response) -> bytes:
        if response.status_code in _PASSING:
            raise _Passing(f"HTTP {response.status_code}")
        if response.status_code != 200:
            raise LinkFailed(owner_text=f"HTTP {response.status_code}")
        return await read_capped(response, self._policy.max_bytes)

    def _parse(self, link: str, base: httpx.URL | None = None) -> httpx.URL:
        try:
            url = base.join(link) if base else httpx.URL(link)
        except (httpx.InvalidURL, ValueError):
            raise LinkRefused(owner_text="not a link") from None
        if url.scheme not in ("http", "https") or not url.host:
            raise self._refused(url, f"scheme {url.scheme[:20]!r}")
        if url.userinfo:
            raise self._refused(url, "the link holds credentials")
        if not 0 < (url.port or 443) < 65536:
            raise self._refused(url, "no such port")
        return url.copy_with(fragment=None)

    def _refused(self, url: httpx.URL, why: str) -> LinkRefused:
        """Return the error for a link. Its host may be one inside, so only the owners read it."""
        return LinkRefused(owner_text=f"{self._redactor.excerpt(url.host, 80) or '?'}: {why}")

    async def _target(self, url: httpx.URL, own: bool, *, by_proxy: bool) -> tuple[httpx.URL, dict[str, str]]:
        """Return where to connect for ``url``: the checked address with its name for TLS, or a proxy."""
        origin, host = _origin(url), _host(url)
        allowed = own or origin in self._policy.origins
        if origin[0] != "https" and not allowed:
            raise self._refused(url, "not https")
        try:
            addresses = [host] if _is_literal(host) else list(await self._resolve(host, origin[2]))
        except (OSError, UnicodeError):
            if by_proxy:
                return url, {}
            raise _Passing("the name of the host is not known") from None
        if not allowed and host not in self._policy.hosts:
            closed = [a for a in addresses if not is_public(a) and not within(a, self._policy.networks)]
            if closed or not (addresses or by_proxy):
                raise self._refused(url, "not a public address")
        if by_proxy:
            return url, {}
        if not addresses:
            raise _Passing("the host has no address")
        extensions = {"sni_hostname": host} if url.scheme == "https" and not _is_literal(host) else {}
        return url.copy_with(host=_first(addresses)), extensions


def _first(addresses: Sequence[str]) -> str:
    """Return the address to use: IPv4 first, since many servers have no route for IPv6."""
    return sorted(addresses, key=lambda address: ":" in address)[0]


def _is_literal(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True
