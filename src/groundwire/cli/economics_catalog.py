"""What `groundwire economics catalog` and `model` show, as plain data."""

from __future__ import annotations

from datetime import date
from typing import Any

from groundwire.economics.accelerators import Accelerator
from groundwire.economics.catalog import Catalog
from groundwire.economics.formulas import formulas
from groundwire.economics.hosted import hosted_price
from groundwire.economics.models import ModelShape
from groundwire.economics.names import pick
from groundwire.economics.precision import PRECISIONS, resolve_precision
from groundwire.economics.units import GRAM, KWH
from groundwire.errors import EconomicsError

__all__ = ["catalog_rows", "shape_json"]

Row = dict[str, Any]
KINDS = ("models", "accelerators", "grids", "cooling", "precisions", "hosted", "formulas")


def catalog_rows(catalog: Catalog, what: str, find: str, on: date) -> list[Row]:
    """Rows of one part of the catalogue whose names contain ``find``.

    Raises:
        EconomicsError: no such part, or nothing of that name.
    """
    kind = pick("catalog", what, KINDS)
    if kind == "hosted":
        if not find:
            raise EconomicsError("--find", "is missing: name provider/model, as in --find openai/gpt-5.1")
        rows = [_hosted(find, on)]
    else:
        rows = {
            "models": _models, "accelerators": _accelerators, "grids": _grids, "cooling": _cooling,
            "precisions": _precisions, "formulas": _formulas,
        }[kind](catalog, find)  # fmt: skip
    if not rows:
        raise EconomicsError("catalog", f"no {kind} named like {find!r}")
    return rows


def _models(catalog: Catalog, find: str) -> list[Row]:
    return [
        {"name": m.name, "parameters, 1e9": m.parameters / 1e9, "active, 1e9": m.active_parameters / 1e9,
         "published in, bit": m.native_bits, "source": m.source}
        for m in catalog.models.values() if find in m.name.lower()
    ]  # fmt: skip


def _accelerators(catalog: Catalog, find: str) -> list[Row]:
    return [
        {"name": a.name, "title": a.title, "kind": a.kind, "memory, GB": a.memory / 1e9,
         "bandwidth, TB/s": a.memory_bandwidth / 1e12, "TDP, W": a.tdp, **_prices(catalog, a)}
        for a in catalog.accelerators.values() if find in f"{a.name} {a.title}".lower()
    ]  # fmt: skip


def _prices(catalog: Catalog, a: Accelerator) -> Row:
    by_hour, reserved, bought = (catalog.price(a, t) for t in ("on-demand", "reserved", "owned"))
    return {
        "on demand, USD/h": by_hour.range.mid if by_hour else None,
        "reserved, USD/h": reserved.range.mid if reserved else None,
        "purchase, USD": bought.range.mid if bought else None,
    }


def _grids(catalog: Catalog, find: str) -> list[Row]:
    return [
        {"code": g.name, "country": g.title, "g CO2e/kWh": g.intensity.mid * KWH / GRAM,
         "L/kWh": g.water.mid * KWH if g.water else None, "USD/kWh": g.price.mid * KWH if g.price else None,
         "price from": g.price_source}
        for g in catalog.grids.values() if find in f"{g.name} {g.title}".lower()
    ]  # fmt: skip


def _cooling(catalog: Catalog, find: str) -> list[Row]:
    return [
        {"name": c.name, "PUE": c.pue.mid, "L/kWh on site": c.water.mid * KWH, "source": c.source}
        for c in catalog.cooling.values() if find in c.name
    ]  # fmt: skip


def _precisions(_: Catalog, find: str) -> list[Row]:
    return [
        {"name": p.name, "weights, bit": p.linear_bits, "cache, bit": p.kv_bits, "arithmetic": p.compute}
        for p in PRECISIONS.values() if find in p.name
    ]  # fmt: skip


def _formulas(_: Catalog, find: str) -> list[Row]:
    return [
        {"name": f.name, "works out": f.says, "formula": f.expression, "unit": f.unit,
         "inputs": "; ".join(f"{words} [{unit}]" for words, unit in f.inputs if words)}
        for f in formulas() if find in f"{f.name} {f.says}".lower()
    ]  # fmt: skip


def _hosted(reference: str, on: date) -> Row:
    p = hosted_price(reference, on=on)
    return {"name": p.name, "input": p.input, "cached": p.cached, "output": p.output,
            "batch output": p.batch[2] if p.batch else None, "context": p.context_window}  # fmt: skip


def shape_json(shape: ModelShape) -> Row:
    """A model's computed figures, in parameters and bytes."""
    sizes = {n: resolve_precision(n, shape).weight_bytes(shape) for n in ("bf16", "fp8", "int4", "nvfp4")}
    return {
        "name": shape.name,
        "parameters": shape.parameters,
        "active_parameters": shape.active_parameters,
        "layers": shape.layers,
        "kv_bytes_per_token": shape.kv_bytes_per_token(),
        "max_context": shape.max_context,
        "mixture": shape.mixture,
        "approximate": shape.approximate,
        "weight_bytes": sizes,
        "source": shape.source,
    }
