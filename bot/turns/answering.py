"""From a stored turn to its stored answer: path, request, call, pictures, head.

Imports ``ageing``, ``asking``, ``contents``, ``call_journal``, ``calling``, ``hooks``, ``limits``, ``metrics``,
``pictures``, ``providers``, ``preview``, ``remarks``, ``batches``, ``choice``, ``failure``, ``outcomes``,
``exchanges``, ``copies``, ``restoring`` and ``storage``. Each step is recorded before the next begins, so a turn is
resumed where a crash left it, and an answer that arrived is never paid for twice.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from typing import Any

from bot.metrics import Stage
from bot.pictures import machine
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import glance
from bot.providers.base import COUNT, Blob, Capabilities, Provider, Result
from bot.providers.calls.queue import Memory
from bot.turns.ageing import Ageing
from bot.turns.asking import UNSAID, OperatorRules, RequestBuilder, RequestBuilders
from bot.turns.batches import shares_of
from bot.turns.call_journal import CallJournal, Watcher, arrived_for
from bot.turns.calling.calls import Answered, Calls, Job, read_path
from bot.turns.calling.candidates import Fallback
from bot.turns.calling.lanes import lanes_of
from bot.turns.choice import AnsweringPolicy, Choice
from bot.turns.copies import Copies
from bot.turns.failure import Interrupted
from bot.turns.hooks import ProcessHooks
from bot.turns.limits import CREDIT, LAST, LimitWatch
from bot.turns.outcomes import blobs_of, outcome_of
from bot.turns.preview import Preview, preview
from bot.turns.remarks import INSTEAD, REPLACED, remarks_of
from bot.turns.request import contents
from bot.turns.request.exchanges import PathTurn, is_restored
from bot.turns.restoring.restoring import Asked, Kept, Restoring
from storage.books.values import OverLimit
from storage.records import Conversation, Json, MediaRef, Turn, TurnState
from storage.rows.codec import media_of
from storage.rows.upsert import TurnMovedOn
from storage.store import Store

SHARE_OF_MEMORY = 0.25
"""The share of memory for all calls with their pictures and answers; decoding pictures has a share of its own."""

INTERRUPTIONS = 1
"""How often a call whose process died is repeated before the turn fails."""


class Answering:
    """Answers turns. The dispatcher guarantees one turn of a conversation at a time."""

    def __init__(
        self,
        store: Store,
        keys: Mapping[str, Sequence[Provider]],
        policy: AnsweringPolicy,
        hooks: ProcessHooks | None = None,
    ) -> None:
        """``keys``: all providers, each once for each of its keys."""
        self._store = store
        self._hooks = hooks = hooks or ProcessHooks()
        self.providers = providers = {name: several[0] for name, several in keys.items()}
        """Each provider with its first key, for all that needs no key."""
        self.meter = hooks.meter
        shared = not store.is_embedded
        self.ageing = Ageing(store.models, providers, shared=shared, notify_owners=hooks.notify_owners, keys=keys)
        """Knows which models are gone, and their successors."""
        self.policy = policy
        memory = Memory(int(machine.memory_bytes() * SHARE_OF_MEMORY))
        lanes = lanes_of(keys, policy.max_parallel_calls, hooks, memory)
        self.fallback = Fallback(lanes, store.outages, hooks.notify_owners, shared=shared)
        """Knows all keys, and who answers where one of them, or a provider, is out of order."""
        rules = OperatorRules(budget_bytes=policy.budget_bytes, system=policy.system, search=policy.search)
        builders = RequestBuilders(providers, rules, self.ageing)
        self._builder = builders.of
        self.limit_watch = LimitWatch(store, providers, policy, hooks.notify_owners)
        """Knows what calls may cost, and how much room the limits have."""
        self._calls = Calls(store, self.ageing, builders, self.fallback, self.limit_watch, hooks)
        self.copies = Copies(store)
        """Finds answers that changed nothing."""
        self._restoring = Restoring(store, hooks.meter)

    def choice(self, options: Mapping[str, Any]) -> Choice:
        """Return the provider and model that answer: those that ``options`` name, or the model's successor."""
        return self._present(self.chosen(options))

    def _present(self, choice: Choice) -> Choice:
        return replace(choice, model=self.ageing.present(choice.provider, choice.model))

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

    @property
    def _instead(self) -> list[Choice]:
        return [self._present(choice) for choice in self.policy.fallback]

    @property
    def others(self) -> tuple[Provider, ...]:
        """The providers that may answer instead of the chosen one."""
        return tuple(self.providers[name] for name in dict.fromkeys(choice.provider for choice in self.policy.fallback))

    async def reach(self) -> str:
        """Return why neither the default provider nor one of the others answers, "" if one of them does."""
        names = dict.fromkeys(choice.provider for choice in (self.policy.default, *self.policy.fallback))
        reasons = await asyncio.gather(*(self.providers[name].reach() for name in names))
        return reasons[0] if all(reasons) else ""

    async def answer(self, turns: Sequence[Turn], watcher: Watcher, *, new_call: bool = False) -> list[Turn]:
        """Get the answer to ``turns``, store it and move head. Return the turns that were answered.

        An answer that arrived earlier is used before a new call is made. ``new_call``: it is not looked for. Several
        turns of a batch may share one call: each gets one picture of the answer, in order, until there are no more.
        The raw answer is stored with the last turn. Raises: :class:`ProviderError`, :class:`Interrupted`,
        ``MediaMissing``, ``OverLimit``.
        """
        turn = turns[-1]
        await self.ageing.refresh(self.chosen(turn.options).provider)
        arrived = None
        if not new_call:
            arrived = await arrived_for(self._store, turn)
            for one in turns if arrived is None else ():
                await self._count_interruption(one)
        choices = [self.choice(turn.options), *self._instead]
        forms = {self.providers[one.provider].capabilities(one.model).mask for one in choices} - {""}
        sent = await self._restoring.as_asked(turns, forms, cropped=arrived.cropped if arrived else None)
        cropped = sent.plan is not None
        journal = CallJournal(self._store, turns, watcher, choices[0], self._hooks, cropped=cropped)
        with closing(journal):
            job = Job(turns=sent.turns, journal=journal, watcher=watcher, crops=sent.crops, masks=sent.masks)
            try:
                answered = await self._calls.result(job, choices, arrived)
            except OverLimit as over:
                await self.limit_watch.refused(over.bound)
                raise
            except asyncio.CancelledError as stop:
                await journal.stopped(stop)
                raise
        remarks = await self._learned(turn, answered, journal)
        # Who shares a new call, a call of an earlier process, or nothing with others.
        sharers = journal.bought_for or (arrived.shared_by if arrived else ()) or (turn.id,)
        shares = dict(zip(sharers, shares_of(answered.result, len(sharers)), strict=False))
        path, asked = answered.path, answered.choice
        stored = [
            await self.store_result(one, path, shares[one.id], asked, remarks, sent)
            for one in turns
            if one.id in shares
        ]
        self.copies.note_edited(stored, contents.current_picture(path[-1:]))
        if journal.answered_at is not None:
            self.meter.took(Stage.STORED, time.monotonic() - journal.answered_at)
        return stored

    async def _learned(self, turn: Turn, answered: Answered, journal: CallJournal) -> list[str]:
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
        if answered.asked.instead:
            remarks.append(INSTEAD)
        elif await self._renamed(turn, choice) or answered.gone:
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
        return self._builder(choice).of(turn, path, self._calls.read, most).request.options.count

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
        self,
        turn: Turn,
        path: Sequence[PathTurn],
        result: Result,
        asked: Choice,
        remarks: Sequence[str] = (),
        sent: Asked | None = None,
    ) -> Turn:
        """Store the pictures, then in one transaction the reply and the move of head.

        ``asked``: who gave them. ``sent``: the turn as the model got it.
        """
        covered = contents.is_covered(path) or any(picture.covered for picture in turn.pictures)
        refs: dict[int, MediaRef] = {}
        for blob in blobs_of(result):
            refs[id(blob)] = await self._park(blob)
        kept = Kept()
        if turn.state is not TurnState.CANCELLED:
            painted = [(refs[id(blob)], blob.data) for blob in result.pictures]
            kept = await self._restoring.kept(turn, path, painted, sent)
        outcome = outcome_of(result, self.providers[asked.provider], refs, remarks, kept, covered=covered)
        outcome = self.limit_watch.priced(turn, outcome, asked)
        try:
            stored = await self._store.conversations.store_answer(turn, outcome)
        except TurnMovedOn:
            # The turn was deleted during the call.
            made = (outcome.restored.picture,) if outcome.restored else ()
            for ref in (*outcome.media, *media_of(made)):
                await self._store.forgetting.erase(ref.sha256)
            raise
        self.meter.spent(asked.provider, asked.model, outcome.cost_micro_usd)
        return stored

    async def restored(self, turn: Turn) -> Turn:
        """Make the restored picture that was offered with an answer; return the turn with it, not stored yet.

        Raises: ``NotRestored``, ``StorageFault``.
        """
        path = await self._path(turn.parent_id, self._builder(self.choice(turn.options)))
        return replace(turn, restored=await self._restoring.on_demand(turn, path))

    async def remarks(self, turn: Turn) -> tuple[list[tuple[str, Json]], set[str]]:
        """Return the remarks on an answer as keys with values, and the SHA-256 of pictures that had no room."""
        named, choice = self.chosen(turn.options), self._painter(turn)
        chosen, able = (self.providers[one.provider].capabilities(one.model) for one in (named, choice))
        able = replace(able, max_images=self._builder(choice).fit.max_images)
        if UNSAID in turn.remarks and turn.parent_id:
            # Shown once, not again for each turn that follows.
            before = await self._store.conversations.turn(turn.parent_id)
            shown = UNSAID in before.remarks if before else False
            turn = replace(turn, remarks=tuple(one for one in turn.remarks if one != UNSAID or not shown))
        turn = replace(turn, remarks=tuple(one for one in turn.remarks if not one.startswith((LAST, CREDIT))))
        names = chosen.label, able.label
        if INSTEAD in turn.remarks and named.provider != choice.provider:
            # Two providers may call their models the same.
            both = ((self.providers[named.provider], chosen), (self.providers[choice.provider], able))
            old, new = (row.label if provider.is_home else provider.title for provider, row in both)
            names = old, new
        found, left_out = await remarks_of(turn, able, names, lambda: self._composed(turn))
        if turn.restored and is_restored(turn):
            sent = turn.restored.picture.author_id is not None
            found.append(("note-kept" if sent else "note-kept-picture", {}))
        return found, left_out

    def _painter(self, turn: Turn) -> Choice:
        """Return the provider and model that were asked for the answer of a turn."""
        choice = self.choice(turn.options)
        if INSTEAD not in turn.remarks:
            return choice
        others = [one for one in self._instead if one.provider == turn.provider and one != choice]
        # Relays give their models names of their own in answers.
        return min(others, key=lambda one: one.model != turn.model, default=choice)

    async def _composed(self, turn: Turn) -> contents.Composed:
        builder = self._builder(self._painter(turn))
        return contents.compose(await self._path(turn.parent_id, builder), turn, builder.fit)

    async def preview(self, conversation: Conversation, head: Turn) -> Preview:
        """Return what the next request would contain."""
        builder = self._builder(self.choice(conversation.settings))
        return preview(builder, await self._path(head.id, builder), head, self._calls.read)

    async def forget(self, files: Sequence[tuple[str, str]]) -> None:
        """Delete released uploads at providers, by account and URI; what takes more than seconds stays for later."""
        lanes = [lane for lanes in self.fallback.lanes.values() for lane in lanes]
        for lane in lanes if files else ():
            await self._store.provider_files.forget_released(await lane.provider.forget(files))

    async def forget_released(self) -> None:
        """Delete at the providers what they still have of deleted pictures."""
        await self.forget(await self._store.provider_files.released())

    async def _count_interruption(self, turn: Turn) -> None:
        if turn.state is not TurnState.CALLING:
            return
        times = await self._store.conversations.interrupted(turn.id)
        if times > INTERRUPTIONS or self.policy.ask_interrupted:
            raise Interrupted(times)

    async def _path(self, turn_id: int | None, builder: RequestBuilder) -> list[PathTurn]:
        return await read_path(self._store, turn_id, builder.fit)

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
