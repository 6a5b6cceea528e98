"""Answers as plain data for programs: JSON objects and CSV rows. What is not known is null, never NaN."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterable, Mapping
from typing import Any

import numpy as np

from groundwire.economics import carbon
from groundwire.economics.answer import Answer, BreakEven, Frontier
from groundwire.economics.compare import Comparison, Row
from groundwire.economics.levers import LeverReport
from groundwire.economics.parameters import read_range
from groundwire.economics.phrases import headline
from groundwire.economics.scenario import Assumption, Scenario
from groundwire.economics.uncertainty import Range, Spread
from groundwire.economics.units import WH
from groundwire.economics.ways import Device, Hosted, Mix, SelfHosted, Way
from groundwire.errors import EconomicsError

__all__ = [
    "answer_json",
    "break_even_json",
    "comparison_csv",
    "comparison_json",
    "frontier_json",
    "known",
    "levers_json",
    "row_json",
    "scenario_toml",
    "toml_of",
]


def known(value: float) -> float | None:
    """The number, or None where it is not finite."""
    return float(value) if math.isfinite(value) else None


def _spread(s: Spread) -> dict[str, float | None]:
    return {"p10": known(s.p10), "p50": known(s.p50), "p90": known(s.p90)}


def _range(r: Range) -> dict[str, float]:
    return {"low": r.low, "mid": r.mid, "high": r.high}


def way_json(way: Way) -> dict[str, Any]:
    """A way's parts by name."""
    found: dict[str, Any] = {"kind": way.kind, "label": way.label}
    if isinstance(way, (SelfHosted, Device)):
        d = way.deployment
        found |= {
            "model": way.model,
            "precision": way.precision,
            "accelerator": d.accelerator.name,
            "devices_per_replica": d.devices,
        }
    if isinstance(way, SelfHosted):
        found |= {
            "tenure": way.tenure,
            "price": _range(way.price.range),
            "price_unit": "USD" if way.tenure == "owned" else "USD/h",
            "price_source": way.price.source,
        }
    if isinstance(way, Hosted):
        p = way.price
        found |= {
            "model": way.model,
            "provider": p.provider,
            "usd_per_mtok": {"input": p.input, "cached": p.cached, "output": p.output},
            "batch_usd_per_mtok": dict(zip(("input", "cached", "output"), p.batch, strict=True)) if p.batch else None,
            "price_source": f"genai-prices, {p.on.isoformat()}",
        }
    if isinstance(way, Mix):
        found["parts"] = [way_json(p.way) for p in way.parts]
    return found


def row_json(row: Row) -> dict[str, Any]:
    """One way with its figures; energy in watt-hours and gases in grams at the edge, as people quote them."""
    o = row.outcome

    def scaled(name: str, factor: float) -> dict[str, float | None]:
        s = row.spread(name)
        return _spread(Spread(s.p10 * factor, s.p50 * factor, s.p90 * factor))

    return {
        "way": way_json(row.way),
        "usd_per_request": _spread(row.spread("usd_per_request")),
        "usd_per_month": _spread(row.spread("usd_per_month")),
        "usd_per_mtok_input": known(row.mid("usd_per_mtok_input")),
        "usd_per_mtok_output": known(row.mid("usd_per_mtok_output")),
        "ttft_s": known(row.mid("ttft")),
        "tpot_s": known(row.mid("tpot")),
        "replicas": known(row.mid("replicas")),
        "devices": known(row.mid("devices")),
        "utilization": known(row.mid("utilization")),
        "energy_wh_per_request": scaled("energy", 1 / WH),
        "emissions_g_per_request": scaled("emissions", 1e3),
        "embodied_g_per_request": scaled("embodied", 1e3),
        "water_ml_per_request": scaled("water", 1e3),
        "monthly_usd_by_kind": {k: known(float(np.asarray(v).reshape(-1)[0])) for k, v in o.parts.items() if np.any(v)},
        "tier": row.tier,
        "interval_basis": row.basis,
        "interval": {k: [i.low, i.high] for k, i in row.interval.items()},
    }


def comparison_json(comparison: Comparison) -> dict[str, Any]:
    """Ways, cheapest first."""
    slow = comparison.too_slow
    return {
        "considered": comparison.considered,
        "left_out": dict(comparison.left_out),
        "fastest_that_misses": None if slow is None else {"way": slow[0], "ttft_s": slow[1], "tpot_s": slow[2]},
        "ways": [row_json(r) for r in comparison.rows],
    }


def _assumption(a: Assumption) -> dict[str, Any]:
    return {"key": a.key, "unit": a.unit, "source": a.source, **_range(a.range)}


def answer_json(answer: Answer) -> dict[str, Any]:
    """The whole answer; null: not known, or (payback) never."""
    names = (
        "median_margin", "gross_margin", "gross_profit", "revenue", "fees", "serving", "other", "serving_per_user",
        "ai_to_revenue", "revenue_per_dollar", "price_for_target", "payback",
    )  # fmt: skip
    units = {"gross_profit": "USD/month", "revenue": "USD/month", "fees": "USD/month", "serving": "USD/month",
             "other": "USD/month", "serving_per_user": "USD/(user month)", "price_for_target": "USD/month",
             "payback": "month"}  # fmt: skip
    return {
        "name": answer.scenario.name,
        "answer": headline(answer),
        "answer_zh": headline(answer, "zh"),
        "prices_of": answer.on.isoformat(),
        "best": row_json(answer.best),
        "economics": {n: {"unit": units.get(n, "1"), **_spread(answer.spread(n))} for n in names},
        "cohorts": [
            {
                "plan": r.plan.name,
                "cohort": r.cohort.name,
                "share": r.plan.share * r.cohort.share,
                **{
                    k: known(float(np.asarray(getattr(r, k)).reshape(-1)[0]))
                    for k in ("requests", "revenue", "fees", "serving", "other", "contribution", "margin")
                },
            }
            for r in answer.economics.rows
        ],
        "tornado": {
            "of": answer.metric,
            "bars": [
                {
                    "key": b.name,
                    "low": b.low_value,
                    "high": b.high_value,
                    "at_low": known(b.answer_at_low),
                    "at_high": known(b.answer_at_high),
                }
                for b in answer.bars
            ],
        },
        "comparison": comparison_json(answer.comparison),
        "disclosures": [
            {
                "name": d.name,
                "request": d.request,
                "energy_wh": None if d.energy is None else d.energy / WH,
                "emissions_g": None if d.emissions is None else d.emissions * 1e3,
                "water_ml": None if d.water is None else d.water * 1e3,
                "date": d.date,
                "boundary": d.boundary,
                "source": d.source,
            }
            for d in carbon.disclosures()
        ],
        "assumptions": [_assumption(a) for a in answer.assumptions],
        "seed": answer.scenario.seed,
        "draws": answer.scenario.draws,
    }


def levers_json(report: LeverReport) -> dict[str, Any]:
    """Levers, most money first, and combinations."""
    return {
        "base": row_json(report.base),
        "levers": [
            {
                "key": lever.key,
                "title": lever.note.title,
                "detail": lever.detail,
                "saving_usd_per_month": {**_spread(lever.spread), "mean": lever.expected},
                "usd_per_month": lever.usd_per_month,
                "emissions_saving_kg_per_month": lever.emissions_saving,
                "quality": lever.note.quality,
                "work": lever.note.work,
                "source": lever.note.source or None,
                "way": lever.way.label,
            }
            for lever in report.levers
        ],
        "combinations": [
            {
                "levers": list(c.keys),
                "saving_usd_per_month": c.saving,
                "sum_of_parts": c.sum_of_parts,
                "way": c.way.label,
            }
            for c in report.combinations
        ],
        "not_worked_out": dict(report.impossible),
    }


def frontier_json(f: Frontier) -> list[dict[str, Any]]:
    """Points of the curve, fastest first."""
    return [
        {"tpot_s": float(t), "usd_per_request": float(c), "way": way.label}
        for t, c, way in zip(f.tpot, f.usd_per_request, f.ways, strict=True)
    ]


def break_even_json(b: BreakEven) -> dict[str, Any]:
    """Both curves over the number of users."""
    return {
        "break_even_users": b.at_users,
        "hosted": b.hosted_way.label if b.hosted_way else None,
        "self_hosted": b.self_hosted_way.label if b.self_hosted_way else None,
        "points": [
            {"users": float(u), "hosted_usd_per_month": known(float(h)), "self_hosted_usd_per_month": known(float(s))}
            for u, h, s in zip(b.users, b.hosted, b.self_hosted, strict=True)
        ],
    }


def comparison_csv(rows: Iterable[Row]) -> str:
    """The ranking as CSV with a header; units in the column names."""
    columns = ("rank", "way", "kind", "usd_per_request_p10", "usd_per_request_p50", "usd_per_request_p90",
               "usd_per_month_p50", "ttft_s", "tpot_s", "devices", "utilization", "energy_wh_per_request",
               "emissions_g_per_request", "embodied_g_per_request", "water_ml_per_request", "tier")  # fmt: skip
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    for rank, row in enumerate(rows, 1):
        j: Mapping[str, Any] = row_json(row)
        cost = j["usd_per_request"]
        cells = [
            rank, _cell(row.way.label), row.way.kind, cost["p10"], cost["p50"], cost["p90"], j["usd_per_month"]["p50"],
            j["ttft_s"], j["tpot_s"], j["devices"], j["utilization"], j["energy_wh_per_request"]["p50"],
            j["emissions_g_per_request"]["p50"], j["embodied_g_per_request"]["p50"], j["water_ml_per_request"]["p50"],
            row.tier,
        ]  # fmt: skip
        writer.writerow(["" if c is None else c for c in cells])
    return out.getvalue()


def _cell(text: str) -> str:
    """A spreadsheet must not take a name for a formula."""
    return f"'{text}" if text[:1] in "=+-@\t\r" else text


# --- application files --------------------------------------------------------------------------------------------


def scenario_toml(scenario: Scenario) -> str:
    """The scenario as an application file: what was given, then what was assumed, as comments with their source."""
    lines = [toml_of(scenario.given), "", "# assumed, since nobody gave it:"]
    lines += [f"#   {a.key} = {_toml(_range(a.range))}  # {a.source}" for a in scenario.assumptions]
    return "\n".join(lines) + "\n"


def toml_of(table: Mapping[str, Any]) -> str:
    """A nested table of plain values as TOML."""
    lists = ("plan", "cohort")
    lines = [f"{k} = {_toml(v)}" for k, v in table.items() if not isinstance(v, Mapping) and k not in lists]
    for section, body in table.items():
        if isinstance(body, Mapping):
            lines += ["", f"[{section}]", *(f"{k} = {_toml(v)}" for k, v in body.items())]
    for section in lists:
        for body in table.get(section, ()):
            lines += ["", f"[[{section}]]", *(f"{k} = {_toml(v)}" for k, v in body.items())]
    return "\n".join(lines)


def _toml(v: object) -> str:
    """A value; text that holds a number or a range (as a form gives it) as that."""
    if isinstance(v, bool):
        return "true" if v else "false"
    if isinstance(v, str):
        try:
            r = read_range("", v)
            pair = not r.certain and read_range("", [r.low, r.high]) == r
            return _toml([r.low, r.high] if pair else _range(r))
        except EconomicsError:
            plain = "".join(c if c.isprintable() else " " for c in v)
            return '"' + plain.replace("\\", "\\\\").replace('"', '\\"') + '"'
    if isinstance(v, Mapping):
        if set(v) == {"low", "mid", "high"} and v["low"] == v["high"]:
            return _toml(v["mid"])
        return "{ " + ", ".join(f"{k} = {_toml(x)}" for k, x in v.items()) + " }"
    if isinstance(v, (list, tuple)):
        return "[" + ", ".join(_toml(x) for x in v) + "]"
    return f"{v:.12g}" if isinstance(v, float) else str(v)
