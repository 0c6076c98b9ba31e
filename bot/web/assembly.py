"""Puts together what a process answers over HTTP: webhook deliveries, health checks and metrics.

Imports ``web``, ``receiver``, ``heartbeat``, ``providers``, ``answering``, ``settings`` and ``storage``. It is imported
only where the process listens, since Starlette and uvicorn take 30 ms to load.
"""

from __future__ import annotations

import asyncio
import socket
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from starlette.routing import BaseRoute

from bot import __version__
from bot.chat.receive.receiver import Receiver
from bot.process.heartbeat import Heartbeat
from bot.providers.base import Provider
from bot.settings.settings import Settings
from bot.turns.answering import Answering
from bot.web.hook import Hook
from bot.web.metrics import Gauge, MetricsPage, Value
from bot.web.probes import SELDOM_S, Alive, Need, Probes
from bot.web.server import open_port, serving
from storage.engine import faults
from storage.engine.faults import StorageFault
from storage.store import Store

__all__ = ["Parts", "open_port", "serve"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Parts:
    """The parts of the bot that the routes read. A part is None in a process that does not have it.

    ``receiver``: stores deliveries. ``provider``: the default one. ``pending`` returns how many updates Telegram keeps,
    ``leads`` whether this process is the one that polls. ``alive``: checks by name; where one of them fails,
    only a new process helps. ``stopping``: set when the process begins to stop.
    """

    store: Store
    answering: Answering
    heartbeat: Heartbeat
    receiver: Receiver | None
    provider: Provider | None
    alarm: Callable[[StorageFault], None]
    alive: Mapping[str, Alive]
    stopping: asyncio.Event
    pending: Callable[[], int] | None = None
    leads: Callable[[], bool] | None = None


def serve(sock: socket.socket, settings: Settings, parts: Parts) -> AbstractAsyncContextManager[str]:
    """Answer requests at a port during the block, which gets the address."""
    probes = Probes(_needs(parts), parts.alive, parts.stopping.is_set)
    metrics = MetricsPage(__version__, parts.answering.meter, _gauges(parts))
    routes: list[BaseRoute] = [*probes.routes(), metrics.route()]
    if settings.webhook_url is not None and settings.webhook_secret is not None and parts.receiver is not None:
        secret = settings.webhook_secret.get_secret_value()
        hook = Hook(settings.webhook_url, secret, parts.receiver, parts.alarm, parts.answering.meter.served)
        routes.append(hook.route())
    return serving(sock, routes)


def _needs(parts: Parts) -> Sequence[Need]:
    store, provider = parts.store, parts.provider

    async def database() -> str:
        await store.inbox.count_open()
        return ""

    async def media() -> str:
        # There is no such answer; a store that says so works.
        await store.media.raw_answer(0, 0)
        return ""

    needs = [Need(name="database", ask=database), Need(name="media", ask=media)]
    if provider is not None:
        needs.append(Need(name="provider", ask=parts.answering.reach, every_s=SELDOM_S))
    return needs


def _gauges(parts: Parts) -> list[Gauge]:
    store, answering, pending, leads = parts.store, parts.answering, parts.pending, parts.leads

    async def waiting() -> Mapping[str, Value]:
        return {lane.name: lane.queue.waiting for lanes in answering.fallback.lanes.values() for lane in lanes}

    async def inbox() -> Mapping[str, Value]:
        return {"": await store.inbox.count_open()}

    async def turns() -> Mapping[str, Value]:
        return {"": await store.conversations.count_unfinished()}

    async def noticed() -> Mapping[str, Value]:
        return dict(faults.noticed)

    async def silence() -> Mapping[str, Value]:
        return {"": parts.heartbeat.silent_s()}

    gauges = [
        Gauge(name="provider_calls_waiting", text="Turns that wait for a call.", label="provider", read=waiting),
        Gauge(name="inbox_open", text="Updates that are not done, of all processes.", read=inbox, stored=True),
        Gauge(
            name="turns_unfinished",
            text="Turns that are not done, of the newest 10000 of all processes.",
            read=turns,
            stored=True,
        ),
        Gauge(name="storage_faults", text="Faults of the store.", label="kind", read=noticed, total=True),
        Gauge(name="telegram_silence_seconds", text="Since Telegram answered last.", read=silence),
    ]
    if pending is not None:

        async def at_telegram() -> Mapping[str, Value]:
            return {"": pending()}

        gauges.append(Gauge(name="telegram_pending", text="Updates that wait at Telegram.", read=at_telegram))
    if leads is not None:

        async def leading() -> Mapping[str, Value]:
            return {"": int(leads())}

        gauges.append(Gauge(name="leader", text="Whether this process polls.", read=leading))
    return gauges
