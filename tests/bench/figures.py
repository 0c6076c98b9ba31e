"""What is measured, and how. Imports ``subjects``, ``growth`` and the standard library.

Times come from the two servers around a subject, on the machine's one monotonic clock: an update was handed out, the
provider had the whole request, its answer was gone whole, Telegram had the whole photo. Processor time and statements
are the subject's own; other work on the machine does not change them.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count

from tests.bench.growth import grow
from tests.bench.provider import noise
from tests.bench.subjects import PHOTOS, Subject

MEGABYTE = 1_000_000
SMALL = 20_000
LONGEST_CROWD_S = 120
chats: Iterator[int] = count(1000)


@dataclass(frozen=True, kw_only=True)
class Scale:
    """How much is measured."""

    rounds: int
    path: int
    crowd: int
    turns: int


SHORT = Scale(rounds=8, path=8, crowd=20, turns=20_000)
FULL = Scale(rounds=40, path=30, crowd=100, turns=100_000)


@dataclass
class Figures:
    """A subject's figures by name, and its statements in a turn of words by what they do."""

    subject: str
    values: dict[str, float] = field(default_factory=dict)
    statements: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """Milliseconds from update to request and from answer to photo, and the bytes of the request."""

    there_ms: float
    back_ms: float
    request_bytes: int


async def measure(subjects: list[Subject], scale: Scale) -> list[Figures]:
    """Take every figure from every subject."""
    found = {subject.name: Figures(subject.name) for subject in subjects}
    for subject in subjects:
        await _set(subject, 0.0, SMALL)
        await subject.http.put(f"{subject.telegram}/bench/files/photo", content=noise(MEGABYTE))
        await _one(subject, next(chats), "warm up", None)
        found[subject.name].values["memory after the very first start, MB"] = subject.memory_mb()
    await _single(subjects, found, "text", None, SMALL, scale.rounds)
    await _single(subjects, found, "1 MB photo", "photo", MEGABYTE, scale.rounds)
    await _long_path(subjects, found, scale.path)
    await _composing(subjects, found)
    for name, file, size in (("small", None, SMALL), ("1 MB", "photo", MEGABYTE)):
        for subject in subjects:
            await _crowd(subject, found[subject.name], name, file, size, scale.crowd)
    for subject in subjects:
        await _grown(subject, found[subject.name], scale)
    return list(found.values())


async def _single(
    subjects: list[Subject], found: dict[str, Figures], name: str, file: str | None, size: int, rounds: int
) -> None:
    """Measure one turn at a time, the subjects by turns."""
    turns: dict[str, list[Turn]] = {subject.name: [] for subject in subjects}
    cpu_s = dict.fromkeys(turns, 0.0)
    for subject in subjects:
        await _set(subject, 0.0, size)
        await subject.seen_inside()
    for _ in range(rounds):
        for subject in subjects:
            before = subject.cpu_s()
            turns[subject.name].append(await _one(subject, next(chats), "a wish", file))
            cpu_s[subject.name] += subject.cpu_s() - before
    for subject in subjects:
        taken, figures = turns[subject.name], found[subject.name]
        _times(figures, name, taken)
        figures.values[f"{name}: processor, ms a turn"] = cpu_s[subject.name] * 1000 / rounds
        statements = (await subject.seen_inside())["statements"]
        if statements:
            figures.values[f"{name}: statements a turn"] = sum(statements.values()) / rounds
        if file is None:
            figures.statements = {what: times / rounds for what, times in sorted(statements.items())}


def _times(figures: Figures, name: str, taken: list[Turn]) -> None:
    for what, attribute in (("update to request", "there_ms"), ("answer to photo", "back_ms")):
        times = sorted(getattr(turn, attribute) for turn in taken)
        figures.values[f"{name}: {what}, ms p50"] = statistics.median(times)
        figures.values[f"{name}: {what}, ms p95"] = times[int(len(times) * 0.95)]


async def _long_path(subjects: list[Subject], found: dict[str, Figures], length: int) -> None:
    """Compare the first and the last turn of conversations with a picture in each turn."""
    ends: dict[str, tuple[list[Turn], list[Turn]]] = {subject.name: ([], []) for subject in subjects}
    for subject in subjects:
        await _set(subject, 0.0, 10 * SMALL)
    for _ in range(3):
        chat = next(chats)
        for number in range(length):
            for subject in subjects:
                turn = await _one(subject, chat, f"wish {number}", None)
                for at, place in ((0, 0), (length - 1, 1)):
                    if number == at:
                        ends[subject.name][place].append(turn)
    for subject in subjects:
        values = found[subject.name].values
        for name, taken in zip(("turn 1", f"turn {length}"), ends[subject.name], strict=True):
            values[f"long talk, {name}: update to request, ms"] = statistics.median(turn.there_ms for turn in taken)
            values[f"long talk, {name}: answer to photo, ms"] = statistics.median(turn.back_ms for turn in taken)
            values[f"long talk, {name}: request, kB"] = taken[-1].request_bytes / 1000


async def _composing(subjects: list[Subject], found: dict[str, Figures]) -> None:
    """Measure what the request of a very long talk costs, of each tree that knows how."""
    taken: dict[str, list[dict[str, float]]] = {subject.name: [] for subject in subjects}
    for _ in range(2):
        for subject in subjects:
            taken[subject.name] += await subject.composing()
    for name, rounds in taken.items():
        for figure in rounds[0] if rounds else ():
            found[name].values[figure] = min(one[figure] for one in rounds)


async def _crowd(subject: Subject, figures: Figures, name: str, file: str | None, size: int, people: int) -> None:
    """Let many people send two wishes each at once, against a provider of two seconds."""
    title = f"{people} chats x 2, {name}"
    await _set(subject, 2.0, size)
    await subject.answered(0, 0)
    await subject.seen_inside()
    ids = [next(chats) for _ in range(people)]
    peak = asyncio.create_task(_peak_mb(subject))
    disk_bytes, cpu_s, begun = subject.disk_bytes(), subject.cpu_s(), time.monotonic()
    for wave in range(2):
        await subject.say([{"chat_id": chat, "text": f"wish {wave}", "file": file} for chat in ids])
        await subject.answered(people, LONGEST_CROWD_S)
    figures.values[f"{title}: wall / ideal"] = (time.monotonic() - begun) / 4.0
    peak.cancel()
    figures.values[f"{title}: processor, ms a turn"] = (subject.cpu_s() - cpu_s) * 1000 / people / 2
    figures.values[f"{title}: loop lag, ms p99"] = (await subject.seen_inside())["lag_p99_ms"]
    figures.values[f"{title}: peak, MB"] = max(peaks[subject.name])
    if subject.data_dir and file:
        await asyncio.sleep(1)
        pictures_bytes = people * 2 * (size + MEGABYTE)
        figures.values[f"{title}: disk / pictures"] = (subject.disk_bytes() - disk_bytes) / pictures_bytes


peaks: dict[str, list[float]] = {}


async def _peak_mb(subject: Subject) -> None:
    peaks[subject.name] = []
    while True:
        peaks[subject.name].append(subject.memory_mb())
        await asyncio.sleep(0.02)


async def _grown(subject: Subject, figures: Figures, scale: Scale) -> None:
    """Start again on a store with very many turns."""
    if subject.data_dir is None:
        return
    subject.end()
    grow(subject.data_dir / "pentimento.db", scale.turns)
    times = []
    for _ in range(3):
        times.append(await subject.begin())
        subject.end()
    figures.values[f"{scale.turns} turns: start to getUpdates, s"] = min(times)
    await subject.begin()
    # The background work of a start is done by then.
    await asyncio.sleep(3)
    figures.values[f"{scale.turns} turns: memory idle, MB"] = subject.memory_mb()
    await _set(subject, 0.0, SMALL)
    await _one(subject, next(chats), "warm up", None)
    await subject.seen_inside()
    _times(figures, f"{scale.turns} turns", [await _one(subject, next(chats), "a wish", None) for _ in range(10)])
    statements = (await subject.seen_inside())["statements"]
    figures.values[f"{scale.turns} turns: statements a turn"] = sum(statements.values()) / 10


async def _one(subject: Subject, chat: int, words: str, file: str | None) -> Turn:
    await subject.answered(0, 0)
    await subject.asked()
    await subject.say([{"chat_id": chat, "text": words, "file": file}])
    seen = await subject.answered(1, 30)
    asked = await subject.asked()
    # Work after the photo also belongs to this turn, and must not run into the next one.
    await asyncio.sleep(0.05)
    handed = next(event[2] for event in seen if event[0] == "handed")
    sent = next(event[2] for event in seen if event[0] in PHOTOS)
    at = {event[0]: event for event in asked}
    there_ms, back_ms = (at["request"][1] - handed) * 1000, (sent - at["answered"][1]) * 1000
    return Turn(there_ms, back_ms, at["request"][2])


async def _set(subject: Subject, delay_s: float, size_bytes: int) -> None:
    await subject.http.post(f"{subject.provider}/bench/set", json={"delay_s": delay_s, "size_bytes": size_bytes})
