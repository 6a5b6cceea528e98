"""`groundwire withheld` shows what was kept off the pages, and why, and nothing that a terminal would obey."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the models extra is not installed")

from model_endpoint import Endpoint, Reply, completion, schema_of, serving
from test_endpoint_rounds import Desk
from typer.testing import CliRunner, Result

from groundwire.cli.main import build
from groundwire.errors import NotFound
from groundwire.llm.scripted import code_of

LIE = "Kestwick cut prices by \x1b[31m99 percent on Monday."


def lying(request: dict[str, Any]) -> Reply:
    said = {"hook": LIE, "takeaways": "Kestwick cut prices by 99 percent on Monday."}
    proposed = [{"section": section, "evidence": [1], "text": text} for section, text in said.items()]
    return completion(json.dumps({"code": code_of(schema_of(request)), "statements": proposed}))


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    desk = Desk(tmp_path_factory.mktemp("withheld"))
    with serving(Endpoint(lying)) as url:
        desk.round(url, model_languages="en")
    desk.store.close()
    yield desk.home


def withheld(home: Path, *arguments: str) -> Result:
    told = {"GROUNDWIRE_DATABASE_URL": f"sqlite:///{home / 'desk.db'}"}
    return CliRunner().invoke(build(), ["--home", str(home), "withheld", *arguments], env=told)


def test_each_withheld_statement_stands_with_all_that_speaks_against_it(home: Path) -> None:
    found = json.loads(withheld(home, "--json").stdout)
    assert found["count"] == len(found["withheld"]) > 0
    assert all(row["reasons"] and row["event"] for row in found["withheld"])
    assert any("99 percent" in reason for row in found["withheld"] for reason in row["reasons"])
    printed = withheld(home).stdout
    assert "99 percent" in printed
    assert "\x1b[31m" not in printed
    assert f"{found['count']} withheld, by the first reason:" in printed


def test_one_event_is_chosen_by_slug_or_number_and_an_unknown_one_is_named(home: Path) -> None:
    every = json.loads(withheld(home, "--json").stdout)["withheld"]
    slug = every[0]["event"]
    of_one = json.loads(withheld(home, slug, "--json").stdout)["withheld"]
    assert of_one == [row for row in every if row["event"] == slug]
    assert len(json.loads(withheld(home, "--limit", "1", "--json").stdout)["withheld"]) == 1
    unknown = withheld(home, "no-such-event").exception
    assert isinstance(unknown, NotFound)
    assert "no-such-event" in str(unknown)


def test_a_desk_without_a_model_has_nothing_withheld(tmp_path: Path) -> None:
    assert "nothing is withheld" in CliRunner().invoke(build(), ["--home", str(tmp_path), "withheld"]).stdout
