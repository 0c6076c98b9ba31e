"""The life of models: which ones end, which are gone, their successors, what the key may use, and learned limits.

Imports ``hooks``, ``providers.base``, ``providers.errors`` and ``storage``. What one process learns is stored by
account, for all processes. Everything works without it: without a store it is kept in memory, and without a list from
the provider all models of the catalog are offered.
"""

from __future__ import annotations

import asyncio
import logging
import math
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial

from bot.providers.base import Capabilities, ModelStatus, Provider
from bot.providers.errors import ProviderError
from bot.turns.hooks import NotifyOwners, log_for_owners
from storage.engine.faults import StorageFault
from storage.tables.models import AccountNote, Limits, ModelNote, Models

log = logging.getLogger(__name__)

DAY_S = 24 * 3600.0
WARN_DAYS = 60
"""How long before the end of a model the owners are notified, once a day."""

IN_USE_DAYS = 7
"""Owners are not notified of a model that was not used for this time."""

LEARNED_DAYS = 7
"""How long a learned limit holds. Then more is tried again: providers raise limits, and a refused call is free."""

FIRST_LOOK_S, LOOK_S = 0.5, 60.0
LIST_AGAIN_S = 3600.0
"""The pause before a list that could not be fetched is requested again."""

QUICKER = 5
"""How often a note is retried when other processes change it first."""


class Ageing:
    """What is known of each provider's models. ``shared``: other processes learn, too. ``clock``: the time (Unix s)."""

    def __init__(
        self,
        models: Models,
        providers: Mapping[str, Provider],
        *,
        shared: bool = False,
        clock: Callable[[], float] = time.time,
        notify_owners: NotifyOwners = log_for_owners,
        keys: Mapping[str, Sequence[Provider]] | None = None,
    ) -> None:
        """``keys``: each provider once for each of its keys, if some have several."""
        self._models = models
        self._providers = providers
        self._keys = keys or {name: (one,) for name, one in providers.items()}
        self._shared = shared
        self._clock = clock
        self._notes: dict[str, AccountNote] = {}
        self._notify_owners = notify_owners

    def present(self, provider: str, model: str) -> str:
        """Return the model to use where ``model`` was chosen: itself or its successor."""
        seen, note = {model}, self._note(provider)
        while (after := note.of(model).replaced_by) and after not in seen:
            seen.add(after)
            model = after
        return model

    def following(self, provider: str, gone: Sequence[str]) -> str:
        """Return the successor of the last of these models that are gone, "" if there is none or it is gone, too."""
        named = self._providers[provider].capabilities(gone[-1]).successor
        after = self.present(provider, named) if named else ""
        return after if after not in gone else ""

    def offered(self, provider: str) -> tuple[Capabilities, ...]:
        """Return the models to choose from: those of the catalog that the key may use, and its others."""
        source, note = self._providers[provider], self._note(provider)
        first, *others = [row.model for row in source.models()]
        known = [model for model in others if not note.offered or model in note.offered]
        ids = dict.fromkeys([self.present(provider, first), *known, *note.offered])
        return tuple(source.capabilities(model) for model in ids if not note.of(model).replaced_by)

    def limits(self, provider: str, model: str) -> Limits:
        """Return the limits of a model that recent refusals taught."""
        return self._lately(self._note(provider).of(model))

    async def learn_limits(self, provider: str, model: str, limits: Limits) -> None:
        """Store the limits within which a model accepted a request after a refusal."""

        def learned(note: AccountNote) -> AccountNote:
            old = note.of(model)
            both = self._lately(old).within(limits)
            same = both == old.limits and old.learned_on == self._today
            return note if same else _with(note, {model: replace(old, limits=both, learned_on=self._today)})

        await self._change(provider, learned)

    def _lately(self, known: ModelNote) -> Limits:
        return known.limits if 0 <= self._today - known.learned_on < LEARNED_DAYS else Limits()

    async def load(self) -> None:
        """Load what is stored. Raises: ``StorageFault``."""
        for provider in self._providers:
            self._take_note(provider, await self._models.known(self._account(provider)))

    async def refresh(self, provider: str) -> None:
        """Load what other processes learned meanwhile, so that no call goes to a model that is gone."""
        if self._shared:
            with suppress(StorageFault):
                self._take_note(provider, await self._models.known(self._account(provider)))

    async def learn_successor(self, provider: str, gone: Sequence[str], model: str) -> None:
        """Store that ``model`` replaced others that are gone; notify the owners, of each at most once a day.

        A person can have a model that is gone tried again as often as they like.
        """
        first, told_today = gone[0], False

        def learned(note: AccountNote) -> AccountNote:
            nonlocal told_today
            told_today = note.of(first).replaced_told_on == self._today
            changed = {one: replace(note.of(one), replaced_by=model) for one in gone}
            if note.of(first).replaced_by != model:
                changed[first] = replace(changed[first], replaced_told_on=self._today)
            # It worked just now, whatever was stored of it.
            return _with(note, {**changed, model: replace(note.of(model), replaced_by="")})

        if await self._change(provider, learned):
            log.warning("%s: %s is gone, and %s replaces it", provider, first, model)
            if not told_today:
                self._notify_owners("owner-model-replaced", old=first, new=model, provider=provider)

    async def try_again(self, provider: str, model: str) -> bool:
        """Undo the replacement of a model; return whether there was one.

        The next wish with this model finds out whether it is back; the call is free if it is not.
        """
        await self.refresh(provider)
        return bool(self._note(provider).of(model).replaced_by) and await self._change(
            provider, lambda note: _with(note, {model: replace(note.of(model), replaced_by="")})
        )

    async def learn_status(self, provider: str, model: str, status: ModelStatus | None) -> None:
        """Store what an answer said of its model's age, and that the model is in use."""

        def learned(note: AccountNote) -> AccountNote:
            old = note.of(model)
            new = replace(old, stage=status.stage, retires_at=status.retires_at) if status else old
            # The day of use only matters for a model that ends.
            return _with(note, {model: new if new.retires_at is None else replace(new, seen_on=self._today)})

        if learned(self._note(provider)) != self._note(provider) and await self._change(provider, learned):
            await self._warn(provider)

    async def keep_watch(self) -> None:
        """Until cancelled, check regularly what other processes learned, what the key may use, and what ends."""
        await asyncio.sleep(FIRST_LOOK_S)
        while True:
            for provider in self._providers:
                try:
                    await self.look(provider)
                except StorageFault as fault:
                    log.info("the notes on models are read again later: %s", fault)
            await asyncio.sleep(LOOK_S)

    async def look(self, provider: str) -> None:
        """Check once. Raises: ``StorageFault``."""
        note = self._take_note(provider, await self._models.known(self._account(provider)))
        if self._is_stale(note):
            await self._ask(provider)
        await self._warn(provider)

    async def _ask(self, provider: str) -> None:
        """Fetch the provider's list once a day; only one of several processes does."""
        now = self._clock()

        def claimed(note: AccountNote) -> AccountNote:
            return replace(note, asked_at=now - DAY_S + LIST_AGAIN_S) if self._is_stale(note) else note

        if not await self._change(provider, claimed):
            return
        for source in self._keys[provider]:
            try:
                offered, listing = await source.offered(), source.listing
                break
            except ProviderError as error:
                log.info("%s: its list of models is requested later: %s", provider, error)
        else:
            return
        await self._change(provider, lambda note: replace(note, offered=offered, asked_at=now, listing=listing))

    async def _warn(self, provider: str) -> None:
        """Notify the owners of models in use that end soon; only one of several processes does."""
        today, default = self._today, self._providers[provider].models()[0].model
        for model, known in self._note(provider).models.items():
            in_use = known.seen_on >= today - IN_USE_DAYS or model == self.present(provider, default)
            if not in_use or known.told_on == today or not ends_soon(known, self._clock()):
                continue
            if await self._change(provider, partial(_notified, model=model, today=today)):
                self._tell_of_the_end(provider, model, known)

    def _tell_of_the_end(self, provider: str, model: str, known: ModelNote) -> None:
        ends_at = known.retires_at or 0.0
        days = max(0, math.ceil((ends_at - self._clock()) / DAY_S))
        after = self.following(provider, [model])
        key = "owner-model-ends-followed" if after else "owner-model-ends"
        self._notify_owners(key, model=model, provider=provider, day=day_of(ends_at), days=days, after=after)

    async def _change(self, provider: str, change: Callable[[AccountNote], AccountNote]) -> bool:
        """Change a note for all processes; return whether this one did. Without a store it changes in memory."""
        try:
            for _ in range(QUICKER):
                old = await self._models.known(self._account(provider))
                new = change(old)
                if new == old:
                    self._take_note(provider, old)
                    return False
                if await self._models.compare_and_set(self._account(provider), old, new):
                    self._take_note(provider, new)
                    return True
            return False
        except StorageFault as fault:
            log.info("a note on models is kept in memory: %s", fault)
            self._take_note(provider, change(self._note(provider)))
            return True

    def _take_note(self, provider: str, note: AccountNote) -> AccountNote:
        """Keep what is stored in memory; the provider gets back what its list said, with whatever key it is called."""
        self._notes[provider] = note
        for one in self._keys[provider] if note.listing else ():
            one.listing = note.listing
        return note

    def _is_stale(self, note: AccountNote) -> bool:
        return not 0 <= self._clock() - note.asked_at < DAY_S

    def _note(self, provider: str) -> AccountNote:
        return self._notes.get(provider, AccountNote())

    def _account(self, provider: str) -> str:
        return f"{provider} {self._providers[provider].account}"

    @property
    def _today(self) -> int:
        return int(self._clock() // DAY_S)


def ends_soon(known: ModelNote, now: float) -> bool:
    """Return whether a model without a successor ends within :data:`WARN_DAYS`, or should have ended."""
    return known.retires_at is not None and not known.replaced_by and known.retires_at - now <= WARN_DAYS * DAY_S


def day_of(at: float) -> str:
    """Return a day as in 2027-03-15 (UTC)."""
    return datetime.fromtimestamp(at, UTC).date().isoformat()


def _notified(note: AccountNote, model: str, today: int) -> AccountNote:
    return _with(note, {model: replace(note.of(model), told_on=today)})


def _with(note: AccountNote, changed: Mapping[str, ModelNote]) -> AccountNote:
    models = {**note.models, **changed}
    return replace(note, models={model: one for model, one in models.items() if one != ModelNote()})
