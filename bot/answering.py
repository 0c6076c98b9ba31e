"""From a turn that was written down to its stored answer: path, request, provider, pictures, head.

May import ``contents``, ``ledger``, ``metrics``, ``pictures``, ``providers`` and ``storage``. Each step leaves its mark
before the next begins: whoever picks the turn up after a crash goes on from there, and an answer that arrived is never
bought again.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractContextManager, closing, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from bot import contents
from bot.ledger import FIRST_PAUSE_S, LONGEST_PAUSE_S, Ledger, Watcher, mark_of
from bot.metrics import Meter, Step
from bot.outcomes import blobs_of, outcome_of
from bot.pictures import machine
from bot.pictures.inspect import inspect
from bot.pictures.pool import glance, off_loop
from bot.providers.answers import load
from bot.providers.base import Answer, Blob, Capabilities, Options, Picture, Provider, Request, Result
from bot.providers.errors import PictureUnreadable, ProviderError, Remedy, RemedyKind
from bot.providers.generate import generate, resume
from bot.providers.honesty import is_copy, ratio_ignored
from bot.providers.lane import Lane, Memory
from storage.faults import StorageFault
from storage.records import Conversation, Json, MediaRef, Turn, TurnState
from storage.store import Store
from storage.writing import TurnOver

log = logging.getLogger(__name__)

SHARE_OF_MEMORY = 0.25
"""How much of it calls may take together, with their pictures and answers; decoding pictures has its own share."""

INTERRUPTIONS = 1
"""How often a call whose process died is made again, before the turn is set aside."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A provider and one of its models."""

    provider: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    """The operator's choices. ``budget_bytes`` is of base64; ``ask_interrupted`` as in ``ON_INTERRUPTED=ask``.

    ``max_parallel_calls``: None where each provider's number is learned.
    """

    default: Choice
    budget_bytes: int = 15_000_000
    system: str | None = None
    search: bool = False
    max_parallel_calls: int | None = None
    ask_interrupted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Preview:
    """What the model would see: the turns that go along, all pictures in them, what is left out, bytes on the wire."""

    model: str
    replayed: tuple[Turn, ...]
    pictures: tuple[MediaRef, ...]
    left_out: int
    size_bytes: int


class Interrupted(Exception):
    """The process ended while the call ran, and it is not made again without being asked for."""

    def __init__(self, times: int) -> None:
        super().__init__(times)
        self.times = times


class Answering:
    """Answers turns. One turn of a conversation at a time is the dispatcher's promise."""

    def __init__(
        self, store: Store, providers: Mapping[str, Provider], policy: Policy, meter: Meter | None = None
    ) -> None:
        self._store = store
        self.providers = providers
        self.meter = meter or Meter()
        """Counts calls, costs and how turns end."""
        self.leaving = False
        """Set when the process ends: a call that begins now would be paid for and then cut off."""
        self.alarm: Callable[[StorageFault], None] = lambda fault: log.error("%s", fault)
        """Told when an answer that arrived cannot be stored."""
        self.rest: Callable[[], AbstractContextManager[None]] = nullcontext
        """Entered while nothing is done but waiting for a provider."""
        self.policy = policy
        # A provider counts requests by key, so the bound holds for all conversations together; memory is the process's.
        memory = Memory(int(machine.memory_bytes() * SHARE_OF_MEMORY))
        self.lanes = {name: Lane(policy.max_parallel_calls, memory=memory, name=name) for name in providers}
        self._refused: dict[Choice, frozenset[str]] = {}

    def choice(self, options: Mapping[str, Any]) -> Choice:
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

    async def answer(self, turn: Turn, watcher: Watcher) -> Turn:
        """Get the answer, or the one that arrived already, and store it; head moves with it. Return the turn as stored.

        Raises: :class:`ProviderError`, :class:`Interrupted`, ``MediaMissing``.
        """
        choice = self.choice(turn.options)
        provider = self.providers[choice.provider]
        path = await self._store.conversations.path(turn.parent_id)
        request = self._request(turn, path, choice)
        leaving, alarm = (lambda: self.leaving), (lambda fault: self.alarm(fault))
        how: dict[str, Any] = {
            "lane": self.lanes[choice.provider],
            "moved": watcher.queued,
            "whose": turn.conversation_id,
        }
        with closing(Ledger(self._store, turn, watcher, choice.provider, self.meter, leaving, alarm)) as ledger:
            arrived = await self.arrived(turn)
            if arrived is not None:
                call = partial(resume, provider, arrived, request, ledger, **how)
                result = await self._insist(call)
            else:
                await self._count_interruption(turn)
                with self.rest():
                    call = partial(generate, provider, request, ledger, **how)
                    result = await self._insist(call)
        self._learn(choice, ledger.remedies)
        covered = contents.is_covered(path) or any(picture.covered for picture in turn.pictures)
        stored = await self.keep(turn, result, provider, [remedy.key for remedy in ledger.remedies], covered=covered)
        if ledger.answered_at is not None:
            self.meter.took(Step.STORED, time.monotonic() - ledger.answered_at)
        return stored

    async def _insist(self, call: Callable[[], Awaitable[Result]]) -> Result:
        """Make a call that the store cut short again when the store is back; the provider never had all of it."""
        pause_s = FIRST_PAUSE_S
        while True:
            try:
                return await call()
            except PictureUnreadable as error:
                # Not the cause: httpcore raises what it meets in a body anew, "from None".
                if not isinstance(error.__context__, StorageFault):
                    raise
                self.alarm(error.__context__)
            await asyncio.sleep(pause_s)
            pause_s = min(pause_s * 2, LONGEST_PAUSE_S)

    async def keep(
        self, turn: Turn, result: Result, provider: Provider, remarks: Sequence[str] = (), *, covered: bool = False
    ) -> Turn:
        """Store the pictures, then in one transaction the reply, what goes with it, and the move of head."""
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

    async def keep_cancelled(self, turn: Turn) -> None:
        """Keep an answer that had arrived for a turn that was cancelled; it is not delivered and never head."""
        current = await self._store.conversations.turn(turn.id)
        arrived = await self.arrived(current) if current else None
        if current is None or current.is_forgotten or current.reply is not None or arrived is None:
            return
        choice = self.choice(current.options)
        provider = self.providers[choice.provider]
        try:
            await self.keep(current, await provider.read(arrived, model=choice.model), provider)
        except (ProviderError, TurnOver) as error:
            log.info("turn %s was cancelled, and its answer could not be read: %s", turn.id, error)

    async def arrived(self, turn: Turn) -> Answer | None:
        """Return the raw answer that arrived for the turn's last call."""
        if turn.attempts == 0:
            return None
        data = await self._store.media.answer(turn.id, turn.attempts)
        try:
            return load(data, mark_of(turn)) if data is not None else None
        except ValueError as error:
            log.error("turn %s: its raw answer cannot be used: %s", turn.id, error)
            return None

    async def remarks(self, turn: Turn) -> tuple[list[tuple[str, Json]], set[str]]:
        """Return what a person should know about an answer, and by their SHA-256 the pictures that had no room."""
        able = self.capabilities(turn.options)
        found: list[tuple[str, Json]] = [(key, {}) for key in turn.remarks]
        if left_out := await self._left_out(turn, able.max_images):
            found.append(("note-left-out", {"count": len(left_out), "limit": able.max_images}))
        wanted = turn.options.get("ratio")
        if wanted and turn.shown and ratio_ignored(wanted, turn.shown[-1].width_px, turn.shown[-1].height_px):
            found.append(("note-ratio-ignored", {"ratio": wanted}))
        return found, left_out

    async def _left_out(self, turn: Turn, most: int) -> set[str]:
        """Return the pictures of a wish that a model which takes so many did not get, by their SHA-256."""
        if len(turn.pictures) < max(most, 1):
            return set()
        path = await self._store.conversations.path(turn.parent_id)
        composed = contents.compose(path, turn, self._fit(self.choice(turn.options)))
        got = {ref.sha256 for ref in (*composed.pictures, composed.current) if ref}
        return {picture.media.sha256 for picture in turn.pictures} - got

    async def preview(self, conversation: Conversation, head: Turn) -> Preview:
        """Return what the model would see with the next wish."""
        choice = self.choice(conversation.settings)
        path = await self._store.conversations.path(head.id)
        wish = replace(head, id=0, parent_id=head.id, wish="…", pictures=(), reply=None, shown=())
        composed = contents.compose(path, wish, self._fit(choice))
        return Preview(
            model=self.capabilities(conversation.settings).label,
            replayed=tuple(path[composed.left_out :]),
            pictures=tuple(ref for content in composed.contents for ref in contents.media_in(content)),
            left_out=composed.left_out,
            size_bytes=contents.wire_bytes(composed.contents),
        )

    async def handed_back(self, turn: Turn) -> bool:
        """Tell whether an answer is the very picture that was to be edited (models do copy: gemini.md, 4)."""
        parent = await self._store.conversations.turn(turn.parent_id) if turn.parent_id and not turn.pictures else None
        before = turn.pictures[-1].media if turn.pictures else contents.current_picture([parent] if parent else [])
        if before is None or not turn.shown:
            return False
        old, new = [await self._store.media.get(ref.sha256) for ref in (before, turn.shown[-1])]
        return await off_loop(is_copy, old, new)

    async def forget(self, files: Sequence[tuple[str, str]]) -> None:
        """Have providers delete what lies there by account and URI, as far as they answer within some seconds."""
        for provider in self.providers.values() if files else ():
            await provider.forget(files)

    def _learn(self, choice: Choice, remedies: Sequence[Remedy]) -> None:
        """Remember what made a request do, so that a refused field is not sent again."""
        fields = {remedy.field for remedy in remedies if remedy.kind is RemedyKind.WITHOUT_FIELD}
        self._refused[choice] = self._refused.get(choice, frozenset()) | fields

    async def _count_interruption(self, turn: Turn) -> None:
        if turn.state is not TurnState.CALLING:
            return
        times = await self._store.conversations.interrupted(turn.id)
        if times > INTERRUPTIONS or self.policy.ask_interrupted:
            raise Interrupted(times)

    def _request(self, turn: Turn, path: Sequence[Turn], choice: Choice) -> Request:
        able = self.providers[choice.provider].capabilities(choice.model)
        composed = contents.compose(path, turn, self._fit(choice), data=_picture)
        return Request(
            model=choice.model,
            contents=composed.contents,
            wish=composed.wish,
            read=self._read,
            earlier_wishes=composed.earlier_wishes,
            current=_picture(composed.current) if composed.current else None,
            pictures=tuple(map(_picture, composed.pictures)),
            options=replace(self._options(turn.options, able), without=self._refused.get(choice, frozenset())),
        )

    def _fit(self, choice: Choice) -> contents.Fit:
        provider = self.providers[choice.provider]
        able = provider.capabilities(choice.model)
        return contents.Fit(
            maker=provider.maker,
            signatures=able.signatures,
            history=able.history,
            max_images=able.max_images,
            budget_bytes=min(self.policy.budget_bytes, able.max_request_bytes),
        )

    def _options(self, chosen: Mapping[str, Any], able: Capabilities) -> Options:
        ratio, size = chosen.get("ratio"), chosen.get("size")
        return Options(
            ratio=ratio if ratio in able.ratios else None,
            size=size if size in able.sizes else None,
            words=bool(chosen.get("words", True)),
            system=self.policy.system,
            search=self.policy.search and able.search,
        )

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


def _picture(ref: MediaRef) -> Picture:
    return Picture(
        sha256=ref.sha256,
        mime=ref.mime,
        size_bytes=ref.size_bytes,
        width_px=ref.width_px,
        height_px=ref.height_px,
    )
