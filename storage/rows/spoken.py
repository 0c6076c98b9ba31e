"""A turn without the model's reply: its wish and its pictures. Imports ``codec`` and ``records`` only.

Most turns of a long path are needed for their words only, so the JSON of a row is parsed on first use.
"""

from __future__ import annotations

import json
from typing import NamedTuple

from storage.records import Author, Cited, InputPicture, MediaRef, Restored
from storage.rows.codec import read_cited, read_pictures, read_restored, read_shown, restored_json, seen


class Spoken(NamedTuple):
    """An answered turn without its reply, as its row; the properties are fields of :class:`Turn`."""

    id: int
    parent_id: int | None
    wish: str
    shows_author: bool
    author_id: int
    author_name: str
    pictures_json: str
    shown_json: str
    maker: str | None
    notes_json: str | None
    cited_json: str | None
    restored_json: str | None

    @property
    def is_plain(self) -> bool:
        """Whether it has only words."""
        return self.pictures_json == "[]" and not self.cited_json and not self.shows_author

    @property
    def author(self) -> Author:
        return Author(id=self.author_id, name=self.author_name)

    @property
    def pictures(self) -> tuple[InputPicture, ...]:
        """The pictures of the wish."""
        return read_pictures(self.pictures_json)

    @property
    def shown(self) -> tuple[MediaRef, ...]:
        """The pictures of the answer, as a person sees them."""
        return seen(self.painted, self.restored) if self.restored_json else self.painted

    @property
    def painted(self) -> tuple[MediaRef, ...]:
        """The pictures of the answer, as the model painted them."""
        return read_shown(self.shown_json)

    @property
    def restored(self) -> Restored | None:
        """The picture that the bot made of the answer."""
        return read_restored(self.restored_json, self.painted)

    def with_restored(self, restored: Restored) -> Spoken:
        """Return the turn with another restored picture."""
        return self._replace(restored_json=restored_json(restored))

    @property
    def cited(self) -> tuple[Cited, ...]:
        """Words of others that the wish refers to."""
        return read_cited(self.cited_json)

    @property
    def covered(self) -> bool:
        """Whether its pictures are spoilers."""
        return bool(self.notes_json and json.loads(self.notes_json).get("covered", False))


COLUMNS = tuple({"shows_author": "named"}.get(name, name.removesuffix("_json")) for name in Spoken._fields)
"""The columns of a :class:`Spoken`, in the order of its fields; one has an older name there, see ``codec``."""
