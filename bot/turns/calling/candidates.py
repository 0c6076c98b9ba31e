"""Who may answer a turn, in order: the chosen provider with each of its keys, then those that ``FALLBACK`` names.

Imports ``lanes``, ``outages``, ``choice``, ``hooks``, ``providers`` and ``storage``. Somebody else is asked only after
a failure that is neither about the wish nor of unknown outcome: ``providers.calls.outages`` says which. So of all calls
for a turn at most one can have been painted, unless a process died during it.
"""

from __future__ import annotations

import logging
import math
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from bot.providers.calls.attempts import DEFAULT_POLICY, AttemptPolicy
from bot.providers.calls.outages import Outage, outage_of
from bot.providers.calls.pace import LONGEST_NAMED_S
from bot.providers.errors import ModerationRefused, NoPicture, ProviderError, QueueFull, RateLimited, Refused
from bot.turns.calling.lanes import Lane, Lanes, in_order
from bot.turns.calling.outages import OutageWatch
from bot.turns.choice import Choice
from bot.turns.hooks import NotifyOwners
from storage.books.values import OverLimit
from storage.notes.outages import Outages

log = logging.getLogger(__name__)

PATIENCE_S = 30.0
"""How long a call that meets a rate limit is repeated while another provider could answer."""

BRIEF_WAIT_S = 2.0
"""The longest pause between calls to somebody who rests, while others that rest can be asked, too."""

WORN_OUT = 3
"""After so many refusals in a row without an answer between them, a rate limit is no short one."""

Suits = Callable[[Choice], Awaitable[bool]]
"""Returns whether a model can do what the turn asks for, with all its pictures."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """Somebody who may answer. ``instead``: it is not the chosen model.

    ``asked_at``: when it is asked (Unix s), 0 if an answer from earlier is read.
    """

    choice: Choice
    lane: Lane
    instead: bool
    asked_at: float
    policy: AttemptPolicy

    @property
    def needs(self) -> dict[Outage, str]:
        """Return what must be in order for its call, by name."""
        return self.lane.needs(self.choice)


class Fallback:
    """All lanes, and what is out of order."""

    def __init__(self, lanes: Lanes, notes: Outages, notify_owners: NotifyOwners, *, shared: bool) -> None:
        """``shared``: other processes note outages, too."""
        self.lanes = lanes
        self.watch = OutageWatch(notes, shared=shared)
        self.notify_owners = notify_owners

    async def candidates(
        self, choices: Sequence[Choice], suits: Suits, *, whose: int, kept: Choice | None = None
    ) -> Candidates:
        """Return who may answer a turn.

        ``choices``: the chosen model, then those to ask instead. ``whose``: the conversation. ``kept``: whose answer is
        there already, to be read.
        """
        found = Candidates(self, list(dict.fromkeys(choices)), suits, whose, kept)
        if not found.is_alone:
            await self.watch.refresh()
        return found

    async def note(self, lane: Lane, choice: Choice, error: ProviderError, asked_at: float, whose: int = 0) -> None:
        """Note what is out of order after a call that began at ``asked_at`` (Unix s); tell the owners if it is new.

        ``whose``: the conversation that met it, 0 if there is none.
        """
        outage = outage_of(error)
        if outage is None or not await self.watch.failed(lane.needs(choice)[outage], error, asked_at, whose):
            return
        why = (error.owner_text or error.outcome).rstrip(".")
        tell, provider = self.notify_owners, lane.provider.title
        if outage in (Outage.KEY, Outage.QUOTA) and lane.count > 1:
            tell("owner-outage-key", provider=provider, why=why, number=lane.number, count=lane.count)
        elif outage in (Outage.MODEL, Outage.QUOTA):
            tell("owner-outage-model", provider=provider, why=why, model=choice.model)
        else:
            tell("owner-outage-provider", provider=provider, why=why)


class Candidates:
    """Those who may answer one turn; remembers which of them failed meanwhile."""

    def __init__(
        self, fallback: Fallback, choices: Sequence[Choice], suits: Suits, whose: int, kept: Choice | None
    ) -> None:
        self._fallback = fallback
        self._watch = fallback.watch
        self._choices = choices
        self._suits = suits
        self._whose = whose
        if kept is not None and kept not in choices:
            # Its model was replaced meanwhile, or the settings name another one: the dialect is that of its provider.
            kept = next((one for one in choices if one.provider == kept.provider), choices[0])
        self._kept = kept
        self._errors: list[tuple[bool, ProviderError]] = []
        """All failures, with whether somebody else was asked than the chosen model."""
        self._over: OverLimit | None = None
        """What the limits said of one that costs more than they have room for."""
        self._unaffordable: set[Choice] = set()
        self._out: set[str] = set()
        """What failed for this turn, by name."""
        self._limited: list[Candidate] = []
        """Those that only met a short rate limit."""
        self._woke = False
        """Whether one that rests was asked, whatever is known of it."""

    @property
    def is_alone(self) -> bool:
        """Whether nobody else could be asked, whatever happens."""
        return sum(len(self._fallback.lanes[choice.provider]) for choice in self._choices) == 1

    async def next(self) -> Candidate:
        """Return whom to ask next.

        Raises, if nobody is left: what kept the first one from answering, or that nobody else is cheap enough. Before
        anybody is refused because of old news, those that rest are asked, too: see :meth:`_wake`.
        """
        if self._kept is not None:
            kept, self._kept = self._kept, None
            return self._reader(kept)
        resting: list[Candidate] = []
        for choice in self._choices:
            if choice in self._unaffordable:
                continue
            lanes = [lane for lane in self._lanes(choice) if self._out.isdisjoint(lane.needs(choice).values())]
            if not lanes or not (choice == self._choices[0] or await self._suits(choice)):
                continue
            for place, lane in enumerate(lanes):
                one = self._candidate(choice, lane)
                if self.is_alone or await self._watch.may_ask(one.needs.values(), self._whose):
                    return self._with_patience(one, lanes[place + 1 :])
                resting.append(one)
        if self._limited:
            again = self._limited.pop(0)
            self._out.discard(again.needs[Outage.QUOTA])
            return replace(again, asked_at=self._watch.now(), policy=_policy_of(again.lane))
        woken = self._wake(resting)
        if woken is None:
            raise self._reason()
        return woken

    async def failed(self, one: Candidate, error: ProviderError) -> None:
        """Note that a candidate failed. Raises: the error itself, if nobody else may be asked."""
        outage = outage_of(error)
        if isinstance(error, Refused | NoPicture) and not isinstance(error, ModerationRefused):
            # It judged the wish, so it is in order; a moderation may stand in front of what is not.
            await self.worked(one)
        if outage is None or self.is_alone:
            raise error
        self._errors.append((one.instead, error))
        passes = isinstance(error, RateLimited) and self._is_short(error, one.lane)
        if passes and one.policy.patience_s < math.inf:
            self._limited.append(one)
        if passes or outage is Outage.CALL:
            self._out.add(one.needs[Outage.QUOTA])
        else:
            self._out.add(one.needs[outage])
            await self._fallback.note(one.lane, one.choice, error, one.asked_at, self._whose)
        if error.after_paid:
            raise error

    def unaffordable(self, one: Candidate, over: OverLimit) -> None:
        """Pass over a candidate whose price has no room in the limits; others may cost less.

        Raises: ``OverLimit`` itself for the chosen model: a limit ends a wish, and nobody else is asked instead.
        """
        if not one.instead and not self._errors:
            raise over
        log.info("%s is not asked: %s", one.lane.name, over)
        self._over = self._over or over
        self._unaffordable.add(one.choice)
        self._woke = False

    async def worked(self, one: Candidate) -> None:
        """Note that a candidate answered."""
        if not self.is_alone:
            await self._watch.worked(one.needs.values(), one.asked_at)

    def _wake(self, resting: Sequence[Candidate]) -> Candidate | None:
        """Return whom to ask although it rests, None for nobody: the one whose rest ends first.

        After that one only those that may be well again for all we know, so that in a long outage of all no key is
        asked in vain for every wish.
        """
        if self._woke:
            resting = [one for one in resting if self._watch.may_be_back(one.needs.values(), self._whose)]
        self._woke = True
        ranked = sorted(resting, key=lambda one: self._watch.rests_until(one.needs.values(), self._whose))
        if len(ranked) < 2:
            return ranked[0] if ranked else None
        wait_s = min(ranked[0].policy.longest_wait_s, BRIEF_WAIT_S)
        return replace(ranked[0], policy=replace(ranked[0].policy, longest_wait_s=wait_s, patience_s=0.0))

    def _reason(self) -> ProviderError | OverLimit:
        """Return why nobody is left: what the person can do something about."""
        if self._over is not None and 0 < self._over.room < self._over.wanted:
            # Fewer versions can be made.
            return self._over
        # What kept the chosen model from answering, also if that was asked last because it rested.
        first = min(self._errors, key=lambda found: found[0], default=None)
        return (first and first[1]) or self._over or QueueFull(owner_text="nobody can be asked")

    def _lanes(self, choice: Choice) -> list[Lane]:
        return in_order(self._fallback.lanes[choice.provider], self._whose)

    def _candidate(self, choice: Choice, lane: Lane) -> Candidate:
        return Candidate(
            choice=choice,
            lane=lane,
            instead=choice != self._choices[0],
            asked_at=self._watch.now(),
            policy=_policy_of(lane),
        )

    def _reader(self, choice: Choice) -> Candidate:
        """Return whoever reads an answer that is there. If its call failed and the cause rests, it is not repeated."""
        one = self._candidate(choice, self._lanes(choice)[0])
        one = replace(one, asked_at=0.0)
        rests = not self.is_alone and self._watch.rests_until(one.needs.values(), self._whose)
        return replace(one, policy=replace(one.policy, attempts=1, patience_s=0.0)) if rests else one

    def _with_patience(self, one: Candidate, lanes: Sequence[Lane]) -> Candidate:
        """Let a rate limit be waited out only as long as nobody else could answer sooner."""
        if any(lane.queue.has_room and not lane.queue.pause_s for lane in lanes):
            return replace(one, policy=replace(one.policy, patience_s=0.0))
        if one.choice != self._choices[-1]:
            return replace(one, policy=replace(one.policy, patience_s=PATIENCE_S))
        return one

    def _is_short(self, error: RateLimited, lane: Lane) -> bool:
        return (error.retry_after_s or 0.0) <= LONGEST_NAMED_S and lane.queue.pace.cuts < WORN_OUT


def _policy_of(lane: Lane) -> AttemptPolicy:
    return DEFAULT_POLICY.lasting(lane.provider.longest_call_s)
