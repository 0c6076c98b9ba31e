"""Which provider and model answers, and the operator's choices for all calls. Imports ``access``."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.access.limits import Limits


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A provider and one of its models."""

    provider: str
    model: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AnsweringPolicy:
    """The operator's choices. ``budget_bytes`` is of base64; ``ask_interrupted`` as in ``ON_INTERRUPTED=ask``.

    ``max_parallel_calls``: None to learn the number for each provider. ``offline``: the provider is the sandbox's
    engine, so nothing leaves this machine and nothing costs anything. ``fallback``: whom to ask, in this order, where
    the chosen model is out of order.
    """

    default: Choice
    budget_bytes: int = 15_000_000
    system: str | None = None
    search: bool = False
    max_parallel_calls: int | None = None
    ask_interrupted: bool = False
    offline: bool = False
    fallback: tuple[Choice, ...] = ()
    limits: Limits = field(default_factory=Limits)
