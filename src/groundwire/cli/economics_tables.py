"""What `groundwire economics` prints: tables for people."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from rich.markup import escape
from rich.padding import Padding
from rich.table import Table

from groundwire.cli.context import console, out
from groundwire.cli.economics_catalog import shape_json
from groundwire.economics.answer import Answer
from groundwire.economics.carbon import disclosures
from groundwire.economics.catalog import Catalog
from groundwire.economics.compare import Comparison, Row
from groundwire.economics.levers import LeverReport
from groundwire.economics.models import ModelShape
from groundwire.economics.parameters import parameters
from groundwire.economics.phrases import money, number, percent, seconds, small_money, small_range, tier_note
from groundwire.economics.uncertainty import Spread
from groundwire.economics.units import WH
from groundwire.economics.usage import MeasuredUsage

__all__ = [
    "plain_table",
    "print_assumptions",
    "print_carbon",
    "print_levers",
    "print_margins",
    "print_shape",
    "print_tornado",
    "print_usage",
    "print_ways",
]  # fmt: skip


def plain_table(*columns: str, right: tuple[str, ...] = ()) -> Table:
    """A table without lines; columns named in ``right`` hold numbers."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    for name in columns:
        table.add_column(name, justify="right" if name in right else "left", overflow="fold")
    return table


WAY_COLUMNS = ("a request", "P10 – P90", "a month", "first token", "per token", "devices", "busy", "Wh")


def _columns(values: Sequence[str]) -> str:
    """Values under ``WAY_COLUMNS``, right-aligned; 80 columns in all, so that a way's long name has its own line."""
    return "".join(value.rjust(width) for value, width in zip(values, (10, 18, 10, 12, 10, 8, 6, 6), strict=True))


def print_ways(comparison: Comparison, limit: int) -> None:
    """Ways side by side, and what was left out."""
    out.print(f"[bold]{_columns(WAY_COLUMNS)}[/]")
    for rank, row in enumerate(comparison.rows[:limit], start=1):
        cost = row.spread("usd_per_request")
        known = tier_note(str(row.tier), "en", row.interval.get("tokens_per_s"))
        out.print(f"{rank:>2}  [bold]{escape(row.way.label)}[/]  [dim]{escape(known)}[/]")
        values = (
            small_money(cost.p50),
            small_range(cost.p10, cost.p90),
            money(row.spread("usd_per_month").p50),
            seconds(row.mid("ttft")),
            seconds(row.mid("tpot")),
            number(row.mid("devices"), 2),
            percent(row.mid("utilization")),
            number(row.spread("energy").p50 / WH, 2),
        )
        out.print(_columns(values))
    if any(row.interval for row in comparison.rows[:limit]):
        out.print(
            "\n[dim]speed × low – high: eight of ten measurements lie between, whatever release of the engine runs[/]"
        )
    out.print()
    more = len(comparison.rows) - limit
    reasons = "; ".join(f"{n} × {escape(reason)}" for reason, n in comparison.left_out.items())
    out.print(
        f"[dim]{comparison.considered} combinations compared{f', {more} more shown by compare' if more > 0 else ''}"
        f"{f'; left out: {reasons}' if reasons else ''}[/]\n"
    )


def print_margins(answer: Answer) -> None:
    """One user of each plan and cohort, then the whole."""
    if not answer.scenario.plans:
        return
    table = Table(box=None, header_style="bold", padding=(0, 1, 0, 0))
    table.add_column("user a month", no_wrap=True)
    for name in ("users", "requests", "revenue", "fees", "serving", "other", "left", "margin"):
        table.add_column(name, justify="right")
    for r in answer.economics.rows:
        values = [float(getattr(r, k).reshape(-1)[0]) for k in ("revenue", "fees", "serving", "other", "contribution")]
        table.add_row(
            f"{escape(r.plan.name)}, {escape(r.cohort.name)}",
            percent(r.plan.share * r.cohort.share),
            number(float(r.requests.reshape(-1)[0])),
            *[money(v) for v in values[:-1]],
            f"[red]{money(values[-1])}[/]" if values[-1] < 0 else money(values[-1]),
            percent(float(r.margin.reshape(-1)[0])),
        )
    out.print(table)
    out.print()
    facts = Table(box=None, show_header=False, padding=(0, 2, 0, 0))
    facts.add_column()
    facts.add_column(justify="right")
    facts.add_column(style="dim")
    names = (
        ("gross margin, all users", "gross_margin", percent),
        ("gross profit a month", "gross_profit", money),
        ("inference over revenue", "ai_to_revenue", percent),
        ("revenue per dollar of inference", "revenue_per_dollar", money),
        (f"price that holds {percent(answer.scenario.mid('target_margin'))}", "price_for_target", money),
        ("payback, months", "payback", _months),
    )
    for label, name, form in names:
        s = answer.spread(name)
        if s.p50 == s.p50:  # not NaN
            facts.add_row(label, form(s.p50), _between(s, form))
    out.print(facts)
    out.print()


def _months(value: float) -> str:
    return "never" if value == float("inf") else number(value)


def _between(s: Spread, form: Any) -> str:
    return f"{form(s.p10)} – {form(s.p90)}" if s.p10 != s.p90 else ""


def print_tornado(answer: Answer) -> None:
    """What moves the answer most."""
    if not answer.bars:
        return
    form = percent if answer.metric == "gross_margin" else money
    what = "gross margin" if answer.metric == "gross_margin" else "cost per user and month"
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column(f"what moves the {what} most")
    for name in ("from", "to", "moves it from", "to"):
        table.add_column(name, justify="right")
    names = {k: p.label for k, p in parameters().items()}
    for bar in answer.bars[:8]:
        label = names.get(bar.name, "Error of the performance model")
        table.add_row(
            label, number(bar.low_value), number(bar.high_value), form(bar.answer_at_low), form(bar.answer_at_high)
        )
    out.print(table)
    out.print()


def print_carbon(answer: Answer) -> None:
    """Energy, gases and water of a request, beside what providers publish."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("one request")
    for name in ("Wh", "g CO2e running", "g CO2e making", "mL water"):
        table.add_column(name, justify="right")
    rows: list[tuple[str, Row]] = [("this application", answer.best)]
    if not answer.best.spread("energy").p50 > 0:  # an API publishes nothing: the cheapest way that is known
        known = next((r for r in answer.comparison.rows if r.spread("energy").p50 > 0), None)
        rows = [("cheapest way with known energy", known)] if known else []
    for label, row in rows:
        energy, running, making, water = (row.spread(k).p50 for k in ("energy", "emissions", "embodied", "water"))
        table.add_row(label, *(number(x, 2) for x in (energy / WH, running * 1e3, making * 1e3, water * 1e3)))
    for d in disclosures():
        table.add_row(
            f"[dim]{escape(d.name)}: {escape(d.request)} ({d.date[:4]})[/]",
            "–" if d.energy is None else number(d.energy / WH, 2),
            "–" if d.emissions is None else number(d.emissions * 1e3, 2),
            "",
            "–" if d.water is None else number(d.water * 1e3, 2),
        )
    out.print(table)
    out.print("[dim]The published figures have other boundaries; --json and docs/workbench.md say which.[/]\n")


def print_assumptions(answer: Answer) -> None:
    """All that was filled in, with its source."""
    table = Table(box=None, header_style="bold", padding=(0, 2, 0, 0))
    table.add_column("assumed")
    table.add_column("", justify="right")
    table.add_column("unit")
    table.add_column("why", style="dim", overflow="fold")
    for a in answer.assumptions:
        r = a.range
        value = number(r.mid) if r.certain else f"{number(r.mid)} ({number(r.low)} – {number(r.high)})"
        table.add_row(a.key, value, a.unit, escape(a.source))
    out.print(table)


def print_levers(report: LeverReport) -> None:
    """What to change, alone and together."""
    base = report.base
    out.print(f"\nToday: {escape(base.way.label)}, {money(base.spread('usd_per_month').p50)} a month\n")
    for rank, lever in enumerate(report.levers, start=1):
        carbon = "" if lever.emissions_saving is None else f", {number(lever.emissions_saving, 2)} kg CO2e"
        between = _between(lever.spread, money)
        out.print(f"{rank:>2}  [bold]{lever.note.title}[/]  {escape(lever.detail)}")
        saved = f"saves {money(lever.saving)} a month{f' ({between})' if between else ''}{carbon}"
        console().print(Padding(saved, (0, 0, 0, 4)))
        for what, told in (("quality", lever.note.quality), ("work", lever.note.work)):
            console().print(Padding(f"[dim]{what}: {escape(told)}[/]", (0, 0, 0, 4)))
    if report.combinations:
        out.print("\n[bold]Together[/] (savings do not add up)")
        for c in report.combinations[:5]:
            out.print(f"  {' + '.join(c.keys)}: {money(c.saving)} (added up: {money(c.sum_of_parts)})", highlight=False)
    for key, reason in report.impossible.items():
        out.print(f"[dim]not worked out: {key}: {escape(reason)}[/]")


def print_shape(shape: ModelShape, catalog: Catalog) -> None:
    """A model's computed figures, and which devices hold it."""
    found = shape_json(shape)
    out.print(f"\n[bold]{escape(shape.name)}[/]{'  (approximate: from its size only)' if shape.approximate else ''}")
    for key in ("parameters", "active_parameters", "layers", "kv_bytes_per_token", "max_context"):
        out.print(f"  {key.replace('_', ' ')}: {str(found[key]) if found[key] < 1000 else number(found[key], 4)}")
    table = plain_table("number format", "weights, GB", "fits on one", right=("weights, GB",))
    for name, size in found["weight_bytes"].items():
        holds = [a.title for a in catalog.accelerators.values() if a.kind.startswith("data") and size < 0.8 * a.memory]
        fits = ", ".join(holds[:4]) + (" …" if len(holds) > 4 else "") if holds else "– (several devices)"
        table.add_row(name, number(size / 1e9), escape(fits))
    out.print(table)
    if shape.source:
        out.print(f"[dim]{escape(shape.source)}[/]")


def print_usage(found: MeasuredUsage) -> None:
    """What a usage file amounts to."""
    calls = "–" if found.calls is None else number(found.calls)
    users = "–" if found.users is None else number(found.users)
    out.print(
        f"\n{found.format}: {number(found.days)} days from {found.first_at:%Y-%m-%d}, {calls} calls, {users} users"
    )
    if found.input_tokens_per_call is not None and found.output_tokens_per_call is not None:
        cached = found.cached_tokens / max(found.input_tokens, 1.0)
        out.print(
            f"A call: {number(found.input_tokens_per_call)} tokens in ({percent(cached)} cached), "
            f"{number(found.output_tokens_per_call)} out; {percent(found.batch_share)} batch, "
            f"{percent(found.failed_share)} failed"
        )
    if found.usd_per_month is not None:
        out.print(f"Present cost: {money(found.usd_per_month)} a month")
    right = ("calls", "input", "cached", "output", "cost")
    table = plain_table("model", *right, "priced by", right=right)
    for m in found.models:
        table.add_row(
            escape(m.model), "–" if m.calls is None else number(m.calls), number(m.input_tokens),
            number(m.cached_tokens), number(m.output_tokens), "–" if m.usd is None else money(m.usd),
            escape(m.priced_by),
        )  # fmt: skip
    out.print(table)
    for note in found.notes:
        out.print(f"[yellow]{escape(note)}[/]")
