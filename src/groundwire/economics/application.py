"""A TOML application file to a checked scenario: each wrong input is one line that names the field and the remedy.

Every value may be a number or a range (``[low, high]``, ``{ low, mid, high }``). Nothing is silently assumed: defaults
in use are listed in ``Scenario.assumptions`` with their source.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from groundwire.economics.catalog import Catalog, load_catalog
from groundwire.economics.defaults import with_defaults
from groundwire.economics.demand import peak_to_mean
from groundwire.economics.device_prices import TENURES, Tenure
from groundwire.economics.margin import cohorts_of_spread
from groundwire.economics.names import nearest, pick
from groundwire.economics.parameters import parameters, read_range
from groundwire.economics.plans import KINDS, Plan
from groundwire.economics.precision import resolve_precision
from groundwire.economics.scenario import Cohort, EdgeChoice, Routing, Scenario
from groundwire.economics.sites import find_grid
from groundwire.economics.spelling import words
from groundwire.economics.uncertainty import Range
from groundwire.errors import EconomicsError

__all__ = ["CHOICES", "EXAMPLES", "build", "example", "parse_application", "read_application"]

T = TypeVar("T")
MAX_BYTES = 200_000
MAX_NAMES = 24
"""Models, devices or APIs in one list: enough to compare, few enough to answer at once."""

CHOICES: Mapping[str, tuple[str, ...]] = {
    "workload": ("profile",),
    "serving": ("models", "accelerators", "precisions", "tenures", "hosted", "hosted_offers", "autoscale",
                "parameters_b", "active_b"),
    "edge": ("accelerator", "model", "precision"),
    "routing": ("model", "share"),
    "site": ("region", "cooling"),
    "monte_carlo": ("draws", "seed"),
}  # fmt: skip
"""What a section holds besides numbers with a unit."""

EXAMPLES = ("chat-assistant", "coding-agent", "on-device-summariser")
_PLAN_NUMBERS = ("share", "usd_per_month", "usd_per_request", "included_requests", "active_share")


def read_application(path: str | Path, *, catalog: Catalog | None = None) -> Scenario:
    """The scenario of a file; its ``catalog = [...]`` names files of the user's own beside it (``load_catalog``).

    Raises:
        EconomicsError: it can't be read, or a field is wrong.
    """
    file = Path(path)
    try:
        raw = file.read_bytes()
    except OSError as error:
        known = f"; or use an example: {', '.join(EXAMPLES)}" if not file.suffix else ""
        raise EconomicsError(str(path), f"can't be read ({error.strerror}){known}") from error
    if len(raw) > MAX_BYTES:
        raise EconomicsError(str(path), f"is larger than {MAX_BYTES} bytes: is it an application file?")
    table = _parsed(raw, file.stem)
    own = _names(table, "catalog", "catalog")
    return build(
        {k: v for k, v in table.items() if k != "catalog"},
        name=file.stem,
        catalog=load_catalog([file.parent / name for name in own], catalog),
    )


def parse_application(raw: bytes, *, name: str = "application", catalog: Catalog | None = None) -> Scenario:
    """The scenario of a file's bytes.

    Raises:
        EconomicsError: not TOML in UTF-8, or a field is wrong.
    """
    return build(_parsed(raw, name), name=name, catalog=catalog)


def _parsed(raw: bytes, name: str) -> dict[str, Any]:
    try:
        return tomllib.loads(raw.decode("utf-8-sig"))
    except UnicodeDecodeError as error:
        raise EconomicsError(name, "is not text in UTF-8; save it so") from error
    except tomllib.TOMLDecodeError as error:
        raise EconomicsError(name, f"is not valid TOML: {error}") from error


def example(name: str) -> Mapping[str, Any]:
    """A shipped example as a table.

    Raises:
        EconomicsError: there is none of that name.
    """
    chosen = pick("example", name, EXAMPLES)
    text = (resources.files("groundwire.economics") / "examples" / f"{chosen}.toml").read_text(encoding="utf-8")
    return tomllib.loads(text)


def build(table: Mapping[str, Any], *, name: str = "application", catalog: Catalog | None = None) -> Scenario:
    """The scenario of a nested table (a TOML file's, or an address's).

    Raises:
        EconomicsError: a field is unknown, missing, of the wrong kind, out of bounds, or conflicts with another.
    """
    catalog = catalog or load_catalog()
    _only_known(table)
    numbers = _numbers(table)
    serving, site = _section(table, "serving"), _section(table, "site")
    sizes = _sizes(serving)
    models = _names(serving, "serving.models", "models")
    for model in models:
        if sizes is None:
            _known_model(catalog, model)
    named = _names(serving, "serving.accelerators", "accelerators")
    accelerators = tuple(_known(partial(_accelerator, catalog), "serving.accelerators", n) for n in named)
    precisions = _names(serving, "serving.precisions", "precisions") or ("auto", "fp8")
    for precision in precisions:
        _known(resolve_precision, "serving.precisions", precision)
    tenures = tuple(_tenure(n) for n in _names(serving, "serving.tenures", "tenures") or ("on-demand", "reserved"))
    hosted = _names(serving, "serving.hosted", "hosted")
    own_api = _own_api(numbers)
    edge = _edge(table, catalog)
    if not (models or hosted or own_api or edge):
        raise EconomicsError(
            "serving.models",
            'is missing: name what would do the job, as in models = ["llama-3.3-70b"] or hosted = [...]',
        )
    region = find_grid(catalog.grids, _text(site, "site.region", "region", "US")).name
    cooling = pick("site.cooling", _text(site, "site.cooling", "cooling", "average"), tuple(catalog.cooling))
    profile = _section(table, "workload").get("profile")
    if profile is not None:
        if "peak_to_mean" in numbers:
            raise EconomicsError("workload.profile", "and peak_to_mean say the same thing twice: give one of them")
        if not isinstance(profile, Sequence) or isinstance(profile, str):
            raise EconomicsError("workload.profile", "needs 24 numbers, one an hour")
        hours = [read_range("workload.profile", h).mid for h in profile]
        numbers["peak_to_mean"] = Range.exact(peak_to_mean(hours))
    ranges, assumptions = with_defaults(numbers, catalog, region, cooling)
    carlo = _section(table, "monte_carlo")
    scenario = Scenario(
        name=str(table.get("name", name))[:120],
        catalog=catalog,
        ranges=ranges,
        assumptions=assumptions,
        models=models,
        accelerators=accelerators,
        precisions=precisions,
        tenures=tenures,
        hosted=hosted,
        hosted_offers=_flag(serving, "serving.hosted_offers", "hosted_offers", default=True),
        edge=edge,
        routing=_routing(table, catalog),
        autoscale=_flag(serving, "serving.autoscale", "autoscale", default=False),
        region=region,
        cooling=cooling,
        plans=_plans(table),
        cohorts=_cohorts(table, ranges["usage_spread"].mid),
        own_api=own_api,
        unknown_model_sizes=sizes,
        draws=_whole(carlo, "monte_carlo.draws", "draws", 400, 50, 20_000),
        seed=_whole(carlo, "monte_carlo.seed", "seed", 1, 0, 2**31 - 1),
        given=table,
    )
    _conflicts(scenario)
    return scenario


# --- sections -----------------------------------------------------------------------------------------------------


def _sections() -> dict[str, tuple[str, ...]]:
    found: dict[str, list[str]] = {}
    for p in parameters().values():
        found.setdefault(p.section, []).append(p.key)
    for section, keys in CHOICES.items():
        found.setdefault(section, []).extend(keys)
    return {section: tuple(keys) for section, keys in found.items()}


def _only_known(table: Mapping[str, Any]) -> None:
    sections = _sections()
    for section, body in table.items():
        if section == "catalog":
            raise EconomicsError(section, "names files on disk: it can stand in an application file only")
        if section in ("name", "plan", "cohort"):
            continue
        chosen = pick("section", section, tuple(sections), extra=("plan", "cohort", "name"))
        if chosen != section:
            raise EconomicsError(section, f"write it as [{chosen}]")
        if not isinstance(body, Mapping):
            raise EconomicsError(section, f"must be a table: write [{section}] on its own line")
        for key in body:
            if key in sections[section]:
                continue
            home = next((s for s, keys in sections.items() if key in keys), None)
            if home:
                raise EconomicsError(f"{section}.{key}", f"belongs into [{home}]")
            pick(f"{section}.{key}", key, sections[section])
            raise EconomicsError(f"{section}.{key}", "is unknown; check its spelling")


def _section(table: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found: Mapping[str, Any] = table.get(name, {})
    return found


def _numbers(table: Mapping[str, Any]) -> dict[str, Range]:
    found: dict[str, Range] = {}
    for p in parameters().values():
        value = _section(table, p.section).get(p.key)
        if value is None or value == "":
            continue
        found[p.key] = p.checked(read_range(p.path, value))
    return found


def _own_api(numbers: dict[str, Range]) -> bool:
    """Whether a price was given by hand; then all of it has to be there."""
    has = [k for k in ("input_usd_per_mtok", "output_usd_per_mtok") if k in numbers]
    if not has:
        if "cached_usd_per_mtok" in numbers:
            raise EconomicsError("hosted.input_usd_per_mtok", "is missing beside cached_usd_per_mtok; give it, too")
        return False
    for key in ("input_usd_per_mtok", "output_usd_per_mtok"):
        if key not in numbers:  # a news item often names one price only
            raise EconomicsError(f"hosted.{key}", f"is missing beside {has[0]}; an API has a price for both")
    numbers.setdefault("cached_usd_per_mtok", numbers["input_usd_per_mtok"])
    return True


# --- choices ------------------------------------------------------------------------------------------------------


def _known(find: Callable[[str], T], field: str, name: str) -> T:
    """What a look-up finds, its error in terms of our field."""
    try:
        return find(name)
    except EconomicsError as error:
        raise EconomicsError(field, error.reason) from error


def _known_model(catalog: Catalog, name: str, field: str = "serving.models") -> None:
    """Names are looked up at once, so that a slip is reported where it was made, not taken for another model's size."""
    if name in catalog.models:
        return
    try:
        catalog.model(name)
    except EconomicsError as error:
        raise EconomicsError(
            field, f"{error.reason} For a model of your own give its size: serving.parameters_b = 8 (thousand millions)"
        ) from error


def _accelerator(catalog: Catalog, name: str) -> str:
    """The catalogue's name of a device; every word of one of its names must stand in what was written."""
    found = catalog.accelerator(name)
    said = set(words(name).split())
    plain = words(name).replace(" ", "")
    for alias in (found.name, found.title, *found.aliases):
        if set(words(alias).split()) <= said or words(alias).replace(" ", "") == plain:
            return found.name
    close = nearest(name, [a.name for a in catalog.accelerators.values()])
    raise EconomicsError("accelerator", f"{name!r} is not in the catalogue; did you mean {' or '.join(close)}?")


def _sizes(serving: Mapping[str, Any]) -> tuple[float, float | None] | None:
    if serving.get("parameters_b") in (None, ""):
        if serving.get("active_b") not in (None, ""):
            raise EconomicsError("serving.active_b", "needs parameters_b, the total, beside it")
        return None
    total = read_range("serving.parameters_b", serving["parameters_b"]).mid
    if not 0.01 <= total <= 100_000:
        raise EconomicsError("serving.parameters_b", f"is {total:g}; in thousand millions: 8 for 8 000 000 000")
    active = None
    if serving.get("active_b") not in (None, ""):
        active = read_range("serving.active_b", serving["active_b"]).mid
        if not 0 < active <= total:
            raise EconomicsError("serving.active_b", f"must be positive and at most parameters_b ({total:g})")
    return total * 1e9, None if active is None else active * 1e9


def _names(section: Mapping[str, Any], field: str, key: str) -> tuple[str, ...]:
    value = section.get(key, ())
    if isinstance(value, str):
        value = value.split(",")
    if not isinstance(value, Sequence) or not all(isinstance(v, str) for v in value):
        raise EconomicsError(field, f'must be a list of names, as in {key} = ["a", "b"]')
    names = tuple(dict.fromkeys(v.strip() for v in value if v.strip()))
    if len(names) > MAX_NAMES:
        raise EconomicsError(field, f"has {len(names)} names; at most {MAX_NAMES}")
    if any(len(n) > 120 for n in names):
        raise EconomicsError(field, "has a name of more than 120 characters")
    return names


def _text(section: Mapping[str, Any], field: str, key: str, default: str) -> str:
    value = section.get(key, default)
    if not isinstance(value, str):
        raise EconomicsError(field, f'must be text, as in {key} = "{default}"')
    return value.strip() or default


def _flag(section: Mapping[str, Any], field: str, key: str, *, default: bool) -> bool:
    value = section.get(key, default)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value.lower() in ("true", "false", "yes", "no", "on", "off", "1", "0", ""):
        return default if value == "" else value.lower() in ("true", "yes", "on", "1")
    raise EconomicsError(field, "must be true or false")


def _whole(section: Mapping[str, Any], field: str, key: str, default: int, low: int, high: int) -> int:
    value = section.get(key, default)
    number = read_range(field, value)
    if not number.certain or number.mid != int(number.mid) or not low <= number.mid <= high:
        raise EconomicsError(field, f"must be a whole number from {low} to {high}")
    return int(number.mid)


def _tenure(name: str) -> Tenure:
    return next(t for t in TENURES if t == pick("serving.tenures", name, TENURES))


def _edge(table: Mapping[str, Any], catalog: Catalog) -> EdgeChoice | None:
    body = _section(table, "edge")
    device, model = _text(body, "edge.accelerator", "accelerator", ""), _text(body, "edge.model", "model", "")
    if not device and not model:
        return None
    if not device or not model:
        missing = "accelerator" if not device else "model"
        raise EconomicsError(f"edge.{missing}", "is missing; on the device needs both accelerator and model")
    _known_model(catalog, model, "edge.model")
    precision = _text(body, "edge.precision", "precision", "int4")
    _known(resolve_precision, "edge.precision", precision)
    accelerator = _known(partial(_accelerator, catalog), "edge.accelerator", device)
    return EdgeChoice(accelerator=accelerator, model=model, precision=precision)


def _routing(table: Mapping[str, Any], catalog: Catalog) -> Routing | None:
    body = _section(table, "routing")
    model = _text(body, "routing.model", "model", "")
    if not model:
        if body.get("share") not in (None, ""):
            raise EconomicsError("routing.model", "is missing: name the small model")
        return None
    _known_model(catalog, model, "routing.model")
    if body.get("share") in (None, ""):
        raise EconomicsError("routing.share", "is missing: the share of requests that the small model answers")
    return Routing(model=model, share=_share("routing.share", body["share"]))


def _share(field: str, value: Any) -> float:
    number = read_range(field, value)
    if not 0 <= number.mid <= 1:
        hint = f": write {number.mid / 100:g} for {number.mid:g} %" if 1 < number.mid <= 100 else ""
        raise EconomicsError(field, f"is {number.mid:g}, must lie in 0 to 1{hint}")
    return number.mid


def _plans(table: Mapping[str, Any]) -> tuple[Plan, ...]:
    entries = table.get("plan", ())
    if not isinstance(entries, Sequence) or isinstance(entries, str):
        raise EconomicsError("plan", "must be written as [[plan]], once for each")
    if len(entries) > MAX_NAMES:
        raise EconomicsError("plan", f"{len(entries)} of them; at most {MAX_NAMES}")
    plans = []
    for i, entry in enumerate(entries):
        where = f"plan[{i + 1}]"
        if not isinstance(entry, Mapping):
            raise EconomicsError(where, "must be a table")
        for key in entry:
            pick(where, key, ("name", "kind", *_PLAN_NUMBERS))
        name = str(entry.get("name", f"plan {i + 1}"))[:60]
        where = f"plan {name!r}"
        kind = pick(f"{where}: kind", str(entry.get("kind", "subscription")), KINDS)
        numbers = {
            k: read_range(f"{where}: {k}", entry[k]).mid for k in _PLAN_NUMBERS if entry.get(k) not in (None, "")
        }
        if "share" not in numbers:
            raise EconomicsError(f"{where}: share", "is missing: the share of active users on this plan")
        numbers["share"] = _share(f"{where}: share", numbers["share"])
        if any(v < 0 for v in numbers.values()):
            raise EconomicsError(where, "has a negative number")
        if "active_share" in numbers and not 0 < numbers["active_share"] <= 1:
            raise EconomicsError(f"{where}: active_share", "must lie above 0 and at most at 1")
        paid = numbers.get("usd_per_month", 0) > 0 or numbers.get("usd_per_request", 0) > 0
        if kind == "free" and paid:
            raise EconomicsError(f"{where}: kind", "is free, but it has a price; drop one of them")
        if kind != "free" and not paid:
            raise EconomicsError(f"{where}: usd_per_month", 'is missing; or say kind = "free"')
        plans.append(Plan(name=name, kind=next(k for k in KINDS if k == kind), **numbers))
    total = sum(p.share for p in plans)
    if plans and abs(total - 1.0) > 1e-6:
        raise EconomicsError("plan", f"the shares of users add up to {total:g}, not 1; free users count, too")
    return tuple(plans)


def _cohorts(table: Mapping[str, Any], spread: float) -> tuple[Cohort, ...]:
    entries = table.get("cohort", ())
    if not entries:
        shares = cohorts_of_spread(spread)
        return tuple(
            Cohort(name=n, share=s, multiple=m) for n, (s, m) in zip(("light", "median", "heavy"), shares, strict=True)
        )
    if not isinstance(entries, Sequence) or isinstance(entries, str) or len(entries) > MAX_NAMES:
        raise EconomicsError("cohort", f"must be written as [[cohort]], at most {MAX_NAMES} times")
    cohorts = []
    for i, entry in enumerate(entries):
        where = f"cohort[{i + 1}]"
        if not isinstance(entry, Mapping) or "share" not in entry or "multiple" not in entry:
            raise EconomicsError(where, "needs name, share (of users) and multiple (requests over the mean user's)")
        for key in entry:
            pick(where, key, ("name", "share", "multiple"))
        multiple = read_range(f"{where}.multiple", entry["multiple"]).mid
        if not 0 < multiple <= 1e6:
            raise EconomicsError(f"{where}.multiple", f"is {multiple:g}, must be positive")
        share = _share(f"{where}.share", entry["share"])
        cohorts.append(Cohort(name=str(entry.get("name", f"cohort {i + 1}"))[:40], share=share, multiple=multiple))
    shares_sum = sum(c.share for c in cohorts)
    if abs(shares_sum - 1.0) > 1e-6:
        raise EconomicsError("cohort", f"the shares of users add up to {shares_sum:g}, not 1")
    requests = sum(c.share * c.multiple for c in cohorts)
    if abs(requests - 1.0) > 0.05:
        raise EconomicsError(
            "cohort", f"share x multiple add up to {requests:.3g}, not 1: multiples count requests over the mean user's"
        )
    return tuple(cohorts)


def _conflicts(s: Scenario) -> None:
    if "rental_usd_per_hour" in s.ranges and set(s.tenures) == {"owned"}:
        raise EconomicsError("serving.rental_usd_per_hour", 'conflicts with tenures = ["owned"]; drop one of them')
    if s.autoscale and set(s.tenures) <= {"owned", "reserved"}:
        raise EconomicsError(
            "serving.autoscale", "what is reserved or owned is paid all day: drop it, or rent on demand"
        )
    fee = s.mid("payment_fee_share")
    if fee + s.mid("target_margin") >= 1:
        raise EconomicsError("pricing.target_margin", f"and a fee of {fee:.0%} leave nothing for costs; lower it")
