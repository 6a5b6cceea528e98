"""How far the inference model is from measurements that its fit has not seen, beside a bare roofline and aiconfigurator.

Every model is left out in turn (large ones alone, small ones dealt into five folds), then every device, then every release of
an engine, which mostly names a campaign of measurements; what is predicted for the left-out rows is compared with what was
measured. The interval of each group's rows is made from the errors on all others, so that its coverage is a test.
`--aiconfigurator PYTHON` asks aiconfigurator 0.12, installed in an environment of its own, about the same points; `--plots DIR`
draws predicted against measured.

Known elsewhere on such points, median error of the time per output token: bare roofline 65 to 87 %, eight fitted constants
13.5 to 15.9 % on unseen models and 15.7 % on unseen devices, aiconfigurator 14.5 % (time to first token 48 %).
"""

from __future__ import annotations

import json
import subprocess
import time
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import altair as alt
import numpy as np
import numpy.typing as npt

from benchmarks.common import need, parser, report
from benchmarks.economics_residual import corrected
from groundwire.economics.calibration import Calibration, load_calibration
from groundwire.economics.catalog import load_catalog
from groundwire.economics.cross_validation import fold_keys, intervals_of, leave_out
from groundwire.economics.fitting import Layout, Rows, fit, predict_rows, rows_of, stack_parameters
from groundwire.economics.measurements import Measurement, read_measurements
from groundwire.economics.performance.roofline import Parameters
from groundwire.economics.validation import Point, errors_of, points_of, unstated

Array = npt.NDArray[np.float64]
EDGE = ("desktop gpu", "integrated", "npu", "cpu")
ROOFLINE = Parameters(
    bandwidth=1.0, expert_bandwidth=1.0, cache_bandwidth=1.0, compute=1.0, expert_compute=1.0, prefill_compute=1.0,
    prefill_expert_compute=1.0, attention_compute=1.0, layer=0.0, routed_layer=0.0, dense_layer=0.0, latent_layer=0.0,
    linear_layer=0.0, step=0.0, sequence=0.0, passes=0.0, reduce=0.0, exchange=0.0, link=1.0, stage=0.0, request=0.0,
    interference=0.0, first=1.0, alignment=0.0, turnover=0.0, burst=0.0, slow_host=0.0, shuffle=0.0, flop_energy=1e-20, sharpness=50.0,
    tile=0.0, imbalance=0.0, small=0.0, narrow=0.0, scatter=0.0, ahead=1.0, scaling=0.0, spread=1.0,
)  # fmt: skip
"""Data sheets and distinct experts, nothing else: no overhead, no interference of prompts."""


def table(title: str, points: Iterable[Point]) -> list[dict[str, object]]:
    """One row a metric."""
    return [
        {"rows": title, "metric": metric, "n": e.n, "median": e.median_ape, "mean": e.mean_ape, "p90": e.p90_ape,
         "in 80 % interval": e.coverage}
        for metric, e in errors_of(points).items()
    ]  # fmt: skip


def left_out_points(
    rows: Rows, predicted: Mapping[str, Mapping[str, Array]], kind: str, calibration: Calibration
) -> list[Point]:
    """Points of one way of leaving out, each with an interval made from the errors on other groups."""
    keys = np.array(fold_keys(rows)[kind])
    unseen = replace(calibration, pairs=frozenset(), models=frozenset() if kind == "model" else calibration.models)
    found: list[Point] = []
    for group in sorted(set(keys.tolist())):
        index = np.flatnonzero(keys == group).tolist()
        judged = replace(unseen, quantiles=intervals_of(rows, predicted, keys != group))
        if kind == "release":
            judged = replace(judged, pairs=calibration.pairs, releases=calibration.releases - {group})
        own = {name: values[index] for name, values in predicted[kind].items()}
        found += points_of([rows.measurements[i] for i in index], own, judged)
    return found


def breakdown(name: str, points: Sequence[Point], measurements: Mapping[str, Measurement]) -> list[dict[str, object]]:
    """The same points in groups that fail differently."""

    def some(label: str, keep: Iterable[Point]) -> list[dict[str, object]]:
        return table(f"{name}: {label}", keep)

    edge = [
        p for p in points if measurements[p.row].deployment.accelerator.kind in EDGE and _single(measurements[p.row])
    ]
    stated = [p for p in points if not unstated(measurements[p.row])]
    return [
        *some("all", points),
        *some("settings stated", stated),
        *some("settings stated, dense", [p for p in stated if p.kind == "dense"]),
        *some("settings stated, mixtures", [p for p in stated if p.kind == "moe"]),
        *some("settings stated, 1 device", [p for p in stated if _single(measurements[p.row])]),
        *some("settings stated, 2 and more", [p for p in stated if not _single(measurements[p.row])]),
        *some("settings stated, up to 8 in flight", [p for p in stated if measurements[p.row].concurrency <= 8]),
        *some("settings stated, inputs of 7k and more", [p for p in stated if measurements[p.row].input_tokens > 7000]),
        *some("single edge or desktop device", edge),
        *some("settings not stated", [p for p in points if unstated(measurements[p.row])]),
    ]  # fmt: skip


def _single(m: Measurement) -> bool:
    return m.deployment.devices == 1


def aiconfigurator(python: str, measurements: Sequence[Measurement], count: int) -> dict[str, dict[str, Any]]:
    """What aiconfigurator answers about aggregated serving points of named engines, by row."""
    able = [m for m in measurements if m.source.startswith("aiconfigurator") and not unstated(m)
            and m.deployment.disaggregation is None]  # fmt: skip
    order = np.random.default_rng(5).permutation(len(able))[:count].tolist()
    asked = "\n".join(json.dumps(_question(able[i])) for i in order)
    worker = Path(__file__).with_name("aiconfigurator_points.py")
    done = subprocess.run([python, str(worker)], input=asked, capture_output=True, text=True, check=True)
    return {answer["row"]: answer for answer in map(json.loads, done.stdout.splitlines())}


def _question(m: Measurement) -> dict[str, Any]:
    """The point in aiconfigurator's words; its own defaults for what the row does not say."""
    split = m.deployment.split
    shards = split.tensor if split.data_attention else 1
    expert = split.tensor if split.expert else 1
    precision, model = m.precision, m.model
    gemm: str | None = {"fp8": "fp8", "fp4": "nvfp4", "fp16": "bfloat16"}.get(precision)
    moe: str | None = None
    if m.deployment.model.mixture:
        native4 = m.deployment.model.native_bits < 6
        gemm = moe = None if native4 else "nvfp4" if precision == "fp4" else "fp8_block"
    if "Llama-3.1-" in model:
        model = "meta-llama/Meta-Llama-3.1-" + model.split("Llama-3.1-")[1].split("-")[0]
    return {
        "row": m.row, "model_path": model, "system_name": m.device, "backend_name": m.deployment.engine.split()[0],
        "isl": round(m.input_tokens), "osl": round(m.output_tokens),
        "batch_size": max(1, round(m.concurrency / shards / m.deployment.replicas)),
        "tp_size": split.tensor // shards, "pp_size": split.pipeline, "attention_dp_size": shards,
        "moe_tp_size": split.tensor // expert, "moe_ep_size": expert, "gemm": gemm, "moe": moe,
    }  # fmt: skip


def beside(
    answers: Mapping[str, Mapping[str, Any]], measurements: Mapping[str, Measurement], ours: Sequence[Point],
    roofline: Sequence[Point],
) -> list[dict[str, object]]:  # fmt: skip
    """aiconfigurator, a roofline and our left-out predictions on the points that aiconfigurator could answer."""
    answered = {row: a for row, a in answers.items() if "error" not in a}
    rows: list[dict[str, object]] = []
    names = {"inter_token_latency": "tpot", "ttft": "ttft"}
    for metric, name in names.items():
        apes = np.array(
            [abs(a[name] / measurements[row].values[metric] - 1) for row, a in answered.items() if metric in measurements[row].values]
        )  # fmt: skip
        rows.append({"rows": f"aiconfigurator, answered {len(answered)} of {len(answers)}", "metric": metric, "n": len(apes),
                     "median": float(np.median(apes)), "mean": float(apes.mean()), "p90": float(np.quantile(apes, 0.9)),
                     "in 80 % interval": "none given"})  # fmt: skip
    for title, points in (("ours, model left out, same points", ours), ("roofline, same points", roofline)):
        rows += [r for r in table(title, [p for p in points if p.row in answered]) if r["metric"] in names]
    seconds = float(np.median([a["took_s"] for a in answered.values()]))
    return [*rows, {"rows": "aiconfigurator", "metric": "time per answer, s", "n": len(answered), "median": seconds,
                    "mean": "", "p90": "", "in 80 % interval": ""}]  # fmt: skip


def plot(points: Sequence[Point], metric: str, unit: str, scale: float, path: Path) -> None:
    """Predicted against measured on logarithmic axes, a panel each for dense models and mixtures."""
    chosen = [p for p in points if p.metric == metric]
    order = np.random.default_rng(3).permutation(len(chosen))[:500].tolist()
    data = [
        {"measured": chosen[i].measured * scale, "predicted": chosen[i].predicted * scale,
         "kind": "mixtures of experts" if chosen[i].kind == "moe" else "dense models"} for i in order
    ]  # fmt: skip
    low = min(min(d["measured"], d["predicted"]) for d in data)
    high = max(max(d["measured"], d["predicted"]) for d in data)
    log = alt.Scale(type="log", domain=[low, high])
    base = alt.Chart().properties(width=260, height=260)
    line = base.mark_line(color="#888", strokeWidth=1).encode(x="low:Q", y="low:Q")
    dots = base.mark_circle(size=14, opacity=0.45, color="#1f4e79").encode(
        x=alt.X("measured:Q", scale=log, title=f"measured, {unit}", axis=alt.Axis(tickCount=5)),
        y=alt.Y("predicted:Q", scale=log, title=f"predicted, {unit}", axis=alt.Axis(tickCount=5)),
    )
    kinds = sorted({str(d["kind"]) for d in data})
    panels = []
    for kind in kinds:
        own = alt.InlineData(values=[d for d in data if d["kind"] == kind])
        ends = alt.InlineData(values=[{"low": low}, {"low": high}])
        panels.append(alt.layer(line.properties(data=ends), dots.properties(data=own)).properties(title=kind))
    path.parent.mkdir(parents=True, exist_ok=True)
    alt.hconcat(*panels).configure_view(stroke=None).configure_axis(grid=False).save(str(path))


def main() -> None:
    """Fit, leave out, compare, print."""
    options = parser(__doc__, "inference")
    options.add_argument("--plots", type=Path, help="folder for the plots (SVG)")
    options.add_argument("--aiconfigurator", metavar="PYTHON", help="interpreter that has aiconfigurator installed")
    options.add_argument("--residual", action="store_true", help="only tell whether a learned correction would help")
    options.add_argument("--points", type=int, default=200, help="points to ask aiconfigurator about")
    given = options.parse_args()
    catalog = load_catalog()
    started = time.perf_counter()
    read = list(read_measurements(need(given.data), catalog))
    measurements = [m for m in read if isinstance(m, Measurement) and m.values]
    by_row = {m.row: m for m in measurements}
    rows = rows_of(measurements)
    shipped = load_calibration()
    layout, theta, _ = fit(rows, start=Layout(rows).start(shipped), rounds=20)
    keys = fold_keys(rows)
    predicted = {kind: leave_out(rows, keys[kind], theta) for kind in ("model", "device", "release")}
    if given.residual:
        learned = corrected(rows, layout.parameters(theta), predicted)
        report("Median error with a correction learned on other models (devices)", learned, as_json=given.json)
        return
    shown: list[dict[str, object]] = []
    points = {kind: left_out_points(rows, predicted, kind, shipped) for kind in predicted}
    for kind, found in points.items():
        shown += breakdown(f"{kind} left out", found, by_row)
    bare = predict_rows(rows, _same(ROOFLINE, len(rows)), shipped.power)
    roofline = [p for p in points_of(measurements, bare, shipped) if p.metric not in ("power", "energy_per_token")]
    shown += table("roofline: all", roofline)
    own = predict_rows(rows, stack_parameters(shipped, [m.deployment for m in measurements]), shipped.power)
    shown += table("shipped fit, all rows seen", points_of(measurements, own, shipped))
    if given.aiconfigurator:
        answers = aiconfigurator(given.aiconfigurator, measurements, given.points)
        shown += beside(answers, by_row, points["model"], roofline)
    if given.plots:
        for metric, unit, scale, name in (
            ("inter_token_latency", "ms per output token", 1e3, "tpot"), ("output_tokens_per_s", "output token/s", 1.0, "throughput"),
            ("ttft", "s to first token", 1.0, "ttft"), ("power", "W, all devices", 1.0, "power"),
        ):  # fmt: skip
            plot(points["model"], metric, unit, scale, given.plots / f"accuracy-{name}.svg")
    skipped = len(read) - len(measurements)
    note = (
        f"{len(measurements)} measurements, {skipped} rows skipped; errors as fractions; "
        f"{time.perf_counter() - started:.0f} s in all"
    )
    report("Inference model against measurements it has not seen", shown, as_json=given.json, note=note)


def _same(p: Parameters, n: int) -> Parameters:
    return Parameters(**{name: np.full(n, getattr(p, name), dtype=float) for name in p.__dataclass_fields__})


if __name__ == "__main__":
    main()
