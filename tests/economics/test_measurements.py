"""Rows of both formats become settings; what can't be told becomes a reason."""

from __future__ import annotations

import math
from pathlib import Path

import pytest

from groundwire.economics.catalog import load_catalog
from groundwire.economics.measurements import Measurement, Skipped, read_measurements
from groundwire.economics.precision import resolve_precision
from groundwire.errors import EconomicsError

COLUMNS = (
    "source,hardware,n_gpus,model,precision,engine,parallelism,isl,osl,concurrency,tok_s_per_gpu,tok_s_per_user,ttft_ms,"
    "tpot_ms,power_w_if_any,basis,date,row_id,quality"
)


def one(tmp_path: Path, **fields: str) -> Measurement | Skipped:
    """The only row of a file, as it is read."""
    names = COLUMNS.split(",")
    base = dict.fromkeys(names, "") | {
        "source": "somebody", "hardware": "H200", "n_gpus": "8", "model": "made-up/Some-70B", "precision": "fp8",
        "engine": "vllm 0.9", "parallelism": "TP8", "isl": "1000", "osl": "500", "concurrency": "32", "tok_s_per_gpu": "100",
        "ttft_ms": "200", "tpot_ms": "20", "row_id": "r",
    }  # fmt: skip
    file = tmp_path / "rows.csv"
    file.write_text(COLUMNS + "\n" + ",".join((base | fields)[n] for n in names) + "\n")
    (found,) = read_measurements(file, load_catalog())
    return found


def row(tmp_path: Path, **fields: str) -> Measurement:
    found = one(tmp_path, **fields)
    assert isinstance(found, Measurement), found
    return found


def test_a_serving_row_keeps_its_figures_in_si_units(tmp_path: Path) -> None:
    found = row(tmp_path)
    assert found.values == {"output_tokens_per_s": 800.0, "inter_token_latency": 0.02, "ttft": 0.2}
    assert (found.input_tokens, found.output_tokens, found.concurrency) == (1000, 500, 32)
    assert found.deployment.split.tensor == 8
    assert found.deployment.model.parameters == pytest.approx(70e9, rel=0.05)


def test_aggregated_and_split_deployments_are_read(tmp_path: Path) -> None:
    shared = row(tmp_path, parallelism="agg tp4 pp2 dp1 moe_tp1 ep1 bs32")
    assert (shared.deployment.split.tensor, shared.deployment.split.pipeline) == (4, 2)
    apart = row(tmp_path, parallelism="disagg P2x(tp2 dp1 ep1) D1x(tp4 dp1 ep1 bs64)")
    assert apart.deployment.disaggregation is not None
    assert apart.deployment.disaggregation.prefill_devices == 4
    assert apart.replicas_stated
    assert not row(tmp_path, n_gpus="16", parallelism="disagg Px(tp8 dp1 ep1) Dx(tp8 dp1 ep1 bs)").replicas_stated


def test_a_batch_per_device_says_how_many_devices_there_were(tmp_path: Path) -> None:
    found = row(tmp_path, n_gpus="2", parallelism="agg tp2 pp1 dp1 moe_tp1 ep1 bs4", concurrency="64")
    assert (found.deployment.devices, found.deployment.replicas) == (16, 8)
    assert found.values["output_tokens_per_s"] == 200.0  # worked out over the two that the row counts
    assert row(tmp_path, parallelism="agg tp4 pp2 dp1 moe_tp1 ep1 bs32").deployment.devices == 8


def test_offline_runs_have_no_number_in_flight(tmp_path: Path) -> None:
    found = row(tmp_path, concurrency="max throughput (all queued)", ttft_ms="", tpot_ms="")
    assert found.mode == "offline"
    assert math.isnan(found.concurrency)


def test_a_computer_around_the_device_is_told_from_its_name(tmp_path: Path) -> None:
    board = row(tmp_path, model="made-up/Some-7B", hardware="Pi CM5 - 16GB (Nvidia RTX 4090)", n_gpus="1", parallelism="GPU", engine="ollama/llama.cpp",
                precision="Q4", concurrency="1")  # fmt: skip
    assert board.deployment.accelerator.name == "rtx-4090"
    assert board.deployment.host == "board"


def test_what_can_not_be_told_is_a_reason_without_the_rows_own_names(tmp_path: Path) -> None:
    found = one(tmp_path, hardware="Abacus 9")
    assert isinstance(found, Skipped)
    assert "Abacus" not in found.reason
    unsized = one(tmp_path, model="nobody/nameless")
    assert isinstance(unsized, Skipped)


def test_a_row_whose_devices_can_not_hold_its_model_is_left_out(tmp_path: Path) -> None:
    found = one(tmp_path, n_gpus="1", parallelism="TP1", precision="bf16", model="made-up/Huge-400B")
    assert isinstance(found, Skipped)
    assert "hold" in found.reason


def test_a_beam_search_counts_one_of_its_sequences(tmp_path: Path) -> None:
    found = row(tmp_path, source="mlperf_inference_v9", model="gptj-99", parallelism="closed/datacenter/Offline nodes=1 X",
                concurrency="max offline", isl="", osl="", tpot_ms="", ttft_ms="")  # fmt: skip
    assert found.beams == 4
    assert found.input_tokens == pytest.approx(780 / 4)


@pytest.mark.parametrize(
    ("label", "device"),
    [("MacBook Pro M4 Max 40-core 128GB", "m4-max"), ("NVIDIA H100-PCIe-80GB", "h100-pcie"), ("8x NVIDIA H200 141GB", "h200"),
     ("Snapdragon 8 Elite QRD", "snapdragon-8-elite"), ("M3 Pro 18-Core GPU", "m3-pro"), ("3090 24GB * 4", "rtx-3090")],
)  # fmt: skip
def test_devices_are_known_by_the_names_in_use(label: str, device: str) -> None:
    assert load_catalog().accelerator(label).name == device


@pytest.mark.parametrize(
    ("label", "parameters", "active"),
    [("made-up/Foo-13B-Instruct-AWQ", 13e9, 13e9), ("made-up/Bar-30B-A3B-FP8", 30e9, 3e9), ("made-up/Baz-8x7B", 47e9, 12.6e9)],
)  # fmt: skip
def test_an_unknown_model_takes_its_shape_from_the_size_in_its_name(
    label: str, parameters: float, active: float
) -> None:
    found = load_catalog().model_or_generic(label)
    assert found.approximate
    assert found.parameters == pytest.approx(parameters, rel=0.05)
    assert found.active_parameters == pytest.approx(active, rel=0.15)


@pytest.mark.parametrize(
    ("label", "scheme"),
    [("fp8_e4m3", "fp8"), ("fp8-dynamic", "fp8"), ("nvfp4-w4a4", "nvfp4"), ("GPTQ-Int4", "int4"), ("bnb-4bit", "int4"),
     ("Q4_K - Medium", "q4_k_m"), ("UD-Q4_K_XL", "q4_k_m"), ("IQ2_XXS", "q2_k"), ("BF16/FP16", "bf16"), ("W8A8", "int8")],
)  # fmt: skip
def test_number_formats_are_known_by_the_names_in_use(label: str, scheme: str) -> None:
    assert resolve_precision(label).name == scheme


def test_a_number_format_that_does_not_exist_is_refused() -> None:
    with pytest.raises(EconomicsError, match="precision"):
        resolve_precision("int7")
