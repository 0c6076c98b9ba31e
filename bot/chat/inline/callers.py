"""Who may ask from elsewhere, and what the others read there: the same as in a private chat, in the one message there.

Imports ``authorization``, ``events``, ``guests``, ``access`` and ``storage``. The first wish of somebody about whom an
owner decides is kept, as its update in the inbox; to be let in makes it new, and it goes on there.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.access.rules import Verdict
from bot.chat.authorization import Authorization
from bot.chat.events import Called, PressedInline, Said
from bot.chat.guests.admission import Admission
from storage.records import WAITED
from storage.store import Store


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why nothing is done now: the key of a sentence. ``keeps``: the wish is kept. ``ends``: nothing is said again."""

    key: str
    keeps: bool = False
    ends: bool = False


class Callers:
    """Judges people who call the bot from where it is no member."""

    def __init__(self, store: Store, authorization: Authorization, admission: Admission) -> None:
        self._store = store
        self._authorization = authorization
        self._admission = admission

    async def ignores(self, caller_id: int) -> bool:
        """Return whether somebody gets no answer at all."""
        return await self._authorization.ignores(caller_id)

    async def refusal(self, event: Called | PressedInline, wish: Said | None) -> Refusal | None:
        """Return why somebody is not served now, None if they are. Owners are asked about a ``wish`` of strangers."""
        verdict, guest = await self._authorization.of_caller(event.author.id)
        if verdict is Verdict.SERVED:
            return None
        if verdict is Verdict.BLOCKED and guest is not None:
            return Refusal(key=await self._admission.sentence_of_block(guest), ends=True)
        if verdict is Verdict.WAITS:
            first = wish is not None and await self._admission.asks_elsewhere(wish, guest)
            return Refusal(key="guest-kept" if first else "guest-waits", keeps=first)
        return Refusal(key="inline-not-served")

    async def end(self, event: Called | PressedInline, refusal: Refusal) -> None:
        """End the update of a refusal that was said, or keep it. Raises: ``Later``."""
        if refusal.keeps:
            await self._store.inline.note(event.update_id, {WAITED: True})
            await self._admission.keep(event.author.id, [event.update_id])
            return
        if refusal.ends:
            # Stored after the message: a process that dies in between says it twice, not never.
            await self._store.guests.note_told(event.author.id)
        await self._store.inbox.finish([event.update_id])
