"""A model's answers, withheld statements, briefs to be written again."""

from alembic import op

from groundwire.storage import schema
from groundwire.storage.schema_models import TABLES

revision = "0003"
down_revision = "0002"


def upgrade() -> None:
    """Create the tables that are not there: the first schema makes all that the program knows of, these included."""
    schema.metadata.create_all(op.get_bind(), tables=TABLES, checkfirst=True)
