"""Which addresses a fetched link may lead to. Pure, but for one look-up in the system's resolver.

Imports the standard library. Decides by the resolved address alone, not by the name.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
from collections.abc import Awaitable, Callable, Sequence
from ipaddress import IPv4Address, IPv6Address

Resolve = Callable[[str, int], Awaitable[Sequence[str]]]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

_INSIDE = ("localhost", "local", "lan", "home", "internal", "intranet", "localdomain", "corp", "home.arpa")
"""Ends of names that the public internet does not have (RFC 6761, 6762 and 8375; ICANN keeps .home and .corp free)."""

_GLOBAL_UNICAST = ipaddress.IPv6Network("2000::/3")
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")
_6TO4 = ipaddress.IPv6Network("2002::/16")
# Blocks reserved for protocols; ``is_global`` of Python 3.11 accepts some of them.
_SPECIAL = tuple(map(ipaddress.IPv4Network, ("192.0.0.0/24", "192.88.99.0/24")))


async def resolve(host: str, port: int) -> Sequence[str]:
    """Return all addresses of ``host``. Raises: ``OSError`` when the name is not known."""
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(str(entry[4][0]) for entry in found))


def is_public(address: str) -> bool:
    """Return whether ``address`` is on the public internet; IPv6 forms of IPv4 addresses are decoded."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, IPv4Address):
        return ip.is_global and not ip.is_multicast and not any(ip in network for network in _SPECIAL)
    hidden = _hidden_ipv4(ip)
    if hidden is not None:
        return is_public(str(hidden))
    return ip in _GLOBAL_UNICAST and ip.is_global


def _hidden_ipv4(ip: IPv6Address) -> IPv4Address | None:
    """Return the IPv4 address to which a translator would send packets for ``ip``."""
    if ip.ipv4_mapped is not None:
        return ip.ipv4_mapped
    if ip in _6TO4:
        return ip.sixtofour
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFF_FFFF)
    return None


def within(address: str, networks: Sequence[Network]) -> bool:
    """Return whether ``address`` is in one of ``networks``."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    return any(ip in network for network in networks if network.version == ip.version)


def is_home(host: str) -> bool:
    """Return whether a host of the settings is one of the operator's own: by its address, or by its name alone."""
    try:
        ipaddress.ip_address(host.partition("%")[0])
    except ValueError:
        name = host.lower().rstrip(".")
        return "." not in name or any(name.endswith(f".{end}") for end in _INSIDE)
    return not is_public(host)
