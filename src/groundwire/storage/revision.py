"""A token that changes whenever anything is committed: what caches of pages hang on."""

from __future__ import annotations

from threading import Lock

from groundwire.storage.database import Database


class Revision:
    """Called, it tells the database's present state apart from every earlier one; about 20 µs on SQLite."""

    def __init__(self, database: Database) -> None:
        self._lock = Lock()
        self._connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
        # data_version: commits by other connections, of any process; total_changes: our own, where a database in
        # memory has only one connection. PostgreSQL: the snapshot moves with every transaction that writes.
        self._query = (
            "SELECT total_changes(), data_version FROM pragma_data_version"
            if database.is_sqlite
            else "SELECT pg_current_snapshot()::text"
        )

    def __call__(self) -> str:
        """The token."""
        with self._lock:
            row = self._connection.exec_driver_sql(self._query).one()
            self._connection.rollback()
        return "-".join(map(str, row))

    def close(self) -> None:
        """Give back the connection."""
        self._connection.close()
