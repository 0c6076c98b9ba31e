"""Runs a module as ``python -m`` would and watches its event loop and its database statements from within.

Run as a script, so that any revision's tree can be the working directory: ``python tests/bench/inside.py FILE MODULE
...``. On SIGUSR1 it writes to FILE what it saw since the last time. Imports the standard library and SQLAlchemy; the
watching costs 50 timer calls a second, the same for everybody who is measured.
"""

from __future__ import annotations

import asyncio
import json
import os
import re
import runpy
import signal
import sys
from collections import Counter
from collections.abc import Coroutine
from functools import cache
from pathlib import Path
from typing import Any

TICK_S = 0.02

NOT_FOR_OPERATORS = ("cryptography", "pygments")
"""Libraries that PTB and httpx import if they are installed. Only the tests install them, not the bot."""

NAMED = re.compile(r"\b(?:FROM|INTO|UPDATE|JOIN)\s+\"?(\w+)", re.IGNORECASE)


@cache
def kind_of(statement: str) -> str:
    """Return what a statement does and the first table that it names; ``SELECT path`` for a recursive query."""
    statement = statement.strip()
    if statement.startswith("WITH RECURSIVE"):
        return f"SELECT {statement.split(maxsplit=3)[2].partition('(')[0]}"
    if statement.startswith("WITH ") and "INSERT INTO" in statement:
        statement = statement[statement.index("INSERT INTO") :]
    table = NAMED.search(statement)
    return f"{statement.split(maxsplit=1)[0].upper()} {table[1] if table else ''}".strip()


class Watch:
    """What happened in the process since the last report."""

    def __init__(self, target: Path) -> None:
        self.target = target
        self.lags_ms: list[float] = []
        self.statements: Counter[str] = Counter()

    def attend(self, loop: asyncio.AbstractEventLoop) -> None:
        """Let ``loop`` tick, and report when it is asked to."""
        loop.add_signal_handler(signal.SIGUSR1, self.report)
        loop.call_soon(self._tick, loop, loop.time())

    def report(self) -> None:
        """Write a report, and start counting again."""
        lags = sorted(self.lags_ms) or [0.0]
        seen = {
            "lag_p50_ms": lags[len(lags) // 2],
            "lag_p99_ms": lags[int(len(lags) * 0.99)],
            "lag_max_ms": lags[-1],
            "statements": dict(self.statements),
        }
        self.lags_ms, self.statements = [], Counter()
        staged = self.target.with_suffix(".part")
        staged.write_text(json.dumps(seen))
        staged.replace(self.target)

    def count(self, _connection: Any, _cursor: Any, statement: str, *_: Any) -> None:
        """Count a statement by its verb and the first table that it names."""
        self.statements[kind_of(statement)] += 1

    def _tick(self, loop: asyncio.AbstractEventLoop, due: float) -> None:
        now = loop.time()
        self.lags_ms.append((now - due) * 1000)
        loop.call_at(now + TICK_S, self._tick, loop, now + TICK_S)


def attend_all(watch: Watch) -> None:
    """Watch every event loop that runs."""
    run = asyncio.Runner.run

    def watched(runner: asyncio.Runner, coroutine: Coroutine[Any, Any, Any], **more: Any) -> Any:
        watch.attend(runner.get_loop())
        return run(runner, coroutine, **more)

    asyncio.Runner.run = watched  # type: ignore[assignment,method-assign]


def main() -> None:
    """Run the module until it ends."""
    target, module, *arguments = sys.argv[1:]
    sys.path[0] = os.getcwd()
    sys.argv = [module, *arguments]
    sys.modules.update(dict.fromkeys(NOT_FOR_OPERATORS))  # type: ignore[arg-type]
    watch = Watch(Path(target))
    attend_all(watch)
    if module == "bot":
        from sqlalchemy import event
        from sqlalchemy.engine import Engine

        event.listen(Engine, "before_cursor_execute", watch.count)
        event.listen(Engine, "commit", lambda _: watch.statements.update(["COMMIT"]))
    runpy.run_module(module, run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    main()
