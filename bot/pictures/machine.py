"""How much of the machine this process may use, by the limits of its container, and how memory goes back to it.

Imports the standard library alone. A container sees the memory and cores of its host, and is killed or slowed down at
limits of its own; those stand in the files of its control group (kernel: admin-guide/cgroup-v2.rst, memory.max and
cpu.max; cgroup-v1/memory.rst, memory.limit_in_bytes; scheduler/sched-bwc.rst). A limit of a parent group holds as well.
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
    """Return how much memory this process may take: the container's limit, or what the machine has."""
    limits = [os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")]
    for folder in _groups(root, "memory"):
        for name in ("memory.max", "memory.high", "memory.limit_in_bytes"):
            limits += [limit for word in _words(folder / name) if (limit := _number(word)) > 0]
    return min(limits)


def cores(root: Path = _ROOT) -> int:
    """Return how many cores this process may keep busy, at least 1. A share of a core counts as one, as in joblib."""
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
    """Have glibc return blocks of 4 MB and more to the system as soon as they are freed; for the whole process.

    Left to itself it learns from the first large block to keep such ones for later, up to 32 MB each (mallopt(3),
    M_MMAP_THRESHOLD), and Pillow takes 16 MB at a time: 400 MB stayed after a few large pictures.
    """
    try:
        library = ctypes.CDLL(None)
        if hasattr(library, "gnu_get_libc_version"):
            library.mallopt(_M_MMAP_THRESHOLD, _LARGE_BYTES)
    except (AttributeError, OSError, TypeError):
        # Another system, another library; what it keeps is its own matter.
        return


def _groups(root: Path, controller: str) -> Iterator[Path]:
    """Yield the folders of this process's control groups, each with its parents, as far as they can be seen."""
    for line in _lines(root / "proc/self/cgroup"):
        _, _, rest = line.partition(":")
        controllers, _, path = rest.partition(":")
        if controllers and controller not in controllers.split(","):
            continue
        # Version 2 has one tree and names no controller; beside trees of version 1 it lies in a folder of its own.
        for mount in (controller, controllers) if controllers else ("", "unified"):
            place = PurePosixPath(path.lstrip("/"))
            # Where the container's root is the group itself, the path from outside leads nowhere, but its end does.
            yield from (root / "sys/fs/cgroup" / mount / part for part in (place, *place.parents))


def _lines(path: Path) -> list[str]:
    try:
        return path.read_text("ascii", "replace").splitlines()
    except OSError:
        return []


def _words(path: Path) -> list[str]:
    return [word for line in _lines(path)[:1] for word in line.split()]


def _number(word: str) -> int:
    """Return a limit, 0 for ``max`` and -1, which stand for none."""
    return int(word) if word.isdecimal() else 0
