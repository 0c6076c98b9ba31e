"""Finds out what to do about an event, and has the response sent.

Imports ``chat`` and ``storage``. The effect of an event and the end of its update are stored in one transaction. A
notice to say about the effect is stored with them and said by :meth:`Handlers.notify`, so that no effect happens twice
and no notice is lost.
"""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractAsyncContextManager, AbstractContextManager, nullcontext

from bot.chat.actions import action_of
from bot.chat.authorization import Authorization, is_meant
from bot.chat.commands.dispatch import Commands
from bot.chat.events import (
    ChannelJoined,
    Commanded,
    Event,
    Incoming,
    Joined,
    Left,
    Moved,
    Paid,
    Pressed,
    Ranked,
    Refunded,
    Said,
    updates_of,
)
from bot.chat.groups.admins import AdminsUnknown
from bot.chat.groups.membership import Membership
from bot.chat.receive.download import UnusablePicture
from bot.chat.responder import Responder
from bot.chat.response import DONE, STORED, Response, respond
from bot.chat.send.message import Recipient
from bot.chat.stars.payments import Payments
from bot.chat.stars.support import SupportCommands
from bot.chat.wishes.albums import Albums
from bot.chat.wishes.reading import WishReader
from storage.records import InboxRow

ADMINS_UNKNOWN = respond("admins-unknown")
"""The admins are not known now. The update ends all the same, so that the next one need not wait."""


class Handlers:
    """Responds to events."""

    def __init__(
        self,
        responder: Responder,
        authorization: Authorization,
        commands: Commands,
        reader: WishReader,
        albums: Albums,
        membership: Membership,
        payments: Payments,
        support: SupportCommands,
    ) -> None:
        self._responder = responder
        self._authorization = authorization
        self._commands = commands
        self._reader = reader
        self._albums = albums
        self._membership = membership
        self._payments = payments
        self._support = support

    async def handle(self, event: Incoming) -> None:
        """Respond to an event, if its author is served here."""
        if isinstance(event, Said):
            await self.handle_act([event])
            return
        async with self._at_work(event):
            await self._responder.carry_out(_recipient(event), [event.update_id], await self._respond(event))

    async def handle_act(self, messages: Sequence[Said]) -> None:
        """Respond to all messages of an act together."""
        left, response = await self._respond_to_act(messages)
        await self._responder.carry_out(Recipient.of_event(messages[0]), updates_of(left), response)

    def sending_once_for(self, update_id: int) -> AbstractContextManager[None]:
        """Send each picture and file of the block once for this update, also when it is handled again."""
        return self._responder.sending_once_for(update_id)

    async def notify(self, row: InboxRow) -> None:
        """Say the notice of a stored effect, and finish its update."""
        await self._responder.notify(row)

    async def _respond_to_act(self, messages: Sequence[Said]) -> tuple[Sequence[Said], Response]:
        """Return the response to an act, and the messages whose updates it ends."""
        meant = next(filter(is_meant, messages), messages[0])
        try:
            if not await self._authorization.admits(meant, updates_of(messages)):
                return messages, STORED
            if (answer := await self._support.answered(messages)) is not None:
                return messages, answer
            late = None if meant.edited else await self._albums.came_late(messages)
            return (messages, late) if late is not None else await self._reader.respond(messages)
        except AdminsUnknown:
            return messages, ADMINS_UNKNOWN

    def _at_work(self, event: Incoming) -> AbstractAsyncContextManager[object]:
        match event:
            case Commanded():
                return self._responder.at_work(event.key, event.name)
            case Pressed():
                return self._responder.at_work(event.key, action_of(event.data).name)
        return nullcontext()

    async def _respond(self, event: Incoming) -> Response:
        try:
            if not await self._admits(event):
                return STORED
            match event:
                case Commanded():
                    return await self._commanded(event)
                case Pressed():
                    return await self._commands.pressed(event)
                case Paid():
                    return await self._payments.paid(event)
                case Refunded():
                    return await self._payments.refunded(event)
                case Joined() | Ranked() | ChannelJoined() | Left() | Moved():
                    return await self._membership.respond(event)
        except AdminsUnknown:
            return ADMINS_UNKNOWN if isinstance(event, Commanded | Pressed) else DONE
        return DONE

    async def _admits(self, event: Incoming) -> bool:
        if isinstance(event, Commanded | Pressed | Joined):
            return await self._authorization.admits(event, [event.update_id])
        return True

    async def _commanded(self, event: Commanded) -> Response:
        # A name needs a picture, so a replied-to picture that is not stored yet is downloaded.
        try:
            picture = await self._reader.replied_picture(event.key, event.replied) if event.name == "save" else None
        except UnusablePicture as why:
            return respond(why.key, **why.values)
        return await self._commands.commanded(event, picture)


def _recipient(event: Event) -> Recipient:
    if isinstance(event, Said | Commanded | Pressed):
        return Recipient.of_event(event)
    return Recipient(key=event.key, language=event.language)
