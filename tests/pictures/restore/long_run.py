"""The long run: hundreds of edits, and a table of what came of them.

``python -m tests.pictures.restore.long_run --seed 1 --local 300 --whole 600 --photos DIR --out cases.jsonl``

Imports the standard library, numpy, ``cases``, ``edits`` and ``looks``. Without ``--photos`` it runs on pictures made
by code alone; with ``--photos-only`` on none of these. It appends to ``--out`` and leaves out what is there already, so
it can be stopped and gone on with.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import os
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np

from tests.pictures.restore.bases import MADE
from tests.pictures.restore.cases import Bases, case, judged
from tests.pictures.restore.edits import LOCAL
from tests.pictures.restore.looks import GLOBAL

Row = dict[str, Any]


def plan(seed: int, local: int, whole: int) -> Iterator[tuple[str, int]]:
    """Yield (kind, seed), both sorts mixed, so that a run that is stopped has some of each."""
    kinds = [
        [(list(names)[number % len(names)], seed + number) for number in range(count)]
        for names, count in ((LOCAL, local), (GLOBAL, whole))
    ]
    places = [(at / max(1, len(cases)), each) for cases in kinds for at, each in enumerate(cases)]
    yield from (each for _, each in sorted(places))


def run(job: tuple[str, int, tuple[str, ...], int, bool]) -> Row:
    """Run one case and return its figures."""
    kind, seed, folders, pixels, photos_only = job
    bases = Bases([Path(folder) for folder in folders], names=() if photos_only else tuple(MADE), pixels=pixels)
    found, analysis, _ = judged(case(kind, bases, seed))
    return asdict(found) | {"local": kind in LOCAL, "numbers": asdict(analysis.numbers)}


def percentiles(rows: Sequence[Row], name: str, *parts: float) -> list[float]:
    values = [row[name] for row in rows]
    return np.percentile(values, parts).tolist() if values else [0.0] * len(parts)


def table(rows: Sequence[Row]) -> str:
    """Return the figures in Markdown."""
    local, whole = [row for row in rows if row["local"]], [row for row in rows if not row["local"]]
    taken = [row for row in local if row["verdict"] == "local"]
    wrong = [row for row in whole if row["verdict"] == "local"]
    solid = [
        row["overlap"] for row in taken if row["wanted_share"] > 0.01 and row["kind"] not in ("text", "thin lines")
    ]
    textured = [row for row in local if not row["numbers"]["flat"]]
    out = ["| figure | value |", "|---|---|"]

    def line(name: str, value: str) -> None:
        out.append(f"| {name} | {value} |")

    if local:
        offered = sum(row["verdict"] == "unsure" and row["share"] > 0 for row in local)
        line("edits in place", f"{len(local)}: {len(taken)} recognised, {offered} offered, "
             f"{len(local) - len(taken) - offered} as painted")  # fmt: skip
        line("cases with a pixel changed outside region and margin", str(sum(row["outside"] > 0 for row in local)))
        line("recognised with 95 % of the edit", f"{sum(row['captured'] >= 0.95 for row in taken)} of {len(taken)}")
        values = percentiles(textured, "error_px", 50, 90, 95, 99)
        line("alignment, median error of a case, px of 768: p50, p90, p95, p99", ", ".join(f"{v:.3f}" for v in values))
        line("overlap with the edit, solid ones over 1 %, median", f"{float(np.median(solid)) if solid else 0:.2f}")
        values = percentiles(taken, "beside", 50, 95)
        line("taken beside the edit, share of the frame: p50, p95", ", ".join(f"{v:.1%}" for v in values))
        values = percentiles(taken, "seam", 50, 95, 99)
        line("seam (0.3 is below the picture's own steps): p50, p95, p99", ", ".join(f"{v:.2f}" for v in values))
        line("visible share of the seam, mean", f"{np.mean([row['visible_seam'] for row in taken] or [0]):.2%}")
    if whole:
        harmful = sum(row["captured"] < 0.95 for row in wrong)
        offered = sum(row["verdict"] == "unsure" and row["share"] > 0 for row in whole)
        line("changes of the whole", f"{len(whole)}: {len(wrong)} taken for an edit in place ({harmful} of them lack "
             f"5 % of the change), {offered} offered as unsure")  # fmt: skip
    values = percentiles(rows, "seconds", 50, 95)
    line("seconds of processor for analysis and stitching: p50, p95", ", ".join(f"{v:.2f}" for v in values))
    out += ["", "| kind | cases | recognised | offered | overlap | least captured | reasons of the others |",
            "|---|---|---|---|---|---|---|"]  # fmt: skip
    for kind in [*LOCAL, *GLOBAL]:
        mine = [row for row in rows if row["kind"] == kind]
        if not mine:
            continue
        good = [row for row in mine if row["verdict"] == "local"]
        offered = sum(row["verdict"] == "unsure" and row["share"] > 0 for row in mine)
        reasons = Counter(row["reason"] for row in mine if row["verdict"] != "local")
        overlap = f"{np.median([row['overlap'] for row in good]):.2f}" if good else ""
        least = f"{min(row['captured'] for row in good):.3f}" if good else ""
        why = ", ".join(f"{name} {count}" for name, count in reasons.most_common(4))
        out.append(f"| {kind} | {len(mine)} | {len(good)} | {offered} | {overlap} | {least} | {why} |")
    return "\n".join(out) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--local", type=int, default=33)
    parser.add_argument("--whole", type=int, default=62)
    parser.add_argument("--photos", action="append", default=[])
    parser.add_argument("--photos-only", action="store_true")
    parser.add_argument("--pixels", type=int, default=700_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--minutes", type=float, default=600)
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    rows = [json.loads(line) for line in options.out.read_text("utf-8").splitlines()] if options.out.exists() else []
    done = {(row["kind"], row["seed"]) for row in rows}
    jobs = [
        (kind, seed, tuple(options.photos), options.pixels, options.photos_only)
        for kind, seed in plan(options.seed, options.local, options.whole)
        if (kind, seed) not in done
    ]
    end = time.monotonic() + 60 * options.minutes
    with (
        multiprocessing.get_context("spawn").Pool(options.processes, initializer=os.nice, initargs=(10,)) as pool,
        options.out.open("a", encoding="utf-8") as file,
    ):
        for row in pool.imap(run, jobs):
            rows.append(row)
            file.write(json.dumps(row, default=float) + "\n")
            file.flush()
            if time.monotonic() > end:
                pool.terminate()
                break
    print(table(rows))


if __name__ == "__main__":
    main()
