"""The registry of providers, and the way from a name in the setting ``PROVIDER`` to a provider.

Imports httpx, ``catalog``, ``config``, ``base``, ``dialects``, ``gemini``, ``http_provider`` and ``address``. Reads no
settings: the caller maps them to ``ProviderConfig``. A new provider needs its dialect, its models in a catalog, a row
here, and its settings.
"""

from __future__ import annotations

from dataclasses import replace

import httpx

from bot.providers.base import Provider
from bot.providers.catalog import GEMINI, ONEMIN, OPENROUTER, RELAY, VERTEX
from bot.providers.config import Kind, ProviderConfig
from bot.providers.dialects.aimlapi import Aimlapi
from bot.providers.dialects.aimlapi_models import AIMLAPI
from bot.providers.dialects.onemin import Onemin
from bot.providers.dialects.openai import Openai
from bot.providers.dialects.openai_models import OPENAI
from bot.providers.dialects.openrouter import Openrouter
from bot.providers.gemini.files import HOST
from bot.providers.gemini.provider import Gemini
from bot.providers.shared.http_provider import HttpProvider
from bot.providers.wire.address import Resolve, resolve

__all__ = ["KINDS", "NAMES", "ProviderConfig", "build"]

KINDS: tuple[tuple[Kind, type[HttpProvider]], ...] = (
    (Kind(name="gemini", title="Gemini", address=f"https://{HOST}", models=GEMINI), Gemini),
    (Kind(name="tokaify", title="tokaify", address="https://api.tokaify.com", models=RELAY), Gemini),
    (Kind(name="aimlapi", title="AIMLAPI", address="https://api.aimlapi.com", models=AIMLAPI), Aimlapi),
    (Kind(name="onemin", title="1min.ai", address="https://api.1min.ai", models=ONEMIN), Onemin),
    (Kind(name="openrouter", title="OpenRouter", address="https://openrouter.ai", models=OPENROUTER), Openrouter),
    (Kind(name="openai", title="OpenAI", address="https://api.openai.com/v1", models=OPENAI), Openai),
)
"""One row per provider, with the dialect that it speaks."""

NAMES = tuple(kind.name for kind, _ in KINDS)


def build(
    name: str,
    config: ProviderConfig,
    transport: httpx.AsyncBaseTransport | None = None,
    *,
    fetch_transport: httpx.AsyncBaseTransport | None = None,
    resolver: Resolve = resolve,
) -> Provider:
    """Return the provider ``name``. Raises: ``ValueError`` in one line when the configuration cannot work.

    ``transport`` carries the calls, ``fetch_transport`` the downloads of linked pictures; ``resolver`` looks up hosts.
    """
    row = next((row for row in KINDS if row[0].name == name), None)
    if row is None:
        raise ValueError(f"there is no provider {name!r}; known are {', '.join(NAMES)}")
    kind, dialect = row
    if name == "gemini" and config.base_url and HOST not in config.base_url:
        kind = replace(kind, models=VERTEX)
    return dialect(kind, config, transport=transport, fetch_transport=fetch_transport, resolver=resolver)
