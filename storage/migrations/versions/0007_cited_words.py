"""Remember whose words a wish speaks of."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade() -> None:
    meaning = "JSON of others' words that the wish speaks of; NULL for none"
    op.add_column("turns", sa.Column("cited", sa.Text(), nullable=True, comment=meaning))
    citing = sa.text("cited IS NOT NULL")
    op.create_index("ix_turns_cited", "turns", ["id"], sqlite_where=citing, postgresql_where=citing)
