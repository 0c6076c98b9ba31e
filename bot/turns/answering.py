"""From a turn that was written down to its stored answer: path, request, provider, pictures, head.

May import ``ageing``, ``asking``, ``contents``, ``call_journal``, ``hooks``, ``metrics``, ``parked``, ``pictures``,
``providers``, ``preview``, ``remarks``, ``batches`` and ``storage``. Each step leaves its mark before the next begins:
whoever picks the turn up after a crash goes on from there, and an answer that arrived is never bought again.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from contextlib import closing
from dataclasses import replace
from functools import partial
from typing import Any

from bot.metrics import Step
from bot.pictures import machine
from bot.pictures.compare.result_check import is_copy
from bot.pictures.formats.inspect import inspect
from bot.pictures.threads import glance, off_loop
from bot.providers.base import COUNT, Blob, Capabilities, Picture, Provider, Result
from bot.providers.calls.attempts import generate, resume
from bot.providers.calls.queue import Lane, Memory
from bot.providers.errors import ModelUnavailable
from bot.turns.ageing import Ageing
from bot.turns.asking import UNSAID, Asked, Asking, Rules
from bot.turns.batches import shares_of
from bot.turns.call_journal import Arrived, Ledger, Watcher, arrived_for, insist
from bot.turns.choice import Choice, Policy
from bot.turns.hooks import ProcessHooks
from bot.turns.outcomes import blobs_of, outcome_of
from bot.turns.preview import Preview, preview
from bot.turns.remarks import REPLACED, remarks_of
from bot.turns.request import contents
from bot.turns.request.exchanges import Told
from storage.records import Conversation, Json, MediaRef, Turn, TurnState
from storage.rows.upsert import TurnOver
from storage.store import Store
from storage.tables.conversations import PATH_LIMIT
from storage.tables.models import Limits

SHARE_OF_MEMORY = 0.25
"""How much of it calls may take together, with their pictures and answers; decoding pictures has its own share."""

INTERRUPTIONS = 1
"""How often a call whose process died is made again, before the turn is set aside."""


MOST_EDITED = 1000
"""Turns whose edited picture is remembered until their answer is compared with it; of others it is read again."""


class Interrupted(Exception):
    """The process ended while the call ran, and it is not made again without being asked for."""

    def __init__(self, times: int) -> None:
        super().__init__(times)
        self.times = times


class Answering:
    """Answers turns. One turn of a conversation at a time is the dispatcher's promise."""

    def __init__(
        self, store: Store, providers: Mapping[str, Provider], policy: Policy, hooks: ProcessHooks | None = None
    ) -> None:
        self._store = store
        self._hooks = hooks = hooks or ProcessHooks()
        self.providers = providers
        self.meter = hooks.meter
        shared = not store.is_embedded
        self.ageing = Ageing(store.models, providers, shared=shared, notify_owners=hooks.notify_owners)
        """Knows which models are gone and who paints in their place."""
        self.policy = policy
        # A provider counts requests by key, so the bound holds for all conversations together; memory is the process's.
        memory = Memory(int(machine.memory_bytes() * SHARE_OF_MEMORY))
        self.lanes = {
            name: Lane(policy.max_parallel_calls, memory=memory, name=name, gate=hooks.permits(name))
            for name in providers
        }
        self._asking: dict[Choice, Asking] = {}
        self._edited: dict[int, MediaRef | None] = {}

    def choice(self, options: Mapping[str, Any]) -> Choice:
        """Return who paints where ``options`` name a provider and a model: these, or what took their place."""
        named = self.named(options)
        return replace(named, model=self.ageing.present(named.provider, named.model))

    def named(self, options: Mapping[str, Any]) -> Choice:
        """Return the provider and model that ``options`` name, or the operator's where they name none that is there."""
        chosen = Choice(provider=options.get("provider", ""), model=options.get("model", ""))
        return chosen if chosen.provider in self.providers and chosen.model else self.policy.default

    def capabilities(self, options: Mapping[str, Any]) -> Capabilities:
        """Return what the chosen model can do."""
        choice = self.choice(options)
        return self.providers[choice.provider].capabilities(choice.model)

    def uploads(self, options: Mapping[str, Any]) -> bool:
        """Tell whether pictures come to lie at the chosen provider for a time."""
        return self.providers[self.choice(options).provider].uploads

    async def answer(self, turns: Sequence[Turn], watcher: Watcher, *, anew: bool = False) -> list[Turn]:
        """Get the answer, or the one that arrived already, and store it; head moves with it. Return what was stored.

        Turns of a set may share one call, equal but for their ids: each is answered with a picture of its own, in
        order, as far as the pictures go. What arrives is kept with the last, which is answered last. ``anew``: what
        arrived before held nothing for them. Raises: :class:`ProviderError`, :class:`Interrupted`, ``MediaMissing``.
        """
        turn = turns[-1]
        await self.ageing.refresh(self.named(turn.options).provider)
        choice = self.choice(turn.options)
        provider = self.providers[choice.provider]
        path = await self._path(turn.parent_id, self._ask(choice))
        with closing(Ledger(self._store, turns, watcher, choice.provider, self._hooks)) as ledger:
            arrived, gone = None if anew else await arrived_for(self._store, turn), list[str]()
            whose = arrived.shared_by if arrived else ()
            for one in turns if arrived is None and not anew else ():
                await self._count_interruption(one)
            while True:
                asked = self._ask(choice).of(turn, path, self._read, len(turns))
                try:
                    result = await self._call(turn, asked, choice, ledger, watcher, arrived)
                    break
                except ModelUnavailable:
                    # A kept answer may have come from a model that was replaced meanwhile: it says nothing of this one.
                    gone += [choice.model] if arrived is None else []
                    arrived, after = None, self.ageing.following(choice.provider, gone) if gone else choice.model
                    if not after:
                        raise
                    choice = replace(choice, model=after)
                    ledger.remedies.clear()
        if len(ledger.bought_for) > len(result.pictures) == 1:
            self._ask(choice).refuse(COUNT)
        await self.ageing.learn_status(choice.provider, choice.model, result.status)
        remarks = asked.remarks(ledger.remedies)
        if gone:
            await self.ageing.learn_successor(choice.provider, gone, choice.model)
        if await self._renamed(turn, choice) or gone:
            remarks.append(REPLACED)
        whose = ledger.bought_for or whose or (turn.id,)
        shares = dict(zip(whose, shares_of(result, len(whose)), strict=False))
        sharing = [one for one in turns if one.id in shares]
        stored = [await self.keep(one, path, shares[one.id], provider, remarks) for one in sharing]
        self._note_edited(stored, contents.current_picture(path[-1:]))
        if ledger.answered_at is not None:
            self.meter.took(Step.STORED, time.monotonic() - ledger.answered_at)
        return stored

    async def at_once(self, turn: Turn) -> int:
        """Return how many pictures one call for such a turn may bring."""
        choice = self.choice(turn.options)
        able = self.providers[choice.provider].capabilities(choice.model)
        if max(able.max_count, able.max_count_edited) == 1:
            return 1
        path = await self._path(turn.parent_id, self._ask(choice))
        most = max(able.max_count, able.max_count_edited)
        return self._ask(choice).of(turn, path, self._read, most).request.options.count

    async def _call(
        self, turn: Turn, asked: Asked, choice: Choice, ledger: Ledger, watcher: Watcher, arrived: Arrived | None
    ) -> Result:
        """Get a result: of the answer that arrived already, else of a call. Raises: ``ProviderError``."""
        provider, lane = self.providers[choice.provider], self.lanes[choice.provider]
        how: dict[str, Any] = {"lane": lane, "moved": watcher.queued, "whose": turn.conversation_id}
        ledger.remake = asked.rebuild
        try:
            if arrived is not None:
                again = partial(resume, provider, arrived.answer, asked.request, ledger, **how)
                result = await insist(again, self._hooks.alarm)
            else:
                with self._hooks.at_rest():
                    result = await insist(partial(generate, provider, asked.request, ledger, **how), self._hooks.alarm)
            asked.learn(ledger.remedies)
            return result
        finally:
            await self._share(choice)

    async def _share(self, choice: Choice) -> None:
        """Let all processes know what this one learned of how much a model takes."""
        asking = self._ask(choice)
        if (limits := asking.limits) != Limits():
            await self.ageing.learn_limits(choice.provider, choice.model, limits)
            asking.limits = Limits() if asking.limits == limits else asking.limits

    async def _renamed(self, turn: Turn, choice: Choice) -> bool:
        """Let a conversation that chose a model which is gone choose the one that painted; return whether it did."""
        old, new = turn.options.get("model"), choice.model
        if not old or old == new or turn.options.get("provider") != choice.provider:
            return False

        def changed(settings: Mapping[str, Any]) -> Mapping[str, Any]:
            return {**settings, "model": new} if settings.get("model") == old else settings

        before = (await self._store.conversations.by_id(turn.conversation_id)).settings
        return before != await self._store.conversations.change(turn.conversation_id, changed)

    async def keep(
        self, turn: Turn, path: Sequence[Told], result: Result, provider: Provider, remarks: Sequence[str] = ()
    ) -> Turn:
        """Store the pictures, then in one transaction the reply, what goes with it, and the move of head."""
        covered = contents.is_covered(path) or any(picture.covered for picture in turn.pictures)
        refs: dict[int, MediaRef] = {}
        for blob in blobs_of(result):
            refs[id(blob)] = await self._park(blob)
        outcome = outcome_of(result, provider, refs, remarks, covered=covered)
        try:
            stored = await self._store.conversations.answer(turn, outcome)
        except TurnOver:
            # It was forgotten while it was painted.
            for ref in outcome.media:
                await self._store.forgetting.erase(ref.sha256)
            raise
        self.meter.spent(provider.name, self.choice(turn.options).model, outcome.cost_micro_usd)
        return stored

    async def remarks(self, turn: Turn) -> tuple[list[tuple[str, Json]], set[str]]:
        """Return what a person should know about an answer, and by their SHA-256 the pictures that had no room."""
        named, choice = self.named(turn.options), self.choice(turn.options)
        chosen, able = (self.providers[one.provider].capabilities(one.model) for one in (named, choice))
        able = replace(able, max_images=self._ask(choice).fit.max_images)
        if UNSAID in turn.remarks and turn.parent_id:
            # Who was told so once knows it for the turns that follow.
            before = await self._store.conversations.turn(turn.parent_id)
            told = UNSAID in before.remarks if before else False
            turn = replace(turn, remarks=tuple(one for one in turn.remarks if one != UNSAID or not told))
        return await remarks_of(turn, able, chosen.label, lambda: self._composed(turn))

    async def _composed(self, turn: Turn) -> contents.Composed:
        asking = self._ask(self.choice(turn.options))
        return contents.compose(await self._path(turn.parent_id, asking), turn, asking.fit)

    async def preview(self, conversation: Conversation, head: Turn) -> Preview:
        """Return what the model would see with the next wish."""
        asking = self._ask(self.choice(conversation.settings))
        return preview(asking, await self._path(head.id, asking), head, self._read)

    async def handed_back(self, turn: Turn) -> bool:
        """Return whether an answer is the very picture that was to be edited. Google's model card names such copies."""
        before = turn.pictures[-1].media if turn.pictures else await self._edited_by(turn)
        if before is None or not turn.shown:
            return False
        old, new = [await self._store.media.get(ref.sha256) for ref in (before, turn.shown[-1])]
        return await off_loop(is_copy, old, new)

    def _note_edited(self, turns: Sequence[Turn], picture: MediaRef | None) -> None:
        self._edited.update((turn.id, picture) for turn in turns)
        for turn_id in list(self._edited)[:-MOST_EDITED]:
            del self._edited[turn_id]

    async def _edited_by(self, turn: Turn) -> MediaRef | None:
        """Return the picture of its parent that a turn edits."""
        if turn.id in self._edited or turn.parent_id is None:
            return self._edited.pop(turn.id, None)
        parent = await self._store.conversations.turn(turn.parent_id)
        return contents.current_picture([parent]) if parent else None

    async def forget(self, files: Sequence[tuple[str, str]]) -> None:
        """Have providers delete what lies there by account and URI, as far as they answer within some seconds."""
        for provider in self.providers.values() if files else ():
            await provider.forget(files)

    async def _count_interruption(self, turn: Turn) -> None:
        if turn.state is not TurnState.CALLING:
            return
        times = await self._store.conversations.interrupted(turn.id)
        if times > INTERRUPTIONS or self.policy.ask_interrupted:
            raise Interrupted(times)

    def _ask(self, choice: Choice) -> Asking:
        """Return how a model is asked, with all that its refusals have taught."""
        if choice not in self._asking:
            policy = self.policy
            rules = Rules(budget_bytes=policy.budget_bytes, system=policy.system, search=policy.search)
            known = partial(self.ageing.limits, choice.provider, choice.model)
            self._asking[choice] = Asking(self.providers[choice.provider], choice.model, rules, known)
        return self._asking[choice]

    async def _path(self, turn_id: int | None, asking: Asking) -> list[Told]:
        """Return all turns up to one, root first; with their replies those that may go back to the model."""
        path = await self._store.views.line(turn_id)
        start = max(contents.may_replay(path, asking.fit), len(path) - PATH_LIMIT)
        read = await self._store.views.whole([turn.id for turn in path[start:]])
        return [*path[:start], *(read.get(turn.id, turn) for turn in path[start:])]

    async def _read(self, picture: Picture) -> bytes:
        return await self._store.media.get(picture.sha256, size_bytes=picture.size_bytes)

    async def _park(self, blob: Blob) -> MediaRef:
        sha256 = await self._store.media.put(blob.data)
        info = await glance(inspect, blob.data)
        return MediaRef(
            sha256=sha256,
            mime=blob.mime,
            size_bytes=len(blob.data),
            width_px=info.width_px,
            height_px=info.height_px,
        )
