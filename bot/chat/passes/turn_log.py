"""The line that the log gets for each turn once nothing is left to do for it.

Imports ``logs``, ``turns.choice`` and ``storage``. It names people by their number and repeats nothing that they wrote.
"""

from __future__ import annotations

import logging
import time
from enum import StrEnum

from bot.logs import fields
from bot.turns.choice import Choice
from storage.books.books import Books
from storage.engine.faults import StorageFault
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


async def cost_of(turn: Turn, books: Books) -> int | None:
    """Return what a turn cost in millionths of a dollar: its answer, or calls that brought none and were billed.

    None if that is not known, or nothing was billed.
    """
    if turn.reply is not None:
        return turn.cost_micro_usd
    try:
        return await books.cost(turn.id) or None
    except StorageFault:
        return None


def log_turn(turn: Turn, key: Key, choice: Choice, outcome: Outcome, cost_micro_usd: int | None) -> None:
    """Log that a turn has ended. ``choice``: who was asked, where no answer says it.

    ``cost_micro_usd``: what it cost in millionths of a dollar, also without an answer; None if that is not known.
    """
    who = (turn.asker or turn.author).id
    provider, model = turn.provider or choice.provider, turn.model or choice.model
    seconds = round(max(0.0, time.time() - turn.created_at), 1)
    dollars = None if cost_micro_usd is None else cost_micro_usd / 1_000_000
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
