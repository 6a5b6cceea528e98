"""Unit economics: what a user brings, what serving that user costs, and what follows for price, volume and payback."""

from __future__ import annotations

from statistics import NormalDist

import numpy as np
import numpy.typing as npt

__all__ = [
    "ai_to_revenue",
    "cohorts_of_spread",
    "contribution",
    "gross_margin",
    "payback_months",
    "price_for_margin",
    "revenue_per_infrastructure_dollar",
]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike


def _a(value: Number) -> Array:
    return np.asarray(value, float)


def contribution(net_revenue: Number, serving: Number, other: Number) -> Array:
    """What a user leaves after the costs that the user causes: ``r - s - o``. [USD/month]

    Example:
        >>> float(contribution(19.0, 6.0, 1.0))
        12.0
    """
    return np.asarray(_a(net_revenue) - _a(serving) - _a(other))


def gross_margin(revenue: Number, contribution: Number) -> Array:
    """Contribution over revenue; NaN where there is no revenue (a free user has a cost, not a margin). [1]

    Example:
        >>> float(gross_margin(20.0, 12.0))
        0.6
    """
    r = _a(revenue)
    return np.asarray(np.where(r > 0, _a(contribution) / np.where(r > 0, r, 1.0), np.nan))


def price_for_margin(cost: Number, margin: Number, fee_share: Number, fee_fixed: Number) -> Array:
    """Monthly price at which the margin is ``m``: ``p = (c + k) / (1 - f - m)``.

    From ``p - (p f + k) - c = m p``: cost c, fee of a share f and a fixed k.

    Args:
        cost: Serving and other costs of the user, c. [USD/month]
        margin: Wanted, m. [1]
        fee_share: f. [1]
        fee_fixed: k. [USD/payment]

    Returns:
        [USD/month]; infinite where fee and margin leave nothing (m + f >= 1).

    Example:
        >>> round(float(price_for_margin(5.0, 0.7, 0.029, 0.30)), 4)  # 5.30 / 0.271
        19.5572
    """
    left = 1.0 - _a(fee_share) - _a(margin)
    return np.asarray(np.where(left > 0, (_a(cost) + _a(fee_fixed)) / np.where(left > 0, left, 1.0), np.inf))


def ai_to_revenue(serving: Number, revenue: Number) -> Array:
    """Cost of inference over revenue; NaN without revenue. [1]

    Example:
        >>> float(ai_to_revenue(3.0, 20.0))
        0.15
    """
    r = _a(revenue)
    return np.asarray(np.where(r > 0, _a(serving) / np.where(r > 0, r, 1.0), np.nan))


def revenue_per_infrastructure_dollar(serving: Number, revenue: Number) -> Array:
    """Revenue that a dollar of inference brings; NaN where serving is free. [1]

    Example:
        >>> float(revenue_per_infrastructure_dollar(4.0, 20.0))
        5.0
    """
    s = _a(serving)
    return np.asarray(np.where(s > 0, _a(revenue) / np.where(s > 0, s, 1.0), np.nan))


def payback_months(acquisition: Number, contribution: Number) -> Array:
    """Months until a user has returned what winning that user cost; infinite where the user never does. [month]

    Example:
        >>> float(payback_months(60.0, 12.0))
        5.0
    """
    c = _a(contribution)
    return np.asarray(np.where(c > 0, _a(acquisition) / np.where(c > 0, c, 1.0), np.inf))


def cohorts_of_spread(sigma: float) -> tuple[tuple[float, float], ...]:
    """Light, median and heavy users of a log-normal usage: (share of users, requests over the mean user's) of each.

    Light are the lower half, median those from the 50th to the 90th percentile, heavy the top tenth. For a log-normal
    of deviation ``sigma`` the share of all requests that users below quantile p make is ``Phi(Phi^-1(p) - sigma)``.

    Example:
        >>> [(share, round(multiple, 3)) for share, multiple in cohorts_of_spread(1.0)]
        [(0.5, 0.317), (0.4, 1.131), (0.1, 3.891)]
    """
    normal = NormalDist()
    edges = (0.0, 0.5, 0.9, 1.0)
    below = [0.0, *(normal.cdf(normal.inv_cdf(p) - sigma) for p in edges[1:-1]), 1.0]
    found = []
    for i in range(3):
        share = edges[i + 1] - edges[i]
        found.append((round(share, 12), (below[i + 1] - below[i]) / share))
    return tuple(found)
