"""Never give an id twice, know who sent a picture and who asked for a repeat, and name the store."""

from __future__ import annotations

import uuid

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None

GAP = 1_000_000
"""Which ids were given and deleted again nobody knows; a store in one file never had so many turns at a time."""

AUTHORS = {
    "turn_media": "who sent the picture; NULL for the model, or the turn's author long ago",
    "messages": "who sent the picture; NULL for words, for the bot's, or not known",
    "names": "who gave the name; NULL where that is not known",
}


def upgrade() -> None:
    asked = "who asked for a repeat; NULL for the author, 0 for somebody forgotten"
    op.add_column("turns", sa.Column("asker_id", sa.BigInteger(), nullable=True, comment=asked))
    op.add_column("turns", sa.Column("asker_name", sa.Text(), nullable=True, comment="NULL where asker_id is"))
    for table, meaning in AUTHORS.items():
        op.add_column(table, sa.Column("author_id", sa.BigInteger(), nullable=True, comment=meaning))
    # In private there is one person; whose a picture in a group is that waits for words, nobody noted.
    op.execute("UPDATE messages SET author_id = chat_id WHERE role = 'loose' AND chat_id > 0")
    if op.get_bind().dialect.name == "sqlite":
        for table in ("conversations", "turns"):
            _number_on(table)
    for table in ("turn_media", "messages"):
        _partial(f"ix_{table}_author_id", table, ["author_id"], "author_id IS NOT NULL")
    _partial("ix_turns_asker_id", "turns", ["asker_id"], "asker_id IS NOT NULL")
    unfinished = "state NOT IN ('delivered', 'failed', 'cancelled')"
    _partial("ix_turns_unfinished", "turns", ["conversation_id", "state"], unfinished)
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    _new_tables()


def _number_on(table: str) -> None:
    """Have SQLite never give an id of this table twice, also none that was deleted before."""
    with op.batch_alter_table(table, recreate="always", table_kwargs={"sqlite_autoincrement": True}):
        pass
    op.execute(f"DELETE FROM sqlite_sequence WHERE name = '{table}'")  # noqa: S608 - our own names
    op.execute(
        f"INSERT INTO sqlite_sequence SELECT '{table}', COALESCE(MAX(id), 0) + {GAP} FROM {table}"  # noqa: S608
    )


def _partial(name: str, table: str, columns: list[str], where: str) -> None:
    only = sa.text(where)
    op.create_index(name, table, columns, sqlite_where=only, postgresql_where=only)


def _new_tables() -> None:
    identity = op.create_table(
        "identity",
        sa.Column(
            "store_id",
            sa.String(length=32),
            nullable=False,
            comment="the one row: names this store and every copy of it",
        ),
        sa.Column(
            "forgotten",
            sa.BigInteger(),
            nullable=False,
            comment="turns that were deleted because somebody asked for it",
        ),
        sa.PrimaryKeyConstraint("store_id", name=op.f("pk_identity")),
    )
    op.bulk_insert(identity, [{"store_id": uuid.uuid4().hex, "forgotten": 0}])
    op.create_table(
        "spent",
        sa.Column(
            "day",
            sa.Integer(),
            autoincrement=False,
            nullable=False,
            comment="of the answers, in days since 1970 (UTC)",
        ),
        sa.Column("provider", sa.String(length=32), nullable=False),
        sa.Column("model", sa.String(length=128), nullable=False),
        sa.Column("turns", sa.Integer(), nullable=False),
        sa.Column("pictures", sa.Integer(), nullable=False, comment="turns that brought a picture"),
        sa.Column("cost_micro_usd", sa.BigInteger(), nullable=False, comment="without the unpriced turns"),
        sa.Column("unpriced", sa.Integer(), nullable=False, comment="turns of which the price is not known"),
        sa.PrimaryKeyConstraint("day", "provider", "model", name=op.f("pk_spent")),
    )
