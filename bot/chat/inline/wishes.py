"""Handles what people ask for from elsewhere: wishes of guests and of inline queries, and presses of their buttons.

Imports ``actions``, ``send``, ``callers``, ``events``, ``lent``, ``receive``, ``reply_target``, ``response``,
``wishes``, ``texts``, ``turns`` and ``storage``. The effect of an update and its end are stored in one transaction.
Words of the bot go into the inline message, where saying them twice changes nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from bot.chat.actions import InlineAction, inline_action_of
from bot.chat.events import Called, PressedInline, Said
from bot.chat.inline.callers import Callers
from bot.chat.inline.lent import borrowed, lent_to
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.receive.placing import Ignored, Placing, TooOld
from bot.chat.reply_target import meaning_of
from bot.chat.response import Part, Response, Sentence, Take, Words
from bot.chat.send import keyboards
from bot.chat.send.inline import InlineMessage, InlineMessageGone, InlineMessages
from bot.chat.wishes.reading import WishReader
from bot.texts import say
from bot.turns.turns import Turns
from storage.records import WAITED, InboxRow, Key, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)


class InlineWishes:
    """Takes wishes whose answers go into inline messages."""

    def __init__(
        self,
        store: Store,
        turns: Turns,
        callers: Callers,
        reader: WishReader,
        downloader: Downloader,
        messages: InlineMessages,
        placing: Placing,
    ) -> None:
        self._store = store
        self._turns = turns
        self._callers = callers
        self._reader = reader
        self._downloader = downloader
        self._messages = messages
        self._placing = placing

    async def handle(self, row: InboxRow, event: Called | PressedInline) -> None:
        """Handle an update and end it. Raises: PTB's errors, ``StorageFault``, ``Later``."""
        try:
            if isinstance(event, PressedInline):
                await self._pressed(event)
            else:
                await self._called(row, event)
        except InlineMessageGone:
            log.info("update %s: its inline message was deleted", row.update_id)
            await self._store.inbox.finish([row.update_id])

    async def _called(self, row: InboxRow, event: Called) -> None:
        try:
            place = InlineMessage(id=event.inline_id or await self._placing.inline_id(row))
        except TooOld as error:
            if not isinstance(error, Ignored):
                log.info("update %s: the guest query is too old, so it is dropped", row.update_id)
            await self._store.inbox.finish([row.update_id])
            return
        chosen = await self._chosen(event)
        language, said = _language(chosen, event), event.said
        wish = said if said is not None and _asks(said) else None
        if event.author.id < 0:
            # An anonymous admin or a channel. Nobody could press the buttons, and each channel would be a person more
            # for the limits.
            await self._end(event, place, say(language, "inline-not-yourself"))
        elif (refusal := await self._callers.refusal(event, wish)) is not None:
            await self._messages.say(place, language, refusal.key)
            await self._callers.end(event, refusal)
        elif said is None:
            keyboard = keyboards.to_private(language, self._messages.username)
            await self._messages.say(place, language, "inline-only-wishes", keyboard)
            await self._store.inbox.finish([event.update_id])
        elif wish is None:
            await self._end(event, place, say(language, "inline-help"))
        else:
            if WAITED in row.payload:
                await self._messages.say(place, language, "inline-painting")
            await self._inherit(event.key, chosen)
            await self._take(event, replace(wish, chosen_language=language), place)

    async def _chosen(self, event: Called | PressedInline) -> Mapping[str, Any]:
        """Return the settings of the caller's private chat."""
        return await self._store.conversations.settings(Key(event.key.chat_id, 0))

    async def _inherit(self, key: Key, chosen: Mapping[str, Any]) -> None:
        """Give a conversation the settings of the caller's private chat."""
        conversation = await self._store.conversations.open(key)
        if conversation.settings != chosen:
            await self._store.conversations.change(conversation.id, lambda _: chosen)

    async def _take(self, event: Called, said: Said, place: InlineMessage) -> None:
        own = await meaning_of(self._store, event.key, said.replied)
        replied = said.replied.attachment if said.replied and own is None else None
        one = replace(said, anew=said.anew or bool(said.attachment or replied), times=1)
        _, response = await self._reader.respond([one])
        ending = response.ending
        if not isinstance(ending, Take):
            await self._end(event, place, _worded(response, said.language))
            return
        understood = [_worded(response, said.language), say(said.language, "inline-one") if said.times > 1 else ""]
        if any(understood):
            # What was heard, which part of a file is used, or what is not done. The picture takes its place.
            lines = [*filter(None, understood), "", say(said.language, "inline-painting")]
            await self._messages.write(place, "\n".join(lines))
        found = ending.turn_input
        # Nothing of it is a message of a chat that the bot knows.
        reply = replace(found.reply, message_id=0) if found.reply else None
        lent = lent_to(found, said, said.replied if own is None else None)
        taken = replace(
            found, links=(), request_message_id=0, reply=reply, inline=replace(place, lent=tuple(lent)).to_json()
        )
        await self._turns.take(taken)

    async def _end(self, event: Called | PressedInline, place: InlineMessage, words: str) -> None:
        await self._messages.write(place, words)
        await self._store.inbox.finish([event.update_id])

    async def _pressed(self, event: PressedInline) -> None:
        if await self._callers.ignores(event.author.id):
            await self._store.inbox.finish([event.update_id])
            return
        action = inline_action_of(event.data)
        turn = await self._turn_of(event.key, action) if action is not None else None
        if await self._is_of_another(event, turn):
            log.warning("update %s: the inline message of its press is another person's", event.update_id)
            await self._store.inbox.finish([event.update_id])
        elif action is not None and action.name == "inline-show":
            await self._reveal(event, action, turn)
        elif action is not None and action.name == "inline-again" and turn is not None:
            await self._repeat(event, turn)
        elif action is not None and action.name == "inline-again":
            # Its answer was deleted, so the buttons do nothing any more.
            await self._messages.without_buttons(InlineMessage(id=event.inline_id))
            await self._store.inbox.finish([event.update_id])
        else:
            await self._store.inbox.finish([event.update_id])

    async def _turn_of(self, key: Key, action: InlineAction) -> Turn | None:
        """Return the turn of a button; None where there is none in this conversation."""
        conversation = await self._store.conversations.open(key)
        if not action.turn_id:
            return await self._store.conversations.latest(conversation.id)
        turn_id = action.turn_id if action.turn_id > 0 else await self._store.inline.turn_of_update(-action.turn_id)
        turn = await self._store.conversations.turn(turn_id) if turn_id else None
        return turn if turn is not None and turn.conversation_id == conversation.id else None

    async def _is_of_another(self, event: PressedInline, turn: Turn | None) -> bool:
        """Return whether a press names an inline message of another wish: a forged button must write over nothing.

        A client may press any message with any data (core.telegram.org/method/messages.getBotCallbackAnswer).
        """
        placed = InlineMessage.of_turn(turn).id if turn is not None else ""
        if placed:
            return placed != event.inline_id
        owner_id = await self._store.inline.conversation_at(event.inline_id)
        return owner_id not in (None, (await self._store.conversations.open(event.key)).id)

    async def _reveal(self, event: PressedInline, action: InlineAction, turn: Turn | None) -> None:
        """Show an answer in the inline message that a press names, if it could not be shown there before."""
        place = InlineMessage(id=event.inline_id)
        if turn is None:
            # The result was chosen, but Telegram did not say so: inline feedback is off at @BotFather. Or the wish was
            # forgotten; if the message shows a picture by now, no words can take its place.
            key = "inline-lost" if action.turn_id else "inline-unheard"
            await self._messages.end(place, _language(await self._chosen(event), event), key)
            await self._store.inbox.finish([event.update_id])
            return
        if not InlineMessage.of_turn(turn).id:
            await self._store.inline.place(turn.id, {"id": event.inline_id})
        await self._store.inbox.finish([event.update_id])
        await self._store.deliveries.take_up(event.key)

    async def _repeat(self, event: PressedInline, turn: Turn) -> None:
        place = InlineMessage.of_turn(turn)
        shows = place.pictured or (turn.state is TurnState.DELIVERED and bool(turn.shown))
        place = replace(place, id=event.inline_id, pictured=shows)
        chosen = await self._chosen(event)
        language = _language(chosen, event)
        if (refusal := await self._callers.refusal(event, None)) is not None:
            await self._messages.say(place, language, refusal.key)
            await self._callers.end(event, refusal)
            return
        try:
            lent = await borrowed(self._downloader, place)
        except UnusablePicture:
            lent = []
        if len(lent) < len(place.lent) or not turn.wish:
            await self._end(event, place, say(language, "inline-lost"))
            return
        await self._inherit(event.key, chosen)
        await self._messages.say(place, language, "inline-painting")
        await self._turns.again(turn, [event.update_id], event.author, lent=lent, inline=place.to_json())


def _asks(said: Said) -> bool:
    """Return whether somebody says what to paint: here, or in what the message replies to."""
    replied = said.replied
    return bool(said.words or said.recording or (replied and (replied.words or replied.recording)))


def _language(chosen: Mapping[str, Any], event: Called | PressedInline) -> str:
    return str(chosen.get("language") or event.author.language)


def _worded(response: Response, language: str) -> str:
    """Return what a response says, as words alone."""
    return "\n".join(_words_of(part, language) for part in response.parts)


def _words_of(part: Part, language: str) -> str:
    match part:
        case Sentence():
            return say(language, part.key, **part.values)
        case Words():
            return part.text
    return ""
