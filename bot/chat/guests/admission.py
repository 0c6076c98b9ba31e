"""Guests who wait for an owner: asks the owners about them, keeps their first wish, and tells them how it stands.

Imports PTB, ``delivery``, ``message``, ``keyboards``, ``split``, ``access``, ``events``, ``raw``, ``dispatch.base``,
``texts`` and ``storage``. Nothing is downloaded here. Until everything is said and stored, the update stays in the
inbox. So a process that dies in between asks once more what was not asked, and loses nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Iterable, Sequence

from telegram.error import BadRequest, Forbidden

from bot.access.rules import Access
from bot.chat.events import Commanded, Event, Joined, Pressed, Said
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.chat.send.split import shorten
from bot.chat.updates.raw import message_of
from bot.dispatch.base import Later
from bot.texts import say
from storage.guests.guests import MOST_KEPT
from storage.guests.values import Guest, Question, Standing
from storage.records import InboxRow, Key
from storage.store import Store

log = logging.getLogger(__name__)


class Admission:
    """Asks owners about guests. ``language_of`` returns the language of an owner."""

    def __init__(
        self, store: Store, delivery: Delivery, access: Access, language_of: Callable[[int], Awaitable[str]]
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._access = access
        self._language_of = language_of
        # An owner who is an anonymous admin or a channel has no private chat.
        self._owners = sorted(owner_id for owner_id in access.owners if owner_id > 0)

    async def arrives(self, event: Joined, guest: Guest | None) -> bool:
        """Let a group in to which an owner added the bot; return True, as the group is served."""
        asks = self._access.mode == "ask" and not event.private and event.key.chat_id not in self._access.chats
        if asks and event.author.id in self._access.owners and (guest is None or guest.standing is Standing.ASKED):
            group_id = event.key.chat_id
            await self._store.guests.decide(group_id, Standing.ADMITTED, event.author, name=event.title)
            # The greeting follows.
            await self._store.guests.note_told(group_id)
        return True

    async def waits(
        self, event: Said | Commanded | Pressed | Joined, guest: Guest | None, updates: Iterable[int]
    ) -> bool:
        """Ask the owners about a guest, unless they were asked; keep the first wish, and end what is not kept.

        Return False, since nobody decided yet. Raises: ``Later`` where somebody decides at this moment.
        """
        new = guest is None
        if guest is None:
            guest_id = event.author.id if event.private else event.key.chat_id
            guest = await self._store.guests.ask(guest_id, await self._name(event), event.language)
        asked_before = guest.questions
        await self._ask_owners(event, guest)
        kept = await self._store.guests.kept(guest.id)
        fits = isinstance(event, Joined) or _is_wish(event, kept) or _goes_with(event, kept)
        if fits and len(kept) < MOST_KEPT:
            # That the bot was added may be said by two updates.
            if not (kept if isinstance(event, Joined) else _goes_with(event, kept)):
                began = "guest-kept" if event.private else "guest-kept-group"
                await self._tell(event, "guest-asked-group" if isinstance(event, Joined) else began)
            await self.keep(guest.id, updates)
            if not kept:
                await self._ask_with_wish(event, guest, asked_before)
            return False
        if new:
            await self._tell(event, "guest-asked")
        elif not guest.told and not (isinstance(event, Said) and event.edited):
            await self._tell(event, "guest-waits" if event.private else "guest-waits-group")
            await self._store.guests.note_told(guest.id)
        await self._store.inbox.finish(updates)
        return False

    async def asks_elsewhere(self, said: Said, guest: Guest | None) -> bool:
        """Ask the owners about somebody whose wish comes from where the bot is no member.

        Return whether this is the first wish, which is to be kept once that was said.
        """
        if guest is None:
            guest = await self._store.guests.ask(said.author.id, said.author.name, said.language)
        await self._ask_owners(said, guest)
        return not any(map(_is_message, await self._store.guests.kept(guest.id)))

    async def keep(self, guest_id: int, updates: Iterable[int]) -> None:
        """Keep updates until an owner decides. Raises: ``Later`` where somebody decides at this moment."""
        if not await self._store.guests.keep(guest_id, updates):
            raise Later(0.0, f"an owner decides about {guest_id} at this moment")

    async def tell_blocked(self, event: Said | Commanded | Pressed, guest: Guest) -> None:
        """Tell a blocked person so, once."""
        if not guest.told:
            await self._delivery.say(Recipient.of_event(event), await self.sentence_of_block(guest))
            # Stored after the message: a process that dies in between says it twice, not never.
            await self._store.guests.note_told(guest.id)

    async def sentence_of_block(self, guest: Guest) -> str:
        """Return the key of the one sentence that a blocked person gets."""
        return "guest-blocked-paid" if await self._store.purchases.of(guest.id) else "guest-blocked"

    async def _ask_owners(self, event: Said | Commanded | Pressed | Joined, guest: Guest) -> None:
        """Ask each owner who was not asked yet; skip those whom Telegram does not let the bot write to."""
        asked = {question.owner_id for question in guest.questions}
        for owner_id in (one for one in self._owners if one not in asked):
            home, language = Key(owner_id, 0), await self._language_of(owner_id)
            keyboard = keyboards.to_decide(language, guest.id)
            try:
                words = _question(language, event, guest)
                sent = await self._delivery.write(Recipient(key=home, language=language), words, keyboard)
            except (BadRequest, Forbidden) as error:
                log.warning("owner %s cannot be asked about %s: %s", owner_id, guest.id, error.message)
            else:
                question = Question(owner_id=owner_id, message_id=sent.message_id)
                await self._store.guests.note_question(guest.id, question)

    async def _ask_with_wish(
        self, event: Said | Commanded | Pressed | Joined, guest: Guest, questions: Iterable[Question]
    ) -> None:
        """Put the first wish into questions that were asked without it: Telegram's Start button comes before it.

        Where an owner decides at this moment, the question may stand there once more; a press then says what counts.
        """
        for question in questions if isinstance(event, Said) and guest.is_person else ():
            language = await self._language_of(question.owner_id)
            words, keyboard = _question(language, event, guest), keyboards.to_decide(language, guest.id)
            await self._delivery.reword(question.owner_id, question.message_id, words, keyboard)

    async def _tell(self, event: Said | Commanded | Pressed | Joined, key: str) -> None:
        recipient = Recipient(key=event.key, language=event.language)
        recipient = recipient if isinstance(event, Joined) else Recipient.of_event(event)
        await self._delivery.say(recipient, key)

    async def _name(self, event: Event) -> str:
        if event.private:
            return event.author.name
        if isinstance(event, Joined):
            return event.title
        chat = await self._store.chats.find(event.key.chat_id)
        return chat.title if chat else ""


def _question(language: str, event: Said | Commanded | Pressed | Joined, guest: Guest) -> str:
    name = guest.name or str(guest.id)
    if not guest.is_person:
        return say(language, "owner-guest-group", name=name, id=str(guest.id), person=event.author.name)
    wish = shorten(event.words) if isinstance(event, Said) else ""
    if not wish:
        return say(language, "owner-guest", name=name, id=str(guest.id))
    return say(language, "owner-guest-wish", name=name, id=str(guest.id), wish=wish)


def _is_wish(event: Event, kept: Sequence[InboxRow]) -> bool:
    """Return whether an event is the first wish. A group may have kept the news that the bot was added."""
    return isinstance(event, Said) and not event.edited and not any(map(_is_message, kept))


def _goes_with(event: Event, kept: Sequence[InboxRow]) -> bool:
    """Return whether a message is a late part of the kept wish: an edit, or a picture of its album."""
    if not isinstance(event, Said):
        return False
    sent = [message_of(row.payload) for row in kept]
    edits = event.edited and event.message_id in [message.get("message_id") for message in sent]
    return edits or (event.album is not None and event.album in [message.get("media_group_id") for message in sent])


def _is_message(row: InboxRow) -> bool:
    message = message_of(row.payload) or row.payload.get("chosen_inline_result") or {}
    return bool(message) and "new_chat_members" not in message and "group_chat_created" not in message
