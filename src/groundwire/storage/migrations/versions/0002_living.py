"""Forecasts, corrections, mailings."""

from alembic import op

from groundwire.storage import schema
from groundwire.storage.schema_living import TABLES

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Create the tables that are not there: the first schema makes all that the program knows of, these included."""
    schema.metadata.create_all(op.get_bind(), tables=TABLES, checkfirst=True)
