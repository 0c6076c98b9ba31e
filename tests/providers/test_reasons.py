"""The weekly message says why wishes failed in words, and not by the key that the log has."""

from __future__ import annotations

import pytest

from bot.providers import errors
from bot.providers.reasons import OF_OUTCOME, OTHER, group_of, grouped
from bot.texts import say


def test_every_failure_of_a_provider_belongs_to_a_group() -> None:
    kinds = [one for one in vars(errors).values() if isinstance(one, type) and issubclass(one, errors.ProviderError)]
    found = {one.base_key: group_of(one.base_key) for one in kinds if one.base_key}
    assert len(found) > 40
    assert set(found.values()) == set(OF_OUTCOME.values())


@pytest.mark.parametrize(
    ("key", "words"),
    [
        ("refused-prompt-explained", "the provider refused the wish"),
        ("limit-over-person-day", "a limit was used up"),
        ("interrupted-again", "the bot was interrupted"),
        ("key-invalid", "the key, the balance or the quota at the provider"),
        ("picture-lost", "something else"),
    ],
)
def test_a_key_becomes_words(key: str, words: str) -> None:
    assert say("en", group_of(key)) == words


def test_what_failed_most_is_counted_by_group() -> None:
    """Two kinds of refusal together are more than one kind of overload."""
    failed = {"model-overloaded": 3, "refused-prompt": 2, "refused-picture-explained": 2, "an old key": 1}
    assert grouped(failed) == ("owner-why-refused", 4)
    assert group_of("an old key") == OTHER
