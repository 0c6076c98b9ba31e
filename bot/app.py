"""The composition root: builds everything, runs it, closes it. With ``builders`` it names all concrete classes.

Imports everything. Decides how a process ends: :data:`ExitCode` says which way.
"""

from __future__ import annotations

import asyncio
import gc
import logging
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace
from functools import partial
from socket import socket

from telegram import Bot
from telegram.request import BaseRequest

from bot.background import WorkEnded, beside, together
from bot.builders import (
    Ground,
    access_of,
    build_answering,
    build_checkout,
    build_desk,
    build_ingress,
    build_placing,
    build_unstored,
    build_worker,
)
from bot.chat.commands.menus import published_beside
from bot.chat.failures import FailurePolicy
from bot.chat.identity import AccountError, BotIdentity, NotReached, reach
from bot.chat.owners import Owners
from bot.chat.receive.backlog import Backlog
from bot.chat.receive.polling import PollingHangs, TokenRejected
from bot.chat.receive.receiver import Receiver
from bot.chat.send.delivery import Delivery
from bot.chat.updates.parse import Me
from bot.dispatch.base import ProcessRole
from bot.metrics import Meter
from bot.operator.check_accounts import in_groups
from bot.process import clients
from bot.process.chores import Witness, chores
from bot.process.clock import TelegramClock
from bot.process.heartbeat import Heartbeat
from bot.process.open_store import open_store
from bot.process.signals import ExitCode, StartError, StoppedEarly, signals, unless_stopped, until_stopped
from bot.process.single import SingleProcess, lock, make_folder
from bot.process.topology import Ingress, Topology, Work
from bot.settings.proxies import way_to
from bot.settings.settings import Settings
from bot.texts import languages, spoken
from bot.turns.answering import Answering
from bot.turns.turns import Turns
from bot.web.webhook import WebhookRefused
from storage.engine.database import SchemaError
from storage.engine.faults import StorageFault
from storage.store import Store

log = logging.getLogger(__name__)

FOREIGN = "LANGUAGE=%s is none of the bot's languages (%s): whoever has none of them reads English"
OPEN_TO_ALL = (
    "anybody on Telegram may use this bot, and its key pays for that; with ACCESS=ask you decide about each, and "
    "ALLOWED_USERS names the only people whom it serves"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Running:
    """What callers need of a running bot."""

    bot: Bot
    ingress: Ingress
    receiver: Receiver
    work: Work
    answering: Answering
    store: Store
    me: Me
    stopping: asyncio.Event
    """Set once the process begins to stop."""
    address: str = ""
    """Root address of the server for deliveries and health, "" where there is none."""

    async def run(self) -> None:
        """Take updates in until cancelled. Raises: the error that ends it, or :class:`WorkEnded`."""
        await together(self.ingress.run(), self.work.needed)

    async def stop(self, grace_s: float) -> bool:
        """Begin nothing new and wait ``grace_s`` for running work; return whether all of it finished."""
        self.stopping.set()
        return await self.work.dispatcher.stop(grace_s)


@asynccontextmanager
async def assembled(settings: Settings, role: ProcessRole = ProcessRole.ALL) -> AsyncIterator[Running]:
    """Build the bot, take up what an earlier process left, and close everything at the end.

    Waits while Telegram cannot be reached, for a quarter of an hour. Raises: :class:`StartError`, ``AccountError``,
    ``NotReached``, ``StorageFault``.
    """
    async with AsyncExitStack() as stack:
        heartbeat, stopping, meter = Heartbeat(settings.data_dir), asyncio.Event(), Meter()
        _claim_folder(stack, settings, role)
        sock = _port(stack, settings, role)
        store, topology = await _store(stack, settings, role, heartbeat, stopping)
        clock = TelegramClock()
        bot, poll_request = clients.telegram(settings, meter, topology.guard, clock)
        stack.push_async_callback(bot.shutdown)
        where = way_to(settings.telegram_api_url, *settings.telegram_proxy, settings.no_proxy)
        polls = settings.webhook_url is None and role is not ProcessRole.WORK
        await reach(bot, where, heartbeat.touch, polls=polls)
        delivery = Delivery(bot, store, has_owners=any(one > 0 for one in settings.owner_ids))
        ground = Ground(
            settings=settings,
            role=role,
            heartbeat=heartbeat,
            stopping=stopping,
            store=store,
            topology=topology,
            meter=meter,
            bot=bot,
            identity=BotIdentity(bot, settings.language, serves_bots=settings.other_bots),
            delivery=delivery,
            owners=Owners(delivery, settings.owner_ids, store, settings.language),
        )
        stack.push_async_callback(ground.owners.close)
        running = await _begun(stack, ground, poll_request, Witness(clock=clock, ask=partial(clients.ask_time, bot)))
        if sock is not None:
            running = replace(running, address=await _served(stack, sock, ground, running))
        yield running


async def _begun(stack: AsyncExitStack, ground: Ground, poll_request: BaseRequest, witness: Witness) -> Running:
    """Build the bot on its ground and let it work until the stack ends. Raises: :class:`StartError`."""
    settings, store, bot, owners = ground.settings, ground.store, ground.bot, ground.owners
    answering = await build_answering(stack, ground)
    turns = Turns(store, answering)
    failures = FailurePolicy(store, turns, ground.delivery, ground.identity, owners, ground.heartbeat.beats)
    placing = build_placing(ground)
    stack.push_async_callback(placing.close)
    worker = build_worker(ground, turns, failures, placing)
    stack.push_async_callback(worker.close)
    if ground.role is not ProcessRole.WORK:
        await stack.enter_async_context(
            published_beside(
                bot, store.menus, settings.owner_ids, sells=bool(settings.stars_packs), slowly=settings.telegram_limits
            )
        )
    await stack.enter_async_context(ground.identity.kept_current())
    await stack.enter_async_context(beside(ageing=answering.ageing.keep_watch()))
    await stack.enter_async_context(beside(silently=False, **chores(settings, store, owners, witness)))
    work = await stack.enter_async_context(ground.topology.working(worker, turns, failures))
    backlog = Backlog(ground.identity, store, worker.refuse, settings.max_waiting_turns)
    desk, checkout = build_desk(ground, placing), build_checkout(ground)
    unstored = build_unstored(ground)
    stack.push_async_callback(unstored.close)
    receiver = Receiver(bot, ground.identity, store.inbox, backlog, unstored, work.on_stored, checkout, desk)
    stack.push_async_callback(receiver.close)
    return Running(
        bot=bot,
        ingress=build_ingress(ground, receiver, poll_request),
        receiver=receiver,
        work=work,
        answering=answering,
        store=store,
        me=ground.identity.me,
        stopping=ground.stopping,
    )


async def run(
    settings: Settings,
    role: ProcessRole = ProcessRole.ALL,
    *,
    is_public: bool = True,
    on_begin: Callable[[Running], None] = lambda _: None,
) -> ExitCode:
    """Run the bot until a signal asks it to stop; a second signal ends it at once, without loss.

    ``is_public``: the bot is on Telegram itself, so the log says who may write to it and what it can read in groups.
    ``on_begin`` gets the bot once it runs.
    """
    try:
        with signals() as asked:
            async with AsyncExitStack() as stack:
                running = await unless_stopped(stack.enter_async_context(assembled(settings, role)), asked)
                on_begin(running)
                # Objects made so far live until the end, so the garbage collector need not look at them again.
                gc.collect()
                gc.freeze()
                gc.enable()
                doing = "working" if role is ProcessRole.WORK else "listening"
                log.info("@%s is %s; press Ctrl+C to stop", running.me.username, doing)
                if role is not ProcessRole.WORK:
                    if is_public:
                        log.info("%s", in_groups(reads_all=running.me.reads_all))
                    if is_public and access_of(settings).serves_anybody:
                        log.warning("%s", OPEN_TO_ALL)
                    if spoken(settings.language) is None:
                        log.warning(FOREIGN, settings.language, ", ".join(languages()))
                    for line in limits_said(running.answering, settings):
                        log.info("%s", line)
                ended = await until_stopped(running.run(), running.stop, settings.stop_grace_s, asked)
                _note_stop(settings)
                return ended
    except StoppedEarly:
        _note_stop(settings)
        log.info("stopped while it was starting")
        return ExitCode.STOPPED
    except (StartError, AccountError, TokenRejected, WebhookRefused) as error:
        log.error("%s", error)
        return ExitCode.MISCONFIGURED
    except (NotReached, PollingHangs, StorageFault, WorkEnded) as error:
        log.error("%s", error)
        return ExitCode.FAILED


def _note_stop(settings: Settings) -> None:
    """Let ``pentimento health`` say at once that the bot was stopped."""
    # Of several processes that share a folder the others go on.
    if not settings.shares:
        Heartbeat(settings.data_dir).stop()


def limits_said(answering: Answering, settings: Settings) -> Iterator[str]:
    """Yield what the log says of the limits at the start."""
    limits = (settings.limit_person, settings.limit_group, settings.limit_total)
    person, group, total = (str(one) or "any amount" for one in limits)
    yield f"limits in {settings.limit_timezone}: a person {person}, a group {group}, all together {total}"
    packs = ", ".join(f"{one.pictures} pictures for {one.stars} Stars" for one in answering.policy.limits.packs)
    yield f"ACCESS={settings.access}; sold: {packs or 'nothing'}"
    if not any(one.day_micro_usd is not None or one.month_micro_usd is not None for one in limits):
        return
    if answering.policy.offline:
        yield "nothing costs anything in the sandbox, so limits in dollars do not count there"
        return
    for choice in (answering.policy.default, *answering.policy.fallback):
        # A server of one's own may cost nothing; then its price is known.
        named_by_owner = {"", choice.provider} & answering.policy.limits.prices.keys()
        if not named_by_owner and not answering.limit_watch.expected_micro_usd(choice):
            named = f"{choice.provider} with {choice.model}"
            yield f"the price of {named} is not known: set PRICE_PER_PICTURE, or limits in dollars do not count for it"


def _claim_folder(stack: AsyncExitStack, settings: Settings, role: ProcessRole) -> None:
    """Make the folder of this process; lock it where no other may work on the store. Raises: :class:`StartError`."""
    if settings.shares:
        make_folder(settings.data_dir)
    elif role is not ProcessRole.ALL:
        raise StartError("Separate receivers and workers need PostgreSQL: set DATABASE_URL, or start `run` alone.")
    else:
        lock(stack, settings)


async def _store(
    stack: AsyncExitStack, settings: Settings, role: ProcessRole, heartbeat: Heartbeat, stopping: asyncio.Event
) -> tuple[Store, Topology]:
    """Open the store and remove files that killed processes left, before any work begins on it.

    Raises: :class:`StartError`; ``StorageFault`` where it may pass by itself.
    """
    try:
        store = await open_store(settings)
        stack.push_async_callback(store.close)
        topology = await _topology(settings, role, heartbeat, store, stopping)
        if swept := await store.sweep():
            log.info("removed %s files that an earlier process left and nothing refers to", swept)
        if not store.is_embedded:
            await stack.enter_async_context(beside(sweeping=store.sweeping.sweep_when_due()))
    except StorageFault as fault:
        if fault.passes:
            raise
        raise StartError(str(fault)) from fault
    except SchemaError as error:
        raise StartError(str(error)) from error
    return store, topology


async def _topology(
    settings: Settings, role: ProcessRole, heartbeat: Heartbeat, store: Store, stopping: asyncio.Event
) -> Topology:
    """Return how this process shares the work, by the kind of database. Raises: ``SchemaError``, ``StorageFault``."""
    if not settings.shares:
        return SingleProcess(settings.data_dir, store, stopping)
    # Procrastinate is an optional dependency, and takes a third of a second to load.
    from bot.process.cluster import ClusterProcess

    return await ClusterProcess.begin(settings, role, heartbeat, store, stopping)


def _port(stack: AsyncExitStack, settings: Settings, role: ProcessRole) -> socket | None:
    """Take the port before anything else begins; None where the bot does not listen. Raises: :class:`StartError`."""
    if not settings.serves(receives=role is not ProcessRole.WORK):
        return None
    # Starlette and uvicorn take a while to load, which a bot that only polls need not spend.
    from bot.web.server import PortTaken, open_port

    try:
        return stack.enter_context(open_port(settings.listen.host, settings.listen.port))
    except PortTaken as error:
        raise StartError(str(error)) from None


async def _served(stack: AsyncExitStack, sock: socket, ground: Ground, running: Running) -> str:
    """Answer requests at the port until the bot ends; return its address."""
    from bot.web.assembly import Parts, serve

    settings, ingress = ground.settings, running.ingress
    parts = Parts(
        store=ground.store,
        answering=running.answering,
        heartbeat=ground.heartbeat,
        receiver=running.receiver if ingress.pending is not None else None,
        provider=None if ground.role is ProcessRole.RECEIVE else running.answering.providers[settings.provider],
        alarm=ground.owners.alarm,
        alive={"work": running.work.ended},
        stopping=ground.stopping,
        pending=ingress.pending,
        leads=ingress.leads,
    )
    address = await stack.enter_async_context(serve(sock, settings, parts))
    log.info("listening at %s", address)
    return address
