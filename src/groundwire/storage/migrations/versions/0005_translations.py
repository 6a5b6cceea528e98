"""Briefs in further languages; what a model was asked for."""

import sqlalchemy as sa
from alembic import op

from groundwire.storage.schema_models import translations

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    """Make what is not there: the first schema makes all that the program knows of, this included."""
    connection = op.get_bind()
    translations.create(connection, checkfirst=True)
    if "purpose" not in {column["name"] for column in sa.inspect(connection).get_columns("model_calls")}:
        op.add_column("model_calls", sa.Column("purpose", sa.Text, nullable=False, server_default="write"))
