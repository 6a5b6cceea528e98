"""The public question: given a deployment, a workload and a number of requests in flight, what comes out?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import Calibration, Tier, load_calibration
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import decode_time
from groundwire.economics.performance.scheduler import Served, largest_batch, serve
from groundwire.economics.performance.speculative import speculative_tpot
from groundwire.economics.performance.terms import terms_of
from groundwire.economics.power import device_power
from groundwire.errors import EconomicsError

__all__ = ["BINDING", "Interval", "Prediction", "Tier", "Workload", "best_concurrency", "predict"]

Array = npt.NDArray[np.float64]
ArrayLike = npt.ArrayLike
BINDING: Final = ("memory bandwidth", "compute", "link", "overhead")
"""What a decode step mostly waits for, by the code in ``Prediction.binding``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Workload:
    """The load, per request; fields broadcast with each other and with the concurrency."""

    input_tokens: ArrayLike
    """Prompt length. [token]"""
    output_tokens: ArrayLike
    """Answer length. [token]"""
    prefix_hit: ArrayLike = 0.0
    """Share of the prompt whose cache is at hand already. [1]"""

    def __post_init__(self) -> None:
        for name, value, low, high in (
            ("input_tokens", self.input_tokens, 0.0, 1e8),
            ("output_tokens", self.output_tokens, 1.0, 1e8),
            ("prefix_hit", self.prefix_hit, 0.0, 1.0),
        ):
            array = np.asarray(value, float)
            if array.size and not bool(np.all((array >= low) & (array <= high))):
                raise EconomicsError(name, f"must lie in {low:g} to {high:g}")


@dataclass(frozen=True, slots=True)
class Interval:
    """Factors on a prediction that 80 % of measurements lie between."""

    low: float
    high: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """What a deployment yields; arrays of the broadcast shape of all that was asked. SI units.

    Entries where the model does not fit into the deployment's memory are NaN in every array but ``batch_max``, which is
    below 1 there (``fits`` tells).
    """

    ttft: Array
    """Mean time to first token, queueing included. [s]"""
    tpot: Array
    """Mean time per output token after the first. [s]"""
    tokens_per_s_user: Array
    """Output seen by one user while the answer streams. [token/s]"""
    tokens_per_s: Array
    """Output of the whole deployment. [token/s]"""
    tokens_per_s_device: Array
    """Output per device. [token/s]"""
    requests_per_s: Array
    """Requests that end per second, whole deployment. [1/s]"""
    batch: Array
    """Sequences that run together in one replica. [sequence]"""
    batch_max: Array
    """Sequences that fit in the whole deployment's memory. [sequence]"""
    fits: npt.NDArray[np.bool_]
    binding: npt.NDArray[np.int8]
    """What a decode step mostly waits for: an index into ``BINDING``."""
    prefill_share: Array
    """Share of the time that goes into prompts. [1]"""
    utilization: Array
    """Useful arithmetic over peak (MFU). [1]"""
    power_w: Array
    """Mean draw of all devices together, without hosts. [W]"""
    joule_per_token: Array
    """Energy of all devices per output token. [J/token]"""
    tier: Tier
    """How close the calibration came to this deployment."""
    interval: dict[str, Interval]
    """By metric: "ttft", "tpot", "tokens_per_s", "power_w", "joule_per_token"."""


def predict(
    deployment: Deployment, workload: Workload, concurrency: ArrayLike, *, calibration: Calibration | None = None
) -> Prediction:
    """The steady state with ``concurrency`` requests in flight over the whole deployment.

    Args:
        deployment: What serves.
        workload: Lengths per request.
        concurrency: Requests in flight, waiting ones included; broadcasts with the workload. [request]
        calibration: Fitted parameters; None: those shipped.

    Raises:
        EconomicsError: a number is out of range; names it.
    """
    wanted = np.asarray(concurrency, float)
    if wanted.size and not bool(np.all((wanted > 0) & np.isfinite(wanted))):
        raise EconomicsError("concurrency", "must be positive; use 1 for a single user")
    calibration = calibration or load_calibration()
    p = calibration.parameters(deployment)
    t = terms_of(deployment)
    inputs = np.asarray(workload.input_tokens, float)
    outputs = np.asarray(workload.output_tokens, float)
    cached = inputs * np.asarray(workload.prefix_hit, float)
    apart = deployment.disaggregation
    replicas = max(deployment.replicas, 1e-9)
    served = serve(
        t, p,
        concurrency=wanted / replicas, input_tokens=inputs, output_tokens=outputs, cached_tokens=cached,
        max_sequences=deployment.max_sequences or np.inf,
        prefill_terms=terms_of(deployment, apart.prefill) if apart else None,
        prefill_replicas=apart.prefill_devices / apart.prefill.devices if apart else 0.0, replicas=replicas,
    )  # fmt: skip
    tpot = served.tpot
    tokens = served.tokens_per_s * replicas
    if deployment.speculation:
        s = deployment.speculation
        checked = decode_time(t, p, served.batch * (1 + s.draft_tokens), inputs + 0.5 * outputs).total
        faster = speculative_tpot(served.decode.total, checked, s.draft_tokens, s.acceptance, s.draft_cost)
        tpot = np.asarray(faster + (served.tpot - served.decode.total))
        tokens = wanted * outputs / (served.ttft + tpot * (outputs - 1.0))
    return _prediction(deployment, calibration, served, tpot, tokens, inputs - cached, outputs)


def _prediction(
    deployment: Deployment,
    calibration: Calibration,
    served: Served,
    tpot: Array,
    tokens: Array,
    fresh: Array,
    outputs: Array,
) -> Prediction:
    replicas = max(deployment.replicas, 1e-9)
    fits = served.batch_max >= 1.0
    hole = np.where(fits, 1.0, np.nan)
    d = served.decode
    binding = np.argmax(np.stack([d.memory, d.compute, d.link, d.overhead]), axis=0).astype(np.int8)
    requests = tokens / outputs
    flop = 2.0 * deployment.model.active_parameters * requests * (fresh + outputs)
    utilization = flop / (deployment.accelerator.peak(deployment.scheme.compute) * deployment.devices)
    watts = device_power(terms_of(deployment), calibration.power, served, utilization) * deployment.devices
    return Prediction(
        ttft=served.ttft * hole,
        tpot=tpot * hole,
        tokens_per_s_user=hole / tpot,
        tokens_per_s=tokens * hole,
        tokens_per_s_device=tokens / deployment.devices * hole,
        requests_per_s=requests * hole,
        batch=served.batch * hole,
        batch_max=served.batch_max * replicas,
        fits=fits,
        binding=binding,
        prefill_share=served.prefill_share * hole,
        utilization=utilization * hole,
        power_w=watts * hole,
        joule_per_token=watts / tokens * hole,
        tier=calibration.tier(deployment),
        interval={k: Interval(*v) for k, v in calibration.intervals(deployment).items()},
    )


def best_concurrency(
    deployment: Deployment,
    workload: Workload,
    *,
    limit_tpot: float = np.inf,
    limit_ttft: float = np.inf,
    calibration: Calibration | None = None,
    points: int = 65,
) -> float:
    """The number of requests in flight that yields most tokens while both latency limits hold; 0: none does.

    Args:
        deployment: What serves.
        workload: Lengths of one kind of request (scalars).
        limit_tpot: Time per output token to keep. [s]
        limit_ttft: Time to first token to keep. [s]
        calibration: Fitted parameters; None: those shipped.
        points: Candidates, spaced evenly in the logarithm.

    Raises:
        EconomicsError: a limit is not positive, or the model does not fit.
    """
    for name, value in (("limit_tpot", limit_tpot), ("limit_ttft", limit_ttft)):
        if not value > 0:
            raise EconomicsError(name, f"must be positive, is {value:g} s")
    context = float(np.asarray(workload.input_tokens, float)) + float(np.asarray(workload.output_tokens, float))
    fits = float(largest_batch(terms_of(deployment), context)) * deployment.replicas
    if fits < 1:
        raise EconomicsError(
            "devices", f"{deployment.model.name} with {context:g} tokens does not fit into {deployment.devices} x "
            f"{deployment.accelerator.title}; take more devices, a smaller model or fewer bits",
        )  # fmt: skip
    if deployment.max_sequences:
        fits = min(fits, deployment.max_sequences * deployment.replicas)
    candidates = np.unique(np.concatenate([fits ** np.linspace(0.0, 1.0, points), [1.0]]))
    found = predict(deployment, workload, candidates, calibration=calibration)
    good = (found.tpot <= limit_tpot) & (found.ttft <= limit_ttft)
    if not good.any():
        return 0.0
    return float(candidates[np.argmax(np.where(good, found.tokens_per_s, -1.0))])
