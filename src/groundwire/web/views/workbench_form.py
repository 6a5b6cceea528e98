"""The workbench's form: every input with its unit, what stands in when it is empty, and where that is from."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from groundwire.economics.application import EXAMPLES
from groundwire.economics.catalog import Catalog
from groundwire.economics.device_prices import TENURES
from groundwire.economics.parameters import Parameter, parameters
from groundwire.economics.plans import KINDS
from groundwire.economics.query import FLAT, to_query
from groundwire.economics.scenario import Assumption, Scenario
from groundwire.web.messages import Messages
from groundwire.web.views.workbench_common import short

__all__ = ["Field", "Option", "Sheet", "sheet"]

PLAN_ROWS = 3


# --- the form -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """One input."""

    key: str
    path: str
    """As errors name it."""
    label: str
    unit: str
    value: str
    placeholder: str
    """What stands in if it stays empty."""
    help: str
    source: str
    """Of what stands in."""
    required: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Option:
    """One thing to choose."""

    value: str
    label: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Sheet:
    """All inputs."""

    name: str
    sections: Mapping[str, Sequence[Field]]
    """By section of the application file."""
    words: Mapping[str, str]
    """Lists and names as text fields."""
    tenures: Sequence[Option]
    precisions: Sequence[Option]
    regions: Sequence[Option]
    coolings: Sequence[Option]
    plan_kinds: Sequence[str]
    plans: Sequence[Mapping[str, str]]
    autoscale: bool
    examples: Sequence[str]
    model_names: Sequence[str]
    device_names: Sequence[str]


def sheet(table: Mapping[str, Any], scenario: Scenario | None, t: Messages, catalog: Catalog) -> Sheet:
    """The form for a table of inputs; with ``scenario`` None (something is wrong) without the defaults of choices."""
    given = dict(to_query(table))
    assumed = {a.key: a for a in scenario.assumptions} if scenario else {}
    zh = t.language == "zh"
    sections: dict[str, list[Field]] = {}
    for p in parameters().values():
        a = assumed.get(p.key)
        stand_in = a.range if a else p.default
        sections.setdefault(p.section, []).append(
            Field(
                key=p.key,
                path=p.path,
                label=p.label_zh if zh else p.label,
                unit=t.name("workbench_units", p.unit) if zh else p.unit,
                value=given.get(p.key, ""),
                placeholder="" if stand_in is None else short(stand_in),
                help=p.help_zh if zh else p.help,
                source=_source(a, p, zh=zh),
                required=p.section == "workload" and p.default is None,
            )
        )
    serving = table.get("serving", {})
    chosen_tenures = _listed(serving.get("tenures")) or ["on-demand", "reserved"]
    chosen_formats = _listed(serving.get("precisions")) or ["auto", "fp8"]
    site = table.get("site", {})
    plans = [{k: _plain(p.get(k, "")) for k in _PLAN_KEYS} for p in table.get("plan", ())]
    plans += [dict.fromkeys(_PLAN_KEYS, "")] * max(PLAN_ROWS - len(plans), 1 if len(plans) >= PLAN_ROWS else 0)
    return Sheet(
        name=str(table.get("name", "")),
        sections=sections,
        words={k: given.get(k, "") for k in FLAT if k not in parameters()},
        tenures=[Option(value=n, label=t.name("workbench_tenures", n), chosen=n in chosen_tenures) for n in TENURES],
        precisions=[
            Option(value=n, label=t.name("workbench_formats", n), chosen=n in chosen_formats)
            for n in dict.fromkeys(("auto", "bf16", "fp8", "int4", "nvfp4", *chosen_formats))
        ],
        regions=[
            Option(value=g.name, label=g.title_zh if zh else g.title, chosen=g.name == str(site.get("region", "US")))
            for g in sorted(catalog.grids.values(), key=lambda g: g.title)
        ],
        coolings=[
            Option(value=c.name, label=c.title_zh if zh else c.title, chosen=c.name == site.get("cooling", "average"))
            for c in catalog.cooling.values()
        ],
        plan_kinds=KINDS,
        plans=plans,
        autoscale=str(serving.get("autoscale", "")).lower() in ("true", "1", "on", "yes"),
        examples=EXAMPLES,
        model_names=tuple(catalog.models),
        device_names=tuple(a.name for a in catalog.accelerators.values() if a.kind.startswith("datacenter")),
    )


def _source(assumed: Assumption | None, p: Parameter, *, zh: bool) -> str:
    """Where what stands in is from."""
    if assumed is None:
        return p.source_zh if zh else p.source
    return (assumed.source_zh or assumed.source) if zh else assumed.source


_PLAN_KEYS = ("name", "kind", "share", "usd_per_month", "usd_per_request", "included_requests", "active_share")


def _listed(value: Any) -> list[str]:
    if isinstance(value, str):
        return [v.strip() for v in value.split(",") if v.strip()]
    return [str(v) for v in value or ()]


def _plain(value: Any) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
