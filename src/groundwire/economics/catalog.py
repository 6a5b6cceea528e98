"""The catalogue: models, accelerators, prices, grids, cooling; data files, checked when loaded, names in any spelling."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache, cached_property
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from groundwire.economics.accelerators import Accelerator, PriceRange
from groundwire.economics.config_json import read_config
from groundwire.economics.device_prices import MarketPrice, PriceTable, Tenure, own_prices, read_prices
from groundwire.economics.generic_shape import generic_model
from groundwire.economics.models import Attention, Experts, LinearMixer, ModelShape
from groundwire.economics.names import pick
from groundwire.economics.sites import Cooling, Grid, read_cooling, read_grids
from groundwire.economics.spelling import (
    VARIANTS,
    simpler,
    sizes_in,
    stands_in,
    tight,
    without_minor,
    without_sizes,
    words,
)
from groundwire.errors import EconomicsError

__all__ = ["Catalog", "generic_model", "load_catalog", "words"]

_LINE = re.compile(r"\b(macbook|mac|dell|ipad|surface) pro\b", re.IGNORECASE)
"""Product lines whose "Pro" says nothing of the chip."""
TOLERANCE = 0.01
"""Computed and published totals may differ by this without a stated reason."""
MAX_BYTES = 8_000_000
KINDS = ("model", "accelerator", "price", "grid", "cooling")
"""What a catalogue file may hold."""
_SHARED = ("source", "spread", "embodied")
"""Tables of the shipped files that are no entries."""
T = TypeVar("T", bound=ModelShape | Accelerator)


@dataclass(frozen=True)
class Catalog:
    """What there is, by name; look-ups take any spelling in use."""

    models: Mapping[str, ModelShape]
    accelerators: Mapping[str, Accelerator]
    prices: Mapping[str, Mapping[Tenure, MarketPrice]]
    """By accelerator."""
    grids: Mapping[str, Grid]
    """By ISO 3166 code or own name; "WORLD" is the mean."""
    cooling: Mapping[str, Cooling]

    def price(self, accelerator: Accelerator, tenure: Tenure) -> MarketPrice | None:
        """Rent [USD/h] or, if "owned", purchase [USD] of a device; None where no price with a source is known."""
        return self.prices.get(accelerator.name, {}).get(tenure)

    def model(self, name: str) -> ModelShape:
        """The model of a name: catalogue name, alias, Hugging Face id, with or without tuning and packing words.

        Raises:
            EconomicsError: unknown; names the nearest.
        """
        found = self._find_model(name)
        if found is None:
            raise EconomicsError("model", f"{name!r} is not in the catalogue{_nearest(name, self.models)}")
        return found

    def model_or_generic(
        self, name: str, *, parameters: float | None = None, active: float | None = None
    ) -> ModelShape:
        """As ``model``, but an unknown name yields the shape of another version of it ("GLM-4.8" that of 4.5) or a generic one
        from its parameter count, marked approximate.

        The counts are taken from the arguments [1] or, failing these, read in the name ("8B", "30B-A3B", "8x7B").
        """
        found = self._find_model(name)
        if found is not None and (parameters is None or 0.6 < found.parameters / parameters < 1.6):
            return found
        total, used = parameters, active
        if total is None:
            relative = self._relative(name)
            if relative is not None:
                return replace(relative, name=name, approximate=True)
            total, used = sizes_in(name)
        if total is None:
            raise EconomicsError("model", f"{name!r} is not in the catalogue{_nearest(name, self.models)}")
        return generic_model(total, used, name=name)

    def accelerator(self, name: str) -> Accelerator:
        """The accelerator that a name speaks of: catalogue name, alias, or a longer description that contains one.

        Raises:
            EconomicsError: unknown; names the nearest.
        """
        name = _LINE.sub(" ", name)
        tokens = words(name)
        exact = self.accelerators.get(name) or self._accelerator_names.get(tight(name))
        if exact is not None:
            return exact
        # "Some PC (Nvidia RTX 4090)": what stands in brackets computes; the host is only its carrier
        inner = [words(part) for part in re.findall(r"\(([^()]*)\)", name)]
        for text in (*inner, tokens):
            found = self._contained(text)
            if found is not None:
                return found
        raise EconomicsError("accelerator", f"{name!r} is not in the catalogue{_nearest(name, self.accelerators)}")

    # --- how names are found --------------------------------------------------------------------------------------

    def _find_model(self, name: str) -> ModelShape | None:
        table = self._model_names
        plain = name.rsplit("/", 1)[-1]
        for candidate in (name, plain, *simpler(plain)):
            found = table.get(tight(candidate))
            if found is not None and (sizes_in(candidate)[0] or _same_size(plain, found)):
                return found
        return self._inside(words(plain)) or self._only_size(plain)

    def _only_size(self, name: str) -> ModelShape | None:
        """The one model of a family of one size, by its family's name alone."""
        if sizes_in(name)[0]:
            return None
        kept = {tight(candidate) for candidate in simpler(name)}
        found = [m for key, m in self._families.items() if key in kept]
        return found[0] if len(found) == 1 else None

    def _relative(self, name: str) -> ModelShape | None:
        """The latest version of the same model in the same size, where this one is not known."""
        plain = name.rsplit("/", 1)[-1]
        kept = {without_minor(candidate)[0] for candidate in simpler(plain)}
        found = [(v, m) for (key, v), m in self._versions.items() if key in kept and _same_size(plain, m)]
        return max(found, key=lambda f: f[0])[1] if found else None

    def _inside(self, text: str) -> ModelShape | None:
        """A fine-tune that names its base: the model whose longest alias, its size included, stands in the text word by word."""
        have = set(text.split())
        inside = [
            (len(key.split()), len(key), model)
            for model in self.models.values()
            for key in map(words, (model.name, *model.aliases))
            if sizes_in(key)[0] and len(key.split()) > 1 and have.issuperset(key.split()) and _same_size(text, model)
        ]
        return max(inside, key=lambda found: found[:2])[2] if inside else None

    @cached_property
    def _model_names(self) -> dict[str, ModelShape]:
        return _names(self.models)

    @cached_property
    def _families(self) -> dict[str, ModelShape]:
        """Models that are the only size of their family, by name without the size."""
        found: dict[str, set[str]] = {}
        for m in self.models.values():
            found.setdefault(without_sizes(m.name), set()).add(m.name)
        return {family: self.models[min(names)] for family, names in found.items() if len(names) == 1}

    @cached_property
    def _versions(self) -> dict[tuple[str, float], ModelShape]:
        return {without_minor(alias): m for m in self.models.values() for alias in (m.name, *m.aliases)}

    @cached_property
    def _accelerator_names(self) -> dict[str, Accelerator]:
        return {tight(a.title): a for a in self.accelerators.values()} | _names(self.accelerators)

    def _contained(self, text: str) -> Accelerator | None:
        """The accelerator whose longest alias stands in the text as whole words (a footnote digit may cling to it)."""
        best: tuple[tuple[int, int, int], Accelerator] | None = None
        variants = {v for v in VARIANTS if stands_in(v, text)}
        for accelerator in self.accelerators.values():
            for alias in (*accelerator.aliases, accelerator.name):
                key = words(alias)
                if not key or not stands_in(key, text):
                    continue
                rank = (-len(variants - set(key.split())), len(key.split()), len(key))
                if best is None or rank > best[0]:
                    best = (rank, accelerator)
        return best[1] if best else None


def _same_size(name: str, model: ModelShape) -> bool:
    """Whether the parameters that a name speaks of, if it does, are about the model's total or active ones: a larger relative
    whose name is otherwise the same has another shape."""
    said = sizes_in(name)[0]
    return said is None or any(0.7 < have / said < 1.45 for have in (model.parameters, model.active_parameters))


def _names(table: Mapping[str, T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, thing in table.items():
        for alias in (name, *thing.aliases):
            found.setdefault(tight(alias), thing)
    return found


def _nearest(name: str, table: Mapping[str, T]) -> str:
    known = {tight(alias): own for own, thing in table.items() for alias in (own, *thing.aliases)}
    close = difflib.get_close_matches(tight(name.rsplit("/", 1)[-1]), known, n=3, cutoff=0.4)
    names = list(dict.fromkeys(known[c] for c in close))
    return f"; did you mean {' or '.join(names)}?" if names else "; see the catalogue for names"


# --- loading ------------------------------------------------------------------------------------------------------


def load_catalog(extra: Sequence[str | Path] = (), base: Catalog | None = None) -> Catalog:
    """The shipped catalogue (or ``base``) and, over it, the user's own files (the same name replaces).

    Args:
        extra: TOML files with the shipped ones' tables, or ``config.json`` files as Hugging Face publishes them (or
            their folders), which add a model named after the folder.

    Raises:
        EconomicsError: a file can't be read, or an entry is wrong; names the entry, the field and the remedy.
    """
    found = base or _shipped()
    for path in map(Path, extra):
        if path.suffix == ".json" or path.is_dir():
            shape = read_config(path)
            found = _over(found, _only(models={shape.name: shape}))
            continue
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise EconomicsError(str(path), f"can't be read ({error.strerror})") from error
        found = _read(raw, str(path), found)
    return found


@cache
def _shipped() -> Catalog:
    data = resources.files("groundwire.economics") / "data"
    found = _only()
    for name in ("models", "accelerators", "prices", "grid", "cooling"):
        found = _read((data / f"{name}.toml").read_bytes(), f"{name}.toml", found)
    return found


def _only(models: Mapping[str, ModelShape] | None = None) -> Catalog:
    return Catalog(models=models or {}, accelerators={}, prices={}, grids={}, cooling={})


def _over(base: Catalog, more: Catalog) -> Catalog:
    """Both; of the same name, the latter."""
    prices = {name: dict(row) for name, row in base.prices.items()}
    for name, row in more.prices.items():
        prices.setdefault(name, {}).update(row)
    return Catalog(
        models={**base.models, **more.models}, accelerators={**base.accelerators, **more.accelerators}, prices=prices,
        grids={**base.grids, **more.grids}, cooling={**base.cooling, **more.cooling},
    )  # fmt: skip


def _read(raw: bytes, where: str, base: Catalog) -> Catalog:
    """``base`` with a file's entries over it."""
    if len(raw) > MAX_BYTES:
        raise EconomicsError(where, f"is larger than {MAX_BYTES} bytes")
    try:
        tables = tomllib.loads(raw.decode("utf-8-sig"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EconomicsError(where, f"is not valid TOML ({error})") from error
    for key in tables:
        if key not in KINDS and key not in _SHARED:
            raise EconomicsError(f"{where}: {key}", f"write it as {pick(where, key, KINDS)}")
    models = _by_name([_model(entry, where) for entry in _tables(tables, "model", where)], "model", where)
    accelerators = _by_name(
        [_accelerator(entry, where) for entry in _tables(tables, "accelerator", where)], "accelerator", where
    )
    prices: PriceTable = own_prices(accelerators.values())
    stated = read_prices(_tables(tables, "price", where), {**base.accelerators, **accelerators}, where)
    for name, row in stated.items():
        prices.setdefault(name, {}).update(row)
    more = Catalog(
        models=models, accelerators=accelerators, prices=prices, grids=read_grids(tables, where),
        cooling=read_cooling(tables, where),
    )  # fmt: skip
    return _over(base, more)


def _by_name(things: Sequence[T], kind: str, where: str) -> dict[str, T]:
    names = [t.name for t in things]
    twice = {n for n in names if names.count(n) > 1}
    if twice:
        raise EconomicsError(f"{where}: {kind}", f"{min(twice)!r} is given twice")
    return {t.name: t for t in things}


def _tables(tables: Mapping[str, Any], key: str, where: str) -> list[Mapping[str, Any]]:
    entries = tables.get(key, [])
    if not isinstance(entries, list) or not all(isinstance(e, dict) for e in entries):
        raise EconomicsError(f"{where}: {key}", f"must be tables, each headed [[{key}]]")
    return entries


def _checked(entry: Mapping[str, Any], names: Iterable[str], where: str) -> None:
    unknown = set(entry) - set(names)
    if unknown:
        name = min(unknown)
        close = difflib.get_close_matches(name, list(names), n=1)
        hint = f"; did you mean {close[0]}?" if close else ""
        raise EconomicsError(f"{where}: {name}", f"is no field of this entry{hint}")


def _build(kind: type[Any], values: Mapping[str, Any], where: str) -> Any:
    names = [f.name for f in fields(kind)]
    _checked(values, names, where)
    for field in fields(kind):
        value = values.get(field.name)
        kinds = str(field.type)
        wanted: tuple[type, ...] | None = None
        if kinds in ("int", "int | None"):
            wanted = (int,)
        elif kinds in ("float", "float | None"):
            wanted = (int, float)
        elif kinds == "str":
            wanted = (str,)
        if value is not None and wanted and (not isinstance(value, wanted) or isinstance(value, bool)):
            raise EconomicsError(f"{where}: {field.name}", f"must be {kinds.split(' |')[0]}, is {value!r}")
    try:
        return kind(**values)
    except EconomicsError as error:  # its own checks do not know the file
        raise EconomicsError(f"{where}: {error.field.rsplit(': ', 1)[-1]}", error.reason) from error
    except TypeError as error:
        missing = re.findall(r"'(\w+)'", str(error))
        raise EconomicsError(f"{where}: {missing[-1] if missing else 'entry'}", "is missing") from error


def _model(entry: Mapping[str, Any], where: str) -> ModelShape:
    where = f"{where}: model {entry.get('name', '?')!r}"
    values = dict(entry)
    for key, kind in (("attention", Attention), ("linear", LinearMixer), ("experts", Experts)):
        if key in values:
            if not isinstance(values[key], dict):
                raise EconomicsError(f"{where}: {key}", "must be a table")
            values[key] = _build(kind, values[key], f"{where}: {key}")
    values["aliases"] = tuple(str(a) for a in values.get("aliases", ()))
    values.setdefault("ffn_size", 0)
    model: ModelShape = _build(ModelShape, values, where)
    for computed, said, what in (
        (model.parameters, model.published_parameters, "published_parameters"),
        (model.active_parameters, model.published_active, "published_active"),
    ):
        if said and not model.note and abs(computed / said - 1) > TOLERANCE:
            raise EconomicsError(
                f"{where}: {what}", f"is {said:.4g}, but the shape makes {computed:.4g}; correct it or say why in note"
            )
    return model


_UNITS = {
    "memory_byte": "memory", "memory_bandwidth_byte_per_s": "memory_bandwidth", "link_byte_per_s": "link_bandwidth",
    "tdp_w": "tdp", "idle_w": "idle",
}  # fmt: skip
_PEAKS = {f"{k}_flop_per_s": k for k in ("fp32", "bf16", "fp8", "fp4", "int8")}
_PRICES = {"rent_usd_per_hour": ("rent", "USD/h"), "purchase_usd": ("purchase", "USD")}


def _accelerator(entry: Mapping[str, Any], where: str) -> Accelerator:
    where = f"{where}: accelerator {entry.get('name', '?')!r}"
    plain = [f.name for f in fields(Accelerator) if f.name not in {*_UNITS.values(), "peaks", "rent", "purchase"}]
    _checked(entry, [*plain, *_UNITS, *_PEAKS, *_PRICES], where)
    values: dict[str, Any] = {k: v for k, v in entry.items() if k in plain}
    values |= {_UNITS[k]: v for k, v in entry.items() if k in _UNITS}
    values["peaks"] = {_PEAKS[k]: v for k, v in entry.items() if k in _PEAKS}
    if not all(isinstance(v, (int, float)) and not isinstance(v, bool) for v in values["peaks"].values()):
        raise EconomicsError(f"{where}: peaks", "must be numbers in FLOP/s")
    for key, (field, unit) in _PRICES.items():
        if key in entry:
            if not isinstance(entry[key], dict):
                raise EconomicsError(f"{where}: {key}", "must be a table with low, high, source, checked")
            values[field] = _build(PriceRange, {**entry[key], "unit": unit}, f"{where}: {key}")
    values.setdefault("idle", None)
    values["aliases"] = tuple(str(a) for a in values.get("aliases", ()))
    built: Accelerator = _build(Accelerator, values, where)
    return built
