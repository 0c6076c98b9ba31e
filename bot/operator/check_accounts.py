"""The part of ``pentimento check`` that asks Telegram and the providers: token, keys, models, webhook. Costs nothing.

Imports PTB, ``clients``, ``clock``, ``settings``, ``program`` and ``providers``. It prints one line for each result,
good or bad, and never a secret.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from urllib.parse import urlsplit

from telegram import Bot
from telegram.error import BadRequest, Forbidden, InvalidToken, TelegramError

from bot.operator.program import command, show
from bot.process import clients
from bot.process.clock import TelegramClock
from bot.providers.base import CheckLine, Listener, Provider, listens_with
from bot.settings.proxies import ProxyFault, also_for, way_to
from bot.settings.settings import Settings

LATELY_S = 3600.0
"""An older failed delivery does not count; Telegram reports the last one for ever."""

ASK_S = 10.0
"""How long a start waits for a provider to accept the key."""


async def check_accounts(
    settings: Settings, tell: Callable[[str], None] = show, clock: TelegramClock | None = None
) -> int:
    """Ask Telegram and each provider that has a key; return the number of faults.

    ``clock`` learns what time it is at Telegram.
    """
    broken = 0
    for fault in settings.faults_for_run():
        tell(f"BROKEN  settings: {fault}")
        broken += 1
    # A proxy that cannot be used is among the faults of the settings already, and no call can go through it.
    with suppress(ProxyFault):
        if settings.telegram_bot_token is not None:
            broken += await _check_telegram(settings, tell, clock)
        broken += await _check_providers(settings, tell)
    return broken


async def _check_providers(settings: Settings, tell: Callable[[str], None]) -> int:
    providers = clients.providers(settings)
    broken = _check_fallback(settings, providers, tell)
    for name, keys in providers.items():
        for number, provider in enumerate(keys, start=1):
            called = f"{name}, key {number}" if len(keys) > 1 else name
            broken += await _check_provider(settings, provider, called, tell, first=number == 1)
    return broken


def _check_fallback(
    settings: Settings, providers: Mapping[str, Sequence[Provider]], tell: Callable[[str], None]
) -> int:
    try:
        found = clients.instead(settings, providers)
    except ValueError as error:
        tell(f"BROKEN  settings: {error}")
        return 1
    chosen = (settings.provider, settings.account().model)
    named = [f"{one.provider} with {one.model}" for one in found if (one.provider, one.model) != chosen]
    if named:
        tell(f"ok  fallback: where the chosen model cannot answer, I ask {', then '.join(named)}")
    for line in clients.needless(settings, found):
        tell(f"note  fallback: {line}")
    return 0


async def _check_provider(
    settings: Settings, provider: Provider, called: str, tell: Callable[[str], None], *, first: bool
) -> int:
    broken, account = 0, settings.account(provider.name)
    named = [model for name, model in settings.fallback if name == provider.name and model]
    try:
        lines = [line for model in dict.fromkeys([account.model, *named]) for line in await provider.check(model)]
        for finding in dict.fromkeys(lines):
            # If there is no answer, the fault may be the address or the proxy.
            where = _way_to(account.base_url, settings, provider)
            asked = f" (at {where})" if finding.what == "provider" and not finding.ok else ""
            sign = "BROKEN" if not finding.ok else "note" if finding.open else "ok"
            tell(f"{sign}  {called}, {finding.what}: {finding.text}{asked}")
            broken += not finding.ok
        if provider.name == settings.provider and isinstance(provider, Listener):
            if model := listens_with(provider, settings.listen_model):
                broken += await _check_listening(provider, model, tell)
            elif first:
                # It is the same for all keys.
                tell("note  voice messages: nobody listens; LISTEN_MODEL names a text model that does")
    finally:
        await provider.aclose()
    return broken


def _way_to(address: str, settings: Settings, provider: Provider) -> str:
    """Return a provider's address, and by which proxy it is asked."""
    way = way_to(address, also_for(address, None, settings.proxy_url), "PROXY_URL", settings.no_proxy)
    inside = (provider.is_home or provider.relay == "") and way != address
    return f"{way}; NO_PROXY={urlsplit(address).hostname} reaches it directly" if inside else way


async def _check_listening(provider: Provider, model: str, tell: Callable[[str], None]) -> int:
    """Look for the model that writes down voice messages; one that is missing breaks nothing else."""
    found = [finding for finding in await provider.check(model) if finding.what.startswith("model ")]
    for finding in found:
        tell(f"{'ok' if finding.ok else 'BROKEN'}  voice messages, LISTEN_MODEL: {finding.text}")
    return sum(not finding.ok for finding in found)


def in_groups(*, reads_all: bool) -> str:
    """Return a sentence about which group messages the bot gets, by its privacy mode."""
    if reads_all:
        return (
            "privacy mode is off: the bot gets all messages of groups that it joined since then, "
            "and keeps those that are meant for it"
        )
    return (
        "privacy mode is on: in groups the bot gets commands and replies to it, but no mentions. To change that, send "
        "/setprivacy to @BotFather, then remove the bot from the group and add it again; or make it an admin there"
    )


def elsewhere(*, guests: bool, inline: bool, staging: bool) -> Iterator[str]:
    """Yield sentences about what the bot does in chats where it is no member, by the modes of its account.

    Sources: core.telegram.org/bots/features ("Guest Bots") and core.telegram.org/bots/inline; guest mode is switched on
    in @BotFather's mini app (soruly/trace.moe-telegram-bot#276).
    """
    if guests:
        first = (
            "" if staging else ". People who have no chat with it must open one first; STAGING_CHAT spares them that"
        )
        yield f"guest mode is on: people can call the bot by its @name in any chat{first}"
    else:
        yield (
            "guest mode is off: to let people call the bot by its @name in chats where it is no member, open "
            "@BotFather's mini app, choose the bot, and switch on Guest Mode. Then start the bot again"
        )
    if inline:
        yield (
            "inline mode is on. To let it paint there, too, send /setinlinefeedback to @BotFather and choose 100%: "
            "without that, Telegram does not tell the bot what was chosen. Nobody can ask Telegram how it is set"
        )
    else:
        yield (
            "inline mode is off: to offer people their pictures when they type the bot's @name, send /setinline and "
            "/setinlinefeedback (100%) to @BotFather. Then start the bot again"
        )


async def findings_of(provider: Provider, model: str) -> Sequence[CheckLine]:
    """Return what a provider says of its key and a model; nothing if it takes long, as it may accept them later."""
    try:
        async with asyncio.timeout(ASK_S):
            return await provider.check(model)
    except TimeoutError:
        return ()


async def _check_telegram(settings: Settings, tell: Callable[[str], None], clock: TelegramClock | None) -> int:
    bot, _ = clients.telegram(settings, clock=clock)
    try:
        await bot.initialize()
        tell(f"ok  telegram: this is @{bot.username}")
        tell(f"note  telegram: {in_groups(reads_all=bool(bot.bot.can_read_all_group_messages))}")
        me, staging = bot.bot, settings.staging_chat
        modes = {"guests": bool(me.supports_guest_queries), "inline": bool(me.supports_inline_queries)}
        for line in elsewhere(**modes, staging=staging is not None):
            tell(f"note  telegram: {line}")
        broken = await _check_staging(bot, staging, tell) if staging is not None else 0
        return broken + await _check_webhook(bot, settings, tell)
    except InvalidToken:
        # PTB's own message repeats the token.
        tell("BROKEN  telegram: TELEGRAM_BOT_TOKEN is not accepted; copy it again from @BotFather")
    except TelegramError as error:
        where = way_to(settings.telegram_api_url, *settings.telegram_proxy, settings.no_proxy)
        tell(f"BROKEN  telegram: it cannot be reached at {where} ({error})")
    finally:
        await bot.shutdown()
    return 1


async def _check_staging(bot: Bot, chat_id: int, tell: Callable[[str], None]) -> int:
    try:
        await bot.get_chat(chat_id)
    except (BadRequest, Forbidden) as error:
        tell(f"BROKEN  telegram: the bot is not in STAGING_CHAT ({error.message}); add it there, and let it post")
        return 1
    tell("ok  telegram: the bot is in STAGING_CHAT")
    return 0


async def _check_webhook(bot: Bot, settings: Settings, tell: Callable[[str], None]) -> int:
    hook = await bot.get_webhook_info()
    run = command("run")
    failed_at = hook.last_error_date
    fails = failed_at is not None and time.time() - failed_at.timestamp() < LATELY_S
    if settings.webhook_url is None and hook.url:
        tell(f"note  telegram: a webhook is set; `{run}` takes it away and asks for messages itself")
    elif settings.webhook_url is not None and not hook.url:
        tell(f"note  telegram: no webhook is set; `{run}` sets it to WEBHOOK_URL")
    elif settings.webhook_url != (hook.url or None):
        tell(f"note  telegram: the webhook is set to another address; `{run}` sets it to WEBHOOK_URL")
    elif hook.url and fails:
        tell(f"BROKEN  telegram: it could not deliver to WEBHOOK_URL at {failed_at}: {hook.last_error_message}")
    elif hook.url:
        tell("ok  telegram: it delivers to WEBHOOK_URL")
    if hook.pending_update_count:
        tell(f"note  telegram: {hook.pending_update_count} messages wait for the bot")
    return int(bool(hook.url) and hook.url == settings.webhook_url and fails)
