"""Sends responses and ends their updates: the only place that does either for a handler.

Imports PTB, ``response``, ``progress``, ``delivery``, ``message``, ``inline``, ``placing``, ``buttons``, ``planning``,
``refusals``, ``split``, ``parse``, ``raw``, ``notices``, ``dispatch.base``, ``turns``, ``texts`` and ``storage``.
"""

from __future__ import annotations

from collections.abc import Collection
from contextlib import AbstractAsyncContextManager, AbstractContextManager, aclosing, nullcontext, suppress
from dataclasses import replace

from telegram import Bot, LabeledPrice, Message
from telegram.error import BadRequest, TelegramError

from bot.chat.commands.notices import response_to_notice
from bot.chat.receive.placing import Placing, TooOld
from bot.chat.response import (
    ENDED_BY_BLOCK,
    JUST_SENT,
    AnswerAgain,
    Document,
    Drawing,
    Elsewhere,
    Ending,
    Film,
    Finish,
    Greeted,
    Invoice,
    KeepLinks,
    Leave,
    Originals,
    Part,
    Repeat,
    Response,
    Rewording,
    Sentence,
    Series,
    Stored,
    Take,
    WelcomedBack,
    WithoutButtons,
    Words,
)
from bot.chat.send.buttons import ExpiringButtons
from bot.chat.send.delivery import Delivery
from bot.chat.send.inline import InlineMessage, InlineMessageGone
from bot.chat.send.message import Recipient
from bot.chat.send.planning import shown_again
from bot.chat.send.progress import at_work
from bot.chat.send.refusals import optional
from bot.chat.send.split import shorten
from bot.chat.updates.parse import key_of
from bot.chat.updates.raw import is_id, message_of, sender_of
from bot.dispatch.base import WorkElsewhere
from bot.texts import say
from bot.turns.turns import Turns
from storage.media.store import MediaMissing
from storage.records import InboxRow, Key, Turn
from storage.store import Store


class Responder:
    """Sends responses."""

    def __init__(self, bot: Bot, store: Store, turns: Turns, delivery: Delivery, placing: Placing) -> None:
        self._bot = bot
        self._store = store
        self._turns = turns
        self._delivery = delivery
        self._placing = placing
        self._buttons = ExpiringButtons(bot)

    def sending_once_for(self, update_id: int) -> AbstractContextManager[None]:
        """Send each picture and file of the block once for this update, also when it is handled again."""
        return self._delivery.sending_once_for(update_id)

    def at_work(self, key: Key, verb: str) -> AbstractAsyncContextManager[object]:
        """Show that the bot works on a command or a press until the block ends, if that takes long."""
        return at_work(self._bot, key, verb)

    async def carry_out(self, recipient: Recipient, updates: Collection[int], response: Response) -> None:
        """Send a response; then end its updates in the way that it says.

        Raises: PTB's errors, ``StorageFault``; ``WorkElsewhere`` where other conversations have work by it.
        """
        sent: Message | None = None
        for part in response.parts:
            sent = await self._send(recipient, part) or sent
        await self._end(updates, response.ending, sent)
        if response.wakes:
            raise WorkElsewhere(*response.wakes)

    async def notify(self, row: InboxRow) -> None:
        """Say what was stored with an update about its effect; end the update."""
        notice = row.notice or {}
        if row.key.is_inline:
            await self._notify_inline(row, str(notice.get("language", "")))
            return
        # It may be sent long after its message, or while others are answered, so it says which one it is about.
        reply_to = _quoted(row) if notice.get("quotes") else None
        asker_id = sender_of(row.payload)
        recipient = Recipient(key=row.key, language=notice.get("language", ""), reply_to=reply_to, asker_id=asker_id)
        await self.carry_out(recipient, [row.update_id], await response_to_notice(self._store, row))

    async def end_inline(self, turn: Turn) -> None:
        """Say why no picture comes for a turn of somebody who was blocked after the placeholder."""
        await self._delivery.inline.end(InlineMessage.of_turn(turn), turn.author.language, "guest-blocked")

    async def _notify_inline(self, row: InboxRow, language: str) -> None:
        response = await response_to_notice(self._store, row)
        words = [say(language, part.key, **part.values) for part in response.parts if isinstance(part, Sentence)]
        with suppress(InlineMessageGone, TooOld):
            message = InlineMessage.of_update(row.payload)
            if "guest_message" in row.payload:
                message = InlineMessage(id=await self._placing.inline_id(row))
            await self._delivery.inline.write(message, "\n".join(words))
        await self._store.inbox.finish([row.update_id])

    async def _send(self, recipient: Recipient, part: Part) -> Message | None:
        """Send one part; return the message of a text."""
        match part:
            case Sentence() | Words():
                return await self._say(recipient, part)
            case Rewording() if recipient.whisper_id:
                await self._delivery.manners.reword(recipient, part.text, part.keyboard)
            case Rewording():
                await self._reword(recipient, part)
            case WithoutButtons() if recipient.whisper_id:
                await self._delivery.manners.reword(recipient, None, None)
            case WithoutButtons():
                await self._buttons.remove(recipient.key.chat_id, part.message_id)
            case Drawing():
                await self._delivery.picture(recipient, part.data, part.words, name=part.name, covered=part.covered)
            case Film():
                await self._delivery.animation(recipient, part.animation, part.words, covered=part.covered)
            case Document():
                await self._delivery.document(recipient, part.file, part.words, name=part.name)
            case Invoice():
                return await self._invoice(recipient, part)
            case AnswerAgain(versions=(_, _, *_)):
                await self._delivery.show_batch(part.versions, recipient)
            case AnswerAgain():
                await self._show_again(recipient, part)
            case Originals():
                await self._delivery.files(part.turn, recipient)
            case Leave():
                await self._delivery.leave(part.chat_id)
            case Elsewhere():
                await self._say(replace(recipient, key=part.key, reply_to=None), part.sentence)
            case Series():
                async with aclosing(part.parts) as parts:
                    async for one in parts:
                        await self._send(recipient, one)
        return None

    async def _show_again(self, recipient: Recipient, part: AnswerAgain) -> None:
        said = {"key": part.key, "wish": shorten(part.turn.wish)}
        plan = shown_again(part.turn, recipient, said, part.current, by=part.by, redoes=part.redoes)
        try:
            await self._delivery.show(part.turn, recipient, plan)
        except MediaMissing:
            if not part.current:
                raise
            # The answer itself is in words, and can be shown without the picture that is current there.
            await self._delivery.show(
                part.turn, recipient, shown_again(part.turn, recipient, said, by=part.by, redoes=part.redoes)
            )

    async def _say(self, recipient: Recipient, part: Sentence | Words) -> Message | None:
        text = part.text if isinstance(part, Words) else say(recipient.language, part.key, **part.values)
        recipient = replace(recipient, alone=part.alone)
        message: Message | None = None
        with optional(recipient.key.chat_id) if part.optional else nullcontext():
            message = await self._delivery.write(recipient, text, part.keyboard)
        if message is not None and isinstance(part, Sentence) and part.buttons_for_s is not None:
            self._buttons.expire(message.chat_id, message.message_id, part.buttons_for_s)
        return message

    async def _invoice(self, recipient: Recipient, part: Invoice) -> Message:
        # Without a provider token: Stars need none, and PTB 22.8 sends "[]" in place of an empty text.
        # With a start parameter a forwarded invoice leads to the bot, so that nobody pays for somebody else by mistake.
        return await self._bot.send_invoice(
            recipient.key.chat_id,
            title=part.title,
            description=part.description,
            payload=part.payload,
            currency="XTR",
            prices=[LabeledPrice(part.title, part.stars)],
            start_parameter="buy",
            message_thread_id=recipient.key.topic_id or None,
        )

    async def _reword(self, recipient: Recipient, part: Rewording) -> None:
        chat_id, message_id = recipient.key.chat_id, part.message_id
        try:
            await self._bot.edit_message_text(
                part.text, chat_id=chat_id, message_id=message_id, reply_markup=part.keyboard
            )
        except TelegramError as error:
            if part.anew:
                message_id = (await self._delivery.write(recipient, part.text, part.keyboard)).message_id
            # "message is not modified": the same choice tapped twice. Or the message is gone.
            elif not isinstance(error, BadRequest):
                raise
        if part.buttons_for_s is not None:
            self._buttons.expire(chat_id, message_id, part.buttons_for_s)

    async def _end(self, updates: Collection[int], ending: Ending, sent: Message | None) -> None:
        match ending:
            case Stored():
                pass
            case Finish():
                if updates:
                    await self._store.inbox.finish(updates)
            case Greeted():
                await self._store.chats.claim_greeting(ending.chat_id)
                await self._store.inbox.finish(updates)
            case WelcomedBack():
                await self._store.chats.choose(ending.chat_id, ENDED_BY_BLOCK, None)
                await self._store.inbox.finish(updates)
            case Take():
                await self._turns.take(ending.turn_input)
            case Repeat():
                await self._turns.again(
                    ending.turn,
                    updates,
                    ending.asker,
                    times=ending.times,
                    late=ending.late,
                    more=ending.more,
                    each=ending.each,
                    ratio=ending.ratio,
                    request_message_id=ending.request_message_id,
                )
            case KeepLinks():
                await self._keep(updates, ending, sent)

    async def _keep(self, updates: Collection[int], ending: KeepLinks, sent: Message | None) -> None:
        conversations = self._store.conversations
        if ending.head is not None:
            conversation = await conversations.by_id(ending.head.conversation_id)
            await conversations.move_head(conversation, ending.head.id, redo=conversation.redo)
        links = [
            replace(link, message_id=sent.message_id) if sent and link.message_id == JUST_SENT else link
            for link in ending.links
        ]
        await self._store.messages.save(ending.conversation_id, links, updates)


def _quoted(row: InboxRow) -> int | None:
    """Return the message that a notice about an update quotes; None after the group moved."""
    message_id = message_of(row.payload).get("message_id")
    return message_id if is_id(message_id) and key_of(row.payload) == row.key else None
