"""Leave copies of answers from elsewhere out of the sums, and sum up what listening cost."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None

SPENT = ["author_id", "asker_id", "cost_micro_usd"]
KINDS = {
    "ix_turns_drawn": "reply IS NOT NULL AND shown <> '[]'",
    "ix_turns_worded": "reply IS NOT NULL AND shown = '[]'",
}


def upgrade() -> None:
    for name, where in KINDS.items():
        op.drop_index(name, table_name="turns")
        _partial(name, "turns", SPENT, f"{where} AND kind <> 'kept'")
    _partial("ix_entries_listened", "entries", ["person_id", "micro_usd"], "kind = 'settle' AND turn_id IS NULL")


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)
