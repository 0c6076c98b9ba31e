"""The heartbeat of a worker. It has its own thread and connection, so a slow event loop does not delay it.

Imports psycopg, ``sessions`` and ``engine``. PostgreSQL only. A process that is killed or paused stops beating. One
that is only slow goes on beating, so no other worker takes over its calls, which would be paid for twice. But if the
event loop is inactive for ``STUCK_S``, it is assumed to hang, and the heartbeat stops too.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable

import psycopg

from storage.cluster.sessions import conninfo_of
from storage.engine.database import KEEPALIVE
from storage.engine.fencing import Fence

log = logging.getLogger(__name__)

BEAT_S = 0.75

STUCK_S = 60.0
"""How long the event loop may be inactive: far longer than any work on it, even on a busy machine."""

SLOW_S = 1.0
"""A beat that takes longer shows that the database is overloaded."""

_RENEW = "UPDATE procrastinate_workers SET last_heartbeat = now() WHERE id = %s"


class Heart:
    """Renews the row of the worker that ``held`` returns, until it is declared dead."""

    def __init__(self, url: str, held: Callable[[], Fence | None], clock: Callable[[], float] = time.monotonic) -> None:
        self._conninfo = conninfo_of(url)
        self._held = held
        self._clock = clock
        self._connection: psycopg.Connection | None = None
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._run, name="heart", daemon=True)
        self._loop_seen_at = clock()
        self._answered_at = float("-inf")
        self._faltered = False
        self._stuck = False

    def start(self) -> None:
        self._thread.start()

    def stop(self) -> None:
        """Stop beating; blocks until the last beat is over."""
        self._over.set()
        self._thread.join()

    def feel(self) -> bool:
        """Report that the loop is alive; return whether the database answered all beats quickly since the last call."""
        self._loop_seen_at = self._clock()
        faltered, self._faltered = self._faltered, False
        return not faltered and self._clock() - self._answered_at < 2 * BEAT_S + SLOW_S

    def _run(self) -> None:
        try:
            while not self._over.wait(BEAT_S):
                fence = self._held()
                if fence is not None and not fence.lost:
                    self._beat(fence)
        finally:
            self._cut()

    def _beat(self, fence: Fence) -> None:
        if self._clock() - self._loop_seen_at > STUCK_S:
            if not self._stuck:
                log.error("nothing has moved in this process for %.0f s, so others take its work over", STUCK_S)
            self._stuck = True
            return
        self._stuck = False
        try:
            if self._connection is None:
                self._connection = psycopg.connect(self._conninfo, autocommit=True, **KEEPALIVE)
            # Taken before the database takes its time, so the row is never older than it seems here.
            began_at = fence.clock()
            there = self._connection.execute(_RENEW, (fence.worker_id,)).rowcount > 0
        except (psycopg.Error, OSError) as error:
            self._faltered = True
            self._cut()
            log.debug("no heartbeat: %s", error)
            return
        fence.heard(began_at, there=there)
        self._answered_at = self._clock()
        self._faltered = self._faltered or fence.clock() - began_at > SLOW_S

    def _cut(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()
