"""Remember which turn an update asked for, so that a button which is pressed again meanwhile is no second wish."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column(
        "inbox",
        sa.Column(
            "turn_id",
            sa.BigInteger().with_variant(sa.Integer(), "sqlite"),
            nullable=True,
            comment="the turn that it asked for; NULL where it asked for none, or not yet",
        ),
    )
