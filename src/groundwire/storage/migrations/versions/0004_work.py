"""Processor seconds of the desk's own work."""

from alembic import op

from groundwire.storage import schema
from groundwire.storage.schema_work import TABLES

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """Create the table if it is not there: the first schema makes all that the program knows of, this included."""
    schema.metadata.create_all(op.get_bind(), tables=TABLES, checkfirst=True)
