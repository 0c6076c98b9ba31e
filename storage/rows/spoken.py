"""What was asked and shown in a turn, without what the model wrote. Imports ``codec`` and ``records`` only.

Of a path of hundreds of turns most are looked at for their words alone. So what is written in a row as JSON is read
when somebody wants it.
"""

from __future__ import annotations

import json

from storage.records import Author, Cited, InputPicture, MediaRef
from storage.rows.codec import read_picture

SPOKEN = (
    "id", "parent_id", "wish", "named", "author_id", "author_name", "pictures", "shown", "maker", "notes", "cited",
)  # fmt: skip
"""The columns of ``turns`` that a :class:`Spoken` is made of, in this order."""


class Spoken:
    """An answered turn, as far as it is told in words; its fields are those of :class:`Turn`."""

    __slots__ = ("_author", "_cited", "_notes", "_pictures", "_shown", "id", "maker", "named", "parent_id", "wish")

    def __init__(
        self,
        id: int,
        parent_id: int | None,
        wish: str,
        named: bool,
        author_id: int,
        author_name: str,
        pictures: str,
        shown: str,
        maker: str | None,
        notes: str | None,
        cited: str | None,
    ) -> None:
        """Keep a row as it came."""
        self.id, self.parent_id, self.wish, self.named, self.maker = id, parent_id, wish, named, maker
        self._author, self._pictures, self._shown = (author_id, author_name), pictures, shown
        self._notes, self._cited = notes, cited

    @property
    def is_plain(self) -> bool:
        """Return whether there is nothing to it but its words."""
        return self._pictures == "[]" and not self._cited and not self.named

    @property
    def author(self) -> Author:
        """Return who asked."""
        return Author(id=self._author[0], name=self._author[1])

    @property
    def pictures(self) -> tuple[InputPicture, ...]:
        """Return what was sent with the wish."""
        return () if self._pictures == "[]" else tuple(map(read_picture, json.loads(self._pictures)))

    @property
    def shown(self) -> tuple[MediaRef, ...]:
        """Return what the answer showed."""
        return tuple(MediaRef(**found) for found in json.loads(self._shown))

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Return words of others that the wish spoke of."""
        return tuple(Cited(**one) for one in json.loads(self._cited or "[]"))

    @property
    def covered(self) -> bool:
        """Return whether what it shows stays covered."""
        return bool(self._notes and json.loads(self._notes).get("covered", False))
