"""Tell an answer that was sent from one that could not be, and keep what is to be said and done with an answer."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    kept_back = "untold, or told, of what is not sent by itself any more; NULL otherwise"
    notes = "JSON of what goes with the answer: remarks, covered pictures; NULL for nothing"
    op.add_column("turns", sa.Column("kept_back", sa.String(length=8), nullable=True, comment=kept_back))
    op.add_column("turns", sa.Column("notes", sa.Text(), nullable=True, comment=notes))
    untold = sa.text("kept_back = 'untold'")
    op.create_index("ix_turns_untold", "turns", ["conversation_id"], sqlite_where=untold, postgresql_where=untold)
