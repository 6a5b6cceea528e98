"""Measurements in, errors out: through the command's front door."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from groundwire.cli.economics import app
from groundwire.errors import EconomicsError

ENERGY = (
    "task,model_id,architecture,total_params_billions,activated_params_billions,weight_precision,gpu_model,num_gpus,"
    "tensor_parallel,expert_parallel,data_parallel,max_num_seqs,avg_batch_size,avg_output_len,"
    "output_throughput_tokens_per_sec,median_itl_ms,avg_power_watts,energy_per_token_joules\n"
)
SERVING = "source,hardware,n_gpus,model,precision,engine,parallelism,isl,osl,concurrency,tok_s_per_gpu,ttft_ms,tpot_ms,row_id\n"


def run(*words: str) -> Result:
    return CliRunner(env={"COLUMNS": "200"}).invoke(app, list(words))


def test_validate_reports_errors_as_fractions_by_metric_and_group(tmp_path: Path) -> None:
    file = tmp_path / "energy.csv"
    file.write_text(
        ENERGY + "lm-arena-chat,made-up/Dense-8B,Dense,8,8,bfloat16,H100,1,1,1,1,16,16,500,1000,15,500,0.5\n"
        "lm-arena-chat,made-up/Mixed-30B-A3B,MoE,30,3,bfloat16,H100,1,1,1,1,16,16,500,1000,15,500,0.5\n"
        "lm-arena-chat,made-up/Dense-8B,Dense,8,8,bfloat16,Abacus 9,1,1,1,1,16,16,500,1000,15,500,0.5\n"
    )
    result = run("validate", str(file), "--json")
    assert result.exit_code == 0, result.output
    found = json.loads(result.output)
    assert set(found["metrics"]) == {"output_tokens_per_s", "inter_token_latency", "power", "energy_per_token"}
    assert found["metrics"]["power"]["n"] == 2
    assert set(found["by"]["model_kind"]) == {"dense", "moe"}
    assert sum(found["skipped"].values()) == 1
    worst = found["worst"][0]
    assert worst["ape"] == pytest.approx(abs(worst["predicted"] / worst["measured"] - 1))


def test_both_formats_are_told_apart_by_their_columns(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text(SERVING + "mine,H200,1,Some-7B,fp8,vllm,TP1,1000,1000,16,900,50,15,r1\n")
    (tmp_path / "b.csv").write_text(
        ENERGY + "gpqa,made-up/Dense-8B,Dense,8,8,bfloat16,B200,1,1,1,1,16,16,500,1000,15,500,0.5\n"
    )
    found = json.loads(run("validate", str(tmp_path), "--json").output)
    assert found["metrics"]["inter_token_latency"]["n"] == 2
    assert found["metrics"]["ttft"]["n"] == 1
    assert set(found["by"]["device"]) == {"h200", "b200"}


def test_a_file_of_another_kind_is_named(tmp_path: Path) -> None:
    file = tmp_path / "other.csv"
    file.write_text("a,b\n1,2\n")
    result = run("validate", str(file))
    assert isinstance(result.exception, EconomicsError)
    assert "columns" in str(result.exception)


def test_a_file_without_rows_is_no_success(tmp_path: Path) -> None:
    file = tmp_path / "empty.csv"
    file.write_text(SERVING)
    result = run("validate", str(file))
    assert isinstance(result.exception, EconomicsError)
    assert "no row" in str(result.exception)
