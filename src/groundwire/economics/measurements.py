"""Reading published measurements in two CSV formats, told apart by their columns: what was run, and what came out.

A row becomes a ``Measurement``: a deployment and a load in this package's terms, and the measured figures. A row that can't
be told (unknown device, no lengths) becomes a reason, counted by the caller. Rows keep the publisher's labels, whose
meaning differs by source; what is assumed for each is written beside the code that assumes it.
"""

from __future__ import annotations

import csv
import io
import math
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.catalog import Catalog
from groundwire.economics.measured_cells import count_before, number, number_in, scheme_of
from groundwire.economics.measured_split import devices_by_batch, devices_in, split_of
from groundwire.economics.performance.deployment import Deployment, Host, Parallelism
from groundwire.economics.performance.terms import terms_of
from groundwire.economics.spelling import tight, words
from groundwire.errors import EconomicsError

__all__ = ["Measurement", "Mode", "Skipped", "read_measurements"]

Mode = Literal["closed", "offline", "limit"]
MAX_BYTES = 200_000_000

METRICS = ("output_tokens_per_s", "inter_token_latency", "ttft", "power", "energy_per_token", "wall_power")


@dataclass(frozen=True, slots=True, kw_only=True)
class Measurement:
    """One measured setting."""

    deployment: Deployment
    input_tokens: float
    output_tokens: float
    concurrency: float
    """Requests in flight; for "offline" and "limit" not known (NaN)."""
    mode: Mode
    """"closed": a fixed number in flight; "offline": all queued at once; "limit": as many as a latency limit allows."""
    cached_tokens: float = 0.0
    """Of the input, what is not computed anew. [token]"""
    beams: float = 1.0
    """Sequences decoded per answer (beam search); the measured output counts one of them. [1]"""
    limit_tpot: float = math.inf
    """Limit on time per output token, for "limit". [s]"""
    values: Mapping[str, float]
    """Measured figures by metric (``METRICS``). [token/s for all devices, s, s, W, J/token, W]"""
    model: str
    """As the row names it."""
    device: str
    source: str
    row: str
    median: bool = False
    """Whether the inter-token latency is a median over all tokens, rather than a mean per request."""
    speculation: Literal["off", "unstated"] = "off"
    """"unstated": of a model that can guess tokens ahead, from a source that does not say whether it did."""
    replicas_stated: bool = True
    """Whether the row says how many replicas decode and how many process prompts."""
    counted_output: float | None = None
    """Answer length by which the source worked out throughput, where that is not ``output_tokens``. [token]"""
    precision: str = ""
    """As the row names it."""


@dataclass(frozen=True, slots=True)
class Skipped:
    """A row that can't be turned into a measurement."""

    row: str
    reason: str


Parse = Callable[[Mapping[str, str], str, Catalog], Measurement]


def read_measurements(path: str | Path, catalog: Catalog) -> Iterator[Measurement | Skipped]:
    """All rows of a CSV file, or of every CSV file in a folder.

    Raises:
        EconomicsError: not readable, empty, or no known format; says which columns are missing.
    """
    path = Path(path)
    files = sorted(path.glob("*.csv")) if path.is_dir() else [path]
    if not files:
        raise EconomicsError(str(path), "holds no CSV file")
    empty = True
    for file in files:
        try:
            raw = file.read_bytes()
        except OSError as error:
            raise EconomicsError(str(file), f"can't be read ({error.strerror})") from error
        if len(raw) > MAX_BYTES:
            raise EconomicsError(str(file), f"is larger than {MAX_BYTES} bytes")
        rows = csv.DictReader(io.StringIO(raw.decode("utf-8", "replace").lstrip("﻿")))
        try:
            for row in _each(rows, _format(rows.fieldnames or (), str(file)), catalog):
                empty = False
                yield row
        except csv.Error as error:
            raise EconomicsError(str(file), f"is not valid CSV ({error})") from error
    if empty:
        raise EconomicsError(str(path), "has no row below its header")


def _format(fieldnames: Iterable[str], file: str) -> Parse:
    columns = set(fieldnames)
    if {"model_id", "gpu_model", "avg_batch_size", "median_itl_ms"} <= columns:
        return _ml_energy
    if {"hardware", "model", "tok_s_per_gpu", "parallelism"} <= columns:
        return _throughput
    raise EconomicsError(
        file, "has neither the columns hardware, model, tok_s_per_gpu, parallelism nor model_id, gpu_model, "
        "avg_batch_size, median_itl_ms",
    )  # fmt: skip


def _each(rows: Iterable[dict[str, str]], parse: Parse, catalog: Catalog) -> Iterator[Measurement | Skipped]:
    for line, row in enumerate(rows, start=2):
        name = row.get("row_id") or f"line {line}"
        try:
            clean = {k: (v or "").strip() for k, v in row.items() if isinstance(k, str) and not isinstance(v, list)}
            found = parse(clean, name, catalog)
            _check_memory(found.deployment)
            yield found
        except EconomicsError as error:
            yield Skipped(name, f"{error.field.split(':')[-1].strip()}: {_short(error.reason)}")


def _check_memory(deployment: Deployment) -> None:
    """Refuse a row whose devices can't hold the model: it leaves out devices or offloading."""
    t = terms_of(deployment)
    if float(t.resident_bytes) > 1.05 * deployment.accelerator.memory:
        raise EconomicsError("devices", "those that are stated can't hold the model")


def _short(reason: str) -> str:
    """A reason without the row's own names, so that reasons can be counted."""
    return re.sub(r"'[^']*'", "name", reason).split(";")[0][:80]


# --- ML.ENERGY: steady-state serving with vLLM, one row a setting -------------------------------------------------

# Prompt lengths are the task's. LM-Arena prompts and GPQA questions with their options are short; code in-filling gives
# the model the file around the gap (ML.ENERGY benchmark, arXiv:2505.06371, read 2026-11-22).
_TASK_INPUT = {"chat": 150.0, "gpqa": 260.0, "fim": 1500.0}


def _ml_energy(row: Mapping[str, str], name: str, catalog: Catalog) -> Measurement:
    model_id = row["model_id"]
    total = number(row, "total_params_billions", default=0.0) * 1e9 or None
    active = number(row, "activated_params_billions", default=0.0) * 1e9 or None
    model = catalog.model_or_generic(model_id, parameters=total, active=active)
    device = catalog.accelerator(row["gpu_model"])
    tensor = int(number(row, "tensor_parallel", default=1))
    data = int(number(row, "data_parallel", default=1))
    expert = int(number(row, "expert_parallel", default=1))
    # the file gives expert parallelism in place of tensor: vLLM then still splits attention over the same devices
    group = max(tensor, expert, 1)
    devices = int(number(row, "num_gpus", default=0)) or group
    group = min(group, devices)
    stated = any(row.get(f"{kind}_parallel") for kind in ("tensor", "expert", "data"))
    split = Parallelism(tensor=group, data_attention=data > 1, expert=expert > 1) if stated else None
    precision = scheme_of(row.get("weight_precision", ""), model_id, "vllm", model)
    deployment = Deployment(
        model=model, accelerator=device, devices=devices, precision=precision, parallelism=split, engine="vllm", campaign="ml.energy",
        kv_bits=16.0, max_sequences=int(number(row, "max_num_seqs", default=256)) or None,
    )  # fmt: skip
    task = row.get("task", "")
    length = next((v for k, v in _TASK_INPUT.items() if k in task), 200.0)
    values = {
        "output_tokens_per_s": number(row, "output_throughput_tokens_per_sec", default=0.0),
        "inter_token_latency": number(row, "median_itl_ms", default=0.0) / 1e3,
        "power": number(row, "avg_power_watts", default=0.0),
        "energy_per_token": number(row, "energy_per_token_joules", default=0.0),
    }
    return Measurement(
        deployment=deployment,
        input_tokens=length,
        output_tokens=number(row, "avg_output_len"),
        concurrency=number(row, "avg_batch_size", default=0.0) or number(row, "max_num_seqs"),
        mode="closed",
        values={k: v for k, v in values.items() if v > 0},
        model=model_id,
        device=row["gpu_model"],
        source="ml.energy",
        row=name,
        median=True,
        precision=precision,
    )


# --- the collection of throughput measurements: seven and more sources --------------------------------------------


def _throughput(row: Mapping[str, str], name: str, catalog: Catalog) -> Measurement:
    source = row.get("source", "")
    device = catalog.accelerator(row["hardware"])
    if source.lower().startswith("mlperf"):
        return _mlperf(row, name, catalog, device)
    model = catalog.model_or_generic(row["model"])
    engine = row.get("engine", "")
    text = row.get("parallelism", "")
    devices = int(number(row, "n_gpus", default=0)) or max(count_before(row["hardware"]), devices_in(text))
    node = re.search(r"(\d+)x\b", row["hardware"]) if "luster" in row["hardware"] else None
    if node:  # "Cluster (10x 16GB)"
        devices = max(devices, int(node[1]))
    concurrency, mode = _concurrency(row)
    stated = devices
    devices = max(devices, devices_by_batch(text, concurrency))
    precision = scheme_of(row.get("precision", ""), row["model"], engine, model)
    split, disaggregated = split_of(text, devices, model, device, concurrency, precision, engine)
    kind = device.kind
    inputs, outputs = _lengths(row, source)
    deployment = Deployment(
        model=model, accelerator=device, devices=devices, precision=precision, parallelism=split, engine=engine or "vllm", campaign=words(source),
        host=_host(row["hardware"], kind), disaggregation=disaggregated,
    )  # fmt: skip
    per_device = number(row, "tok_s_per_gpu", default=0.0)
    tpot, ttft = number(row, "tpot_ms", default=0.0) / 1e3, row.get("ttft_ms", "")
    values = {"output_tokens_per_s": per_device * stated, "inter_token_latency": tpot}
    if ".." in ttft:  # Qualcomm gives the time of one chunk of the prompt and of a full context
        low, _, high = ttft.partition("..")
        first, last = number_in(low), number_in(high)
        if first > 0:
            inputs = inputs * first / last if last > first else inputs
            values["ttft"] = first / 1e3
    elif ttft:
        values["ttft"] = number(row, "ttft_ms", default=0.0) / 1e3
    values["wall_power"] = number(row, "power_w_if_any", default=0.0)
    return Measurement(
        deployment=deployment, input_tokens=inputs, output_tokens=outputs, concurrency=concurrency, mode=mode,
        values={k: v for k, v in values.items() if v > 0}, model=row["model"], device=row["hardware"], source=source, row=name,
        speculation="unstated" if model.prediction_layers and _DATED.match(name) else "off",
        replicas_stated="Px(" not in text,
        counted_output=outputs / 0.9 if source.startswith("aiconfigurator") else None,
        precision=precision,
    )  # fmt: skip


# One collection of serving samples (its rows are named by date) mixes runs with and without multi-token prediction and does
# not say which; the others (named by configuration) have it off.
_DATED = re.compile(r"\d{4}_\d\d_\d\d_")


def _concurrency(row: Mapping[str, str]) -> tuple[float, Mode]:
    text = row.get("concurrency", "").lower()
    if "sla" in text:
        return math.nan, "limit"
    if "max" in text or "queue" in text or "offline" in text:
        return math.nan, "offline"
    stated = number_in(text)
    if stated > 0:
        return stated, "closed"
    # how many users share the output says how many there are
    whole, user = (
        number(row, "tok_s_per_gpu", default=0.0) * number(row, "n_gpus", default=1.0),
        number(row, "tok_s_per_user", default=0.0),
    )
    return (max(whole / user, 1.0) if user > 0 else 1.0), "closed"


def _lengths(row: Mapping[str, str], source: str) -> tuple[float, float]:
    text = row.get("isl", "")
    stated = number_in(text)
    # "short": a one-line prompt and an answer of some hundred tokens (how people try out a desktop)
    inputs = stated if math.isfinite(stated) else 30.0
    outputs = number(row, "osl", default=0.0) or (64.0 if "ctx" in text else 400.0)
    if source.startswith("aiconfigurator") and inputs > 0:
        # the serving benchmark behind these rows draws lengths evenly between 0.8 and 1.0 of the nominal ones
        # (InferenceX, random-range-ratio 0.8, read 2026-11-22)
        return 0.9 * inputs, 0.9 * outputs
    return inputs, outputs


def _host(hardware: str, kind: str) -> Host:
    """The machine around the device: single-board and RISC-V computers feed a graphics card slowly."""
    if kind in ("datacenter gpu", "datacenter asic"):
        return "server"
    outer = words(re.sub(r"\(.*?\)", " ", hardware))
    boards = ("pi", "cm5", "cm4", "ms r1", "orion", "premier p550", "rock", "orange", "roma", "jetson")
    return "board" if "(" in hardware and any(f" {b} " in f" {outer} " for b in boards) else "desktop"


# --- MLPerf Inference ---------------------------------------------------------------------------------------------

# Mean prompt and answer lengths of each benchmark's data set, and the limits of its scenarios on time per output token
# (server, interactive), from the rules and the reference implementations' READMEs (mlcommons/inference, 2026-11-22).
_MLPERF: Mapping[str, tuple[float, float, float, float]] = {
    "llama2-70b": (290.0, 294.0, 0.200, 0.040),
    "llama3.1-8b": (778.0, 128.0, 0.100, 0.030),
    "llama3.1-405b": (9428.0, 684.0, 0.175, 0.080),
    "mixtral-8x7b": (200.0, 145.0, 0.200, 0.200),
    "gptj": (780.0, 69.0, 0.200, 0.200),
    "deepseek-r1": (800.0, 3880.0, 0.080, 0.015),
    "gpt-oss-120b": (1000.0, 1300.0, 0.080, 0.020),
}


def _mlperf(row: Mapping[str, str], name: str, catalog: Catalog, device: Accelerator) -> Measurement:
    label = row["model"].rsplit("/", 1)[-1]
    facts = next((v for k, v in _MLPERF.items() if tight(label).startswith(tight(k))), None)
    if facts is None:
        raise EconomicsError("model", "is an MLPerf benchmark whose lengths are not known")
    model = catalog.model_or_generic(re.sub(r"-(99(\.9)?|edge)$", "", label))
    scenario = row.get("parallelism", "")
    if "Interactive" in scenario:
        mode: Mode = "limit"
        limit = facts[3]
    elif "Server" in scenario:
        mode, limit = "limit", facts[2]
    else:
        mode, limit = "offline", math.inf
    devices = int(number(row, "n_gpus", default=0))
    precision = row.get("precision", "").lower()
    # "fp16" and "UNSET" name what was handed in, before quantisation: where the hardware has FP8, submissions run on it
    if precision in ("fp16", "unset", "") and "fp8" in device.peaks:
        precision = "fp8"
    if precision == "fp32" and "int8" in device.peaks and device.kind == "cpu":
        precision = "int8" if "8b" in label or "gptj" in label else "fp32"
    count = max(devices, 1)  # CPU systems count no accelerators: the board is one device
    deployment = Deployment(
        model=model, accelerator=device, devices=count, precision=precision, engine=f"mlperf {row.get('engine', '')}",
        campaign=words(row["source"]),
    )  # fmt: skip
    if model.mixture and deployment.split.tensor > 1:
        shared = Parallelism(tensor=deployment.split.tensor, data_attention=True, expert=True)
        deployment = replace(deployment, parallelism=shared)
    # one stream at a time
    concurrency = 1.0 if "SingleStream" in scenario else math.nan
    beams = 4.0 if label.startswith("gptj") else 1.0  # this benchmark alone decodes by beam search, four wide
    values = {
        "output_tokens_per_s": number(row, "tok_s_per_gpu", default=0.0) * count,
        "wall_power": number(row, "power_w_if_any", default=0.0),
    }
    return Measurement(
        deployment=deployment,
        input_tokens=facts[0] / beams,  # beams share their prompt and its cache
        beams=beams,
        output_tokens=number(row, "osl", default=0.0) or facts[1],
        concurrency=concurrency,
        mode="closed" if concurrency == 1.0 else mode,
        limit_tpot=limit,
        values={k: v for k, v in values.items() if v > 0},
        model=label,
        device=row["hardware"],
        source=row.get("source", ""),
        row=name,
        precision=row.get("precision", ""),
    )
