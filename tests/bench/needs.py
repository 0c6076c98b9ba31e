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
    """Return each need: its name, how it is calculated, and its amount."""
    stream, large = found["stream"], found["1 MB"]
    average = given.turns_a_day / DAY_S
    peak = average * given.peak
    return [
        (
            "turns",
            f"{given.turns_a_day:,.0f} / {DAY_S:,} s; busiest hour {given.peak:g} times that",
            f"{average:.1f} a second, {peak:.0f} at the peak",
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
            f"a message a turn, {given.telegram:g} a second for each bot: {flat / 1e6:.1f} M a day when all hours are"
            f" alike, {flat / given.peak / 1e6:.2f} M with that peak",
            f"{peak / given.telegram:.1f} of one bot's limit",
        ),
        (
            "provider",
            f"{peak:.0f} a second x {given.provider_s:g} s; x 60 s; {given.turns_a_day:,.0f} x ${given.price:g}",
            f"{calls:.0f} calls at a time, a quota of {peak * 60:,.0f} a minute,"
            f" ${given.turns_a_day * given.price:,.0f} a day",
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
            f"{small_ms:.0f} ms a turn and {large_ms - small_ms:.0f} ms for each MB in and out, x {given.picture_mb:g};"
            f" x {peak:.0f}; a process uses one core, to {given.busy:.0%}",
            f"{cpu_ms:.0f} ms a turn: {cores:.1f} cores busy, {workers:.0f} workers",
        ),
        ("receivers", f"{receiver_ms:.1f} ms x {peak:.0f}", f"{peak * receiver_ms / 1000:.2f} cores: 2, for safety"),
        (
            "database",
            f"{database_ms:.0f} ms, {stream['database: xact_commit']:.0f} transactions, {_kb(stream, 'wal_bytes')} of"
            f" log, {_kb(stream, 'size_bytes')} on disk a turn",
            f"{peak * database_ms / 1000:.1f} cores, {peak * stream['database: xact_commit']:,.0f} transactions"
            f" a second, {_gb(stream, 'wal_bytes', given)} of log and {_gb(stream, 'size_bytes', given)} more a day",
        ),
    ]


def _bytes(stream: dict[str, float], peak: float, given: Supposed) -> list[tuple[str, str, str]]:
    picture, coded = given.picture_mb, given.picture_mb * 4 / 3
    each = coded * (1 + given.earlier) + picture + coded + picture * (1 + given.earlier)
    return [
        (
            "network",
            f"a picture of {picture:g} MB arrives from the provider (x 4/3 as base64) with {given.earlier:g} of before"
            f" sent there; it goes to Telegram; answer and picture go to the store, {given.earlier:g} come from it:"
            f" {each:.0f} MB a turn",
            f"{peak * each:.0f} MB/s, {peak * each * 8 / 1000:.1f} Gbit/s over all workers",
        ),
        (
            "pictures",
            f"{picture:g} MB a turn, kept until somebody forgets them",
            f"{given.turns_a_day * picture / 1e6:.0f} TB a day",
        ),
    ]


def _kb(stream: dict[str, float], name: str) -> str:
    return f"{stream[f'database: {name}'] / 1000:.0f} kB"


def _gb(stream: dict[str, float], name: str, given: Supposed) -> str:
    return f"{stream[f'database: {name}'] * given.turns_a_day / 1e9:.0f} GB"


def markdown(found: Figures, given: Supposed | None = None) -> str:
    """Return the table as docs/scaling.md has it."""
    lines = ["| what | how it is calculated | how much |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows(found, given or Supposed()))])


if __name__ == "__main__":
    print(markdown(json.loads(Path(sys.argv[1]).read_text())))
