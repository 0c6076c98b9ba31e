"""How one provider is configured, without knowing where the configuration comes from.

Imports ``base``. Secrets are left out of its representation.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Protocol

from bot.providers.base import Capabilities


class KnownFiles(Protocol):
    """Remembers uploads by account, across restarts and for all workers."""

    async def alive(self, account: str, names: Iterable[str], *, for_s: float) -> dict[str, str]:
        """Return, by SHA-256, the URIs of pictures that the provider keeps for at least ``for_s`` more seconds."""
        ...

    async def keep(self, account: str, sha256: str, uri: str, *, expires_at: float) -> None:
        """Remember the URI of a picture, valid until ``expires_at`` (Unix s)."""
        ...

    async def drop(self, account: str, files: Iterable[tuple[str, str]]) -> None:
        """Forget uploads, given as SHA-256 and URI."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Kind:
    """What is known of a provider before anything is configured.

    ``name``: as in the setting ``PROVIDER``. ``title``: as people write it. ``address``: the root of its interface.
    ``models``: the models that it is known to have, the default one first.
    """

    name: str
    title: str
    address: str
    models: tuple[Capabilities, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProviderConfig:
    """Settings of one provider; empty strings and None stand for its defaults.

    ``auth``: ``"key"`` (``x-goog-api-key``), ``"bearer"`` or
    ``"auto"`` (the key header for ``gemini``, Bearer for relays). ``secrets``: further keys, to be removed from texts.
    ``timeout_s``: the longest silence; ``total_timeout_s``: the longest exchange, a minute more where it is 0.
    ``edit_model``: the model that edits where that is another one;
    ``links_in_text``: whether pictures are looked for behind links and in
    ``data:`` URIs of the words, None: at every address but Google's own.
    ``credits_per_usd``: how many of the provider's credits cost a US dollar, 0: not known.
    ``proxy_to``: returns the proxy for an address, None without one. ``result_hosts``: see ``FetchPolicy.of``.
    ``safety``: Gemini's thresholds by category. ``tools``: what models of Gemini's dialect may use, in the API's form.
    ``before``: awaited right before each call, and may raise to keep it from being made. ``files``: pictures may be
    uploaded once and named afterwards, where the dialect and the address allow it; None: they are sent with each
    request.
    """

    base_url: str = ""
    api_key: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    model: str = ""
    edit_model: str = ""
    api_version: str = ""
    auth: str = "auto"
    timeout_s: float = 300.0
    total_timeout_s: float = 0.0
    max_answer_bytes: int = 64 * 1024 * 1024
    max_request_bytes: int = 0
    proxy_to: Callable[[str], str | None] = field(default=lambda url: None, repr=False)
    result_hosts: tuple[str, ...] = ()
    links_in_text: bool | None = None
    credits_per_usd: int = 0
    safety: Mapping[str, str] = field(default_factory=dict)
    tools: tuple[Mapping[str, Any], ...] = ()
    before: Callable[[], Awaitable[None]] | None = field(default=None, repr=False)
    files: KnownFiles | None = field(default=None, repr=False)
