"""The tables of what outlives a day: forecasts and their outcomes, corrections, editions that were mailed."""

from __future__ import annotations

import sqlalchemy as sa

from groundwire.storage.schema import UtcDateTime, id_column, metadata, reference

forecasts = sa.Table(
    "forecasts",
    metadata,
    id_column(),
    sa.Column("key", sa.Text, nullable=False, unique=True),
    reference("articles", name="article_id", index=True),
    reference("article_versions", name="version_id"),
    sa.Column("start_offset", sa.Integer, nullable=False),
    sa.Column("end_offset", sa.Integer, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("who", sa.Text, nullable=False),
    sa.Column("source", sa.Text, nullable=False, index=True),
    sa.Column("hedge", sa.Text, nullable=False),
    sa.Column("horizon", sa.Text, nullable=False),
    sa.Column("first", sa.Date),
    sa.Column("last", sa.Date),
    sa.Column("grain", sa.Text),
    sa.Column("reason", sa.Text, nullable=False),
    sa.Column("probability", sa.JSON(none_as_null=True), comment="low, high, words, table; null: none stated"),
    sa.Column("rule", sa.Text, comment="one line (forecasts.rule); null: it can't be resolved"),
    sa.Column("until", sa.Date, index=True, comment="the rule's last day"),
    sa.Column("unresolvable", sa.Text, comment="why there is no rule"),
    sa.Column("said_at", UtcDateTime, nullable=False),
    sa.Column("registered_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("(rule IS NULL) <> (unresolvable IS NULL)", name="rule_or_reason"),
)

forecast_subjects = sa.Table(
    "forecast_subjects",
    metadata,
    reference("forecasts", name="forecast_id", primary_key=True),
    sa.Column("subject", sa.Text, primary_key=True, index=True, comment="key of a name that it is about"),
)

proposals = sa.Table(
    "proposals",
    metadata,
    id_column(),
    reference("forecasts", name="forecast_id"),
    reference("article_versions", name="version_id"),
    sa.Column("start_offset", sa.Integer, nullable=False),
    sa.Column("end_offset", sa.Integer, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.Column("why", sa.Text, nullable=False),
    sa.Column("suggests", sa.Text, nullable=False),
    sa.Column("proposed_at", UtcDateTime, nullable=False),
    sa.UniqueConstraint("forecast_id", "version_id"),
)

outcomes = sa.Table(
    "outcomes",
    metadata,
    id_column(),
    reference("forecasts", name="forecast_id", index=True),
    sa.Column("verdict", sa.Text, nullable=False, comment="true, false, void; open: taken back"),
    sa.Column("note", sa.Text, nullable=False),
    sa.Column("decided_by", sa.Text, nullable=False),
    sa.Column("decided_at", UtcDateTime, nullable=False),
    sa.CheckConstraint("verdict IN ('true', 'false', 'void', 'open')", name="verdict"),
)

rechecks = sa.Table(
    "rechecks",
    metadata,
    reference("articles", name="article_id", primary_key=True),
    sa.Column("cited_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, index=True, comment="null: looked at for the last time"),
    sa.Column("step", sa.Integer, nullable=False),
    sa.Column("misses", sa.Integer, nullable=False, comment="looks in a row that found it gone"),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("checked_at", UtcDateTime),
    sa.Column("retracted_at", UtcDateTime),
    sa.Column("retraction", sa.Text, nullable=False, comment="what says so; empty: it stands"),
)

corrections = sa.Table(
    "corrections",
    metadata,
    id_column(),
    reference("articles", name="article_id", index=True),
    reference("events", name="event_id", index=True),
    reference("article_versions", name="version_id"),
    reference("article_versions", name="newer_id", nullable=True),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("statement", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("quote", sa.Text, nullable=False, comment="the words that were cited"),
    sa.Column("start_offset", sa.Integer, nullable=False),
    sa.Column("end_offset", sa.Integer, nullable=False),
    sa.Column("now_says", sa.Text, nullable=False, comment="the nearest words of the newer version; empty: none"),
    sa.Column("now_start", sa.Integer, nullable=False),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("fate", sa.Text, nullable=False),
    sa.Column("noticed_at", UtcDateTime, nullable=False, index=True),
)

mailings = sa.Table(
    "mailings",
    metadata,
    sa.Column("edition", sa.Text, primary_key=True),
    sa.Column("recipient", sa.Text, primary_key=True),
    sa.Column("sent_at", UtcDateTime, nullable=False),
)

subscribers = sa.Table(
    "subscribers",
    metadata,
    sa.Column("address", sa.Text, primary_key=True),
    sa.Column("token", sa.Text, nullable=False, unique=True, comment="who shows it may unsubscribe the address"),
    sa.Column("roles", sa.JSON, nullable=False),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("language", sa.Text, nullable=False, comment="empty: the settings' own"),
    sa.Column("listed", sa.Boolean, nullable=False, comment="false: only the settings name the address"),
    sa.Column("joined_at", UtcDateTime, nullable=False),
    sa.Column("left_at", UtcDateTime),
)

recaps = sa.Table(
    "recaps",
    metadata,
    sa.Column("period", sa.Text, primary_key=True),
    sa.Column("document", sa.Text, nullable=False, comment="editions.recap.Draft as JSON"),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

LATER = (subscribers, recaps)
TABLES = (forecasts, forecast_subjects, proposals, outcomes, rechecks, corrections, mailings)
