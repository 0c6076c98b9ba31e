"""The emulated Telegram as a separate process: ``python -m tests.torture.telegram``. Prints its address.

Imports the sandbox's server and the trap.
"""

from __future__ import annotations

import asyncio
import sys

import uvicorn

from bot.sandbox.config import SandboxConfig
from bot.sandbox.server import _Cuttable, create_app
from tests.torture.trap import Trapped


async def main() -> None:
    """Serve until the process is ended."""
    sandbox = create_app(SandboxConfig())
    app = Trapped(_Cuttable(sandbox))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="error", access_log=False, timeout_keep_alive=75))
    socket = server.config.bind_socket()
    print(f"http://127.0.0.1:{socket.getsockname()[1]}", flush=True)
    try:
        await server.serve([socket])
    finally:
        await sandbox.state.backend.close()


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
