"""From people to load: model calls, tokens, peaks, and how many replicas serve them.

A *request* is what a user asks for; it takes ``steps`` model *calls* (an agent takes many), and a share of the calls
has to be repeated. All functions broadcast; rates are per second.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from groundwire.economics.units import DAY
from groundwire.errors import EconomicsError

__all__ = [
    "call_rate",
    "calls_per_request",
    "peak_rate",
    "peak_to_mean",
    "replica_hours_share",
    "replicas_needed",
    "utilization",
]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike


def calls_per_request(steps: Number, retry_share: Number) -> Array:
    """Model calls that one request costs: ``s / (1 - r)``, each failed call being repeated until it succeeds.

    Args:
        steps: Calls of a run without failures, s. [call/request]
        retry_share: Chance that a call has to be repeated, r, below 1. [1]

    Returns:
        [call/request]

    Example:
        >>> float(calls_per_request(8, 0.2))
        10.0
    """
    return np.asarray(np.asarray(steps, float) / (1.0 - np.asarray(retry_share, float)))


def call_rate(users: Number, requests_per_user_day: Number, calls: Number) -> Array:
    """Mean rate of model calls: ``u * q * c / 86400 s``.

    Args:
        users: Active users, u. [user]
        requests_per_user_day: Requests of the mean user, q. [1/(user day)]
        calls: Calls per request, c. [call/request]

    Returns:
        [call/s]

    Example:
        >>> float(call_rate(86_400, 5, 2))
        10.0
    """
    return np.asarray(np.asarray(users, float) * np.asarray(requests_per_user_day, float) * np.asarray(calls) / DAY)


def peak_to_mean(profile: npt.ArrayLike) -> float:
    """Busiest hour over the mean hour of a daily load profile of 24 numbers (any unit). [1]

    Raises:
        EconomicsError: not 24 numbers, a negative one, or nothing but zeros.

    Example:
        >>> peak_to_mean([0] * 12 + [2] * 12)
        2.0
    """
    hours = np.asarray(profile, float)
    if hours.shape != (24,):
        raise EconomicsError("workload.profile", f"needs 24 numbers, one an hour, has {hours.size}")
    if not np.all(np.isfinite(hours)) or np.any(hours < 0) or not hours.sum() > 0:
        raise EconomicsError("workload.profile", "needs numbers of 0 or more that are not all 0")
    return float(hours.max() / hours.mean())


def peak_rate(mean_rate: Number, ratio: Number, batch_share: Number = 0.0) -> Array:
    """Rate that capacity has to carry: ``max(m * (1 - b) * p, m)``; what may wait fills the valleys.

    Args:
        mean_rate: All calls, m. [call/s]
        ratio: Peak over mean of those that can't wait, p. [1]
        batch_share: Share of calls that may wait for hours, b. [1]

    Returns:
        [call/s]

    Example:
        >>> float(peak_rate(10, 3, 0.2)), float(peak_rate(10, 3, 0.9))
        (24.0, 10.0)
    """
    mean = np.asarray(mean_rate, float)
    return np.asarray(np.maximum(mean * (1.0 - np.asarray(batch_share, float)) * np.asarray(ratio, float), mean))


def replicas_needed(rate: Number, capacity: Number, headroom: Number = 1.0, minimum: Number = 1.0) -> Array:
    """Whole replicas that carry ``rate``: ``max(n_min, ceil(rate / (capacity * h)))``.

    Args:
        rate: Load to carry. [call/s]
        capacity: What one replica yields at its operating point. [call/s]
        headroom: Share of that capacity which is planned for, h (the rest absorbs bursts within the hour). [1]
        minimum: Replicas that always run. [replica]

    Returns:
        [replica]

    Example:
        >>> float(replicas_needed(10, 3)), float(replicas_needed(0.1, 3, minimum=2))
        (4.0, 2.0)
    """
    load = np.asarray(rate, float) / (np.asarray(capacity, float) * np.asarray(headroom, float))
    whole = np.ceil(load - 1e-9)  # a load of exactly n replicas is carried by n, whatever the rounding of floats
    return np.asarray(np.maximum(whole, np.asarray(minimum, float)))


def replica_hours_share(ratio: Number, running: Number, mean_load: Number, minimum: Number = 1.0) -> Array:
    """Mean replicas under hourly scaling over those at the peak: ``min(1, max(n_min, l + 1/2) / n)``. [1]

    Replicas follow the load and are whole: on average half a replica more than the load runs; never fewer than the
    minimum, never more than at the peak.

    Args:
        ratio: Peak over mean; 1 leaves nothing to scale. [1]
        running: Replicas at the peak, n. [replica]
        mean_load: Mean load in replicas' planned capacity, l. [replica]
        minimum: Replicas that always run, n_min. [replica]

    Example:
        >>> float(replica_hours_share(3, 30, 9.5))
        0.3333333333333333
    """
    most = np.asarray(running, float)
    mean = np.maximum(np.asarray(mean_load, float) + 0.5, np.asarray(minimum, float))
    return np.asarray(np.where(np.asarray(ratio, float) > 1.0, np.minimum(mean / most, 1.0), 1.0))


def utilization(rate: Number, replicas: Number, capacity: Number) -> Array:
    """Share of the capacity that is used over the day, 1 at most; the rest is idle time that is paid for. [1]

    Example:
        >>> float(utilization(10, 10, 3).round(3))
        0.333
    """
    full = np.asarray(replicas, float) * np.asarray(capacity, float)
    return np.asarray(np.minimum(np.asarray(rate, float) / full, 1.0))
