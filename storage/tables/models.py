"""What was learned about models in use: one note for each account, that all processes share.

Imports SQLAlchemy, ``engine``, ``rows``, ``schema`` and ``menus``. It is a row of ``windows``, as in ``menus``. It is
not copied to another database, where it is learned again by calls that cost nothing.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from sqlalchemy import select, update

from storage.engine.database import Database
from storage.rows.upsert import insert_or_pass
from storage.schema import windows
from storage.tables.menus import LASTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """The largest request that a model took after it had refused more; 0 if it refused nothing.

    ``request_bytes``: the encoded conversation; ``picture_bytes``: one encoded picture.
    """

    images: int = 0
    request_bytes: int = 0
    picture_bytes: int = 0
    prompt_chars: int = 0

    def within(self, other: Limits) -> Limits:
        """Return the lower value of each limit."""
        pairs = ((one.name, getattr(self, one.name), getattr(other, one.name)) for one in fields(Limits))
        return Limits(**{name: min(filter(None, both), default=0) for name, *both in pairs})


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelNote:
    """One model: its ``stage``, when it retires (Unix s), and the model that replaced it.

    ``seen_on`` and ``told_on``: the days, since 1970 (UTC), of its last answer and of the last warning of its end.
    ``limits`` were learned from its refusals, the last on the day ``learned_on``. ``replaced_told_on``: the day on
    which the owners were notified that it was replaced.
    """

    stage: str = ""
    retires_at: float | None = None
    replaced_by: str = ""
    seen_on: int = 0
    told_on: int = 0
    limits: Limits = Limits()
    learned_on: int = 0
    replaced_told_on: int = 0


LATER = ("limits", "learned_on", "replaced_told_on")
"""Fields that are written only if set, because processes of earlier versions compare whole rows; so is ``listing``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class AccountNote:
    """One account: its models by id, and the ids that the provider ``offered`` when last asked (Unix s).

    ``listing``: what its list says of them, as text that only the provider reads.
    """

    models: Mapping[str, ModelNote] = field(default_factory=dict)
    offered: tuple[str, ...] = ()
    asked_at: float = 0.0
    listing: str = ""

    def of(self, model: str) -> ModelNote:
        """Return the note of a model."""
        return self.models.get(model, ModelNote())


class Models:
    """The notes of the accounts that use this database."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def known(self, account: str) -> AccountNote:
        """Return the note of an account. Raises: ``StorageFault``."""
        found = select(windows.c.booked).where(windows.c.name == _name(account))
        async with self._database.connect() as connection:
            written = (await connection.execute(found)).scalar_one_or_none()
        return _read(json.loads(written)) if written else AccountNote()

    async def every(self) -> dict[str, AccountNote]:
        """Return all notes by account. Raises: ``StorageFault``."""
        found = select(windows.c.name, windows.c.booked).where(windows.c.name.startswith(_name("")))
        async with self._database.connect() as connection:
            rows = (await connection.execute(found.order_by(windows.c.name))).all()
        return {row.name.removeprefix(_name("")): _read(json.loads(row.booked)) for row in rows}

    async def compare_and_set(self, account: str, old: AccountNote, new: AccountNote) -> bool:
        """Replace a note; False if another process did so first. Raises: ``StorageFault``."""
        row = {"name": _name(account), "booked": _written(AccountNote()), "not_before": 0.0, "idle_at": LASTS}
        same = (windows.c.name == row["name"], windows.c.booked == _written(old))
        async with self._database.begin(fenced=False) as connection:
            await connection.execute(insert_or_pass(windows, connection), [row])
            changed = update(windows).where(*same).values(booked=_written(new))
            return bool((await connection.execute(changed)).rowcount)


def _name(account: str) -> str:
    return f"models of {account}"


def _written(note: AccountNote) -> str:
    written = asdict(note)
    if not note.listing:
        del written["listing"]
    for name, one in note.models.items():
        kept = {field: value for field, value in asdict(one).items() if field not in LATER or getattr(one, field)}
        kept |= {"limits": {each: most for each, most in kept["limits"].items() if most}}
        written["models"][name] = {field: value for field, value in kept.items() if field != "limits" or value}
    return json.dumps(written, sort_keys=True)


def _model(written: Mapping[str, Any]) -> ModelNote:
    """Return one model's note, without fields of later versions."""
    found = {one.name: written[one.name] for one in fields(ModelNote) if one.name in written}
    limits = found.pop("limits", {})
    return ModelNote(**found, limits=Limits(**{one.name: limits.get(one.name, 0) for one in fields(Limits)}))


def _read(written: Mapping[str, Any]) -> AccountNote:
    models, offered, asked_at, listing = (written.get(one) for one in ("models", "offered", "asked_at", "listing"))
    return AccountNote(
        models={name: _model(one) for name, one in models.items()} if isinstance(models, dict) else {},
        offered=tuple(offered) if isinstance(offered, list) else (),
        asked_at=float(asked_at) if isinstance(asked_at, float | int) else 0.0,
        listing=listing if isinstance(listing, str) else "",
    )
