"""`groundwire doctor` tells before any run whether the models of the settings can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

pytest.importorskip("openai", reason="the models extra is not installed")

from model_endpoint import Endpoint, Reply, refusal, serving
from typer.testing import CliRunner

from groundwire.cli.main import build

LIST = Reply(body=json.dumps({"data": [{"id": "tiny"}, {"id": "big\x1b[31m"}]}).encode())


def doctor(home: Path, url: str, **environment: str) -> tuple[int, dict[str, tuple[str, str]]]:
    """Exit status, and state and detail of the findings on models."""
    told = {"GROUNDWIRE_MODEL_URL": url, "GROUNDWIRE_MODEL": "tiny", **environment}
    result = CliRunner().invoke(build(), ["--home", str(home), "doctor", "--json"], env=told)
    findings = json.loads(result.stdout)["findings"]
    return result.exit_code, {f["name"]: (f["state"], f["detail"]) for f in findings if "model" in f["name"]}


def test_no_model_is_fine(tmp_path: Path) -> None:
    status, findings = doctor(tmp_path, "", GROUNDWIRE_MODEL="")
    assert (status, findings["model"][0]) == (0, "ok")


def test_a_model_that_is_served_is_found_with_what_bounds_its_run(tmp_path: Path) -> None:
    endpoint = Endpoint(LIST)
    with serving(endpoint) as url:
        status, findings = doctor(tmp_path, url, GROUNDWIRE_MODEL_KEY="secret-1")
    assert status == 0
    assert findings["model"] == ("ok", "tiny is served; no list price: model_budget_tokens alone bounds a run")
    assert endpoint.keys == ["Bearer secret-1"]


def test_a_name_that_is_not_listed_is_told_with_those_that_are(tmp_path: Path) -> None:
    with serving(Endpoint(LIST)) as url:
        status, findings = doctor(tmp_path, url, GROUNDWIRE_MODEL="tinny", GROUNDWIRE_JUDGE_MODEL="tiny")
    assert status == 0
    assert findings["model"] == ("warn", "tinny is not among what its endpoint lists: tiny, big[31m")
    assert findings["judge_model"][0] == "ok"


def test_a_wrong_key_and_a_dead_endpoint_are_broken_with_the_remedy(tmp_path: Path) -> None:
    with serving(Endpoint(refusal(401))) as url:
        status, findings = doctor(tmp_path, url)
    assert (status, findings["model"][0]) == (1, "broken")
    assert "set GROUNDWIRE_MODEL_KEY" in findings["model"][1]
    status, findings = doctor(tmp_path, "http://127.0.0.1:9/v1")
    assert status == 1
    assert "can't be reached; check model_url" in findings["model"][1]


def test_a_judge_whose_own_key_is_refused_names_that_key(tmp_path: Path) -> None:
    with serving(Endpoint(LIST)) as url, serving(Endpoint(refusal(401))) as other:
        _, findings = doctor(tmp_path, url, GROUNDWIRE_JUDGE_MODEL="big", GROUNDWIRE_JUDGE_URL=other)
    assert findings["model"][0] == "ok"
    assert "set GROUNDWIRE_JUDGE_KEY" in findings["judge_model"][1]
