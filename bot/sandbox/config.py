"""Settings of a sandbox: where it keeps its state, which bot it serves, how closely it follows Telegram.

Imports the standard library only.
"""

from __future__ import annotations

import re
import secrets
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

# A made-up token in Telegram's form: the bot's id, a colon, 35 characters. It is public, so a sandbox that other
# people can reach gets a token of its own.
BOT_ID = "7000000001"
TOKEN_SHAPE = re.compile(rf"{BOT_ID}:[A-Za-z0-9_-]{{35}}")
MADE_UP_TOKEN = f"{BOT_ID}:AAHpentimentoSandboxMadeUpToken0000"


def token_in(folder: Path) -> str:
    """Return the token of the sandbox in ``folder``.

    A new one is made up where there is none; only its owner can read it.
    """
    path = folder / "token"
    with suppress(OSError):
        # A process that was killed may have left half a token.
        if TOKEN_SHAPE.fullmatch(kept := path.read_text("ascii", "replace")):
            return kept
    token = f"{BOT_ID}:AA{secrets.token_urlsafe(33)[:33]}"
    folder.mkdir(parents=True, exist_ok=True)
    path.touch(mode=0o600)
    path.write_text(token, "ascii")
    return token


async def _no_tree(chat_id: int, topic: int) -> list[dict[str, Any]]:
    return []


@dataclass(frozen=True, slots=True, kw_only=True)
class SandboxConfig:
    """Settings of one sandbox.

    ``data_dir`` keeps chats, messages, files and waiting updates over a restart; with ``None`` they end with the
    process.
    ``strict`` refuses parameters that the Bot API does not know; Telegram itself ignores them.
    ``rate_limits`` switches on Telegram's limits, ``poll_patience`` its slowing of repeated getUpdates calls.
    ``with_owner`` adds a person who runs the bot; they have pressed Start, so that the bot can write to them.
    ``guests``: guest mode and inline mode are on from the beginning, as an owner switches them on at @BotFather.
    ``latency_s`` is added to each Bot API call. ``clock`` returns Unix seconds; tests move it.
    ``tree`` returns the bot's own turns of a chat and topic, oldest first, for the page: ``number``, ``parent`` (a
    number or None), ``wish``, ``current`` (the next wish continues it), and as message ids the pictures that it got
    (``sent``), that it brought (``shown``), and all that show one of these once more (``again``).
    """

    data_dir: Path | None = None
    bot_token: str = MADE_UP_TOKEN
    bot_username: str = "pentimento_bot"
    bot_name: str = "Pentimento"
    samples_dir: Path = Path(__file__).parent / "page" / "static" / "samples"
    strict: bool = True
    with_owner: bool = False
    rate_limits: bool = False
    poll_patience: bool = False
    guests: bool = False
    latency_s: float = 0.0
    clock: Callable[[], float] = time.time
    tree: Callable[[int, int], Awaitable[list[dict[str, Any]]]] = _no_tree

    @property
    def bot_id(self) -> int:
        """The bot's user id: the part of the token before the colon."""
        return int(self.bot_token.partition(":")[0])
