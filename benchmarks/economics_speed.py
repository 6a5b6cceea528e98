"""Speed of the workbench: scenarios worked out per second, a full comparison, an answer over HTTP.

- ``operating point``: one deployment, drawn prompts, answers and loads -> latency, throughput, power (``predict``).
- ``scenario``: the same, and from there the fleet, its cost, energy, gases and water under drawn prices and demand.
- ``scenario with search``: also looks for the most requests in flight that keep the latency limits (``evaluate``).
- ``full comparison``: every model of the catalogue on every device with a price, in every format that fits.
- ``answer``: the workbench's page and the fragment that its script asks for, each question asked once (no cache helps).

"processor" counts processor time only: what the figure is where nothing else runs. The first three run in one process
per core. ``--data`` takes an application file to be compared instead of the examples.
"""

from __future__ import annotations

import os
import secrets
import statistics
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from datetime import UTC, date, datetime
from pathlib import Path

import numpy as np
from starlette.testclient import TestClient

from benchmarks.common import parser, report
from groundwire.economics import Workload, predict
from groundwire.economics.application import EXAMPLES, build, example, read_application
from groundwire.economics.compare import compare, draws_of
from groundwire.economics.scenario import Scenario
from groundwire.economics.serving import Operation
from groundwire.economics.ways import SelfHosted, evaluate, idle_power, outcome_of_operation
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.web import create_app

CORES = min(2, os.cpu_count() or 1)
DAY = date(2026, 11, 1)
BLOCK = 8_000
"""Scenarios worked on at once: arrays of this length stay in a core's cache."""
SECONDS = 2.0
"""How long each rate is measured."""
ANSWERS = 24
EVERYTHING = ("auto", "fp8", "int4", "nvfp4")


def scenario_of(path: Path | None) -> Scenario:
    """The application that is compared."""
    return read_application(path) if path is not None else build(example("chat-assistant"))


def self_hosted(scenario: Scenario) -> SelfHosted:
    """Its cheapest way on devices of one's own."""
    ranked = compare(scenario, on=DAY, top=40)
    return next(row.way for row in ranked.rows if isinstance(row.way, SelfHosted))


def rate_of(kind: str, path: Path | None) -> tuple[float, float]:
    """Scenarios of one process per second by the clock, and per second of processor time. [1/s]"""
    scenario = scenario_of(path)
    way = self_hosted(scenario)
    work = {"operating point": _points, "scenario": _scenarios, "scenario with search": _searches}[kind]
    run = work(scenario, way)
    run()  # warm
    done, start, used = 0, time.perf_counter(), time.process_time()
    while time.perf_counter() - start < SECONDS:
        run()
        done += BLOCK
    return done / (time.perf_counter() - start), done / (time.process_time() - used)


def _points(scenario: Scenario, way: SelfHosted) -> Callable[[], object]:
    v = draws_of(scenario, way, {}, BLOCK - 1)
    load = Workload(input_tokens=v["input_tokens"], output_tokens=v["output_tokens"], prefix_hit=v["cached_share"])
    flight = np.random.default_rng(1).uniform(1.0, 64.0, BLOCK)
    return lambda: predict(way.deployment, load, flight)


def _scenarios(scenario: Scenario, way: SelfHosted) -> Callable[[], object]:
    v = draws_of(scenario, way, {}, BLOCK - 1)
    load = Workload(input_tokens=v["input_tokens"], output_tokens=v["output_tokens"], prefix_hit=v["cached_share"])
    flight = np.random.default_rng(1).uniform(1.0, 64.0, BLOCK)
    d = way.deployment

    def run() -> object:
        p = predict(d, load, flight)
        point = Operation(
            capacity=p.requests_per_s, concurrency=flight, ttft=p.ttft, tpot=p.tpot, prefill_share=p.prefill_share,
            fits=p.fits, meets=p.fits, batch_max=p.batch_max,
        )  # fmt: skip
        return outcome_of_operation(
            point, v, devices=np.asarray(float(d.devices)), owned=False, price=v["rental_usd_per_hour"],
            tdp=np.asarray(d.accelerator.tdp), idle=np.asarray(idle_power(d)),
        )  # fmt: skip

    return run


def _searches(scenario: Scenario, way: SelfHosted) -> Callable[[], object]:
    v = draws_of(scenario, way, {}, BLOCK - 1)
    return lambda: evaluate(way, v)


def rates(path: Path | None) -> list[dict[str, object]]:
    """All processes together."""
    found: list[dict[str, object]] = []
    with ProcessPoolExecutor(CORES) as pool:
        for kind in ("operating point", "scenario", "scenario with search"):
            clock, processor = (sum(x) for x in zip(*pool.map(rate_of, [kind] * CORES, [path] * CORES), strict=True))
            found.append(
                {
                    "what": f"{kind}, 1/s on {CORES} cores",
                    "figure": f"{clock:,.0f}",
                    "processor": f"{processor:,.0f}",
                    "target": "1,000,000",
                }
            )
    found[-1]["target"] = "-"
    return found


def full_comparison(path: Path | None) -> dict[str, object]:
    """Seconds for all models x devices x formats x replica sizes x tenures, the best of three."""
    scenario = scenario_of(path)
    models = tuple(scenario.catalog.models)
    taken, busy = [], []
    for _ in range(3):
        start, used = time.perf_counter(), time.process_time()
        found = compare(scenario, on=DAY, models=models, precisions=EVERYTHING)
        taken.append(time.perf_counter() - start)
        busy.append(time.process_time() - used)
    what = f"full comparison of {found.considered} combinations, s"
    return {"what": what, "figure": f"{min(taken):.2f}", "processor": f"{min(busy):.2f}", "target": "1"}


def answers() -> list[dict[str, object]]:
    """Seconds from question to answer, in the process that serves."""
    found: list[dict[str, object]] = []
    with tempfile.TemporaryDirectory() as home, Store(f"sqlite:///{home}/desk.db") as store:
        app = create_app(
            store,
            Settings(home=Path(home)),
            token=secrets.token_hex(),
            now=lambda: datetime(2026, 11, 1, 12, tzinfo=UTC),
        )
        with TestClient(app, base_url="http://127.0.0.1:8700") as client:
            for path in ("/workbench", "/workbench/answer", "/workbench/levers"):
                taken, busy = [], []
                for i in range(ANSWERS + 3):
                    start, used = time.perf_counter(), time.process_time()
                    reply = client.get(path, params={"example": EXAMPLES[i % 3], "users": str(50_000 + i)})
                    taken.append(time.perf_counter() - start)
                    busy.append(time.process_time() - used)
                    if reply.status_code != 200:
                        raise RuntimeError(f"{path}: {reply.status_code}")
                warm = sorted(taken[3:])
                slow = warm[int(0.95 * len(warm))]
                found.append(
                    {
                        "what": f"{path}, s",
                        "figure": f"{statistics.median(warm):.3f} (95th percentile {slow:.3f})",
                        "processor": f"{statistics.median(busy[3:]):.3f}",
                        "target": "-" if path.endswith("levers") else "0.2",
                    }
                )
    return found


def main() -> None:
    """Print the table."""
    options = parser(__doc__, ".").parse_args()
    path = options.data if options.data.is_file() else None
    rows = [*rates(path), full_comparison(path), *answers()]
    report("Speed of the workbench", rows, as_json=options.json)


if __name__ == "__main__":
    main()
