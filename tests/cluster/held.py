"""The bot as a process whose event loop can be held: ``python -m tests.cluster.held worker``, then ``SIGUSR1``.

Imports ``bot``. As long as it is held, nothing on the loop moves: half the time in a call that blocks, half in Python.
"""

from __future__ import annotations

import os
import signal
import sys
import time

HELD_S = 10.0


def _hold(*_: object) -> None:
    until = time.monotonic() + HELD_S
    time.sleep(HELD_S / 2)
    while time.monotonic() < until:
        pass


if __name__ == "__main__":
    from bot.__main__ import main

    signal.signal(signal.SIGUSR1, _hold)
    code = main(sys.argv[1:])
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
