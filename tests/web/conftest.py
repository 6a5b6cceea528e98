"""The site over a small desk of made-up news (``web_desk``)."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient
from web_desk import Desk, fill, make_app, make_client

from groundwire.storage import Store


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    """The desk that tests read."""
    path = tmp_path_factory.mktemp("desk") / "desk.db"
    with Store(f"sqlite:///{path}") as store:
        yield fill(store)


@pytest.fixture(scope="session")
def app(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> FastAPI:
    """The site over it."""
    return make_app(desk, tmp_path_factory.mktemp("home"))


@pytest.fixture
def client(app: FastAPI) -> Iterator[TestClient]:
    """A reader with an English browser."""
    yield from make_client(app)


@pytest.fixture
def own_desk(desk: Desk, tmp_path: Path) -> Iterator[Desk]:
    """A copy of the desk, for tests that change it."""
    pooled = desk.store.database.engine.raw_connection()  # outside of any transaction
    pooled.cursor().execute(f"VACUUM INTO '{tmp_path / 'own.db'}'")
    pooled.close()
    with Store(f"sqlite:///{tmp_path / 'own.db'}") as store:
        copied = Desk(store)
        copied.slugs, copied.articles = dict(desk.slugs), dict(desk.articles)
        yield copied


@pytest.fixture
def own_app(own_desk: Desk, tmp_path: Path) -> FastAPI:
    """The site over the copy."""
    return make_app(own_desk, tmp_path)


@pytest.fixture
def own_client(own_app: FastAPI) -> Iterator[TestClient]:
    """A reader of the copy."""
    yield from make_client(own_app)
