"""An event's page in a terminal: wrapped to its width, each statement with its sources under it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.console import RenderableType
from rich.padding import Padding
from rich.text import Text

from groundwire.editions.markdown import HEADINGS
from groundwire.types import Article, Brief, Event, Milestone, NumberGroup, Statement


def reach(event: Event) -> str:
    """How many reports, and how many of them are no copies."""
    origins = len({member.origin_id for member in event.members})
    reports = f"{len(event.members)} report{'s' if len(event.members) != 1 else ''}"
    return f"{reports}, {origins} independent" if len(event.members) > 1 else reports


def listed(number: int, event: Event, brief: Brief) -> Iterator[RenderableType]:
    """An event in a list: headline, hook, what it rests on, and the name to ask for it by."""
    yield Text.assemble((f"{number:>3}  ", "dim"), (brief.headline.text, "bold"))
    if brief.hook:
        yield Padding(Text(brief.hook.text), (0, 0, 0, 5))
    contested = " · sources disagree" if any(g.status == "conflicts" for g in brief.numbers) else ""
    told = f"{event.last_published_at:%Y-%m-%d %H:%M} UTC · {reach(event)}{contested}"
    yield Padding(Text(told, style="dim"), (0, 0, 0, 5))
    yield Padding(Text(event.slug, style="cyan", no_wrap=True, overflow="ignore"), (0, 0, 1, 5))


def whole(event: Event, brief: Brief, articles: Mapping[int, Article]) -> Iterator[RenderableType]:
    """Every element of the page that a terminal can show, in the page's order."""
    words = HEADINGS.get(brief.language, HEADINGS["en"])
    yield Text(brief.headline.text, style="bold")
    yield Text(f"{event.slug} · {reach(event)}", style="dim")
    if brief.hook:
        yield Padding(Text(brief.hook.text, style="italic"), (1, 0, 0, 0))
    for name, told in (
        ("what_changed", brief.what_changed),
        ("why_it_matters", brief.why_it_matters),
        ("what_to_do", brief.what_to_do),
    ):
        if told is not None:
            yield _heading(words[name])
            yield from _said(told, articles)
    if brief.who_should_care:
        yield _heading(words["who_should_care"])
        for audience in brief.who_should_care:
            yield _line(Text.assemble(audience.role, (f"  “{audience.statement.text}”", "dim")))
    yield from _section(words["takeaways"], brief.takeaways, articles)
    yield from _section(words["deep_dive"], brief.deep_dive, articles)
    if brief.numbers:
        yield _heading(words["numbers"])
        for group in brief.numbers:
            yield _line(_number(group, words["conflicts"]))
    yield from _section(words["implications"], [i.statement for i in brief.implications], articles)
    if brief.timeline:
        yield _heading(words["timeline"])
        for milestone in brief.timeline:
            yield from _said(milestone.statement, articles, before=f"{_day(milestone)}  ")
    if brief.related:
        yield _heading(words["related"])
        for other in brief.related:
            yield _line(Text.assemble((f"{other.relation}  ", "dim"), other.title, (f"  {other.slug}", "cyan")))


def _section(title: str, told: Sequence[Statement], articles: Mapping[int, Article]) -> Iterator[RenderableType]:
    if told:
        yield _heading(title)
        for statement in told:
            yield from _said(statement, articles)


def _heading(title: str) -> RenderableType:
    return Padding(Text(title, style="bold underline"), (1, 0, 0, 0))


def _line(text: Text) -> RenderableType:
    return Padding(text, (0, 0, 0, 2))


def _said(statement: Statement, articles: Mapping[int, Article], before: str = "") -> Iterator[RenderableType]:
    named = [articles[c.version_id] for c in statement.citations if c.version_id in articles]
    sources = "; ".join(dict.fromkeys(f"{article.outlet}, {article.published_at:%Y-%m-%d}" for article in named))
    yield _line(Text.assemble((before, "bold"), statement.text, (f"  ({sources})", "dim")))


def _number(group: NumberGroup, conflict: str) -> Text:
    found = Text.assemble((f"{group.measures}: ", ""))
    for position, row in enumerate(group.rows):
        found.append("; " if position else "")
        found.append(row.quantity.text, style="bold")
        found.append(f" ({row.outlet})", style="dim")
    if group.status == "conflicts":
        found.append(f"  {conflict}", style="red")
    return found


def _day(milestone: Milestone) -> str:
    shown = {"year": "%Y", "month": "%Y-%m"}.get(milestone.grain, "%Y-%m-%d")
    return f"{milestone.first:{shown}}"
