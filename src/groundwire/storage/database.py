"""Opening a database: SQLite (WAL) embedded, PostgreSQL to scale; brought to the current schema on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path
from typing import Any

import sqlalchemy as sa
from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory

from groundwire.errors import StorageError

try:
    from pysqlite3 import dbapi2 as sqlite  # type: ignore[import-untyped]  # it ships no stubs
except ImportError:  # no wheel for this platform: the interpreter's own, checked below
    import sqlite3 as sqlite

SAFE_SQLITE = (3, 51, 3)
"""First release without the WAL-reset race of 3.7.0 to 3.51.2 (sqlite.org/wal.html)."""


class Database:
    """One database: ``read()`` for a consistent view, ``write()`` for a transaction that commits or leaves no trace."""

    def __init__(self, url: str) -> None:
        self.url = sa.make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine = _sqlite_engine(self.url) if self.is_sqlite else sa.create_engine(self.url, pool_pre_ping=True)
        _migrate(self.engine)
        self._writing: ContextVar[sa.Connection | None] = ContextVar(f"writing-{id(self)}", default=None)

    @contextmanager
    def read(self) -> Iterator[sa.Connection]:
        """A connection whose reads see one state."""
        with _in_words(self.url), self.engine.connect() as connection:
            yield connection

    @contextmanager
    def write(self, *, alone: bool = False) -> Iterator[sa.Connection]:
        """A transaction: committed at the end of the block, rolled back if it raises.

        A write within a write of the same thread or task is part of it.

        Args:
            alone: Of the transactions that ask for it one at a time, on all machines; on SQLite every write is.
        """
        if (outer := self._writing.get()) is not None:
            if alone:
                self._take_turn(outer)
            yield outer
            return
        with (
            _in_words(self.url),
            self.engine.connect().execution_options(groundwire_write=True) as connection,
            connection.begin(),
        ):
            if alone:
                self._take_turn(connection)
            token = self._writing.set(connection)
            try:
                yield connection
            finally:
                self._writing.reset(token)

    def _take_turn(self, connection: sa.Connection) -> None:
        if not self.is_sqlite:  # until the transaction's end; taking it twice is fine
            connection.exec_driver_sql("SELECT pg_advisory_xact_lock(hashtext('groundwire ' || current_schema()))")

    @property
    def server(self) -> tuple[str, bool]:
        """The database engine's version, and whether it is free of known ways to lose data."""
        if self.is_sqlite:
            return f"SQLite {sqlite.sqlite_version}", sqlite.sqlite_version_info >= SAFE_SQLITE
        with self.read() as connection:
            return f"PostgreSQL {connection.exec_driver_sql('SHOW server_version').scalar_one()}", True

    def damage(self) -> str | None:
        """What SQLite's quick check finds wrong; None if nothing, or on PostgreSQL."""
        if not self.is_sqlite:
            return None
        with self.read() as connection:
            found = connection.exec_driver_sql("PRAGMA quick_check(1)").scalar_one()
        return None if found == "ok" else f"{found}; restore a backup"

    def close(self) -> None:
        """Give back all connections."""
        self.engine.dispose()


def insert_all(connection: sa.Connection, table: sa.Table, rows: Sequence[Mapping[str, Any]]) -> list[int]:
    """Insert rows into a table with an ``id``; return their ids in the same order."""
    if not rows:
        return []
    returning = table.insert().returning(table.c.id, sort_by_parameter_order=True)
    return list(connection.execute(returning, rows).scalars())


def insert(connection: sa.Connection, statement: sa.Insert) -> int:
    """Insert one row; return its id."""
    key = connection.execute(statement).inserted_primary_key
    if key is None:
        raise StorageError(f"no id came back from {statement.table}")
    return int(key[0])


@contextmanager
def _in_words(url: sa.URL) -> Iterator[None]:
    try:
        yield
    except sa.exc.OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        remedy = {
            "database or disk is full": "free some space and run again; nothing stored is lost",
            "database is locked": "another process is writing; try again when it has finished",
            "attempt to write a readonly database": "make the file and its folder writable",
            "database disk image is malformed": "the file is damaged: restore a backup",
        }.get(reason, "check the database and try again")
        raise StorageError(f"database {url.render_as_string(hide_password=True)}: {reason}; {remedy}") from error


def _sqlite_engine(url: sa.URL) -> sa.Engine:
    if sqlite.sqlite_version_info < (3, 37):
        raise StorageError(f"SQLite {sqlite.sqlite_version} is too old; install the pysqlite3 package")
    if url.database and url.database != ":memory:":
        Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    memory = url.database in (None, "", ":memory:")
    engine = sa.create_engine(
        url,
        module=sqlite,
        connect_args={"check_same_thread": False, "timeout": 5.0},
        poolclass=sa.pool.StaticPool if memory else sa.pool.QueuePool,
    )

    @sa.event.listens_for(engine, "connect")
    def _configure(connection: Any, _: object) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves, below
        for pragma in (
            "journal_mode = WAL",
            "synchronous = FULL",
            "foreign_keys = ON",
            "busy_timeout = 5000",
            "cache_size = -65536",
        ):
            connection.execute(f"PRAGMA {pragma}")

    @sa.event.listens_for(engine, "begin")
    def _begin(connection: sa.Connection) -> None:
        # IMMEDIATE: a writer that waits for its turn at the start never fails half-way with "database is locked"
        writes = connection.get_execution_options().get("groundwire_write")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")

    return engine


def _migrate(engine: sa.Engine) -> None:
    config = Config()
    config.set_main_option("script_location", str(Path(__file__).parent / "migrations"))
    script = ScriptDirectory.from_config(config)
    with engine.connect() as connection:
        current = MigrationContext.configure(connection).get_current_revision()
    if current == script.get_current_head():
        return
    if current is not None and current not in {revision.revision for revision in script.walk_revisions()}:
        raise StorageError(
            f"database {engine.url.render_as_string()}: schema {current} is from a newer Groundwire; upgrade"
        )
    with engine.connect().execution_options(groundwire_write=True) as connection, connection.begin():
        config.attributes["connection"] = connection
        command.upgrade(config, "head")
