"""The bot in its sandbox: starts the emulated Telegram with its page, then the unmodified bot against it over HTTP.

Imports ``app``, ``sandbox``, ``process``, ``settings`` and ``storage``; it is the only module that knows both. Nothing
of the bot changes: only the addresses, the made-up token and the key differ from a real run.
"""

from __future__ import annotations

import logging
import socket
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from pydantic import SecretStr

from bot.app import Running, run
from bot.process.signals import ExitCode
from bot.sandbox.botapi.state.world import OWNER
from bot.sandbox.config import SandboxConfig, token_in
from bot.sandbox.server import serve
from bot.settings.fields import KEYLESS, PROVIDERS
from bot.settings.settings import Settings
from storage.records import MessageLink, Role, Sketch

log = logging.getLogger(__name__)

OFFLINE_KEY = "offline"
PORTS_TRIED = 10
"""How many ports are tried, one after another, where the first is taken."""

MOST_TURNS = 400
"""How many turns the page shows of a conversation, the newest ones."""


async def run_sandbox(settings: Settings) -> ExitCode:
    """Serve the sandbox and run the bot in it until a signal asks to stop."""
    data_dir = settings.data_dir / "sandbox"
    host, port = settings.sandbox_listen.host, settings.sandbox_listen.port
    try:
        tree = BotTree()
        config = SandboxConfig(
            data_dir=data_dir, bot_token=token_in(data_dir), with_owner=True, guests=True, tree=tree.of
        )
        async with serve(config, host, _free(host, port)) as address:
            print(f"The sandbox is ready: open {address} in a browser. Ctrl+C stops it.", flush=True)
            code = await run(in_sandbox(settings, config, address), is_public=False, on_begin=tree.attach)
            # Nobody supervises the sandbox. What was cut short was logged, and the next start goes on with it.
            return ExitCode.STOPPED if code is ExitCode.CUT_SHORT else code
    except OSError as error:
        log.error("the sandbox cannot start: %s", error)
        return ExitCode.MISCONFIGURED


def _free(host: str, port: int) -> int:
    """Return the port if it is free, else one of the next, else 0, which means any free port.

    The next start finds the same one, so the browser's bookmark and settings stay good.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    for wanted in range(port, min(port + PORTS_TRIED, 65_536)) if port else ():
        with socket.socket(family, socket.SOCK_STREAM) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind((host, wanted))
            except OSError:
                continue
        if wanted != port:
            print(f"Port {port} is taken, so {wanted} is used.", flush=True)
        return wanted
    return 0


def in_sandbox(settings: Settings, config: SandboxConfig, address: str) -> Settings:
    """Return the settings of a bot that runs in the sandbox at ``address``.

    Ids of real people and groups mean nothing there, so its owner is one of its people, and it has no lists.
    """
    data_dir = settings.sandbox_dir
    others: dict[str, Any] = {f"{name}_api_key": None for name in PROVIDERS if name != "gemini"}
    # Where a server at home needs no key, its address makes it usable.
    others |= {f"{name}_base_url": root for name, root in KEYLESS.items()}
    return settings.model_copy(
        update={
            **others,
            "telegram_bot_token": SecretStr(config.bot_token),
            "telegram_api_url": address,
            "telegram_limits": False,
            "webhook_url": None,
            "provider": "gemini",
            "fallback": (),
            "gemini_api_key": SecretStr(OFFLINE_KEY),
            "gemini_base_url": address,
            "data_dir": data_dir,
            "database_url": f"sqlite+aiosqlite:///{data_dir}/pentimento.db",
            "media_url": str(data_dir / "media"),
            "owner_ids": frozenset({OWNER.id}) if config.with_owner else settings.owner_ids,
            "allowed_users": frozenset(),
            "allowed_chats": frozenset(),
            "access": settings.access if "access" in settings.model_fields_set else "open",
            "stop_grace_s": min(settings.stop_grace_s, 3),
        }
    )


@dataclass(slots=True)
class BotTree:
    """The bot's own tree, so that the page under the hood need not guess it from the chat; empty while no bot runs."""

    _running: Running | None = None

    def attach(self, running: Running) -> None:
        """Show the tree of this bot from now on."""
        self._running = running

    async def of(self, chat_id: int, topic: int) -> list[dict[str, Any]]:
        """Return the turns of a conversation, as ``SandboxConfig`` describes them."""
        if self._running is None or self._running.stopping.is_set():
            return []
        store = self._running.store
        for conversation in await store.views.of_chat(chat_id):
            if conversation.key.topic_id == topic:
                turns = await store.views.newest(conversation.id, MOST_TURNS)
                links = await store.messages.with_pictures(conversation.id)
                return _turns(turns, links, conversation.head_id)
        return []


def _turns(turns: list[tuple[int, Sketch]], links: list[MessageLink], head_id: int | None) -> list[dict[str, Any]]:
    """Put turns with their numbers together with the messages that show their pictures."""
    numbers = {turn.id: number for number, turn in turns}
    anywhere, of_turn = _first_shown(links), defaultdict[tuple[int | None, Role], list[MessageLink]](list)
    for link in links:
        of_turn[link.turn_id, link.role].append(link)
    found: list[dict[str, Any]] = []
    for number, turn in turns:
        # A wish may also mean pictures of earlier messages, by a reply or a name.
        asked = anywhere | _first_shown(of_turn[turn.id, Role.REQUEST])
        answers = of_turn[turn.id, Role.ANSWER]
        shown = sorted(_first_shown(answers).values())
        found.append(
            {
                "number": number,
                "parent": numbers.get(turn.parent_id or 0),
                "wish": turn.wish or " · ".join(one.caption for one in turn.pictures if one.caption and not one.marks),
                "current": turn.id == head_id,
                "sent": [asked[one.media.sha256] for one in turn.pictures if one.media.sha256 in asked],
                "shown": shown,
                "again": [link.message_id for link in answers if link.message_id not in shown],
            }
        )
    return found


def _first_shown(links: list[MessageLink]) -> dict[str, int]:
    """Return the first of these messages that shows a picture, for each picture by its hash."""
    return {link.picture.media.sha256: link.message_id for link in reversed(links) if link.picture}
