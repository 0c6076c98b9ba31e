"""The heart: takes wishes, has them answered, and moves heads over the tree.

May import ``answering``, ``aspect``, ``call_journal``, ``metrics``, ``providers``, ``batches``, ``wishes`` and
``storage``. Knows nothing of Telegram: what is to be said of a move leaves as a notice, stored together with the move.
"""

from __future__ import annotations

import asyncio
import logging
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from bot.metrics import Step
from bot.providers.errors import ProviderError
from bot.turns.answering import Answering, Interrupted
from bot.turns.batches import groups_of, shares_of
from bot.turns.call_journal import Leaving, Watcher, arrived_for
from bot.turns.request.aspect import NEXT, OWN, options_of, without_next
from bot.turns.wishes import TurnInput, each_once, place_of
from storage.media.store import MediaMissing
from storage.records import (
    Author,
    Conversation,
    Json,
    MessageLink,
    NewTurn,
    Role,
    Turn,
    TurnState,
)
from storage.rows.upsert import TurnOver
from storage.store import Store
from storage.tables.deliveries import Handed

log = logging.getLogger(__name__)

_ById = dict[int, Turn]
"""Turns as they ended, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Moving:
    """Who wants head to move: the update that asks, and the language in which what came of it is told.

    ``message_id``: the message that asks. Pictures that were sent before it wait for words no longer.
    """

    conversation: Conversation
    update_id: int
    language: str
    message_id: int | None = None


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
        """Pick the parent of a wish and write the turn down; the updates that it came in are done with that.

        Raises: ``TurnOver`` for a correction of a wish for which the call has begun.
        """
        conversation = await self._store.conversations.open(asked.key)
        place = await place_of(self._store, conversation, asked)
        retold, corrected = asked.retold, asked.retold if asked.corrects else None
        new = NewTurn(
            conversation_id=conversation.id,
            parent_id=place.parent_id,
            head_before=corrected.head_before if corrected else conversation.head_id,
            author=asked.author,
            wish=asked.wish,
            pictures=each_once((*place.pictures, *asked.pictures)),
            request_message_id=asked.request_message_id,
            named=asked.named,
            options=options_of(conversation.settings, asked.ratio),
            kind=corrected.kind if corrected else "edit" if retold else "send",
            retold_id=corrected.retold_id if corrected else retold.id if retold else None,
            cited=asked.cited,
        )
        links = (*(replace(link, role=Role.REQUEST) for link in place.used), *asked.links)
        turn = await self._store.conversations.take(
            new, links, asked.updates, times=asked.times, anew=asked.anew, instead_of=corrected
        )
        await self._used_up(conversation)
        self._count("accepted", turn, asked.times)
        return turn

    async def again(
        self,
        turn: Turn,
        updates: Iterable[int],
        asker: Author,
        *,
        times: int = 1,
        late: Sequence[MessageLink] = (),
        more: str = "",
        request_message_id: int | None = None,
    ) -> Turn:
        """Ask the same once more, as a sibling or a set of them, with pictures that came too ``late`` for the first.

        The wish stays its author's; what it comes to is the asker's. ``more``: words that are added.
        ``request_message_id``: the message that asks for it, where that is not the one that asked first.
        """
        conversation = await self._store.conversations.by_id(turn.conversation_id)
        new = NewTurn(
            conversation_id=turn.conversation_id,
            parent_id=turn.parent_id,
            head_before=conversation.head_id,
            author=turn.author,
            wish="\n".join(filter(None, (turn.wish, more))),
            pictures=each_once((*turn.pictures, *(link.picture for link in late if link.picture))),
            request_message_id=request_message_id or turn.request_message_id,
            named=turn.named,
            options=options_of(conversation.settings, turn.options.get(OWN, "")),
            kind="again",
            retold_id=turn.id,
            asker=asker if asker.id != turn.author.id else None,
            cited=turn.cited,
        )
        links = [replace(link, role=Role.REQUEST) for link in late]
        turn = await self._store.conversations.take(new, links, updates, times=times)
        await self._used_up(conversation)
        self._count("accepted", turn, times)
        return turn

    async def undo(self, moving: Moving, turn: Turn | None = None) -> bool:
        """Move head to the parent of ``turn``, or of head itself; False if head moved meanwhile or there is none."""
        conversation = moving.conversation
        left = turn or await self.head(conversation)
        if left is None:
            return False
        # A turn without a place in the tree (failed, blocked) has nothing that redo could return to.
        redo = (*conversation.redo, left.id) if left.reply is not None else conversation.redo
        return await self._move(moving, left.parent_id, redo, "undone")

    async def redo(self, moving: Moving) -> bool:
        """Move head to the turn that undo left last; False if head moved meanwhile or there is none."""
        if not moving.conversation.redo:
            return False
        *redo, to = moving.conversation.redo
        return await self._move(moving, to, redo, "redone")

    async def new(self, moving: Moving) -> bool:
        """Set head to nothing; what was stays reachable by replies, and by redo at once."""
        head_id = moving.conversation.head_id
        return await self._move(moving, None, moving.conversation.redo if head_id is None else (head_id,), "fresh")

    async def head(self, conversation: Conversation) -> Turn | None:
        """Return the turn that the next wish continues."""
        return await self._store.conversations.turn(conversation.head_id) if conversation.head_id else None

    async def shown_at(self, turn_id: int | None) -> Turn | None:
        """Return the turn whose pictures are the current ones at a turn: an answer of words alone changes none."""
        path = await self._store.conversations.path(turn_id)
        return next((turn for turn in reversed(path) if turn.shown), None)

    async def choose(self, moving: Moving, turn: Turn) -> bool:
        """Move head to a turn; False if head moved meanwhile."""
        return await self._move(moving, turn.id, (), "chosen")

    async def latest(self, conversation: Conversation) -> Turn | None:
        """Return the turn to repeat: the newest, also if it failed, was stopped or undone; else where somebody went."""
        newest = await self._store.conversations.latest(conversation.id)
        head = await self.head(conversation)
        answered = newest is not None and newest.state in (TurnState.ANSWERED, TurnState.DELIVERED)
        if newest is None or not answered or newest.id in conversation.redo:
            return newest
        return head or newest

    async def run_set(self, turn: Turn, watcher: Watcher) -> list[Turn]:
        """Answer a turn and whatever was asked for side by side with it, from wherever they stand.

        Return them in order as they then are: answered, failed or finished before. They are answered all at once, by
        as few calls as the provider needs for that. Cancelling this call ends the provider's.
        """
        members = await self._store.conversations.set_of(turn)
        ended = await self._run_all(await self._calls(members), watcher)
        return [ended.get(member.id, member) for member in members]

    async def _calls(self, members: Sequence[Turn]) -> list[list[Turn]]:
        """Return the turns of a set that still wait for an answer, as they share calls."""
        waiting = [turn for turn in members if turn.state in (TurnState.ACCEPTED, TurnState.CALLING)]
        found = {turn.id: await arrived_for(self._store, turn) for turn in waiting}
        shared = {keeper: arrived.shared_by for keeper, arrived in found.items() if arrived is not None}
        return groups_of(waiting, shared, await self.answering.at_once(waiting[0]) if len(waiting) > 1 else 1)

    async def _run_all(self, calls: Sequence[Sequence[Turn]], watcher: Watcher, *, anew: bool = False) -> _ById:
        try:
            async with asyncio.TaskGroup() as group:
                # One that breaks off ends its siblings: none may run on unseen while the set is begun again.
                running = [group.create_task(self._run(turns, watcher, anew=anew)) for turns in calls]
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return {turn_id: turn for task in running for turn_id, turn in task.result().items()}

    async def _run(self, turns: Sequence[Turn], watcher: Watcher, *, anew: bool) -> _ById:
        """Answer turns that share a call, and each by itself for which there was no picture in it."""
        try:
            stored = await self.answering.answer(turns, watcher, anew=anew)
        except Leaving:
            return {turn.id: turn for turn in turns}
        except TurnOver:
            return {turn.id: await self._dropped(await self._stored(turn)) for turn in turns}
        except (ProviderError, Interrupted, MediaMissing) as error:
            failure = _failure(error)
            log.warning("turn %s: %s: %s", turns[0].id, type(error).__name__, failure.owner_text or error)
            return {turn.id: await self.fail(turn, failure) for turn in turns}
        ended = {turn.id: self._ended(turn) for turn in stored}
        left = [await self._stored(turn) for turn in turns if turn.id not in ended]
        return ended | (await self._run_all([[turn] for turn in left], watcher, anew=True) if left else {})

    async def fail(self, turn: Turn, failure: Failure) -> Turn:
        """End a turn without an answer. It is never a parent; its words and pictures stay for a retry."""
        error: Json = {"key": failure.key, "values": dict(failure.values), "help": list(failure.help)}
        if failure.owner_text:
            error["owner_text"] = failure.owner_text
        await self._store.conversations.set_state(turn.id, TurnState.FAILING, error=error)
        return self._ended(await self._stored(turn))

    def handed_over(self, turn: Turn, handed: Handed, took_s: float) -> None:
        """Count what became of a turn and its set, of which the answers, or words of failures, took so long to send."""
        self._count("delivered", turn, len(handed.delivered))
        self.kept_back(turn, len(handed.kept_back))
        if handed.delivered or not handed.kept_back:
            self.answering.meter.took(Step.DELIVERED, took_s)

    def kept_back(self, turn: Turn, times: int) -> None:
        """Count answers, that of a turn and those of its set, of which nobody can say that they were delivered."""
        self._count("kept_back", turn, times)

    async def done(self, turns: Sequence[Turn]) -> None:
        """Drop the raw answers of turns that were delivered or given up: nobody had to wait for that."""
        for turn in turns:
            await self._dropped(turn)

    async def settle_cancelled(self, turn: Turn) -> None:
        """Keep in the tree, undelivered, what had arrived and was paid for when a turn and its set were cancelled."""
        for member in await self._store.conversations.set_of(turn):
            await self._keep_cancelled(member)
            await self._dropped(self._ended(await self._stored(member)))

    async def forgotten(self, turn_ids: Collection[int]) -> None:
        """Drop what came for turns that were forgotten while somebody worked on them: answers, and uploads."""
        await self._store.media.drop_answers_of(turn_ids)
        await self.answering.forget(await self._store.forgetting.left_files())

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

    async def _keep_cancelled(self, turn: Turn) -> None:
        """Keep an answer that had arrived for a turn that was cancelled, and for those that share it.

        It is not delivered and never head.
        """
        current = await self._store.conversations.turn(turn.id)
        arrived = await arrived_for(self._store, current) if current else None
        if current is None or current.is_forgotten or current.reply is not None or arrived is None:
            return
        choice = self.answering.choice(current.options)
        provider = self.answering.providers[choice.provider]
        path = await self._store.conversations.path(current.parent_id)
        whose = arrived.shared_by or (turn.id,)
        try:
            result = await provider.read(arrived.answer, model=choice.model)
            for turn_id, share in zip(whose, shares_of(result, len(whose)), strict=False):
                one = await self._store.conversations.turn(turn_id)
                if one is not None and not one.is_forgotten and one.reply is None:
                    await self.answering.keep(one, path, share, provider)
        except (ProviderError, TurnOver) as error:
            log.info("turn %s was cancelled, and its answer could not be read: %s", turn.id, error)

    async def _used_up(self, conversation: Conversation) -> None:
        """Forget the shape that was chosen for the next wish, which was taken just now."""
        if NEXT in conversation.settings:
            await self._store.conversations.change(conversation.id, without_next)

    async def _move(self, moving: Moving, to: int | None, redo: Sequence[int], key: str) -> bool:
        notice: Json = {"key": key, "turn_id": to, "language": moving.language}
        return await self._store.conversations.move_head(
            moving.conversation, to, redo=redo, updates=(moving.update_id,), notice=notice, before=moving.message_id
        )

    def _ended(self, stored: Turn) -> Turn:
        """Count that there will be no other answer to a turn; return the turn."""
        self._count("failed" if stored.state is TurnState.FAILING else stored.state.value, stored)
        return stored

    def _count(self, state: str, turn: Turn, times: int = 1) -> None:
        self.answering.meter.reached(state, self.answering.choice(turn.options).provider, times)

    async def _stored(self, turn: Turn) -> Turn:
        """Return the turn as it is by now; one that was forgotten meanwhile counts as cancelled."""
        stored = await self._store.conversations.turn(turn.id)
        if stored is None:
            await self.forgotten([turn.id])
            return replace(turn, state=TurnState.CANCELLED)
        return stored

    async def _dropped(self, stored: Turn) -> Turn:
        """Drop the raw answer of a turn that needs it no more, because it is read and stored; return the turn."""
        if stored.attempts and stored.state not in (TurnState.ACCEPTED, TurnState.CALLING):
            await self._store.database.flush()
            await self._store.media.drop_answers(stored.id, stored.attempts)
        return stored


def _failure(error: ProviderError | Interrupted | MediaMissing) -> Failure:
    if isinstance(error, MediaMissing):
        return Failure(key="picture-lost", owner_text=str(error))
    if isinstance(error, Interrupted):
        if error.times <= 1:
            return Failure(key="interrupted", help=("try-again",))
        why = "the process ended twice during its call"
        return Failure(key="interrupted-again", help=("try-again",), owner_text=why)
    return Failure(
        key=error.key,
        values=dict(error.values),
        help=tuple(button.value for button in error.help),
        owner_text=error.owner_text if error.tell_owner else "",
    )
