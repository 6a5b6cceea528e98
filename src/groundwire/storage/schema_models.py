"""The tables of written analysis: a model's answers, what was withheld, briefs to be written again, translated ones."""

from __future__ import annotations

import sqlalchemy as sa

from groundwire.storage.schema import UtcDateTime, id_column, metadata, reference

model_calls = sa.Table(
    "model_calls",
    metadata,
    sa.Column("prompt_hash", sa.Text, primary_key=True),
    reference("events", name="event_id", index=True),
    sa.Column("purpose", sa.Text, nullable=False, server_default="write"),
    sa.Column("model", sa.Text, nullable=False, comment="as the server reported it"),
    sa.Column("parameters", sa.JSON, nullable=False),
    sa.Column("answer", sa.Text, nullable=False),
    sa.Column("input_tokens", sa.Integer, nullable=False),
    sa.Column("output_tokens", sa.Integer, nullable=False),
    sa.Column("cost_usd", sa.Float, comment="null: no list price"),
    sa.Column("elapsed_s", sa.Float, nullable=False),
    sa.Column("asked_at", UtcDateTime, nullable=False),
)

withheld = sa.Table(
    "withheld",
    metadata,
    id_column(),
    reference("events", name="event_id", index=True),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
)

unwritten = sa.Table(
    "unwritten",
    metadata,
    reference("events", name="event_id", primary_key=True),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("retry_at", UtcDateTime, nullable=False, index=True),
)

TABLES = (model_calls, withheld, unwritten)

translations = sa.Table(
    "translations",
    metadata,
    reference("events", name="event_id", primary_key=True),
    sa.Column("language", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, nullable=False, comment="the brief in this language as canonical JSON"),
    sa.Column("build", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)
