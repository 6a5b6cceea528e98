"""Addresses that hold a whole scenario: query parameters -> nested table -> scenario, and back."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from groundwire.economics.application import CHOICES, build, example
from groundwire.economics.catalog import Catalog
from groundwire.economics.names import pick
from groundwire.economics.parameters import parameters
from groundwire.economics.scenario import Scenario
from groundwire.errors import EconomicsError

__all__ = ["BASE", "FLAT", "scenario_of_query", "table_of_query", "to_query"]

BASE: Final = "chat-assistant"
"""The example that fills what an address leaves out, when it does not even say how many users there are."""
MAX_VALUE: Final = 400
"""Longest value taken. [character]"""
PLAN_FIELDS: Final = ("plan_name", "plan_kind", "plan_share", "plan_usd_per_month", "plan_usd_per_request",
                      "plan_included_requests", "plan_active_share")  # fmt: skip
_LISTS: Final = ("models", "accelerators", "precisions", "tenures", "hosted")
_FLAGS: Final = ("autoscale", "hosted_offers")
_WORDS: Final = {"model": "models", "accelerator": "accelerators", "precision": "precisions", "tenure": "tenures"}
"""Singular words that links from event pages use."""


def _flat_keys() -> dict[str, tuple[str, str]]:
    """Query key -> (section, key) of the application file."""
    found = {p.key: (p.section, p.key) for p in parameters().values()}
    for section, keys in CHOICES.items():
        for key in keys:
            found[f"{section}_{key}" if section in ("edge", "routing", "monte_carlo") else key] = (section, key)
    return found


FLAT: Final[Mapping[str, tuple[str, str]]] = _flat_keys()
IGNORED: Final = frozenset({"lang", "event", "example"})


def table_of_query(pairs: Iterable[tuple[str, str]]) -> dict[str, Any]:
    """The nested table that query parameters stand for.

    Raises:
        EconomicsError: an unknown parameter, or one too long.
    """
    table: dict[str, Any] = {}
    lists: dict[str, list[str]] = {}
    base = ""
    for raw_key, raw_value in pairs:
        key, value = _WORDS.get(raw_key, raw_key), raw_value.strip()
        if len(value) > MAX_VALUE:
            raise EconomicsError(key[:40], f"is longer than {MAX_VALUE} characters")
        if key == "example" and value:
            base = value
        if key in IGNORED or (value == "" and key not in PLAN_FIELDS):
            continue
        if key == "name":
            table["name"] = value
        elif key in PLAN_FIELDS or key in _LISTS:
            lists.setdefault(key, []).append(value)
        elif key in FLAT:
            section, inner = FLAT[key]
            table.setdefault(section, {})[inner] = [v for v in value.split(",") if v] if inner == "profile" else value
        else:
            known = (*FLAT, "name", *PLAN_FIELDS)
            pick(key[:40], key[:40], known)
            raise EconomicsError(key[:40], "is unknown; check its spelling")
    for key in _LISTS:
        if key in lists:
            section, inner = FLAT[key]
            names = [n.strip() for value in lists[key] for n in value.split(",") if n.strip()]
            table.setdefault(section, {})[inner] = names
    plans = _plans(lists)
    if plans:
        table["plan"] = plans
    if base or "users" not in table.get("workload", {}):
        table = _over(example(base or BASE), table)
    return table


def _plans(lists: Mapping[str, Sequence[str]]) -> list[dict[str, str]]:
    """Parallel lists of fields as plans; a row without a share is an empty row of the form."""
    count = max((len(lists.get(k, ())) for k in PLAN_FIELDS), default=0)
    plans = []
    for i in range(count):
        row = {k.removeprefix("plan_"): lists[k][i] for k in PLAN_FIELDS if i < len(lists.get(k, ()))}
        kept = {k: v for k, v in row.items() if v != ""}
        if "share" in kept or ("name" in kept and len(kept) > 2):
            plans.append(kept)
    return plans


def _over(base: Mapping[str, Any], table: Mapping[str, Any]) -> dict[str, Any]:
    """An example with what was given laid over it; a given price of an API joins those compared."""
    merged: dict[str, Any] = {k: dict(v) if isinstance(v, Mapping) else v for k, v in base.items()}
    for section, body in table.items():
        if isinstance(body, Mapping):
            merged[section] = {**merged.get(section, {}), **body}
        else:
            merged[section] = body
    hosted = merged.get("hosted", {})
    for one, other in (("input_usd_per_mtok", "output_usd_per_mtok"), ("output_usd_per_mtok", "input_usd_per_mtok")):
        if one in hosted and other not in hosted:  # a news item often names one of the two
            hosted[other] = hosted[one]
    if "peak_to_mean" in table.get("workload", {}):
        merged["workload"].pop("profile", None)
    elif "profile" in table.get("workload", {}):
        merged["workload"].pop("peak_to_mean", None)
    return merged


def scenario_of_query(pairs: Iterable[tuple[str, str]], *, catalog: Catalog | None = None) -> Scenario:
    """The scenario of an address's parameters.

    Raises:
        EconomicsError: a parameter is unknown or wrong; names it and the remedy.
    """
    return build(table_of_query(pairs), catalog=catalog)


def to_query(table: Mapping[str, Any]) -> list[tuple[str, str]]:
    """The parameters of a nested table: what was given, nothing that is assumed."""
    pairs: list[tuple[str, str]] = []
    if table.get("name"):
        pairs.append(("name", str(table["name"])))
    for flat, (section, key) in FLAT.items():
        value = table.get(section, {}).get(key)
        if value is None or value == "":
            continue
        pairs.append((flat, _text(value, listed=key in _LISTS or key == "profile")))
    for plan in table.get("plan", ()):
        pairs += [(f, _text(plan.get(f.removeprefix("plan_"), ""), listed=False)) for f in PLAN_FIELDS]
    return pairs


def _text(value: Any, *, listed: bool) -> str:
    """A value as a form field holds it: ranges as "low to mid to high"."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:g}"
    if isinstance(value, Mapping):
        order = [k for k in ("low", "mid", "high") if k in value]
        return " to ".join(_text(value[k], listed=False) for k in order)
    if isinstance(value, (list, tuple)):
        return ("," if listed else " to ").join(_text(v, listed=False) for v in value)
    return str(value)
