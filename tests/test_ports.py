"""A port that a test was given stays its own until a server listens there."""

from __future__ import annotations

import asyncio
import socket
import sys

import pytest

from bot.web.server import PortTaken, open_port
from tests.support.ports import free_port

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="elsewhere nobody can bind beside the keeper")


async def test_a_server_of_ours_listens_there_as_often_as_it_starts() -> None:
    port = free_port()
    for _ in range(2):
        with pytest.raises(ConnectionRefusedError):
            await asyncio.open_connection("127.0.0.1", port)
        with open_port("127.0.0.1", port) as bound:
            bound.listen()
            _, writer = await asyncio.open_connection("127.0.0.1", port)
            writer.close()
            with pytest.raises(PortTaken):
                open_port("127.0.0.1", port)


def test_nobody_else_gets_it() -> None:
    """Who asks for any port is asked for here by the number that would be taken: without the keeper it is given."""
    port = free_port()
    with socket.socket() as other, pytest.raises(OSError, match="already in use"):
        other.bind(("127.0.0.1", port))
