"""The event page: every element under the name that the design gives it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from types import MappingProxyType
from urllib.parse import quote, urlencode

from groundwire.bill import Bill
from groundwire.forecasts import forecast_key
from groundwire.sample.outlets import SAMPLE_MARKS
from groundwire.storage.corrections import Logged
from groundwire.types import Brief, Event, Grain, Implication, NumberGroup, NumberRow, Reason, RelatedEvent
from groundwire.web.desk import Dossier
from groundwire.web.views.forecasts import LedgerNote
from groundwire.web.views.making import Making, making
from groundwire.web.views.parts import (
    Contested,
    Coverage,
    Freshness,
    Report,
    contested,
    contested_in_summary,
    coverage,
    freshness,
    lead_of,
    report,
    sides_of,
    spoken,
)
from groundwire.web.views.proof import Notes, StatementView, snippet

RIGHTS = "All content rights belong to original publishers."


@dataclass(frozen=True, slots=True, kw_only=True)
class Sources:
    """The lead source and every other article."""

    lead: Report
    others: tuple[Report, ...]
    coverage: Coverage


@dataclass(frozen=True, slots=True, kw_only=True)
class Share:
    """Addresses that pass the page on; no third-party script."""

    x: str
    linkedin: str
    email: str
    link: str
    markdown: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Concerned:
    """A reader's role that the event concerns."""

    role: str
    statement: StatementView


@dataclass(frozen=True, slots=True, kw_only=True)
class Summary:
    """The 30-second summary."""

    what_changed: StatementView | None
    why_it_matters: StatementView | None
    what_to_do: StatementView | None
    who_should_care: tuple[Concerned, ...]
    contested: tuple[Contested, ...]
    """Figures that the summary rests on and on which sources differ."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number as one source states it."""

    text: str
    """Verbatim."""
    before: str
    after: str
    qualifier: str
    said_by: str
    """Verbatim; "" if the outlet itself."""
    outlet: str
    statement: StatementView


@dataclass(frozen=True, slots=True, kw_only=True)
class Side:
    """One value, and everyone who states it."""

    text: str
    """As a source writes it, one in the page's language if there is one."""
    value: float
    upper: float | None
    unit: str
    kind: str
    figures: tuple[Figure, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """What the sources say of one measure; with two sides or more they disagree or one revises the other."""

    measures: str
    status: str
    sides: tuple[Side, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Horizon:
    """By when."""

    text: str
    first: date
    last: date
    grain: Grain


@dataclass(frozen=True, slots=True, kw_only=True)
class Prediction:
    """A forecast: what, by when, by whom, why."""

    statement: StatementView
    who: str
    horizon: Horizon | None
    because: str
    """The reason given, verbatim; "" if none is."""
    reason: StatementView | None
    """The same with its own proof, where it stands elsewhere than in the statement."""
    ledger: LedgerNote | None
    """What the ledger of forecasts says of it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Dated:
    """One line of the timeline."""

    first: date
    last: date
    grain: Grain
    statement: StatementView
    event: str | None
    """Slug of the earlier event that it comes from; None for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Neighbour:
    """A related event."""

    slug: str
    title: str
    relation: str
    url: str
    reasons: tuple[Reason, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActionView:
    """The way into the workbench."""

    kind: str
    parameters: Mapping[str, str]
    url: str
    statement: StatementView | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """The weekly recap that the event is in."""

    week: str
    """ISO 8601: "2026-W07"."""
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """An independent report and its copies, with why it is in this event."""

    report: Report
    copies: tuple[Report, ...]
    reasons: tuple[Reason, ...]
    pinned: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CorrectionView:
    """Cited words that their publisher changed, and what became of the statement on them."""

    noticed_at: datetime
    outlet: str
    language: str
    kind: str
    fate: str
    quote: str
    now_says: str
    """"" where nothing like it is left."""
    newer_url: str
    """The passage as it is now; "" if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EventPage:
    """An event's page."""

    id: int
    slug: str
    url: str
    language: str
    topics: tuple[str, ...]
    hidden: bool
    first_published_at: datetime
    last_published_at: datetime
    freshness: Freshness
    headline: StatementView
    sources: Sources
    share: Share
    hook: StatementView | None
    tldr: Summary
    takeaways: tuple[StatementView, ...]
    deep_dive: tuple[StatementView, ...]
    numbers: tuple[Measure, ...]
    contested: tuple[Contested, ...]
    implications: tuple[Prediction, ...]
    timeline: tuple[Dated, ...]
    related: tuple[Neighbour, ...]
    action: ActionView | None
    recap: Recap
    rights: str
    sample: bool
    """Whether all of it is made-up news of the sample wire."""
    together: tuple[Origin, ...]
    corrections: tuple[CorrectionView, ...]
    """Newest first."""
    provenance: Making


def event_page(
    dossier: Dossier,
    *,
    now: datetime | None,
    fresh_hours: float,
    base_url: str,
    ledger: Mapping[str, LedgerNote] = MappingProxyType({}),
    corrections: Sequence[Logged] = (),
    bill: Bill | None = None,
) -> EventPage:
    """Put an event's page together; ``now`` None for a static copy, ``ledger`` by the forecast's key."""
    event, brief = dossier.event, dossier.brief
    notes = Notes(dossier.versions)
    # in page order, as the notes are numbered on the way
    headline = notes.statement(brief.headline)
    hook = notes.optional(brief.hook)
    tldr = Summary(
        what_changed=notes.optional(brief.what_changed),
        why_it_matters=notes.optional(brief.why_it_matters),
        what_to_do=notes.optional(brief.what_to_do),
        who_should_care=tuple(
            Concerned(role=a.role, statement=notes.statement(a.statement)) for a in brief.who_should_care
        ),
        contested=contested_in_summary(brief),
    )
    takeaways = tuple(map(notes.statement, brief.takeaways))
    deep_dive = tuple(map(notes.statement, brief.deep_dive))
    numbers = tuple(_measure(group, brief.language, notes) for group in brief.numbers)
    implications = tuple(_prediction(implication, notes, dossier, ledger) for implication in brief.implications)
    slugs = {other.event_id: other.slug for other in dossier.related}
    timeline = tuple(
        Dated(
            first=m.first,
            last=m.last,
            grain=m.grain,
            statement=notes.statement(m.statement),
            event=slugs.get(m.event_id) if m.event_id is not None else None,
        )
        for m in brief.timeline
    )
    return EventPage(
        id=event.id,
        slug=event.slug,
        url=f"/events/{event.slug}",
        language=brief.headline.language,
        topics=event.topics,
        hidden=event.hidden,
        first_published_at=event.first_published_at,
        last_published_at=event.last_published_at,
        freshness=freshness(dossier.current, event, now, fresh_hours),
        headline=headline,
        sources=_sources(dossier),
        share=_share(event, brief, base_url),
        hook=hook,
        tldr=tldr,
        takeaways=takeaways,
        deep_dive=deep_dive,
        numbers=numbers,
        contested=contested(brief),
        implications=implications,
        timeline=timeline,
        related=tuple(map(_neighbour, dossier.related)),
        action=_action(event, brief, notes),
        recap=recap_of(event.last_published_at),
        rights=RIGHTS,
        sample=all(article.outlet.endswith(SAMPLE_MARKS) for article in dossier.current),
        together=_together(dossier),
        corrections=tuple(_corrected(logged, dossier) for logged in corrections),
        provenance=making(dossier, bill),
    )


def _corrected(logged: Logged, dossier: Dossier) -> CorrectionView:
    c = logged.correction
    outlets = {article.article_id: article.outlet for article in dossier.versions.values()}
    end = c.now_start + len(c.now_says)
    return CorrectionView(
        noticed_at=logged.noticed_at,
        outlet=outlets.get(c.article_id, ""),
        language=c.language,
        kind=c.kind,
        fate=c.fate,
        quote=c.quote,
        now_says=c.now_says,
        newer_url=f"/articles/{c.newer_id}?start={c.now_start}&end={end}" if c.now_says else "",
    )


def recap_of(at: datetime) -> Recap:
    """The recap of the ISO week that holds a moment."""
    year, week, _ = at.isocalendar()
    name = f"{year}-W{week:02}"
    return Recap(week=name, url=f"/weekly/{name}")


def _sources(dossier: Dossier) -> Sources:
    brief, current = dossier.brief, dossier.current
    cited = dossier.versions.get(brief.headline.citations[0].version_id) if brief.headline.citations else None
    lead = lead_of(current, cited) or cited
    if lead is None:
        raise ValueError(f"event {dossier.event.slug} has a brief but no article")
    return Sources(
        lead=report(lead),
        others=tuple(report(a) for a in current if a.article_id != lead.article_id),
        coverage=coverage(dossier.event, current),
    )


def _share(event: Event, brief: Brief, base_url: str) -> Share:
    link = f"{base_url}/events/{event.slug}"
    title = brief.headline.text
    body = quote(f"{title}\r\n\r\n{link}")
    return Share(
        x="https://x.com/intent/post?" + urlencode({"text": title, "url": link}),
        linkedin="https://www.linkedin.com/sharing/share-offsite/?" + urlencode({"url": link}),
        email=f"mailto:?subject={quote(title)}&body={body}",
        link=link,
        markdown=f"/events/{event.slug}.md",
    )


def _prediction(
    implication: Implication, notes: Notes, dossier: Dossier, ledger: Mapping[str, LedgerNote]
) -> Prediction:
    horizon, reason = implication.horizon, implication.reason
    cited = implication.statement.citations[0]
    key = forecast_key(dossier.versions[cited.version_id].article_id, cited.quote)
    return Prediction(
        statement=notes.statement(implication.statement),
        who=implication.who,
        horizon=None
        if horizon is None
        else Horizon(text=horizon.text, first=horizon.first, last=horizon.last, grain=horizon.grain),
        because=reason.text if reason else "",
        reason=None if reason is None or reason.text in implication.statement.text else notes.statement(reason),
        ledger=ledger.get(key),
    )


def _measure(group: NumberGroup, language: str, notes: Notes) -> Measure:
    return Measure(
        measures=group.measures,
        status=group.status,
        sides=tuple(_side(rows, language, notes) for rows in sides_of(group)),
    )


def _side(rows: Sequence[NumberRow], language: str, notes: Notes) -> Side:
    shown = spoken(rows, language).quantity
    return Side(
        text=shown.text,
        value=shown.value,
        upper=shown.upper,
        unit=shown.unit,
        kind=shown.kind,
        figures=tuple(_figure(row, notes) for row in rows),
    )


def _figure(row: NumberRow, notes: Notes) -> Figure:
    before, text, after = snippet(row.statement, row.quantity)
    return Figure(
        text=text or row.quantity.text,
        before=before,
        after=after,
        qualifier=row.quantity.qualifier,
        said_by=row.quantity.said_by,
        outlet=row.outlet,
        statement=notes.statement(row.statement),
    )


def _neighbour(other: RelatedEvent) -> Neighbour:
    return Neighbour(
        slug=other.slug,
        title=other.title,
        relation=other.relation,
        url=f"/events/{other.slug}",
        reasons=other.reasons,
    )


def _action(event: Event, brief: Brief, notes: Notes) -> ActionView | None:
    if brief.action is None:
        return None
    query = urlencode({**brief.action.parameters, "event": event.slug})
    return ActionView(
        kind=brief.action.kind,
        parameters=brief.action.parameters,
        url=f"/workbench?{query}",
        statement=notes.optional(brief.action.statement),
    )


def _together(dossier: Dossier) -> tuple[Origin, ...]:
    members = {m.article_id: m for m in dossier.event.members}
    articles = {a.article_id: a for a in dossier.current if a.article_id in members}
    origins = []
    for article in articles.values():
        member = members[article.article_id]
        if member.origin_id != article.article_id and member.origin_id in articles:
            continue
        copies = [
            a
            for a in articles.values()
            if a.article_id != article.article_id and members[a.article_id].origin_id == article.article_id
        ]
        origins.append(
            Origin(
                report=report(article),
                copies=tuple(map(report, copies)),
                reasons=member.reasons,
                pinned=member.pinned,
            )
        )
    return tuple(origins)
