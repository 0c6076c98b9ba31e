"""How much memory and how many cores this process may use by the limits of its container.

Imports the standard library alone. A container sees the memory and cores of its host, but is killed or slowed down at
its own limits; these are in the files of its control group (kernel: admin-guide/cgroup-v2.rst, memory.max and cpu.max;
cgroup-v1/memory.rst, memory.limit_in_bytes; scheduler/sched-bwc.rst). Limits of parent groups apply as well.
"""

from __future__ import annotations

import ctypes
import math
import os
from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_ROOT = Path("/")
_M_MMAP_THRESHOLD, _LARGE_BYTES = -3, 4 * 1024 * 1024


def memory_bytes(root: Path = _ROOT) -> int:
    """Return how much memory this process may use: the container's limit or the machine's memory."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for folder in _groups(root, "memory"):
        for name in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            limits += [limit for word in _words(folder / name) if (limit := _number(word)) > 0]
    return min(limits)


def cores(root: Path = _ROOT) -> int:
    """Return how many cores this process may use, at least 1. A fraction counts as a core, as in joblib."""
    limits = [float(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)]
    for folder in _groups(root, "cpu"):
        quota = _words(folder / "cpu.max") or [
            *_words(folder / "cpu.cfs_quota_us"),
            *_words(folder / "cpu.cfs_period_us"),
        ]
        if len(quota) == 2 and (used_us := _number(quota[0])) > 0 and (of_us := _number(quota[1])) > 0:
            limits.append(used_us / of_us)
    return max(1, math.ceil(min(limits)))


def return_large_blocks() -> None:
    """Make glibc return freed blocks of 4 MB and more to the system at once, for the whole process.

    By default it starts to keep such blocks after the first one, up to 32 MB each (mallopt(3), M_MMAP_THRESHOLD).
    Pillow takes 16 MB at a time: 400 MB stayed after a few large pictures.
    """
    try:
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    except (AttributeError, OSError, TypeError):
        # Another C library has no such setting.
        return


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the visible folders of this process's control groups and their parents."""
    for line in _lines(root / "proc/self/cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        # Version 2 has one tree and names no controller; next to trees of version 1 it has a folder of its own.
        for mount in (controller, controllers) if controllers else ("", "unified"):
            place = PurePosixPath(path.lstrip("/"))
            # If the group is the root of the container, only the end of the outside path exists here.
            yield from (root / "sys/fs/cgroup" / mount / part for part in (place, *place.parents))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []


def _words(path: Path) -> list[str]:
    return [word for line in _lines(path)[:1] for word in line.split()]


def _number(word: str) -> int:
    """Return a limit, 0 for ``max`` and -1, which mean no limit."""
    return int(word) if word.isdecimal() else 0
