"""The clients of Telegram and of the providers, made from settings. Opens no connection by itself.

Imports PTB, ``chat.send.rate_limiter``, ``clock``, ``metrics``, ``providers``, ``settings`` and
``turns.choice``. The caller closes the clients.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any
from urllib.parse import urlsplit

from socksio.exceptions import SOCKSError
from telegram import Bot, LinkPreviewOptions
from telegram.error import NetworkError, TelegramError
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.chat.send.rate_limiter import Importance, Limiter, Shared
from bot.metrics import Meter
from bot.process.clock import TelegramClock
from bot.providers.base import Provider
from bot.providers.config import KnownFiles, ProviderConfig
from bot.providers.factory import build
from bot.providers.shared.http_provider import trust
from bot.providers.wire.redact import Redactor
from bot.providers.wire.sending import Before, dates_to, hook_with, in_one_piece
from bot.settings.fields import PROVIDERS
from bot.settings.proxies import proxy_for
from bot.settings.settings import Account, Settings
from bot.turns.choice import Choice

TELEGRAM_HOST = "api.telegram.org"

READ_TIMEOUT_S = 30
"""Telegram itself may hold a send back for 8 s; a timeout below that would double messages."""

NO_ANSWER = (HTTPStatus.UNAUTHORIZED, HTTPStatus.NOT_FOUND)
"""A proxy in front of Telegram's servers answers with these, too, and so do the servers while they move."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Guard:
    """What one process of several does around each call to Telegram and to providers.

    ``before`` is awaited before each call, and may raise to prevent it. It runs before a connection is taken, since it
    may wait, and again right before the request is written, since the process may have been paused. ``on_answer`` is
    called when Telegram has answered. ``shared``: the message limits that all processes keep together.
    """

    before: Before
    on_answer: Callable[[], None]
    shared: Shared


class _Counted(HTTPXRequest):
    """Counts each call by its method and HTTP status, with or without a rate limiter before it.

    A proxy before Telegram's servers may answer with a page of HTML. PTB would log a traceback and quote the page in
    each error, so only the status is passed on. A proxy on the way may repeat its password in an error, which
    ``redactor`` removes: logs do not look for short ones.
    """

    def __init__(
        self, meter: Meter, redactor: Redactor, clock: TelegramClock, guard: Guard | None = None, **how: Any
    ) -> None:
        super().__init__(**how)
        self._clock = clock
        self._meter = meter
        self._redactor = redactor
        self._guard = guard

    async def do_request(self, url: str, *args: Any, **more: Any) -> tuple[int, bytes]:
        # The last part of a file's address is chosen by Telegram, and is not the name of a method.
        name = "download" if "/file/bot" in url else url.rpartition("/")[2].partition("?")[0]
        if self._guard is not None:
            await self._guard.before()
        try:
            status, body = await super().do_request(url, *args, **more)
        except TelegramError as error:
            self._meter.asked_telegram(name, "none")
            if type(error) is NetworkError and (said := self._redactor.clean(error.message)) != error.message:
                raise NetworkError(said) from None
            raise
        except SOCKSError as error:
            # PTB knows the errors of httpx alone, and httpx passes this one on as it is.
            self._meter.asked_telegram(name, "none")
            raise NetworkError(f"the proxy speaks no SOCKS5: {error}") from None
        self._meter.asked_telegram(name, str(status))
        if self._guard is not None and status not in NO_ANSWER:
            self._guard.on_answer()
        if name != "download":
            self._clock.note_body(body)
        is_page = status >= HTTPStatus.BAD_REQUEST and not body.lstrip().startswith(b"{")
        return status, b"{}" if is_page else body


def telegram(
    settings: Settings, meter: Meter | None = None, guard: Guard | None = None, clock: TelegramClock | None = None
) -> tuple[ExtBot[Importance], HTTPXRequest]:
    """Return the bot's client, and the request layer on which it polls.

    ``meter`` counts the calls; ``clock`` learns what time it is at Telegram.
    """
    meter, clock = meter or Meter(), clock or TelegramClock()
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    how: dict[str, Any] = {"verify": trust(), "trust_env": False}
    hooks = [in_one_piece, *([hook_with(guard.before)] if guard else [])]
    # PTB passes no headers on. What stands before a Bot API server of one's own tells the time of its machine, which is
    # often this one: it would call any clock right. There the dates of messages count, which are Telegram's.
    is_telegram = urlsplit(settings.telegram_api_url).hostname == TELEGRAM_HOST
    heard = [dates_to(clock.note_header)] if is_telegram else []
    guarded = {**how, "event_hooks": {"request": hooks, "response": heard}}
    polls = {**how, "event_hooks": {"response": heard}}
    proxy = proxy_for(settings.telegram_api_url, settings.telegram_proxy[0], settings.no_proxy)
    redactor = Redactor(*settings.proxy_secrets())
    request = _Counted(
        meter,
        redactor,
        clock,
        guard,
        connection_pool_size=64,
        read_timeout=READ_TIMEOUT_S,
        write_timeout=30,
        pool_timeout=30,
        proxy=proxy,
        httpx_kwargs=guarded,
    )
    poll_request = _Counted(
        meter, redactor, clock, connection_pool_size=4, read_timeout=45, pool_timeout=5, proxy=proxy, httpx_kwargs=polls
    )
    bot: ExtBot[Importance] = ExtBot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=poll_request,
        rate_limiter=Limiter(shared=guard.shared if guard else None) if settings.telegram_limits else None,
        defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
    )
    return bot, poll_request


async def ask_time(bot: Bot) -> None:
    """Make a call to Telegram for what comes with its answer; whether there is one does not matter."""
    with suppress(TelegramError):
        await bot.get_me()


def providers(
    settings: Settings, guard: Guard | None = None, files: KnownFiles | None = None
) -> Mapping[str, Sequence[Provider]]:
    """Return every provider that can be called, the chosen one first: once for each of its keys.

    ``files`` remembers what was uploaded.
    """
    names = sorted(PROVIDERS, key=lambda name: name != settings.provider)
    accounts = [settings.account(name) for name in names]
    return {
        account.name: [_provider(settings, account, key, guard, files) for key in account.keys]
        for account in accounts
        if account.usable
    }


def _provider(
    settings: Settings, account: Account, key: str, guard: Guard | None, files: KnownFiles | None
) -> Provider:
    config = ProviderConfig(
        base_url=account.base_url,
        api_key=key,
        secrets=(*account.keys, *settings.proxy_secrets()),
        model=account.model,
        edit_model=account.edit_model,
        api_version=account.api_version,
        auth=account.auth or "auto",
        timeout_s=settings.provider_timeout_s,
        proxy_to=settings.proxy_to,
        safety=dict(settings.safety_threshold),
        tools=settings.gemini_tools,
        credits_per_usd=settings.onemin_credits_per_usd,
        links_in_text=settings.links_in_text,
        max_request_bytes=settings.max_request_bytes,
        before=guard.before if guard else None,
        files=files if settings.gemini_files else None,
        result_hosts=tuple(sorted(settings.result_hosts)),
    )
    return build(account.name, config)


def instead(settings: Settings, providers: Mapping[str, Sequence[Provider]]) -> tuple[Choice, ...]:
    """Return whom ``FALLBACK`` names, in order. Raises: ``ValueError`` in one line for a model that cannot edit."""
    named = [(name, model or settings.account(name).model) for name, model in settings.fallback if name in providers]
    for name, model in named:
        if not providers[name][0].capabilities(model).max_images:
            raise ValueError(f"FALLBACK names {name}, but its model {model} paints from words only and cannot edit.")
    return tuple(Choice(provider=name, model=model) for name, model in named)


def needless(settings: Settings, instead: Sequence[Choice]) -> list[str]:
    """Return a line about what ``FALLBACK`` names in vain: the chosen model itself."""
    chosen = Choice(provider=settings.provider, model=settings.account().model)
    said = (
        f"FALLBACK names {chosen.provider} with {chosen.model}, which is the chosen model itself: that only helps "
        "people who chose another one by /model"
    )
    return [said] if chosen in instead else []
