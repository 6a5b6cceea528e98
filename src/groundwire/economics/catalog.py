"""The catalogue of models and accelerators: data files, checked when loaded, and found by any of the names in use."""

from __future__ import annotations

import difflib
import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, fields
from functools import cache, cached_property, lru_cache
from importlib import resources
from pathlib import Path
from typing import Any, TypeVar

from groundwire.economics.accelerators import Accelerator, PriceRange
from groundwire.economics.models import Attention, Experts, LinearMixer, ModelShape
from groundwire.errors import EconomicsError

__all__ = ["Catalog", "generic_model", "load_catalog", "words"]

TOLERANCE = 0.01
"""Computed and published totals may differ by this without a stated reason."""
MAX_BYTES = 8_000_000

# words of a model's name that say how it was tuned or packed, not what shape it has
_PACKING = frozenset(
    [
        "instruct",
        "chat",
        "it",
        "base",
        "hf",
        "thinking",
        "preview",
        "gguf",
        "awq",
        "gptq",
        "int4",
        "int8",
        "fp8",
        "fp4",
        "nvfp4",
        "mxfp4",
        "bf16",
        "fp16",
        "f16",
        "q4",
        "q8",
        "static",
        "pertensor",
        "dynamic",
        "quantized",
        "edge",
        "latest",
        "99",
        "99.9",
        "meta",
        "nvidia",
    ]
)
# words that name a different device when they follow its number: an alias without them is then the wrong one
_VARIANTS = frozenset(
    ["ti", "super", "xt", "xtx", "gre", "pro", "max", "ultra", "nvl", "pcie", "laptop", "mobile", "ada", "mini", "plus"]
)
_QUANT = re.compile(r"\b(i?q\d(?: \w{1,2}){0,2}|w\d+a\d+|\d+bit|\d bit)\b")
_SIZE = re.compile(r"(?<![\w.])(\d+(?:[.p]\d+)?) ?([bm])\b")
T = TypeVar("T", bound=ModelShape | Accelerator)


@lru_cache(maxsize=65536)
def words(name: str) -> str:
    """A name's letters and numbers, lower case, single spaces: what names are compared by."""
    text = name.lower().replace("‑", "-").replace("(r)", " ").replace("(tm)", " ")
    text = re.sub(r"[^a-z0-9.]+", " ", text)
    text = re.sub(r"\.(?!\d)|(?<!\d)\.", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def _tight(name: str) -> str:
    return words(name).replace(" ", "").replace(".", "")


@dataclass(frozen=True)
class Catalog:
    """Models and accelerators by name; look-ups take any spelling in use."""

    models: Mapping[str, ModelShape]
    accelerators: Mapping[str, Accelerator]

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
        """As ``model``, but an unknown name yields a generic shape from its parameter count, marked approximate.

        The counts are taken from the arguments [1] or, failing these, read in the name ("8B", "30B-A3B", "8x7B").
        """
        found = self._find_model(name)
        if found is not None and (parameters is None or 0.6 < found.parameters / parameters < 1.6):
            return found
        total, used = parameters, active
        if total is None:
            total, used = _sizes_in(name)
        if total is None:
            raise EconomicsError("model", f"{name!r} is not in the catalogue{_nearest(name, self.models)}")
        return generic_model(total, used, name=name)

    def accelerator(self, name: str) -> Accelerator:
        """The accelerator that a name speaks of: catalogue name, alias, or a longer description that contains one.

        Raises:
            EconomicsError: unknown; names the nearest.
        """
        tokens = words(name)
        exact = self.accelerators.get(name) or self._accelerator_names.get(_tight(name))
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
        for candidate in (name, plain, *_simpler(plain)):
            found = table.get(_tight(candidate))
            if found is not None:
                return found
        return None

    @cached_property
    def _model_names(self) -> dict[str, ModelShape]:
        return _names(self.models)

    @cached_property
    def _accelerator_names(self) -> dict[str, Accelerator]:
        return _names(self.accelerators)

    def _contained(self, text: str) -> Accelerator | None:
        """The accelerator whose longest alias stands in the text as whole words (a footnote digit may cling to it)."""
        best: tuple[tuple[int, int, int], Accelerator] | None = None
        variants = {v for v in _VARIANTS if _stands_in(v, text)}
        for accelerator in self.accelerators.values():
            for alias in (*accelerator.aliases, accelerator.name):
                key = words(alias)
                if not key or not _stands_in(key, text):
                    continue
                rank = (-len(variants - set(key.split())), len(key.split()), len(key))
                if best is None or rank > best[0]:
                    best = (rank, accelerator)
        return best[1] if best else None


def _names(table: Mapping[str, T]) -> dict[str, T]:
    found: dict[str, T] = {}
    for name, thing in table.items():
        for alias in (name, *thing.aliases):
            found.setdefault(_tight(alias), thing)
    return found


def _stands_in(key: str, text: str) -> bool:
    """Whether every word of ``key`` stands in ``text`` (one that ends in a digit or "ti" may carry a footnote mark)."""
    have = text.split()
    joined = text.replace(" ", "")
    for word in key.split():
        marked = re.compile(re.escape(word) + r"(1|2)?$") if re.fullmatch(r"\w*\d{3,4}\w*|ti|xt|super", word) else None
        if word in have or (marked and any(marked.match(h) for h in have)):
            continue
        if len(word) >= 4 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word) and word in joined:
            continue  # "m3ultra", "mi300x-nps1"
        return False
    return True


def _simpler(name: str) -> Iterable[str]:
    """The name with ever more tuning and packing words taken off."""
    text = _QUANT.sub(" ", words(name))
    yield text
    kept = [w for w in text.split() if w not in _PACKING]
    yield " ".join(kept)
    kept = [w for w in kept if not re.fullmatch(r"v\d(\.\d)?|\d{4}|\d{6}", w)]
    yield " ".join(kept)
    for end in range(len(kept) - 1, 1, -1):  # fine-tunes append their own names
        yield " ".join(kept[:end])


def _nearest(name: str, table: Mapping[str, T]) -> str:
    known = {_tight(alias): own for own, thing in table.items() for alias in (own, *thing.aliases)}
    close = difflib.get_close_matches(_tight(name.rsplit("/", 1)[-1]), known, n=3, cutoff=0.4)
    names = list(dict.fromkeys(known[c] for c in close))
    return f"; did you mean {' or '.join(names)}?" if names else "; see the catalogue for names"


def _sizes_in(name: str) -> tuple[float | None, float | None]:
    """Total and active parameters that a name speaks of. [1]"""
    text = words(name)
    experts = re.search(r"\b(\d+)x(\d+(?:\.\d+)?)b\b", text)
    if experts:
        count, each = int(experts[1]), float(experts[2]) * 1e9
        return count * each * 0.84, 2 * each * 0.9  # attention and embeddings are shared: Mixtral's proportions
    mixed = re.search(r"(\d+(?:\.\d+)?)b a(\d+(?:\.\d+)?)b\b", text)
    if mixed:
        return float(mixed[1]) * 1e9, float(mixed[2]) * 1e9
    sizes = [float(n.replace("p", ".")) * (1e9 if unit == "b" else 1e6) for n, unit in _SIZE.findall(" " + text)]
    sizes = [s for s in sizes if 1e7 <= s <= 1e13]
    return (sizes[0], None) if sizes else (None, None)


def generic_model(parameters: float, active: float | None = None, *, name: str = "") -> ModelShape:
    """A typical shape for a parameter count: depth and width as published models of that size have them.

    Dense: the width grows with the cube root of size and depth with the rest, feed-forward 3.5 x width, grouped-query
    attention with 8 key-value heads of 128. Mixture: eight experts are used, their number and size chosen to give both counts.

    Raises:
        EconomicsError: counts out of range.
    """
    if not 1e6 <= parameters <= 1e14:
        raise EconomicsError("parameters", f"{parameters:g} lies outside 1e6 to 1e14; give the count in single weights")
    used = parameters if active is None else active
    if not 0 < used <= parameters * 1.001:
        raise EconomicsError("active parameters", f"{used:g} must be positive and at most the total {parameters:g}")
    vocabulary = 128_000 if parameters > 8e8 else 50_000
    # widths of published dense models: 2048 at 1.2e9, 4096 at 8e9, 5120 at 3.2e10, 8192 at 7e10, 16384 at 4e11
    hidden = max(256, round(4096 * (used / 8e9) ** 0.36 / 128) * 128)
    tied = used < 4e9
    body = max(used - vocabulary * hidden * (1 if tied else 2), used * 0.3)
    heads = max(hidden // 128, 1)
    kv_heads = min(8, heads)
    ffn = int(3.5 * hidden)
    per_layer = hidden * 128 * (2 * heads + 2 * kv_heads) + 3 * hidden * ffn
    layers = max(2, round(body / per_layer))
    attention = Attention(layers=layers, heads=heads, kv_heads=kv_heads, head_dim=128)
    experts: Experts | None = None
    if used < 0.9 * parameters:
        top = 8
        fixed = vocabulary * hidden * (1 if tied else 2) + attention.parameters(hidden)
        routed = min(0.6 * used, max(used - fixed, 0.2 * used))  # of the active weights, those in routed experts
        count = max(top + 1, round(top * (parameters - used + routed) / routed))
        each = routed / top / layers / (3 * hidden)
        shared = max(0.0, (used - fixed - routed) / layers / (3 * hidden))
        experts = Experts(layers=layers, count=count, active=top, size=max(1, round(each)), shared_size=round(shared))
    return ModelShape(
        name=name or f"generic-{parameters / 1e9:g}b",
        hidden_size=hidden,
        vocab_size=vocabulary,
        attention=attention,
        dense_layers=0 if experts else layers,
        ffn_size=0
        if experts
        else max(1, round((body / layers - hidden * 128 * (2 * heads + 2 * kv_heads)) / 3 / hidden)),
        experts=experts,
        tied_embeddings=tied,
        published_parameters=parameters,
        published_active=used,
        approximate=True,
        source="generic shape for this parameter count",
    )


# --- loading ------------------------------------------------------------------------------------------------------


def load_catalog(extra: Sequence[str | Path] = ()) -> Catalog:
    """The shipped catalogue and, over it, the user's own TOML files (same tables; the same name replaces).

    Raises:
        EconomicsError: a file can't be read, or an entry is wrong; names the entry, the field and the remedy.
    """
    shipped = _shipped()
    if not extra:
        return shipped
    models, accelerators = dict(shipped.models), dict(shipped.accelerators)
    for path in map(Path, extra):
        try:
            raw = path.read_bytes()
        except OSError as error:
            raise EconomicsError(str(path), f"can't be read ({error.strerror})") from error
        added = _parse(raw, str(path))
        models.update(added.models)
        accelerators.update(added.accelerators)
    return Catalog(models=models, accelerators=accelerators)


@cache
def _shipped() -> Catalog:
    data = resources.files("groundwire.economics") / "data"
    models = _parse((data / "models.toml").read_bytes(), "models.toml")
    accelerators = _parse((data / "accelerators.toml").read_bytes(), "accelerators.toml")
    return Catalog(models=models.models, accelerators=accelerators.accelerators)


def _parse(raw: bytes, where: str) -> Catalog:
    if len(raw) > MAX_BYTES:
        raise EconomicsError(where, f"is larger than {MAX_BYTES} bytes")
    try:
        tables = tomllib.loads(raw.decode("utf-8"))
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise EconomicsError(where, f"is not valid TOML ({error})") from error
    models = [_model(entry, where) for entry in _tables(tables, "model", where)]
    accelerators = [_accelerator(entry, where) for entry in _tables(tables, "accelerator", where)]
    for kind, things in (("model", models), ("accelerator", accelerators)):
        names = [t.name for t in things]
        twice = {n for n in names if names.count(n) > 1}
        if twice:
            raise EconomicsError(f"{where}: {kind}", f"{min(twice)!r} is given twice")
    return Catalog(models={m.name: m for m in models}, accelerators={a.name: a for a in accelerators})


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
