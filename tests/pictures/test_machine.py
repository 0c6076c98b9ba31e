"""How much a process may use, as the kernel's files say it (admin-guide/cgroup-v2.rst, cgroup-v1/memory.rst)."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.pictures.machine import cores, memory_bytes

ROOT = Path(__file__).parents[2]
PHYSICAL_BYTES = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
MB = 1_048_576


def machine(root: Path, groups: str, files: dict[str, str]) -> Path:
    """Make ``/proc/self/cgroup`` and files below ``/sys/fs/cgroup``."""
    for name, text in {"proc/self/cgroup": groups, **{f"sys/fs/cgroup/{name}": files[name] for name in files}}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("groups", "files", "expected_mb"),
    [
        ("0::/\n", {"memory.max": f"{256 * MB}\n"}, 256),
        ("0::/\n", {"memory.max": "max\n", "memory.high": f"{200 * MB}\n"}, 200),
        ("0::/pod/bot\n", {"pod/memory.max": f"{128 * MB}\n", "pod/bot/memory.max": f"{512 * MB}\n"}, 128),
        ("0::/pod/bot\n", {"pod/memory.max": f"{512 * MB}\n", "pod/bot/memory.max": f"{128 * MB}\n"}, 128),
        ("4:memory:/\n0::/\n", {"memory/memory.limit_in_bytes": f"{256 * MB}\n"}, 256),
        ("4:cpu,memory:/docker/0a1b\n", {"memory/memory.limit_in_bytes": f"{256 * MB}\n"}, 256),
        ("4:memory:/\n0::/\n", {"unified/memory.max": f"{64 * MB}\n"}, 64),
    ],
    ids=["own", "high", "of a parent", "below a parent", "version 1", "version 1 seen from outside", "hybrid"],
)
def test_the_containers_limit_counts(tmp_path: Path, groups: str, files: dict[str, str], expected_mb: int) -> None:
    assert memory_bytes(machine(tmp_path, groups, files)) == expected_mb * MB


@pytest.mark.parametrize(
    ("groups", "files"),
    [
        ("0::/\n", {"memory.max": "max\n", "memory.high": "max\n"}),
        ("4:memory:/\n", {"memory/memory.limit_in_bytes": "9223372036854771712\n"}),
        ("0::/\n", {"memory.max": "\n"}),
        ("rubbish\n", {}),
    ],
    ids=["none", "none in version 1", "an empty file", "rubbish"],
)
def test_without_a_limit_the_machine_counts(tmp_path: Path, groups: str, files: dict[str, str]) -> None:
    assert memory_bytes(machine(tmp_path, groups, files)) == PHYSICAL_BYTES


def test_without_control_groups_the_machine_counts(tmp_path: Path) -> None:
    assert memory_bytes(tmp_path) == PHYSICAL_BYTES
    assert cores(tmp_path) >= 1


@pytest.mark.parametrize(
    ("groups", "files", "expected"),
    [
        ("0::/\n", {"cpu.max": "150000 100000\n"}, 2),
        ("0::/\n", {"cpu.max": "25000 100000\n"}, 1),
        ("0::/\n", {"cpu.max": "max 100000\n"}, 64),
        ("0::/pod/bot\n", {"pod/cpu.max": "300000 100000\n", "pod/bot/cpu.max": "max 100000\n"}, 3),
        ("1:cpu,cpuacct:/\n", {"cpu/cpu.cfs_quota_us": "200000\n", "cpu/cpu.cfs_period_us": "100000\n"}, 2),
        ("1:cpu,cpuacct:/\n", {"cpu/cpu.cfs_quota_us": "-1\n", "cpu/cpu.cfs_period_us": "100000\n"}, 64),
    ],
)
def test_cores_follow_the_quota(
    tmp_path: Path, groups: str, files: dict[str, str], expected: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: set(range(64)))
    assert cores(machine(tmp_path, groups, files)) == expected


def test_cores_follow_the_affinity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda pid: {3})
    assert cores(machine(tmp_path, "0::/\n", {"cpu.max": "800000 100000\n"})) == 1


@pytest.mark.skipif(sys.platform != "linux", reason="what glibc keeps is glibc's matter")
def test_a_large_block_goes_back_to_the_system_when_it_is_freed() -> None:
    """In a separate process. It first learns to keep large blocks, as a bot does after its first picture."""
    program = """
from pathlib import Path
from bot.pictures.machine import return_large_blocks

def held_mb():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096 // 1_000_000

def fill_and_free():
    blocks = [bytearray(b"x") * 16_000_000 for _ in range(4)]
    last = bytearray(b"y") * 20_000
    del blocks
    return last

kept = fill_and_free()
return_large_blocks()
before = held_mb()
kept = fill_and_free()
print(held_mb() - before)
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True, cwd=ROOT)
    assert int(done.stdout) < 16
