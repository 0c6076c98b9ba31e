"""Alembic's entry: runs the migrations on the connection that ``storage.engine.database`` hands over.

Imports ``schema``. Opens none itself.
"""

from alembic import context

from storage.schema import metadata

context.configure(connection=context.config.attributes["connection"], target_metadata=metadata)
with context.begin_transaction():
    context.run_migrations()
