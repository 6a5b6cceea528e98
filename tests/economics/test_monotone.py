"""What must rise (or fall) with what, over the whole range that each number may take, for every kind of way."""

from __future__ import annotations

from datetime import date

import numpy as np
import numpy.typing as npt
import pytest

from groundwire.economics.answer import quote
from groundwire.economics.application import build, example
from groundwire.economics.compare import compare, mid_values
from groundwire.economics.parameters import parameters
from groundwire.economics.unit_economics import unit_economics
from groundwire.economics.ways import Device, Hosted, Mix, SelfHosted, Way, evaluate

Array = npt.NDArray[np.float64]
DAY = date(2026, 11, 1)
TABLE = {**example("on-device-summariser"), "edge": {"accelerator": "rtx-4090", "model": "llama-3.2-3b",
         "precision": "int4", "eligible_share": 0.8}}  # fmt: skip
TABLE["serving"] = {"models": ["llama-3.1-8b"], "accelerators": ["h100"], "tenures": ["on-demand", "owned"],
                    "precisions": ["fp8"], "hosted": ["openai/gpt-4.1-nano"]}  # fmt: skip
TABLE["workload"] = {**TABLE["workload"], "users": 20_000_000}  # many replicas: whole ones hide small changes
SCENARIO = build(TABLE)
WAYS: dict[str, Way] = {row.way.kind: row.way for row in compare(SCENARIO, on=DAY, top=20, draws=20).rows}


def along(way: Way, key: str) -> dict[str, Array]:
    """Forty values of one number over its limits, everything else at its middle."""
    values = mid_values(SCENARIO, way)
    p = parameters()[key]
    middle = float(values[key])
    ends = max(p.low, middle / 4), min(p.high, max(middle * 30, p.low + 0.5))
    values[key] = np.geomspace(*ends, 40) if ends[0] > 0 else np.linspace(*ends, 40)
    return values


def test_all_kinds_of_ways_are_there() -> None:
    assert set(WAYS) >= {"rented", "owned", "hosted", "mix"}
    assert isinstance(WAYS["mix"], Mix)
    assert {type(p.way) for p in WAYS["mix"].parts} <= {Device, Hosted, SelfHosted}


@pytest.mark.parametrize(
    ("kind", "key", "figure"),
    [
        ("rented", "rental_usd_per_hour", "usd_per_request"),
        ("rented", "retry_share", "usd_per_month"),
        ("rented", "users", "usd_per_month"),
        ("rented", "min_replicas", "usd_per_month"),
        ("rented", "peak_to_mean", "usd_per_month"),
        ("rented", "output_tokens", "usd_per_request"),
        ("rented", "pue", "energy"),
        ("rented", "host_share", "energy"),
        ("rented", "carbon_g_per_kwh", "emissions"),
        ("rented", "grid_water_l_per_kwh", "water"),
        ("rented", "water_l_per_kwh", "water"),
        ("rented", "embodied_kg_per_device", "embodied"),
        ("owned", "device_usd", "usd_per_request"),
        ("owned", "electricity_usd_per_kwh", "usd_per_request"),
        ("owned", "pue", "usd_per_request"),
        ("owned", "cost_of_capital", "usd_per_request"),
        ("owned", "maintenance_share", "usd_per_request"),
        ("owned", "hosting_usd_per_kw_month", "usd_per_request"),
        ("owned", "staff_usd_per_month", "usd_per_month"),
        ("hosted", "input_tokens", "usd_per_request"),
        ("hosted", "output_tokens", "usd_per_request"),
        ("hosted", "users", "usd_per_month"),
        ("mix", "download_usd_per_gb", "usd_per_month"),
        ("mix", "users", "usd_per_month"),
    ],
)
def test_it_never_falls_as_the_number_grows(kind: str, key: str, figure: str) -> None:
    values = along(WAYS[kind], key)
    found = np.broadcast_to(getattr(evaluate(WAYS[kind], values), figure), (40,))
    assert np.isfinite(found).all()
    assert (np.diff(found) >= -1e-9 * np.abs(found[:-1])).all()
    assert found[-1] > found[0]


@pytest.mark.parametrize(
    ("kind", "key", "figure"),
    [
        ("rented", "headroom", "usd_per_month"),
        ("rented", "batch_share", "usd_per_month"),
        ("rented", "cached_share", "usd_per_request"),
        ("rented", "tpot_s", "usd_per_request"),
        ("owned", "residual_share", "usd_per_request"),
        ("owned", "life_years", "embodied"),
        ("hosted", "cached_share", "usd_per_request"),
        ("hosted", "batch_share", "usd_per_request"),
    ],
)
def test_it_never_rises_as_the_number_grows(kind: str, key: str, figure: str) -> None:
    values = along(WAYS[kind], key)
    outcome = evaluate(WAYS[kind], values)
    found = np.broadcast_to(getattr(outcome, figure), (40,))[np.broadcast_to(outcome.meets, (40,))]
    assert (np.diff(found) <= 1e-9 * np.abs(found[:-1])).all()
    assert found[-1] < found[0]


@pytest.mark.parametrize(
    ("key", "sign"),
    [("other_usd_per_user_month", -1), ("fixed_usd_per_month", -1), ("payment_fee_share", -1), ("payment_fee_usd", -1)],
)
def test_margin_follows_costs_and_fees(key: str, sign: int) -> None:
    answer = quote(SCENARIO, on=DAY, top=3, draws=20)
    values = along(answer.best.way, key)
    margin = unit_economics(SCENARIO, evaluate(answer.best.way, values), values).gross_margin
    assert (sign * np.diff(np.broadcast_to(margin, (40,))) >= 0).all()
