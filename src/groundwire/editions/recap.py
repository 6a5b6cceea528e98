"""What mattered in a week or a day: ranked stories, what is new in running ones, the numbers.

The score of a story, each part from 0 to 1 (``docs/weekly.md``):

    0.4 origins + 0.2 reach + 0.2 novelty + 0.2 interest

origins: ``1 - 1/n`` of n independent reports in the period, copies not counted; reach: ``1 - 1/m`` of m outlets, every
language beyond the first counting as one more; novelty: 1 for a story that began in the period, else the share of its
page's statements that rest on reports of the period alone; interest: 1 if the reader named one of its topics or roles,
0.5 if the reader named nothing and it is on any of the desk's topics, else 0. What is on none of the topics and reported once
is left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from typing import Literal

from groundwire.briefs import statements
from groundwire.editions.reader import NOBODY, Interests, RoleMatch, deciding, match
from groundwire.errors import NotFound
from groundwire.evidence.cues import has_chinese
from groundwire.evidence.roles import AUDIENCES
from groundwire.types import Article, Brief, Event, Statement

ORIGINS, REACH, NOVELTY, INTEREST = 0.4, 0.2, 0.2, 0.2
MOST_STORIES = {"week": 10, "day": 8}
MOST_RUNNING = {"week": 8, "day": 5}
MOST_NUMBERS = 6
KEPT = 300
"""Stories of a draft."""
MOST_LINES = 2
"""What is new in a running story, in so many sentences."""
_WEEK = re.compile(r"(\d{4})-W(\d{2})")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """A week (Monday to Sunday, ISO 8601) or a day, in UTC."""

    kind: Literal["week", "day"]
    name: str
    """"2026-W47" or "2026-11-19"."""
    first: date
    last: date
    """Inclusive."""

    @property
    def start_at(self) -> datetime:
        """Its first moment."""
        return datetime.combine(self.first, time(), tzinfo=UTC)

    @property
    def end_at(self) -> datetime:
        """The first moment after it."""
        return datetime.combine(self.last + timedelta(days=1), time(), tzinfo=UTC)

    def holds(self, at: datetime) -> bool:
        """Whether a moment is in it."""
        return self.start_at <= at < self.end_at

    def shifted(self, steps: int) -> Period:
        """The period so many steps later (negative: earlier)."""
        if self.kind == "day":
            return day_of(self.first + timedelta(days=steps))
        return week_of(self.first + timedelta(weeks=steps))


def week_of(day: date) -> Period:
    """The ISO week that holds a day."""
    year, week, weekday = day.isocalendar()
    monday = day - timedelta(days=weekday - 1)
    return Period(kind="week", name=f"{year}-W{week:02}", first=monday, last=monday + timedelta(days=6))


def day_of(day: date) -> Period:
    """A day as a period."""
    return Period(kind="day", name=day.isoformat(), first=day, last=day)


def period(name: str) -> Period:
    """The period that a name says: "2026-W47" or "2026-11-19".

    Raises:
        NotFound: There is no such week or day.
    """
    try:
        if week := _WEEK.fullmatch(name):
            found = week_of(date.fromisocalendar(int(week[1]), int(week[2]), 1))
        elif _DAY.fullmatch(name):
            found = day_of(date.fromisoformat(name))
        else:
            raise NotFound(f"{name!r} is no period; write a week as 2026-W47, a day as 2026-11-19")
    except (ValueError, OverflowError) as error:
        raise NotFound(f"there is no {name}: {error}") from error
    if not 1990 <= found.first.year < 2100:
        raise NotFound(f"no news of {name} here")
    return found


@dataclass(frozen=True, slots=True, kw_only=True)
class Story:
    """An event with its page and its reports."""

    event: Event
    brief: Brief
    articles: tuple[Article, ...]
    """Current version of each member, and every cited version."""
    others: tuple[Brief, ...] = ()
    """Its page in further languages."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """Why a story is here and where it is: the parts of its score."""

    score: float
    origins: int
    outlets: int
    languages: tuple[str, ...]
    novelty: float
    topics: tuple[str, ...]
    """Those that the reader named."""
    roles: tuple[str, ...]
    """The same."""
    deciding: tuple[RoleMatch, ...] = ()
    """The words of a source that decided each of these roles."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """One sentence of a source, with the passage that it stands in."""

    text: str
    language: str
    outlet: str
    version_id: int
    start: int
    end: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A story in a recap."""

    slug: str
    title: str
    language: str
    lines: tuple[Said, ...]
    """One for a new story; what is new for a running one."""
    since: date
    """When the story began."""
    topics: tuple[str, ...]
    why: Why


@dataclass(frozen=True, slots=True, kw_only=True)
class Figure:
    """A number of the period."""

    slug: str
    text: str
    measures: str
    said: Said
    contested: bool
    against: str = ""
    """What another source says instead, verbatim; "" where none does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Due:
    """A forecast whose last day is in the period, or that was decided in it."""

    id: int
    text: str
    language: str
    source: str
    until: date
    verdict: str
    """"true", "false", "void"; "" while nobody has decided."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recap:
    """A week or a day in one page."""

    period: Period
    interests: Interests
    stories: tuple[Entry, ...]
    """Those that began in the period, by score."""
    running: tuple[Entry, ...]
    """Those that began before it and have news, by score."""
    more: int
    """Further stories with news, not listed for want of room."""
    due: tuple[Due, ...]
    numbers: tuple[Figure, ...]
    reports: int
    outlets: int
    begun: int
    """Stories that began in the period."""
    continued: int
    updated_at: datetime | None
    """The newest report or page in it; None if there is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Telling:
    """What a recap says of a story in a further language."""

    language: str
    title: str
    title_language: str
    lines: tuple[Said, ...]
    figure: Figure | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """A story as a draft keeps it: all but what depends on the reader."""

    event_id: int
    entry: Entry
    began_at: datetime
    is_new: bool
    """Whether it began in the period."""
    roles: tuple[str, ...]
    """All that its page names."""
    figure: Figure | None
    deciding: tuple[RoleMatch, ...] = ()
    """The words that decided each of the roles."""
    others: tuple[Telling, ...] = ()
    """The same story in further languages; place and score are those of ``entry``."""

    def in_language(self, language: str) -> Told:
        """The story as it is told in a language; as it is where it isn't told in that."""
        telling = next((t for t in self.others if t.language == language), None)
        if telling is None:
            return self
        entry = replace(self.entry, title=telling.title, language=telling.title_language, lines=telling.lines)
        return replace(self, entry=entry, figure=telling.figure)


@dataclass(frozen=True, slots=True, kw_only=True)
class Draft:
    """A period's recap before it is ranked for a reader: what is kept of past ones."""

    period: Period
    told: tuple[Told, ...]
    """Those that nobody's interest can do without, best first; at most ``KEPT``."""
    reports: int
    outlets: int
    begun: int
    continued: int
    updated_at: datetime | None


def draft(span: Period, stories: Sequence[Story], made_at: datetime | None = None) -> Draft:
    """What a period's recap is ranked from; the same input gives the same draft.

    Args:
        span: Which week or day.
        stories: Every visible story with a report in it, at least.
        made_at: When the newest of the pages was made.
    """
    told: list[Told] = []
    reports: list[Article] = []
    for story in stories:
        news = [a for a in _current(story) if span.holds(a.published_at)]
        if not news:
            continue
        reports += news
        is_new = not any(a.published_at < span.start_at for a in _current(story))
        entry = _entry(span, story, news, NOBODY, is_new=is_new)
        if entry is not None and (entry.topics or entry.why.origins > 1):
            told.append(
                Told(
                    event_id=story.event.id,
                    entry=entry,
                    began_at=story.event.first_published_at,
                    is_new=is_new,
                    roles=tuple(a.role for a in story.brief.who_should_care),
                    deciding=deciding(story.brief, AUDIENCES),
                    figure=_figure(span, story, story.brief),
                    others=tuple(_tellings(span, story, news, is_new=is_new)),
                )
            )
    told.sort(key=lambda t: (-t.entry.why.score, t.began_at, t.event_id))
    latest = max((a.published_at for a in reports), default=None)
    return Draft(
        period=span,
        told=tuple(told[:KEPT]),
        reports=len(reports),
        outlets=len({a.outlet for a in reports}),
        begun=sum(t.is_new for t in told),
        continued=sum(not t.is_new for t in told),
        updated_at=max((at for at in (latest, made_at) if at is not None), default=None),
    )


def ranked(made: Draft, due: Sequence[Due], interests: Interests, language: str = "") -> Recap:
    """A draft as one reader sees it, with the period's forecasts; stories in their language where they are told in it."""
    kind = made.period.kind
    told = [replace(t, entry=replace(t.entry, why=_for(t, interests))).in_language(language) for t in made.told]
    told.sort(key=lambda t: (-t.entry.why.score, t.began_at, t.event_id))
    stories = [t for t in told if t.is_new][: MOST_STORIES[kind]]
    running = [t for t in told if not t.is_new][: MOST_RUNNING[kind]]
    shown = sorted([*stories, *running], key=lambda t: (-t.entry.why.score, t.event_id))
    return Recap(
        period=made.period,
        interests=interests,
        stories=tuple(t.entry for t in stories),
        running=tuple(t.entry for t in running),
        more=made.begun + made.continued - len(shown),
        due=tuple(due),
        numbers=tuple(t.figure for t in shown if t.figure is not None)[:MOST_NUMBERS],
        reports=made.reports,
        outlets=made.outlets,
        begun=made.begun,
        continued=made.continued,
        updated_at=made.updated_at,
    )


def _for(told: Told, interests: Interests) -> Why:
    """Why a story is where it is for a reader: the draft's score less nobody's interest, plus the reader's."""
    topics = tuple(topic for topic in told.entry.topics if topic in interests.topics)
    roles = tuple(role for role in told.roles if role in interests.roles)
    before = told.entry.why
    nobodys, readers = (
        _interest(who, on_topic=bool(told.entry.topics), touched=bool(touched))
        for who, touched in ((NOBODY, ()), (interests, topics + roles))
    )
    score = round(before.score + INTEREST * (readers - nobodys), 6)
    words = tuple(m for m in told.deciding if m.role in roles)
    return replace(before, score=score, topics=topics, roles=roles, deciding=words)


def _interest(interests: Interests, *, on_topic: bool, touched: bool) -> float:
    return 1.0 if touched else 0.5 if not interests and on_topic else 0.0


def recap(
    span: Period, stories: Sequence[Story], due: Sequence[Due], interests: Interests, made_at: datetime | None = None
) -> Recap:
    """A recap at once: ``draft``, ``ranked``."""
    return ranked(draft(span, stories, made_at), due, interests)


def why(story: Story, news: Sequence[Article], interests: Interests, *, is_new: bool, fresh: float) -> Why:
    """The parts of a story's score.

    Args:
        story: The story.
        news: Its reports of the period.
        interests: The reader's.
        is_new: Whether it began in the period.
        fresh: Share of its page's statements that rest on ``news`` alone.
    """
    origin_of = {m.article_id: m.origin_id for m in story.event.members}
    origins = len({origin_of.get(a.article_id, a.article_id) for a in news})
    outlets, languages = len({a.outlet for a in news}), tuple(sorted({a.language for a in news}))
    touched = match(story.event, story.brief, interests)
    topics, roles = touched.topics, tuple(m.role for m in touched.roles)
    interest = _interest(interests, on_topic=bool(story.event.topics), touched=bool(topics or roles))
    novelty = 1.0 if is_new else fresh
    parts = (
        ORIGINS * (1 - 1 / max(origins, 1)),
        REACH * (1 - 1 / max(outlets + len(languages) - 1, 1)),
        NOVELTY * novelty,
        INTEREST * interest,
    )
    return Why(
        score=round(sum(parts), 6),
        origins=origins,
        outlets=outlets,
        languages=languages,
        novelty=round(novelty, 4),
        topics=topics,
        roles=roles,
        deciding=touched.roles,
    )


def _entry(span: Period, story: Story, news: Sequence[Article], interests: Interests, *, is_new: bool) -> Entry | None:
    brief = story.brief
    told, fresh = _fresh(span, story, brief)
    said = _lines(story, brief, fresh, news, is_new=is_new)
    if said is None:
        return None
    return Entry(
        slug=story.event.slug,
        title=brief.headline.text,
        language=brief.headline.language,
        lines=said,
        since=story.event.first_published_at.date(),
        topics=story.event.topics,
        why=why(story, news, interests, is_new=is_new, fresh=len(fresh) / told if told else 0.0),
    )


def _tellings(span: Period, story: Story, news: Sequence[Article], *, is_new: bool) -> Iterator[Telling]:
    """The story in further languages, where there is anything to say in them."""
    for brief in story.others:
        said = _lines(story, brief, _fresh(span, story, brief)[1], news, is_new=is_new)
        if said is not None:
            yield Telling(
                language=brief.language,
                title=brief.headline.text,
                title_language=brief.headline.language,
                lines=said,
                figure=_figure(span, story, brief),
            )


def _fresh(span: Period, story: Story, brief: Brief) -> tuple[int, list[Statement]]:
    """How many statements a page makes, and those of them that nobody had made before the period."""
    versions = {a.id: a for a in story.articles}
    told = [s for s in statements(brief) if s.section != "headline"]
    return len(told), [s for s in told if _all_in(span, s, versions)]


def _lines(
    story: Story, brief: Brief, fresh: Sequence[Statement], news: Sequence[Article], *, is_new: bool
) -> tuple[Said, ...] | None:
    """The page's hook for a new story, what is new for a running one; None: nothing that was not said before."""
    versions = {a.id: a for a in story.articles}
    hook = [line for line in (brief.hook or brief.what_changed,) if line is not None]
    chosen = hook if is_new else _news(fresh, brief.language)
    said = tuple(_said(s, versions) for s in chosen if s.text != brief.headline.text)
    if is_new or said:
        return said
    title = _latest_title(news, brief)
    return None if title is None else (title,)


def _current(story: Story) -> list[Article]:
    """The event's own reports, each in its newest version, oldest first: a page also cites earlier events' reports."""
    members = {m.article_id for m in story.event.members}
    newest: dict[int, Article] = {}
    for article in sorted((a for a in story.articles if a.article_id in members), key=lambda a: a.version):
        newest[article.article_id] = article
    return sorted(newest.values(), key=lambda a: (a.published_at, a.id))


def _all_in(span: Period, statement: Statement, versions: dict[int, Article]) -> bool:
    """Whether nobody had said it before the period: each report that it rests on is of the period."""
    cited = [versions[c.version_id] for c in statement.citations if c.version_id in versions]
    return bool(cited) and all(span.holds(article.published_at) for article in cited)


_ORDER = ("what_changed", "takeaways", "hook", "why_it_matters", "implications", "deep_dive", "timeline", "numbers")


def _news(fresh: Sequence[Statement], language: str) -> list[Statement]:
    known = [s for s in fresh if s.section in _ORDER]
    listed = sorted(known, key=lambda s: (s.language != language, _ORDER.index(s.section)))
    distinct = {s.text: s for s in listed}
    return list(distinct.values())[:MOST_LINES]


def _latest_title(news: Sequence[Article], brief: Brief) -> Said | None:
    ordered = sorted(news, key=lambda a: (a.language == brief.language, a.published_at, a.id), reverse=True)
    for a in ordered:
        if a.title and a.title != brief.headline.text and a.text.startswith(a.title):
            return Said(text=a.title, language=a.language, outlet=a.outlet, version_id=a.id, start=0, end=len(a.title))
    return None


def _said(statement: Statement, versions: dict[int, Article]) -> Said:
    cited = statement.citations[0]
    outlet = versions[cited.version_id].outlet if cited.version_id in versions else ""
    return Said(
        text=statement.text,
        language=statement.language,
        outlet=outlet,
        version_id=cited.version_id,
        start=cited.start,
        end=cited.end,
    )


def _figure(span: Period, story: Story, brief: Brief) -> Figure | None:
    """A number that somebody stated in the period: a contested one first, else the headline's, else what most outlets state."""
    versions = {a.id: a for a in story.articles}
    language = brief.language
    said = [(g, r) for g in brief.numbers for r in g.rows if _all_in(span, r.statement, versions)]
    said.sort(
        key=lambda pair: (
            pair[1].statement.language != language,
            pair[0].status != "conflicts",
            not any(row.quantity.text in brief.headline.text for row in pair[0].rows),
            -len({row.outlet for row in pair[0].rows}),
        )
    )
    if not said:
        return None
    group, row = said[0]
    known = [r for r in group.rows if _said_by(span, r.statement, versions)]
    known.sort(key=lambda r: r.statement.language != row.statement.language)
    contested = group.status == "conflicts"
    against = (r.quantity.text for r in known if r.quantity.value != row.quantity.value)
    foreign = has_chinese(group.measures) != (row.statement.language == "zh")
    return Figure(
        slug=story.event.slug,
        text=row.quantity.text,
        measures=row.quantity.measures if foreign else group.measures,
        said=_said(row.statement, versions),
        contested=contested,
        against=next(against, "") if contested else "",
    )


def _said_by(span: Period, statement: Statement, versions: dict[int, Article]) -> bool:
    """Whether it was said by the end of the period."""
    cited = [versions[c.version_id] for c in statement.citations if c.version_id in versions]
    return bool(cited) and all(article.published_at < span.end_at for article in cited)
