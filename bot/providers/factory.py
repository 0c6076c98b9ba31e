"""Builds a provider by the name that the setting ``PROVIDER`` has.

May import: the dialects, ``catalog`` and ``config``. Reads no settings: whoever calls maps them to ``ProviderConfig``.
"""

from __future__ import annotations

import httpx

from bot.providers.base import Capabilities, Provider
from bot.providers.catalog import GEMINI, ONEMIN, OPENROUTER, RELAY, VERTEX
from bot.providers.config import ProviderConfig
from bot.providers.dialects.aimlapi import ADDRESS as AIMLAPI_ADDRESS
from bot.providers.dialects.aimlapi import Aimlapi
from bot.providers.dialects.aimlapi_models import AIMLAPI
from bot.providers.dialects.onemin import ADDRESS as ONEMIN_ADDRESS
from bot.providers.dialects.onemin import Onemin
from bot.providers.dialects.openrouter import ADDRESS as OPENROUTER_ADDRESS
from bot.providers.dialects.openrouter import Openrouter
from bot.providers.gemini.files import HOST
from bot.providers.gemini.provider import GOOGLE, TOKAIFY, Gemini
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.wire.address import Resolve, resolve

__all__ = ["NAMES", "ProviderConfig", "build"]

# Dialect, models and address by name.
_KINDS: dict[str, tuple[type[HttpProvider], tuple[Capabilities, ...], str]] = {
    "gemini": (Gemini, GEMINI, GOOGLE),
    "tokaify": (Gemini, RELAY, TOKAIFY),
    "aimlapi": (Aimlapi, AIMLAPI, AIMLAPI_ADDRESS),
    "onemin": (Onemin, ONEMIN, ONEMIN_ADDRESS),
    "openrouter": (Openrouter, OPENROUTER, OPENROUTER_ADDRESS),
}
NAMES = tuple(_KINDS)


def build(
    name: str,
    config: ProviderConfig,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    fetch_transport: httpx.AsyncBaseTransport | None = None,
    resolver: Resolve = resolve,
) -> Provider:
    """Return the provider ``name``. Raises: ``ValueError`` in one line when the configuration cannot work.

    ``transport`` carries the calls, ``fetch_transport`` the fetching of links, ``resolver`` looks their hosts up.
    """
    if name not in _KINDS:
        raise ValueError(f"there is no provider {name!r}; known are {', '.join(NAMES)}")
    kind, rows, base_url = _KINDS[name]
    if name == "gemini" and config.base_url and HOST not in config.base_url:
        rows = VERTEX
    return kind(name, config, rows, base_url, transport=transport, fetch_transport=fetch_transport, resolver=resolver)
