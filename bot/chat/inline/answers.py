"""Shows the answers of turns in inline messages.

Imports PTB, ``send``, ``texts``, ``turns`` and ``storage``. Takes the place of
``send.delivery`` for inline conversations; ``report`` chooses. Every step can be repeated, so an answer whose delivery
broke off is delivered once more from the start, except for the upload of its picture.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from typing import Any

from telegram import Bot, Message
from telegram.error import BadRequest, Forbidden, TelegramError

from bot.chat.send import keyboards
from bot.chat.send.inline import InlineMessage, InlineMessageGone, InlineMessages
from bot.chat.send.message import Recipient, file_name, file_of, link_of, patience
from bot.chat.send.refusals import meaning_of_refusal
from bot.chat.send.sending import is_photo
from bot.texts import say
from bot.turns.turns import Turns
from storage.records import MessageLink, Role, SendState, Turn, TurnState
from storage.store import Store
from storage.tables.deliveries import DeliveryResult, SendRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Staged:
    """A picture that Telegram has, by the message that it is in until the inline message shows it."""

    chat_id: int
    message_id: int
    file_id: str
    as_photo: bool


class InlineAnswers:
    """Shows answers. ``staging_chat``: where pictures go for people who have no private chat; None for nowhere."""

    def __init__(
        self, bot: Bot, store: Store, turns: Turns, *, staging_chat: int | None, has_owners: Callable[[], bool]
    ) -> None:
        self._bot = bot
        self._store = store
        self._turns = turns
        self._staging_chat = staging_chat
        self._has_owners = has_owners
        self._messages = InlineMessages(bot)

    async def deliver(self, turn: Turn, recipient: Recipient, remarks: Sequence[str] = ()) -> DeliveryResult:
        """Show the answer of a turn, or say why there is none. Raises: PTB's errors, ``StorageFault``."""
        place = InlineMessage.of_turn(turn)
        await self._give_back(turn, place)
        try:
            if turn.state not in (TurnState.FAILING, TurnState.ANSWERED):
                return DeliveryResult()
            if not place.id:
                log.warning("turn %s: its inline message is not known, so it waits for a press there", turn.id)
                return await self._ended(turn, announced=False)
            if turn.state is TurnState.FAILING:
                await self._say_why(turn, recipient, place)
                return DeliveryResult()
            return await self._show(turn, recipient, place, remarks)
        except InlineMessageGone:
            log.info("turn %s: its inline message was deleted, so its answer is not shown", turn.id)
            return await self._ended(turn, announced=True)

    async def tell_alone(self, recipient: Recipient, sentences: Sequence[str]) -> None:
        """Send to the caller's private chat, if there is one, what is nobody else's business: how much is left."""
        if not sentences or recipient.key.chat_id < 0:
            return
        try:
            await self._bot.send_message(recipient.key.chat_id, "\n".join(sentences), disable_notification=True)
        except TelegramError as error:
            log.info("person %s was not told about limits: %s", recipient.key.chat_id, type(error).__name__)

    async def _give_back(self, turn: Turn, place: InlineMessage) -> None:
        """Forget what was lent for the wish. Before the answer is shown, so that no crash can leave it behind."""
        lent = [str(one["sha256"]) for one in place.lent]
        if (lent or turn.cited) and await self._store.lending.give_back(turn.id, lent):
            await self._turns.answering.forget_released()

    async def _say_why(self, turn: Turn, recipient: Recipient, place: InlineMessage) -> None:
        error = turn.error or {"key": "trouble", "values": {}}
        words = say(recipient.language, error["key"], **error.get("values", {}))
        if error.get("owner_text"):
            words += "\n" + say(recipient.language, "owner-knows" if self._has_owners() else "owner-unset")
        helps = tuple(error.get("help", ()))
        keyboard = keyboards.below_inline(recipient.language, turn.id, recipient.key, self._messages.username, helps)
        await self._messages.write(place, words, keyboard)
        await self._store.conversations.set_state(turn.id, TurnState.FAILED)

    async def _show(
        self, turn: Turn, recipient: Recipient, place: InlineMessage, remarks: Sequence[str]
    ) -> DeliveryResult:
        words = "\n".join(filter(None, [turn.words, *remarks]))
        keyboard = keyboards.below_inline(recipient.language, turn.id, recipient.key, self._messages.username)
        if not turn.shown:
            await self._messages.write(place, words or say(recipient.language, "words-only-empty"), keyboard)
            return await self._store.deliveries.end(turn.id, [turn.id])
        staged = await self._staged(turn, recipient.key.chat_id)
        if staged is None:
            keyboard = keyboards.below_unshown(recipient.language, turn.id, recipient.key, self._messages.username)
            await self._messages.say(place, recipient.language, "inline-no-chat", keyboard)
            return await self._ended(turn, announced=False)
        try:
            await self._messages.show(
                place, staged.file_id, words, keyboard, as_photo=staged.as_photo, covered=turn.covered
            )
        except InlineMessageGone:
            await self._clear(staged)
            raise
        await self._clear(staged)
        return await self._store.deliveries.end(turn.id, [turn.id])

    async def _clear(self, staged: _Staged) -> None:
        """Delete the message of a picture that Telegram has by now."""
        with suppress(TelegramError):
            await self._bot.delete_message(staged.chat_id, staged.message_id)

    async def _ended(self, turn: Turn, *, announced: bool) -> DeliveryResult:
        await self._store.deliveries.keep_back(turn.id, announced=announced)
        return DeliveryResult(kept_back=frozenset([turn.id]))

    async def _staged(self, turn: Turn, caller_id: int) -> _Staged | None:
        """Return the picture of an answer as Telegram has it; None where the bot may send it nowhere.

        A process may have died while it sent the picture. Then it is sent again: the first one may stay behind in that
        chat, but the inline message shows one.
        """
        ref = turn.shown[-1]
        data = await self._store.media.get(ref.sha256, size_bytes=ref.size_bytes)
        as_photo = await is_photo(data)
        for link in await self._store.messages.of_turn(turn.id, Role.ANSWER):
            if link.file_id and link.picture and link.picture.media == ref:
                return _Staged(
                    chat_id=link.chat_id, message_id=link.message_id, file_id=link.file_id, as_photo=as_photo
                )
        await self._store.deliveries.record(SendRecord(turn_id=turn.id, position=0, state=SendState.SENDING))
        for chat_id in (caller_id if caller_id > 0 else None, self._staging_chat):
            if chat_id is None:
                continue
            try:
                message = await self._send(turn, chat_id, data, as_photo=as_photo)
            except (BadRequest, Forbidden) as error:
                if meaning_of_refusal(error) is None:
                    # It is about the picture and not about the chat.
                    raise
                log.info("turn %s: its picture cannot be sent to chat %s first: %s", turn.id, chat_id, error.message)
                continue
            file = message.photo[-1] if message.photo else message.document
            link = replace(link_of(message, turn.id, ref), file_id=file.file_id if file else None)
            sent = SendRecord(turn_id=turn.id, position=0, state=SendState.SENT)
            await self._store.deliveries.sent(sent, turn.conversation_id, [link])
            return _staged_in(link, as_photo=as_photo)
        await self._store.deliveries.withdraw(turn.id, 0)
        return None

    async def _send(self, turn: Turn, chat_id: int, data: bytes, *, as_photo: bool) -> Message:
        file = file_of(data, file_name(turn, turn.shown[-1]))
        shared: dict[str, Any] = {"disable_notification": True, **patience(len(data))}
        if as_photo:
            return await self._bot.send_photo(chat_id, file, has_spoiler=turn.covered, **shared)
        return await self._bot.send_document(chat_id, file, disable_content_type_detection=True, **shared)


def _staged_in(link: MessageLink, *, as_photo: bool) -> _Staged:
    return _Staged(chat_id=link.chat_id, message_id=link.message_id, file_id=link.file_id or "", as_photo=as_photo)
