"""The workbench's answer: the sentence first, then figures, charts and tables, ready to be written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

import numpy as np
from markupsafe import Markup

from groundwire.economics import carbon
from groundwire.economics.answer import Answer, BreakEven, break_even, frontier, quote
from groundwire.economics.compare import Row
from groundwire.economics.levers import LeverReport, levers, notes
from groundwire.economics.phrases import (
    headline,
    money,
    number,
    percent,
    seconds,
    small_money,
    small_range,
    tier_note,
    way_name,
)
from groundwire.economics.query import to_query
from groundwire.economics.scenario import Scenario
from groundwire.economics.uncertainty import Spread
from groundwire.economics.units import WH
from groundwire.web.messages import Messages
from groundwire.web.views.workbench_charts import (
    break_even_chart,
    carbon_chart,
    energy_chart,
    frontier_chart,
    tornado,
    waterfall_chart,
    ways_chart,
)
from groundwire.web.views.workbench_common import known_energy, language, quantity, short

__all__ = ["AnswerView", "LeversView", "answer_view", "levers_view"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """One figure with its range."""

    label: str
    value: str
    range: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WayRow:
    """One way in the table."""

    name: str
    request: str
    range: str
    month: str
    ttft: str
    tpot: str
    devices: str
    busy: str
    energy: str
    tier: str
    best: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CohortRow:
    """One user of a cohort on a plan."""

    plan: str
    cohort: str
    users: str
    requests: str
    revenue: str
    serving: str
    left: str
    margin: str
    loses: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AssumptionRow:
    """One number that was filled in."""

    label: str
    value: str
    unit: str
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DisclosureRow:
    """One published figure, or ours."""

    name: str
    request: str
    energy: str
    emissions: str
    water: str
    boundary: str
    source: str
    ours: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnswerView:
    """Everything on the right."""

    headline: str
    facts: Sequence[Fact]
    ways: Sequence[WayRow]
    ways_chart: Markup
    considered: str
    left_out: Sequence[str]
    cohorts: Sequence[CohortRow]
    waterfall: Markup | None
    frontier: Markup | None
    break_even: Markup | None
    break_even_note: str
    tornado: Markup | None
    carbon: Sequence[DisclosureRow]
    energy_chart: Markup | None
    carbon_chart: Markup | None
    carbon_of: str
    assumptions: Sequence[AssumptionRow]
    query: str
    """The whole scenario, as parameters of an address."""


def answer_view(scenario: Scenario, t: Messages, *, on: date) -> AnswerView:
    """Work a scenario out and draw it.

    Raises:
        EconomicsError: it can't be worked out; names the field and the remedy.
    """
    answer = quote(scenario, on=on, top=8, draws=100)
    curve = frontier(scenario, sweep=answer.comparison.sweep)
    crossing = break_even(scenario, on=on, sweep=answer.comparison.sweep)
    known = known_energy(answer)
    return AnswerView(
        headline=headline(answer, language(t)).replace(" %", "\N{NO-BREAK SPACE}%"),
        facts=_facts(answer, t),
        ways=[_way_row(r, t, best=r.way is answer.best.way) for r in answer.comparison.rows],
        ways_chart=ways_chart(answer, t),
        considered=t("workbench.considered", count=answer.comparison.considered),
        left_out=[f"{n} × {t.name('workbench_left_out', reason)}" for reason, n in answer.comparison.left_out.items()],
        cohorts=_cohorts(answer, t),
        waterfall=waterfall_chart(answer, t),
        frontier=frontier_chart(scenario, answer, curve, t),
        break_even=break_even_chart(scenario, crossing, t),
        break_even_note=_break_even_note(scenario, crossing, t),
        tornado=tornado(answer, t),
        carbon=_carbon_rows(answer, t),
        energy_chart=energy_chart(answer, t),
        carbon_chart=carbon_chart(answer, t),
        carbon_of=way_name(known.way, language(t)) if known is not None else "",
        assumptions=_assumptions(answer, t),
        query=urlencode(to_query(scenario.given)),
    )


def _facts(answer: Answer, t: Messages) -> list[Fact]:
    def fact(key: str, s: Spread, form: Any, **words: object) -> Fact:
        spread = "" if s.p10 == s.p90 or s.p50 != s.p50 else f"{form(s.p10)} – {form(s.p90)}"
        return Fact(label=t(f"workbench.fact_{key}", **words), value=form(s.p50), range=spread)

    found = [
        fact("request", answer.best.spread("usd_per_request"), small_money),
        fact("month", answer.best.spread("usd_per_month"), money),
        fact("user", answer.spread("serving_per_user"), money),
    ]
    if answer.metric == "gross_margin":
        target = percent(answer.scenario.mid("target_margin"))
        found += [
            fact("margin", answer.spread("gross_margin"), percent),
            fact("ratio", answer.spread("ai_to_revenue"), percent),
            fact("price", answer.spread("price_for_target"), money, margin=target),
        ]
        payback = answer.spread("payback")
        if payback.p50 == payback.p50:
            never = t("workbench.never")
            found.append(fact("payback", payback, lambda v: never if v == float("inf") else number(v)))
    return found


def _way_row(row: Row, t: Messages, *, best: bool) -> WayRow:
    cost = row.spread("usd_per_request")
    lang = language(t)
    return WayRow(
        name=way_name(row.way, lang),
        request=small_money(cost.p50),
        range=small_range(cost.p10, cost.p90),
        month=money(row.spread("usd_per_month").p50),
        ttft=seconds(row.mid("ttft")),
        tpot=seconds(row.mid("tpot")),
        devices=number(row.mid("devices"), 2),
        busy=percent(row.mid("utilization")),
        energy=number(row.spread("energy").p50 / WH, 2),
        tier=tier_note(str(row.tier), lang, row.interval.get("tokens_per_s")),
        best=best,
    )


def _cohorts(answer: Answer, t: Messages) -> list[CohortRow]:
    found = []
    for r in answer.economics.rows:
        left = float(np.asarray(r.contribution).reshape(-1)[0])
        found.append(
            CohortRow(
                plan=r.plan.name,
                cohort=t.name("workbench_cohorts", r.cohort.name),
                users=percent(r.plan.share * r.cohort.share),
                requests=number(float(np.asarray(r.requests).reshape(-1)[0])),
                revenue=money(float(np.asarray(r.revenue).reshape(-1)[0])),
                serving=money(float(np.asarray(r.serving).reshape(-1)[0])),
                left=money(left),
                margin=percent(float(np.asarray(r.margin).reshape(-1)[0])),
                loses=left < 0 and r.plan.kind != "free",
            )
        )
    return found


def _break_even_note(scenario: Scenario, b: BreakEven, t: Messages) -> str:
    if b.hosted_way is None:
        return t("workbench.no_api")
    if b.self_hosted_way is None:
        return t("workbench.no_own")
    api = way_name(b.hosted_way, language(t))
    if b.at_users is None:
        cheaper = "own" if float(b.self_hosted[-1]) < float(b.hosted[-1]) else "api"
        return t(f"workbench.always_{cheaper}", api=api)
    times = b.at_users / scenario.mid("users")
    key = "crossing" if times > 1 else "crossed"
    return t(f"workbench.{key}", users=number(b.at_users, 2), times=number(times, 2), api=api)


def _carbon_rows(answer: Answer, t: Messages) -> list[DisclosureRow]:
    zh = t.language == "zh"
    found = []
    row = known_energy(answer)
    if row is not None:
        energy, running, making, water = (row.spread(k) for k in ("energy", "emissions", "embodied", "water"))
        found.append(
            DisclosureRow(
                name=t("workbench.yours"),
                request=t("workbench.a_request"),
                energy=f"{number(energy.p50 / WH, 2)} ({number(energy.p10 / WH, 2)} – {number(energy.p90 / WH, 2)})",
                emissions=f"{number(running.p50 * 1e3, 2)} + {number(making.p50 * 1e3, 2)}",
                water=number(water.p50 * 1e3, 2),
                boundary=t("workbench.our_boundary"),
                source="",
                ours=True,
            )
        )
    found += [
        DisclosureRow(
            name=d.name,
            request=d.request_zh if zh else d.request,
            energy="–" if d.energy is None else number(d.energy / WH, 2),
            emissions="–" if d.emissions is None else number(d.emissions * 1e3, 2),
            water="–" if d.water is None else number(d.water * 1e3, 2),
            boundary=d.boundary_zh if zh else d.boundary,
            source=d.source,
            ours=False,
        )
        for d in carbon.disclosures()
    ]
    return found


def _assumptions(answer: Answer, t: Messages) -> list[AssumptionRow]:
    return [
        AssumptionRow(
            label=quantity(a.key, t),
            value=short(a.range),
            unit=t.name("workbench_units", a.unit) if t.language == "zh" else a.unit,
            source=(a.source_zh or a.source) if t.language == "zh" else a.source,
        )
        for a in answer.assumptions
    ]


# --- levers -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class LeverRow:
    """One change."""

    title: str
    saving: str
    range: str
    carbon: str
    detail: str
    quality: str
    work: str
    source: str
    pays: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CombinationRow:
    """Several changes together."""

    titles: str
    saving: str
    sum_of_parts: str
    way: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LeversView:
    """What to change."""

    today: str
    rows: Sequence[LeverRow]
    combinations: Sequence[CombinationRow]
    impossible: Sequence[tuple[str, str]]
    """What could not be worked out, and why."""


def levers_view(scenario: Scenario, t: Messages, *, on: date) -> LeversView:
    """Pull all levers and write them down.

    Raises:
        EconomicsError: what runs today can't be worked out.
    """
    report = levers(scenario, on=on, draws=120)
    zh, lang = t.language == "zh", language(t)
    titles = {key: note.title_zh if zh else note.title for key, note in notes().items()}
    base = report.base
    return LeversView(
        today=f"{way_name(base.way, lang)}, {money(base.spread('usd_per_month').p50)}",
        rows=_lever_rows(report, t),
        combinations=[
            CombinationRow(
                titles=" + ".join(titles[k] for k in c.keys),
                saving=money(c.saving),
                sum_of_parts=money(c.sum_of_parts),
                way=way_name(c.way, lang),
            )
            for c in report.combinations[:6]
        ],
        impossible=[(titles[key], reason) for key, reason in report.impossible.items()],
    )


def _lever_rows(report: LeverReport, t: Messages) -> list[LeverRow]:
    zh = t.language == "zh"
    found = []
    for lever in report.levers:
        s, n = lever.spread, lever.note
        found.append(
            LeverRow(
                title=n.title_zh if zh else n.title,
                saving=money(lever.saving),
                range="" if s.p10 == s.p90 else f"{money(s.p10)} – {money(s.p90)}",
                carbon="–" if lever.emissions_saving is None else number(lever.emissions_saving, 2),
                detail=lever.detail,
                quality=n.quality_zh if zh else n.quality,
                work=n.work_zh if zh else n.work,
                source=n.source,
                pays=lever.saving > 0,
            )
        )
    return found
