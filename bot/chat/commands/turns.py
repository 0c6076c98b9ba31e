"""Commands and buttons about turns: move head, repeat a wish, show or send an answer again.

Imports ``command_table``, ``context``, ``topics``, ``response``, ``keyboards``, ``orders``, ``texts``, ``turns`` and
``storage``.
"""

from __future__ import annotations

import logging

from bot.chat.command_table import REPEATS, VERSIONS
from bot.chat.commands.context import CommandContext, verb
from bot.chat.groups.topics import NewTopics
from bot.chat.response import (
    STORED,
    AnswerAgain,
    Elsewhere,
    Originals,
    Part,
    Repeat,
    Response,
    Sentence,
    Take,
    WithoutButtons,
    respond,
)
from bot.chat.send import keyboards
from bot.chat.updates.orders import order_of
from bot.texts import decimal, say
from bot.turns.request.exchanges import picture_of_answer, showing
from bot.turns.restoring.restoring import NotRestored
from bot.turns.turns import Turns
from bot.turns.wishes import TurnInput
from storage.records import MessageLink, Role, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store

log = logging.getLogger(__name__)


class TurnCommands:
    """Verbs about turns."""

    def __init__(self, store: Store, turns: Turns, topics: NewTopics) -> None:
        self._store = store
        self._turns = turns
        self._topics = topics

    @verb("new")
    async def new(self, context: CommandContext) -> Response:
        """Start over, in a topic of its own where the operator wants that. Earlier pictures stay in the tree."""
        name = say(context.language, "topic-name")
        topic = await self._topics.open(context.update_id, context.recipient.key, name)
        if topic is not None:
            told = Sentence(key="topic-opened", values={"name": name})
            return Response(parts=(told, Elsewhere(key=topic, sentence=Sentence(key="fresh"))))
        return _moved(await self._turns.new(context.moving))

    @verb("undo")
    async def undo(self, context: CommandContext) -> Response:
        """Go one picture back."""
        conversation = context.conversation
        if context.turn is None and conversation.head_id is None and not conversation.is_anew:
            return respond("nothing-to-undo")
        return _moved(await self._turns.undo(context.moving, context.turn))

    @verb("redo")
    async def redo(self, context: CommandContext) -> Response:
        """Take an undo back."""
        if not context.conversation.redo:
            return respond("nothing-to-redo")
        return _moved(await self._turns.redo(context.moving))

    @verb("choose")
    async def choose(self, context: CommandContext) -> Response:
        """Go on from one of several versions."""
        # What a button carries comes from a client: it may name a turn without an answer.
        if context.turn is None or context.turn.state not in (TurnState.ANSWERED, TurnState.DELIVERED):
            return respond("button-outdated")
        return _moved(await self._turns.choose(context.moving, context.turn))

    @verb(*REPEATS, "vary")
    async def repeat(self, context: CommandContext) -> Response:
        """Make an earlier wish once more, in one or several versions."""
        turn = context.turn or await self._turns.turn_to_repeat(context.conversation)
        if turn is None:
            return respond("nothing-to-repeat")
        if turn.says_nothing:
            return respond("nothing-left-to-repeat")
        spent: tuple[Part, ...] = ()
        if context.message_id is not None and turn.state in (TurnState.FAILING, TurnState.FAILED):
            # The button under a failure keeps one wish. What it made has buttons of its own.
            if await self._store.views.was_repeated(turn):
                return Response(parts=(WithoutButtons(message_id=context.message_id), Sentence(key="taken-up")))
            spent = (WithoutButtons(message_id=context.message_id),)
        more = order_of(context.value if context.command_id else "")
        several = bool(more.name or more.carries)
        ignored: tuple[Part, ...] = (Sentence(key="only-command", values={"name": "again"}, optional=True),)
        again = Repeat(
            turn=turn,
            asker=context.author,
            times=REPEATS.get(context.name, VERSIONS),
            more="" if several else more.words,
            request_message_id=context.recipient.reply_to,
        )
        return Response(parts=(*spent, *(ignored if several else ())), ending=again)

    @verb("each")
    async def offer_each(self, context: CommandContext) -> Response:
        """Say what it costs to do a wish on each of its pictures, with the button that does it."""
        turn = context.turn
        if turn is None or not turn.brought_several:
            return respond("button-outdated")
        count, settings, answering = len(turn.pictures), context.conversation.settings, self._turns.answering
        each = answering.limit_watch.expected_micro_usd(answering.choice(settings), settings.get("size", ""))
        price = {"dollars": decimal(count * each / 1_000_000, 2)} if each else {}
        keyboard = keyboards.to_do_each(context.language, turn.id, count)
        key = "each-offer-priced" if each else "each-offer"
        return Response(parts=(Sentence(key=key, values={"count": count, **price}, keyboard=keyboard),))

    @verb("each-surely")
    async def each(self, context: CommandContext) -> Response:
        """Do a wish on each of its pictures by itself, as a set of turns."""
        turn = context.turn
        if turn is None or not turn.brought_several or context.message_id is None:
            return respond("button-outdated")
        asked = WithoutButtons(message_id=context.message_id)
        return Response(parts=(asked,), ending=Repeat(turn=turn, asker=context.author, each=True))

    @verb(*keyboards.SHAPES)
    async def reshape(self, context: CommandContext) -> Response:
        """Make a new picture once more in another shape."""
        turn = context.turn
        if turn is None:
            return respond("button-outdated")
        if turn.says_nothing:
            return respond("nothing-left-to-repeat")
        again = Repeat(turn=turn, asker=context.author, ratio=keyboards.SHAPES[context.name])
        return Response(ending=again)

    @verb("like")
    async def like(self, context: CommandContext) -> Response:
        """Make versions that are like one of several, with small differences."""
        turn = context.turn
        if turn is None or not turn.shown or turn.state not in (TurnState.ANSWERED, TurnState.DELIVERED):
            return respond("button-outdated")
        shown = picture_of_answer(turn)
        key = context.conversation.key
        wish = TurnInput(
            key=key,
            author=context.author,
            wish=say(context.language, "wish-like-this"),
            request_message_id=turn.request_message_id,
            links=(),
            updates=(context.update_id,),
            reply=MessageLink(chat_id=key.chat_id, message_id=0, role=Role.ANSWER, turn_id=turn.id, picture=shown),
            shows_author=not context.private,
            times=VERSIONS,
        )
        return Response(ending=Take(turn_input=wish))

    @verb("painted", "only")
    async def other_picture(self, context: CommandContext) -> Response:
        """Show the other picture of an answer, restored or as the model painted it, and go on from that one.

        A restored picture that was only offered is made now. Of an older answer the other one is only shown: what came
        after was made from the picture that was seen then.
        """
        turn, only = context.turn, context.name == "only"
        answered = turn is not None and turn.state in (TurnState.ANSWERED, TurnState.DELIVERED)
        if turn is None or not answered or not (turn.restored or (only and turn.offered_from)):
            return respond("button-outdated")
        here = context.conversation.head_id == turn.id
        try:
            if turn.restored is None:
                turn = await self._turns.answering.restored(turn)
                turn = await self._store.conversations.take_restored(turn, taken=only and here)
            elif here:
                if only is not turn.restored.taken:
                    self._turns.answering.meter.restored["taken" if only else "taken_back"] += 1
                turn = await self._store.conversations.take_restored(turn, taken=only)
        except NotRestored as why:
            log.info("turn %s: the change alone could not be taken: %s", turn.id, why)
            return respond("only-nothing")
        except TurnMovedOn:
            return respond("button-outdated")
        if turn.restored is None:
            return respond("button-outdated")
        other = showing(turn, turn.restored.picture.media if only else turn.restored.painted)
        return Response(parts=(AnswerAgain(turn=other, key=f"{context.name}-{'here' if here else 'there'}"),))

    @verb("file")
    async def file(self, context: CommandContext) -> Response:
        """Send the original bytes of a picture: of the one in the message, if its answer has two."""
        turn = await self._turns.shown_at(context.turn.id if context.turn else context.conversation.head_id)
        if turn is None:
            return respond("nothing-to-file")
        picture = context.picture
        if context.message_id is not None:
            link = await self._store.messages.find(context.conversation.key.chat_id, context.message_id)
            picture = link.picture if link else None
        return Response(parts=(Originals(turn=showing(turn, picture.media if picture else None)),))

    @verb("show", "words")
    async def show(self, context: CommandContext) -> Response:
        """Show an answer that is kept back: its arrival is unknown, or it is a version of words alone.

        What is unknown of several versions is unknown of all that went out together.
        """
        turn = context.turn
        if turn is None:
            return respond("button-outdated")
        batch = await self._store.conversations.batch_of(turn) if context.name == "show" else ()
        versions = tuple(one for one in batch if one.state is not TurnState.CANCELLED)
        key = "shown-named" if turn.wish else "shown"
        return Response(parts=(AnswerAgain(turn=turn, key=key, versions=versions),))

    @verb("cancel")
    async def cancel(self, context: CommandContext) -> Response:
        """End what waits for words. A cancel that finds a running turn overtakes the queue and never comes here."""
        sender = None if context.private else context.author.id
        count = await self._store.messages.end_waiting(context.conversation.id, sender, before=context.command_id)
        return respond("waiting-ended" if count else "nothing-to-cancel", count=count)


def _moved(moved: bool) -> Response:
    """Return the response to a move of head, which failed where the conversation has gone on meanwhile."""
    return STORED if moved else respond("moved-on")
