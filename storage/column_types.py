"""Text as every database takes it. Imports SQLAlchemy only.

PostgreSQL refuses a NUL in a text, half of a surrogate pair, and more letters than a column has; SQLite takes all of
that. So every column of text has one of the types below, and whatever is written goes through :func:`plain`, here.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import String, Text, TypeDecorator


def plain(words: str, longest: int | None = None) -> str:
    """Return words as any database takes them: halves of characters joined or replaced, without NUL, cut."""
    if not is_utf8(words):
        words = words.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return words.replace("\0", "")[:longest]


def is_utf8(words: str) -> bool:
    """Tell whether words can be written as UTF-8: half of a surrogate pair, which JSON can spell, cannot."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return False
    return True


class Plain(TypeDecorator[str]):
    """Text that is cleaned as it is written, and read as it is."""

    impl: Any = Text
    cache_ok = True

    @property
    def longest(self) -> int | None:
        """How many letters the column takes, None for any number."""
        length: int | None = getattr(self.impl_instance, "length", None)
        return length

    def process_bind_param(self, value: str | None, dialect: Any) -> str | None:
        return None if value is None else plain(value, self.longest)


class Words(Plain):
    """Text of any length."""

    cache_ok = True


class Name(Plain):
    """Text of so many letters at most; what is longer is cut."""

    impl = String
    cache_ok = True
