"""The error tree: every leaf has its sentence, its buttons and its place in the drawing, and takes what it prints."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.providers import errors
from bot.providers.errors import ProviderError, Refused, Remedy, RemedyKind, Retry
from tests.providers.recorded import INDEX
from tests.providers.sentences import placeholders, say

KNOWN = placeholders()


def below(kind: type[ProviderError]) -> Iterator[type[ProviderError]]:
    """Yield every class under ``kind``."""
    for child in kind.__subclasses__():
        if child.__module__ == errors.__name__:
            yield child
            yield from below(child)


EVERY = list(below(ProviderError))
LEAVES = [kind for kind in EVERY if not kind.__subclasses__()]


def made(kind: type[ProviderError], explanation: str = "") -> ProviderError:
    """Return an instance with a value for each placeholder."""
    values = {name: 7 if name in ("limit", "count", "seconds") else "x" for name in kind.takes if name != "field"}
    return kind(explanation=explanation, field="imageSize", **values)


@pytest.mark.parametrize("kind", LEAVES)
def test_each_leaf_has_a_sentence_that_takes_just_its_values(kind: type[ProviderError]) -> None:
    assert KNOWN[kind.base_key] == set(kind.takes)
    error = made(kind)
    sentence = say(error.key, error.values)
    assert len(sentence) > 20
    assert "{" not in sentence
    if kind.explains:
        explained = made(kind, "because of the moon")
        assert KNOWN[explained.key] == {*kind.takes, "explanation"}
        assert "because of the moon" in say(explained.key, explained.values)


@pytest.mark.parametrize("kind", LEAVES)
def test_each_leaf_knows_what_to_do(kind: type[ProviderError]) -> None:
    error = made(kind)
    assert error.outcome in INDEX["legend"]["outcome"]
    assert isinstance(error.retry, Retry)
    assert error.help
    assert "30" in say(error.countdown_key, {"seconds": 30})
    assert kind.__doc__
    assert kind.__doc__.endswith(".")
    assert kind.base_key in str(error)


def test_the_drawing_names_every_class() -> None:
    drawing = errors.__doc__ or ""
    for kind in EVERY:
        assert f" {kind.__name__}" in drawing, kind.__name__


def test_no_sentence_is_left_over_and_no_key_is_shared() -> None:
    keys = [kind.base_key for kind in LEAVES]
    assert len(keys) == len(set(keys))
    used = set(keys) | {f"{kind.base_key}-explained" for kind in LEAVES if kind.explains}
    used |= {Remedy(kind).key for kind in RemedyKind}
    used |= {made(kind).countdown_key for kind in LEAVES}
    assert set(KNOWN) == used


def test_only_leaves_with_a_key_are_raised() -> None:
    assert all(kind.base_key for kind in LEAVES)


def test_a_remedy_for_a_field_needs_its_name() -> None:
    assert errors.UnknownField().remedy is None
    named = errors.UnknownField(field="imageSize")
    assert named.remedy == Remedy(RemedyKind.WITHOUT_FIELD, "imageSize")
    assert "imageSize" in say(named.key, named.values)


def test_refusals_are_never_repeated() -> None:
    for kind in below(Refused):
        assert kind.retry is Retry.NEVER


@pytest.mark.parametrize("seconds", [1, 37])
def test_numbers_are_counted_in_words(seconds: int) -> None:
    sentence = say("rate-limited", {"seconds": seconds})
    assert ("one second." in sentence) == (seconds == 1)
