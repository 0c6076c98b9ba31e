"""Reports ended turns to people: sends the answer, or why there is none, and then cleans up.

Imports PTB, ``delivery``, ``authorization``, ``events``, ``keyboards``, ``failures``, ``inline``, ``texts``, ``turns``,
``message`` and ``storage``.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Sequence

from telegram.error import TelegramError

from bot.chat.authorization import is_meant
from bot.chat.events import Called, Commanded, Incoming, Joined, Pressed, Said
from bot.chat.failures import FailurePolicy
from bot.chat.inline.answers import InlineAnswers
from bot.chat.send import keyboards
from bot.chat.send.delivery import Delivery
from bot.chat.send.message import Recipient
from bot.texts import say
from bot.turns.remarks import KEPT
from bot.turns.request.aspect import nearest
from bot.turns.request.exchanges import is_restored
from bot.turns.turns import Turns
from storage.media.store import MediaMissing
from storage.records import Role, Turn, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from storage.tables.deliveries import DeliveryResult

log = logging.getLogger(__name__)


class TurnReporter:
    """Sends the answers and failures of turns."""

    def __init__(
        self, store: Store, turns: Turns, delivery: Delivery, inline: InlineAnswers, failures: FailurePolicy
    ) -> None:
        self._store = store
        self._inline = inline
        self._turns = turns
        self._delivery = delivery
        self._failures = failures

    async def report(self, turns: Sequence[Turn], recipient: Recipient) -> bool:
        """Send the result of a turn, or of several versions; return whether it is known to have arrived.

        Raises: errors after which the dispatcher tries again.
        """
        turn = turns[0]
        result = await self._send(turns, recipient)
        # Before the store is used again, because a turn is reported once.
        self._tell_owners(turns)
        await self._turns.drop_raw_answers(turns)
        if result and len(turns) == 1 and turn.state is TurnState.ANSWERED and not recipient.key.is_inline:
            await self._report_if_unchanged(turn, recipient)
        # Versions in words beside pictures are kept back, too, though they have been read.
        return result is not None and bool(result.delivered or not result.kept_back)

    async def retry_kept_back(self, event: Incoming) -> None:
        """Try again to send answers that were kept back and that the person does not know of, after a new message."""
        returns = isinstance(event, Joined) and event.private
        speaks = returns or (isinstance(event, Said | Commanded | Pressed) and is_meant(event))
        speaks = speaks or isinstance(event, Called)
        if speaks and await self._store.deliveries.take_up(event.key):
            log.info("conversation %s/%s: answers that could not be sent are tried again", *event.key)

    def _tell_owners(self, turns: Sequence[Turn]) -> None:
        """Tell the owners why turns failed, also versions that failed beside others that have pictures."""
        for turn in turns:
            if turn.state is TurnState.FAILING and turn.error and turn.error.get("owner_text"):
                why = f"{turn.error['key']}: {turn.error['owner_text']}"
                self._failures.owners.turn_failed(turn.id, why)

    async def _send(self, turns: Sequence[Turn], recipient: Recipient) -> DeliveryResult | None:
        """Return what became of the result, None if it could not be sent."""
        began_at = time.monotonic()
        try:
            recipient = await self._delivery.about(turns[0], recipient)
            some = _kept_in_some(turns)
            found = [one for turn in turns for one in await self._remarks(turn, recipient.language, told=bool(some))]
            if some:
                found.append(say(recipient.language, "note-kept-some", numbers=some))
            answering = self._turns.answering
            used_up = await answering.limit_watch.used_up(turns, answering.choice(turns[0].options))
            limits = [say(recipient.language, key, **values) for key, values in used_up]
            remarks = [*dict.fromkeys(found), *limits]
            if recipient.key.is_inline:
                result = await self._inline.deliver(turns[0], recipient, [*dict.fromkeys(found)])
                await self._inline.tell_alone(recipient, limits)
            elif len(turns) > 1:
                remarks = [*await self._unless_chosen(turns, recipient.language), *remarks]
                result = await self._delivery.deliver_batch(turns, recipient, remarks)
            else:
                result = await self._delivery.deliver(turns[0], recipient, remarks, self._shapes(turns[0]))
        except TurnMovedOn:
            # The turn was forgotten meanwhile, so the rest of it is not sent.
            return None
        except Exception as error:
            await self._failures.delivery_failed(turns[0], recipient, error)
            return None
        self._turns.count_deliveries(turns[0], result, time.monotonic() - began_at)
        return result

    def _shapes(self, turn: Turn) -> list[str]:
        """Return the other shapes in which a new picture can be made once more, by the names of their buttons."""
        if turn.parent_id is not None or turn.pictures or not turn.shown:
            return []
        offered = self._turns.answering.capabilities(turn.options).ratios
        able = {name: ratio for name, ratio in keyboards.SHAPES.items() if ratio in offered}
        has = nearest(turn.shown[-1].width_px / turn.shown[-1].height_px, offered)
        return [name for name, ratio in able.items() if ratio != has]

    async def _unless_chosen(self, turns: Sequence[Turn], language: str) -> list[str]:
        """Return the sentence that says which of several versions the next wish continues: the one that came first."""
        drawn = [turn for turn in turns if turn.shown]
        if len(drawn) < 2:
            return []
        head_id = await self._store.views.head_of(turns[0].conversation_id)
        numbers = [number for number, turn in enumerate(drawn, start=1) if turn.id == head_id]
        return [say(language, "versions-next", number=number) for number in numbers]

    async def _report_if_unchanged(self, turn: Turn, recipient: Recipient) -> None:
        try:
            if before := await self._turns.answering.copies.original_of(turn):
                keyboard = keyboards.under_failure(recipient.language, turn.id, ("try-again",))
                old, new = (
                    f"{ref.width_px} \N{MULTIPLICATION SIGN} {ref.height_px}" for ref in (before, turn.shown[-1])
                )
                key = "note-unchanged" if old == new else "note-only-resized"
                await self._delivery.say(recipient, key, keyboard, old=old, new=new)
        except (TelegramError, MediaMissing) as error:
            log.info("turn %s: it was not said whether its picture is unchanged: %s", turn.id, error)

    async def _remarks(self, turn: Turn, language: str, *, told: bool) -> list[str]:
        """Return the remarks on an answer, as sentences. ``told``: in which versions the rest was kept is said once."""
        remarks, left_out = await self._turns.answering.remarks(turn)
        said = [say(language, key, **values) for key, values in remarks if not (told and key in KEPT)]
        if turn.kind in ("send", "reworded") and sum(not picture.marks for picture in turn.pictures) > 1:
            links = await self._store.messages.of_turn(turn.id, Role.REQUEST)
            sent = [link for link in links if link.picture and not link.asks and not link.picture.marks]
            # The pictures of one album certainly belong together, so nothing is said about them.
            if len({link.album or link.message_id for link in sent}) > 1:
                pictures = {link.picture.media.sha256 for link in sent if link.picture}
                said.insert(0, say(language, "note-several", count=len(pictures - left_out)))
        return said


def _kept_in_some(turns: Sequence[Turn]) -> str:
    """Return the numbers of the versions in which the rest was kept, "" if it was in all or none of them."""
    drawn = [turn for turn in turns if turn.shown]
    kept = [str(number) for number, turn in enumerate(drawn, start=1) if is_restored(turn)]
    return ", ".join(kept) if len(kept) < len(drawn) else ""
