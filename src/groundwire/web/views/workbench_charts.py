"""The workbench's charts: which figures of an answer are drawn, and how they are labelled."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from markupsafe import Markup

from groundwire.economics import carbon
from groundwire.economics.answer import Answer, BreakEven, Frontier, frontier_spread
from groundwire.economics.compare import spread_of
from groundwire.economics.phrases import money, number, tier_note, way_name
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Spread
from groundwire.economics.units import WH
from groundwire.economics.ways import Hosted
from groundwire.web.charts import (
    Bar,
    Line,
    Mark,
    Point,
    Step,
    Swing,
    dot_plot,
    line_chart,
    step_chart,
    tornado_chart,
    twice,
    waterfall,
)
from groundwire.web.messages import Messages
from groundwire.web.views.workbench_common import figure, known_energy, language, quantity

__all__ = [
    "break_even_chart",
    "carbon_chart",
    "energy_chart",
    "frontier_chart",
    "tornado",
    "waterfall_chart",
    "ways_chart",
]


def ways_chart(answer: Answer, t: Messages) -> Markup:
    """Ways by what a request costs."""
    lang = language(t)
    points = []
    for i, row in enumerate(answer.comparison.rows):
        s = row.spread("usd_per_request")
        kind = "best" if i == 0 else "api" if isinstance(row.way, Hosted) else "other"
        points.append(
            Point(
                label=way_name(row.way, lang), low=s.p10 * 100, middle=s.p50 * 100, high=s.p90 * 100,
                note="" if isinstance(row.way, Hosted) else tier_note(str(row.tier), lang), kind=kind,
            )
        )  # fmt: skip
    title, axis = t("workbench.ways"), t("workbench.axis_cents")
    return twice(
        lambda w: dot_plot(points, title=title, axis=axis, form=_cents, value=lambda v: f"{_cents(v)} ¢", width=w)
    )


def _cents(value: float) -> str:
    return number(value, 2)


def waterfall_chart(answer: Answer, t: Messages) -> Markup | None:
    """Per paying user, from what one pays to what is left: means of the middle fifth of draws, which add up."""
    if answer.metric != "gross_margin":
        return None
    paying = sum(p.share for p in answer.scenario.plans if p.kind != "free")
    users = np.asarray(answer.best.draws["users"]) * paying
    e = answer.economics
    profit = np.atleast_1d(e.gross_profit / users)
    drawn = profit[1:] if profit.size > 1 else profit
    low, high = np.quantile(drawn, [0.4, 0.6])
    middle = (drawn >= low) & (drawn <= high)

    def part(values: Any) -> tuple[float, float, float]:
        v = np.broadcast_to(np.atleast_1d(values), profit.shape)
        v = v[1:] if v.size > 1 else v
        return float(v[middle].mean()), float(np.quantile(v, 0.1)), float(np.quantile(v, 0.9))

    revenue, fees, serving, other = (part(x / users) for x in (e.revenue, e.fees, e.serving, e.other))
    free_share = _free_requests(answer)
    own, free = (tuple(x * s for x in serving) for s in (1 - free_share, free_share))
    steps = [Step(label=t("workbench.step_revenue"), amount=revenue[0])]
    for label, costs in (("fees", fees), ("serving", own), ("free", free), ("other", other)):
        if costs[0] > 0.0005 * revenue[0]:
            steps.append(Step(label=t(f"workbench.step_{label}"), amount=-costs[0], low=costs[1], high=costs[2]))
    left = revenue[0] - fees[0] - serving[0] - other[0]
    ends = np.quantile(drawn, [0.1, 0.9])
    steps.append(Step(label=t("workbench.step_left"), amount=left, low=float(ends[0]), high=float(ends[1]), total=True))
    title, axis = t("workbench.waterfall"), t("workbench.axis_waterfall")
    return twice(lambda w: waterfall(steps, title=title, axis=axis, form=money, width=w))


def _free_requests(answer: Answer) -> float:
    """Share of requests that users who pay nothing make: all plans use it alike."""
    return sum(p.share for p in answer.scenario.plans if p.kind == "free")


def frontier_chart(scenario: Scenario, answer: Answer, curve: Frontier, t: Messages) -> Markup | None:
    """Least cost over time per token."""
    if len(curve.tpot) < 2:
        return None
    limit_ms = scenario.mid("tpot_s") * 1000
    # three names (and error bars) are enough: the fastest, the one that holds at the limit, the cheapest
    at_limit = max((i for i, x in enumerate(curve.tpot) if x * 1000 <= limit_ms), default=0)
    named = {0, at_limit, len(curve.tpot) - 1}
    corners = []
    for i, (x, y, way) in enumerate(zip(curve.tpot, curve.usd_per_request, curve.ways, strict=True)):
        name, s = "", Spread(np.nan, np.nan, np.nan)
        if i in named:
            name, s = way_name(way, language(t)), frontier_spread(scenario, curve, i)
        corners.append(Bar(x=float(x) * 1000, y=float(y) * 100, label=name, low=s.p10 * 100, high=s.p90 * 100))
    api = next((r for r in answer.comparison.rows if isinstance(r.way, Hosted)), None)
    level = None
    if api is not None:
        name = way_name(api.way, language(t))
        level = (api.spread("usd_per_request").p50 * 100, (t("workbench.level_api", name=name), name))
    limit = Mark(x=limit_ms, label=t("workbench.mark_limit"), kind="you")
    title, x_axis, y_axis = t("workbench.frontier"), t("workbench.axis_tpot"), t("workbench.axis_cents")
    return twice(
        lambda w: step_chart(
            corners, [limit], level, title=title, x_axis=x_axis, y_axis=y_axis, x_form=_cents, y_form=_cents, width=w
        )
    )


def break_even_chart(scenario: Scenario, b: BreakEven, t: Messages) -> Markup | None:
    """Monthly cost over users."""
    users: list[float] = b.users.tolist()
    lines = []
    own, api = b.self_hosted.tolist(), b.hosted.tolist()
    if np.isfinite(b.self_hosted).any():
        lines.append(Line(label=t("workbench.line_own"), x=users, y=own, kind="best", label_at=0.78))
    if b.hosted_way is not None:
        name = way_name(b.hosted_way, language(t))
        lines.append(Line(label=name, x=users, y=api, kind="api", label_at=0.7))
    if not lines:
        return None
    marks = [Mark(x=scenario.mid("users"), label=t("workbench.mark_you"), kind="you")]
    if b.at_users is not None:
        marks.append(Mark(x=b.at_users, label=t("workbench.mark_crossing", users=number(b.at_users, 2))))
    title, x_axis, y_axis = t("workbench.break_even"), t("workbench.axis_users"), t("workbench.axis_month")
    return twice(
        lambda w: line_chart(
            lines,
            marks,
            title=title,
            x_axis=x_axis,
            y_axis=y_axis,
            x_form=_big,
            y_form=lambda v: f"${_big(v)}",
            width=w,
        )
    )


def _big(value: float) -> str:
    for size, letter in ((1e9, "B"), (1e6, "M"), (1e3, "k")):
        if value >= size * 0.999:
            return f"{value / size:g}{letter}"
    return f"{value:g}"


def _big_money(value: float) -> str:
    return f"${_big(value)}"


def tornado(answer: Answer, t: Messages) -> Markup | None:
    """What moves the answer most."""
    if not answer.bars:
        return None
    margin = answer.metric == "gross_margin"
    base = answer.mid(answer.metric)
    swings = [
        Swing(
            label=quantity(b.name, t), low_label=figure(b.low_value), high_label=figure(b.high_value),
            at_low=b.answer_at_low * (100 if margin else 1), at_high=b.answer_at_high * (100 if margin else 1),
        )
        for b in answer.bars[:9]
    ]  # fmt: skip
    axis = t("workbench.axis_margin" if margin else "workbench.axis_user")
    form = (lambda v: f"{v:.3g} %") if margin else money
    middle, title = base * (100 if margin else 1), t("workbench.tornado")
    return twice(lambda w: tornado_chart(swings, middle, title=title, axis=axis, form=form, more=margin, width=w))


def energy_chart(answer: Answer, t: Messages) -> Markup | None:
    """Energy of a request beside published figures. [Wh]"""
    row = known_energy(answer)
    if row is None:
        return None
    published = [(d, d.energy / WH) for d in carbon.disclosures() if d.energy is not None]
    return _beside(row.spread("energy"), 1 / WH, published, t("workbench.axis_wh"), t)


def carbon_chart(answer: Answer, t: Messages) -> Markup | None:
    """Gases of a request, of running and of making, beside published figures. [g CO2e]"""
    row = known_energy(answer)
    if row is None:
        return None
    ours = spread_of(np.asarray(row.outcome.emissions + np.nan_to_num(row.outcome.embodied)))
    published = [(d, d.emissions * 1e3) for d in carbon.disclosures() if d.emissions is not None]
    return _beside(ours, 1e3, published, t("workbench.axis_grams"), t)


def _beside(
    ours: Spread, scale: float, published: Sequence[tuple[carbon.Disclosure, float]], axis: str, t: Messages
) -> Markup:
    low, middle, high = (x * scale for x in (ours.p10, ours.p50, ours.p90))
    points = [Point(label=t("workbench.yours"), low=low, middle=middle, high=high, kind="best")]
    for d, at in published:
        note = d.request_zh if language(t) == "zh" else d.request
        points.append(Point(label=d.name, note=note, low=at, middle=at, high=at, kind="api"))
    return twice(lambda w: dot_plot(points, title=axis, axis=axis, form=_cents, width=w))
