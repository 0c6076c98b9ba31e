"""From a stored turn to its stored answer: path, request, call, pictures, head.

Imports ``ageing``, ``asking``, ``contents``, ``call_journal``, ``hooks``, ``limits``, ``metrics``, ``pictures``,
``providers``, ``preview``, ``remarks``, ``batches``, ``choice``, ``failure``, ``outcomes``, ``exchanges``, ``copies``
and ``storage``. Each step is recorded before the next begins, so a turn is resumed where a crash left it, and an answer
that arrived is never paid for twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot.metrics import Stage
from bot.pictures import machine
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import glance
from bot.providers.base import COUNT, Blob, Capabilities, Provider, Result
from bot.providers.calls.attempts import generate
from bot.providers.calls.queue import CallQueue, Memory
from bot.providers.errors import ModelUnavailable
from bot.turns.ageing import Ageing
from bot.turns.asking import UNSAID, OperatorRules, RequestBuilder, TurnRequest
from bot.turns.batches import shares_of
from bot.turns.call_journal import Arrived, CallJournal, Watcher, arrived_for, insist
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.copies import Copies
from bot.turns.failure import Interrupted
from bot.turns.hooks import ProcessHooks
from bot.turns.limits import CREDIT, LAST, LimitWatch
from bot.turns.outcomes import blobs_of, outcome_of
from bot.turns.preview import Preview, preview
from bot.turns.remarks import REPLACED, remarks_of
from bot.turns.request import contents
from bot.turns.request.exchanges import Fit, PathTurn
from storage.books.values import OverLimit
from storage.records import Conversation, Json, MediaRef, Turn, TurnState
from storage.rows.upsert import TurnMovedOn
from storage.store import Store
from storage.tables.conversations import PATH_LIMIT
from storage.tables.models import Limits

SHARE_OF_MEMORY = 0.25
"""The share of memory for all calls with their pictures and answers; decoding pictures has a share of its own."""

INTERRUPTIONS = 1
"""How often a call whose process died is repeated before the turn fails."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answered:
    """A result, with the model and the request that brought it. ``gone``: models that were found to be gone before."""

    result: Result
    choice: Choice
    turn_request: TurnRequest
    gone: tuple[str, ...]


class Answering:
    """Answers turns. The dispatcher guarantees one turn of a conversation at a time."""

    def __init__(
        self,
        store: Store,
        providers: Mapping[str, Provider],
        policy: AnsweringPolicy,
        hooks: ProcessHooks | None = None,
    ) -> None:
        self._store = store
        self._hooks = hooks = hooks or ProcessHooks()
        self.providers = providers
        self.meter = hooks.meter
        shared = not store.is_embedded
        self.ageing = Ageing(store.models, providers, shared=shared, notify_owners=hooks.notify_owners)
        """Knows which models are gone, and their successors."""
        self.policy = policy
        # Providers count requests by key, so a queue serves all conversations; memory is shared by all queues.
        memory = Memory(int(machine.memory_bytes() * SHARE_OF_MEMORY))
        self.queues = {
            name: CallQueue(policy.max_parallel_calls, memory=memory, name=name, permits=hooks.permits(name))
            for name in providers
        }
        self._builders: dict[Choice, RequestBuilder] = {}
        self.copies = Copies(store)
        """Finds answers that changed nothing."""
        self.limit_watch = LimitWatch(store, providers, policy, hooks.notify_owners)
        """Knows what calls may cost, and how much room the limits have."""

    def choice(self, options: Mapping[str, Any]) -> Choice:
        """Return the provider and model that answer: those that ``options`` name, or the model's successor."""
        chosen = self.chosen(options)
        return replace(chosen, model=self.ageing.present(chosen.provider, chosen.model))

    def chosen(self, options: Mapping[str, Any]) -> Choice:
        """Return the provider and model that ``options`` name, the operator's default if they name none that exists."""
        chosen = Choice(provider=options.get("provider", ""), model=options.get("model", ""))
        return chosen if chosen.provider in self.providers and chosen.model else self.policy.default

    def capabilities(self, options: Mapping[str, Any]) -> Capabilities:
        """Return what the chosen model can do, without what it has refused."""
        return self._builder(self.choice(options)).offered

    def uploads(self, options: Mapping[str, Any]) -> bool:
        """Return whether the chosen provider keeps uploaded pictures for a time."""
        return self.providers[self.choice(options).provider].uploads

    async def answer(self, turns: Sequence[Turn], watcher: Watcher, *, new_call: bool = False) -> list[Turn]:
        """Get the answer to ``turns``, store it and move head. Return the turns that were answered.

        An answer that arrived earlier is used before a new call is made. ``new_call``: it is not looked for. Several
        turns of a batch may share one call: each gets one picture of the answer, in order, until there are no more.
        The raw answer is stored with the last turn. Raises: :class:`ProviderError`, :class:`Interrupted`,
        ``MediaMissing``, ``OverLimit``.
        """
        turn = turns[-1]
        await self.ageing.refresh(self.chosen(turn.options).provider)
        choice = self.choice(turn.options)
        path = await self._path(turn.parent_id, self._builder(choice))
        arrived = None
        if not new_call:
            arrived = await arrived_for(self._store, turn)
            for one in turns if arrived is None else ():
                await self._count_interruption(one)
        with closing(CallJournal(self._store, turns, watcher, choice.provider, self._hooks)) as journal:
            try:
                answered = await self._from_a_model(turns, choice, path, arrived, journal, watcher)
            except asyncio.CancelledError as stop:
                await journal.stopped(stop)
                raise
        remarks = await self._learned(turn, answered, journal)
        # Who shares a new call, a call of an earlier process, or nothing with others.
        sharers = journal.bought_for or (arrived.shared_by if arrived else ()) or (turn.id,)
        shares = dict(zip(sharers, shares_of(answered.result, len(sharers)), strict=False))
        provider = self.providers[choice.provider]
        stored = [
            await self.store_result(one, path, shares[one.id], provider, remarks) for one in turns if one.id in shares
        ]
        self.copies.note_edited(stored, contents.current_picture(path[-1:]))
        if journal.answered_at is not None:
            self.meter.took(Stage.STORED, time.monotonic() - journal.answered_at)
        return stored

    async def _from_a_model(
        self,
        turns: Sequence[Turn],
        choice: Choice,
        path: Sequence[PathTurn],
        arrived: Arrived | None,
        journal: CallJournal,
        watcher: Watcher,
    ) -> _Answered:
        """Get the result of the chosen model, or of a successor if that model is gone.

        Raises: ``ProviderError``, ``OverLimit``.
        """
        turn, gone = turns[-1], list[str]()
        while True:
            journal.terms = partial(self.limit_watch.terms, turn, choice)
            turn_request = self._builder(choice).of(turn, path, self._read, len(turns))
            try:
                result = await self._call(turn, turn_request, choice, journal, watcher, arrived)
                return _Answered(result=result, choice=choice, turn_request=turn_request, gone=tuple(gone))
            except OverLimit as over:
                await self.limit_watch.refused(over.bound)
                raise
            except ModelUnavailable:
                journal.remedies.clear()
                if arrived is not None:
                    # A stored answer may come from an older model. Only a new call shows whether this one is gone.
                    arrived = None
                    continue
                gone.append(choice.model)
                successor = self.ageing.following(choice.provider, gone)
                if not successor:
                    raise
                choice = replace(choice, model=successor)

    async def _learned(self, turn: Turn, answered: _Answered, journal: CallJournal) -> list[str]:
        """Store what an answer says about its model. Return the remarks for the person."""
        result, choice = answered.result, answered.choice
        if len(journal.bought_for) > 1 and len(result.pictures) == 1:
            # The model ignored the wished number of pictures, so it is not asked for several in one call again.
            self._builder(choice).refuse(COUNT)
        await self.ageing.learn_status(choice.provider, choice.model, result.status)
        remarks = [
            *answered.turn_request.remarks(journal.remedies),
            *await self.limit_watch.remarks(turn, journal.held, choice),
        ]
        if answered.gone:
            await self.ageing.learn_successor(choice.provider, answered.gone, choice.model)
        if await self._renamed(turn, choice) or answered.gone:
            remarks.append(REPLACED)
        return remarks

    async def at_once(self, turn: Turn) -> int:
        """Return how many pictures one call for such a turn may return."""
        choice = self.choice(turn.options)
        able = self.providers[choice.provider].capabilities(choice.model)
        most = max(able.max_count, able.max_count_edited)
        if most == 1:
            return 1
        path = await self._path(turn.parent_id, self._builder(choice))
        return self._builder(choice).of(turn, path, self._read, most).request.options.count

    async def _call(
        self,
        turn: Turn,
        turn_request: TurnRequest,
        choice: Choice,
        journal: CallJournal,
        watcher: Watcher,
        arrived: Arrived | None,
    ) -> Result:
        """Read the answer that arrived already, else make a call. Raises: ``ProviderError``."""
        call = partial(
            generate,
            self.providers[choice.provider],
            turn_request.request,
            journal,
            queue=self.queues[choice.provider],
            on_position=watcher.queued,
            whose=turn.conversation_id,
            kept=arrived.answer if arrived else None,
            rebuild=turn_request.rebuild,
        )
        try:
            with self._hooks.at_rest() if arrived is None else nullcontext():
                result = await insist(call, self._hooks.alarm)
            turn_request.learn(journal.remedies)
            return result
        finally:
            await self._share(choice)

    async def _share(self, choice: Choice) -> None:
        """Share with all processes what this one learned of a model's limits."""
        builder = self._builder(choice)
        if (limits := builder.limits) != Limits():
            await self.ageing.learn_limits(choice.provider, choice.model, limits)
            builder.limits = Limits() if builder.limits == limits else builder.limits

    async def _renamed(self, turn: Turn, choice: Choice) -> bool:
        """Store the successor of a conversation's chosen model if that is gone; return whether it was stored."""
        old, new = turn.options.get("model"), choice.model
        if not old or old == new or turn.options.get("provider") != choice.provider:
            return False

        def changed(settings: Mapping[str, Any]) -> Mapping[str, Any]:
            return {**settings, "model": new} if settings.get("model") == old else settings

        before = (await self._store.conversations.by_id(turn.conversation_id)).settings
        return before != await self._store.conversations.change(turn.conversation_id, changed)

    async def store_result(
        self, turn: Turn, path: Sequence[PathTurn], result: Result, provider: Provider, remarks: Sequence[str] = ()
    ) -> Turn:
        """Store the pictures, then in one transaction the reply and the move of head."""
        covered = contents.is_covered(path) or any(picture.covered for picture in turn.pictures)
        refs: dict[int, MediaRef] = {}
        for blob in blobs_of(result):
            refs[id(blob)] = await self._park(blob)
        outcome = outcome_of(result, provider, refs, remarks, covered=covered)
        outcome = self.limit_watch.priced(turn, outcome, self.choice(turn.options))
        try:
            stored = await self._store.conversations.store_answer(turn, outcome)
        except TurnMovedOn:
            # The turn was deleted during the call.
            for ref in outcome.media:
                await self._store.forgetting.erase(ref.sha256)
            raise
        self.meter.spent(provider.name, self.choice(turn.options).model, outcome.cost_micro_usd)
        return stored

    async def remarks(self, turn: Turn) -> tuple[list[tuple[str, Json]], set[str]]:
        """Return the remarks on an answer as keys with values, and the SHA-256 of pictures that had no room."""
        named, choice = self.chosen(turn.options), self.choice(turn.options)
        chosen, able = (self.providers[one.provider].capabilities(one.model) for one in (named, choice))
        able = replace(able, max_images=self._builder(choice).fit.max_images)
        if UNSAID in turn.remarks and turn.parent_id:
            # Shown once, not again for each turn that follows.
            before = await self._store.conversations.turn(turn.parent_id)
            shown = UNSAID in before.remarks if before else False
            turn = replace(turn, remarks=tuple(one for one in turn.remarks if one != UNSAID or not shown))
        turn = replace(turn, remarks=tuple(one for one in turn.remarks if not one.startswith((LAST, CREDIT))))
        return await remarks_of(turn, able, chosen.label, lambda: self._composed(turn))

    async def _composed(self, turn: Turn) -> contents.Composed:
        builder = self._builder(self.choice(turn.options))
        return contents.compose(await self._path(turn.parent_id, builder), turn, builder.fit)

    async def preview(self, conversation: Conversation, head: Turn) -> Preview:
        """Return what the next request would contain."""
        builder = self._builder(self.choice(conversation.settings))
        return preview(builder, await self._path(head.id, builder), head, self._read)

    async def forget(self, files: Sequence[tuple[str, str]]) -> None:
        """Delete released uploads at providers, by account and URI; what takes more than seconds stays for later."""
        for provider in self.providers.values() if files else ():
            await self._store.provider_files.forget_released(await provider.forget(files))

    async def forget_released(self) -> None:
        """Delete at the providers what they still have of deleted pictures."""
        await self.forget(await self._store.provider_files.released())

    async def _count_interruption(self, turn: Turn) -> None:
        if turn.state is not TurnState.CALLING:
            return
        times = await self._store.conversations.interrupted(turn.id)
        if times > INTERRUPTIONS or self.policy.ask_interrupted:
            raise Interrupted(times)

    def _builder(self, choice: Choice) -> RequestBuilder:
        """Return the request builder of a model, which remembers what its refusals taught."""
        if choice not in self._builders:
            policy = self.policy
            rules = OperatorRules(budget_bytes=policy.budget_bytes, system=policy.system, search=policy.search)
            known = partial(self.ageing.limits, choice.provider, choice.model)
            self._builders[choice] = RequestBuilder(self.providers[choice.provider], choice.model, rules, known)
        return self._builders[choice]

    async def _path(self, turn_id: int | None, builder: RequestBuilder) -> list[PathTurn]:
        return await read_path(self._store, turn_id, builder.fit)

    async def _read(self, picture: MediaRef) -> bytes:
        return await self._store.media.get(picture.sha256, size_bytes=picture.size_bytes)

    async def _park(self, blob: Blob) -> MediaRef:
        sha256 = await self._store.media.put_to_send(blob.data)
        info = await glance(inspect, blob.data)
        return MediaRef(
            sha256=sha256,
            mime=blob.mime,
            size_bytes=len(blob.data),
            width_px=info.width_px,
            height_px=info.height_px,
        )


async def read_path(store: Store, turn_id: int | None, fit: Fit) -> list[PathTurn]:
    """Return the path to a turn, root first; turns that may go back to the model come with their replies."""
    return await store.views.whole_path(
        turn_id, lambda path: min(len(path) - contents.may_replay(path, fit), PATH_LIMIT)
    )
