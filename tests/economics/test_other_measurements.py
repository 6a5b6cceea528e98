"""Files of measurements in other people's spelling: other models, devices, engines, number formats, and cells left empty."""

from __future__ import annotations

import csv
import itertools
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from groundwire.economics.calibration import load_calibration
from groundwire.economics.catalog import load_catalog
from groundwire.economics.measured_cells import count_before, number_in, scheme_of
from groundwire.economics.measured_split import devices_in, split_of
from groundwire.economics.measurements import Measurement, read_measurements
from groundwire.economics.validation import Validation, validate
from groundwire.errors import EconomicsError

CATALOG = load_catalog()
SERVING = (
    "source", "hardware", "n_gpus", "model", "precision", "engine", "parallelism", "isl", "osl", "concurrency",
    "tok_s_per_gpu", "tok_s_per_user", "ttft_ms", "tpot_ms", "power_w_if_any", "row_id",
)  # fmt: skip
ENERGY = (
    "task", "model_id", "architecture", "total_params_billions", "activated_params_billions", "weight_precision", "gpu_model",
    "num_gpus", "tensor_parallel", "expert_parallel", "data_parallel", "max_num_seqs", "avg_batch_size", "avg_output_len",
    "output_throughput_tokens_per_sec", "median_itl_ms", "avg_power_watts", "energy_per_token_joules",
)  # fmt: skip
MODELS = (
    "Qwen/Qwen2.5-7B-Instruct", "Qwen2.5-14B-Instruct-AWQ", "qwen2.5:32b", "Qwen2.5-72B-Instruct-GPTQ-Int4", "QWEN3-30B-A3B",
    "meta-llama/Llama-3.2-1B-Instruct", "llama3.2:3b", "Llama_3.1_8B_Instruct", "RedHatAI/Llama-3.3-70B-Instruct-FP8-dynamic",
    "mistralai/Mistral-Small-24B-Instruct-2501", "mistral", "google/gemma-2-9b-it", "gemma3:27b", "gemma-3n-E4B-it",
    "microsoft/phi-4", "deepseek-ai/DeepSeek-R1-Distill-Qwen-32B", "deepseek-r1:14b", "zai-org/GLM-4.5-Air-FP8", "GLM-4.8-Air",
    "moonshotai/Kimi-K2-Instruct", "MiniMaxAI/MiniMax-M1-80k", "Qwen3-Next-80B-A3B-Instruct", "qwen3-next", "gpt-oss:20b",
    "GPT-OSS-120B", "nvidia/NVIDIA-Nemotron-Nano-9B-v2", "tiiuae/Falcon3-10B-Instruct", "allenai/OLMo-2-1124-7B-Instruct",
    "ibm-granite/granite-3.3-8b-instruct", "granite-3.0-3b-a800m", "01-ai/Yi-34B-Chat", "internlm/internlm2_5-7b-chat",
    "made-up/Unheard-13B-Chat-GGUF", "made-up/Unheard-90B-A9B", "command-r7b", "made-up/nameless",
)  # fmt: skip
DEVICES = (
    "NVIDIA H100 80GB HBM3", "h100-sxm", "8xH200", "MI300X", "GB200 NVL72", "RTX 4090", "A100-SXM4-80GB", "L40S", "B200",
    "Jetson AGX Orin 64GB", "Apple M4 Max", "Snapdragon X Elite", "NVIDIA A100 80GB PCIe", "AMD Instinct MI325X", "Abacus 9",
    "RTX PRO 6000", "Ryzen AI Max+ 395", "Mac Studio (M3 Ultra 512GB)", "TPU v6e", "4x RTX 3090",
)  # fmt: skip
ENGINES = (
    "vllm",
    "vLLM 0.11.2",
    "SGLang v0.5.10",
    "TensorRT-LLM 1.4",
    "llama.cpp b7000",
    "ollama",
    "MLX",
    "LMDeploy 0.9",
    "",
)
PRECISIONS = (
    "",
    "fp8",
    "BF16",
    "FP-8",
    "INT8",
    "awq",
    "Q4_K_M",
    "4-bit",
    "N/A",
    "nvfp4",
    "auto",
    "w4afp8",
    "compressed-tensors",
)
SPLITS = ("", "TP{n}", "tp={n}", "tensor_parallel={n}", "TP{n} PP1", "DEP{n}", "{n}", "GPU")
LENGTHS = ("1024", "1,024", "8k", "", "short", "~500")
LOADS = ("1", "64", "", "max throughput", "concurrency=16", "n/a")


def room(model: str) -> float:
    """Bytes that a model takes in 16 bits, or those of a small one where it is unknown."""
    try:
        return 2.0 * CATALOG.model_or_generic(model).parameters
    except EconomicsError:
        return 2e10


def devices_for(model: str, device: str) -> int:
    """Enough of a device: measurements are of what ran."""
    try:
        memory = CATALOG.accelerator(device).memory
    except EconomicsError:
        memory = 8e10
    return 1 << int(1.3 * room(model) / memory).bit_length()


def written(path: Path, columns: tuple[str, ...], rows: list[dict[str, str]]) -> Path:
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def serving_rows() -> list[dict[str, str]]:
    turns = [itertools.cycle(values) for values in (ENGINES, PRECISIONS, SPLITS, LENGTHS, LOADS)]
    rows = []
    for number, (model, device) in enumerate(itertools.product(MODELS, DEVICES)):
        engine, precision, split, length, load = (next(turn) for turn in turns)
        rows.append(
            {
                "source": "somebody else", "hardware": device, "n_gpus": str(devices_for(model, device)), "model": model,
                "engine": engine, "precision": precision, "parallelism": split.format(n=devices_for(model, device)), "isl": length, "osl": "256",
                "concurrency": load, "tok_s_per_gpu": "120", "tok_s_per_user": "40", "ttft_ms": "" if number % 3 else "210",
                "tpot_ms": "" if number % 7 == 0 else "25", "row_id": f"r{number}",
            }
        )  # fmt: skip
    return rows


def energy_rows() -> list[dict[str, str]]:
    return [
        {
            "task": "lm-arena-chat", "model_id": model, "weight_precision": precision, "gpu_model": device,
            "num_gpus": str(devices_for(model, device)), "max_num_seqs": "32", "avg_batch_size": "" if i % 5 == 0 else "31.5",
            "avg_output_len": "512", "output_throughput_tokens_per_sec": "900", "median_itl_ms": "30",
            "avg_power_watts": "" if i % 4 == 0 else "500", "energy_per_token_joules": "0.6",
            "total_params_billions": "20" if model == "made-up/nameless" else "",
        }
        for i, ((model, device), precision) in enumerate(
            zip(itertools.product(MODELS, DEVICES), itertools.cycle(("bfloat16", "fp8", "", "mxfp4")))
        )
    ]  # fmt: skip


def validated(path: Path) -> Validation:
    return validate(read_measurements(path, CATALOG), load_calibration())


def test_nine_rows_in_ten_of_an_unfamiliar_file_are_predicted(tmp_path: Path) -> None:
    for name, columns, rows in (("s", SERVING, serving_rows()), ("e", ENERGY, energy_rows())):
        found = validated(written(tmp_path / f"{name}.csv", columns, rows))
        assert found.rows == len(rows)
        assert sum(found.skipped.values()) <= 0.1 * found.rows, found.skipped
        assert len({p.row for p in found.points}) == found.rows - sum(found.skipped.values())


def test_what_was_never_measured_is_said_to_rest_on_data_sheets(tmp_path: Path) -> None:
    row = {"source": "x", "hardware": "H200", "n_gpus": "1", "model": "made-up/Unheard-13B", "tok_s_per_gpu": "90"}
    found = validated(written(tmp_path / "one.csv", SERVING, [row]))
    assert {p.tier for p in found.points} == {"data sheets only"}


@pytest.mark.parametrize(
    ("cell", "value"),
    [("1,024", 1024), ("8k", 8192), ("~35 tok/s", 35), ("concurrency=16", 16), ("1e3", 1000), ("12,5", 12), (" 7 ", 7)],
)
def test_numbers_are_read_as_people_write_them(cell: str, value: float) -> None:
    assert number_in(cell) == value


@pytest.mark.parametrize("cell", ["", "n/a", "-3", "inf", "nan", "1e999", "Q4"])
def test_a_cell_without_a_number_is_none(cell: str) -> None:
    assert number_in(cell) != number_in(cell)


@pytest.mark.parametrize(
    ("cell", "model", "engine", "scheme"),
    [("", "a/Some-8B-FP8", "vllm", "fp8"), ("unknown", "Some-72B-GPTQ-Int4", "", "int4"), ("", "some:8b-instruct-q4_K_M", "ollama", "q4_k_m"),
     ("bf16", "Some-8B-FP8", "", "bf16"), ("", "some:8b", "ollama 0.9", "q4_k_m"), ("", "Some-8B", "vllm", ""), ("modelopt", "Some-8B-NVFP4", "", "nvfp4")],
)  # fmt: skip
def test_the_models_name_tells_the_number_format_where_the_cell_does_not(
    cell: str, model: str, engine: str, scheme: str
) -> None:
    assert scheme_of(cell, model, engine, CATALOG.model("llama-3.1-8b")) == scheme


@pytest.mark.parametrize(
    ("text", "tensor", "pipeline", "devices"),
    [("TP8", 8, 1, 8), ("tp=4", 4, 1, 4), ("TP4 PP2", 4, 2, 8), ("tensor_parallel=2", 2, 1, 2), ("tensor parallel size: 2", 2, 1, 2), ("DP8", 1, 1, 8)],
)  # fmt: skip
def test_a_split_is_read_in_any_spelling(text: str, tensor: int, pipeline: int, devices: int) -> None:
    model, device = CATALOG.model("llama-3.1-8b"), CATALOG.accelerator("h100")
    split, apart = split_of(text, 8, model, device, 16.0, "fp8", "vllm")
    assert split is not None
    assert apart is None
    assert (split.tensor, split.pipeline) == (tensor, pipeline)
    assert devices_in(text) == devices


def test_devices_that_the_name_counts_need_no_column(tmp_path: Path) -> None:
    assert [count_before(n) for n in ("8xH200", "8 x H200", "H100 x4", "3090 24GB * 6", "H200", "RTX 4090")] == [
        8,
        8,
        4,
        6,
        1,
        1,
    ]
    row = {"source": "x", "hardware": "8xH200", "model": "Llama-3.1-70B", "tok_s_per_gpu": "90", "concurrency": "8"}
    (found,) = read_measurements(written(tmp_path / "one.csv", SERVING, [row]), CATALOG)
    assert isinstance(found, Measurement)
    assert found.deployment.devices == 8


def test_output_per_user_tells_how_many_are_in_flight(tmp_path: Path) -> None:
    row = {
        "source": "x",
        "hardware": "H200",
        "n_gpus": "2",
        "model": "Some-8B",
        "tok_s_per_gpu": "400",
        "tok_s_per_user": "50",
    }
    (found,) = read_measurements(written(tmp_path / "one.csv", SERVING, [row]), CATALOG)
    assert isinstance(found, Measurement)
    assert found.concurrency == 16


@settings(deadline=None, max_examples=150, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.dictionaries(st.sampled_from(SERVING), st.text(max_size=12) | st.sampled_from([
        "agg tp0 pp0 dp0 moe_tp0 ep0 bs0", "disagg P0x(tp0 dp0 ep0) D0x(tp0 dp0 ep0 bs0)", "..", "1..a", "1e308", "tp0", "mlperf_x", "TP9999",
    ]), max_size=12),
)  # fmt: skip
def test_no_row_does_more_than_be_skipped(tmp_path: Path, cells: dict[str, str]) -> None:
    row = {"hardware": "H200", "model": "Some-8B", "tok_s_per_gpu": "9", "n_gpus": "4"} | cells
    found = validated(written(tmp_path / "hostile.csv", SERVING, [row]))
    assert found.rows >= 1
    assert all(p.predicted > 0 for p in found.points)
