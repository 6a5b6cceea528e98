"""The few physical parameters: what is assumed of each before any measurement, and the fitted values, read and written.

Every parameter has one value for all (its prior is the data sheet's promise and common knowledge of kernels), shifted by
effects of the engine, its release, the device's architecture family, its kind, and the number format of the arithmetic. Effects
are pooled: each is drawn towards zero, so that a family with few points stays near the common value and one that was never
seen takes it. A release mostly names a campaign of measurements too: its effects keep what is particular to one from passing
for a property of the device or the model. No effect belongs to a model. ``fitting`` does the work.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from functools import cache, cached_property
from importlib import resources
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import Parameters
from groundwire.economics.power import POWER_PRIOR
from groundwire.errors import EconomicsError

Array = npt.NDArray[np.float64]

ENGINES = (("tensorrt", "trtllm"), ("trt", "trtllm"), ("vllm", "vllm"), ("sglang", "sglang"), ("llama", "llama.cpp"),
           ("ollama", "llama.cpp"), ("lm studio", "llama.cpp"), ("genie", "qualcomm"), ("qnn", "qualcomm"), ("mlx", "mlx"),
           ("pytorch", "pytorch"), ("hugging face", "pytorch"), ("kobold", "llama.cpp"), ("gpt4all", "llama.cpp"), ("aphrodite", "vllm"),
           ("cuda", "trtllm"), ("rocm", "vllm"))  # fmt: skip


def engine_class(name: str) -> str:
    """The software family of an engine's name, with or without version."""
    text = name.lower()
    return next((known for part, known in ENGINES if part in text), "other")


def engine_release(name: str, campaign: str = "") -> str:
    """The software family with its release: "trtllm 1.1"; where its name gives none, with who measured: "vllm by somebody"."""
    found = re.search(r"(\d+)\.(\d+)", name)
    which = f" {found[1]}.{found[2]}" if found else f" by {campaign}" if campaign else ""
    return engine_class(name) + which


def expert_format(deployment: Deployment) -> str:
    """How a mixture's routed experts are multiplied: their width in bits, and whether the device can do so natively."""
    if not deployment.model.mixture:
        return "none"
    scheme, device = deployment.scheme, deployment.accelerator
    bits = min(scheme.expert_bits, deployment.model.native_bits)
    wanted = "fp4" if bits < 6 else "fp8" if bits < 12 else "bf16"
    return wanted if wanted in device.peaks else f"{wanted} unpacked"


def pools_of(deployment: Deployment) -> dict[str, str]:
    """The groups that a deployment belongs to, by which effects are pooled."""
    engine = engine_class(deployment.engine)
    device = deployment.accelerator
    return {
        "engine": engine,
        "release": engine_release(deployment.engine),
        "family": device.family,
        "kind": device.kind,
        "format": deployment.scheme.compute,
        "engine/family": f"{engine}/{device.family}",
        "expert format": expert_format(deployment),
        "engine/placement": f"{engine}/{'apart' if deployment.disaggregation else 'together'}",
        "regime": "batch" if deployment.engine.startswith("mlperf") else "serving",
    }


@dataclass(frozen=True, slots=True)
class Rule:
    """How one parameter is fitted: its prior, how sure that is, and which effects shift it (with their spread)."""

    prior: float
    spread: float
    """Standard deviation of the logarithm of the common value."""
    effects: Mapping[str, float] = field(default_factory=dict)
    most: float = np.inf
    """Physical upper bound (a share of a data-sheet figure can't pass 1)."""


def link(rule: Rule, shift: npt.ArrayLike) -> Array:
    """A parameter's value from the sum of its shifts: its logarithm moves, or for shares its logit, so they stay below the bound."""
    moved = np.asarray(shift, float)
    if not np.isfinite(rule.most):
        return np.asarray(rule.prior * np.exp(moved))
    start = rule.prior / rule.most
    return np.asarray(rule.most / (1.0 + (1.0 - start) / start * np.exp(-moved)))


E, F, K, N, X, G, W = "engine", "family", "kind", "format", "engine/family", "regime", "expert format"
U, R = "engine/placement", "release"
RULES: dict[str, Rule] = {
    # shares of a data-sheet figure: spreads are of the logit
    "bandwidth": Rule(0.75, 0.5, {E: 0.21, F: 0.21, K: 0.17, X: 0.14, N: 0.14, R: 0.14}, 1.0),
    "expert_bandwidth": Rule(0.7, 0.6, {E: 0.21, F: 0.14, X: 0.14, W: 0.21, R: 0.14}, 1.0),
    "cache_bandwidth": Rule(0.6, 0.5, {E: 0.21, F: 0.14, K: 0.14, X: 0.1, R: 0.07}, 1.0),
    "compute": Rule(0.6, 0.5, {E: 0.21, F: 0.14, N: 0.14, K: 0.56, G: 0.07, R: 0.07}, 1.0),
    "expert_compute": Rule(0.55, 0.6, {E: 0.21, F: 0.14, K: 0.17, W: 0.21, X: 0.14, R: 0.14}, 1.0),
    "prefill_compute": Rule(0.6, 0.5, {E: 0.3, F: 0.2, N: 0.2, K: 0.8, G: 0.15, R: 0.2}, 1.0),
    "prefill_expert_compute": Rule(0.5, 0.6, {E: 0.3, F: 0.2, K: 0.25, W: 0.3, X: 0.2, R: 0.2}, 1.0),
    "attention_compute": Rule(0.4, 0.5, {E: 0.2, F: 0.2, R: 0.2}, 1.0),
    "link": Rule(0.6, 0.5, {E: 0.14, F: 0.14, R: 0.14}, 1.0),
    "queueing": Rule(0.5, 0.7, {E: 0.4, R: 0.3}, 1.0),
    "spread": Rule(0.9, 0.3, {}, 1.0),
    # times and counts: spreads are of the logarithm
    "layer": Rule(5e-5, 1.0, {E: 0.21, F: 0.14, K: 0.35, X: 0.1, R: 0.17}),
    "routed_layer": Rule(3e-5, 1.0, {E: 0.21, F: 0.14, K: 0.24, X: 0.1, W: 0.14, R: 0.21}),
    "dense_layer": Rule(1e-5, 0.7, {E: 0.14, K: 0.17, R: 0.21}),
    "latent_layer": Rule(2e-5, 0.8, {E: 0.14, F: 0.1, R: 0.21}),
    "linear_layer": Rule(5e-5, 1.0, {E: 0.14}),
    "step": Rule(3e-4, 1.0, {E: 0.21, K: 0.24, R: 0.21}),
    "sequence": Rule(5e-6, 1.0, {E: 0.35, F: 0.1, G: 0.1, R: 0.21}),
    "passes": Rule(12.0, 0.5, {E: 0.14, N: 0.14}),
    "reduce": Rule(5e-6, 0.7, {E: 0.14, F: 0.14, X: 0.07, R: 0.14}),
    "exchange": Rule(1e-5, 1.0, {E: 0.21, R: 0.21}),
    "stage": Rule(2e-5, 1.0, {E: 0.14}),
    "request": Rule(0.015, 1.0, {E: 0.4, K: 0.7, X: 0.2, R: 0.5}),
    "interference": Rule(0.9, 0.2, {E: 0.1, R: 0.14}),
    "first": Rule(1.0, 0.3, {E: 0.3, X: 0.2, R: 0.4}),
    "alignment": Rule(1.0, 0.3, {E: 0.3, R: 0.3}),
    "turnover": Rule(0.1, 0.7, {E: 0.7, R: 1.0}),
    "burst": Rule(1.0, 0.3, {E: 0.4, X: 0.2, R: 0.3}),
    "slow_host": Rule(1e-3, 0.7),
    "shuffle": Rule(6.0, 0.5, {E: 0.14, R: 0.14}),
    "flop_energy": Rule(0.8e-12, 0.3, {F: 0.14}),
    "sharpness": Rule(2.5, 0.3),
    "mixing": Rule(2.0, 0.3, {E: 0.14, R: 0.14}),
    "tile": Rule(24.0, 0.5, {E: 0.14, R: 0.14}),
    "imbalance": Rule(1.0, 0.4, {E: 0.14}),
    "small": Rule(500.0, 1.0),
    "narrow": Rule(700.0, 0.7, {E: 0.14}),
    "scatter": Rule(100.0, 0.7),
    # what reports leave out
    "ahead": Rule(1.02, 0.1, {U: 0.28}),
    "crowd": Rule(8.0, 0.7),
    "scaling": Rule(0.3, 0.5, {}, 1.0),
}
assert {f.name for f in fields(Parameters)} == set(RULES)  # noqa: S101  tells the type checker


@dataclass(frozen=True)
class Calibration:
    """Fitted values: the common one of each parameter, and the pooled effects as natural logarithms."""

    common: Mapping[str, float]
    """Shift of each parameter from its prior (see ``link``)."""
    effects: Mapping[str, Mapping[str, Mapping[str, float]]]
    """parameter -> pool -> group -> shift of the logarithm."""
    deviation: Mapping[str, float] = field(default_factory=dict)
    """Standard deviation of each common value's logarithm."""
    power: Mapping[str, float] = field(default_factory=lambda: dict(POWER_PRIOR))
    """Shares of thermal design power (``power.device_power``)."""
    pairs: frozenset[str] = frozenset()
    """"model/device" that were measured."""
    models: frozenset[str] = frozenset()
    families: frozenset[str] = frozenset()
    """Device families that were measured."""
    releases: frozenset[str] = frozenset()
    """Engine releases that were measured (``engine_release``); one that was not stated is known of its campaign only."""
    quantiles: Mapping[str, Mapping[str, tuple[float, float]]] = field(default_factory=dict)
    """``interval_key`` -> metric -> factors between which 80 % of left-out measurements lay."""

    @cached_property
    def engines(self) -> frozenset[str]:
        """Engines that were measured, without their releases."""
        return frozenset(release.split(" ")[0] for release in self.releases)

    def parameters(self, deployment: Deployment) -> Parameters:
        """The parameters that hold for a deployment."""
        pools = pools_of(deployment)
        values: dict[str, float] = {}
        for name, rule in RULES.items():
            shift = sum(groups.get(pools[pool], 0.0) for pool, groups in self.effects.get(name, {}).items())
            values[name] = float(link(rule, self.common.get(name, 0.0) + shift))
        return Parameters(**values)

    def tier(self, deployment: Deployment) -> Tier:
        """How close the measurements came to a deployment."""
        model, device = deployment.model, deployment.accelerator
        if f"{model.name}/{device.name}" in self.pairs:
            return "calibrated on this pair"
        if device.family in self.families and not model.approximate:
            return "calibrated on neighbours"
        return "data sheets only"

    def basis(self, deployment: Deployment) -> Basis:
        """What of a deployment the measurements lack: a model's shape and a device err differently when they are new.

        An engine that was never measured is as uncertain as another family. An engine whose release is not stated may run
        any: nothing is known of it but in the campaigns that were measured.
        """
        tier = self.tier(deployment)
        if self.engines and engine_class(deployment.engine) not in self.engines:
            return "another family"
        if tier == "calibrated on this pair":
            return "this pair" if self._known_release(deployment) else "another release"
        if tier == "data sheets only":
            return "another family"
        return "another device" if deployment.model.name in self.models else "another model"

    def intervals(self, deployment: Deployment, *, stated: bool = True) -> Mapping[str, tuple[float, float]]:
        """Factors that bound 80 % of measurements, by metric; ``stated`` is false of reports that leave out what matters."""
        basis, mixture = self.basis(deployment) if stated else UNSTATED, deployment.model.mixture
        bounds = {**DEFAULT_INTERVALS, **self.quantiles.get(interval_key(basis, mixture=mixture), {})}
        if not self._known_release(deployment):  # new in two ways: no surer than in either
            for name, (low, high) in self.quantiles.get(interval_key("another release", mixture=mixture), {}).items():
                bounds[name] = (min(low, bounds[name][0]), max(high, bounds[name][1]))
        return bounds

    def _known_release(self, deployment: Deployment) -> bool:
        return not self.releases or engine_release(deployment.engine, deployment.campaign) in self.releases


Tier = Literal["calibrated on this pair", "calibrated on neighbours", "data sheets only"]
Basis = Literal[
    "this pair", "another release", "another device", "another model", "another family", "settings not stated"
]
"""What an interval rests on: the errors on what was left out in the same way."""
UNSTATED: Final = "settings not stated"
"""The basis of reports that leave out what matters: speculation, number of replicas."""
DEFAULT_INTERVALS: Mapping[str, tuple[float, float]] = {
    "ttft": (0.5, 2.0), "tpot": (0.7, 1.5), "tokens_per_s": (0.65, 1.4), "power_w": (0.8, 1.25), "joule_per_token": (0.6, 1.6),
}  # fmt: skip


def interval_key(basis: Basis, *, mixture: bool) -> str:
    """Where the interval of a basis stands: dense models and mixtures of experts have their own."""
    return f"{basis}, {'mixture' if mixture else 'dense'}"


@cache
def load_calibration() -> Calibration:
    """The calibration that ships with the package.

    Raises:
        EconomicsError: the file is damaged.
    """
    text = (resources.files("groundwire.economics") / "data" / "calibration.toml").read_text(encoding="utf-8")
    return parse_calibration(text)


def parse_calibration(text: str) -> Calibration:
    """Read what ``render_calibration`` wrote.

    Raises:
        EconomicsError: not TOML, or not of this form.
    """
    try:
        tables = tomllib.loads(text)
        parameters = tables["parameter"]
        return Calibration(
            common={k: float(v["shift"]) for k, v in parameters.items()},
            deviation={k: float(v["deviation"]) for k, v in parameters.items()},
            effects={k: {pool: {g: float(x) for g, x in groups.items()} for pool, groups in v["effects"].items()} for k, v in parameters.items() if "effects" in v},
            power={k: float(v) for k, v in tables["power"].items()},
            pairs=frozenset(tables["measured"]["pairs"]),
            models=frozenset(tables["measured"]["models"]),
            families=frozenset(tables["measured"]["families"]),
            releases=frozenset(tables["measured"]["releases"]),
            quantiles={tier: {k: (float(low), float(high)) for k, (low, high) in v.items()} for tier, v in tables.get("interval", {}).items()},
        )  # fmt: skip
    except (tomllib.TOMLDecodeError, KeyError, TypeError, ValueError, AttributeError) as error:
        raise EconomicsError("calibration", f"is damaged ({error}); run the calibration again") from error


def render_calibration(c: Calibration, note: str = "") -> str:
    """The calibration as TOML: figures only."""
    lines = [f"# {line}" for line in note.splitlines()]
    for name in RULES:
        rule = RULES[name]
        sd, shift = c.deviation.get(name, rule.spread), c.common.get(name, 0.0)
        value, low, high = (float(link(rule, shift + z * sd)) for z in (0.0, -1.96, 1.96))
        lines += ["", f"[parameter.{name}]", f"value = {value:.4g}", f"interval_95 = [{low:.3g}, {high:.3g}]"]
        lines += [f"shift = {shift:.4f}", f"deviation = {sd:.4f}"]
        for pool, groups in c.effects.get(name, {}).items():
            shown = ", ".join(f'"{g}" = {v:.4f}' for g, v in sorted(groups.items()) if abs(v) >= 5e-4)
            lines.append(f'effects."{pool}" = {{ {shown} }}' if shown else f'effects."{pool}" = {{}}')
    lines += ["", "[power]", *(f"{k} = {v:.5g}" for k, v in c.power.items())]
    for tier, metrics in c.quantiles.items():
        lines += ["", f'[interval."{tier}"]', *(f"{k} = [{a:.4f}, {b:.4f}]" for k, (a, b) in metrics.items())]
    lines += ["", "[measured]"]
    for key in ("models", "families", "releases", "pairs"):
        lines.append(f"{key} = [" + ", ".join(f'"{x}"' for x in sorted(getattr(c, key))) + "]")
    return "\n".join(lines) + "\n"
