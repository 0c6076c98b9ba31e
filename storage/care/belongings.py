"""Finds, locks and deletes all rows of a conversation, or of a person everywhere, within one transaction.

Imports SQLAlchemy, ``traces``, ``records``, ``rows``, ``schema`` and ``tables``. A conversation is deleted as a whole.
Of a person, the private conversations are deleted; elsewhere their words and pictures are removed from their own turns,
and their pictures from others' turns. A wish of somebody else that waits and loses a picture fails.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, delete, exists, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from storage.care.traces import keep_sums
from storage.records import DELETED_FILE, WITHDRAWN, InputPicture, Role, TurnState
from storage.rows.codec import Row, dumps, media_of, named_in, picture_json, read_picture
from storage.rows.statements import UNANSWERED, UNFINISHED, batched
from storage.schema import conversations, messages, names, steps, turn_media, turns
from storage.tables.cancelling import end_redo

BLANK = {
    "wish": "",
    "cited": None,
    "pictures": "[]",
    "author_id": 0,
    "author_name": "",
    "author_language": "",
    "request_message_id": 0,
    "error": None,
}
"""The values that replace a deleted person's in turns of a shared conversation."""

WITHOUT_ITS_PICTURE = dumps({"key": f"unusable-{DELETED_FILE}", "values": {}, "help": []})
"""The error of others' wishes: without the picture, something else would be painted, and paid for.

Those that wait end with it. A call that runs may still bring its answer, but is not made again.
"""

SUMMED = (
    *(turns.c.id, turns.c.state, turns.c.answered_at, turns.c.provider, turns.c.model, turns.c.cost_micro_usd),
    (turns.c.shown != "[]").label("painted"),
)
ASKED = (turns.c.id, turns.c.state, turns.c.author_id, turns.c.pictures, turns.c.restored, turns.c.options)
"""Without the replies: all replies of a conversation may not fit into memory."""

FROM_BEFORE = and_(messages.c.role == Role.LOOSE.value, messages.c.author_id.is_(None), messages.c.chat_id < 0)
"""Waiting pictures in groups from versions that did not store the sender: they may be anybody's."""

_IDLE = and_(turns.c.state.in_(UNANSWERED), turns.c.pictures == "[]")
"""Unanswered wishes without pictures: nothing is left of one that loses its words, so it is cancelled."""


class Belongings:
    """The rows of the conversations that meet ``where``, and of a person elsewhere, if one is given."""

    def __init__(self, where: ColumnElement[bool], person_id: int | None = None) -> None:
        self._conversations = select(conversations.c.id).where(where)
        self._person_id = person_id
        self._whole: list[int] = []
        self._rows: Mapping[int, Row] = {}
        self._own: list[Row] = []
        self._lent: list[Row] = []
        self._cited: set[int] = set()
        self._names: list[tuple[int, str]] = []
        self._sent: set[str] = set()
        self._copies: list[tuple[Row, InputPicture]] = []
        self.pictures: set[str] = set()
        """The SHA-256 of all their pictures; other conversations may use some of them too."""

    @property
    def turns(self) -> set[int]:
        """The turns that are deleted or blanked."""
        return {*self._rows, *(row["id"] for row in self._own)}

    @property
    def unfinished(self) -> set[int]:
        """Those of them that a process may be working on and must stop."""
        gone = {turn_id for turn_id, row in self._rows.items() if row["state"] in UNFINISHED}
        return gone | {row["id"] for row in self._own if row["state"] in UNANSWERED}

    @property
    def stopped(self) -> set[int]:
        """The turns whose calls end with the deletion: those, and others' wishes that consist of the person's words."""
        return self.unfinished | self._cited

    async def hold(self, connection: AsyncConnection) -> None:
        """Find all rows and lock them until the transaction ends."""
        whole = turns.c.conversation_id.in_(self._conversations)
        meant = whole if self._person_id is None else or_(whole, *_touching(self._person_id))
        # All rows in one order, whatever their relation to the person: several deletions may run at the same time.
        await _all(connection, select(turns.c.id).where(meant).order_by(turns.c.id).with_for_update())
        if self._person_id is not None:
            await self._hold_elsewhere(connection, self._person_id, ~whole)
        held = self._conversations.order_by(conversations.c.id).with_for_update()
        self._whole = list((await connection.execute(held)).scalars())
        # Again: only now that the conversations are locked, no turn can be added to them.
        rest = turns.c.conversation_id.in_(self._whole)
        rows = await _all(connection, select(*SUMMED).where(rest).with_for_update())
        self._rows = {row["id"]: row for row in rows}
        await self._find_pictures(connection)

    async def delete(self, connection: AsyncConnection) -> None:
        """Delete or blank the locked rows."""
        await keep_sums(connection, self._rows.values())
        for some in batched(self._rows):
            for table in (steps, turn_media):
                await connection.execute(delete(table).where(table.c.turn_id.in_(some)))
        for other in (messages, names, turns):
            await connection.execute(delete(other).where(other.c.conversation_id.in_(self._whole)))
        await connection.execute(delete(conversations).where(conversations.c.id.in_(self._whole)))
        if self._person_id is not None:
            await self._delete_elsewhere(connection, self._person_id)

    async def _hold_elsewhere(
        self, connection: AsyncConnection, person_id: int, elsewhere: ColumnElement[bool]
    ) -> None:
        held = select(*ASKED).where(elsewhere).order_by(turns.c.id).with_for_update()
        self._own = await _all(connection, held.where(turns.c.author_id == person_id))
        self._cited = {row["id"] for row in await _all(connection, held.where(_citing(person_id), _IDLE))}
        lent = held.where(turns.c.id.in_(_with_pictures_of(person_id)), turns.c.author_id != person_id)
        self._lent = await _all(connection, lent)

    async def _find_pictures(self, connection: AsyncConnection) -> None:
        for some in batched(self._rows):
            rested = select(turn_media.c.sha256).where(turn_media.c.turn_id.in_(some))
            self.pictures |= set((await connection.execute(rested)).scalars())
        waiting = (messages.c.role == Role.LOOSE.value) & messages.c.conversation_id.in_(self._whole)
        self.pictures |= await _sha256s(connection, messages.c.picture, waiting)
        self.pictures |= await _sha256s(connection, names.c.picture, names.c.conversation_id.in_(self._whole))
        if self._person_id is None:
            return
        self._sent = await _sha256s(connection, messages.c.picture, _sent_by(self._person_id))
        for row in (*self._own, *self._lent):
            self.pictures |= _shas(_pictures(row))
            self._sent |= _shas(_pictures_of(row, self._person_id))
            self.pictures |= _shas(_made_of(row, self._person_id))
        self._copies = await _copies_of(connection, self._sent)
        self._sent |= _shas(picture for _, picture in self._copies)
        for row in await _all(connection, select(names).where(names.c.conversation_id.not_in(self._whole))):
            picture = read_picture(json.loads(row["picture"]))
            own = picture.author_id in (None, self._person_id) and _shas((picture,)) & self._sent
            drawn_on = picture.marks in self._sent
            if own or drawn_on or self._person_id in (row["author_id"], picture.author_id):
                self._names.append((row["conversation_id"], row["name"]))
                self.pictures |= _shas((picture,))
        self.pictures |= self._sent

    async def _delete_elsewhere(self, connection: AsyncConnection, person_id: int) -> None:
        for row in (*self._own, *self._lent):
            if made := _made_of(row, person_id):
                await connection.execute(update(turns).where(turns.c.id == row["id"]).values(restored=None))
                await drop_media(connection, row, _shas(made))
                shown = (messages.c.turn_id == row["id"]) & (messages.c.role == Role.ANSWER.value)
                naming = messages.c.picture.contains(made[0].media.sha256)
                await connection.execute(update(messages).where(shown, naming).values(picture=None))
        for row in self._own:
            await drop_media(connection, row, _shas(_pictures(row)))
        for row in self._lent:
            gone = _pictures_of(row, person_id)
            kept = [one for one in _pictures(row) if one not in gone]
            await drop_media(connection, row, _shas(_pictures(row)) - _shas(kept))
            written = {"pictures": dumps([picture_json(one) for one in kept])}
            if gone:
                written["options"] = dumps({**json.loads(row["options"]), WITHDRAWN: True})
            await connection.execute(update(turns).where(turns.c.id == row["id"]).values(written))
            if gone and row["state"] in UNANSWERED:
                waits = row["state"] == TurnState.ACCEPTED.value
                ended = {"state": TurnState.FAILING.value if waits else row["state"], "error": WITHOUT_ITS_PICTURE}
                await connection.execute(update(turns).where(turns.c.id == row["id"]).values(ended))
                await end_redo(connection, row["id"])
        for some in batched(row["id"] for row in self._own):
            asked = messages.c.turn_id.in_(some) & (messages.c.role == Role.REQUEST.value)
            await connection.execute(delete(messages).where(asked))
            begun = turns.c.id.in_(some) & turns.c.state.in_(UNANSWERED)
            await connection.execute(update(turns).where(begun).values(state=TurnState.CANCELLED.value))
            await connection.execute(update(turns).where(turns.c.id.in_(some)).values(BLANK))
        await connection.execute(delete(messages).where(_sent_by(person_id)))
        for row, _ in self._copies:
            this = (messages.c.chat_id == row["chat_id"]) & (messages.c.message_id == row["message_id"])
            await connection.execute(delete(messages).where(this, messages.c.turn_id.is_(None)))
            await connection.execute(update(messages).where(this).values(picture=None))
        for conversation_id, name in self._names:
            named = (names.c.conversation_id == conversation_id) & (names.c.name == name)
            await connection.execute(delete(names).where(named))
        await _forget_cited(connection, person_id)
        repeated = update(turns).where(turns.c.asker_id == person_id)
        await connection.execute(repeated.values(asker_id=0, asker_name=""))


async def still_named(connection: AsyncConnection, pictures: set[str]) -> set[str]:
    """Return which of these pictures a row still names."""
    used = await named_without_turn(connection)
    for some in batched(pictures):
        rested = select(turn_media.c.sha256).where(turn_media.c.sha256.in_(some))
        used |= set((await connection.execute(rested)).scalars())
    return pictures & used


async def named_without_turn(connection: AsyncConnection) -> set[str]:
    """Return the pictures with an @name, and those that were sent without words."""
    used = await _sha256s(connection, names.c.picture)
    return used | await _sha256s(connection, messages.c.picture, messages.c.role == Role.LOOSE.value)


def _sent_by(person_id: int) -> ColumnElement[bool]:
    """Return the condition for messages with a person's pictures, and those that wait for the person's words."""
    # Only those may wait. To search the text of all messages would hold up everything for seconds.
    may_wait = (messages.c.role == Role.LOOSE.value) & messages.c.author_id.is_not(None)
    waits, asks = (may_wait & messages.c.picture.contains(f'"waits_for":{person_id}{end}') for end in "},")
    return or_(messages.c.author_id == person_id, FROM_BEFORE, waits, asks)


def _touching(person_id: int) -> tuple[ColumnElement[bool], ...]:
    """Return conditions for turns that a person asked for, sent pictures to, repeated, or is cited in."""
    sent = turns.c.id.in_(_with_pictures_of(person_id))
    return (turns.c.author_id == person_id, sent, turns.c.asker_id == person_id, _citing(person_id))


def _with_pictures_of(person_id: int) -> Select[Any]:
    return select(turn_media.c.turn_id).where(turn_media.c.author_id == person_id)


def _citing(person_id: int) -> ColumnElement[bool]:
    return turns.c.cited.is_not(None) & turns.c.cited.contains(f'"author_id":{person_id}')


async def _all(connection: AsyncConnection, query: Select[Any]) -> list[Row]:
    return list((await connection.execute(query)).mappings())


async def _sha256s(
    connection: AsyncConnection, column: ColumnElement[Any], where: ColumnElement[bool] | None = None
) -> set[str]:
    """Return the SHA-256 of the pictures in a JSON column."""
    query = select(column).where(column.is_not(None))
    rows = await connection.execute(query if where is None else query.where(where))
    return named_in(rows.scalars())


async def drop_media(connection: AsyncConnection, turn: Row, pictures: Iterable[str]) -> None:
    """Remove pictures of a wish from its turn, except those that the model returned: they are part of the answer."""
    handed_back = or_(turns.c.reply.contains(turn_media.c.sha256), turns.c.shown.contains(turn_media.c.sha256))
    answered = exists().where(turns.c.id == turn_media.c.turn_id, handed_back)
    for some in batched(pictures):
        gone = (turn_media.c.turn_id == turn["id"]) & turn_media.c.sha256.in_(some) & ~answered
        await connection.execute(delete(turn_media).where(gone))


async def _forget_cited(connection: AsyncConnection, person_id: int) -> None:
    """Remove a person's words from the wishes of others that cite them or consist of them.

    An unanswered wish that becomes empty is cancelled.
    """
    for row in (await connection.execute(select(turns.c.id, turns.c.cited).where(_citing(person_id)))).all():
        found = json.loads(row.cited)
        kept = [one for one in found if one["author_id"] != person_id]
        this, written = turns.c.id == row.id, dumps(kept) if kept else None
        await connection.execute(update(turns).where(this).values(cited=written))
        # A provider may repeat in a refusal what it was asked.
        failed = turns.c.state == TurnState.FAILED.value
        await connection.execute(update(turns).where(this, failed).values(error=None))
        if any(one["author_id"] == person_id and not one["words"] for one in found):
            await connection.execute(update(turns).where(this).values(wish=""))
            await connection.execute(update(turns).where(this, _IDLE).values(state=TurnState.CANCELLED.value))


def _pictures(turn: Row) -> list[InputPicture]:
    return [read_picture(one) for one in json.loads(turn["pictures"])]


def _made_of(turn: Row, person_id: int) -> list[InputPicture]:
    """Return the restored picture of an answer if it holds a picture of the person; the model's stays."""
    made = read_picture(json.loads(turn["restored"])["picture"]) if turn["restored"] else None
    return [made] if made and made.author_id == person_id else []


def _pictures_of(turn: Row, person_id: int) -> list[InputPicture]:
    """Return the pictures of a wish that a person sent, and the copies of them on which others drew."""
    pictures = _pictures(turn)
    sent = [one for one in pictures if _is_of(one, turn["author_id"], person_id)]
    names = {one.media.sha256 for one in sent}
    return sent + [one for one in pictures if one.marks in names and one not in sent]


async def _copies_of(connection: AsyncConnection, pictures: set[str]) -> list[tuple[Row, InputPicture]]:
    """Return the messages with copies of these pictures on which somebody drew."""
    if not pictures:
        return []
    sent = (messages.c.role != Role.ANSWER.value) & messages.c.author_id.is_not(None)
    marked = select(messages.c.chat_id, messages.c.message_id, messages.c.picture).where(
        sent, messages.c.picture.contains('"marks":"')
    )
    found = [(row, read_picture(json.loads(row["picture"]))) for row in await _all(connection, marked)]
    return [(row, picture) for row, picture in found if picture.marks in pictures]


def _is_of(picture: InputPicture, asked_by: int, person_id: int) -> bool:
    """Whether a person sent a picture of a wish. Early versions stored the author of the wish only."""
    return picture.author_id == person_id or (picture.author_id is None and asked_by == person_id)


def _shas(pictures: Iterable[InputPicture]) -> set[str]:
    return {ref.sha256 for ref in media_of(pictures)}
