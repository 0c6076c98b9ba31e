"""Which proxy a connection uses: one rule for Telegram, for providers, and for pictures that answers link to.

Imports the standard library. A proxy in our settings is used for all calls that the setting is about. Without one, the
variables of the environment apply, as with curl and pip: HTTPS_PROXY or HTTP_PROXY by the kind of address, else
ALL_PROXY, in upper or lower case. Hosts in NO_PROXY are reached directly in any case, as with curl, where it counts
"even if one is specified" (CURLOPT_NOPROXY). This machine itself is reached directly unless a setting is about just
these calls.
"""

from __future__ import annotations

import ipaddress
import re
from base64 import b64encode
from collections.abc import Iterator
from urllib.parse import unquote, urlsplit
from urllib.request import getproxies_environment

SCHEMES = {"http": "http", "https": "https", "socks5": "socks5", "socks5h": "socks5h", "socks": "socks5"}
"""Schemes of a proxy's address, with their names in httpx. Desktops write socks:// for SOCKS5."""

DIRECT = "direct"
"""The value of a setting that means no proxy, whatever else is set."""

SHAPE = "must be a proxy's address like http://host:port or socks5://host:port"


class ProxyFault(ValueError):
    """A variable of the environment names a proxy that cannot be used. ``variable`` is its name."""

    def __init__(self, variable: str) -> None:
        super().__init__(SHAPE)
        self.variable = variable


def usable(address: str) -> str:
    """Return a proxy's address in the form that httpx takes, or :data:`DIRECT`. Raises: ``ValueError``."""
    if address.lower() == DIRECT:
        return DIRECT
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        known = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(SHAPE)
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}"


def secrets_in(address: str) -> Iterator[str]:
    """Yield what a proxy's address keeps secret: as it is written, as it is meant, and as it is sent.

    That is the password. A name without a password is a token, as some services sell them.
    """
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
    except ValueError:
        return
    if secret := parts.password or parts.username:
        name, password = unquote(parts.username or ""), unquote(parts.password or "")
        yield from (secret, unquote(secret), b64encode(f"{name}:{password}".encode()).decode())


def proxy_for(url: str, chosen: str | None, exempt: str | None = None) -> str | None:
    """Return the proxy for calls to ``url``, None without one. ``chosen``: the proxy of a setting.

    ``exempt``: the hosts that are reached directly, None for those of the environment. Raises: :class:`ProxyFault`.
    """
    if chosen == DIRECT or is_exempt(url, exempt):
        return None
    if chosen:
        return chosen
    kind = _kind_for(url)
    if kind is None:
        return None
    try:
        return usable(getproxies_environment()[kind])
    except ValueError:
        raise ProxyFault(f"{kind.upper()}_PROXY") from None


def is_exempt(url: str, exempt: str | None = None) -> bool:
    """Return whether NO_PROXY has the host of ``url``: by its name, a domain above it, its address, or a network.

    The form is curl's: names with commas between them, ``*`` for all, networks as in ``10.0.0.0/8``, ports if wanted.
    ``exempt``: the value, None for that of the environment.
    """
    listed = getproxies_environment().get("no", "") if exempt is None else exempt
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    host = (parts.hostname or "").rstrip(".")
    return any(entry == "*" or _covers(entry, host, port) for entry in re.split(r"[,\s]+", listed.lower()) if entry)


def also_for(url: str, own: str | None, others: str | None) -> str | None:
    """Return the proxy of a setting for calls to ``url``: its ``own``, else that of another setting.

    The other setting does not count for this machine, where a server of one's own may run.
    """
    return own or (None if _is_here(urlsplit(url).hostname or "") else others)


def way_to(url: str, chosen: str | None, setting: str, exempt: str | None = None) -> str:
    """Return an address, and which setting names its proxy: what to check when it cannot be reached."""
    if chosen == DIRECT or is_exempt(url, exempt):
        return url
    kind = _kind_for(url)
    named = setting if chosen else f"{kind.upper()}_PROXY" if kind else ""
    return f"{url} through the proxy that {named} names" if named else url


def _kind_for(url: str) -> str | None:
    """Return which variable of the environment applies to an address: https, http or all; None without one."""
    parts = urlsplit(url)
    if _is_here(parts.hostname or ""):
        return None
    found = getproxies_environment()
    return next((kind for kind in (parts.scheme, "all") if found.get(kind)), None)


def _covers(entry: str, host: str, port: int) -> bool:
    """Return whether an entry of NO_PROXY has a host."""
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(entry.strip("[]"), strict=False)
    except ValueError:
        pass
    name, colon, digits = entry.rpartition(":")
    if colon and digits.isdecimal():
        if int(digits) != port:
            return False
        entry = name
    entry = entry.strip("[]").removeprefix("*").strip(".")
    return bool(entry) and (host == entry or host.endswith(f".{entry}"))


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
