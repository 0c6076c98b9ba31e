"""Share limits among several processes, and say which versions may work side by side."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade() -> None:
    floor = op.create_table(
        "schema_floor",
        sa.Column(
            "revision", sa.String(length=32), nullable=False, comment="the one row: the oldest code that may work here"
        ),
        sa.PrimaryKeyConstraint("revision", name=op.f("pk_schema_floor")),
    )
    op.bulk_insert(floor, [{"revision": "0002"}])
    op.create_table(
        "windows",
        sa.Column("name", sa.String(length=64), nullable=False, comment="a chat's id, or all for Telegram as a whole"),
        sa.Column(
            "booked",
            sa.Text(),
            nullable=False,
            comment="JSON list of the times of past and coming messages (Unix s)",
        ),
        sa.Column("not_before", sa.Float(), nullable=False, comment="when a flood wait ends (Unix s)"),
        sa.Column("idle_at", sa.Float(), nullable=False, comment="when nothing of it matters any more (Unix s)"),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_windows")),
    )
    op.create_table(
        "permits",
        sa.Column("name", sa.String(length=64), nullable=False, comment="a provider"),
        sa.Column("slot", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column(
            "worker_id",
            sa.BigInteger(),
            nullable=False,
            comment="procrastinate's number of the worker that calls",
        ),
        sa.PrimaryKeyConstraint("name", "slot", name=op.f("pk_permits")),
    )
