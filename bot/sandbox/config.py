"""How a sandbox is set up: where it keeps its state, which bot lives in it, how much like Telegram it behaves.

Imports the standard library only.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

# A made-up token in the form that Telegram gives out: the bot's id, a colon, 35 signs. Everybody can know it, so that a
# sandbox that anybody writes to has one of its own.
BOT_ID = "7000000001"
TOKEN_SHAPE = re.compile(rf"{BOT_ID}:[A-Za-z0-9_-]{{35}}")
MADE_UP_TOKEN = f"{BOT_ID}:AAHpentimentoSandboxMadeUpToken0000"


def token_in(folder: Path) -> str:
    """Return the token of the sandbox that keeps its state in ``folder``; a new one is made up, for its owner alone."""
    path = folder / "token"
    with suppress(OSError):
        # What a killed process left half written is no token.
        if TOKEN_SHAPE.fullmatch(kept := path.read_text("ascii", "replace")):
            return kept
    token = f"{BOT_ID}:AA{secrets.token_urlsafe(33)[:33]}"
    folder.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(token, "ascii")
    return token


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
