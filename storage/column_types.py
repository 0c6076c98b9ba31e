"""Column types whose text every supported database accepts. Imports SQLAlchemy only.

PostgreSQL refuses NUL characters, half a surrogate pair, and text that is longer than its column; SQLite accepts all
of that. So every text column has one of the types below, which clean what is written by :func:`plain`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, Text, TypeDecorator


def plain(words: str, longest: int | None = None) -> str:
    """Return text that every database accepts: surrogates joined or replaced, no NUL, ``longest`` characters."""
    if not is_utf8(words):
        words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words.replace("\0", "")[:longest]


def is_utf8(words: str) -> bool:
    """Whether the text can be encoded as UTF-8. JSON can contain half a surrogate pair, which cannot."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


class Plain(TypeDecorator[str]):
    """Text that is cleaned when written, and read unchanged."""

    impl: Any = Text
    cache_ok = True

    @property
    def longest(self) -> int | None:
        """The longest text that the column takes, None for any length."""
        length: int | None = getattr(self.impl_instance, "length", None)
        return length

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else plain(value, self.longest)


class Words(Plain):
    """Text of any length."""

    cache_ok = True


class Name(Plain):
    """Text of limited length; longer text is cut."""

    impl = String
    cache_ok = True
