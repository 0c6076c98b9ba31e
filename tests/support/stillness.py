"""A watchdog: no event loop may stand still for longer than a moment, because everybody else waits meanwhile.

Imports the standard library only. A callback is judged by what it does itself: how long its thread works, and how long
it is blocked by a disk, a sleep or a lock. That a busy machine lets it wait for a core is no fault of the code. Knows
asyncio's own loops, which run every callback by ``Handle._run``.
"""

from __future__ import annotations

import faulthandler
import gc
import re
import sys
import tempfile
import threading
import time
import traceback
from asyncio.events import Handle
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LONGEST_S = 0.2
"""How long one callback may keep a loop from everybody else."""

TRACED = 3
"""How much slower everything may be while coverage is measured."""

TICK_S = 0.01
LOOK_AFTER_S = 0.02
"""A callback that runs for so long is looked at with each tick."""

CLOCK_AGE_S = 0.005
"""How old a reading of a thread's own clock may be: one for each callback takes a twentieth of a dialogue's time."""

ROOT = Path(__file__).parents[2]
OURS = tuple(f"{ROOT / name}/" for name in ("bot", "storage"))
TESTS = f"{ROOT / 'tests'}/"

_FRAME = re.compile(r'  File "(.*)", line (\d+) in (.*)')

Stack = tuple[tuple[str, int, str], ...]
"""File, line and function of each frame, the outermost first."""


@dataclass(slots=True, eq=False)
class _Seen:
    """What was seen of a callback that runs long. ``waited_s``: how long it was blocked."""

    waited_s: float = 0.0
    stacks: Counter[Stack] = field(default_factory=Counter)


@dataclass(slots=True, eq=False)
class _Thread:
    """One that runs a loop. ``worked_s`` is what its own clock said at ``read_at``, just before ``handle`` began."""

    id: int
    read_at: float = 0.0
    worked_s: float = 0.0
    handle: Handle | None = None
    began_at: float = 0.0
    cleaned_s: float = 0.0
    seen: _Seen | None = None


@dataclass(frozen=True, slots=True)
class Hold:
    """A callback that took ``seconds`` by itself, and where it was for most of them."""

    seconds: float
    name: str
    stack: Stack

    @property
    def is_ours(self) -> bool:
        """Whether it happened in the bot's own code, or in code that the bot called; if unknown, it counts.

        A test that calls the bot's functions itself, perhaps a thousand times, delays nobody but itself.
        """
        known = [file.startswith(OURS) for file, _, _ in self.stack if file.startswith((*OURS, TESTS))]
        return not self.stack or known[:1] == [True]

    def __str__(self) -> str:
        lines = "".join(traceback.format_list([traceback.FrameSummary(*frame) for frame in self.stack]))
        return f"for {self.seconds:.2f} s in {self.name}\n{lines}"


def longest_s() -> float:
    """Return how long a callback may take, by how quick everything is."""
    return LONGEST_S * (TRACED if sys.gettrace() else 1)


class Watch:
    """The findings of the watchdog."""

    def __init__(self) -> None:
        self.holds: list[Hold] = []
        self._longest_s = longest_s()
        self._threads: dict[int, _Thread] = {}
        self._over = threading.Event()
        self._beginning = threading.Lock()
        self._looking = threading.Thread(target=self.look, name="watchdog", daemon=True)

    def run(self, original: Any, handle: Handle) -> None:
        """Run a callback, and note it if it took too long. Happens a thousand times in a dialogue."""
        thread = self._threads.get(threading.get_ident()) or self._known()
        thread.began_at = began_at = time.monotonic()
        if began_at - thread.read_at > CLOCK_AGE_S:
            thread.read_at, thread.worked_s = began_at, time.thread_time()
        thread.cleaned_s = 0.0
        thread.handle = handle
        try:
            original(handle)
        finally:
            thread.handle = None
            if time.monotonic() - began_at > LOOK_AFTER_S:
                self._judge(thread, handle)

    def look(self) -> None:
        """Look at what runs, again and again, until the watch is over."""
        looked_at = time.monotonic()
        while not self._over.wait(TICK_S):
            now = time.monotonic()
            # On a busy machine this thread comes too late, too; what it has not seen does not count.
            passed_s, looked_at = min(now - looked_at, 2 * TICK_S), now
            for ident, thread in list(self._threads.items()):
                handle = thread.handle
                if handle is None or now - thread.began_at < LOOK_AFTER_S:
                    continue
                seen = thread.seen = thread.seen or _Seen()
                if _is_blocked(thread.id):
                    seen.waited_s += passed_s
                if (stack := _stack(ident)) and thread.handle is handle:
                    seen.stacks[stack] += 1

    def cleaned(self, seconds: float) -> None:
        """Record how long the garbage collector delayed this thread's callback: tests give it much to do."""
        with suppress(KeyError):
            self._threads[threading.get_ident()].cleaned_s += seconds

    def end(self) -> None:
        """Look no more."""
        self._over.set()
        if self._threads:
            self._looking.join()

    def _known(self) -> _Thread:
        # Half of all tests run no loop, and need nobody who looks.
        with self._beginning:
            if not self._threads:
                self._looking.start()
            thread = self._threads[threading.get_ident()] = _Thread(threading.get_native_id())
        return thread

    def _judge(self, thread: _Thread, handle: Handle) -> None:
        seen, thread.seen = thread.seen or _Seen(), None
        took_s = time.thread_time() - thread.worked_s + seen.waited_s - thread.cleaned_s
        if took_s > self._longest_s:
            stack = seen.stacks.most_common(1)[0][0] if seen.stacks else ()
            self.holds.append(Hold(took_s, repr(handle), stack))


@contextmanager
def watched() -> Iterator[Watch]:
    """Watch all loops of this process during a block."""
    watch, original = Watch(), Handle._run
    cleaning = _timed(watch)
    Handle._run = lambda handle: watch.run(original, handle)  # type: ignore[method-assign]
    gc.callbacks.append(cleaning)
    try:
        yield watch
    finally:
        Handle._run = original  # type: ignore[method-assign]
        gc.callbacks.remove(cleaning)
        watch.end()


def _timed(watch: Watch) -> Any:
    began_at: dict[int, float] = {}

    def cleaning(phase: str, about: dict[str, int]) -> None:
        # The youngest are searched a hundred times a second, in no time.
        if about["generation"] == 0:
            return
        ident = threading.get_ident()
        if phase == "start":
            began_at[ident] = time.thread_time()
        elif ident in began_at:
            watch.cleaned(time.thread_time() - began_at.pop(ident))

    return cleaning


def _is_blocked(thread_id: int) -> bool:
    """Return whether a thread waits for something other than a core; only Linux says so (proc(5), /proc/pid/stat)."""
    try:
        stat = Path(f"/proc/self/task/{thread_id}/stat").read_text()
    except OSError:
        return False
    return stat.rpartition(")")[2].split()[0] in ("S", "D")


def _stack(ident: int) -> Stack:
    """Return where a thread is.

    It is read in one go, in which no other thread runs. A frame that is followed by ``f_back`` while its thread goes
    on may belong to a greenlet that has ended, and then the process ends as well (python/cpython#99110).
    """
    with tempfile.TemporaryFile() as file:
        faulthandler.dump_traceback(file, all_threads=True)
        file.seek(0)
        threads = file.read().decode(errors="backslashreplace").split("\n\n")
    own = next((thread for thread in threads if f"hread 0x{ident:016x}" in thread), "")
    found = [(file, int(line), name) for file, line, name in reversed(_FRAME.findall(own))]
    # The frames above the callback are the same for all of them.
    start = next((at for at, (file, _, name) in enumerate(found) if name == "_run" and file.endswith("events.py")), 0)
    return tuple(found[start + 1 :])
