"""Carries out what an owner decides about a guest: in the store, at the guest, and under the questions to all owners.

Imports PTB, ``granted``, ``delivery``, ``inline``, ``keyboards``, ``message``, ``access``, ``texts`` and ``storage``.
Each step may be repeated after a crash: the decision counts once, and the guest's row says whether the guest was told.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence

from telegram.error import BadRequest, Forbidden

from bot.access.limits import Limits
from bot.chat.guests.granted import granted
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.inline import InlineMessage
from bot.chat.send.message import Recipient
from bot.texts import say
from storage.care.forgetting import Interrupt
from storage.guests.values import Decided, Guest, Standing
from storage.records import Author, Key
from storage.store import Store

log = logging.getLogger(__name__)


class Decisions:
    """Lets guests in or keeps them out.

    ``interrupt`` stops turns, in whatever process they run; ``language_of`` returns the language of an owner.
    """

    def __init__(
        self,
        store: Store,
        delivery: Delivery,
        interrupt: Interrupt,
        limits: Limits,
        language_of: Callable[[int], Awaitable[str]],
    ) -> None:
        self._store = store
        self._delivery = delivery
        self._interrupt = interrupt
        self._limits = limits
        self._language_of_owner = language_of

    async def decide(
        self, guest_id: int, standing: Standing, by: Author, *, name: str = "", undecided: bool = False
    ) -> Decided | None:
        """Store a decision and carry out the one that counts; see ``Guests.decide``.

        The caller must wake the conversations that ``Decided`` names.
        """
        kept = [InlineMessage.of_update(row.payload) for row in await self._store.guests.kept(guest_id)]
        decided = await self._store.guests.decide(guest_id, standing, by, name=name, undecided=undecided)
        if decided is None:
            return None
        guest = decided.guest
        if guest.standing is Standing.BLOCKED:
            ended = await self._store.guests.end_turns(guest_id, self._interrupt.announce)
            self._interrupt.stop(ended)
            found = [await self._store.conversations.turn(turn_id) for turn_id in ended]
            kept += [InlineMessage.of_turn(turn) for turn in found if turn is not None]
        if guest.standing is not Standing.ADMITTED:
            await self._tell_elsewhere(guest, [place for place in kept if place.id])
        await self._tell_owners(guest)
        if not guest.told and (guest.standing is not Standing.BLOCKED or not guest.is_person):
            await self._tell(guest, has_work=bool(decided.keys))
            await self._store.guests.note_told(guest_id)
        return decided

    async def _tell_elsewhere(self, guest: Guest, places: Sequence[InlineMessage]) -> None:
        """Say the decision where wishes of a guest from elsewhere wait for a picture that does not come."""
        key = "guest-refused" if guest.standing is Standing.REFUSED else "guest-blocked"
        for place in places:
            await self._delivery.inline.end(place, guest.language, key)

    async def _tell_owners(self, guest: Guest) -> None:
        """Replace each question about a guest by the decision, with a button that takes a refusal or a block back."""
        for question in guest.questions:
            language = await self._language_of_owner(question.owner_id)
            blocked, admitted = guest.standing is Standing.BLOCKED, guest.standing is Standing.ADMITTED
            keyboard = None if admitted else keyboards.to_let_in(language, guest.id, blocked=blocked)
            await self._delivery.reword(question.owner_id, question.message_id, described(language, guest), keyboard)

    async def _language_of(self, chat_id: int) -> str:
        """Return the language that was chosen in a chat; "" where none was."""
        return str((await self._store.conversations.settings(Key(chat_id, 0))).get("language", ""))

    async def _tell(self, guest: Guest, *, has_work: bool) -> None:
        """Tell a guest of the decision, and leave a group that is kept out. A blocked person hears it on writing."""
        admitted = guest.standing is Standing.ADMITTED
        if guest.is_person:
            key = ("guest-admitted-wish" if has_work else "guest-admitted") if admitted else "guest-refused"
        else:
            # Where the bot has just come in, it greets instead.
            key = ("" if has_work else "guest-admitted-group") if admitted else "not-served-chat"
        try:
            if key:
                language = await self._language_of(guest.id) or guest.language
                may = await granted(language, self._store.books, self._limits, guest.id) if admitted else []
                words = "\n".join((say(language, key), *may))
                await self._delivery.write(Recipient(key=Key(guest.id, 0), language=language), words)
        except (BadRequest, Forbidden) as error:
            log.info("guest %s cannot be told of a decision: %s", guest.id, error.message)
        if not (admitted or guest.is_person):
            await self._delivery.leave(guest.id)


def described(language: str, guest: Guest) -> str:
    """Return the sentence that says what was decided, and by whom."""
    by = guest.by.name if guest.by else ""
    return say(language, f"decision-{guest.standing}", name=guest.name or str(guest.id), id=str(guest.id), by=by)
