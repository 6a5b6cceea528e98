"""What every test may use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
import sqlalchemy as sa

from groundwire.storage import Store


@pytest.fixture(scope="session")
def data_dir() -> Path:
    """The recorded data set to measure on; skips where it is absent."""
    path = Path(os.environ.get("GROUNDWIRE_DATA", Path(__file__).parents[2] / "shared" / "data"))
    if not path.is_dir():
        pytest.skip(f"recorded data set not found at {path}; set GROUNDWIRE_DATA")
    return path


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.postgres)])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """An empty database: on SQLite always, on PostgreSQL where GROUNDWIRE_TEST_POSTGRES names a server."""
    if request.param == "sqlite":
        yield f"sqlite:///{tmp_path / 'test.db'}"
        return
    url = os.environ.get("GROUNDWIRE_TEST_POSTGRES")
    if not url:
        pytest.skip("no PostgreSQL: set GROUNDWIRE_TEST_POSTGRES to postgresql+psycopg://USER:PASSWORD@HOST/DATABASE")
    name = f"test_{os.getpid()}"
    admin = sa.create_engine(url, isolation_level="AUTOCOMMIT")
    with admin.connect() as connection:
        connection.exec_driver_sql(f"DROP SCHEMA IF EXISTS {name} CASCADE")
        connection.exec_driver_sql(f"CREATE SCHEMA {name}")
    try:
        yield f"{url}?options=-csearch_path%3D{name}"
    finally:
        with admin.connect() as connection:
            connection.exec_driver_sql(f"DROP SCHEMA {name} CASCADE")
        admin.dispose()


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store on that database."""
    with Store(database_url) as opened:
        yield opened
