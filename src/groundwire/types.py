"""The nouns all rooms share: plain frozen data that imports nothing of ours.

Times are aware UTC and end in ``_at``. Spans are half-open character offsets ``[start, end)`` into an article
version's ``text``. Languages are BCP 47 primary subtags (``en``, ``zh``).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

# --- collect ---------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """An outlet that we poll."""

    id: int
    url: str
    """The feed's address."""
    title: str
    homepage: str | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    alternatives: tuple[str, ...] = ()
    """Other feeds of the same outlet, tried in order when ``url`` fails."""
    paused: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PollState:
    """What politeness needs to remember of a source between polls."""

    etag: str | None = None
    """Sent back verbatim as If-None-Match."""
    last_modified: str | None = None
    """Sent back verbatim as If-Modified-Since."""
    next_poll_at: datetime | None = None
    """Not before this; None: due now."""
    interval_s: float = 3600.0
    """Adaptive poll interval. [s]"""
    failures: int = 0
    """Failed polls in a row."""
    last_success_at: datetime | None = None
    last_error: str | None = None
    """In words, for people; None after a success."""
    gone: bool = False
    """410, or not found for long: polled no more until a person asks."""
    validated_url: str | None = None
    """The address that ``etag`` and ``last_modified`` came from; None: the source's own."""
    body_hash: str | None = None
    """SHA-256 of the last body taken: the same bytes under a new validator are no news."""
    moved_to: str | None = None
    """Where the publisher says, permanently, that the feed has gone; on probation until it has said so for a week."""
    moved_since: datetime | None = None
    moved_count: int = 0
    """Polls in a row that named ``moved_to``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One item of a feed."""

    key: str
    """Stable identity within its source (hash of guid, else link, else title and date)."""
    url: str | None
    title: str
    author: str | None = None
    published_at: datetime | None = None
    updated_at: datetime | None = None
    html: str = ""
    """Content or summary as the feed gave it: hostile, unsanitised."""
    language: str | None = None
    categories: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class RawPage:
    """A fetched page, before anything was believed of it."""

    url: str
    """After redirects."""
    body: bytes
    content_type: str | None
    fetched_at: datetime


# --- extract ---------------------------------------------------------------------------------------------------

DateEvidence = Literal["json-ld", "meta", "time-element", "text", "feed", "url", "fetched"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Extracted:
    """What a page (or a feed entry alone) says: the main text and its metadata."""

    title: str
    body: str
    """Main text: paragraphs separated by one newline; NFC; no control characters but newline."""
    author: str | None
    published_at: datetime | None
    published_evidence: DateEvidence
    language: str
    canonical_url: str | None
    site_name: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """One immutable version of an article; everything after extraction works on these."""

    id: int
    """The version: what citations point to."""
    article_id: int
    """The article: the same in all its versions."""
    version: int
    """1, 2, … as the publisher edits."""
    source_id: int
    outlet: str
    """The source's title."""
    url: str
    title: str
    text: str
    """``title``, a blank line, the body: the one string that offsets count in."""
    author: str | None
    published_at: datetime
    """When published; when unknown, the time of collection (``published_evidence`` is then "fetched")."""
    published_evidence: DateEvidence
    collected_at: datetime
    language: str
    text_hash: str
    """SHA-256 of ``text`` in UTF-8, hexadecimal."""

    @property
    def body_start(self) -> int:
        """Where the body begins in ``text``."""
        return min(len(self.title) + 2, len(self.text))


# --- events ----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Reason:
    """One recorded reason why two things belong together."""

    kind: Literal["near-duplicate", "similarity", "entities", "numbers", "time", "link", "person"]
    detail: str
    """For people: the shared names or numbers, the time gap, the similarity."""
    weight: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """An article's place in an event."""

    article_id: int
    origin_id: int
    """The article whose text this one copies (wire copies share one); its own id when it is original."""
    reasons: tuple[Reason, ...]
    pinned: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Something that happened, and the articles that report it."""

    id: int
    slug: str
    title: str
    language: str
    members: tuple[Member, ...]
    first_published_at: datetime
    last_published_at: datetime
    topics: tuple[str, ...] = ()
    hidden: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class RelatedEvent:
    """Another event, and why a reader of this one may care."""

    event_id: int
    slug: str
    title: str
    relation: Literal["earlier", "parallel", "later"]
    reasons: tuple[Reason, ...]


# --- evidence --------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Sentence:
    """One sentence of an article; ``text`` equals the article's ``text[start:end]``."""

    start: int
    end: int
    text: str


QuantityKind = Literal[
    "number", "ordinal", "percent", "currency", "dimension", "temperature", "age", "duration", "count", "rate"
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quantity:
    """A number with its unit, as a text states it."""

    start: int
    end: int
    text: str
    kind: QuantityKind
    value: float
    """In ``unit``; scale words resolved (12亿 -> 1.2e9). The lower end where the text gives a range."""
    unit: str
    """ISO 4217 for currency, "%" for percent, UCUM-like symbol for dimensions ("W", "Wh", "m"), a singular English
    noun for counts ("gpu", "token", "user"); rates as "USD/h"; "" for plain numbers."""
    upper: float | None = None
    """The upper end of a range."""
    qualifier: Literal["", "about", "more", "less"] = ""
    measures: str = ""
    """The words of the text that say what is measured, verbatim; "" if unknown."""
    said_by: str = ""
    """Whom the text names as having said so, verbatim; "" if the outlet itself."""


Grain = Literal["year", "half", "quarter", "month", "week", "day", "time"]


@dataclass(frozen=True, slots=True, kw_only=True)
class DateMention:
    """A point or stretch of time, as a text states it, resolved against its publication time."""

    start: int
    end: int
    text: str
    first: date
    """First day of the stretch."""
    last: date
    """Last day of the stretch, inclusive; equal to ``first`` for grain "day" and "time"."""
    grain: Grain
    relative: bool = False
    """Whether the publication time was needed to resolve it (昨天, last week)."""
    modifier: Literal["", "before", "after", "by", "about"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """A named thing."""

    start: int
    end: int
    text: str
    key: str
    """Normal form under which mentions, across languages where known, are the same thing."""
    kind: Literal["organisation", "person", "product", "place", "other"]


Role = Literal["fact", "consequence", "recommendation", "forecast", "technical", "background", "quote", "none"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """A prediction that a text makes or reports."""

    start: int
    end: int
    text: str
    """The sentence, verbatim."""
    horizon: DateMention | None
    who: str
    """Verbatim from the text; "" if the outlet itself."""
    reason: tuple[int, int] | None
    """Span of the stated reason (may lie in a neighbouring sentence)."""
    hedge: str
    """The words that make it a forecast, verbatim ("is expected to", 预计)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SentenceEvidence:
    """All that code found in one sentence."""

    sentence: Sentence
    roles: Mapping[Role, float]
    """Score of each role that applies, 0 to 1."""
    quantities: tuple[Quantity, ...] = ()
    dates: tuple[DateMention, ...] = ()
    mentions: tuple[Mention, ...] = ()
    forecast: Forecast | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What code found in one article version."""

    article: Article
    sentences: tuple[SentenceEvidence, ...]
    """In order; the title is the first sentence."""


# --- briefs ----------------------------------------------------------------------------------------------------

Section = Literal[
    "headline",
    "hook",
    "what_changed",
    "why_it_matters",
    "what_to_do",
    "who_should_care",
    "takeaways",
    "deep_dive",
    "numbers",
    "implications",
    "timeline",
    "action",
]


@dataclass(frozen=True, slots=True, kw_only=True)
class Citation:
    """The exact words of a source: ``article.text[start:end] == quote``, character for character."""

    version_id: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One published sentence and what it rests on."""

    section: Section
    text: str
    citations: tuple[Citation, ...]
    language: str
    made_by: Literal["extract", "model", "person"] = "extract"


@dataclass(frozen=True, slots=True, kw_only=True)
class Audience:
    """A reader's role that the event concerns, with the words that decided it."""

    role: str
    """Key of a role ("founders", "infrastructure", "investors", "engineers", "policy", "energy"): the interface names it."""
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRow:
    """One quantity as one source states it."""

    quantity: Quantity
    outlet: str
    statement: Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberGroup:
    """What the sources say of the same measure."""

    measures: str
    status: Literal["single", "agrees", "conflicts", "superseded"]
    rows: tuple[NumberRow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Implication:
    """A forecast on the page."""

    statement: Statement
    who: str
    horizon: DateMention | None
    reason: Statement | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Milestone:
    """One dated line of the timeline."""

    first: date
    last: date
    grain: Grain
    statement: Statement
    event_id: int | None = None
    """The earlier event it comes from; None for this one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Action:
    """A link into the workbench with what this event changes filled in."""

    kind: Literal["price", "chip", "rate", "energy", "model", "generic"]
    parameters: Mapping[str, str]
    """Query parameters of the workbench."""
    statement: Statement | None
    """The words that the filled-in number comes from."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Provenance:
    """How a brief was made."""

    model: str | None
    proposed: int
    kept: int
    dropped: int
    build: str
    """Hash over inputs, code version and settings."""
    withheld: int = 0
    """Written statements that failed the checks, kept for inspection and never shown."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """An event's page, every element by the name that the design gives it; empty means absent."""

    event_id: int
    language: str
    headline: Statement
    hook: Statement | None
    what_changed: Statement | None
    why_it_matters: Statement | None
    what_to_do: Statement | None
    who_should_care: tuple[Audience, ...]
    takeaways: tuple[Statement, ...]
    deep_dive: tuple[Statement, ...]
    numbers: tuple[NumberGroup, ...]
    implications: tuple[Implication, ...]
    timeline: tuple[Milestone, ...]
    related: tuple[RelatedEvent, ...]
    action: Action | None
    provenance: Provenance
    absent: Mapping[str, str] = field(default_factory=dict)
    """Section -> why it is not there."""
