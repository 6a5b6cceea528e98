"""The workbench in a terminal, through its front door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundwire.cli.economics import app
from groundwire.economics.application import EXAMPLES
from groundwire.errors import GroundwireError

DAY = ("--on", "2026-11-01")


def run(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))


@pytest.mark.parametrize("name", EXAMPLES)
def test_every_example_gives_a_ranked_answer(name: str) -> None:
    result = run("quote", name, *DAY)
    assert result.exit_code == 0, result.output
    assert "earn" in result.output or "costs" in result.output
    assert "assumed" in result.output


def test_programs_get_json() -> None:
    for command in (
        ("quote",),
        ("compare", "--top", "5"),
        ("levers",),
        ("sweep", "--vary", "users", "--values", "1e3,1e4"),
    ):
        result = run(command[0], "coding-agent", *command[1:], *DAY, "--json")
        assert result.exit_code == 0, result.output
        assert json.loads(result.output)


def test_the_batch_of_one_replica_can_be_swept() -> None:
    result = run("sweep", "coding-agent", "--vary", "batch", *DAY)
    assert result.exit_code == 0, result.output
    assert "waits for" in result.output


def test_a_file_of_ones_own_is_read(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text(
        "[workload]\nusers = 500\nrequests_per_user_day = 2\ninput_tokens = [500, 900]\noutput_tokens = 100\n"
        '[serving]\nmodels = ["llama-3.1-8b"]\n'
    )
    assert run("quote", str(path), *DAY).exit_code == 0


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (("quote", "chat-asistant"), "use an example"),
        (("quote", "coding-agent", "--on", "yesterday"), "is not a date"),
        (("sweep", "coding-agent", "--vary", "users", "--values", "a,b"), "numbers separated by commas"),
        (("catalog", "modles"), "did you mean 'models'"),
        (("catalog", "models", "--find", "zzzz"), "no models named like"),
        (("model", "nothing-7"), "not in the catalogue"),
    ],
)
def test_what_goes_wrong_is_one_line(words: tuple[str, ...], message: str) -> None:
    result = run(*words)
    assert isinstance(result.exception, GroundwireError)
    assert message in str(result.exception)
    assert "\n" not in str(result.exception)


def test_the_catalogue_lists_what_is_known_with_its_source() -> None:
    for what in ("models", "accelerators", "grids", "cooling", "precisions"):
        assert run("catalog", what).exit_code == 0
    grids = json.loads(run("catalog", "grids", "--json").output)["grids"]
    assert next(g for g in grids if g["code"] == "FR")["g CO2e/kWh"] == pytest.approx(41.4)


def test_a_models_shape_is_shown_by_name() -> None:
    result = run("model", "llama-3.1-8b", "--json")
    found = json.loads(result.output)
    assert found["parameters"] == pytest.approx(8.03e9, rel=0.01)
    assert found["kv_bytes_per_token"] == 32 * 2 * 8 * 128 * 2


def test_usage_becomes_an_application_file(tmp_path: Path) -> None:
    log = tmp_path / "log.csv"
    log.write_text(
        "request_id,spend,prompt_tokens,completion_tokens,startTime,model,end_user\n"
        "a,0.004,1000,500,2026-10-05 08:00:00,openai/gpt-4.1,anna\n"
        "b,0.002,700,200,2026-10-06 09:00:00,openai/gpt-4.1,ben\n"
    )
    assert "LiteLLM" in run("usage", str(log)).output
    made = tmp_path / "made.toml"
    made.write_text(run("usage", str(log), "--toml").output + '\n[site]\nregion = "FR"\n')
    assert "input_tokens = 850" in made.read_text()


def test_help_carries_examples() -> None:
    for command in ("quote", "compare", "levers", "sweep", "usage", "model", "catalog"):
        assert "Example: groundwire economics" in run(command, "--help").output


def test_a_catalogue_of_ones_own_is_used_by_every_command(tmp_path: Path) -> None:
    own = tmp_path / "own.toml"
    own.write_text(
        '[[price]]\naccelerator = "h100"\nrent."on-demand" = 0.9\nsource = "our contract"\nchecked = "2026-11-01"\n',
        encoding="utf-8",
    )
    listed = run("catalog", "accelerators", "--find", "h100", "--catalog", str(own), "--json")
    assert json.loads(listed.output)["accelerators"][0]["on demand, USD/h"] == 0.9
    compared = run("compare", "coding-agent", *DAY, "--catalog", str(own), "--json")
    sources = {w["way"].get("price_source", "") for w in json.loads(compared.output)["ways"]}
    assert any("our contract" in s for s in sources)


def test_formulas_can_be_looked_up() -> None:
    result = run("catalog", "formulas", "--find", "capital")
    assert "USD/year" in result.output
