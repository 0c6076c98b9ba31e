"""After which failures another key, model or provider may answer the same wish, and what is out of order then.

Imports ``errors``. Pure. Two kinds of failures are missing here on purpose. A refusal is about the wish, and nobody
else is asked to do what one provider refused. A call whose outcome is unknown may be painted and paid already, so the
person decides whether it is made again.
"""

from __future__ import annotations

from enum import Enum

from bot.providers.errors import (
    AccountRestricted,
    BalanceEmpty,
    ConnectionFailed,
    GatewayError,
    InternalError,
    KeyDisabled,
    KeyInvalid,
    ModelOverloaded,
    ModelUnavailable,
    NoChannel,
    ProviderError,
    QueueFull,
    QuotaExhausted,
    RateLimited,
    RegionBlocked,
    UnnamedFault,
    UpstreamError,
    WrongAddress,
)


class Outage(Enum):
    """What cannot answer besides the call that failed."""

    CALL = "call"
    """Nothing else."""
    QUOTA = "quota"
    """This model with this key."""
    KEY = "key"
    """All models with this key."""
    MODEL = "model"
    """This model, with whatever key."""
    PROVIDER = "provider"
    """The whole provider."""


OUTAGES: dict[type[ProviderError], Outage | None] = {
    # Overloaded, after its repeats.
    ModelOverloaded: Outage.MODEL,
    NoChannel: Outage.MODEL,
    InternalError: Outage.MODEL,
    UnnamedFault: None,
    RateLimited: Outage.QUOTA,
    QueueFull: Outage.CALL,
    # Out of quota or balance, or the key is not accepted.
    QuotaExhausted: Outage.QUOTA,
    BalanceEmpty: Outage.KEY,
    KeyInvalid: Outage.KEY,
    KeyDisabled: Outage.KEY,
    AccountRestricted: Outage.KEY,
    # Not reached: nothing was sent, or a gateway in front of the provider says that it could not pass it on.
    ConnectionFailed: Outage.PROVIDER,
    GatewayError: Outage.PROVIDER,
    WrongAddress: Outage.PROVIDER,
    RegionBlocked: Outage.PROVIDER,
    # Its model and all successors are gone.
    ModelUnavailable: Outage.MODEL,
}
"""By error; an error without a row has that of its parent, if there is one."""

FIRST_REST_S, LONGEST_REST_S = 60.0, 900.0
"""How long something that is overloaded or out of reach is passed over: peaks of 503 last seconds to minutes."""

FIRST_REFILL_S, LONGEST_REFILL_S = 300.0, 3600.0
"""The same for a quota or a balance, and for a model that is gone: these come back by a date or by somebody's act."""

LEFT_OUT_S = 24 * 3600.0
"""The same for a key that the provider does not accept, and the most that a provider's own delay counts."""

_REFILLED = (QuotaExhausted, BalanceEmpty, ModelUnavailable)
_LEFT_OUT = (KeyInvalid, KeyDisabled, AccountRestricted)


def outage_of(error: ProviderError) -> Outage | None:
    """Return what is out of order after an error; None if nobody else may be asked."""
    return next((OUTAGES[kind] for kind in type(error).__mro__ if kind in OUTAGES), None)


def may_be_of_the_wish(error: ProviderError) -> bool:
    """Return whether one wish alone may cause an error, again and again, while all others are answered.

    A server that breaks at a certain picture says the same as one that is broken.
    """
    return isinstance(error, UpstreamError) and not isinstance(error, ConnectionFailed)


def rest_s(error: ProviderError, times: int) -> float:
    """Return how long to pass over what failed ``times`` in a row.

    The provider's own delay counts if it is longer; without one the rest doubles each time.
    """
    if isinstance(error, _LEFT_OUT):
        return LEFT_OUT_S
    refilled = isinstance(error, _REFILLED)
    first, longest = (FIRST_REFILL_S, LONGEST_REFILL_S) if refilled else (FIRST_REST_S, LONGEST_REST_S)
    grown = min(first * 2.0 ** min(times - 1, 10), longest)
    return max(grown, min(error.retry_after_s or 0.0, LEFT_OUT_S))
