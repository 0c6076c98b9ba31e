"""The types of settings about keys, and about who answers where one fails. Imports pydantic.

As in ``types``, a message never repeats a value.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator

Named = tuple[str, str]
"""A provider and a model, "" for the model of its own setting."""


def _fallback(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    # The names of some models hold a colon, too.
    named = [word.partition(":") for word in re.split(r"[,;\s]+", value) if word]
    if any(not name or (colon and not model) for name, colon, model in named):
        raise ValueError("must be providers with commas between them, a model after a colon, as in openrouter:MODEL")
    return tuple(dict.fromkeys((name.lower(), model) for name, _, model in named))


def only_of(providers: Collection[str]) -> AfterValidator:
    """Return a check that names these providers only."""

    def check(value: tuple[Named, ...]) -> tuple[Named, ...]:
        if any(name not in providers for name, _ in value):
            raise ValueError(f"names a provider that there is not; known are {', '.join(providers)}")
        return value

    return AfterValidator(check)


Fallback = Annotated[tuple[Named, ...], BeforeValidator(_fallback)]
"""Providers with their models, in order."""
