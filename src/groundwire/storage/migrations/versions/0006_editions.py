"""Who gets recaps by mail; recaps of past periods."""

from alembic import op

from groundwire.storage import schema
from groundwire.storage.schema_living import LATER

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    """Create what is not there: the first schema makes all that the program knows of, this included."""
    schema.metadata.create_all(op.get_bind(), tables=LATER, checkfirst=True)
