"""A market: shoppers with limits, an owner who refunds, and a bot that is killed; then the books are compared.

Imports the parts beside it, and the store for what it says at the end.
"""

from __future__ import annotations

import asyncio
import random
import signal
import time
from collections.abc import Coroutine
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bot.sandbox.config import MADE_UP_TOKEN
from storage.books.values import Amounts, Scope
from storage.store import Store
from tests.support.people import Chat, Telegram
from tests.torture.crew import hired
from tests.torture.postgresql import running_postgresql
from tests.torture.processes import Bot, served
from tests.torture.run import Plan, kill, settings_of, spare
from tests.torture.shopper import PACKS, PICTURES, Owner, Shopper, acts_of
from tests.torture.storm import Storm, Stormy
from tests.torture.verdict import is_whole

FREE, FREE_IN_GROUP = 3, 4


@dataclass
class Market:
    """The record of a run. ``sums`` are those of the books; ``pictures``: how many each person has in the tree."""

    shoppers: list[Shopper]
    total: int
    downs: int = 0
    pauses: int = 0
    check: str = ""
    sums: dict[Scope, dict[int, Amounts]] = field(default_factory=dict)
    pictures: dict[int, int] = field(default_factory=dict)
    taken: dict[int, int] = field(default_factory=dict)
    stars: dict[int, int] = field(default_factory=dict)
    seen: dict[int, int] = field(default_factory=dict)
    counted: dict[str, int] = field(default_factory=dict)
    seconds: float = 0.0


async def trade(plan: Plan, folder: Path) -> Market:
    """Let shoppers act on one process that is killed. Raises Lost."""
    async with AsyncExitStack() as stack:
        market, telegram, urls, more = await _opened(stack, plan)
        bot = Bot(settings_of(folder, *urls, **more), folder / "bot.log")
        await bot.start()
        try:
            await _play(plan, market, _disturb(plan, bot, market, _traps(*urls)))
            await spare(bot, *urls)
            assert await bot.stop() == 0
        finally:
            with suppress(ProcessLookupError):
                await bot.kill()
        market.downs, (_, market.check) = len(bot.kills) - 1, await bot.check()
        data = folder / "data"
        await _look(market, telegram, await Store.open(f"sqlite+aiosqlite:///{data}/pentimento.db", f"{data}/media"))
    return market


async def trade_clustered(plan: Plan, storm: Storm, folder: Path) -> Market:
    """Let shoppers act on two receivers and three workers in a storm. Raises Lost."""
    async with AsyncExitStack() as stack:
        market, telegram, urls, more = await _opened(stack, plan)
        database = await stack.enter_async_context(running_postgresql())
        parts = {"receivers": 2, "workers": 3, "webhook": False}
        crew = await stack.enter_async_context(hired(folder, database, urls, more, **parts))
        await crew.start()
        # Receivers answer checkouts, so no worker meets these traps.
        met = [one for one in _traps(*urls) if one[1] not in ("answerPreCheckoutQuery", "getUpdates")]
        stormy = Stormy(storm, crew, database, urls, "", met)
        await _play(plan, market, stormy.run())
        await crew.settle()
        assert max(await crew.stop()) == 0
        market.downs, market.pauses = len(crew.downs), stormy.done.get("pauses", 0)
        _, market.check = await crew.workers[0].check()
        await _look(market, telegram, await Store.open(database.url, str(folder / "media")))
    return market


async def _opened(stack: AsyncExitStack, plan: Plan) -> tuple[Market, Telegram, tuple[str, str], dict[str, str]]:
    """Start the servers and make people up; return also the addresses, and the settings of the bot."""
    telegram_url = await stack.enter_async_context(served("tests.torture.telegram"))
    faults = "faults" if plan.faults else "smooth"
    provider = ("tests.torture.provider", plan.seed, str(plan.shortest_s), str(plan.longest_s), faults)
    provider_url = await stack.enter_async_context(served(*provider))
    telegram = await stack.enter_async_context(Telegram(telegram_url, MADE_UP_TOKEN))
    owner = Owner(await telegram.newcomer("Olga"))
    shoppers = [await _shopper(telegram, owner, number, plan) for number in range(plan.conversations)]
    market = Market(shoppers, total=FREE * plan.conversations - 2)
    # Midnight must not come in between.
    hour = datetime.now(UTC).hour
    terms = {
        "OWNER_IDS": str(owner.chat.id),
        "LIMIT_PERSON": f"{FREE}/day",
        "LIMIT_GROUP": f"{FREE_IN_GROUP}/day",
        "LIMIT_TOTAL": f"{market.total}/day",
        "LIMIT_TIMEZONE": f"Etc/GMT{hour - 12:+d}" if hour != 12 else "Etc/GMT",
        "STARS_PACKS": PACKS,
    }
    return market, telegram, (telegram_url, provider_url), terms


async def _shopper(telegram: Telegram, owner: Owner, number: int, plan: Plan) -> Shopper:
    home = await telegram.newcomer(f"Shopper {number}")
    chat: Chat = home
    if number < plan.groups:
        chat = await telegram.group(f"Group {number}", by=home.id, members=())
    return Shopper(telegram, chat, home, owner, number, plan.patience_s)


async def _play(plan: Plan, market: Market, killing: Coroutine[Any, Any, None]) -> None:
    began = time.monotonic()
    async with asyncio.TaskGroup() as group:
        killer = group.create_task(killing)
        playing = [group.create_task(one.play(acts_of(plan.seed, one.number, plan.length))) for one in market.shoppers]
        await asyncio.wait(playing, return_when=asyncio.FIRST_EXCEPTION)
        killer.cancel()
    market.seconds = time.monotonic() - began


async def _disturb(plan: Plan, bot: Bot, market: Market, traps: list[tuple[str, str, str, float]]) -> None:
    """Kill the bot, and pause it now and then."""
    async with asyncio.TaskGroup() as group:
        group.create_task(kill(plan, bot, traps))
        group.create_task(_pause(plan, bot, market))


async def _pause(plan: Plan, bot: Bot, market: Market) -> None:
    dice = random.Random(f"{plan.seed} pauses")
    while True:
        await asyncio.sleep(dice.uniform(2, 6))
        process = bot.process
        if process is None or process.returncode is not None:
            continue
        with suppress(ProcessLookupError):
            process.send_signal(signal.SIGSTOP)
            market.pauses += 1
            try:
                await asyncio.sleep(dice.uniform(0.5, 3))
            finally:
                process.send_signal(signal.SIGCONT)


def _traps(telegram_url: str, provider_url: str) -> list[tuple[str, str, str, float]]:
    """Return the requests on sight of which a process is killed: those around money."""
    return [
        (telegram_url, "answerPreCheckoutQuery", "before", 0.0),
        (provider_url, "generateContent", "after", 0.05),
        (telegram_url, "answerPreCheckoutQuery", "after", 0.0),
        (telegram_url, "refundStarPayment", "after", 0.0),
        (provider_url, "generateContent", "after", 0.0),
        (telegram_url, "sendInvoice", "after", 0.0),
        (telegram_url, "sendPhoto", "before", 0.0),
        (telegram_url, "refundStarPayment", "before", 0.0),
        (provider_url, "generateContent", "before", 0.01),
        (telegram_url, "sendMessage", "after", 0.0),
        (telegram_url, "getUpdates", "after", 0.0),
    ]


async def _look(market: Market, telegram: Telegram, store: Store) -> None:
    """Read what the books, the tree and Telegram say at the end."""
    try:
        people = [one.home.id for one in market.shoppers]
        groups = [one.chat.id for one in market.shoppers if one.is_in_group]
        for scope, ids in ((Scope.PERSON, people), (Scope.GROUP, groups), (Scope.TOTAL, [0])):
            market.sums[scope] = dict(await store.books.sums(scope, ids))
        for one in market.shoppers:
            spent = await store.usage.of(one.home.id)
            market.pictures[one.home.id] = spent.pictures if spent else 0
            payments = [await store.purchases.find(charge_id) for charge_id in one.bought]
            market.counted |= {paid.charge_id: paid.pictures for paid in payments if paid is not None}
            taken = {paid.charge_id: paid.taken for paid in payments if paid is not None and paid.taken is not None}
            market.taken[one.home.id] = sum(taken.values())
            assert sorted(taken) == sorted(one.refunded), f"shopper {one.number}: other refunds than were made"
            market.stars[one.home.id] = int((await telegram.state(one.home.id))["stars"])
            history = await one.chat.history()
            # Versions have no words, and may be shown again in the same way.
            words = [said.words for said in history if said.from_bot and said.has_picture]
            market.seen[one.home.id] = sum("Done [" in said and "once more" not in said for said in words)
    finally:
        await store.close()


def wrong(market: Market, first_stars: int) -> list[str]:
    """Return what was lost, counted twice or given away, one sentence each."""
    found = [] if is_whole(market.check) else [f"the store is not whole: {market.check}"]
    everybody = market.sums[Scope.TOTAL].get(0, Amounts())
    if everybody.held_pictures or everybody.held_micro_usd:
        found.append(f"{everybody.held_pictures} places are held by nothing")
    if everybody.pictures > market.total:
        found.append(f"{everybody.pictures} free pictures were made, and {market.total} are allowed")
    for group_id, of_group in market.sums[Scope.GROUP].items():
        if of_group.pictures > FREE_IN_GROUP:
            found.append(f"group {group_id} had {of_group.pictures} free pictures")
    for one in market.shoppers:
        found += [f"shopper {one.number}: {fault}" for fault in _wrong_with(market, one, first_stars)]
    return found


def _wrong_with(market: Market, one: Shopper, first_stars: int) -> list[str]:
    own = market.sums[Scope.PERSON].get(one.home.id, Amounts())
    bought = PICTURES * len(one.bought)
    checks = {
        "payments are missing in the books": [charge for charge in one.bought if charge not in market.counted] == [],
        f"had {own.pictures} free pictures": own.pictures <= FREE,
        f"{own.pictures} + {own.paid_pictures} pictures are booked, and {market.pictures[one.home.id]} were made": (
            own.pictures + own.paid_pictures == market.pictures[one.home.id]
        ),
        f"saw {market.seen[one.home.id]} pictures": market.seen[one.home.id] <= own.pictures + own.paid_pictures,
        f"bought {bought}, used {own.paid_pictures}, got {market.taken[one.home.id]} taken back, has {own.credits}": (
            bought == own.paid_pictures + market.taken[one.home.id] + own.credits and own.credits >= 0
        ),
        f"was told that {one.left} are left of {own.credits}": one.left == own.credits,
        f"paid {first_stars - market.stars[one.home.id]} Stars, and {own.stars} are booked": (
            own.stars == first_stars - market.stars[one.home.id]
        ),
    }
    return [fault for fault, holds in checks.items() if not holds]


def totals(market: Market) -> str:
    """Return the figures of a run in one line."""
    everybody = market.sums[Scope.TOTAL].get(0, Amounts())
    bought, refunded = (sum(len(getattr(one, name)) for one in market.shoppers) for name in ("bought", "refunded"))
    return (
        f"{market.downs} kills, {market.pauses} pauses, {len(market.shoppers)} shoppers, {market.seconds:.0f} s: "
        f"{bought} payments in {bought + sum(one.deliveries for one in market.shoppers)} deliveries, {refunded} given "
        f"back; {everybody.pictures} free pictures of {market.total}, {everybody.paid_pictures} paid ones; "
        f"{sum(one.refusals for one in market.shoppers)} wishes refused by a limit, "
        f"{sum(one.tried_again for one in market.shoppers)} times Try again"
    )
