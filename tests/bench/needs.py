"""The needs of a bot with very many chats, calculated from measurements: ``python -m tests.bench.needs FILE``.

FILE is the output of ``python -m tests.bench.throughput --json FILE``. Imports the standard library. Prints the table
that docs/scaling.md shows; every assumption is named in :class:`Supposed`.
"""

from __future__ import annotations

import json
import sys
from dataclasses import dataclass
from pathlib import Path

DAY_S = 86_400
Figures = dict[str, dict[str, float]]


@dataclass(frozen=True, kw_only=True)
class Supposed:
    """Assumptions. A 1K picture of Gemini has 1.5 to 2.5 MB, and takes about 10 s."""

    turns_a_day: float = 1e6
    peak: float = 3.0
    picture_mb: float = 2.0
    earlier: float = 2.0
    """Pictures of before that go to the provider again with each wish."""
    provider_s: float = 10.0
    price: float = 0.039
    """US$ for a picture."""
    telegram: float = 30.0
    """Messages a second of one bot (Bots FAQ)."""
    busy: float = 0.6
    """How much of a core may be used at the peak."""


def rows(found: Figures, given: Supposed) -> list[tuple[str, str, str]]:
    """Return each need: its name, its amount, and in sentences how it is calculated."""
    stream, large = found["stream"], found["1 MB"]
    average = given.turns_a_day / DAY_S
    peak = average * given.peak
    return [
        (
            "turns",
            f"{peak:.0f} a second at the peak",
            f"{given.turns_a_day:,.0f} a day are {average:.1f} a second on average. The busiest hour has"
            f" {given.peak:g} times as many.",
        ),
        *_outside(peak, given),
        *_machines(stream, large, peak, given),
        *_bytes(stream, peak, given),
    ]


def _outside(peak: float, given: Supposed) -> list[tuple[str, str, str]]:
    flat = given.telegram * DAY_S
    calls = peak * given.provider_s
    return [
        (
            "Telegram",
            f"{peak / given.telegram:.1f} times the limit of one bot",
            f"An answer is one message, and a bot may send {given.telegram:g} a second. So one bot can do"
            f" {flat / 1e6:.1f} million turns a day if all hours are alike, and {flat / given.peak / 1e6:.2f} million"
            " with such a peak.",
        ),
        (
            "provider",
            f"{calls:.0f} calls at a time, a quota of {peak * 60:,.0f} a minute,"
            f" ${given.turns_a_day * given.price:,.0f} a day",
            f"A call takes {given.provider_s:g} s, and a picture costs ${given.price:g}.",
        ),
    ]


def _machines(
    stream: dict[str, float], large: dict[str, float], peak: float, given: Supposed
) -> list[tuple[str, str, str]]:
    small_ms, large_ms = stream["processor of workers, ms"], large["processor of workers, ms"]
    cpu_ms = small_ms + (large_ms - small_ms) * given.picture_mb
    cores = peak * cpu_ms / 1000
    database_ms, receiver_ms = stream["processor of database, ms"], stream["processor of receiver, ms"]
    workers = cores / given.busy
    return [
        (
            "workers",
            f"{workers:.0f}, which keep {cores:.1f} cores busy",
            f"A turn takes {small_ms:.0f} ms of processor time, and {large_ms - small_ms:.0f} ms more for each MB of a"
            f" picture: {cpu_ms:.0f} ms with {given.picture_mb:g} MB. A worker uses one core, to {given.busy:.0%} at"
            " the peak.",
        ),
        (
            "receivers",
            f"2, which keep {peak * receiver_ms / 1000:.2f} cores busy",
            f"A turn takes {receiver_ms:.1f} ms of processor time. One would do; the second is for safety.",
        ),
        (
            "database",
            f"{peak * database_ms / 1000:.1f} cores, {peak * stream['database: xact_commit']:,.0f} transactions a"
            f" second; {_gb(stream, 'wal_bytes', given)} of log and {_gb(stream, 'size_bytes', given)} of tables a day",
            f"A turn takes {database_ms:.0f} ms of processor time and {stream['database: xact_commit']:.0f}"
            f" transactions. It writes {_kb(stream, 'wal_bytes')} of log, and the tables grow by"
            f" {_kb(stream, 'size_bytes')}.",
        ),
    ]


def _bytes(stream: dict[str, float], peak: float, given: Supposed) -> list[tuple[str, str, str]]:
    picture, coded = given.picture_mb, given.picture_mb * 4 / 3
    provider, store = coded * (1 + given.earlier), picture + coded + picture * given.earlier
    each = provider + picture + store
    return [
        (
            "network",
            f"{peak * each:.0f} MB a second, or {peak * each * 8 / 1000:.1f} Gbit/s, over all workers",
            f"A picture has {picture:g} MB, and {coded:.1f} MB as base64. A turn sends {given.earlier:g}"
            f" earlier pictures to the provider and gets one back ({provider:.1f} MB). It sends one to"
            f" Telegram ({picture:g} MB). It stores the answer and its picture, and reads the"
            f" {given.earlier:g} earlier ones ({store:.1f} MB).",
        ),
        (
            "pictures",
            f"{given.turns_a_day * picture / 1e6:.0f} TB more a day",
            f"A turn stores {picture:g} MB, which stay until somebody forgets them.",
        ),
    ]


def _kb(stream: dict[str, float], name: str) -> str:
    return f"{stream[f'database: {name}'] / 1000:.0f} kB"


def _gb(stream: dict[str, float], name: str, given: Supposed) -> str:
    return f"{stream[f'database: {name}'] * given.turns_a_day / 1e9:.0f} GB"


def markdown(found: Figures, given: Supposed | None = None) -> str:
    """Return the table as docs/scaling.md has it."""
    lines = ["| what | how much | how it is calculated |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows(found, given or Supposed()))])


if __name__ == "__main__":
    print(markdown(json.loads(Path(sys.argv[1]).read_text())))
