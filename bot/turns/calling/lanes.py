"""Lanes: each key of each provider, with the queue for its calls. Imports ``choice``, ``hooks`` and ``providers``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.providers.base import Provider
from bot.providers.calls.attempts import stretch
from bot.providers.calls.outages import Outage
from bot.providers.calls.queue import CallQueue, Memory
from bot.turns.choice import Choice
from bot.turns.hooks import ProcessHooks

LONGEST_WAIT_S = 600.0
"""How long a call waits in line, where calls take no longer than usual."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Lane:
    """One key of a provider, with the queue for its calls. ``number``: which of ``count`` keys it is."""

    provider: Provider
    queue: CallQueue
    number: int = 1
    count: int = 1

    @property
    def name(self) -> str:
        """Return its name for logs and metrics."""
        return self.provider.name if self.number == 1 else f"{self.provider.name} key {self.number}"

    def needs(self, choice: Choice) -> dict[Outage, str]:
        """Return what must be in order for a call, by name. The names do not reveal the key."""
        maker, key = self.provider.maker, self.provider.account
        return {
            Outage.PROVIDER: maker,
            Outage.MODEL: f"{maker} {choice.model}",
            Outage.KEY: f"{maker} key {key}",
            Outage.QUOTA: f"{maker} {choice.model} key {key}",
        }


Lanes = Mapping[str, Sequence[Lane]]
"""The lanes of all providers, by provider."""


def lanes_of(keys: Mapping[str, Sequence[Provider]], width: int | None, hooks: ProcessHooks, memory: Memory) -> Lanes:
    """Return a lane for each key: providers count requests by key, so a lane serves all conversations.

    ``keys``: each provider once for each of its keys. ``width``: how many calls at a time, None to learn it.
    """
    return {
        name: [_lane(one, at, len(all_), width, hooks, memory) for at, one in enumerate(all_, 1)]
        for name, all_ in keys.items()
    }


def _lane(provider: Provider, number: int, count: int, width: int | None, hooks: ProcessHooks, memory: Memory) -> Lane:
    # The permits of the first key have had the provider's name since there was one key only.
    permits = hooks.permits(provider.name if number == 1 else f"{provider.name} {provider.account}")
    name = f"{provider.name}, key {number}" if count > 1 else provider.name
    wait_s = LONGEST_WAIT_S * stretch(provider.longest_call_s)
    queue = CallQueue(width, memory=memory, name=name, permits=permits, longest_wait_s=wait_s)
    return Lane(provider=provider, queue=queue, number=number, count=count)


def in_order(lanes: Sequence[Lane], whose: int) -> list[Lane]:
    """Return the lanes in which to ask: those without a pause first, then those with room.

    Of equals a conversation keeps to one key: what was uploaded with it is there.
    """

    def rank(lane: Lane) -> tuple[bool, bool, int]:
        queue = lane.queue
        return bool(queue.pause_s), not queue.has_room, (lane.number - 1 - whose) % lane.count

    return sorted(lanes, key=rank)
