"""The first pass: an update is parsed, and what it asks for is decided and done. A wish becomes a turn here.

Imports ``cancelling``, ``events``, ``handlers``, ``identity``, ``inline``, ``owners``, ``acts``, ``report``,
``dispatch.base``, ``metrics`` and ``storage``.
"""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, TypeVar

from bot.chat.cancelling import HandledUpdate
from bot.chat.events import Called, Incoming, Moved, Pressed, PressedInline, Said, updates_of
from bot.chat.handlers import Handlers
from bot.chat.identity import BotIdentity
from bot.chat.inline.wishes import InlineWishes
from bot.chat.owners import Owners
from bot.chat.receive.acts import Acts
from bot.chat.report import TurnReporter
from bot.dispatch.base import ConversationMoved
from bot.metrics import Meter, Stage
from storage.records import Key
from storage.tables.inbox import Inbox
from storage.tables.next_work import NextWork

DOUBLE_TAP_S = 2.0
"""A second press of the same button by the same person within this time has no effect."""

Decision = list[Said] | Incoming | None
"""What to handle: the messages of one act, or an event; None for nothing."""


Happening = TypeVar("Happening", bound=Incoming)


class FirstPass:
    """Handles one update at a time."""

    def __init__(
        self,
        identity: BotIdentity,
        inbox: Inbox,
        acts: Acts,
        handlers: Handlers,
        inline: InlineWishes,
        reporter: TurnReporter,
        meter: Meter,
        owners: Owners,
    ) -> None:
        self._identity = identity
        self._inbox = inbox
        self._acts = acts
        self._handlers = handlers
        self._inline = inline
        self._reporter = reporter
        self._meter = meter
        self._owners = owners

    async def handle(self, work: NextWork, update: HandledUpdate) -> None:
        """Say the notice of an update, or parse it, decide, and act. Raises: ``WorkElsewhere``."""
        row = update.row
        with self._handlers.sending_once_for(row.update_id):
            if row.notice is not None:
                # Earlier versions gave notices to finished updates, whose conversation is not known any more.
                lost = row.key == Key(0, 0)
                await (self._inbox.finish([row.update_id]) if lost else self._handlers.notify(row))
                return
            event = await self._parse(update)
            decision = await self._decide(update, event, work) if event is not None else None
            if event is None or decision is None:
                await self._inbox.finish([row.update_id])
                return
            if isinstance(decision, Called | PressedInline):
                await self._inline.handle(row, decision)
            else:
                await self._do(decision)
            if work.has_unannounced:
                await self._reporter.retry_kept_back(event)
            self._meter.took(Stage.HANDLED, time.time() - row.received_at)
        if isinstance(event, Moved):
            raise ConversationMoved(Key(event.new_id, event.key.topic_id))

    async def _parse(self, update: HandledUpdate) -> Incoming | None:
        """Return the event of an update; None where it has no meaning for the bot."""
        await self._identity.recognise(update.row.payload)
        event = self._identity.read(update.row)
        update.wish = isinstance(event, Said)
        return event

    async def _decide(self, update: HandledUpdate, event: Incoming, work: NextWork) -> Decision:
        """Return what to handle: the messages of one act, or the event; None for nothing.

        ``work`` says what is known of the conversation.
        """
        if await self._is_double(event):
            return None
        known: dict[str, Any] = {"chosen_language": chosen_language(work.settings), "undecided": work.undecided}
        event = _knowing(event, known)
        update.language = event.language
        await self._owners.met(event.author)
        if not isinstance(event, Said):
            return event
        if event.edited:
            edit = await self._acts.newest(update.row, event, self._identity.read)
            update.update_ids[:] = edit.updates
            return _knowing(edit, known)
        act = await self._acts.gather(update.row, event, self._identity.read)
        messages = [_knowing(said, known) for said in act]
        update.update_ids[:] = updates_of(messages)
        return messages

    async def _do(self, decision: list[Said] | Incoming) -> None:
        """Handle the messages of an act, or an event; the handlers finish their updates."""
        if isinstance(decision, list):
            await self._handlers.handle_act(decision)
        else:
            await self._handlers.handle(decision)

    async def _is_double(self, event: Incoming) -> bool:
        # The buttons of the settings (``set-NAME``) make no turn, so each press counts.
        if not isinstance(event, Pressed) or event.data.startswith("set"):
            return False
        return await self._inbox.tapped_before(event.update_id, DOUBLE_TAP_S)


def _knowing(event: Happening, known: Mapping[str, Any]) -> Happening:
    """Return an event with what is known of its conversation; the command under a picture is an event, too."""
    if isinstance(event, Said) and event.command is not None:
        return replace(event, command=replace(event.command, **known), **known)
    return replace(event, **known)


def chosen_language(settings: Mapping[str, Any]) -> str:
    """Return the language that a conversation chose; "" for each person's own language."""
    return str(settings.get("language", ""))
