"""Which proxy a connection goes through: one rule for Telegram, for providers, and for the pictures that they link to.

Imports the standard library. A proxy named by a setting of ours serves all calls that the setting speaks of. Where none
is named, the variables of the environment count, as for curl and pip: HTTPS_PROXY or HTTP_PROXY by the kind of address,
else ALL_PROXY, in capitals or not, and NO_PROXY for hosts that are reached directly. This machine itself always is.
"""

from __future__ import annotations

import ipaddress
from urllib.parse import urlsplit
from urllib.request import getproxies_environment, proxy_bypass

SCHEMES = {"http": "http", "https": "https", "socks5": "socks5", "socks5h": "socks5h", "socks": "socks5"}
"""What a proxy's address may begin with, and what httpx calls that. Desktops write socks:// and mean SOCKS5."""

SHAPE = "must be a proxy's address like http://host:port or socks5://host:port"


class ProxyFault(ValueError):
    """A variable of the environment names a proxy that cannot be used. ``variable`` is its name."""

    def __init__(self, variable: str) -> None:
        super().__init__(SHAPE)
        self.variable = variable


def usable(address: str) -> str:
    """Return a proxy's address as httpx takes it. Raises: ``ValueError``."""
    try:
        parts = urlsplit(address if "://" in address else f"http://{address}")
        known = parts.scheme in SCHEMES and bool(parts.hostname) and parts.port != 0
    except ValueError:
        known = False
    if not known or parts.path not in ("", "/") or parts.query or parts.fragment:
        raise ValueError(SHAPE)
    return f"{SCHEMES[parts.scheme]}://{parts.netloc}"


def proxy_for(url: str, chosen: str | None) -> str | None:
    """Return the proxy for calls to ``url``, None where they go directly. ``chosen``: what a setting says.

    Raises: :class:`ProxyFault`.
    """
    if chosen:
        return chosen
    kind = _kind_for(url)
    if kind is None:
        return None
    try:
        return usable(getproxies_environment()[kind])
    except ValueError:
        raise ProxyFault(f"{kind.upper()}_PROXY") from None


def way_to(url: str, chosen: str | None, setting: str) -> str:
    """Return an address with the name of what leads to it by a proxy: what to look at where nothing comes through."""
    kind = _kind_for(url)
    named = setting if chosen else f"{kind.upper()}_PROXY" if kind else ""
    return f"{url} through the proxy that {named} names" if named else url


def _kind_for(url: str) -> str | None:
    """Return which of the environment's variables holds for an address: https, http, all, or none."""
    parts, found = urlsplit(url), getproxies_environment()
    if _is_here(parts.hostname or "") or proxy_bypass(parts.netloc.rpartition("@")[2]):
        return None
    return next((kind for kind in (parts.scheme, "all") if found.get(kind)), None)


def _is_here(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
