"""What is measured, and how. Imports ``subjects`` and the standard library.

Times come from the two servers around a subject, on the machine's one monotonic clock: an update was handed out, the
provider had the whole request, its answer was gone whole, Telegram had the whole photo.
"""

from __future__ import annotations

import asyncio
import statistics
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from typing import Any

from tests.bench.provider import noise
from tests.bench.subjects import Subject

MEGABYTE = 1_000_000
PHOTOS = ("sendphoto", "senddocument")
LONGEST_CROWD_S = 120
chats: Iterator[int] = count(1000)


@dataclass
class Figures:
    """A subject's figures by name; milliseconds unless the name says otherwise."""

    subject: str
    values: dict[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Turn:
    """Milliseconds from update to request and from answer to photo, and the bytes of the request."""

    there_ms: float
    back_ms: float
    request_bytes: int


async def measure(subjects: list[Subject], *, short: bool) -> list[Figures]:
    """Take every figure from every subject."""
    found = {subject.name: Figures(subject.name) for subject in subjects}
    rounds = 10 if short else 40
    for subject in subjects:
        await subject.http.put(f"{subject.telegram}/bench/files/photo", content=noise(MEGABYTE))
        await _one(subject, next(chats), "warm up", None)
        found[subject.name].values["memory idle, MB"] = _memory_mb(subject)
    await _single(subjects, found, "text", None, 20_000, rounds)
    await _single(subjects, found, "1 MB photo", "photo", MEGABYTE, rounds)
    await _long_path(subjects, found, 10 if short else 30)
    crowd = 30 if short else 100
    for name, file, size in (("small", None, 20_000), ("1 MB", "photo", MEGABYTE)):
        for subject in subjects:
            await _crowd(subject, found[subject.name], name, file, size, crowd)
    return list(found.values())


async def _single(
    subjects: list[Subject], found: dict[str, Figures], name: str, file: str | None, size: int, rounds: int
) -> None:
    turns: dict[str, list[Turn]] = {subject.name: [] for subject in subjects}
    for subject in subjects:
        await _set(subject, 0.0, size)
    for _ in range(rounds):
        for subject in subjects:
            turns[subject.name].append(await _one(subject, next(chats), "a wish", file))
    for subject, taken in turns.items():
        values = found[subject].values
        for direction in ("there_ms", "back_ms"):
            times = sorted(getattr(turn, direction) for turn in taken)
            what = "update to request" if direction == "there_ms" else "answer to photo"
            values[f"{name}: {what}, p50"] = statistics.median(times)
            values[f"{name}: {what}, p95"] = times[int(len(times) * 0.95)]


async def _long_path(subjects: list[Subject], found: dict[str, Figures], length: int) -> None:
    """Compare the first and the last turn of a conversation with a picture in each."""
    for subject in subjects:
        await _set(subject, 0.0, 200_000)
        first: list[Turn] = []
        last: list[Turn] = []
        for _ in range(3):
            chat = next(chats)
            taken = [await _one(subject, chat, f"wish {number}", None) for number in range(length)]
            first.append(taken[0])
            last.append(taken[-1])
        values = found[subject.name].values
        for name, taken in (("turn 1", first), (f"turn {length}", last)):
            values[f"long talk, {name}: update to request"] = statistics.median(turn.there_ms for turn in taken)
            values[f"long talk, {name}: request, kB"] = taken[-1].request_bytes / 1000


async def _crowd(subject: Subject, figures: Figures, name: str, file: str | None, size: int, people: int) -> None:
    """Let many people send two wishes each at once, against a provider of two seconds."""
    await _set(subject, 2.0, size)
    await subject.events()
    ids = [next(chats) for _ in range(people)]
    memory_mb: list[float] = []
    begun = time.monotonic()
    for wave in range(2):
        await subject.say([{"chat_id": chat, "text": f"wish {wave}", "file": file} for chat in ids])
        photos = 0
        while photos < people:
            seen, _ = await subject.events()
            photos += sum(event[0] in PHOTOS for event in seen)
            memory_mb.append(_memory_mb(subject))
            await asyncio.sleep(0.02)
            if time.monotonic() - begun > LONGEST_CROWD_S:
                raise TimeoutError(f"{subject.name} did not answer everybody")
    figures.values[f"{people} chats x 2, {name}: wall / ideal"] = (time.monotonic() - begun) / 4.0
    figures.values[f"{people} chats x 2, {name}: peak MB"] = max(memory_mb)


async def _one(subject: Subject, chat: int, words: str, file: str | None) -> Turn:
    await subject.events()
    await subject.say([{"chat_id": chat, "text": words, "file": file}])
    seen: list[list[Any]] = []
    asked: list[list[Any]] = []
    for _ in range(6000):
        more_seen, more_asked = await subject.events()
        seen += more_seen
        asked += more_asked
        if any(event[0] in PHOTOS for event in seen):
            break
        await asyncio.sleep(0.005)
    at = {event[0]: event[2] for event in seen if event[1] == chat}
    by = {event[0]: event[1] for event in asked}
    sizes = {event[0]: event[2] for event in asked}
    sent = at.get("sendphoto", at.get("senddocument", 0.0))
    await asyncio.sleep(0.02)
    return Turn((by["request"] - at["handed"]) * 1000, (sent - by["answered"]) * 1000, sizes["request"])


async def _set(subject: Subject, delay_s: float, size_bytes: int) -> None:
    await subject.http.post(f"{subject.provider}/bench/set", json={"delay_s": delay_s, "size_bytes": size_bytes})


def _memory_mb(subject: Subject) -> float:
    return subject.process.memory_info().rss / 1e6 if subject.process else 0.0
