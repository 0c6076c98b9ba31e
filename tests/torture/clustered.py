"""One run of a script against a cluster: the same people, with processes in a storm.

Imports the parts beside it. The result was seen from outside, as in ``run``.
"""

from __future__ import annotations

import re
import time
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from statistics import median
from typing import Any

import httpx

from bot.sandbox.config import MADE_UP_TOKEN
from tests.support.people import Message, Telegram
from tests.torture.crew import Crew, hired
from tests.torture.objects import settings_of_bucket
from tests.torture.person import Person
from tests.torture.postgresql import running_postgresql
from tests.torture.processes import served
from tests.torture.run import Down, Plan, Seen, play, settle
from tests.torture.script import TAG
from tests.torture.storm import STEADY_S, Storm, Stormy
from tests.torture.taps import Tap, taps, watch

SILENT_S = 0.2
"""A worker that was declared dead starts again after this time at the earliest; before that it may send nothing."""


_DECLARED = re.compile(r"^(\S+) .*(?:is|are) silent and declared dead", re.MULTILINE)

NOTICED_S = 0.5
"""The provider may notice the death of a process before its parent does."""


@dataclass
class Stormed(Seen):
    """The record of a cluster.

    ``asked``: the requests of each process to both servers, as (time, who, what). ``aways``: from when until when the
    database or the store of pictures was away. ``taps``: see :class:`Tap`. ``ups``: since when each process worked.
    ``buried``: when a worker declared others dead.
    """

    asked: list[tuple[float, str, str]] = field(default_factory=list)
    done: dict[str, int] = field(default_factory=dict)
    aways: list[tuple[float, float]] = field(default_factory=list)
    taps: list[Tap] = field(default_factory=list)
    ups: list[tuple[str, float]] = field(default_factory=list)
    buried: list[float] = field(default_factory=list)


async def run_clustered(
    plan: Plan, storm: Storm, folder: Path, *, bucket: bool, webhook: bool, receivers: int = 2, workers: int = 3
) -> Stormed:
    """Play the script of a plan to its end. Raises Lost, as soon as somebody waits in vain."""
    began = time.monotonic()
    faults = "faults" if plan.faults else "smooth"
    async with AsyncExitStack() as stack:
        telegram_url = await stack.enter_async_context(served("tests.torture.telegram"))
        provider = ("tests.torture.provider", plan.seed, str(plan.shortest_s), str(plan.longest_s), faults)
        provider_url = await stack.enter_async_context(served(*provider))
        objects = await stack.enter_async_context(served("tests.torture.objects")) if bucket else ""
        database = await stack.enter_async_context(running_postgresql())
        telegram = await stack.enter_async_context(Telegram(telegram_url, MADE_UP_TOKEN))
        more = await settings_of_bucket(objects) if bucket else {}
        servers = (telegram_url, provider_url)
        parts = {"receivers": receivers, "workers": workers, "webhook": webhook}
        crew = await stack.enter_async_context(hired(folder, database, servers, more, **parts))
        people = [await settle(telegram, number, plan) for number in range(plan.conversations)]
        await crew.start()
        await watch(database)
        stormy = Stormy(storm, crew, database, servers, objects)
        updates = await play(plan, people, stormy.run())
        await crew.settle()
        codes = await crew.stop()
        _, words = await crew.workers[0].check()
        http = await stack.enter_async_context(httpx.AsyncClient(trust_env=False, timeout=60))
        calls = (await http.get(f"{provider_url}/calls")).json()
        asked = [tuple(one) for server in servers for one in (await http.get(f"{server}/asked")).json()]
        chats = {person.number: await person.look_back() for person in people}
        took_s = time.monotonic() - began
        stormy.done["starts refused"] = crew.refused
        kept = (await http.get(f"{objects}/-/kept")).json() if bucket else None
        happened = (crew.downs, max(codes), words, took_s, kept)
        more_seen = (asked, stormy.done, stormy.aways, await taps(database), crew.ups, _buried(crew))
        seen = Stormed(people, chats, calls, updates, *happened, *more_seen)
        stormy.done["double taps that came apart"] = part_double_taps(seen)
        stormy.done["taps that asked for nothing more"] = sum(tap.idle for tap in seen.taps)
    return seen


def part_double_taps(seen: Stormed) -> int:
    """Expect two answers to each double tap that rightly came apart; return how many did.

    Telegram does not say when a button was pressed, only the receiver knows when it heard of it. One that dies between
    the two taps, or a database that is away, holds the second one back until the first one's picture is on its way.
    """
    apart = 0
    for person in seen.people:
        under = {said.id: TAG.findall(said.words)[0] for said in seen.chats[person.number] if _may_be_repainted(said)}
        made = Counter(under[tap.message_id] for tap in _taps_of(seen, person) if tap.message_id in under and tap.made)
        for tag, count in made.items():
            person.expected[tag] += count - person.repainted[tag]
            apart += count - person.repainted[tag]
    return apart


def wrong_taps(seen: Stormed) -> list[str]:
    """Find presses of Again that were taken for a wish and were none, or that got lost."""
    return [
        f"a tap below message {tap.message_id} of {tap.chat_id} was to ask for {'nothing' if tap.idle else 'a picture'}"
        for tap in seen.taps
        if tap.over and tap.made is tap.idle
    ]


def _taps_of(seen: Stormed, person: Person) -> list[Tap]:
    return [tap for tap in seen.taps if tap.chat_id == person.chat.id]


def _may_be_repainted(said: Message) -> bool:
    return said.from_bot and said.has_picture and bool(TAG.search(said.words))


def _buried(crew: Crew) -> list[float]:
    return [
        datetime.fromisoformat(found[1]).timestamp()
        for worker in crew.workers
        for found in _DECLARED.finditer(worker.log.read_text("utf-8"))
    ]


def ghosts(seen: Stormed) -> list[str]:
    """Find what left a worker that had been declared dead while it was paused.

    In a storm it may be that nobody lives long enough to do that. Such a worker goes on, and may send.
    """
    return [
        f"{who} asked for {what} {at - down.until:.2f} s after it woke up, declared dead"
        for down in seen.downs
        if down.until - down.at > STEADY_S and any(down.at < at < down.until for at in seen.buried)
        for at, who, what in seen.asked
        if who == down.who and down.until < at < down.until + SILENT_S
    ]


@dataclass(frozen=True)
class TakenOver:
    """How long it took until another process painted a wish whose call was running when its process went down.

    ``calmly``: another worker lived that had run long enough to declare others dead, no other process died that might
    have taken the wish over, and everything that a worker needs was available.
    """

    took_s: float
    calmly: bool


def taken_over(seen: Stormed) -> list[TakenOver]:
    """Return all wishes that were taken over.

    A wish that is interrupted twice is set aside, and painted when people ask.
    """
    found = []
    for down in seen.downs:
        for call in seen.calls:
            running = call["who"] == down.who and call["at"] <= down.at and not _over(call, down)
            if running and not _cut_before(seen, call):
                later = [one["at"] for one in seen.calls if one["at"] > down.at and one["tag"] == call["tag"]]
                found += [TakenOver(min(later) - down.at, _calmly(seen, down, min(later)))] if later else []
    return found


def _cut_before(seen: Stormed, call: dict[str, Any]) -> bool:
    earlier = [one for one in seen.calls if one["tag"] == call["tag"] and one["n"] < call["n"]]
    return bool(earlier) and bool(earlier[-1]["cut"])


def _calmly(seen: Stormed, down: Down, until: float) -> bool:
    since = down.at - STEADY_S
    workers = [one for one in seen.downs if one.who.startswith("worker")]
    if any(began < until and ended > since for began, ended in seen.aways):
        return False
    if any(down.at < one.at < until for one in workers):
        return False
    return any(
        who != down.who and who.startswith("worker") and up_at <= since
        for who, up_at in seen.ups
        if not any(one.who == who and up_at <= one.at <= down.at for one in workers)
    )


def storm_totals(seen: Stormed) -> str:
    """Return what happened, in one line."""
    found = taken_over(seen)
    happened = ", ".join(f"{count} {what}" for what, count in sorted(seen.done.items()))
    calm = _spread([one.took_s for one in found if one.calmly])
    other = _spread([one.took_s for one in found if not one.calmly])
    return (
        f"{happened}; {len(seen.asked)} requests; calls cut off and made again by another: {calm} while the rest lived "
        f"and nothing was away, {other} else"
    )


def _spread(took_s: list[float]) -> str:
    return f"{len(took_s)} after {median(took_s):.1f} s (p50), {max(took_s):.1f} s at most" if took_s else "none"


def _over(call: dict[str, Any], down: Down) -> bool:
    """Return whether a call had ended before its process went down."""
    return call["end"] is not None and call["end"] <= (down.at - NOTICED_S if call["cut"] else down.at)
