"""Revenue meets cost: by plan and cohort, for all users together, and the price that holds a margin."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from groundwire.economics import margin
from groundwire.economics.plans import Plan, net_of_fees, revenue_per_user
from groundwire.economics.scenario import Cohort, Scenario
from groundwire.economics.units import DAY, MONTH
from groundwire.economics.ways import Outcome, Values

__all__ = ["CohortResult", "UnitEconomics", "unit_economics"]

Array = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortResult:
    """One user of a cohort on a plan, a month; arrays over draws. [USD/month]"""

    plan: Plan
    cohort: Cohort
    requests: Array
    """[request/month]"""
    revenue: Array
    fees: Array
    serving: Array
    other: Array
    contribution: Array
    margin: Array
    """NaN for who pays nothing. [1]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class UnitEconomics:
    """The whole application, a month; arrays over draws."""

    rows: tuple[CohortResult, ...]
    """Every plan with every cohort."""
    revenue: Array
    fees: Array
    serving: Array
    other: Array
    gross_profit: Array
    gross_margin: Array
    """NaN without revenue. [1]"""
    median_margin: Array
    """Of a paying user of the middle cohort. NaN without a paid plan. [1]"""
    serving_per_user: Array
    """[USD/(user month)]"""
    ai_to_revenue: Array
    revenue_per_dollar: Array
    price_for_target: Array
    """A paying user's monthly price that holds the target margin, free users carried; NaN if none. [USD/month]"""
    payback: Array
    """Of a paying user's acquisition; infinite if it never pays back, NaN if no cost is given. [month]"""

    def cohort(self, name: str) -> tuple[CohortResult, ...]:
        """Paid rows of one cohort."""
        return tuple(r for r in self.rows if r.cohort.name == name and r.plan.kind != "free")


def unit_economics(scenario: Scenario, outcome: Outcome, v: Values) -> UnitEconomics:
    """Work out revenue and margin; serving is shared among users by their requests, fixed costs among all alike."""
    users = v["users"]
    mean_requests = v["requests_per_user_day"] * (MONTH / DAY)
    each = outcome.usd_per_request
    other = v["other_usd_per_user_month"] + v["fixed_usd_per_month"] / users
    rows = []
    total: dict[str, Array] = {k: np.asarray(0.0) for k in ("revenue", "fees", "left")}
    for plan in scenario.plans:
        for cohort in scenario.cohorts:
            requests = mean_requests * cohort.multiple
            revenue = revenue_per_user(plan, requests)
            net = net_of_fees(revenue, v["payment_fee_share"], v["payment_fee_usd"])
            serving = each * requests
            left = margin.contribution(net, serving, other)
            rows.append(
                CohortResult(
                    plan=plan,
                    cohort=cohort,
                    requests=requests,
                    revenue=revenue,
                    fees=np.asarray(revenue - net),
                    serving=serving,
                    other=np.asarray(other),
                    contribution=left,
                    margin=margin.gross_margin(revenue, left),
                )
            )
            weight = plan.share * cohort.share * users
            for key, value in (("revenue", revenue), ("fees", revenue - net)):
                total[key] = np.asarray(total[key] + weight * value)
    serving_total = outcome.usd_per_month
    other_total = np.asarray(other * users)
    profit = total["revenue"] - total["fees"] - serving_total - other_total
    paying = sum(p.share for p in scenario.plans if p.kind != "free")
    nan = np.nan + 0.0 * serving_total
    price = payback = nan
    if paying > 0:
        per_paying = (serving_total + other_total) / (users * paying)
        price = margin.price_for_margin(per_paying, v["target_margin"], v["payment_fee_share"], v["payment_fee_usd"])
        if "acquisition_usd_per_user" in v:
            payback = margin.payback_months(v["acquisition_usd_per_user"], profit / (users * paying))
    return UnitEconomics(
        rows=tuple(rows),
        revenue=total["revenue"] + 0.0 * serving_total,
        fees=total["fees"] + 0.0 * serving_total,
        serving=serving_total,
        other=other_total,
        gross_profit=np.asarray(profit),
        gross_margin=margin.gross_margin(total["revenue"] + 0.0 * serving_total, profit),
        median_margin=_median_margin(scenario, tuple(rows), nan),
        serving_per_user=np.asarray(serving_total / users),
        ai_to_revenue=margin.ai_to_revenue(serving_total, total["revenue"]),
        revenue_per_dollar=margin.revenue_per_infrastructure_dollar(serving_total, total["revenue"]),
        price_for_target=price,
        payback=payback,
    )


def _median_margin(scenario: Scenario, rows: tuple[CohortResult, ...], nothing: Array) -> Array:
    """Margin of the middle cohort over all paid plans, by their shares."""
    if not scenario.cohorts:
        return nothing
    name = middle_cohort(scenario.cohorts).name
    paid = [r for r in rows if r.cohort.name == name and r.plan.kind != "free"]
    if not paid:
        return nothing
    revenue = sum(r.plan.share * r.revenue for r in paid)
    left = sum(r.plan.share * r.contribution for r in paid)
    return margin.gross_margin(np.asarray(revenue), np.asarray(left))


def middle_cohort(cohorts: tuple[Cohort, ...]) -> Cohort:
    """The cohort called median, else the one in which the median user by use falls."""
    named: Mapping[str, Cohort] = {c.name: c for c in cohorts}
    if "median" in named:
        return named["median"]
    below = 0.0
    ordered = sorted(cohorts, key=lambda c: c.multiple)
    for c in ordered:
        below += c.share
        if below > 0.5:
            return c
    return ordered[-1]
