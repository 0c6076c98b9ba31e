"""Ports of loopback that a test tells to somebody before anybody listens there. Imports the standard library only.

A port that was free a moment ago is not a port that is free: the next server that asks for any port may get it. So the
socket that found it stays bound. Linux lets a server that sets ``SO_REUSEADDR``, as all of ours do, bind and listen
beside a socket that sets it too and does not listen (socket(7)); a server or a connection that asks for any port does
not get this one (``inet_csk_find_open_port`` and ``__inet_hash_connect`` in Linux), and who connects before anybody
listens is refused at once.
"""

from __future__ import annotations

import atexit
import socket
import sys
from collections import deque

_HELD = 64
"""How many are kept, more than any test needs at once, so that a long run does not run out of files."""

_held: deque[socket.socket] = deque()


def free_port() -> int:
    """Return a port where nobody listens, and that is given to nobody else."""
    keeper = socket.socket()
    keeper.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    keeper.bind(("127.0.0.1", 0))
    _held.append(keeper)
    port = int(keeper.getsockname()[1])
    # BSD and macOS let nobody bind beside it, not even with SO_REUSEADDR.
    while len(_held) > (_HELD if sys.platform == "linux" else 0):
        _held.popleft().close()
    return port


@atexit.register
def _release() -> None:
    for keeper in _held:
        keeper.close()
