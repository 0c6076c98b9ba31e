"""How a sandbox is set up: where it keeps its state, which bot lives in it, how much like Telegram it behaves.

Imports the standard library only. Holds no behaviour.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

# A made-up token in the form that Telegram gives out: the bot's id, a colon, 35 signs.
MADE_UP_TOKEN = ":".join(("7000000001", "AAHpentimentoSandboxMadeUpToken0000"))


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """Settings of one sandbox.

    ``data_dir`` keeps chats, messages, files and waiting updates over a restart; ``None`` forgets them at the end.
    ``strict`` refuses parameters that the Bot API does not know; Telegram itself ignores them.
    ``rate_limits`` switches on Telegram's limits, ``poll_patience`` its slowing of equal getUpdates calls.
    ``latency_s`` is added to each Bot API call. ``clock`` tells Unix seconds; tests move it.
    """

    data_dir: Path | None = None
    bot_token: str = MADE_UP_TOKEN
    bot_username: str = "pentimento_bot"
    bot_name: str = "Pentimento"
    samples_dir: Path = Path(__file__).parent / "page" / "static" / "samples"
    strict: bool = True
    rate_limits: bool = False
    poll_patience: bool = False
    latency_s: float = 0.0
    clock: Callable[[], float] = time.time

    @property
    def bot_id(self) -> int:
        """The bot's user id: the part of the token before the colon."""
        return int(self.bot_token.partition(":")[0])
