"""Why wishes failed, in the words of a person who runs the bot: a group of failures instead of the key of each.

Imports ``providers.errors``. The log names each turn's key.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping

from bot.providers.errors import ProviderError

OTHER = "owner-why-other"

OF_OUTCOME = {
    "refused": "owner-why-refused",
    "no_image": "owner-why-no-picture",
    "auth": "owner-why-account",
    "billing": "owner-why-account",
    "quota_exhausted": "owner-why-account",
    "region": "owner-why-account",
    "overloaded": "owner-why-busy",
    "rate_limited": "owner-why-busy",
    "upstream_error": "owner-why-trouble",
    "timeout": "owner-why-trouble",
    "bad_body": "owner-why-trouble",
    "bad_request": "owner-why-request",
    "history_problem": "owner-why-request",
    "model_unavailable": "owner-why-request",
    "too_large": "owner-why-request",
}
"""The sentence for the outcome of each provider error."""


def grouped(failed: Mapping[str, int]) -> tuple[str, int]:
    """Return the key of the sentence about what failed most, and how often.

    ``failed``: turns by the key of their error; not empty.
    """
    counted: Counter[str] = Counter()
    for key, times in failed.items():
        counted[group_of(key)] += times
    return counted.most_common(1)[0]


def group_of(key: str) -> str:
    """Return the key of the sentence about a group of failures."""
    if key.startswith("limit-"):
        return "owner-why-limit"
    if key.startswith("interrupted"):
        return "owner-why-interrupted"
    return OF_OUTCOME.get(_outcome_of(key), OTHER)


def needs_account(key: str) -> bool:
    """Return whether a payment or another key mends such a failure, which owners alone can do."""
    return _outcome_of(key) in ("auth", "billing", "quota_exhausted")


def _outcome_of(key: str) -> str:
    base = key.removesuffix("-explained")
    return next((one.outcome for one in _every(ProviderError) if one.base_key == base), "")


def _every(kind: type[ProviderError]) -> Iterator[type[ProviderError]]:
    for child in kind.__subclasses__():
        yield child
        yield from _every(child)
