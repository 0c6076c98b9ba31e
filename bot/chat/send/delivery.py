"""Delivers answers: sends their messages, and stores the state of each message before and after it is sent.

Imports PTB, ``inline``, ``keyboards``, ``manners``, ``message``, ``planning``, ``sending``, ``split``, ``once``,
``pictures.boards.values``, ``texts`` and ``storage``.

A send has no idempotency key. Where its outcome is unknown (a read timeout, a reset connection, a 5xx after the upload,
a process that died), the message is stored as unknown and is not repeated by itself: a short text offers it with a
button. The same happens where the chat allows no form of it. An answer counts as delivered when all its messages have
arrived; until then it is kept back, and its button sends all of it.
"""

from __future__ import annotations

import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import replace
from functools import partial
from typing import Any, BinaryIO, TypeVar

from telegram import Bot, ForceReply, InlineKeyboardMarkup, Message
from telegram.error import BadRequest, Forbidden

from bot.chat.send import keyboards
from bot.chat.send.inline import InlineMessages
from bot.chat.send.manners import Manners
from bot.chat.send.message import OutgoingMessage, Recipient, albums_of, link_of
from bot.chat.send.once import NotAllowed, OnceSender, Unconfirmed, UnknownOutcome
from bot.chat.send.planning import each_words_once, laid_out, says_the_same, with_words_of
from bot.chat.send.sending import Sender
from bot.chat.send.split import shorten, split_text
from bot.pictures.boards.values import Animation
from bot.texts import say
from storage.records import MessageLink, SendState, Turn, TurnState
from storage.store import Store
from storage.tables.deliveries import DeliveryResult, SendRecord

log = logging.getLogger(__name__)

T = TypeVar("T")


class Delivery:
    """Sends the answers of turns, and everything else that the bot says.

    ``has_owners``: somebody is notified of failures, so people need not report them.
    """

    def __init__(self, bot: Bot, store: Store, *, has_owners: bool = False) -> None:
        self._bot = bot
        self._store = store
        self.has_owners = has_owners
        self.manners = Manners(bot)
        self._sender = Sender(bot, store.media, self.manners)
        self._once_sender = OnceSender(store.deliveries)
        self.inline = InlineMessages(bot)
        self._unrecorded: dict[tuple[int, int], tuple[SendState, list[MessageLink]]] = {}

    def sending_once_for(self, update_id: int) -> AbstractContextManager[None]:
        """Send each picture and file of the block once for this update, also when it is handled again."""
        return self._once_sender.sending_once_for(update_id)

    async def say(
        self,
        recipient: Recipient,
        key: str,
        keyboard: InlineKeyboardMarkup | ForceReply | None = None,
        /,
        **values: Any,
    ) -> Message:
        """Send one of the bot's texts, in as many messages as it needs; return the last message."""
        return await self.write(recipient, say(recipient.language, key, **values), keyboard)

    async def say_fault(
        self,
        recipient: Recipient,
        key: str,
        keyboard: InlineKeyboardMarkup | ForceReply | None = None,
        /,
        **values: Any,
    ) -> Message:
        """Send a text about a fault that the owners are notified of, and say so; without owners, ask to report it."""
        language = recipient.language
        owner = say(language, "owner-knows" if self.has_owners else "owner-unset")
        return await self.write(recipient, f"{say(language, key, **values)}\n{owner}", keyboard)

    async def write(
        self, recipient: Recipient, text: str, keyboard: InlineKeyboardMarkup | ForceReply | None = None
    ) -> Message:
        """Send words as they are, in as many messages as they need; return the last message."""
        pieces = split_text(text)
        for piece in pieces[:-1]:
            await self._words(recipient, piece, None)
        return await self._words(recipient, pieces[-1], keyboard)

    async def reword(
        self, chat_id: int, message_id: int, text: str, keyboard: InlineKeyboardMarkup | None = None
    ) -> None:
        """Replace the text of an earlier message of the bot and its buttons, if it still exists."""
        with suppress(BadRequest, Forbidden):
            await self._bot.edit_message_text(text, chat_id=chat_id, message_id=message_id, reply_markup=keyboard)

    async def leave(self, chat_id: int) -> None:
        """Leave a group or a channel."""
        try:
            await self._bot.leave_chat(chat_id)
        except (BadRequest, Forbidden) as error:
            log.info("chat %s could not be left: %s", chat_id, error.message)

    async def deliver(
        self, turn: Turn, recipient: Recipient, remarks: Sequence[str] = (), shapes: Sequence[str] = ()
    ) -> DeliveryResult:
        """Send the messages of an answered turn that were not sent yet, or say why the turn failed.

        ``remarks``: sentences of the bot that follow the model's words. ``shapes``: buttons for other shapes.
        """
        if turn.state is TurnState.FAILING:
            await self._report_failure(turn, recipient)
        if turn.state is not TurnState.ANSWERED:
            return DeliveryResult()
        return await self._send(turn, recipient, self._plan(turn, recipient, remarks, shapes), [turn.id])

    async def _send(
        self, turn: Turn, recipient: Recipient, plan: Sequence[OutgoingMessage], brings: Sequence[int]
    ) -> DeliveryResult:
        """Send the messages of a plan that were not sent yet. ``brings``: the turns whose answers it contains."""
        deliveries = self._store.deliveries
        # The first message may have been sent without being stored; then it must not begin again.
        known = await (deliveries.of if (turn.id, 0) in self._unrecorded else deliveries.begin)(turn.id)
        begun = not known
        last = len(plan) - 1
        result = DeliveryResult()
        for position, outgoing in enumerate(plan):
            if known.get(position) in (SendState.SENT, SendState.UNKNOWN):
                continue
            if (turn.id, position) in self._unrecorded:
                pass
            elif known.get(position) is SendState.SENDING and outgoing.pictures:
                await self._unconfirmed(turn, recipient, position, UnknownOutcome())
            else:
                await self._send_one(turn, recipient, position, outgoing, begun=begun and position == 0)
            result = await self._record(turn, position, brings if position == last else ())
        if known.get(last) in (SendState.SENT, SendState.UNKNOWN):
            return await self._store.deliveries.end(turn.id, brings)
        return result

    async def deliver_batch(
        self, turns: Sequence[Turn], recipient: Recipient, remarks: Sequence[str] = ()
    ) -> DeliveryResult:
        """Send the answers of several versions as an album, with a button to choose each."""
        first, plan, brings = self._plan_batch(turns, recipient, remarks)
        if plan:
            result = await self._send(first, recipient, plan, brings)
        else:
            result = await self.deliver(first, recipient, remarks)
        for turn in turns:
            if turn.state is TurnState.FAILING:
                await self._store.conversations.set_state(turn.id, TurnState.FAILED)
        return result

    async def show(self, turn: Turn, recipient: Recipient, plan: Sequence[OutgoingMessage]) -> None:
        """Show a turn again, as planned. If its answer was kept back, all of it is shown, and counts as delivered."""
        await self._show(turn, recipient, plan, [turn.id] if turn.kept_back is not None else ())

    async def show_batch(self, turns: Sequence[Turn], recipient: Recipient) -> None:
        """Show the pictures of versions that were kept back, as they were to be delivered, or all where none was."""
        left = [turn for turn in turns if turn.kept_back or not turn.shown]
        kept = any(turn.shown for turn in left)
        first, plan, brings = self._plan_batch(left if kept else turns, recipient)
        await self._show(first, recipient, plan, brings)

    async def _show(
        self, turn: Turn, recipient: Recipient, plan: Sequence[OutgoingMessage], brings: Sequence[int]
    ) -> None:
        """Send a plan on request. ``brings``: the turns that were kept back and are delivered by it."""
        for outgoing in plan:
            try:
                links = await self._shown(turn, recipient, outgoing)
            except Unconfirmed as unconfirmed:
                links = await self._offered(turn, recipient, unconfirmed)
                brings = ()
            await self._store.messages.save(turn.conversation_id, links)
        if brings:
            await self._store.deliveries.shown(brings)

    async def _shown(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> Sequence[MessageLink]:
        if not outgoing.pictures:
            return [await self._linked(turn, recipient, outgoing)]
        links = await self._once_sender.once(partial(self._sender.pictures, turn, recipient, outgoing)) or ()
        # An earlier picture belongs to its own turn, and goes with that. A reply finds it by the path.
        return links if turn.shown else [replace(link, picture=None, file_id=None) for link in links]

    async def picture(self, recipient: Recipient, data: bytes, words: str, *, name: str, covered: bool = False) -> None:
        """Send a picture that was drawn here and belongs to no turn."""
        await self._once(recipient, partial(self._sender.drawn, recipient, data, words, name, covered=covered))

    async def document(self, recipient: Recipient, file: BinaryIO, words: str, *, name: str) -> None:
        """Send a file that was made here, open for reading."""
        await self._once(recipient, partial(self._sender.file, recipient, file, words, name))

    async def animation(self, recipient: Recipient, animation: Animation, words: str, *, covered: bool = False) -> None:
        """Send an animation that was made here."""
        await self._once(recipient, partial(self._sender.animation, recipient, animation, words, covered=covered))

    async def files(self, turn: Turn, recipient: Recipient) -> None:
        """Send the original bytes of a turn's pictures as documents."""
        whole = not turn.words
        for ref in turn.shown:
            sent = await self._once(recipient, partial(self._sender.original, turn, recipient, ref))
            await self._store.messages.save(turn.conversation_id, sent or ())
            whole = whole and sent is not None
        if whole and turn.shown and turn.kept_back is not None:
            await self._store.deliveries.shown([turn.id])

    def _plan(
        self, turn: Turn, recipient: Recipient, remarks: Sequence[str], shapes: Sequence[str] = ()
    ) -> list[OutgoingMessage]:
        keyboard = keyboards.under_turn(turn, recipient.language, shapes=shapes)
        said = turn.wish or " · ".join(one.caption for one in turn.pictures if one.caption and not one.marks)
        retold = say(recipient.language, "retold", wish=shorten(said)) if turn.kind == "edit" else ""
        words = "\n".join(filter(None, [retold, turn.words, *remarks]))
        return laid_out(recipient, turn.shown, words, keyboard, covered=turn.covered)

    def _plan_batch(
        self, turns: Sequence[Turn], recipient: Recipient, remarks: Sequence[str] = ()
    ) -> tuple[Turn, list[OutgoingMessage], list[int]]:
        """Return the messages of several versions, the turn that records them, and the turns that they bring.

        Those are the versions with pictures, or where there is none, the first one in words and all that say the same.
        """
        drawn = [turn for turn in turns if turn.shown]
        worded = [turn for turn in turns if turn.state is TurnState.ANSWERED and not turn.shown]
        if not drawn:
            first = (worded or turns)[0]
            own = self._plan(first, recipient, remarks) if worded else []
            brings = [turn.id for turn in worded if says_the_same(turn, first)] or [first.id]
            return first, [with_words_of(each_words_once(worded)[1:], one, recipient) for one in own], brings
        ids = [turn.id for turn in drawn]
        key = "versions" if len({turn.pictures for turn in turns}) == 1 else "each-done"
        words = say(recipient.language, key, count=len(drawn), missing=len(turns) - len(drawn))
        chosen_by = OutgoingMessage(
            words="\n".join([words, *remarks]), keyboard=keyboards.to_choose(recipient.language, ids, turns[0].id)
        )
        covered = any(turn.covered for turn in drawn)
        albums = albums_of([turn.shown[-1] for turn in drawn], ids, covered=covered, numbered=len(drawn) > 1)
        return turns[0], [*albums, with_words_of(each_words_once(worded), chosen_by, recipient)], ids

    async def _send_one(
        self, turn: Turn, recipient: Recipient, position: int, outgoing: OutgoingMessage, *, begun: bool
    ) -> None:
        """Send one message. ``begun``: it is recorded already that it begins."""
        if not begun:
            await self._store.deliveries.record(SendRecord(turn_id=turn.id, position=position, state=SendState.SENDING))
        try:
            if outgoing.pictures:
                links = await self._sender.pictures(turn, recipient, outgoing)
            else:
                links = [await self._linked(turn, recipient, outgoing)]
        except UnknownOutcome as unknown:
            await self._unconfirmed(turn, recipient, position, unknown)
            return
        except NotAllowed as barred:
            # If the message about it fails, the next try asks again what is allowed.
            await self._store.deliveries.withdraw(turn.id, position)
            await self._unconfirmed(turn, recipient, position, barred)
            return
        except Exception:
            # It has certainly not arrived, or it is words, so the next try may send it.
            await self._store.deliveries.withdraw(turn.id, position)
            raise
        self._unrecorded[turn.id, position] = SendState.SENT, links

    async def _record(self, turn: Turn, position: int, brings: Sequence[int]) -> DeliveryResult:
        """Store the state of a message that was sent; where that fails, the state stays in memory for the next try."""
        state, links = self._unrecorded[turn.id, position]
        record = SendRecord(turn_id=turn.id, position=position, state=state)
        result = await self._store.deliveries.sent(record, turn.conversation_id, links, brings=brings)
        del self._unrecorded[turn.id, position]
        return result

    async def _unconfirmed(self, turn: Turn, recipient: Recipient, position: int, why: Unconfirmed) -> None:
        # Stored as unknown after the person was notified: a process that dies in between notifies twice, not never.
        log.warning("turn %s: it is not known whether message %s arrived (%s)", turn.id, position, why.key)
        self._unrecorded[turn.id, position] = (
            SendState.UNKNOWN,
            await self._offered(turn, await self.about(turn, recipient), why),
        )

    async def _offered(self, turn: Turn, recipient: Recipient, why: Unconfirmed) -> list[MessageLink]:
        """Say that not everything may have arrived, with a button that sends it; return the links so far."""
        message = await self.say(recipient, why.key, keyboards.to_show(recipient.language, turn.id))
        return [*why.arrived, link_of(message, turn.id, None)]

    async def _linked(self, turn: Turn, recipient: Recipient, outgoing: OutgoingMessage) -> MessageLink:
        words = partial(self._sender.words, recipient, outgoing.words, outgoing.keyboard)
        send = partial(self._sender.text, recipient, outgoing) if outgoing.text else words
        return link_of(await self._once_sender.said((recipient, outgoing.words, outgoing.text), send), turn.id, None)

    async def about(self, turn: Turn, recipient: Recipient) -> Recipient:
        """Return the recipient of news of a turn: where other messages came after its wish, they quote the wish.

        In groups everything about a turn does.
        """
        chat, asked = recipient.key.chat_id, turn.request_message_id
        if chat < 0 or asked <= 0:
            return recipient
        if turn.kind == "reworded" or await self._store.messages.is_followed(recipient.key, asked, turn.id):
            return replace(recipient, reply_to=asked)
        return recipient

    async def _report_failure(self, turn: Turn, recipient: Recipient) -> None:
        if (turn.id, 0) not in self._unrecorded:
            error = turn.error or {"key": "trouble", "values": {}, "help": []}
            buys_at = self._bot.username if recipient.key.chat_id < 0 else ""
            keyboard = keyboards.under_failure(recipient.language, turn.id, error.get("help", ()), buys_at=buys_at)
            tell = self.say_fault if error.get("owner_text") else self.say
            about = await self.about(turn, recipient)
            if error["key"].startswith("limit-"):
                about = replace(about, asker_id=(turn.asker or turn.author).id, alone=True)
            message = await tell(about, error["key"], keyboard, **error.get("values", {}))
            # A message for one person has no number, and nobody can reply to it.
            links = [link_of(message, turn.id, None)] if message.message_id else []
            self._unrecorded[turn.id, 0] = SendState.SENT, links
        await self._store.messages.save(turn.conversation_id, self._unrecorded[turn.id, 0][1])
        await self._store.conversations.set_state(turn.id, TurnState.FAILED)
        del self._unrecorded[turn.id, 0]

    async def _words(
        self, recipient: Recipient, text: str, keyboard: InlineKeyboardMarkup | ForceReply | None
    ) -> Message:
        return await self._once_sender.said((recipient, text), partial(self._sender.words, recipient, text, keyboard))

    async def _once(self, recipient: Recipient, send: Callable[[], Awaitable[T]]) -> T | None:
        try:
            return await self._once_sender.once(send)
        except UnknownOutcome:
            await self.say(recipient, "outcome-unknown")
        except NotAllowed as barred:
            await self.say(recipient, barred.key)
        return None
