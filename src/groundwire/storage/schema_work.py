"""The table of the desk's own work: processor seconds by stage, day and event."""

from __future__ import annotations

import sqlalchemy as sa

from groundwire.storage.schema import id_column, metadata, reference

work = sa.Table(
    "work",
    metadata,
    id_column(),
    sa.Column("stage", sa.Text, nullable=False),
    sa.Column("day", sa.Date, nullable=False),
    reference("events", name="event_id", nullable=True, index=True),
    sa.Column("number", sa.Integer, nullable=False),
    sa.Column("processor_s", sa.Float, nullable=False),
)

TABLES = (work,)
