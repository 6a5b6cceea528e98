"""Price plans: what users pay, and what is left of it after payment fees."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final, Literal

import numpy as np
import numpy.typing as npt

__all__ = ["KINDS", "Plan", "PlanKind", "net_of_fees", "revenue_per_user"]

Array = npt.NDArray[np.float64]
Number = npt.ArrayLike
PlanKind = Literal["subscription", "seat", "usage", "free"]
KINDS: Final[tuple[PlanKind, ...]] = ("subscription", "seat", "usage", "free")


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One way to pay. ``share`` of all active users are on it."""

    name: str
    kind: PlanKind
    share: float
    """Of active users. [1]"""
    usd_per_month: float = 0.0
    """Subscription: per user; seat: per seat. [USD/month]"""
    usd_per_request: float = 0.0
    """Usage: beyond what is included. [USD/request]"""
    included_requests: float = 0.0
    """Per user and month, before usage is billed. [request/month]"""
    active_share: float = 1.0
    """Seat: share of paid seats that are used; each active user pays for 1/active_share seats. [1]"""


def revenue_per_user(plan: Plan, requests_per_month: Number) -> Array:
    """What an active user on a plan pays a month: ``s / a + max(0, q - q_0) u``.

    Args:
        plan: Its monthly price s (over the share of paid seats in use, a), its price per request u beyond q_0.
        requests_per_month: Requests of that user, q. [request/month]

    Returns:
        [USD/month]

    Example:
        >>> plan = Plan(name="Pro", kind="usage", share=1, usd_per_month=5, usd_per_request=0.01, included_requests=100)
        >>> revenue_per_user(plan, [50, 300]).tolist()
        [5.0, 7.0]
    """
    q = np.asarray(requests_per_month, float)
    metered = np.maximum(q - plan.included_requests, 0.0) * plan.usd_per_request
    return np.asarray(plan.usd_per_month / plan.active_share + metered)


def net_of_fees(revenue: Number, share: Number, fixed: Number) -> Array:
    """Revenue of one monthly payment less the payment provider's fee: ``r - (r f + c)``, nothing where nothing is paid.

    Args:
        revenue: One payment, r. [USD]
        share: Of the amount, f. [1]
        fixed: Per payment, c. [USD]

    Returns:
        [USD]

    Example:
        >>> [round(float(x), 2) for x in net_of_fees([20.0, 0.0], 0.029, 0.30)]
        [19.12, 0.0]
    """
    r = np.asarray(revenue, float)
    fee = r * np.asarray(share, float) + np.asarray(fixed, float)
    return np.asarray(np.where(r > 0, r - fee, 0.0))
