"""A turn without the model's reply: its wish and its pictures. Imports ``codec`` and ``records`` only.

Most turns of a long path are needed for their words only, so the JSON of a row is parsed on first use.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

from storage.records import Author, Cited, InputPicture, MediaRef
from storage.rows.codec import read_picture

SPOKEN = (
    "id", "parent_id", "wish", "named", "author_id", "author_name", "pictures", "shown", "maker", "notes", "cited",
)  # fmt: skip
"""The columns of a :class:`Spoken`, in their order; ``named`` becomes ``shows_author``, as in ``codec``."""


class Spoken:
    """An answered turn without its reply; the fields are those of :class:`Turn`."""

    __slots__ = (
        "_author_id", "_author_name", "_cited", "_notes", "_pictures", "_shown",
        "id", "maker", "parent_id", "shows_author", "wish",
    )  # fmt: skip
    id: int
    parent_id: int | None
    wish: str
    shows_author: bool
    maker: str | None
    _pictures: str
    _shown: str
    _notes: str | None
    _cited: str | None

    def __init__(self, row: Sequence[Any]) -> None:
        """Take the columns :data:`SPOKEN` of a row, unparsed."""
        self.id, self.parent_id, self.wish, self.shows_author, self._author_id, self._author_name, *rest = row
        self._pictures, self._shown, self.maker, self._notes, self._cited = rest

    @property
    def is_plain(self) -> bool:
        """Whether it has only words."""
        return self._pictures == "[]" and not self._cited and not self.shows_author

    @property
    def author(self) -> Author:
        return Author(id=self._author_id, name=self._author_name)

    @property
    def pictures(self) -> tuple[InputPicture, ...]:
        """The pictures of the wish."""
        return () if self._pictures == "[]" else tuple(map(read_picture, json.loads(self._pictures)))

    @property
    def shown(self) -> tuple[MediaRef, ...]:
        """The pictures of the answer."""
        return tuple(MediaRef(**found) for found in json.loads(self._shown))

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Words of others that the wish refers to."""
        return tuple(Cited(**one) for one in json.loads(self._cited or "[]"))

    @property
    def covered(self) -> bool:
        """Whether its pictures are spoilers."""
        return bool(self._notes and json.loads(self._notes).get("covered", False))
