"""Remember which pictures lie at a provider, and until when."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "provider_files",
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column(
            "account", sa.String(length=16), nullable=False, comment="a digest of address and key; others cannot use it"
        ),
        sa.Column("uri", sa.Text(), nullable=False, comment="the provider's name of it"),
        sa.Column("expires_at", sa.Float(), nullable=False, comment="when the provider deletes it (Unix s)"),
        sa.PrimaryKeyConstraint("sha256", "account", name=op.f("pk_provider_files")),
    )
    op.create_index("ix_provider_files_expires_at", "provider_files", ["expires_at"], unique=False)
