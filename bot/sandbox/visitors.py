"""Keeps the sandbox to the person at this machine: pages of other sites can neither read it nor act in it.

Imports Starlette's types. A browser sends requests of any page to any address, also to loopback. It says in
``Sec-Fetch-Site`` and ``Origin`` where a request comes from (W3C Fetch Metadata), and in ``Host`` which name led to
it. A foreign name there was made to point to this machine (DNS rebinding). Other programs send neither of the first
two headers.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Iterable

from starlette.datastructures import Headers
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send

HERE = frozenset({"127.0.0.1", "::1", "localhost"})
EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104
OWN = frozenset({None, "same-origin", "none"})
"""Sec-Fetch-Site of the page itself, of an address typed by a person, and of programs, which send none."""


class Visitors:
    """Answers 403 to requests from other sites, on every route.

    ``listens`` is the address that the sandbox serves, ``hosts`` are further names of this machine. With a wildcard
    address, every literal address is allowed, because no page can make one of those lead elsewhere.
    """

    def __init__(self, app: ASGIApp, listens: str, hosts: Iterable[str] = ()) -> None:
        self._app = app
        self._hosts = HERE | {listens, *hosts}
        self._any_literal = listens in EVERYWHERE

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] == "http":
            reason = self._refuses(scope, Headers(scope=scope))
            if reason:
                await PlainTextResponse(reason, 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)

    def _refuses(self, scope: Scope, headers: Headers) -> str:
        host = headers.get("host", "")
        if not self._is_ours(_name(host)):
            return "The sandbox answers to this machine's own names only. Open the address that it printed.\n"
        origin = headers.get("origin")
        foreign = origin is not None and origin.partition("://")[2] != host
        # A link to the page, clicked on another site, shows the page and does nothing else.
        opens = scope["method"] == "GET" and scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
        if foreign or (headers.get("sec-fetch-site") not in OWN and not opens):
            return "Pages of other sites cannot use the sandbox.\n"
        return ""

    def _is_ours(self, name: str) -> bool:
        return name in self._hosts or (self._any_literal and _is_literal(name))


def _name(host: str) -> str:
    """Return a Host header without its port, in lower case."""
    if host.startswith("["):
        return host[1:].partition("]")[0].lower()
    return host.partition(":")[0].lower()


def _is_literal(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True
