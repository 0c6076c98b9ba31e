"""Takes wishes, has them answered, and moves heads over the tree.

Imports ``access``, ``answering``, ``aspect``, ``call_journal``, ``failure``, ``metrics``, ``providers``, ``batches``,
``restoring.sources``, ``wishes`` and ``storage``. Knows nothing of Telegram: a move is stored together with a notice of
what to tell the person.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from bot.access.limits import in_micro_usd
from bot.metrics import Stage
from bot.providers.errors import ProviderError
from bot.turns.answering import Answering
from bot.turns.batches import groups_of, shares_of
from bot.turns.call_journal import Leaving, Watcher, arrived_for
from bot.turns.failure import Failure, Interrupted, failure_of, log_failure
from bot.turns.request.aspect import NEXT, OWN, options_of, without_next
from bot.turns.restoring.sources import whole_again
from bot.turns.wishes import TurnInput, basis_of, each_once, left_by_new
from storage.books.values import OverLimit
from storage.media.store import MediaMissing
from storage.records import Author, Conversation, InputPicture, Json, MessageLink, NewTurn, Role, Turn, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from storage.tables.deliveries import DeliveryResult

log = logging.getLogger(__name__)

_ById = dict[int, Turn]
"""Turns as they ended, by their ids."""


@dataclass(frozen=True, slots=True, kw_only=True)
class HeadMove:
    """A request to move head: the update that asks for it, and the language of the reply.

    ``message_id``: the message that asks; pictures before it no longer wait for words. ``by``: who asks, in groups.
    """

    conversation: Conversation
    update_id: int
    language: str
    message_id: int | None = None
    by: str = ""


class Turns:
    """What can be done with the tree."""

    def __init__(self, store: Store, answering: Answering) -> None:
        self._store = store
        self.answering = answering

    async def take(self, turn_input: TurnInput) -> Turn:
        """Store a wish as a turn under its parent, and finish the updates in which it came.

        Raises: ``TurnMovedOn`` for a correction of a wish whose call has begun.
        """
        conversation = await self._store.conversations.open(turn_input.key)
        basis = await basis_of(self._store, conversation, turn_input)
        edited, corrected = turn_input.edited_from, turn_input.edited_from if turn_input.corrects else None
        new = NewTurn(
            conversation_id=conversation.id,
            parent_id=basis.parent_id,
            head_before=corrected.head_before if corrected else conversation.head_id,
            author=turn_input.author,
            wish=turn_input.wish,
            pictures=each_once((*basis.pictures, *turn_input.pictures)),
            request_message_id=turn_input.request_message_id,
            shows_author=turn_input.shows_author,
            options=options_of(conversation.settings, turn_input.ratio, turn_input.inline),
            kind=corrected.kind if corrected else turn_input.kind,
            repeats_id=corrected.repeats_id if corrected else edited.id if edited else None,
            cited=turn_input.cited,
        )
        links = (*(replace(link, role=Role.REQUEST) for link in basis.used), *turn_input.links)
        turn = await self._store.conversations.take(
            new, links, turn_input.updates, times=turn_input.times, anew=turn_input.anew, instead_of=corrected
        )
        await self._reset_next_shape(conversation)
        self._count("accepted", turn, turn_input.times)
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
        ratio: str = "",
        request_message_id: int | None = None,
        each: bool = False,
        lent: Sequence[InputPicture] = (),
        inline: Json | None = None,
    ) -> Turn:
        """Repeat a turn as a sibling, as a batch of ``times``, or ``each`` of its pictures alone. Return the new turn.

        The wish keeps its author; usage counts for ``asker``. ``late``: pictures that came too late for the first
        time. ``more``: words to add. ``ratio``: another shape. ``request_message_id``: the message that asks for the
        repeat, if it is another. ``lent``: pictures of others, which the turn gave back. ``inline``: see ``TurnInput``.
        """
        conversation = await self._store.conversations.by_id(turn.conversation_id)
        new = NewTurn(
            conversation_id=turn.conversation_id,
            parent_id=turn.parent_id,
            head_before=conversation.head_id,
            author=turn.author,
            wish="\n".join(filter(None, (turn.wish, more))),
            pictures=each_once((*turn.pictures, *lent, *(link.picture for link in late if link.picture))),
            request_message_id=request_message_id or turn.request_message_id,
            shows_author=turn.shows_author,
            options=options_of(conversation.settings, ratio or turn.options.get(OWN, ""), inline) | whole_again(turn),
            kind="again",
            repeats_id=turn.id,
            asker=asker if asker.id != turn.author.id else None,
            cited=turn.cited,
        )
        links = [replace(link, role=Role.REQUEST) for link in late]
        turn = await self._store.conversations.take(new, links, updates, times=times, each=each)
        await self._reset_next_shape(conversation)
        self._count("accepted", turn, len(new.pictures) if each else times)
        return turn

    async def undo(self, moving: HeadMove, turn: Turn | None = None) -> bool:
        """Move head to the parent of ``turn`` or of head, or back from a new start; False if head moved meanwhile."""
        conversation = moving.conversation
        if turn is None and conversation.is_anew:
            # Where the turn to return to is head already, redo makes the new start again.
            to = conversation.redo[-1]
            return await self._move(moving, to, (to,), "undone")
        left = turn or await self.head(conversation)
        if left is None:
            return False
        # A turn without an answer (failed, cancelled) is no place in the tree that redo could return to.
        answered = left.state in (TurnState.ANSWERED, TurnState.DELIVERED)
        redo = (*conversation.redo, left.id) if answered else conversation.redo
        return await self._move(moving, left.parent_id, redo, "undone")

    async def redo(self, moving: HeadMove) -> bool:
        """Move head to the turn, or to the new start, that undo left last; False if none or head moved meanwhile."""
        *redo, to = moving.conversation.redo or (None,)
        if to is not None and to == moving.conversation.head_id:
            return await self.new(moving)
        return to is not None and await self._move(moving, to, redo, "redone")

    async def new(self, moving: HeadMove) -> bool:
        """Set head to nothing. The old turns stay reachable by replies, by undo and by redo."""
        conversation = moving.conversation
        left = await left_by_new(self._store, conversation)
        # As a negative number, because undo takes a new start back, but not the undo of a first picture.
        return await self._move(moving, None, conversation.redo if left is None else (-left,), "fresh")

    async def head(self, conversation: Conversation) -> Turn | None:
        """Return the turn that the next wish continues."""
        return await self._store.conversations.turn(conversation.head_id) if conversation.head_id else None

    async def shown_at(self, turn_id: int | None) -> Turn | None:
        """Return the turn whose pictures are current at ``turn_id``; answers of words alone change none."""
        path = await self._store.conversations.path(turn_id)
        return next((turn for turn in reversed(path) if turn.shown), None)

    async def choose(self, moving: HeadMove, turn: Turn) -> bool:
        """Move head to a turn; False if head moved meanwhile."""
        return await self._move(moving, turn.id, (), "chosen")

    async def turn_to_repeat(self, conversation: Conversation) -> Turn | None:
        """Return the turn to repeat: the newest if it has no answer or was undone, else head, else the newest."""
        newest = await self._store.conversations.latest(conversation.id)
        answered = newest is not None and newest.state in (TurnState.ANSWERED, TurnState.DELIVERED)
        if newest is None or not answered or newest.id in conversation.redo:
            return newest
        return await self.head(conversation) or newest

    async def run_batch(self, turn: Turn, watcher: Watcher) -> list[Turn]:
        """Run a turn and the others of its batch from their current states; return them updated, in order.

        They run in parallel, with as few calls as the provider allows. Cancelling this method cancels the calls.
        """
        members = await self._store.conversations.batch_of(turn)
        ended = await self._run_all(await self._calls(members), watcher)
        return [ended.get(member.id, member) for member in members]

    async def _calls(self, members: Sequence[Turn]) -> list[list[Turn]]:
        """Return the turns of a batch that still need an answer, grouped by shared calls, each about equal pictures."""
        unanswered = [turn for turn in members if turn.state in (TurnState.ACCEPTED, TurnState.CALLING)]
        found = {turn.id: await arrived_for(self._store, turn) for turn in unanswered}
        shared = {keeper: arrived.shared_by for keeper, arrived in found.items() if arrived is not None}
        alike = len(unanswered) > 1 and len({turn.pictures for turn in unanswered}) == 1
        return groups_of(unanswered, shared, await self.answering.at_once(unanswered[0]) if alike else 1)

    async def _run_all(self, calls: Sequence[Sequence[Turn]], watcher: Watcher, *, new_call: bool = False) -> _ById:
        try:
            async with asyncio.TaskGroup() as group:
                # If one breaks off, its siblings are cancelled: none may run on while the batch is started again.
                running = [group.create_task(self._run(turns, watcher, new_call=new_call)) for turns in calls]
        except ExceptionGroup as several:
            raise several.exceptions[0] from None
        return {turn_id: turn for task in running for turn_id, turn in task.result().items()}

    async def _run(self, turns: Sequence[Turn], watcher: Watcher, *, new_call: bool) -> _ById:
        """Answer turns that share a call; those for which it had no picture get a call each."""
        try:
            stored = await self.answering.answer(turns, watcher, new_call=new_call)
        except Leaving:
            return {turn.id: turn for turn in turns}
        except TurnMovedOn:
            return {turn.id: await self._moved_on(turn) for turn in turns}
        except (ProviderError, Interrupted, MediaMissing, OverLimit) as error:
            limits, payer = self.answering.policy.limits, turns[0].asker or turns[0].author
            failure = failure_of(error, limits, time.time(), to_owner=payer.id in limits.owners)
            log_failure(turns[0].id, error, failure)
            if isinstance(error, OverLimit):
                self.answering.meter.books("refused", len(turns))
            return {turn.id: await self.fail(turn, failure) for turn in turns}
        ended = {turn.id: self._ended(turn) for turn in stored}
        left = [await self._stored(turn) for turn in turns if turn.id not in ended]
        return ended | (await self._run_all([[turn] for turn in left], watcher, new_call=True) if left else {})

    async def _moved_on(self, turn: Turn) -> Turn:
        """Return a turn for which no call may begin; it fails where it has lost a picture."""
        stored = await self._dropped(await self._stored(turn))
        lost = stored.error if stored.state in (TurnState.ACCEPTED, TurnState.CALLING) else None
        return await self.fail(stored, Failure(key=lost["key"])) if lost else stored

    async def fail(self, turn: Turn, failure: Failure) -> Turn:
        """Mark a turn as failed. It never becomes a parent; its words and pictures stay for a retry."""
        error: Json = {"key": failure.key, "values": dict(failure.values), "help": list(failure.help)}
        error |= {"owner_text": failure.owner_text} if failure.owner_text else {}
        await self._store.conversations.set_state(turn.id, TurnState.FAILING, error=error)
        return self._ended(await self._stored(turn))

    def count_deliveries(self, turn: Turn, result: DeliveryResult, took_s: float) -> None:
        """Count the deliveries of a turn and its batch; sending took ``took_s``."""
        self._count("delivered", turn, len(result.delivered))
        self.count_kept_back(turn, len(result.kept_back))
        if result.delivered or not result.kept_back:
            self.answering.meter.took(Stage.DELIVERED, took_s)

    def count_kept_back(self, turn: Turn, times: int) -> None:
        """Count answers of a turn and its batch whose delivery is unknown."""
        self._count("kept_back", turn, times)

    async def drop_raw_answers(self, turns: Sequence[Turn]) -> None:
        """Drop the raw answers of finished turns. Runs after delivery, so it never delays the person."""
        for turn in turns:
            await self._dropped(turn)

    async def settle_cancelled(self, turn: Turn) -> list[Turn]:
        """Store answers that had arrived when a turn and its batch were cancelled; deliver nothing. Return them all."""
        settled = []
        for member in await self._store.conversations.batch_of(turn):
            await self._keep_cancelled(member)
            settled.append(await self._dropped(self._ended(await self._stored(member))))
        return settled

    async def clean_up_forgotten(self, turn_ids: Collection[int]) -> None:
        """Drop raw answers and uploads of turns that were deleted while they ran."""
        await self._store.media.drop_raw_answers_of(turn_ids)
        await self.answering.forget_released()

    async def settle_left(self, *, before: float = math.inf) -> None:
        """Clean up raw answers from before a time (Unix s) that a process left when it died.

        Stores answers to cancelled turns, drops what is stored already, leaves running turns alone. Cancelled turns of
        any time: the books wait for their cost, and two processes that do so change nothing. Raises: ``StorageFault``.
        """
        left = await self._store.media.raw_answers(before=before)
        found = await self._store.media.raw_answers() if math.isfinite(before) else left
        for turn_id, attempt in found.items():
            turn = await self._store.conversations.turn(turn_id)
            if turn_id not in left and (turn is None or turn.state is not TurnState.CANCELLED):
                continue
            if turn is None:
                await self._store.media.drop_raw_answers(turn_id, attempt)
            elif turn.state is TurnState.CANCELLED:
                await self.settle_cancelled(turn)
            else:
                await self._dropped(turn)

    async def _keep_cancelled(self, turn: Turn) -> None:
        """Store the answer that had arrived for a cancelled turn and its sharers. It is not delivered, and no head."""
        current = await self._store.conversations.turn(turn.id)
        arrived = await arrived_for(self._store, current) if current else None
        if current is None or current.is_forgotten or current.reply is not None or arrived is None:
            return
        choice = arrived.by or self.answering.choice(current.options)
        provider = self.answering.providers.get(choice.provider)
        if provider is None:
            return
        path = await self._store.conversations.path(current.parent_id)
        whose = arrived.shared_by or (turn.id,)
        try:
            result = await provider.read(arrived.answer, model=choice.model)
            for turn_id, share in zip(whose, shares_of(result, len(whose)), strict=False):
                one = await self._store.conversations.turn(turn_id)
                if one is not None and not one.is_forgotten and one.reply is None:
                    await self.answering.store_result(one, path, share, choice)
        except ProviderError as error:
            log.info("turn %s was cancelled, and its answer could not be read: %s", turn.id, error.key)
            # What came is a refusal, for which the provider may have billed.
            for turn_id in whose:
                cost_usd = error.cost_usd if turn_id == whose[0] else None
                await self._store.books.correct(turn_id, in_micro_usd(cost_usd or "0"))
        except TurnMovedOn as error:
            log.info("turn %s was deleted: %s", turn.id, error)

    async def _reset_next_shape(self, conversation: Conversation) -> None:
        """Reset the shape for the next wish, after that wish was stored."""
        if NEXT in conversation.settings:
            await self._store.conversations.change(conversation.id, without_next)

    async def _move(self, moving: HeadMove, to: int | None, redo: Sequence[int], key: str) -> bool:
        notice: Json = {"key": key, "turn_id": to, "language": moving.language, "by": moving.by}
        return await self._store.conversations.move_head(
            moving.conversation, to, redo=redo, updates=(moving.update_id,), notice=notice, before=moving.message_id
        )

    def _ended(self, stored: Turn) -> Turn:
        """Count a turn as ended; return it."""
        self._count("failed" if stored.state is TurnState.FAILING else stored.state.value, stored)
        if stored.attempts:
            self.answering.meter.books("settled" if stored.state is TurnState.ANSWERED else "released")
        return stored

    def _count(self, state: str, turn: Turn, times: int = 1) -> None:
        self.answering.meter.reached(state, turn.provider or self.answering.choice(turn.options).provider, times)

    async def _stored(self, turn: Turn) -> Turn:
        """Return the current state of a turn; one that was deleted meanwhile counts as cancelled."""
        if (stored := await self._store.conversations.turn(turn.id)) is not None:
            return stored
        await self.clean_up_forgotten([turn.id])
        return replace(turn, state=TurnState.CANCELLED)

    async def _dropped(self, stored: Turn) -> Turn:
        """Drop the raw answer of a turn that has ended; return the turn."""
        if stored.attempts and stored.state not in (TurnState.ACCEPTED, TurnState.CALLING):
            await self._store.database.flush()
            await self._store.media.drop_raw_answers(stored.id, stored.attempts)
        return stored
