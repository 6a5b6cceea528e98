"""The site over a small desk of made-up news (``web_desk``)."""

from __future__ import annotations

import shutil
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
import uvicorn
from fastapi import FastAPI
from selenium import webdriver
from starlette.testclient import TestClient
from web_desk import Desk, fill, make_app, make_client

from groundwire.storage import Store

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser")
DRIVER = shutil.which("chromedriver")


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


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[webdriver.Chrome]:
    """A real one, without a window."""
    if not CHROMIUM or not DRIVER:
        pytest.skip("no chromium and chromedriver on this machine (Debian: apt install chromium chromium-driver)")
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for argument in (
        "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
        "--disable-background-networking", "--disable-component-update", "--disable-sync", "--lang=en",
        f"--user-data-dir={tmp_path_factory.mktemp('profile')}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    made = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    made.set_page_load_timeout(30)
    yield made
    made.quit()


@pytest.fixture(scope="module")
def base(desk: Desk, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The site's address on a free port."""
    listener = socket.create_server(("127.0.0.1", 0))
    app = make_app(desk, tmp_path_factory.mktemp("browser"))
    server = uvicorn.Server(uvicorn.Config(app, log_level="critical"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    yield f"http://127.0.0.1:{listener.getsockname()[1]}"
    server.should_exit = True
    thread.join(10)
