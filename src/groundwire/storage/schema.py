"""The tables, for SQLite and PostgreSQL alike; migrations/ brings a database to this state."""

from __future__ import annotations

from datetime import UTC, datetime

import sqlalchemy as sa

metadata = sa.MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


class UtcDateTime(sa.types.TypeDecorator[datetime]):
    """Aware UTC in Python; naive UTC text in SQLite, timestamptz in PostgreSQL."""

    impl = sa.DateTime
    cache_ok = True

    def load_dialect_impl(self, dialect: sa.Dialect) -> sa.types.TypeEngine[datetime]:
        """Choose the column type of the dialect."""
        return dialect.type_descriptor(sa.DateTime(timezone=dialect.name == "postgresql"))

    def process_bind_param(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:
        """Refuse naive times: they are a mistake upstream."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError(f"naive time {value!r}: times are aware UTC here")
        utc = value.astimezone(UTC)
        return utc if dialect.name == "postgresql" else utc.replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: sa.Dialect) -> datetime | None:  # noqa: ARG002  the base class's signature
        """Give back aware UTC."""
        if value is None:
            return None
        return value.astimezone(UTC) if value.tzinfo else value.replace(tzinfo=UTC)


def id_column() -> sa.Column[int]:
    """A table's own id."""
    return sa.Column("id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), primary_key=True)


def reference(
    table: str, *, name: str, nullable: bool = False, index: bool = False, primary_key: bool = False
) -> sa.Column[int]:
    """A column that holds another table's id."""
    return sa.Column(
        name,
        sa.BigInteger().with_variant(sa.Integer, "sqlite"),
        sa.ForeignKey(f"{table}.id"),
        nullable=nullable,
        index=index,
        primary_key=primary_key,
        autoincrement=False,
    )


sources = sa.Table(
    "sources",
    metadata,
    id_column(),
    sa.Column("url", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("homepage", sa.Text),
    sa.Column("language", sa.Text),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("alternatives", sa.JSON, nullable=False),
    sa.Column("paused", sa.Boolean, nullable=False, default=False),
    sa.Column("added_at", UtcDateTime, nullable=False),
)

polls = sa.Table(
    "polls",
    metadata,
    reference("sources", name="source_id", primary_key=True),
    sa.Column("etag", sa.Text),
    sa.Column("last_modified", sa.Text),
    sa.Column("next_poll_at", UtcDateTime, index=True),
    sa.Column("interval_s", sa.Float, nullable=False),
    sa.Column("failures", sa.Integer, nullable=False),
    sa.Column("last_success_at", UtcDateTime),
    sa.Column("last_error", sa.Text),
    sa.Column("gone", sa.Boolean, nullable=False),
    sa.Column("validated_url", sa.Text),
    sa.Column("body_hash", sa.Text),
    sa.Column("moved_to", sa.Text),
    sa.Column("moved_since", UtcDateTime),
    sa.Column("moved_count", sa.Integer, nullable=False),
)

fetches = sa.Table(
    "fetches",
    metadata,
    id_column(),
    reference("sources", name="source_id", index=True),
    sa.Column("fetched_at", UtcDateTime, nullable=False, index=True),
    sa.Column("status", sa.Integer),
    sa.Column("not_modified", sa.Boolean, nullable=False),
    sa.Column("bytes_read", sa.Integer, nullable=False),
    sa.Column("elapsed_s", sa.Float, nullable=False),
    sa.Column("entries", sa.Integer, nullable=False),
    sa.Column("new_entries", sa.Integer, nullable=False),
    sa.Column("error", sa.Text),
)

entries = sa.Table(
    "entries",
    metadata,
    id_column(),
    reference("sources", name="source_id"),
    sa.Column("key", sa.Text, nullable=False),
    sa.Column("url", sa.Text),
    sa.Column("second_key", sa.Text, index=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("author", sa.Text),
    sa.Column("published_at", UtcDateTime),
    sa.Column("updated_at", UtcDateTime),
    sa.Column("html", sa.Text, nullable=False),
    sa.Column("language", sa.Text),
    sa.Column("categories", sa.JSON, nullable=False),
    sa.Column("content_hash", sa.Text, nullable=False),
    sa.Column("first_seen_at", UtcDateTime, nullable=False),
    sa.Column("due_at", UtcDateTime, index=True),
    sa.Column("attempts", sa.Integer, nullable=False, default=0),
    sa.Column("error", sa.Text),
    sa.Column("article_id", sa.BigInteger().with_variant(sa.Integer, "sqlite"), index=True),
    sa.UniqueConstraint("source_id", "key"),
)

articles = sa.Table(
    "articles",
    metadata,
    id_column(),
    reference("sources", name="source_id", index=True),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("canonical_url", sa.Text, nullable=False),
    sa.Column("current_version_id", sa.BigInteger().with_variant(sa.Integer, "sqlite")),
    sa.Column("due_at", UtcDateTime, index=True, comment="when the events stage must look at it; null: placed"),
    sa.UniqueConstraint("source_id", "canonical_url"),
)

article_versions = sa.Table(
    "article_versions",
    metadata,
    id_column(),
    reference("articles", name="article_id"),
    sa.Column("version", sa.Integer, nullable=False),
    sa.Column("url", sa.Text, nullable=False),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("author", sa.Text),
    sa.Column("published_at", UtcDateTime, nullable=False, index=True),
    sa.Column("published_evidence", sa.Text, nullable=False),
    sa.Column("collected_at", UtcDateTime, nullable=False, index=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("text_hash", sa.Text, nullable=False),
    sa.UniqueConstraint("article_id", "version"),
)

fingerprints = sa.Table(
    "fingerprints",
    metadata,
    reference("articles", name="article_id", primary_key=True),
    sa.Column("model", sa.Text, nullable=False),
    sa.Column("data", sa.LargeBinary, nullable=False),
)

events = sa.Table(
    "events",
    metadata,
    sa.Column("id", sa.BigInteger, primary_key=True, autoincrement=False),
    sa.Column("slug", sa.Text, nullable=False, unique=True),
    sa.Column("title", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("first_published_at", UtcDateTime, nullable=False),
    sa.Column("last_published_at", UtcDateTime, nullable=False, index=True),
    sa.Column("topics", sa.JSON, nullable=False),
    sa.Column("importance", sa.Float, nullable=False, default=0.0),
    sa.Column("hidden", sa.Boolean, nullable=False, default=False),
    sa.Column(
        "due_at", UtcDateTime, index=True, comment="when the brief stage must look at it; null: brief is current"
    ),
)

members = sa.Table(
    "members",
    metadata,
    reference("articles", name="article_id", primary_key=True),
    reference("events", name="event_id", index=True),
    reference("articles", name="origin_id"),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("pinned", sa.Boolean, nullable=False, default=False),
)

redirects = sa.Table(
    "redirects",
    metadata,
    sa.Column("slug", sa.Text, primary_key=True),
    reference("events", name="event_id", index=True),
)

decisions = sa.Table(
    "decisions",
    metadata,
    id_column(),
    sa.Column("kind", sa.Text, nullable=False),
    sa.Column("first_id", sa.BigInteger, nullable=False, comment="article id; for hide the event id"),
    sa.Column("second_id", sa.BigInteger, comment="the other article id"),
    sa.Column("decided_at", UtcDateTime, nullable=False),
)

related = sa.Table(
    "related",
    metadata,
    reference("events", name="event_id", primary_key=True),
    reference("events", name="other_id", primary_key=True),
    sa.Column("relation", sa.Text, nullable=False),
    sa.Column("reasons", sa.JSON, nullable=False),
    sa.Column("position", sa.Integer, nullable=False),
)

briefs = sa.Table(
    "briefs",
    metadata,
    reference("events", name="event_id", primary_key=True),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("document", sa.Text, nullable=False, comment="the brief as canonical JSON"),
    sa.Column("build", sa.Text, nullable=False),
    sa.Column("made_at", UtcDateTime, nullable=False),
)

statements = sa.Table(
    "statements",
    metadata,
    id_column(),
    reference("events", name="event_id", index=True),
    sa.Column("position", sa.Integer, nullable=False),
    sa.Column("section", sa.Text, nullable=False),
    sa.Column("text", sa.Text, nullable=False),
    sa.Column("language", sa.Text, nullable=False),
    sa.Column("made_by", sa.Text, nullable=False),
    sa.Column("published", sa.Boolean, nullable=False, default=False),
    sa.UniqueConstraint("event_id", "position"),
)

citations = sa.Table(
    "citations",
    metadata,
    id_column(),
    reference("statements", name="statement_id", index=True),
    reference("article_versions", name="version_id", index=True),
    sa.Column("start_offset", sa.Integer, nullable=False),
    sa.Column("end_offset", sa.Integer, nullable=False),
    sa.Column("quote", sa.Text, nullable=False),
    sa.CheckConstraint("start_offset >= 0 AND end_offset > start_offset", name="span"),
)

leases = sa.Table(
    "leases",
    metadata,
    sa.Column("name", sa.Text, primary_key=True),
    sa.Column("owner", sa.Text, nullable=False),
    sa.Column("expires_at", UtcDateTime, nullable=False),
)

SQLITE_TRIGGERS = (
    """CREATE TRIGGER statement_starts_unpublished BEFORE INSERT ON statements WHEN NEW.published
    BEGIN SELECT RAISE(ABORT, 'a statement is published only after its citations are stored'); END""",
    """CREATE TRIGGER statement_needs_citation BEFORE UPDATE OF published ON statements
    WHEN NEW.published AND NOT EXISTS (SELECT 1 FROM citations WHERE statement_id = NEW.id)
    BEGIN SELECT RAISE(ABORT, 'a published statement needs a citation'); END""",
    """CREATE TRIGGER citation_stays BEFORE DELETE ON citations
    WHEN EXISTS (SELECT 1 FROM statements WHERE id = OLD.statement_id AND published)
    AND (SELECT count(*) FROM citations WHERE statement_id = OLD.statement_id) = 1
    BEGIN SELECT RAISE(ABORT, 'the last citation of a published statement stays'); END""",
    """CREATE TRIGGER version_is_immutable BEFORE UPDATE ON article_versions
    BEGIN SELECT RAISE(ABORT, 'article versions are immutable'); END""",
    "CREATE VIRTUAL TABLE search_index USING fts5(terms, tokenize = 'unicode61 remove_diacritics 2')",
)

POSTGRES_TRIGGERS = (
    """CREATE FUNCTION check_statement() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF TG_OP = 'INSERT' AND NEW.published THEN
        RAISE EXCEPTION 'a statement is published only after its citations are stored'; END IF;
    IF NEW.published AND NOT EXISTS (SELECT 1 FROM citations WHERE statement_id = NEW.id) THEN
        RAISE EXCEPTION 'a published statement needs a citation'; END IF;
    RETURN NEW; END $$""",
    """CREATE TRIGGER statement_needs_citation BEFORE INSERT OR UPDATE ON statements
    FOR EACH ROW EXECUTE FUNCTION check_statement()""",
    """CREATE FUNCTION check_citation() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    IF EXISTS (SELECT 1 FROM statements WHERE id = OLD.statement_id AND published)
        AND (SELECT count(*) FROM citations WHERE statement_id = OLD.statement_id) = 1 THEN
        RAISE EXCEPTION 'the last citation of a published statement stays'; END IF;
    RETURN OLD; END $$""",
    "CREATE TRIGGER citation_stays BEFORE DELETE ON citations FOR EACH ROW EXECUTE FUNCTION check_citation()",
    """CREATE FUNCTION refuse_version_update() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
    RAISE EXCEPTION 'article versions are immutable'; END $$""",
    """CREATE TRIGGER version_is_immutable BEFORE UPDATE ON article_versions
    FOR EACH ROW EXECUTE FUNCTION refuse_version_update()""",
    "CREATE TABLE search_index (rowid bigint PRIMARY KEY, terms tsvector NOT NULL)",
    "CREATE INDEX ix_search_index_terms ON search_index USING gin (terms)",
)
