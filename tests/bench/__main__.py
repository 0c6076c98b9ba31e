"""``make bench``: the real bot between a light Telegram and a light provider, compared with a bare loop.

Run: ``python -m tests.bench [--against REV] [--short] [--json FILE]``. The subjects are measured alternately in one
run, because absolute times on a shared machine mean little. Everything is on loopback, bounded, and ended at the end.
"""

from __future__ import annotations

import argparse
import asyncio
import io
import json
import os
import subprocess
import tarfile
import tempfile
from contextlib import AsyncExitStack
from pathlib import Path

from tests.bench.figures import FULL, SHORT, Figures, Scale, measure
from tests.bench.subjects import ROOT, Subject, bare, bot
from tests.bench.tables import table


async def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("--against", metavar="REV", help="measure another revision beside this tree")
    parser.add_argument("--short", action="store_true", help="fewer rounds, for CI's log")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write the figures there")
    asked = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="pentimento-bench-") as made:
        scratch = Path(made)
        subjects = [bare(scratch), bot("this tree", ROOT, scratch)]
        if asked.against:
            subjects.append(bot(asked.against, _tree_of(asked.against, scratch), scratch))
        figures = await _measured(subjects, SHORT if asked.short else FULL)
    print(f"{os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    print(table({one.subject: one.values for one in figures}, 14))
    print(_statements(figures))
    if asked.json:
        found = {one.subject: {"figures": one.values, "statements": one.statements} for one in figures}
        asked.json.write_text(json.dumps(found, indent=2))


async def _measured(subjects: list[Subject], scale: Scale) -> list[Figures]:
    async with AsyncExitStack() as stack:
        for subject in subjects:
            await stack.enter_async_context(subject.running())
        return await measure(subjects, scale)


def _tree_of(revision: str, scratch: Path) -> Path:
    """Return a folder with the files of a revision."""
    packed = subprocess.run(["git", "-C", ROOT, "archive", revision], check=True, capture_output=True).stdout
    target = scratch / "against"
    with tarfile.open(fileobj=io.BytesIO(packed)) as archive:
        archive.extractall(target, filter="data")
    return target


def _statements(figures: list[Figures]) -> str:
    """Return what a turn of words says to the database, by verb and table."""
    lines = [f"{one.subject}: " + ", ".join(f"{n:g} x {what}" for what, n in one.statements.items()) for one in figures]
    return "\n".join(line for line, one in zip(lines, figures, strict=True) if one.statements)


if __name__ == "__main__":
    asyncio.run(main())
