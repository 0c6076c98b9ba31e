"""Holds for every test: no personal settings leak in, names are stable, and CI skips nothing that matters.

``PENTIMENTO_CI=1`` turns a skipped ``browser`` or ``database`` test, and a file skipped as a whole, into a failure.
"""

from __future__ import annotations

import gc
import os
import shutil
import tempfile
from collections import defaultdict
from collections.abc import Generator, Iterable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import hypothesis
import pytest

from bot.settings.settings import Settings
from tests.support.compiled import share_compiled

if TYPE_CHECKING:
    from tests.support.databases import Server
    from tests.support.objects import Objects

# A busy machine is no fault of the code: what may take long is bounded by pytest's timeout.
hypothesis.settings.register_profile("any machine", deadline=None, max_examples=50)
hypothesis.settings.load_profile("any machine")

SLOW = (
    "browser",
    "cluster",
    "faults",
    "process",
    "torture",
    "chat/updates/test_legible.py",
    "dialogues/answers/test_crowds.py",
    "dialogues/answers/test_progress.py",
    "dialogues/groups/test_moving_groups.py",
    "dialogues/models/test_uploaded_pictures.py",
    "dialogues/people/test_menus.py",
    "dialogues/people/test_sandbox.py",
    "dialogues/people/test_unreadable_updates.py",
    "dialogues/restored",
    "dialogues/tree/test_history_sent.py",
    "dialogues/tree/test_large_conversations.py",
    "dialogues/tree/test_sql_statements.py",
    "dialogues/tree/test_words_on_the_disk.py",
    "dialogues/wishes/test_albums.py",
    "pictures/boards/test_boards.py",
    "pictures/compare/test_scribbles.py",
    "pictures/test_corpus.py",
    "providers/calls/test_crowd.py",
    "providers/test_echoes.py",
    "providers/test_openai.py",
    "providers/test_mutations.py",
    "sandbox/engine/test_clients.py",
    "storage/books/test_histories.py",
    "storage/books/test_storm.py",
    "storage/care",
    "storage/test_deeds.py",
    "storage/test_schema.py",
    "test_install.py",
    "turns/request/test_history.py",
    "web/test_process.py",
)
"""What starts processes, a browser or a cluster, breaks something, or takes a second or more each. Marked ``slow``."""

LONG = (
    "torture",
    "test_install.py",
    "browser/test_first_minutes.py",
    "browser/test_page.py",
    "process",
    "browser",
    "pictures/compare/test_scribbles.py",
)
"""What takes longest. Begun first, it leaves no worker alone with it at the end."""

WAITING = ("faults", "cluster", "web")
"""What mostly waits. Spread over the rest, it leaves the cores to others."""

NEEDED_IN_CI = ("browser", "database")
IN_CI = os.environ.get("PENTIMENTO_CI") == "1"

MEMORY = Path("/dev/shm")
"""A file system in memory, as Linux has it. Containers often get 64 MB of it, too little for all tests."""

ROOM_BYTES = 4 << 30


def _has_room(folder: Path) -> bool:
    return folder.is_dir() and os.access(folder, os.W_OK) and shutil.disk_usage(folder).free > ROOM_BYTES


# A real token in the developer's environment must not reach a bot that a test starts.
for name in list(os.environ):
    if name.lower() in Settings.model_fields:
        del os.environ[name]

share_compiled()

# A disk takes some milliseconds for each of the many flushes of a test, memory none. All other users keep their disk.
if "TMPDIR" not in os.environ and _has_room(MEMORY):
    os.environ["TMPDIR"], tempfile.tempdir = str(MEMORY), None


@pytest.fixture(autouse=True)
def still(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which the bot, or what it called, kept an event loop from everybody else."""
    from tests.support.stillness import watched

    with watched() as watch:
        yield
    holds = [str(hold) for hold in watch.holds if hold.is_ours]
    if holds and not request.node.get_closest_marker("holds_the_loop"):
        pytest.fail("\n".join(("the event loop stood still", *holds)), pytrace=False)


@pytest.fixture(scope="session")
def postgresql() -> Iterator[Server]:
    """Yield a PostgreSQL server, one for each process of the run."""
    from tests.support.databases import running_server

    with running_server() as server:
        yield server


@pytest.fixture(scope="session")
def objects() -> Iterator[Objects]:
    """Yield an S3 server, one for each process of the run."""
    from tests.support.objects import running_objects

    with running_objects() as server:
        yield server


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Spare the garbage collector what tests are made of: it stays to the end, and each search of it takes seconds."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of the short lanes. A dialogue takes a quarter of a second, a unit test hundredths."""
    parser.addoption("--brief", action="store_true", help="run each test with its first values only")
    parser.addoption("--dialogues", type=int, metavar="N", help="run the first N dialogues of each file")


def pytest_itemcollected(item: pytest.Item) -> None:
    """Mark what is slow by where it is, before ``-m`` chooses."""
    if _is_of(_file(item), SLOW):
        item.add_marker("slow")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Put the files that take long first, and mix the others; the order within a file stays."""
    brief, dialogues = config.getoption("--brief"), config.getoption("--dialogues")
    if brief or dialogues is not None:
        kept = set(_some(items, once=brief, dialogues=dialogues))
        config.hook.pytest_deselected(items=[item for item in items if item not in kept])
        items[:] = [item for item in items if item in kept]
    files = list(dict.fromkeys(_file(item) for item in items))
    waiting = [file for file in files if _is_of(file, WAITING)]
    busy = [file for file in files if not _is_of(file, WAITING)]
    # Each file's share of its own kind, from 0 to 1; what takes long comes before all shares.
    place = {file: number / len(group) for group in (waiting, busy) for number, file in enumerate(group)}
    place |= {file: number - len(LONG) for file in files for number in _numbers(file, LONG)[:1]}
    items.sort(key=lambda item: place[_file(item)])


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test that CI needs."""
    report = yield
    if IN_CI and report.skipped and not hasattr(report, "wasxfail"):
        for marker in NEEDED_IN_CI:
            if item.get_closest_marker(marker):
                report.outcome = "failed"
                report.longrepr = f"A {marker} test was skipped, and CI allows none: {_reason(report)}"
                break
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a file that was skipped as a whole: its markers are never seen."""
    report = yield
    if IN_CI and report.skipped:
        report.outcome = "failed"
        report.longrepr = f"A whole file was skipped, and CI allows none: {_reason(report)}"
    return report


def pytest_make_parametrize_id(val: object, argname: str) -> str | None:
    """Name byte strings that are no text after their parameter: legible, and the same in every worker process."""
    return argname if isinstance(val, bytes) and (len(val) > 30 or not val.decode("latin-1").isprintable()) else None


def _some(items: Iterable[pytest.Item], *, once: bool, dialogues: int | None) -> Iterator[pytest.Item]:
    """Yield the tests of a lane: with their first values only if ``once``, and so many ``dialogues`` of a file."""
    tests: dict[str, set[str]] = defaultdict(set)
    for item in items:
        file, test = _file(item), item.nodeid.partition("[")[0]
        known = test in tests[file]
        enough = dialogues is not None and len(tests[file]) >= dialogues and _is_of(file, ("dialogues",))
        if not (known and once) and (known or not enough):
            tests[file].add(test)
            yield item


def _file(item: pytest.Item) -> str:
    return item.nodeid.partition("::")[0]


def _numbers(file: str, names: tuple[str, ...]) -> list[int]:
    return [number for number, name in enumerate(names) if file.startswith(f"tests/{name}")]


def _is_of(file: str, names: tuple[str, ...]) -> bool:
    return bool(_numbers(file, names))


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    return str(report.longrepr[2]) if isinstance(report.longrepr, tuple) else str(report.longrepr)
