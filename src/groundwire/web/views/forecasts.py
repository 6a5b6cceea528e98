"""The ledger of forecasts as a page: what is overdue, due, open, decided; how good each source was."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from groundwire.forecasts import State
from groundwire.forecasts.probability import Table, tables
from groundwire.forecasts.score import Score, by_source, score
from groundwire.storage.forecasts import Kept
from groundwire.types import Article, Grain
from groundwire.web.views.proof import web_address

MOST = 100
"""Entries shown of each state: a ledger grows for ever, a page may not."""
STATES: tuple[State, ...] = ("overdue", "due", "open", "resolved", "unresolvable")


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """A stated probability."""

    low: float
    high: float
    middle: float
    """What is scored."""
    words: str
    """Verbatim."""
    table: str
    """Key of the published table; "" where the source states a number."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvidenceView:
    """A later passage that bears on a forecast."""

    quote: str
    language: str
    outlet: str
    published_at: datetime
    why: str
    suggests: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Decided:
    """What became of it."""

    verdict: str
    note: str
    decided_by: str
    decided_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastView:
    """One entry of the ledger."""

    id: int
    text: str
    language: str
    outlet: str
    source: str
    who: str
    horizon: str
    first: date | None
    last: date | None
    grain: Grain | None
    reason: str
    probability: Chance | None
    rule: str
    """The line that decides it; "" where there is none."""
    until: date | None
    unresolvable: str
    """Why there is none; "" where there is one."""
    state: State | None
    """None in a static copy, which can't know the day; but "resolved" and "unresolvable" are known."""
    outcome: Decided | None
    evidence: tuple[EvidenceView, ...]
    said_at: datetime
    registered_at: datetime
    event: str | None
    """Slug of the event; None while it is hidden."""
    url: str
    """The passage."""
    original_url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ForecastsPage:
    """The whole ledger."""

    total: Score
    sources: Mapping[str, Score]
    counts: Mapping[str, int]
    """State -> how many."""
    forecasts: tuple[ForecastView, ...]
    """In order of state, then of the last day; resolved ones latest first; at most ``MOST`` of each state."""
    tables: Mapping[str, Table]
    """The published tables of words of probability that are used."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """How a source's earlier forecasts went."""

    source: str
    registered: int
    resolved: int
    true: int
    void: int
    brier: float | None
    baseline: float | None


@dataclass(frozen=True, slots=True, kw_only=True)
class LedgerNote:
    """What the ledger says beside a forecast on an event's page."""

    id: int
    rule: str
    unresolvable: str
    state: State | None
    probability: Chance | None
    outcome: Decided | None
    record: Record | None
    """Of the same source's other forecasts; None if there are none."""
    url: str


def chosen(ledger: Sequence[Kept], now: datetime | None) -> tuple[list[Kept], dict[str, int]]:
    """The entries to show, in order, and how many there are of each state; those of hidden events are left out.

    Args:
        ledger: All entries in order of their last day.
        now: None in a static copy.
    """
    today = now.date() if now else None
    groups: dict[State, list[Kept]] = {state: [] for state in STATES}
    for kept in ledger:
        if kept.event_slug is not None or kept.outcome is not None:
            groups[_state(kept, today) or "open"].append(kept)
    groups["resolved"].sort(key=lambda k: k.outcome.decided_at if k.outcome else k.forecast.said_at, reverse=True)
    groups["unresolvable"].sort(key=lambda k: k.forecast.said_at, reverse=True)
    shown = [kept for group in groups.values() for kept in group[:MOST]]
    return shown, {str(state): len(group) for state, group in groups.items()}


def forecasts_page(ledger: Sequence[Kept], articles: Mapping[int, Article], now: datetime | None) -> ForecastsPage:
    """Put the page together.

    Args:
        ledger: All entries in order of their last day.
        articles: Every version that the ``chosen`` entries or their evidence cite.
        now: None in a static copy.
    """
    shown, counts = chosen(ledger, now)
    entries = [(kept.forecast, kept.outcome) for kept in ledger]
    views = tuple(view(kept, articles, now.date() if now else None) for kept in shown)
    used = {f.probability.table for f in views if f.probability and f.probability.table}
    return ForecastsPage(
        total=score(entries),
        sources=by_source(entries),
        counts=counts,
        forecasts=views,
        tables={key: table for key, table in tables().items() if key in used},
    )


def view(kept: Kept, articles: Mapping[int, Article], today: date | None) -> ForecastView:
    """One entry."""
    f = kept.forecast
    article = articles[f.version_id]
    return ForecastView(
        id=kept.id,
        text=f.text,
        language=f.language,
        outlet=article.outlet,
        source=f.source,
        who=f.who,
        horizon=f.horizon,
        first=f.first,
        last=f.last,
        grain=f.grain,
        reason=f.reason,
        probability=_chance(kept),
        rule=str(f.rule) if f.rule else "",
        until=f.rule.until if f.rule else None,
        unresolvable=f.unresolvable or "",
        state=_state(kept, today),
        outcome=_decided(kept),
        evidence=tuple(
            EvidenceView(
                quote=p.quote,
                language=articles[p.version_id].language,
                outlet=articles[p.version_id].outlet,
                published_at=articles[p.version_id].published_at,
                why=p.why,
                suggests=p.suggests,
                url=f"/articles/{p.version_id}?start={p.start}&end={p.end}",
            )
            for p in kept.proposals
        ),
        said_at=f.said_at,
        registered_at=f.registered_at,
        event=kept.event_slug,
        url=f"/articles/{f.version_id}?start={f.start}&end={f.end}",
        original_url=web_address(article.url),
    )


def ledger_notes(kept: Iterable[Kept], of_sources: Iterable[Kept], today: date | None) -> Mapping[str, LedgerNote]:
    """Notes for an event's page, by the forecast's key.

    Args:
        kept: The page's own forecasts.
        of_sources: Everything that their sources ever forecast.
        today: None in a static copy.
    """
    own = list(kept)
    mine = {k.id for k in own}
    others: dict[str, list[Kept]] = {}
    for other in of_sources:
        if other.id not in mine:
            others.setdefault(other.forecast.source, []).append(other)
    return {
        k.forecast.key: LedgerNote(
            id=k.id,
            rule=str(k.forecast.rule) if k.forecast.rule else "",
            unresolvable=k.forecast.unresolvable or "",
            state=_state(k, today),
            probability=_chance(k),
            outcome=_decided(k),
            record=_record(k.forecast.source, others.get(k.forecast.source, [])),
            url=f"/forecasts#forecast-{k.id}",
        )
        for k in own
    }


def _record(source: str, earlier: Sequence[Kept]) -> Record | None:
    if not earlier:
        return None
    found = score((k.forecast, k.outcome) for k in earlier)
    return Record(
        source=source,
        registered=found.registered,
        resolved=found.resolved,
        true=found.true,
        void=found.void,
        brier=found.brier,
        baseline=found.baseline,
    )


def _state(kept: Kept, today: date | None) -> State | None:
    if today is not None:
        return kept.state(today)
    timeless = kept.state(date.min)
    return timeless if timeless in ("resolved", "unresolvable") else None


def _chance(kept: Kept) -> Chance | None:
    p = kept.forecast.probability
    return None if p is None else Chance(low=p.low, high=p.high, middle=p.middle, words=p.words, table=p.table)


def _decided(kept: Kept) -> Decided | None:
    o = kept.outcome
    if o is None:
        return None
    return Decided(verdict=o.verdict, note=o.note, decided_by=o.decided_by, decided_at=o.decided_at)
