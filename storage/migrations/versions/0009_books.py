"""Keep books: entries of what calls cost and people bought, their sums, and the limits of single people and groups."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from storage import triggers

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

AMOUNTS = {
    "held_pictures": "within the limits, of calls that run",
    "held_micro_usd": "their expected cost",
    "pictures": "within the limits, of calls that brought one",
    "micro_usd": "the cost of calls, without the next two columns",
    "paid_pictures": "made for credit, which no limit stops",
    "paid_micro_usd": "the cost of these",
    "credits": "pictures that were bought and not made yet",
    "stars": "Telegram Stars that were paid and not refunded",
}


def upgrade() -> None:
    _entries()
    op.create_table(
        "sums",
        sa.Column("scope", sa.String(length=8), nullable=False, comment="person, group, or total"),
        sa.Column(
            "subject_id",
            sa.BigInteger(),
            autoincrement=False,
            nullable=False,
            comment="of the person or group; else 0",
        ),
        sa.Column("period", sa.String(length=10), nullable=False, comment="2026-11-28, 2026-11, or empty for all time"),
        *_amounts(),
        sa.PrimaryKeyConstraint("scope", "subject_id", "period", name=op.f("pk_sums")),
    )
    scopes = "person, group, or admins for what a group's admins chose"
    op.create_table(
        "allowances",
        sa.Column("scope", sa.String(length=8), nullable=False, comment=scopes),
        sa.Column("subject_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("day_pictures", sa.BigInteger(), comment="NULL for any number, as in the next three"),
        sa.Column("day_micro_usd", sa.BigInteger()),
        sa.Column("month_pictures", sa.BigInteger()),
        sa.Column("month_micro_usd", sa.BigInteger()),
        sa.PrimaryKeyConstraint("scope", "subject_id", name=op.f("pk_allowances")),
    )
    # What people spent is summed up from these alone.
    spent = ["author_id", "asker_id", "cost_micro_usd"]
    _partial("ix_turns_drawn", "turns", spent, "reply IS NOT NULL AND shown <> '[]'")
    _partial("ix_turns_worded", "turns", spent, "reply IS NOT NULL AND shown = '[]'")
    triggers.create(op.get_bind())


def _amounts() -> list[sa.Column[int]]:
    return [sa.Column(name, sa.BigInteger(), nullable=False, comment=meaning) for name, meaning in AMOUNTS.items()]


def _entries() -> None:
    meanings = {
        "kind": "hold, settle, release, buy, refund, forget",
        "turn_id": "the turn that is paid for; it may be deleted since; NULL for a purchase",
        "closes": "the hold that this entry ends; NULL for others",
        "person_id": "who asked, or who bought; 0 for somebody forgotten",
        "chat_id": "the group; 0 in private",
        "day": "2026-11-28, in the time zone of the limits; a hold's for its end",
        "charge_id": "Telegram's name of a payment, or ours of what must count once; else NULL",
        "price_micro_usd": "what a hold's picture should cost; NULL for other entries",
        "room": "how many more pictures the tightest limit allows after a hold; NULL for any",
        "percent": "how much of the limit for all is used up with a hold; NULL without one",
    }
    op.create_table(
        "entries",
        sa.Column("id", ID, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("kind", sa.String(length=8), nullable=False, comment=meanings["kind"]),
        sa.Column("turn_id", ID, comment=meanings["turn_id"]),
        sa.Column("closes", ID, comment=meanings["closes"]),
        sa.Column("person_id", sa.BigInteger(), nullable=False, comment=meanings["person_id"]),
        sa.Column("chat_id", sa.BigInteger(), nullable=False, comment=meanings["chat_id"]),
        sa.Column("day", sa.String(length=10), nullable=False, comment=meanings["day"]),
        *_amounts(),
        sa.Column("charge_id", sa.String(length=255), comment=meanings["charge_id"]),
        sa.Column("price_micro_usd", sa.BigInteger(), comment=meanings["price_micro_usd"]),
        sa.Column("room", sa.BigInteger(), comment=meanings["room"]),
        sa.Column("percent", sa.BigInteger(), comment=meanings["percent"]),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_entries")),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_entries_turn_id", "entries", ["turn_id"])
    op.create_index("ix_entries_person_id", "entries", ["person_id"])
    _partial("ix_entries_closes", "entries", ["closes"], "closes IS NOT NULL", unique=True)
    _partial("ix_entries_charge_id", "entries", ["charge_id", "kind"], "charge_id IS NOT NULL", unique=True)


def _partial(name: str, table: str, columns: list[str], where: str, *, unique: bool = False) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, unique=unique, sqlite_where=only, postgresql_where=only)
