"""The composition root: builds everything, runs it, closes it. The only module that names concrete classes.

May import everything. Decides how a process ends: :data:`ExitCode` says which way.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from socket import socket
from typing import TYPE_CHECKING, Protocol

from telegram import Bot

from bot.access.allow_list import Gate
from bot.background import WorkEnded, beside, together
from bot.chat.commands.forget import ForgetCommands
from bot.chat.commands.group_rules import Rules
from bot.chat.commands.keep import KeepingCommands
from bot.chat.commands.menus import published_beside
from bot.chat.commands.settings import SettingsMenu
from bot.chat.commands.table import Commands
from bot.chat.commands.tree import TreeCommands
from bot.chat.door import Door
from bot.chat.failures import Troubles
from bot.chat.groups.admins import Admins
from bot.chat.groups.arrivals import Arrivals
from bot.chat.groups.hearing import Hearing
from bot.chat.handlers import Handlers
from bot.chat.identity import Account, AccountError, reach
from bot.chat.receive.acts import Acts
from bot.chat.receive.backlog import Room
from bot.chat.receive.download import Fetcher
from bot.chat.receive.polling import Polling, PollingHangs, TokenRejected
from bot.chat.receive.receiver import Intray
from bot.chat.send.delivery import Delivery
from bot.chat.updates.parse import Me
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.edits import Edits
from bot.chat.worker import Desk
from bot.dispatch.base import Dispatcher, Part, at_rest
from bot.metrics import Meter
from bot.operator.check_accounts import in_groups, is_rejected
from bot.process import clients
from bot.process.heartbeat import Heartbeat
from bot.process.open_store import open_store
from bot.process.signals import ExitCode, StartError, StoppedEarly, signals, unless_stopped, until_stopped
from bot.process.single import Alone, locked, make
from bot.providers.base import Provider
from bot.settings.proxies import way_to
from bot.settings.settings import Settings
from bot.turns.answering import Answering
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.turns import Turns
from bot.web.webhook import Webhook, WebhookRefused
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.store import Store

if TYPE_CHECKING:
    from bot.process.cluster import Clustered

log = logging.getLogger(__name__)

OPEN_TO_ALL = (
    "anybody on Telegram may write to this bot, and what they ask for is paid for with its key; "
    "ALLOWED_USERS names the only people whom it serves"
)


class Ingress(Protocol):
    """Takes updates in."""

    async def run(self) -> None:
        """Work until cancelled."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What a running bot consists of, as far as its owner needs it."""

    bot: Bot
    ingress: Ingress
    intray: Intray
    dispatcher: Dispatcher
    answering: Answering
    store: Store
    me: Me
    heartbeat: Heartbeat
    needed: Callable[[], Sequence[asyncio.Task[None]]] = tuple
    """What must not end before the bot does."""
    address: str = ""
    """Root address of the server for deliveries and health, "" where there is none."""

    async def work(self) -> None:
        """Take updates in until cancelled. Raises: whatever ends that, or :class:`WorkEnded`."""
        await together(self.ingress.run(), self.needed())

    async def stop(self, grace_s: float) -> bool:
        """Begin nothing new, let what runs finish for ``grace_s`` seconds; return whether all finished."""
        self.answering.leaving = True
        return await self.dispatcher.stop(grace_s)


@asynccontextmanager
async def assembled(settings: Settings, part: Part = Part.ALL) -> AsyncIterator[Running]:
    """Build the bot, wake what an earlier process left, and close everything at the end.

    Waits as long as Telegram cannot be reached. Raises: :class:`StartError`, ``AccountError``.
    """
    async with AsyncExitStack() as stack:
        heartbeat = Heartbeat(settings.data_dir)
        mode = _mode(stack, settings, part, heartbeat)
        sock = _port(stack, settings, part)
        store = await _store(stack, settings, mode)
        meter = Meter()
        bot, poll_request = clients.telegram(settings, meter, mode.guard)
        polls = settings.webhook_url is None and part is not Part.WORK
        stack.push_async_callback(bot.shutdown)
        where = way_to(settings.telegram_api_url, settings.telegram_proxy_url, "TELEGRAM_PROXY_URL")
        await reach(bot, where, heartbeat.touch, polls=polls)
        account = Account(bot, settings.language, hears_bots=settings.other_bots)
        answering = await _answering(stack, settings, store, mode, meter)
        turns = Turns(store, answering)
        delivery = Delivery(bot, store)
        troubles = Troubles(store, turns, delivery, account, sorted(settings.owner_ids), heartbeat.beats)
        answering.alarm, answering.ageing.tell = troubles.alarm, troubles.announce
        desk = _desk(settings, bot, account, store, turns, delivery, troubles, heartbeat)
        dispatcher = mode.dispatcher(store, desk, troubles)
        desk.wake = dispatcher.wake
        room = Room(account, store.inbox, desk.refuse, settings.max_waiting_turns)
        intray = Intray(bot, account, store.inbox, room, *mode.hears(dispatcher, desk))
        stack.push_async_callback(desk.close)
        stack.push_async_callback(intray.close)
        if part is not Part.WORK:
            await stack.enter_async_context(published_beside(bot, store.menus, slowly=settings.telegram_limits))
        await stack.enter_async_context(account.kept_current())
        await stack.enter_async_context(beside(ageing=answering.ageing.keep_watch()))
        await stack.enter_async_context(mode.working(store, desk, turns, troubles))
        ingress: Ingress
        if settings.webhook_url is None or part is Part.WORK:
            polling = Polling(bot, poll_request, intray, heartbeat.beat, troubles.alarm, asking=heartbeat.asking)
            ingress = mode.polls(polling)
        else:
            ingress = Webhook(bot, settings.webhook_url, _secret(settings), heartbeat.beat)
        running = Running(
            bot=bot,
            ingress=ingress,
            intray=intray,
            dispatcher=dispatcher,
            answering=answering,
            store=store,
            me=account.me,
            heartbeat=heartbeat,
            needed=lambda: mode.needed,
        )
        if sock is not None:
            alive = {"work": mode.alive}
            running = replace(running, address=await _served(stack, sock, settings, part, running, alive))
        yield running


async def run(settings: Settings, part: Part = Part.ALL, *, is_public: bool = True) -> ExitCode:
    """Run the bot until a signal asks it to stop; a second signal ends it at once, without loss.

    ``is_public``: it is on Telegram itself, so the log says who may write to it and what it hears in groups.
    """
    try:
        with signals() as asked:
            async with AsyncExitStack() as stack:
                running = await unless_stopped(stack.enter_async_context(assembled(settings, part)), asked)
                # What the start made stays for good, so the collector need not go through it again and again.
                gc.collect()
                gc.freeze()
                gc.enable()
                doing = "working" if part is Part.WORK else "listening"
                log.info("@%s is %s; press Ctrl+C to stop", running.me.username, doing)
                if is_public and part is not Part.WORK:
                    log.info("%s", in_groups(reads_all=running.me.reads_all))
                    if not settings.allowed_users:
                        log.warning("%s", OPEN_TO_ALL)
                return await until_stopped(running.work(), running.stop, settings.stop_grace_s, asked)
    except StoppedEarly:
        log.info("stopped while it was starting")
        return ExitCode.STOPPED
    except (StartError, AccountError, TokenRejected, WebhookRefused) as error:
        log.error("%s", error)
        return ExitCode.MISCONFIGURED
    except (PollingHangs, StorageFault, WorkEnded) as error:
        log.error("%s", error)
        return ExitCode.FAILED


async def _judge_key(provider: Provider, settings: Settings) -> None:
    """Refuse to run with a key that the provider does not take. Raises: :class:`StartError`."""
    if await is_rejected(provider, settings.account().model):
        name = settings.provider
        raise StartError(f"{name} does not accept {name.upper()}_API_KEY; copy it again from your account there.")


def _mode(stack: AsyncExitStack, settings: Settings, part: Part, heartbeat: Heartbeat) -> Alone | Clustered:
    """Return how work is handed out, by the database. Raises: :class:`StartError`."""
    if not settings.shares:
        if part is not Part.ALL:
            raise StartError("Separate receivers and workers need PostgreSQL: set DATABASE_URL, or start `run` alone.")
        stack.enter_context(locked(settings.data_dir))
        return Alone(settings.data_dir)
    # Procrastinate takes a third of a second to load, and is an extra.
    from bot.process.cluster import Clustered

    make(settings.data_dir)
    return Clustered(settings, part, heartbeat)


async def _store(stack: AsyncExitStack, settings: Settings, mode: Alone | Clustered) -> Store:
    """Open the store and remove what killed processes left there; nothing works on it yet, so that is safe."""
    try:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        await mode.begin(store)
        if swept := await store.sweep():
            log.info("removed %s files that an earlier process left and nothing names", swept)
        if not store.is_embedded:
            await stack.enter_async_context(beside(sweeping=store.sweeping.keep_swept()))
    except (SchemaError, StorageFault) as error:
        raise StartError(str(error)) from error
    return store


async def _answering(
    stack: AsyncExitStack, settings: Settings, store: Store, mode: Alone | Clustered, meter: Meter
) -> Answering:
    """Return what answers turns, with every provider that has a key. Raises: :class:`StartError`."""
    providers = clients.providers(settings, mode.guard, store.provider_files)
    for provider in providers.values():
        stack.push_async_callback(provider.aclose)
    await _judge_key(providers[settings.provider], settings)
    policy = AnsweringPolicy(
        default=Choice(provider=settings.provider, model=settings.account().model),
        budget_bytes=settings.history_budget_bytes,
        system=settings.system_prompt,
        search=settings.google_search,
        max_parallel_calls=settings.max_parallel_calls,
        ask_interrupted=settings.on_interrupted == "ask",
    )
    answering = Answering(store, providers, policy, meter)
    answering.rest = at_rest
    await answering.ageing.load()
    mode.bound(answering.queues, settings.max_parallel_calls)
    return answering


def _desk(
    settings: Settings,
    bot: Bot,
    account: Account,
    store: Store,
    turns: Turns,
    delivery: Delivery,
    troubles: Troubles,
    heartbeat: Heartbeat,
) -> Desk:
    fetcher = Fetcher(bot, store.media)
    albums = Albums(store, turns, delivery, fetcher)
    tree = TreeCommands(store, turns, delivery)
    hearing = Hearing(bot, store)
    rules = Rules(Admins(bot, settings.owner_ids), store, delivery, hearing)
    keeping = KeepingCommands(store, turns, delivery, hearing)
    forgetting = ForgetCommands(bot, store, turns, delivery, rules)
    more = (tree.verbs, keeping.verbs, forgetting.verbs, albums.verbs, rules.verbs)
    menu = SettingsMenu(bot, store, turns, delivery)
    commands = Commands(account, store, turns, delivery, menu, rules, more, hearing, settings.owner_ids)
    gate = Gate(chats=settings.allowed_chats, people=settings.allowed_users, owners=settings.owner_ids)
    door = Door(store, delivery, gate, rules)
    arrivals = Arrivals(account, store, delivery, hearing)
    acts = Acts(store.inbox, settings.album_wait_s, heartbeat)
    edits = Edits(store, turns, delivery, fetcher, door)
    handlers = Handlers(store, turns, delivery, fetcher, commands, door, hearing, arrivals, edits)
    return Desk(bot, account, store, turns, delivery, handlers, door, acts, albums, edits, troubles)


def _port(stack: AsyncExitStack, settings: Settings, part: Part) -> socket | None:
    """Take the port before anything else is begun; None where the bot does not listen. Raises: :class:`StartError`."""
    if not settings.serves(receives=part is not Part.WORK):
        return None
    # What it takes to listen takes a while to load, which a bot that only polls need not spend.
    from bot.web.server import PortTaken, open_port

    try:
        return stack.enter_context(open_port(settings.listen.host, settings.listen.port))
    except PortTaken as error:
        raise StartError(str(error)) from None


def _secret(settings: Settings) -> str:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""


async def _served(
    stack: AsyncExitStack,
    sock: socket,
    settings: Settings,
    part: Part,
    running: Running,
    alive: Mapping[str, Callable[[], str]],
) -> str:
    """Answer requests at the port until the bot ends; return its address."""
    from bot.web.assembly import Parts, serve

    ingress, answering = running.ingress, running.answering
    # Only where several could poll there is a leader among them.
    leads = (lambda: bool(ingress.leads)) if hasattr(ingress, "leads") else None
    webhook = ingress if isinstance(ingress, Webhook) else None
    parts = Parts(
        store=running.store,
        answering=answering,
        heartbeat=running.heartbeat,
        intray=running.intray if webhook else None,
        provider=None if part is Part.RECEIVE else answering.providers[settings.provider],
        alarm=answering.alarm,
        alive=alive,
        pending=(lambda: webhook.pending) if webhook else None,
        leads=leads,
    )
    address = await stack.enter_async_context(serve(sock, settings, parts))
    log.info("listening at %s", address)
    return address
