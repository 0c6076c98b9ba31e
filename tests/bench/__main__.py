"""``make bench``: the real bot between a light Telegram and a light provider, a bare loop beside it in the same run.

Run: ``python -m tests.bench [--against REV] [--short] [--json FILE]``. Each figure is taken from all subjects in turns,
because absolute times on a shared machine mean little. Everything is on loopback, bounded, and ended at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import sys
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import Figures, measure
from tests.bench.subjects import Subject, bare, bot

ROOT = Path(__file__).resolve().parents[2]


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--against", metavar="REV", help="measure another revision beside this tree")
    parser.add_argument("--short", action="store_true", help="fewer rounds, for CI's log")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        subjects: list[Subject] = [bare(), bot("here", ROOT, Path(scratch))]
        if asked.against:
            subjects.append(bot(asked.against, _checkout(asked.against, Path(scratch)), Path(scratch)))
        figures = await _measured(subjects, short=asked.short)
    print(_table(figures))
    if asked.json:
        asked.json.write_text(json.dumps({one.subject: one.values for one in figures}, indent=2))


async def _measured(subjects: list[Subject], *, short: bool) -> list[Figures]:
    async with AsyncExitStack() as stack:
        for subject in subjects:
            await stack.enter_async_context(subject.running())
        return await measure(subjects, short=short)


def _checkout(revision: str, scratch: Path) -> Path:
    target = scratch / "against"
    subprocess.run(
        ["git", "-C", ROOT, "worktree", "add", "--detach", target, revision], check=True, capture_output=True
    )
    return target


def _table(figures: list[Figures]) -> str:
    names = list(dict.fromkeys(name for one in figures for name in one.values))
    width = max(map(len, names))
    lines = ["  ".join([" " * width, *(f"{one.subject[:14]:>14}" for one in figures)])]
    for name in names:
        cells = [f"{one.values[name]:>14.2f}" if name in one.values else f"{'-':>14}" for one in figures]
        lines.append("  ".join([f"{name:<{width}}", *cells]))
    return "\n".join(lines)


if __name__ == "__main__":
    try:
        asyncio.run(main())
    finally:
        subprocess.run(["git", "-C", ROOT, "worktree", "prune"], check=False)
        sys.stdout.flush()
