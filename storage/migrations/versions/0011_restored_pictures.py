"""A second picture of an answer: what the model changed, put into the person's own picture."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade() -> None:
    comment = "JSON of the picture that the bot made of shown, the model's; NULL for none"
    op.add_column("turns", sa.Column("restored", sa.Text(), comment=comment))
