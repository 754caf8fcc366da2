"""Runs revisions in the transaction that `storage.migrate` opened: it holds the lock, and it commits."""

from alembic import context

from storage.tables import metadata

context.configure(
    connection=context.config.attributes["connection"], target_metadata=metadata, transactional_ddl=True
)
with context.begin_transaction():
    context.run_migrations()
