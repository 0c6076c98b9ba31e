"""Print how long each operation and scene takes at 1024 px, and the peak of memory.

Run as ``python -m tests.sandbox.engine.timing [side_px]``; asserts nothing, since machines differ.
"""

from __future__ import annotations

import resource
import sys
import time
from collections.abc import Callable

from PIL import Image

from bot.sandbox.engine import studio
from bot.sandbox.engine.edits import raster
from bot.sandbox.engine.reading.scenery import SUBJECTS
from bot.sandbox.engine.reading.vocabulary import JOINS, OPERATIONS
from bot.sandbox.engine.scenes import paint
from bot.sandbox.engine.steps import Step
from tests.sandbox.engine.made import encoded, photo
from tests.sandbox.engine.test_operations import ARGS


def peak_mb() -> float:
    """Peak resident memory of this process, MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def timed(name: str, work: Callable[[], object]) -> tuple[float, str]:
    """Run ``work``; return seconds and a line."""
    start, cpu = time.perf_counter(), time.process_time()
    work()
    took, cpu = time.perf_counter() - start, time.process_time() - cpu
    return took, f"{took:6.2f} s  {cpu:6.2f} s cpu  peak {peak_mb():5.0f} MB  {name}"


def main() -> None:
    """Time everything, slowest last."""
    side = int(sys.argv[1]) if len(sys.argv) > 1 else 1024
    data = encoded(photo(side, side).resize((side, side), Image.Resampling.BICUBIC), "JPEG")

    def edit(op: str) -> Callable[[], object]:
        step = Step(op=op, args=ARGS.get(op, {}))
        count = 2 if op in JOINS else 1
        return lambda: [raster.write(image) for image in studio.run([raster.read(data)] * count, [step])[0]]

    def scene(subject: str) -> Callable[[], object]:
        step = Step(op="scene", args={"subject": subject, "prompt": subject})
        return lambda: raster.write(paint(step, (side, side)))

    edit("warmer")()
    rows = [timed(op, edit(op)) for op in OPERATIONS]
    print(*(line for _, line in sorted(rows)), sep="\n")
    print("scenes")
    print(*(line for _, line in sorted(timed(subject, scene(subject)) for subject in SUBJECTS)), sep="\n")


if __name__ == "__main__":
    main()
