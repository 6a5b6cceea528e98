"""The first schema."""

from alembic import op

from groundwire.storage import schema

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, trigger and search index."""
    bind = op.get_bind()
    schema.metadata.create_all(bind)
    for statement in schema.SQLITE_TRIGGERS if bind.dialect.name == "sqlite" else schema.POSTGRES_TRIGGERS:
        op.execute(statement)
