"""The command ``/start``, which may bring the number of an answer from elsewhere, to go on with it in private.

Imports PTB, ``access``, ``actions``, ``answers``, ``granted``, ``lent``, ``context``, ``download``, ``response``,
``send``, ``texts`` and ``storage``. A link below such an answer brings the number. It opens the answer for the person
who asked for it, and for nobody else.
"""

from __future__ import annotations

import logging

from telegram.error import TelegramError

from bot.access.limits import Limits
from bot.chat.actions import linked_turn
from bot.chat.commands.context import CommandContext, verb
from bot.chat.guests.granted import granted
from bot.chat.inline.answers import InlineAnswers
from bot.chat.inline.lent import borrowed
from bot.chat.receive.download import Downloader, UnusablePicture
from bot.chat.response import STORED, Response, respond, respond_lines
from bot.chat.send.inline import InlineMessage
from bot.chat.send.message import Recipient
from bot.texts import say
from storage.records import InputPicture, Json, Turn, TurnState
from storage.store import Store

log = logging.getLogger(__name__)


class StartCommand:
    """The verb of ``/start``."""

    def __init__(self, store: Store, downloader: Downloader, answers: InlineAnswers, limits: Limits) -> None:
        self._store = store
        self._downloader = downloader
        self._answers = answers
        self._limits = limits

    @verb("start")
    async def start(self, context: CommandContext) -> Response:
        """Say what the bot does, and how much of it somebody may use; with an answer's number, go on with that."""
        linked = linked_turn(context.value) if context.private else None
        turn = await self._own(linked, context.author.id) if linked is not None else None
        if turn is not None and turn.reply is None and not turn.state.finished:
            return respond("inline-soon")
        if turn is None or turn.reply is None:
            subject_id = context.author.id if context.private else context.recipient.key.chat_id
            may = await granted(context.language, self._store.books, self._limits, subject_id)
            return respond_lines(say(context.language, "start"), *may)
        notice: Json = {"key": "went-on", "turn_id": None, "language": context.language}
        pictures = [*turn.pictures, *await self._borrowed(turn)]
        await self._store.inline.keep(turn.id, context.conversation.key, pictures, context.update_id, notice)
        await self._show_there(turn)
        return STORED

    async def _own(self, turn_id: int, person_id: int) -> Turn | None:
        """Return an answer that a person asked for elsewhere; None for anybody else's, and for other answers."""
        turn = await self._store.conversations.turn(turn_id)
        if turn is None:
            return None
        key = (await self._store.conversations.by_id(turn.conversation_id)).key
        return turn if key.is_inline and key.chat_id == person_id else None

    async def _borrowed(self, turn: Turn) -> list[InputPicture]:
        """Return the pictures of others that a wish gave back, since its answer is kept; none where they are gone."""
        try:
            return await borrowed(self._downloader, InlineMessage.of_turn(turn))
        except (UnusablePicture, TelegramError) as error:
            log.info("turn %s is kept without the pictures that it was made from: %s", turn.id, type(error).__name__)
            return []

    async def _show_there(self, turn: Turn) -> None:
        """Show the answer in its inline message, if it had to wait until there is a private chat."""
        if turn.state is not TurnState.ANSWERED or turn.kept_back is None:
            return
        key = (await self._store.conversations.by_id(turn.conversation_id)).key
        try:
            await self._answers.deliver(turn, Recipient.of_turn(turn, key))
        except TelegramError as error:
            # The button below the words there does the same.
            log.info("turn %s could not be shown where it was asked for: %s", turn.id, type(error).__name__)
