"""Keep what owners decide about people and groups, and wishes that wait for it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "guests",
        sa.Column(
            "id", sa.BigInteger(), autoincrement=False, nullable=False, comment="of a person; negative: of a chat"
        ),
        sa.Column(
            "standing",
            sa.String(length=8),
            nullable=False,
            comment="asked (nobody decided yet), admitted, refused or blocked",
        ),
        sa.Column(
            "name", sa.Text(), nullable=False, comment="as Telegram said it; empty where the guest was forgotten"
        ),
        sa.Column("language", sa.String(length=16), nullable=False),
        sa.Column(
            "told",
            sa.Boolean(),
            nullable=False,
            comment="whether the guest knows of the decision, or twice of the wait",
        ),
        sa.Column("by_id", sa.BigInteger(), nullable=True, comment="the owner who decided; NULL until then"),
        sa.Column("by_name", sa.Text(), nullable=False),
        sa.Column(
            "questions",
            sa.Text(),
            nullable=False,
            comment="JSON list of owner and message of what asked each of them",
        ),
        sa.Column("begun_at", sa.Float(), nullable=False, comment="when the guest asked, or an owner first decided"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guests")),
    )
    if op.get_bind().dialect.name == "postgresql":
        # SQLite stores no comments.
        states = "new, told (stored, still to be said), done, aside, or kept (for a guest)"
        op.alter_column("inbox", "state", comment=states, existing_type=sa.String(length=8), existing_nullable=False)
