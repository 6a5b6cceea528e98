"""`groundwire forecasts` and `groundwire weekly`, through the front door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from forecast_samples import SAID, article, entries
from typer.testing import CliRunner, Result

from groundwire.cli.main import build
from groundwire.errors import GroundwireError, NotFound
from groundwire.storage import Store
from groundwire.types import Extracted, Source

TEXT = "Pellworth will likely open in May 2027. Rents could fall by June 2027, Pellworth said."


@pytest.fixture
def home(tmp_path: Path) -> Path:
    source = article(TEXT)
    told = Extracted(
        title=source.title, body=TEXT, author=None, published_at=SAID, published_evidence="feed", language="en",
        canonical_url=None,
    )  # fmt: skip
    with Store(f"sqlite:///{tmp_path / 'groundwire.db'}") as store:
        feed = store.sources.add(Source(id=0, url="https://f.example/feed", title="Ferrule Courier"), SAID)
        with store.database.write() as connection:
            store.articles.save(connection, feed.id, source.url, told, SAID)
        store.forecasts.register(entries(TEXT))
    return tmp_path


def run(home: Path, *arguments: str) -> Result:
    return CliRunner().invoke(build(), ["--home", str(home), *arguments])


def test_the_ledger_is_listed_decided_and_scored(home: Path) -> None:
    assert "not resolvable: possibility" in run(home, "forecasts", "list").output
    number = json.loads(run(home, "forecasts", "list", "--json").output)["forecasts"][0]["id"]
    assert run(home, "forecasts", "resolve", str(number), "true", "--note", "seen").exit_code == 0
    found = json.loads(run(home, "forecasts", "list", "--state", "resolved", "--json").output)
    assert [f["outcome"]["verdict"] for f in found["forecasts"]] == ["true"]
    assert found["total"]["brier"] == pytest.approx((0.675 - 1) ** 2)  # "likely": 55 to 80 %


def test_mistakes_are_told_in_words(home: Path) -> None:
    for error, arguments in (
        (NotFound, ("forecasts", "resolve", "99", "true")),
        (NotFound, ("weekly", "--week", "2026-W99")),
        (GroundwireError, ("weekly", "--role", "astronauts")),
        (GroundwireError, ("weekly", "--week", "2020-W01")),
    ):
        found = run(home, *arguments)
        assert isinstance(found.exception, error), arguments
        assert "\n" not in str(found.exception)
