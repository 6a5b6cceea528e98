"""The job queue's own tables (Procrastinate's) in a PostgreSQL schema beside ours: made, named, and looked at."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB

from groundwire.errors import StorageError
from groundwire.storage.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueState:
    """How the queue and those who work on it stand."""

    waiting: Mapping[str, int] = field(default_factory=dict)
    """Jobs that could start now, by task."""
    running: Mapping[str, int] = field(default_factory=dict)
    retrying: int = 0
    """Jobs that failed and are tried again later."""
    workers: tuple[str, ...] = ()
    """Machine and process of each worker that is connected."""
    last_sign_at: datetime | None = None
    """Of any worker, connected or not."""


class Queue:
    """The queue's place in a database.

    Args:
        database: On PostgreSQL.

    Raises:
        StorageError: It is on SQLite.
    """

    def __init__(self, database: Database) -> None:
        if database.is_sqlite:
            raise StorageError(
                "workers share a PostgreSQL database, and this one is SQLite: "
                "set GROUNDWIRE_DATABASE_URL=postgresql+psycopg://…, or use `groundwire run`"
            )
        self._db = database
        with database.read() as connection:
            ours = connection.exec_driver_sql("SELECT current_schema()").scalar_one()
        self.schema = f"{ours}_queue"
        self._application = f"{self.schema}: "  # so workers' connections are named, before machine and process
        names = ("id", "task_name", "status", "attempts", "scheduled_at")
        columns = [sa.column("args", JSONB), *map(sa.column, names)]
        self._jobs = sa.table("procrastinate_jobs", *columns, schema=self.schema)

    def connection_parameters(self, name: str) -> dict[str, str]:
        """What a libpq connection of worker ``name`` is opened with; tables are found in the queue's schema."""
        url = self._db.url
        given = {"host": url.host, "port": url.port, "user": url.username, "password": url.password}
        parameters = {key: str(value) for key, value in given.items() if value is not None}
        parameters |= {key: str(value) for key, value in url.query.items()}
        options = f"{parameters.get('options', '')} -c search_path={self.schema}".strip()
        return parameters | {
            "dbname": url.database or "",
            "options": options,
            "application_name": self._application + name,
        }

    def prepare(self, tables: str) -> None:
        """Make the queue's tables where they are missing or another version's; its jobs follow from what is due.

        Args:
            tables: SQL that makes them.

        Raises:
            StorageError: Workers of another version are at work, or the role may not make schemas.
        """
        try:
            self._prepare(tables)
        except sa.exc.ProgrammingError as error:
            reason = str(error.orig).strip().splitlines()[0]
            raise StorageError(
                f"the queue's schema {self.schema} can't be made: {reason}; as the database's owner run: "
                f"GRANT CREATE ON DATABASE {self._db.url.database} TO {self._db.url.username}"
            ) from error

    def _prepare(self, tables: str) -> None:
        version = hashlib.sha256(tables.encode()).hexdigest()[:16]
        with self._db.write(alone=True) as connection:
            found = sa.text("SELECT obj_description(to_regnamespace(:name), 'pg_namespace')")
            known = connection.execute(found, {"name": self.schema}).scalar_one()
            if known == version:
                return
            if known is not None and (others := self._connected(connection)):
                raise StorageError(f"workers of another version are at work ({', '.join(others)}); stop them first")
            schema = connection.dialect.identifier_preparer.quote_identifier(self.schema)
            before = connection.exec_driver_sql("SHOW search_path").scalar_one()
            connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {schema} CASCADE")
            connection.exec_driver_sql(f"CREATE SCHEMA {schema}")
            connection.exec_driver_sql(f"SET LOCAL search_path TO {schema}")
            connection.exec_driver_sql(tables, execution_options={"no_parameters": True})
            connection.exec_driver_sql(f"SET LOCAL search_path TO {before}")
            connection.exec_driver_sql(f"COMMENT ON SCHEMA {schema} IS '{version}'")

    def state(self) -> QueueState:
        """How it stands; empty where no worker has ever been started."""
        jobs = self._jobs
        workers = sa.table("procrastinate_workers", sa.column("last_heartbeat"), schema=self.schema)
        with self._db.read() as connection:
            there = sa.text("SELECT to_regnamespace(:name) IS NOT NULL")
            if not connection.execute(there, {"name": self.schema}).scalar_one():
                return QueueState()
            status = sa.cast(jobs.c.status, sa.Text)
            later = sa.and_(jobs.c.attempts > 0, jobs.c.scheduled_at > sa.func.now())
            count = sa.select(jobs.c.task_name, status, sa.func.coalesce(later, sa.false()), sa.func.count())
            found = list(
                connection.execute(
                    count.where(status.in_(("todo", "doing"))).group_by(*list(count.selected_columns)[:3])
                )
            )
            return QueueState(
                waiting=_by_task((task, n) for task, state, later, n in found if state == "todo" and not later),
                running=_by_task((task, n) for task, state, _, n in found if state == "doing"),
                retrying=sum(n for _, state, later, n in found if state == "todo" and later),
                workers=self._connected(connection),
                last_sign_at=connection.execute(sa.select(sa.func.max(workers.c.last_heartbeat))).scalar_one(),
            )

    def ahead(self, task: str, job_id: int) -> list[dict[str, Any]]:
        """Arguments of a task's jobs that are under way and were enqueued before one, or are just being taken."""
        jobs = self._jobs
        status = sa.cast(jobs.c.status, sa.Text)
        taken = sa.or_(status == "doing", sa.and_(status == "todo", jobs.c.attempts == 0))
        query = sa.select(jobs.c.args).where(jobs.c.task_name == task, jobs.c.id < job_id, taken)
        with self._db.read() as connection:
            return list(connection.execute(query).scalars())

    def others_alive(self, silence: timedelta) -> bool:
        """Whether a worker has given a sign of life lately."""
        last = self.state().last_sign_at
        with self._db.read() as connection:
            now: datetime = connection.exec_driver_sql("SELECT now()").scalar_one()
        return last is not None and now - last < silence

    def _connected(self, connection: sa.Connection) -> tuple[str, ...]:
        rows = connection.execute(
            sa.text(
                "SELECT DISTINCT application_name FROM pg_stat_activity "
                "WHERE datname = current_database() AND starts_with(application_name, :prefix) ORDER BY 1"
            ),
            {"prefix": self._application},
        )
        return tuple(name.removeprefix(self._application) for name in rows.scalars())


def _by_task(counts: Iterable[tuple[str, int]]) -> dict[str, int]:
    summed: dict[str, int] = {}
    for task, count in counts:
        summed[task] = summed.get(task, 0) + count
    return dict(sorted(summed.items()))
