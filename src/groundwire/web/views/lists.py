"""Events as entries of a list: front page, topics, weeks, search."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from groundwire.editions.reader import NOBODY, Interests, Match, match
from groundwire.sample.outlets import SAMPLE_MARKS
from groundwire.web.desk import Listed
from groundwire.web.views.parts import Contested, Coverage, Freshness, contested, coverage, freshness


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """A statement without its proof, which is on the event's page."""

    text: str
    language: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Card:
    """An event as a list shows it."""

    id: int
    slug: str
    url: str
    topics: tuple[str, ...]
    headline: Sentence
    hook: Sentence | None
    freshness: Freshness
    coverage: Coverage
    contested: tuple[Contested, ...]
    match: Match
    """What of the reader's choice it touches: why it stands higher for them."""
    sample: bool
    """Whether all of it is made-up news of the sample wire."""
    first_published_at: datetime
    last_published_at: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class TopicGroup:
    """What else there is on a topic."""

    topic: str
    cards: tuple[Card, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FrontPage:
    """The ranked front page."""

    topic: str | None
    """None: all of them."""
    topics: Mapping[str, int]
    """Topic -> how many events, most frequent first."""
    leading: tuple[Card, ...]
    """With hooks, in order of importance."""
    rest: tuple[TopicGroup, ...]
    """The following ones by topic, headlines only."""
    single: tuple[Card, ...]
    """Those that nobody else has confirmed with a report of their own, headlines only."""
    latest_at: datetime | None
    """Publication of the newest article on the page."""
    interests: Interests
    """What the reader named."""
    page: int
    more: bool
    """Whether there is a page after this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CardList:
    """Events in an order of their own: a search's, a week's."""

    events: tuple[Card, ...]


def card(item: Listed, *, now: datetime | None, fresh_hours: float, interests: Interests = NOBODY) -> Card:
    """An event as a list shows it to a reader."""
    event, brief = item.event, item.brief
    hook = brief.hook or brief.what_changed
    return Card(
        id=event.id,
        slug=event.slug,
        url=f"/events/{event.slug}",
        topics=event.topics,
        headline=Sentence(text=brief.headline.text, language=brief.headline.language),
        hook=None if hook is None else Sentence(text=hook.text, language=hook.language),
        freshness=freshness(item.current, event, now, fresh_hours),
        coverage=coverage(event, item.current),
        contested=contested(brief),
        match=match(event, brief, interests),
        sample=all(article.outlet.endswith(SAMPLE_MARKS) for article in item.current),
        first_published_at=event.first_published_at,
        last_published_at=event.last_published_at,
    )


def front_page(
    cards: Sequence[Card],
    topics: Mapping[str, int],
    *,
    topic: str | None,
    page: int,
    more: bool,
    leading: int,
    interests: Interests = NOBODY,
) -> FrontPage:
    """Cards in three parts, each in the order given.

    The first ``leading`` that have more than one independent report, or touch what the reader named, lead (too few of them: the first others fill up);
    the rest of these follow under their first topic (topics in order of appearance), then all single reports.
    """
    confirmed = [c for c in cards if c.coverage.origins > 1 or c.match.lift]
    single = [c for c in cards if c not in confirmed]
    first = {c.id for c in (*confirmed[:leading], *single[: max(0, leading - len(confirmed))])}
    groups: dict[str, list[Card]] = {}
    for other in confirmed[leading:]:
        groups.setdefault(other.topics[0] if other.topics else "", []).append(other)
    return FrontPage(
        topic=topic,
        topics=topics,
        leading=tuple(c for c in cards if c.id in first),
        rest=tuple(TopicGroup(topic=name, cards=tuple(group)) for name, group in groups.items()),
        single=tuple(c for c in single if c.id not in first),
        latest_at=max((c.last_published_at for c in cards), default=None),
        interests=interests,
        page=page,
        more=more,
    )
