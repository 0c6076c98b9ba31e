"""The heart: takes wishes, has them answered, and moves heads over the tree.

May import ``answering``, ``contents``, ``ledger``, ``metrics``, ``providers.base`` and ``storage``. Knows nothing of
Telegram: what a reply points to arrives as a stored link, and what is to be said of a move leaves as a notice, stored
together with the move.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.answering import Answering, Interrupted
from bot.contents import current_picture
from bot.ledger import Leaving, Watcher
from bot.metrics import Step
from bot.providers.errors import ProviderError
from storage.conversations import TurnOver
from storage.media import MediaMissing
from storage.records import (
    Author,
    Conversation,
    InputPicture,
    Json,
    Key,
    MessageLink,
    NewTurn,
    Role,
    Turn,
    TurnState,
)
from storage.store import Store

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnInput:
    """What somebody asked, free of Telegram's types.

    ``reply`` is what the message that it replies to means here, None where it means nothing. ``links`` are its own
    messages, ``updates`` the deliveries in which it came. ``retold`` is the turn whose message was edited, ``times``
    how many versions are wanted side by side. ``anew``: it begins a new picture, of what comes with it alone.
    """

    key: Key
    author: Author
    wish: str
    request_message_id: int
    links: tuple[MessageLink, ...]
    updates: tuple[int, ...]
    pictures: tuple[InputPicture, ...] = ()
    reply: MessageLink | None = None
    named: bool = False
    retold: Turn | None = None
    times: int = 1
    anew: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """Why a turn has no answer: the key of a sentence, its values, and the keys of buttons that may help."""

    key: str
    values: Mapping[str, Any] = field(default_factory=dict)
    help: tuple[str, ...] = ()
    owner_text: str = ""


class Turns:
    """The verbs of the tree."""

    def __init__(self, store: Store, answering: Answering) -> None:
        self._store = store
        self.answering = answering

    async def take(self, asked: TurnInput) -> Turn:
        """Pick the parent of a wish and write the turn down; the updates that it came in are done with that."""
        conversation = await self._store.conversations.open(asked.key)
        parent_id, older, loose = await self._place(conversation, asked)
        waiting = await self._waiting(conversation, asked)
        older = (*older, *(link.picture for link in waiting if link.picture))
        if asked.anew:
            older, parent_id = older or await self._brought(asked.reply, parent_id), None
        new = NewTurn(
            conversation_id=conversation.id,
            parent_id=parent_id,
            head_before=conversation.head_id,
            author=asked.author,
            wish=asked.wish,
            pictures=(*older, *asked.pictures),
            request_message_id=asked.request_message_id,
            named=asked.named,
            options=dict(conversation.settings),
            kind="edit" if asked.retold else "send",
            retold_id=asked.retold.id if asked.retold else None,
        )
        links = (*(replace(link, role=Role.REQUEST) for link in (*loose, *waiting)), *asked.links)
        turn = await self._store.conversations.take(new, links, asked.updates, times=asked.times, anew=asked.anew)
        self._count("accepted", turn, asked.times)
        return turn

    async def again(
        self,
        turn: Turn,
        updates: Iterable[int],
        *,
        times: int = 1,
        late: Sequence[MessageLink] = (),
        request_message_id: int | None = None,
    ) -> Turn:
        """Ask the same once more, as a sibling or a set of them, with pictures that came too ``late`` for the first.

        ``request_message_id``: the message that asks for it, where that is not the one that asked first.
        """
        conversation = await self._store.conversations.by_id(turn.conversation_id)
        new = NewTurn(
            conversation_id=turn.conversation_id,
            parent_id=turn.parent_id,
            head_before=conversation.head_id,
            author=turn.author,
            wish=turn.wish,
            pictures=(*turn.pictures, *(link.picture for link in late if link.picture)),
            request_message_id=request_message_id or turn.request_message_id,
            named=turn.named,
            options=dict(conversation.settings),
            kind="again",
            retold_id=turn.id,
        )
        links = [replace(link, role=Role.REQUEST) for link in late]
        turn = await self._store.conversations.take(new, links, updates, times=times)
        self._count("accepted", turn, times)
        return turn

    async def undo(self, conversation: Conversation, update_id: int, language: str, turn: Turn | None = None) -> bool:
        """Move head to the parent of ``turn``, or of head itself; False if head moved meanwhile or there is none."""
        left = turn or await self.head(conversation)
        if left is None:
            return False
        # A turn without a place in the tree (failed, blocked) has nothing that redo could return to.
        redo = (*conversation.redo, left.id) if left.reply is not None else conversation.redo
        return await self._move(
            conversation, left.parent_id, redo, update_id, _notice("undone", left.parent_id, language)
        )

    async def redo(self, conversation: Conversation, update_id: int, language: str) -> bool:
        """Move head to the turn that undo left last; False if head moved meanwhile or there is none."""
        if not conversation.redo:
            return False
        *redo, to = conversation.redo
        return await self._move(conversation, to, redo, update_id, _notice("redone", to, language))

    async def new(self, conversation: Conversation, update_id: int, language: str) -> bool:
        """Set head to nothing; what was stays reachable by replies, and by redo at once."""
        redo = conversation.redo if conversation.head_id is None else (conversation.head_id,)
        return await self._move(conversation, None, redo, update_id, _notice("fresh", None, language))

    async def head(self, conversation: Conversation) -> Turn | None:
        """Return the turn that the next wish continues."""
        return await self._store.conversations.turn(conversation.head_id) if conversation.head_id else None

    async def choose(self, conversation: Conversation, turn: Turn, update_id: int, language: str) -> bool:
        """Move head to a turn; False if head moved meanwhile."""
        return await self._move(conversation, turn.id, (), update_id, _notice("chosen", turn.id, language))

    async def latest(self, conversation: Conversation) -> Turn | None:
        """Return the turn to repeat: the newest one, answered or not."""
        return await self._store.conversations.latest(conversation.id)

    async def run(self, turn: Turn, watcher: Watcher) -> Turn:
        """Answer a turn from wherever it stands and return it as it then is: answered, failed or finished before.

        Cancelling this call ends the provider's.
        """
        if turn.state not in (TurnState.ACCEPTED, TurnState.CALLING):
            return turn
        try:
            stored = await self.answering.answer(turn, watcher)
        except Leaving:
            return turn
        except TurnOver:
            return await self._dropped(await self._stored(turn))
        except ProviderError as error:
            log.warning("turn %s: %s: %s", turn.id, type(error).__name__, error.owner_text or error)
            return await self.fail(turn, _failure(error))
        except Interrupted as interrupted:
            if interrupted.times <= 1:
                return await self.fail(turn, Failure(key="interrupted", help=("try-again",)))
            why = "the process ended twice during its call"
            return await self.fail(turn, Failure(key="interrupted-again", help=("try-again",), owner_text=why))
        except MediaMissing as missing:
            log.error("turn %s: %s", turn.id, missing)
            return await self.fail(turn, Failure(key="picture-lost", owner_text=str(missing)))
        return self._ended(stored)

    async def run_set(self, turn: Turn, watcher: Watcher) -> list[Turn]:
        """Answer a turn and whatever was asked for side by side with it, all at once; return them in order."""
        members = await self._store.conversations.set_of(turn)
        try:
            async with asyncio.TaskGroup() as group:
                # One that breaks off ends its siblings: none may run on unseen while the set is begun again.
                running = [group.create_task(self.run(member, watcher)) for member in members]
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return [task.result() for task in running]

    async def fail(self, turn: Turn, failure: Failure) -> Turn:
        """End a turn without an answer. It is never a parent; its words and pictures stay for a retry."""
        error: Json = {"key": failure.key, "values": dict(failure.values), "help": list(failure.help)}
        if failure.owner_text:
            error["owner_text"] = failure.owner_text
        await self._store.conversations.set_state(turn.id, TurnState.FAILING, error=error)
        return self._ended(await self._stored(turn))

    def delivered(self, turns: Sequence[Turn], took_s: float) -> None:
        """Count answers, or words of failures, that took so many seconds to send."""
        self.answering.meter.took(Step.DELIVERED, took_s)
        for turn in turns:
            if turn.state is TurnState.ANSWERED:
                self._count("delivered", turn)

    async def done(self, turns: Sequence[Turn]) -> None:
        """Drop the raw answers of turns that were delivered or given up: nobody had to wait for that."""
        for turn in turns:
            await self._dropped(turn)

    async def settle_cancelled(self, turn: Turn) -> None:
        """Keep in the tree, undelivered, what had arrived and was paid for when a turn and its set were cancelled."""
        for member in await self._store.conversations.set_of(turn):
            await self.answering.keep_cancelled(member)
            await self._dropped(self._ended(await self._stored(member)))

    async def settle_left(self, *, before: float = math.inf) -> None:
        """Go through the raw answers that a process left before a time (Unix s) when it died.

        Keeps what was paid for, drops what is stored; leaves what somebody still works on. Raises: ``StorageFault``.
        """
        for turn_id, attempt in (await self._store.media.answers(before=before)).items():
            turn = await self._store.conversations.turn(turn_id)
            if turn is None:
                await self._store.media.drop_answers(turn_id, attempt)
            elif turn.state is TurnState.CANCELLED:
                await self.settle_cancelled(turn)
            else:
                await self._dropped(turn)

    async def _move(
        self, conversation: Conversation, to: int | None, redo: Sequence[int], update_id: int, notice: Json
    ) -> bool:
        return await self._store.conversations.move_head(
            conversation, to, redo=redo, updates=(update_id,), notice=notice
        )

    def _ended(self, stored: Turn) -> Turn:
        """Count that there will be no other answer to a turn; return the turn."""
        self._count("failed" if stored.state is TurnState.FAILING else stored.state.value, stored)
        return stored

    def _count(self, state: str, turn: Turn, times: int = 1) -> None:
        self.answering.meter.reached(state, self.answering.choice(turn.options).provider, times)

    async def _stored(self, turn: Turn) -> Turn:
        """Return the turn as it is by now."""
        stored = await self._store.conversations.turn(turn.id)
        if stored is None:
            raise LookupError(f"turn {turn.id} was deleted while it ran")
        return stored

    async def _dropped(self, stored: Turn) -> Turn:
        """Drop the raw answer of a turn that needs it no more, because it is read and stored; return the turn."""
        if stored.attempts and stored.state not in (TurnState.ACCEPTED, TurnState.CALLING):
            await self._store.database.flush()
            await self._store.media.drop_answers(stored.id, stored.attempts)
        return stored

    async def _place(
        self, conversation: Conversation, asked: TurnInput
    ) -> tuple[int | None, tuple[InputPicture, ...], tuple[MessageLink, ...]]:
        """Return the parent, and the pictures to which the wish replies, with the waiting one that it uses up so."""
        reply = asked.reply
        if asked.retold is not None:
            return asked.retold.parent_id, (), ()
        if reply is None:
            return conversation.head_id, (), ()
        pictures = (reply.picture,) if reply.picture else ()
        replied = await self._store.conversations.turn(reply.turn_id) if reply.turn_id else None
        if replied is None:
            return conversation.head_id, pictures, (reply,) if reply.role is Role.LOOSE else ()
        if reply.role is Role.ANSWER and replied.reply is not None:
            # The last picture of an answer is the current one anyway; an earlier one of several must be shown.
            current = bool(replied.shown and reply.picture and reply.picture.media == replied.shown[-1])
            return replied.id, () if current else pictures, ()
        if reply.role is Role.REQUEST and reply.picture is None and replied.state is TurnState.DELIVERED:
            return replied.id, (), ()
        return replied.parent_id, pictures or replied.pictures, ()

    async def _waiting(self, conversation: Conversation, asked: TurnInput) -> list[MessageLink]:
        """Return the waiting pictures that a wish uses up: all of them, or those of its own album where it replies."""
        if asked.retold is not None:
            return []
        own, albums = {link.message_id for link in asked.links}, {link.album for link in asked.links if link.album}
        waiting = [link for link in await self._store.messages.loose(conversation.id) if link.message_id not in own]
        return [link for link in waiting if asked.reply is None or link.album in albums]

    async def _brought(self, reply: MessageLink | None, turn_id: int | None) -> tuple[InputPicture, ...]:
        """Return the picture that a wish anew takes along by a reply: the one at which that turn is."""
        if reply is None:
            return ()
        current = current_picture(await self._store.conversations.path(turn_id))
        return (InputPicture(media=current),) if current else ()


def _notice(key: str, turn_id: int | None, language: str) -> Json:
    """Return what is to be said of a move, as it is stored with it."""
    return {"key": key, "turn_id": turn_id, "language": language}


def _failure(error: ProviderError) -> Failure:
    return Failure(
        key=error.key,
        values=dict(error.values),
        help=tuple(button.value for button in error.help),
        owner_text=error.owner_text if error.tell_owner else "",
    )
