"""The line that the log gets for each turn once nothing is left to do for it.

Imports ``logs``, ``turns.choice`` and ``storage``. It names people by their number and repeats nothing that they wrote.
"""

from __future__ import annotations

import logging
import time
from enum import StrEnum

from bot.logs import fields
from bot.turns.choice import Choice
from storage.records import Key, Turn, TurnState

log = logging.getLogger(__name__)


class Outcome(StrEnum):
    """How a turn ended for the person."""

    DELIVERED = "delivered"
    KEPT_BACK = "kept back"
    """There is an answer, or a reason why there is none, and whether it arrived is unknown."""
    FAILED = "failed"
    CANCELLED = "cancelled"


def outcome_of(turn: Turn, *, sent: bool) -> Outcome:
    """Return how a turn ended. ``sent``: Telegram confirmed the answer, or the reason why there is none."""
    if turn.state is TurnState.CANCELLED:
        return Outcome.CANCELLED
    if not sent:
        return Outcome.KEPT_BACK
    return Outcome.FAILED if turn.state in (TurnState.FAILING, TurnState.FAILED) else Outcome.DELIVERED


def log_turn(turn: Turn, key: Key, choice: Choice, outcome: Outcome) -> None:
    """Log that a turn has ended. ``choice``: who was asked, where no answer says it."""
    who = (turn.asker or turn.author).id
    provider, model = turn.provider or choice.provider, turn.model or choice.model
    seconds = round(max(0.0, time.time() - turn.created_at), 1)
    dollars = None if turn.cost_micro_usd is None else turn.cost_micro_usd / 1_000_000
    why = turn.error["key"] if turn.error else None
    said = {"turn": turn.id, "conversation": f"{key.chat_id}/{key.topic_id}", "who": who, "provider": provider}
    said |= {"model": model, "outcome": outcome.value, "seconds": seconds, "dollars": dollars, "why": why}
    with fields(**{name: value for name, value in said.items() if value is not None}):
        log.info(
            "turn %s conversation %s by %s %s %s %s%s after %.1f s%s",
            *(turn.id, said["conversation"], who, provider, model, outcome),
            f" ({why})" if why else "",
            seconds,
            "" if dollars is None else f" ${dollars:.3f}",
        )
