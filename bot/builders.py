"""Builds the parts of the bot from the base that ``app`` has opened. Imports everything.

It starts nothing. What it opens is closed by the stack that it is given.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from functools import partial

from telegram import Bot
from telegram.request import BaseRequest

from bot.access.limits import Calendar, Limits
from bot.access.rules import Access
from bot.chat.authorization import Authorization
from bot.chat.cancelling import Cancelling
from bot.chat.commands.about import AboutCommands
from bot.chat.commands.dispatch import Commands
from bot.chat.commands.forget import ForgetCommands
from bot.chat.commands.group_rules import GroupRules
from bot.chat.commands.keep import KeepingCommands
from bot.chat.commands.limits import LimitCommands
from bot.chat.commands.people import PeopleCommands
from bot.chat.commands.settings import SettingsMenu
from bot.chat.commands.tree import TreeCommands
from bot.chat.commands.turns import TurnCommands
from bot.chat.failures import FailurePolicy
from bot.chat.groups.admins import Admins
from bot.chat.groups.membership import Membership
from bot.chat.groups.topics import NewTopics
from bot.chat.groups.visibility import GroupVisibility
from bot.chat.guests.admission import Admission
from bot.chat.guests.decisions import Decisions
from bot.chat.handlers import Handlers
from bot.chat.identity import BotIdentity
from bot.chat.inline.answers import InlineAnswers
from bot.chat.inline.callers import Callers
from bot.chat.inline.desk import InlineDesk
from bot.chat.inline.going_on import StartCommand
from bot.chat.inline.wishes import InlineWishes
from bot.chat.overtaking import Overtaking
from bot.chat.owners import Owners
from bot.chat.passes.first import FirstPass
from bot.chat.passes.second import SecondPass
from bot.chat.receive.acts import Acts
from bot.chat.receive.at_once import AtOnce
from bot.chat.receive.download import Downloader
from bot.chat.receive.hearing import Ear, Hearing
from bot.chat.receive.placing import Placing
from bot.chat.receive.polling import Polling, PollSigns
from bot.chat.receive.receiver import Receiver
from bot.chat.receive.unstored import Unstored
from bot.chat.report import TurnReporter
from bot.chat.responder import Responder
from bot.chat.send.delivery import Delivery
from bot.chat.send.progress import Progress
from bot.chat.stars.checkout import Checkout
from bot.chat.stars.payments import Payments
from bot.chat.stars.selling import SellingCommands
from bot.chat.stars.support import SupportCommands
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.captions import Captions
from bot.chat.wishes.edits import Edits
from bot.chat.wishes.late import LateUpdates
from bot.chat.wishes.reading import WishReader
from bot.chat.worker import ConversationWorker
from bot.dispatch.base import ProcessRole, at_rest
from bot.metrics import Meter
from bot.operator.check_accounts import findings_of
from bot.process import clients
from bot.process.heartbeat import Heartbeat
from bot.process.signals import StartError
from bot.process.topology import Ingress, Topology
from bot.providers.base import Listener, Provider, listens_with
from bot.providers.errors import KeyInvalid
from bot.settings.settings import Settings
from bot.turns.answering import Answering
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.hooks import ProcessHooks
from bot.turns.turns import Turns
from bot.web.webhook import Webhook
from storage.books.values import Allowances
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Ground:
    """What all other parts of the bot are built on."""

    settings: Settings
    role: ProcessRole
    heartbeat: Heartbeat
    stopping: asyncio.Event
    store: Store
    topology: Topology
    meter: Meter
    bot: Bot
    identity: BotIdentity
    delivery: Delivery
    owners: Owners


async def build_answering(stack: AsyncExitStack, ground: Ground) -> Answering:
    """Return what answers turns, with each provider that has a key. Raises: :class:`StartError`."""
    settings, topology = ground.settings, ground.topology
    providers = clients.providers(settings, topology.guard, ground.store.provider_files)
    for provider in (one for several in providers.values() for one in several):
        stack.push_async_callback(provider.aclose)
    instead = _instead(settings, providers)
    rejected = await _judged(providers, settings, instead)
    policy = AnsweringPolicy(
        default=Choice(provider=settings.provider, model=settings.account().model),
        budget_bytes=settings.history_budget_bytes,
        system=settings.system_prompt,
        search=settings.google_search,
        max_parallel_calls=settings.max_parallel_calls,
        ask_interrupted=settings.on_interrupted == "ask",
        limits=limits_of(settings),
        offline=settings.is_sandbox,
        fallback=instead,
    )
    hooks = ProcessHooks(
        meter=ground.meter,
        stopping=ground.stopping,
        alarm=ground.owners.alarm,
        notify_owners=ground.owners.notify_soon,
        at_rest=at_rest,
        permits=topology.permits,
    )
    answering = Answering(ground.store, providers, policy, hooks)
    await answering.ageing.load()
    await answering.fallback.watch.load()
    for lane in (lane for lanes in answering.fallback.lanes.values() for lane in lanes if lane.provider in rejected):
        choice = Choice(provider=lane.provider.name, model=lane.provider.models()[0].model)
        await answering.fallback.note(lane, choice, KeyInvalid(owner_text="the key is not accepted"), time.time())
    return answering


def limits_of(settings: Settings) -> Limits:
    """Return how much people, groups and all together may use."""
    return Limits(
        allowances=Allowances(person=settings.limit_person, group=settings.limit_group, total=settings.limit_total),
        calendar=Calendar(zone=settings.limit_timezone),
        owners=settings.owner_ids,
        prices=dict(settings.price_per_picture),
        packs=settings.stars_packs,
    )


def build_placing(ground: Ground) -> Placing:
    """Return what answers guest queries at once."""
    authorization = build_authorization(ground)
    return Placing(ground.bot, ground.store, authorization, ground.topology.peers, ground.settings.language)


def build_desk(ground: Ground, placing: Placing) -> InlineDesk:
    """Return what answers at once what comes from places where the bot is no member."""
    return InlineDesk(ground.bot, ground.store, build_authorization(ground), placing)


def build_unstored(ground: Ground) -> Unstored:
    """Return what tells people that nothing can be stored: where one process alone sees what they send."""
    tells = ground.settings.webhook_url is None or not ground.settings.shares
    return Unstored(ground.identity, ground.store, build_authorization(ground), ground.delivery, tells=tells)


def build_authorization(ground: Ground, rules: GroupRules | None = None) -> Authorization:
    """Return what decides who is served. ``rules``: those of groups, which remember the admins for all who ask."""
    store, delivery, access = ground.store, ground.delivery, access_of(ground.settings)
    rules = rules or build_rules(ground)
    return Authorization(store, delivery, access, rules, Admission(store, delivery, access, ground.owners.language_of))


def build_rules(ground: Ground) -> GroupRules:
    """Return who may use the bot in groups."""
    admins = Admins(ground.bot, ground.settings.owner_ids)
    return GroupRules(admins, ground.store, GroupVisibility(ground.bot, ground.store))


def build_worker(ground: Ground, turns: Turns, failures: FailurePolicy, placing: Placing) -> ConversationWorker:
    """Return the worker of all conversations, with everything that answers their updates."""
    settings, bot, identity = ground.settings, ground.bot, ground.identity
    store, delivery = ground.store, ground.delivery
    downloader = Downloader(bot, store.media)
    ear = ear_of(settings, [lane.provider for lane in turns.answering.fallback.lanes[settings.provider]])
    watch = turns.answering.limit_watch
    hearing = Hearing(ear, bot, downloader, store.inbox, watch, ground.meter, ground.stopping, ground.owners)
    visibility = GroupVisibility(bot, store)
    rules = GroupRules(Admins(bot, settings.owner_ids), store, visibility)
    authorization = build_authorization(ground, rules)
    responder = Responder(bot, store, turns, delivery, placing)
    albums = Albums(store, downloader)
    edits = Edits(store, turns, downloader, authorization)
    at_once = AtOnce(store.inbox, responder.notify, ground.topology.peers)
    bounds, notify = turns.answering.policy.limits, ground.owners.notify_soon
    payments = Payments(store, bounds.calendar, notify, ground.meter)
    cancelling = Cancelling(identity, store, turns, authorization, at_once)
    overtaking = Overtaking(bot, identity, store, cancelling, edits, payments, at_once)
    interrupt = ground.topology.interrupt(cancelling.stop_ended)
    forgetting = ForgetCommands(store, turns, rules, interrupt, delivery.inline)
    listener = turns.answering.providers[settings.provider] if ear else None
    kept = (settings.keep_days, settings.keep_gb)
    stages = settings.staging_chat is not None
    about = AboutCommands(identity, store, turns, visibility, settings.owner_ids, *kept, listener, stages=stages)
    keeping = KeepingCommands(store, turns, visibility)
    limits = LimitCommands(store, rules, bounds)
    people = PeopleCommands(store, Decisions(store, delivery, interrupt, bounds, ground.owners.language_of), bounds)
    selling = SellingCommands(identity, bounds)
    support = SupportCommands(bot, identity, store, delivery, bounds, notify, ground.meter)
    topics = NewTopics(bot, store, wanted=settings.new_opens_topic)
    shown = InlineAnswers(bot, store, turns, staging_chat=settings.staging_chat, has_owners=lambda: delivery.has_owners)
    start = StartCommand(store, downloader, shown, bounds)
    groups = (
        *(TurnCommands(store, turns, topics), TreeCommands(store, turns), keeping, forgetting),
        *(albums, about, start, people, limits, selling, support),
    )
    sells = bool(settings.stars_packs)
    commands = Commands(store, SettingsMenu(store, turns), rules, groups, settings.owner_ids, sells=sells)
    captions = Captions(store, turns, commands, responder)
    reader = WishReader(store, downloader, hearing, visibility, captions, edits, topics)
    membership = Membership(identity, store, visibility)
    handlers = Handlers(responder, authorization, commands, reader, albums, membership, payments, support)
    callers = Callers(store, authorization, Admission(store, delivery, access_of(settings), ground.owners.language_of))
    inline = InlineWishes(store, turns, callers, reader, downloader, delivery.inline, placing)
    acts = Acts(store.inbox, settings.album_wait_s, ground.heartbeat, ground.stopping)
    reporter = TurnReporter(store, turns, delivery, shown, failures)
    first_pass = FirstPass(identity, store.inbox, acts, handlers, inline, reporter, ground.meter, ground.owners)
    late = LateUpdates(edits, albums, identity.read)
    second_pass = SecondPass(turns, store.books, late, overtaking, reporter, failures, partial(Progress, bot, delivery))
    peers = ground.topology.peers
    return ConversationWorker(store, first_pass, second_pass, responder, at_once, failures, overtaking, peers)


def ear_of(settings: Settings, keys: Sequence[Provider]) -> Ear | None:
    """Return who listens to voice messages; None where the provider has no call for it, or nobody chose a model.

    ``keys``: the provider, once for each of its keys.
    """
    listeners = [one for one in keys if isinstance(one, Listener)]
    if not listeners or not (model := listens_with(listeners[0], settings.listen_model)):
        return None
    return Ear(listeners=listeners, model=model, asks=settings.on_interrupted == "ask")


def build_checkout(ground: Ground) -> Checkout:
    """Return what answers whether something may be bought."""
    return Checkout(ground.bot, ground.store.guests, access_of(ground.settings), ground.settings.stars_packs)


def access_of(settings: Settings) -> Access:
    """Return whom the bot serves by its settings."""
    return Access(
        mode=settings.access, chats=settings.allowed_chats, people=settings.allowed_users, owners=settings.owner_ids
    )


def build_ingress(ground: Ground, receiver: Receiver, poll_request: BaseRequest) -> Ingress:
    """Return what takes updates in: polling, or a webhook."""
    settings, heartbeat = ground.settings, ground.heartbeat
    if settings.webhook_url is None or ground.role is ProcessRole.WORK:
        signs = PollSigns(asking=heartbeat.asking, alive=heartbeat.beat, alarm=ground.owners.alarm)
        polling = Polling(ground.bot, poll_request, receiver, signs)
        return ground.topology.ingress(polling)
    webhook = Webhook(ground.bot, settings.webhook_url, _secret(settings), heartbeat.beat)
    return Ingress(run=webhook.run, pending=lambda: webhook.pending)


async def _judged(
    providers: Mapping[str, Sequence[Provider]], settings: Settings, instead: Sequence[Choice]
) -> Sequence[Provider]:
    """Return the providers with a key that is rejected, and warn of a model that the chosen one does not offer.

    ``instead``: who answers where the chosen one cannot; they are only asked if it rejects all of its keys. Raises:
    :class:`StartError` if nobody accepts a key.
    """
    name = settings.provider
    keys = providers[name]
    found = await asyncio.gather(*(findings_of(provider, settings.account().model) for provider in keys))
    rejected = [key for key, lines in zip(keys, found, strict=True) if any(line.rejected for line in lines)]
    if len(rejected) == len(keys):
        fault = f"{name} does not accept {name.upper()}_API_KEY; copy it again from your account there."
        others = [(key, one.model) for one in instead if one.provider != name for key in providers[one.provider]]
        answers = await asyncio.gather(*(findings_of(key, model) for key, model in others))
        left_out = [key for (key, _), lines in zip(others, answers, strict=True) if any(one.rejected for one in lines)]
        if len(left_out) == len(others):
            raise StartError(fault)
        log.warning("%s Until then those of FALLBACK answer.", fault)
        rejected += left_out
    for warning in dict.fromkeys((line.what, line.text) for lines in found for line in lines if line.lacks_model):
        log.warning("%s, %s: %s", name, *warning)
    return rejected


def _instead(settings: Settings, providers: Mapping[str, Sequence[Provider]]) -> tuple[Choice, ...]:
    """Return whom ``FALLBACK`` names. Raises: :class:`StartError`."""
    try:
        found = clients.instead(settings, providers)
    except ValueError as error:
        raise StartError(str(error)) from None
    for line in clients.needless(settings, found):
        log.warning("%s", line)
    return found


def _secret(settings: Settings) -> str:
    return settings.webhook_secret.get_secret_value() if settings.webhook_secret else ""
