"""Decides who is served, by the access rules and the rules of a group, and says so to the others.

Imports PTB, ``admins``, ``admission``, ``command_table``, ``delivery``, ``access``, ``visibility``, ``events``,
``moves``, ``group_rules``, ``message`` and ``storage``.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Mapping
from dataclasses import replace

from telegram.error import BadRequest, Forbidden

from bot.access.rules import Access, Verdict
from bot.chat.command_table import AFTER_SALE, known_command
from bot.chat.commands.group_rules import GroupRules
from bot.chat.events import Commanded, Event, Incoming, Joined, Pressed, Said, cancel_in
from bot.chat.groups.admins import AdminsUnknown
from bot.chat.groups.moves import holds_of_move
from bot.chat.groups.visibility import BASIC_GROUPS
from bot.chat.guests.admission import Admission
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from storage.engine.faults import StorageFault
from storage.guests.values import Guest, Here, Standing
from storage.records import Author, Turn
from storage.store import Store

log = logging.getLogger(__name__)

Guests = Mapping[int, Guest]


class Authorization:
    """Admits events, or says once why not."""

    def __init__(
        self, store: Store, delivery: Delivery, access: Access, rules: GroupRules, admission: Admission
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._access = access
        self._rules = rules
        self._admission = admission
        self._chats_notified: set[int] = set()
        self._moved_here: set[int] = set()

    async def admits(self, event: Said | Commanded | Pressed | Joined, updates: Iterable[int]) -> bool:
        """Return whether to serve an event. If not, its updates end here or are kept until an owner decides.

        Whoever is not served is told so once, and a group that is not served is left. Raises: ``AdminsUnknown``.
        """
        here = await self._here(event)
        guests = here.guests
        chat = await self._of_chat(event, guests)
        if isinstance(event, Joined) and chat is Verdict.SERVED:
            return await self._admission.arrives(event, guests.get(event.key.chat_id))
        meant = isinstance(event, Joined) or is_meant(event)
        if chat is Verdict.WAITS and meant:
            return await self._admission.waits(event, guests.get(event.key.chat_id), updates)
        if chat not in (Verdict.SERVED, Verdict.WAITS):
            await self._decline(event)
        elif chat is Verdict.SERVED and not isinstance(event, Joined):
            verdict = self._of_person(event, guests)
            if verdict is Verdict.SERVED and (not meant or await self._rules_allow(event, here)):
                return True
            if verdict is Verdict.WAITS and (is_about_own_data(event) or chooses_language(event)):
                return True
            if verdict is Verdict.BLOCKED and event.private and await self._keeps(event):
                return True
            if verdict is Verdict.WAITS:
                return await self._admission.waits(event, guests.get(event.author.id), updates)
            if meant:
                await self._tell(event, verdict, guests)
        await self._store.inbox.finish(updates)
        return False

    async def _keeps(self, event: Said | Commanded | Pressed) -> bool:
        """Return whether an event is what a block does not take away: one's own data, and questions about a payment.

        Bots must answer ``/paysupport`` of everybody who paid them (core.telegram.org/bots/payments-stars, "Live
        Checklist"; telegram.org/tos/stars), and make no exception for people whom they serve no more.
        """
        if is_about_own_data(event):
            return True
        asks = isinstance(event, Commanded) and event.name in AFTER_SALE
        return asks and bool(await self._store.purchases.of(event.author.id))

    async def _rules_allow(self, event: Said | Commanded | Pressed, here: Here) -> bool:
        """Return whether the rules of a group let a person use the bot. A refused person is notified once."""
        if await self._rules.allow(event, here.settings):
            return True
        chat_id, person_id = event.key.chat_id, event.author.id
        if not await self._rules.was_notified(chat_id, person_id):
            await self._delivery.say(replace(Recipient.of_event(event), alone=True), "not-allowed-here")
            # Stored after the message: a process that dies in between sends it twice, not never.
            await self._rules.note_notified(chat_id, person_id)
        return False

    async def may_stop(self, event: Incoming | None, turn: Turn | None) -> bool:
        """Return whether the author of a cancel may stop a turn; ``turn`` is None for a wish that is no turn yet.

        ``event`` is None for Telegram's Stop button: only the person who gets the draft sees it.
        """
        if event is None:
            return True
        event = cancel_in(event)
        if event is None:
            return False
        try:
            # In private everybody may stop what is their own. No look at the store gives its call time to begin.
            if not event.private and not await self._allows(event):
                return False
            settings = await self._store.conversations.settings(event.key) if isinstance(event, Pressed) else {}
            return await self._rules.may_press(settings, event, turn)
        except AdminsUnknown:
            # The worker tells the person when it takes the update.
            return False

    async def may_correct(self, event: Said) -> bool:
        """Return whether a person may still change a waiting wish.

        The worker announces a refusal when it takes the edit.
        """
        try:
            return await self._allows(event)
        except AdminsUnknown:
            return False

    def may_begin(self, turn: Turn) -> bool:
        """Return whether a turn may begin although somebody was blocked: an owner who was no owner then."""
        return (turn.asker or turn.author).id in self._access.owners

    async def of_caller(self, caller_id: int) -> tuple[Verdict, Guest | None]:
        """Judge who calls the bot from where it is no member; return also what is stored about them."""
        guest = (await self._store.guests.of(caller_id)).get(caller_id)
        return self._access.of_person(caller_id, guest.standing if guest else None, private=True), guest

    async def surely_serves(self, person_id: int) -> bool:
        """Return whether a person is served in private; False where what owners decided cannot be read.

        Only owners need no look at it: anybody else may have been blocked.
        """
        if person_id in self._access.owners:
            return True
        try:
            verdict, _ = await self.of_caller(person_id)
        except StorageFault:
            return False
        return verdict is Verdict.SERVED

    async def ignores(self, caller_id: int) -> bool:
        """Return whether a caller gets no answer at all: an owner blocked them, and they were told so."""
        verdict, guest = await self.of_caller(caller_id)
        return verdict is Verdict.BLOCKED and guest is not None and guest.told

    async def _allows(self, event: Said | Commanded | Pressed) -> bool:
        here = await self._store.guests.here(event.key.chat_id, event.author.id)
        served = (await self._of_chat(event, here.guests), self._of_person(event, here.guests))
        return served == (Verdict.SERVED,) * 2 and await self._rules.allow(event, here.settings)

    async def _here(self, event: Event) -> Here:
        """Return what owners decided about the chat and the author of an event that the worker took, and its rules."""
        if event.undecided and event.author.id == event.key.chat_id:
            # In private these are the same. Who is blocked since then is barred before anything is paid.
            return Here()
        return await self._store.guests.here(event.key.chat_id, event.author.id)

    def _of_person(self, event: Event, guests: Guests) -> Verdict:
        person_id, chat_id = event.author.id, event.key.chat_id
        return self._access.of_person(
            person_id, _standing(guests, person_id), private=event.private, chat=_standing(guests, chat_id)
        )

    async def _of_chat(self, event: Event, guests: Guests) -> Verdict:
        """Judge the group of an event. A supergroup is served if the group that it was is served."""
        chat_id = event.key.chat_id
        if event.private or chat_id in self._moved_here:
            return Verdict.SERVED
        standing = _standing(guests, chat_id)
        verdict = self._access.of_chat(chat_id, standing, author_id=event.author.id)
        if verdict is not Verdict.STRANGER and (verdict is not Verdict.WAITS or standing is not None):
            return verdict

        async def was_served() -> bool:
            moved = await self._store.guests.of(chat_id)
            listed = not self._access.chats.isdisjoint(await self._store.chats.moved_to(chat_id))
            return listed or _standing(moved, chat_id) is Standing.ADMITTED

        # The bot cannot undo that it left, so it first waits for an update that says what the supergroup was.
        if not await holds_of_move(self._store, event, was_served, waits=chat_id not in BASIC_GROUPS):
            return verdict
        if _standing(await self._store.guests.of(chat_id), chat_id) is not Standing.ADMITTED:
            self._moved_here.add(chat_id)
            log.warning(
                "a group of ALLOWED_CHATS became the supergroup %s; put that id into ALLOWED_CHATS, too", chat_id
            )
        return Verdict.SERVED

    async def _tell(self, event: Said | Commanded | Pressed, verdict: Verdict, guests: Guests) -> None:
        """Say once that somebody is not served."""
        author = event.author
        if verdict is Verdict.BLOCKED:
            await self._admission.tell_blocked(event, guests[author.id])
        elif verdict is Verdict.STRANGER and await self._is_new(author):
            alone = replace(Recipient.of_event(event), alone=True)
            await self._delivery.say(alone, "not-served-person", id=str(author.id))
            await self._note_notified(author.id)

    async def _decline(self, event: Event) -> None:
        """Leave a group that is not served, and say why once, if the bot may write there."""
        chat_id = event.key.chat_id
        await self._store.chats.seen(chat_id, "group", "")
        chat = await self._store.chats.find(chat_id)
        try:
            if chat is not None and not chat.greeted:
                await self._delivery.say(Recipient(key=event.key, language=event.language), "not-served-chat")
        except (BadRequest, Forbidden) as error:
            log.info("chat %s: it cannot be said there that the chat is not served: %s", chat_id, error.message)
        await self._store.chats.claim_greeting(chat_id)
        await self._delivery.leave(chat_id)

    async def _is_new(self, author: Author) -> bool:
        """Return whether a person was not notified yet. Only the id is stored."""
        if author.id <= 0:
            return author.id not in self._chats_notified
        await self._store.chats.seen(author.id, "person", "")
        chat = await self._store.chats.find(author.id)
        return chat is not None and not chat.greeted

    async def _note_notified(self, author_id: int) -> None:
        """Store, after the message, that a person was notified; a crash in between repeats it and does not lose it."""
        if author_id <= 0:
            # The id of an anonymous admin or a channel is that of a chat, and a chat has its own greeting.
            self._chats_notified.add(author_id)
        else:
            await self._store.chats.claim_greeting(author_id)


def _standing(guests: Guests, guest_id: int) -> Standing | None:
    return guests[guest_id].standing if guest_id in guests else None


def is_about_own_data(event: Said | Commanded | Pressed) -> bool:
    """Return whether somebody asks what is kept of them, or has it deleted. Whoever waits for an owner may do so."""
    if isinstance(event, Pressed):
        return event.data.startswith("forget-")
    return isinstance(event, Commanded) and event.name in ("privacy", "forget")


def chooses_language(event: Said | Commanded | Pressed) -> bool:
    """Return whether somebody chooses the bot's language. Whoever waits for an owner may, to understand the bot."""
    if isinstance(event, Pressed):
        return event.data.startswith("set-language:")
    return isinstance(event, Commanded) and event.name == "language"


def is_meant(event: Said | Commanded | Pressed) -> bool:
    """Return whether an event is meant for the bot, judged by the event alone."""
    return event.private or isinstance(event, Pressed) or event.addressed or known_command(event)
