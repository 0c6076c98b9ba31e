"""Measures the whole path of an incoming picture: ``python -m tests.pictures.door`` prints a table of the corpus.

Each file goes through a fresh process. What that process uses above its idle state, in processor time and memory, is
the file's doing. Linux only: the peak of memory can be reset there (``/proc/self/clear_refs``).
"""

from __future__ import annotations

import asyncio
import gc
import json
import resource
import subprocess
import sys
import tempfile
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

MOST_S, MOST_MB = 1.0, 300


@dataclass(frozen=True)
class Measured:
    """``seconds``: of the step that took longest, of all threads; ``mb``: above idle, the file's bytes included."""

    verdict: str
    seconds: float
    mb: float

    @property
    def within(self) -> bool:
        """Return whether the file was bearable."""
        return self.seconds <= MOST_S and self.mb <= MOST_MB


class Door:
    """A process that reads one file after the other, as the bot reads incoming pictures."""

    def __init__(self) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.pictures.door", "measure"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def measure(self, file: Path) -> Measured:
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(f"{file}\n")
        self._process.stdin.flush()
        return Measured(**json.loads(self._process.stdout.readline()))

    def close(self) -> None:
        self._process.communicate()


@contextmanager
def opened() -> Iterator[Door]:
    """Yield a door that is closed at the end."""
    door = Door()
    try:
        yield door
    finally:
        door.close()


def _memory_mb(field: str) -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(field)) / 1024


def _seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


async def _through(data: bytes) -> tuple[str, float]:
    """Do with a file what the bot does; return the verdict and the seconds of the longest step."""
    from bot.chat.receive.download import look
    from bot.pictures.convert.reencode import small
    from bot.pictures.convert.telegram_fit import telegram_fit
    from bot.pictures.errors import PictureError
    from bot.pictures.threads import off_loop

    longest = 0.0

    async def step(do: Callable[..., Any], *given: object) -> Any:
        nonlocal longest
        started = _seconds()
        try:
            return await off_loop(do, *given)
        finally:
            longest = max(longest, _seconds() - started)

    try:
        info, prepared = await step(look, data)
        telegram_fit(info)
        # As ``side_by_side`` and ``tree_board`` take them.
        await step(small, data, 2560)
        await step(small, prepared.data, 320)
    except PictureError as error:
        return f"refused: {error.key}", longest
    size = f"{info.width_px} x {info.height_px}"
    kind = prepared.mime.removeprefix("image/")
    return f"taken: {size}, goes on as {kind} of {prepared.width_px} x {prepared.height_px}", longest


def _begin(name: str) -> bytes:
    """Set the peak of memory back, and read the file."""
    Path("/proc/self/clear_refs").write_text("5")
    return Path(name).read_bytes()


async def _measure_all() -> None:
    from tests.pictures.made import FORMATS, made, photo

    warnings.simplefilter("ignore")
    for kind in FORMATS:
        await _through(made(kind, photo(200, 150)))
    gc.collect()
    idle_mb = _memory_mb("VmRSS")
    for line in sys.stdin:
        verdict, seconds = await _through(_begin(line.strip()))
        mb = _memory_mb("VmHWM") - idle_mb
        print(json.dumps({"verdict": verdict, "seconds": round(seconds, 2), "mb": max(0, round(mb))}), flush=True)


def _table() -> None:
    from tests.pictures.corpus import HOSTILE, ORDINARY

    with opened() as door, tempfile.NamedTemporaryFile() as file:
        for name, make in (ORDINARY | HOSTILE).items():
            if not all(word in name for word in sys.argv[1:]):
                continue
            data = make()
            Path(file.name).write_bytes(data)
            found = door.measure(Path(file.name))
            mark = " " if found.within else "!"
            print(f"{mark} {name:52} {len(data) / 1e6:6.2f} MB {found.seconds:6.2f} s {found.mb:5} MB  {found.verdict}")


if __name__ == "__main__":
    asyncio.run(_measure_all()) if sys.argv[1:] == ["measure"] else _table()
