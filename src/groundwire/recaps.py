"""Reading from the store what a recap is made of: for the site, the command line and the mail alike."""

from __future__ import annotations

import json
from datetime import date, datetime, timedelta
from functools import lru_cache

from groundwire.briefs import from_json, statements
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Due, Period, Recap, Story, day_of, recap, week_of
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.forecasts import Kept
from groundwire.types import Brief

MOST_EVENTS = 2_000


def read_recap(store: Store, span: Period, interests: Interests) -> Recap:
    """The recap of a week or a day; hidden events are left out."""
    events = [
        e for e in store.events.page(since=span.start_at, limit=MOST_EVENTS) if e.first_published_at < span.end_at
    ]
    stored = store.briefs.many([event.id for event in events])
    stories = []
    for event in events:
        if event.id not in stored:
            continue
        brief = _brief(stored[event.id].document)
        articles = {a.id: a for a in store.articles.of_event(event.id)}
        cited = {c.version_id for s in statements(brief) for c in s.citations}
        articles |= {a.id: a for a in store.articles.versions(sorted(cited - articles.keys()))}
        stories.append(Story(event=event, brief=brief, articles=tuple(articles.values())))
    made = max((b.made_at for b in stored.values()), default=None)
    return recap(span, stories, _due(store.forecasts.all(), span), interests, made)


def interests_of(settings: Settings) -> Interests:
    """What the settings name."""
    return Interests(roles=settings.reader_roles, topics=settings.reader_topics)


def periods(store: Store, kind: str) -> list[Period]:
    """The weeks or days that surely have a report, the first or last of some event; oldest first."""
    of = week_of if kind == "week" else day_of
    days = {at.date() for span in store.events.spans() for at in span}
    return sorted({of(day) for day in days}, key=lambda span: span.first)


def completed_week(now: datetime) -> Period:
    """The last week that is over."""
    return week_of(now.date() - timedelta(days=7))


def _due(ledger: list[Kept], span: Period) -> list[Due]:
    """Forecasts whose last day is in the period, and those decided in it."""
    found = []
    for kept in ledger:
        rule, outcome = kept.forecast.rule, kept.outcome
        if rule is None or kept.event_slug is None:
            continue
        decided = outcome is not None and span.holds(outcome.decided_at)
        if decided or (span.first <= rule.until <= span.last and _said_before(kept, span.last)):
            found.append(
                Due(
                    id=kept.id,
                    text=kept.forecast.text,
                    language=kept.forecast.language,
                    source=kept.forecast.source,
                    until=rule.until,
                    verdict=outcome.verdict if outcome else "",
                )
            )
    return found


def _said_before(kept: Kept, day: date) -> bool:
    return kept.forecast.said_at.date() <= day


@lru_cache(maxsize=512)
def _brief(document: str) -> Brief:
    return from_json(json.loads(document))
