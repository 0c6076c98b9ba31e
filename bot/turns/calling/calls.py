"""Gets the result of a turn: from the chosen model, its successor, or whoever answers instead.

Imports ``ageing``, ``asking``, ``call_journal``, ``candidates``, ``choice``, ``contents``, ``exchanges``, ``hooks``,
``limits``, ``providers`` and ``storage``. Stores nothing but what the journal writes down.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from contextlib import nullcontext
from dataclasses import dataclass, field, replace
from functools import partial

from bot.providers.base import Result
from bot.providers.calls.attempts import generate
from bot.providers.errors import ModelUnavailable, ProviderError
from bot.turns.ageing import Ageing
from bot.turns.asking import Masks, RequestBuilders, TurnRequest
from bot.turns.call_journal import Arrived, CallJournal, Watcher, insist
from bot.turns.calling.candidates import Candidate, Fallback
from bot.turns.choice import Choice
from bot.turns.hooks import ProcessHooks
from bot.turns.limits import LimitWatch
from bot.turns.request import contents
from bot.turns.request.exchanges import Fit, PathTurn
from storage.books.values import OverLimit
from storage.records import MediaRef, Turn
from storage.store import Store
from storage.tables.conversations import PATH_LIMIT


@dataclass(frozen=True, slots=True)
class Answered:
    """A result, with who gave it to which request. ``choice``: of ``asked``, the model that was not gone.

    ``path``: the path as that model gets it. ``gone``: models that were found to be gone before.
    """

    result: Result
    asked: Candidate
    choice: Choice
    path: Sequence[PathTurn]
    turn_request: TurnRequest
    gone: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """Turns that share a call, with the journal of their calls and who watches them.

    ``crops``: the bytes of pictures and masks that are not stored, by SHA-256.
    """

    turns: Sequence[Turn]
    journal: CallJournal
    watcher: Watcher
    crops: Mapping[str, bytes] = field(default_factory=dict)
    masks: Masks = field(default_factory=dict)

    @property
    def turn(self) -> Turn:
        """Return the turn that stands for all of them."""
        return self.turns[-1]


class Calls:
    """Calls providers for turns, with all keys that there are."""

    def __init__(
        self,
        store: Store,
        ageing: Ageing,
        builders: RequestBuilders,
        fallback: Fallback,
        limit_watch: LimitWatch,
        hooks: ProcessHooks,
    ) -> None:
        self._store = store
        self._ageing = ageing
        self._builders = builders
        self._fallback = fallback
        self._limit_watch = limit_watch
        self._hooks = hooks

    async def result(self, job: Job, choices: Sequence[Choice], arrived: Arrived | None) -> Answered:
        """Get the result for a job. Raises: ``ProviderError``, ``OverLimit``.

        ``choices``: the chosen model, then those to ask where it is out of order. ``arrived``: an answer to read first.
        """
        kept = (arrived.by or choices[0]) if arrived else None
        suits, whose = partial(self._suits, job.turn), job.turn.conversation_id
        candidates = await self._fallback.candidates(choices, suits, whose=whose, kept=kept)
        while True:
            one = await candidates.next()
            job.journal.ask(one.choice)
            try:
                answered = await self._from_one(job, one, arrived)
            except OverLimit as over:
                candidates.unaffordable(one, over)
                arrived = None
            except ProviderError as error:
                await candidates.failed(one, error)
                job.journal.failed()
                self._hooks.meter.repeated(one.choice.provider, error.key)
                arrived = None
            else:
                await candidates.worked(one)
                return answered

    async def _suits(self, turn: Turn, choice: Choice) -> bool:
        """Return whether a model can do what a turn asks for."""
        builder = self._builders.of(choice)
        path = await read_path(self._store, turn.parent_id, builder.fit)
        return builder.of(turn, path, self.read).is_possible

    async def _from_one(self, job: Job, asked: Candidate, arrived: Arrived | None) -> Answered:
        """Get the result of a model, or of a successor if that model is gone.

        Raises: ``ProviderError``, ``OverLimit``.
        """
        choice, gone = asked.choice, list[str]()
        path = await read_path(self._store, job.turn.parent_id, self._builders.of(choice).fit)
        while True:
            # Each has a price of its own, and no call is made whose price is not held.
            job.journal.terms = partial(self._limit_watch.terms, job.turn, choice)
            builder, read = self._builders.of(choice), partial(self._read, job)
            turn_request = builder.of(job.turn, path, read, len(job.turns), job.masks)
            try:
                result = await self._call(job, turn_request, asked, arrived)
                return Answered(result, asked, choice, path, turn_request, tuple(gone))
            except ModelUnavailable:
                job.journal.remedies.clear()
                if arrived is not None:
                    # A stored answer may come from an older model. Only a new call shows whether this one is gone.
                    arrived = None
                    continue
                gone.append(choice.model)
                successor = self._ageing.following(choice.provider, gone)
                if not successor:
                    raise
                choice = replace(choice, model=successor)

    async def _call(self, job: Job, turn_request: TurnRequest, asked: Candidate, arrived: Arrived | None) -> Result:
        """Read the answer that arrived already, else make a call. Raises: ``ProviderError``, ``OverLimit``."""
        call = partial(
            generate,
            asked.lane.provider,
            turn_request.request,
            job.journal,
            policy=asked.policy,
            queue=asked.lane.queue,
            on_position=job.watcher.queued,
            whose=job.turn.conversation_id,
            kept=arrived.answer if arrived else None,
            rebuild=turn_request.rebuild,
        )
        try:
            with self._hooks.at_rest() if arrived is None else nullcontext():
                result = await insist(call, self._hooks.alarm)
            turn_request.learn(job.journal.remedies)
            return result
        finally:
            await self._builders.share(Choice(provider=asked.choice.provider, model=turn_request.request.model))

    async def _read(self, job: Job, picture: MediaRef) -> bytes:
        return job.crops[picture.sha256] if picture.sha256 in job.crops else await self.read(picture)

    async def read(self, picture: MediaRef) -> bytes:
        """Return the bytes of a picture. Raises: ``MediaMissing``."""
        return await self._store.media.get(picture.sha256, size_bytes=picture.size_bytes)


async def read_path(store: Store, turn_id: int | None, fit: Fit) -> list[PathTurn]:
    """Return the path to a turn, root first; turns that may go back to the model come with their replies."""
    return await store.views.whole_path(
        turn_id, lambda path: min(len(path) - contents.may_replay(path, fit), PATH_LIMIT)
    )
