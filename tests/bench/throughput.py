"""The throughput of a cluster on one machine: ``python -m tests.bench.throughput``, or ``make throughput``.

Crowds against 1, 2 and 4 workers, then a steady stream with all limits kept, then large pictures. Each with a
receiver, a PostgreSQL server, a light Telegram and a light provider, all on loopback; everything is bounded and ended
at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import statistics
import tempfile
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import Any

from tests.bench.figures import MEGABYTE, SMALL
from tests.bench.party import FLUSH_S, Party, party
from tests.bench.provider import noise
from tests.bench.tables import table
from tests.support.databases import Server, running_server

DELAY_S = 2.0
WAVES = 2
LONGEST_S = 300.0
chats = count(1000)


@dataclass(frozen=True, kw_only=True)
class Load:
    """``people`` at once, ``WAVES`` times; or, with a ``rate``, so many turns a second, one of each person."""

    title: str
    workers: int
    people: int
    rate: float = 0.0
    size_bytes: int = SMALL
    limited: bool = False

    @property
    def turns(self) -> int:
        """How many that makes."""
        return self.people if self.rate else self.people * WAVES


@dataclass
class Seen:
    """Figures by name, for one turn unless the name says otherwise."""

    title: str
    values: dict[str, float] = field(default_factory=dict)


def loads(*, short: bool) -> list[Load]:
    """Return the loads to measure."""
    people, rate = (60, 4.0) if short else (500, 5.0)
    crowds = [Load(title=f"{workers} workers", workers=workers, people=people) for workers in (1, 2, 4)]
    stream = Load(title="stream", workers=2, people=round(rate * (10 if short else 40)), rate=rate, limited=True)
    large = Load(title="1 MB", workers=2, people=20 if short else 60, size_bytes=MEGABYTE, limited=True)
    return [*crowds, stream, large]


async def measured(load: Load, server: Server) -> Seen:
    """Put a cluster under a load and take its figures."""
    seen = Seen(load.title)
    # If root runs this, the server runs as another user, which does not need the pictures.
    with tempfile.TemporaryDirectory(prefix="pentimento-throughput-") as scratch:
        subject = party(Path(scratch), server, load.workers, limited=load.limited)
        async with subject.running():
            try:
                await subject.set_provider(DELAY_S, load.size_bytes)
                await subject.http.put(f"{subject.telegram}/bench/files/photo", content=noise(load.size_bytes))
                await _warm_up(subject)
                await _loaded(subject, load, seen)
            finally:
                await subject.leave()
    return seen


async def _warm_up(subject: Party) -> None:
    ids = [next(chats) for _ in range(4 * subject.workers)]
    await subject.answered(0, 0)
    await subject.say([_wish(chat, None) for chat in ids])
    await subject.answered(len(ids), LONGEST_S)
    await asyncio.sleep(FLUSH_S)


@dataclass(frozen=True, kw_only=True)
class Reading:
    """The counters of a cluster at one moment."""

    at: float
    counters: dict[str, float]

    def since(self, before: Reading) -> dict[str, float]:
        """Return how much each has grown a second."""
        took_s = self.at - before.at
        return {name: (value - before.counters[name]) / took_s for name, value in self.counters.items()}


async def _read(subject: Party) -> Reading:
    cpu_ms = {f"processor of {part}, ms": used * 1000 for part, used in subject.cpu_by_part_s().items()}
    database = {f"database: {name}": value for name, value in (await subject.counted()).items()}
    return Reading(at=time.monotonic(), counters=cpu_ms | database)


async def _loaded(subject: Party, load: Load, seen: Seen) -> None:
    resting = await _read(subject)
    await asyncio.sleep(FLUSH_S)
    before, media_bytes = await _read(subject), subject.media_bytes()
    at_rest = before.since(resting)
    await subject.asked()
    file = "photo" if load.size_bytes != SMALL else None
    begun = time.monotonic()
    told = await (_streamed if load.rate else _crowded)(subject, load, file)
    took_s = time.monotonic() - begun
    # Work after the last photo also belongs to its turn.
    await asyncio.sleep(FLUSH_S)
    after, asked = await _read(subject), await subject.asked()

    turns, values = load.turns, seen.values
    values |= {"turns": turns, "turns a second": turns / took_s}
    if not load.rate:
        values["wall / ideal"] = took_s / (DELAY_S * WAVES)
    waits_ms = accept_to_start_ms(told, asked)
    values["accept to start, ms p50"] = statistics.median(waits_ms)
    values["accept to start, ms p95"] = waits_ms[int(len(waits_ms) * 0.95)]
    # The idle work of a cluster is a figure of its own; the rest belongs to the turns.
    for name, a_second in after.since(before).items():
        values[name] = (a_second - at_rest[name]) * (after.at - before.at) / turns
    values["kept pictures, bytes"] = (subject.media_bytes() - media_bytes) / turns
    values["to the provider, bytes"] = sum(one[2] for one in asked if one[0] == "request") / turns
    values["from the provider, bytes"] = sum(one[2] for one in asked if one[0] == "answered") / turns
    values["to Telegram, bytes"] = sum(one[3] for one in told) / turns
    values["messages to Telegram"] = sum(_is_message(one[0]) for one in told) / turns
    values["largest worker, MB"] = subject.worker_mb()
    values["at rest: transactions a second"] = at_rest["database: xact_commit"]
    values["at rest: processor, %"] = sum(rate for name, rate in at_rest.items() if "processor" in name) / 10


async def _crowded(subject: Party, load: Load, file: str | None) -> list[list[Any]]:
    """Let everybody wish at once, and again when all have been answered."""
    ids = [next(chats) for _ in range(load.people)]
    seen = []
    for _ in range(WAVES):
        await subject.say([_wish(chat, file) for chat in ids])
        seen += await subject.answered(load.people, LONGEST_S)
    return seen


async def _streamed(subject: Party, load: Load, file: str | None) -> list[list[Any]]:
    """Let one person after the other wish, at a rate."""
    began = time.monotonic()
    for number in range(load.people):
        await asyncio.sleep(max(0.0, number / load.rate - (time.monotonic() - began)))
        await subject.say([_wish(next(chats), file)])
    return await subject.answered(load.people, LONGEST_S)


def _wish(chat: int, file: str | None) -> dict[str, Any]:
    return {"chat_id": chat, "text": f"a boat #{chat}#", "file": file}


def _is_message(method: str) -> bool:
    """Return whether a call counts for Telegram's limits; drafts are dropped before they reach them."""
    return method.startswith("send") and "draft" not in method


def accept_to_start_ms(seen: list[list[Any]], asked: list[list[Any]]) -> list[float]:
    """Return how long each turn took from Telegram's hands until the provider had the whole request, sorted."""
    handed: dict[int, deque[float]] = defaultdict(deque)
    for event in seen:
        if event[0] == "handed":
            handed[event[1]].append(event[2])
    requests = sorted((one for one in asked if one[0] == "request"), key=lambda one: one[1])
    return sorted((at - handed[chat].popleft()) * 1000 for _, at, _, chat in requests if handed[chat])


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench.throughput", description=__doc__)
    parser.add_argument("--short", action="store_true", help="fewer people, for a first look")
    parser.add_argument("--only", metavar="TITLE", help="take one load alone")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    asked = parser.parse_args()
    wanted = [load for load in loads(short=asked.short) if asked.only in (None, load.title)]
    found = []
    with running_server(quick=False) as server:
        for load in wanted:
            found.append(await measured(load, server))
            print(f"{load.title}: {found[-1].values['turns a second']:.1f} turns a second", flush=True)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}, a provider of {DELAY_S:g} s")
    print(table({one.title: one.values for one in found}, 11))
    if asked.json:
        asked.json.write_text(json.dumps({one.title: one.values for one in found}, indent=2))


if __name__ == "__main__":
    asyncio.run(main())
