"""Operating points: how many requests to run at once so that most are served while the latency limits hold.

The seam to the performance model: ``operate`` asks ``predict`` about one deployment under many workloads, ``Fleet``
asks the same formulas about many deployments at once. Everything after it sees only an ``Operation``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields

import numpy as np
import numpy.typing as npt

from groundwire.economics.calibration import Calibration, expert_format, load_calibration
from groundwire.economics.performance.deployment import Deployment
from groundwire.economics.performance.roofline import Parameters
from groundwire.economics.performance.scheduler import largest_batch, serve
from groundwire.economics.performance.terms import stack_terms, terms_of
from groundwire.economics.prediction import Workload, predict

__all__ = ["Fleet", "Operation", "Served", "operate"]

Array = npt.NDArray[np.float64]
POINTS = 25
"""Candidates for the number of requests in flight, spaced evenly in its logarithm from 1 to what fits."""
MOST_SEQUENCES = 1024.0
"""Sequences per replica that engines run together at most, unless told otherwise (vLLM's default on large devices)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One replica at the point where it serves most within the limits; arrays over workloads or over deployments."""

    capacity: Array
    """Calls that end per second. [call/s]"""
    concurrency: Array
    """Calls in flight. [call]"""
    ttft: Array
    """[s]"""
    tpot: Array
    """[s/token]"""
    prefill_share: Array
    """Share of the replica's time that goes into prompts. [1]"""
    fits: npt.NDArray[np.bool_]
    """Whether the model and one sequence fit into memory."""
    meets: npt.NDArray[np.bool_]
    """Whether any point keeps the limits; if not, the point is that of a single call."""
    batch_max: Array
    """Sequences that fit. [sequence]"""
    power: Array | None = None
    """Draw of the replica's devices there; None where not asked for. [W]"""
    curve: tuple[Array, Array, Array] | None = None
    """For the first workload, by rising load: share of capacity, calls in flight, power over that at the point. [1]"""


@dataclass(frozen=True, slots=True)
class _Pick:
    """Where on the grid of loads the limits stop: between ``index`` and the next, at ``share`` of the way."""

    index: npt.NDArray[np.intp]
    share: Array
    meets: npt.NDArray[np.bool_]
    """Whether any load keeps the limits; if not, the lightest is taken."""

    def take(self, values: Array) -> Array:
        """A figure there, by linear interpolation along the first axis."""
        here = np.take_along_axis(values, self.index[None, ...], axis=0)[0]
        after = np.minimum(self.index + 1, values.shape[0] - 1)
        beyond = np.take_along_axis(values, after[None, ...], axis=0)[0]
        return np.asarray(np.where(self.share > 0, here + self.share * (beyond - here), here))


def _best(ttft: Array, tpot: Array, rate: Array, limit_ttft: Array, limit_tpot: Array) -> _Pick:
    """The heaviest load within the limits: the highest rate on the grid, and from there on as far as both hold."""
    good = (ttft <= limit_ttft) & (tpot <= limit_tpot) & np.isfinite(rate)
    index = np.argmax(np.where(good, rate, -1.0), axis=0)
    meets = np.asarray(good.any(axis=0))
    after = np.minimum(index + 1, rate.shape[0] - 1)
    share = np.ones(index.shape)
    for values, limit in ((ttft, limit_ttft), (tpot, limit_tpot)):
        here, beyond = (np.take_along_axis(values, at[None, ...], axis=0)[0] for at in (index, after))
        room = (np.minimum(limit, beyond) - here) / np.maximum(beyond - here, 1e-300)
        share = np.minimum(share, np.where(beyond > limit, room, 1.0))
    gains = (
        np.take_along_axis(rate, after[None, ...], axis=0)[0] > np.take_along_axis(rate, index[None, ...], axis=0)[0]
    )
    share = np.where(meets & gains & (after > index) & np.isfinite(share), np.clip(share, 0.0, 1.0), 0.0)
    return _Pick(index, np.asarray(share), meets)


def _grid(fits: Array) -> Array:
    """Requests in flight to try, shape (POINTS, ...)."""
    most = np.clip(fits, 1.0, MOST_SEQUENCES)
    steps = np.linspace(0.0, 1.0, POINTS).reshape((POINTS,) + (1,) * most.ndim)
    return np.asarray(most[None, ...] ** steps)


def operate(
    deployment: Deployment,
    input_tokens: npt.ArrayLike,
    output_tokens: npt.ArrayLike,
    prefix_hit: npt.ArrayLike,
    limit_ttft: npt.ArrayLike,
    limit_tpot: npt.ArrayLike,
    *,
    calibration: Calibration | None = None,
) -> Operation:
    """The operating point of one replica (all devices of ``deployment``) for every workload, with power.

    Args:
        deployment: One replica.
        input_tokens: [token]
        output_tokens: [token]
        prefix_hit: Share of the prompt whose cache is at hand. [1]
        limit_ttft: Time to first token to keep. [s]
        limit_tpot: Time per output token to keep. [s]
        calibration: Fitted parameters; None: those shipped.

    Returns:
        The point; arrays of the broadcast shape, at least one-dimensional.
    """
    inputs, outputs, hit, ttft_limit, tpot_limit = (
        np.atleast_1d(a)
        for a in np.broadcast_arrays(
            *(np.asarray(x, float) for x in (input_tokens, output_tokens, prefix_hit, limit_ttft, limit_tpot))
        )
    )
    fits = np.atleast_1d(largest_batch(terms_of(deployment), inputs + outputs)) * deployment.replicas
    grid = _grid(fits)
    load = Workload(input_tokens=inputs, output_tokens=outputs, prefix_hit=hit)
    found = predict(deployment, load, grid, calibration=calibration)
    rate = np.where(np.isfinite(found.requests_per_s), found.requests_per_s, 0.0)
    pick = _best(found.ttft, found.tpot, rate, ttft_limit, tpot_limit)
    capacity, power, flight = pick.take(rate), pick.take(found.power_w), pick.take(grid)
    top = int(pick.index[0]) + 1
    shares = np.append(rate[:top, 0], capacity[0]) / max(float(capacity[0]), 1e-300)
    order = np.argsort(shares)
    drawn = np.append(found.power_w[:top, 0], power[0])
    curve = (
        np.concatenate([[0.0], shares[order]]),
        np.concatenate([[0.0], np.append(grid[:top, 0], flight[0])[order]]),
        np.concatenate([drawn[:1], drawn[order]]) / max(float(power[0]), 1e-300),
    )
    return Operation(
        capacity=capacity,
        concurrency=flight,
        ttft=pick.take(found.ttft),
        tpot=pick.take(found.tpot),
        prefill_share=pick.take(found.prefill_share),
        fits=fits >= 1.0,
        meets=pick.meets & (fits >= 1.0),
        batch_max=fits,
        power=power,
        curve=curve,
    )


class Fleet:
    """Many deployments whose operating points are found together, with the same formulas that ``predict`` uses."""

    def __init__(self, deployments: Sequence[Deployment], *, calibration: Calibration | None = None) -> None:
        used = calibration or load_calibration()
        self.deployments = tuple(deployments)
        self.devices = np.array([d.devices for d in deployments], dtype=float)
        self._terms = stack_terms([terms_of(d) for d in deployments])
        self._replicas = np.array([d.replicas for d in deployments], dtype=float)
        known: dict[tuple[str, ...], int] = {}
        sets: list[Parameters] = []
        which = np.empty(len(deployments), dtype=np.intp)
        for i, d in enumerate(deployments):  # parameters depend on the engine, the device and the formats only
            key = (d.engine, d.accelerator.name, d.scheme.compute, expert_format(d))
            if key not in known:
                known[key] = len(sets)
                sets.append(used.parameters(d))
            which[i] = known[key]
        names = [f.name for f in fields(Parameters)]
        columns = {name: np.array([getattr(p, name) for p in sets], dtype=float)[which] for name in names}
        self._parameters = Parameters(**columns)

    def __len__(self) -> int:
        return len(self.deployments)

    def serve(self, input_tokens: float, output_tokens: float, prefix_hit: float) -> Served:
        """How every deployment serves one workload, at every number of requests in flight.

        Args:
            input_tokens: [token]
            output_tokens: [token]
            prefix_hit: Share of the prompt whose cache is at hand. [1]
        """
        if not len(self):
            none = np.zeros((POINTS, 0))
            return Served(grid=none, ttft=none, tpot=none, rate=none, prefill_share=none, fits=np.zeros(0))
        fits = largest_batch(self._terms, input_tokens + output_tokens) * self._replicas
        grid = _grid(fits)
        served = serve(
            self._terms, self._parameters, concurrency=grid / self._replicas, input_tokens=input_tokens,
            output_tokens=output_tokens, cached_tokens=input_tokens * prefix_hit,
        )  # fmt: skip
        rate = np.where(fits >= 1.0, served.tokens_per_s * self._replicas / output_tokens, 0.0)
        prefill = np.broadcast_to(served.prefill_share, rate.shape)
        return Served(grid=grid, ttft=served.ttft, tpot=served.tpot, rate=rate, prefill_share=prefill, fits=fits)


@dataclass(frozen=True, slots=True, kw_only=True)
class Served:
    """Many deployments under one workload; arrays of shape (points, deployments)."""

    grid: Array
    ttft: Array
    tpot: Array
    rate: Array
    prefill_share: Array
    fits: Array
    """Sequences that fit in a replica; shape (deployments,)."""

    def within(self, limit_ttft: float, limit_tpot: float) -> Operation:
        """The operating point of every deployment under latency limits; arrays of shape (deployments,)."""
        pick = _best(self.ttft, self.tpot, self.rate, np.asarray(limit_ttft), np.asarray(limit_tpot))
        fits = self.fits >= 1.0
        return Operation(
            capacity=pick.take(self.rate),
            concurrency=pick.take(self.grid),
            ttft=pick.take(self.ttft),
            tpot=pick.take(self.tpot),
            prefill_share=pick.take(self.prefill_share),
            fits=fits,
            meets=pick.meets & fits,
            batch_max=self.fits,
        )
