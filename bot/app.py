"""The composition root: builds everything, runs it, closes it. The only module that names concrete classes.

May import everything. Decides how a process ends: :data:`ExitCode` says which way.
"""

from __future__ import annotations

import asyncio
import logging
import signal
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from pathlib import Path

from filelock import FileLock, Timeout
from telegram import Bot, BotCommandScopeAllGroupChats, BotCommandScopeAllPrivateChats, LinkPreviewOptions
from telegram.error import InvalidToken, TelegramError
from telegram.ext import Defaults, ExtBot
from telegram.request import HTTPXRequest

from bot.answering import Answering, Choice, Policy
from bot.chat.commands import Commands, menu_of
from bot.chat.delivery import Delivery
from bot.chat.desk import Desk, DeskPolicy
from bot.chat.fetch import Fetcher
from bot.chat.gate import Gate
from bot.chat.handlers import Handlers
from bot.chat.ingress import Intray, Polling, TokenRejected
from bot.chat.intake import Me
from bot.chat.keeping_commands import KeepingCommands
from bot.chat.limiter import Importance, Limiter
from bot.chat.settings_menu import SettingsMenu
from bot.chat.tree_commands import TreeCommands
from bot.dispatch.local import LocalDispatcher
from bot.health import Heartbeat
from bot.providers.base import Provider
from bot.providers.config import ProviderConfig
from bot.providers.factory import build
from bot.settings import Settings
from bot.texts import languages
from bot.turns import Turns
from storage.database import SchemaError
from storage.store import Store

log = logging.getLogger(__name__)

PROVIDERS = ("gemini", "tokaify", "aimlapi", "onemin", "openrouter")


class ExitCode(IntEnum):
    """How the process ended."""

    STOPPED = 0
    """As asked, with nothing left running."""
    FAILED = 1
    MISCONFIGURED = 2
    """A setting, the token or the store is wrong; nothing was begun."""
    CUT_SHORT = 3
    """As asked, but some work did not end in time; the next start takes it up."""


class StartError(Exception):
    """The bot cannot start; the message is one line for the operator."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What a running bot consists of, as far as its owner needs it."""

    polling: Polling
    dispatcher: LocalDispatcher
    store: Store
    me: Me


@asynccontextmanager
async def assembled(settings: Settings) -> AsyncIterator[Running]:
    """Build the bot, wake what an earlier process left, and close everything at the end.

    Raises: :class:`StartError`.
    """
    async with AsyncExitStack() as stack:
        _lock(stack, settings.data_dir)
        try:
            store = await Store.open(settings.database_url, settings.media_url)
        except SchemaError as error:
            raise StartError(str(error)) from error
        stack.push_async_callback(store.close)
        bot, poll_request = _bot(settings)
        await stack.enter_async_context(_initialised(bot, poll_request))
        me = Me(
            id=bot.id,
            username=bot.username,
            reads_all=bool(bot.bot.can_read_all_group_messages),
            language=settings.language,
        )
        providers = _providers(settings)
        for provider in providers.values():
            stack.push_async_callback(provider.aclose)
        policy = Policy(
            default=Choice(provider=settings.provider, model=settings.account().model),
            budget_bytes=settings.history_budget_bytes,
            system=settings.system_prompt,
            max_parallel_calls=settings.max_parallel_calls,
            ask_interrupted=settings.on_interrupted == "ask",
        )
        desk = _desk(settings, bot, me, store, Turns(store, Answering(store, providers, policy)))
        dispatcher = LocalDispatcher(desk.step)
        intray = Intray(bot, me, store.inbox, dispatcher.wake, desk.cancel)
        stack.push_async_callback(intray.close)
        await _publish_commands(bot)
        for key in {*await store.inbox.keys(), *await store.conversations.unfinished_keys()}:
            dispatcher.wake(key)
        polling = Polling(bot, poll_request, intray, Heartbeat(settings.data_dir).beat)
        yield Running(polling=polling, dispatcher=dispatcher, store=store, me=me)


async def run(settings: Settings) -> ExitCode:
    """Run the bot until a signal asks it to stop; a second signal ends it at once, without loss."""
    try:
        async with assembled(settings) as running:
            log.info("@%s is listening; press Ctrl+C to stop", running.me.username)
            return await until_stopped(running, settings.stop_grace_s)
    except (StartError, TokenRejected) as error:
        log.error("%s", error)
        return ExitCode.MISCONFIGURED


async def until_stopped(running: Running, grace_s: float) -> ExitCode:
    """Poll until SIGINT or SIGTERM, then let what runs finish. Raises: :class:`TokenRejected`."""
    signals: asyncio.Queue[int] = asyncio.Queue()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, signals.put_nowait, number)
    polling = asyncio.create_task(running.polling.run(), name="polling")
    asked = asyncio.create_task(signals.get(), name="signal")
    await asyncio.wait({polling, asked}, return_when=asyncio.FIRST_COMPLETED)
    died = polling.exception() if polling.done() and not polling.cancelled() else None
    polling.cancel()
    log.info("stopping: no new updates; running turns have %.0f s to finish", grace_s)
    finishing = asyncio.create_task(running.dispatcher.stop(grace_s), name="stopping")
    again = asyncio.create_task(signals.get(), name="second signal")
    await asyncio.wait({finishing, again}, return_when=asyncio.FIRST_COMPLETED)
    if not finishing.done():
        log.warning("asked again: leaving at once; the next start takes up what is unfinished")
        finishing.cancel()
        await running.dispatcher.stop(0)
        finished = False
    else:
        again.cancel()
        finished = finishing.result()
    await asyncio.gather(polling, asked, again, finishing, return_exceptions=True)
    if died is not None:
        raise died
    return ExitCode.STOPPED if finished else ExitCode.CUT_SHORT


def _desk(settings: Settings, bot: Bot, me: Me, store: Store, turns: Turns) -> Desk:
    delivery = Delivery(bot, store)
    tree = TreeCommands(store, turns, delivery)
    keeping = KeepingCommands(bot, store, turns, delivery, settings.owner_ids)
    commands = Commands(
        me, store, turns, delivery, SettingsMenu(bot, store, turns), (tree.verbs, keeping.verbs), settings.owner_ids
    )
    gate = Gate(chats=settings.allowed_chats, people=settings.allowed_users, owners=settings.owner_ids)
    handlers = Handlers(me, store, turns, delivery, Fetcher(bot, store.media), commands, gate)
    policy = DeskPolicy(album_wait_s=settings.album_wait_s, owner_ids=tuple(sorted(settings.owner_ids)))
    return Desk(bot, me, store, turns, delivery, handlers, policy)


def _lock(stack: AsyncExitStack, data_dir: Path) -> None:
    data_dir.mkdir(parents=True, exist_ok=True)
    lock = FileLock(data_dir / "pentimento.lock")
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise StartError(f"Another process already works on {data_dir}: stop it, or choose another DATA_DIR.") from None
    stack.callback(lock.release)


def _bot(settings: Settings) -> tuple[ExtBot[Importance], HTTPXRequest]:
    token = settings.telegram_bot_token.get_secret_value() if settings.telegram_bot_token else ""
    # Telegram itself may hold a send back for 8 s; a read timeout below that would double messages.
    request = HTTPXRequest(connection_pool_size=64, read_timeout=30, write_timeout=30, pool_timeout=30)
    poll_request = HTTPXRequest(connection_pool_size=4, read_timeout=45, pool_timeout=5)
    bot: ExtBot[Importance] = ExtBot(
        token,
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=poll_request,
        rate_limiter=Limiter() if settings.telegram_limits else None,
        defaults=Defaults(link_preview_options=LinkPreviewOptions(is_disabled=True)),
    )
    return bot, poll_request


@asynccontextmanager
async def _initialised(bot: Bot, poll_request: HTTPXRequest) -> AsyncIterator[None]:
    try:
        await bot.initialize()
        await bot.delete_webhook()
    except InvalidToken:
        # PTB's own message repeats the token.
        raise StartError("Telegram does not accept TELEGRAM_BOT_TOKEN: copy it again from @BotFather.") from None
    except TelegramError as error:
        raise StartError(f"Telegram cannot be reached at TELEGRAM_API_URL ({error}).") from None
    try:
        yield
    finally:
        await bot.shutdown()


def _providers(settings: Settings) -> Mapping[str, Provider]:
    """Build every provider that has a key, the chosen one first."""
    names = sorted(PROVIDERS, key=lambda name: name != settings.provider)
    accounts = [settings.account(name) for name in names]
    return {
        account.name: build(
            account.name,
            ProviderConfig(
                base_url=account.base_url,
                api_key=account.key.get_secret_value(),
                model=account.model,
                api_version=account.api_version,
                auth=account.auth or "auto",
                timeout_s=settings.provider_timeout_s,
                proxy=settings.proxy_url or "",
                result_hosts=tuple(sorted(settings.result_hosts)),
            ),
        )
        for account in accounts
        if account.key is not None
    }


async def _publish_commands(bot: Bot) -> None:
    try:
        for language in languages():
            code = None if language == "en" else language.split("-")[0]
            menu = menu_of(language)
            await bot.set_my_commands(menu, scope=BotCommandScopeAllPrivateChats(), language_code=code)
            await bot.set_my_commands(menu[1:], scope=BotCommandScopeAllGroupChats(), language_code=code)
    except TelegramError as error:
        log.warning("the command menu could not be published: %s", error)
