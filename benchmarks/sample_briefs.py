"""Briefs of the sample wire against its labels: contested figures, forecasts, milestones, and which elements are there.

Events are put together as labelled, so that only the composing is measured. Recall: share of the labels found.
Precision: share of the figures shown as contested that are labelled so. Forecasts and milestones are labelled in part only
(the chief ones), so for them the share of labelled ones among those shown is a lower bound of precision. The articles are
our own, made up, and the rules were written with them in view: a figure for noticing what breaks, not for boasting.

    python -m benchmarks.sample_briefs [--language en|zh] [--json]
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from benchmarks import common
from groundwire import sample
from groundwire.briefs import compose
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence import analyse
from groundwire.sample.wire import GoldConflict, SampleArticle, SampleEvent
from groundwire.types import Article, Brief, Event, Evidence, Member, NumberGroup, RelatedEvent

ELEMENTS = (
    "hook", "what_changed", "why_it_matters", "what_to_do", "who_should_care", "takeaways", "deep_dive", "numbers",
    "implications", "timeline", "related", "action",
)  # fmt: skip
SAME = 0.005
"""Relative difference up to which a shown value is the labelled one: 7 h 40 min is 7.667 h."""


@dataclass(frozen=True, slots=True)
class Page:
    """One labelled event and its brief."""

    gold: SampleEvent
    articles: tuple[Article, ...]
    keys: Mapping[int, str]
    """Key of the sample article by version id."""
    brief: Brief


def main() -> None:
    options = common.parser(__doc__, ".")
    options.add_argument("--language", choices=("en", "zh"), default="en", help="the reader's (default: en)")
    arguments = options.parse_args()
    made = pages(arguments.language)
    rows = [_contested(made), *_labelled(made)]
    common.report(f"sample briefs ({arguments.language})", rows, as_json=arguments.json)
    if not arguments.json:
        print()
        common.report("elements, events that have them", _elements(made), as_json=False)


def pages(language: str) -> list[Page]:
    """The labelled events, each composed from its articles and the earlier events that it is labelled as related to."""
    wire = sample.articles()
    ids = {a.key: number for number, a in enumerate(wire, 1)}
    by_event = {gold.key: [a for a in wire if a.event == gold.key] for gold in sample.events()}
    numbers = {key: number for number, key in enumerate(by_event, 1)}
    articles = {key: tuple(_article(a, ids[a.key]) for a in members) for key, members in by_event.items()}
    evidence = {key: {a.id: analyse(a) for a in members} for key, members in articles.items()}
    encoder = UniversalSentenceEncoder()
    made = []
    for gold in sample.events():
        origins = {ids[a.key]: ids[a.copy_of] for a in by_event[gold.key] if a.copy_of}
        event = _event(numbers[gold.key], articles[gold.key], origins)
        related = tuple(_related(numbers[key], key, articles[key], event) for key in gold.related)
        earlier: dict[int, Sequence[Evidence]] = {
            numbers[key]: tuple(evidence[key].values())
            for key, other in zip(gold.related, related, strict=True)
            if other.relation == "earlier"
        }
        brief = compose(event, articles[gold.key], evidence[gold.key], related, earlier, encoder, language)
        keys = {ids[a.key]: a.key for a in by_event[gold.key]}
        made.append(Page(gold, articles[gold.key], keys, brief))
    return made


def _article(a: SampleArticle, number: int) -> Article:
    text = f"{a.title}\n\n{a.body}"
    return Article(
        id=number, article_id=number, version=1, source_id=1, outlet=a.outlet.title, url=a.path, title=a.title,
        text=text, author=a.author, published_at=a.published_at, published_evidence="feed",
        collected_at=a.published_at, language=a.outlet.language, text_hash=hashlib.sha256(text.encode()).hexdigest(),
    )  # fmt: skip


def _event(number: int, articles: Sequence[Article], origins: Mapping[int, int]) -> Event:
    members = (Member(article_id=a.id, origin_id=origins.get(a.id, a.id), reasons=()) for a in articles)
    return Event(
        id=number, slug=str(number), title=articles[0].title, language=articles[0].language, members=tuple(members),
        first_published_at=min(a.published_at for a in articles),
        last_published_at=max(a.published_at for a in articles),
    )  # fmt: skip


def _related(number: int, slug: str, articles: Sequence[Article], event: Event) -> RelatedEvent:
    began = min(a.published_at for a in articles)
    relation: Literal["earlier", "later"] = "earlier" if began < event.first_published_at else "later"
    return RelatedEvent(event_id=number, slug=slug, title=articles[0].title, relation=relation, reasons=())


def _contested(made: Sequence[Page]) -> dict[str, object]:
    labels = found = right_status = shown = true = 0
    for page in made:
        groups = [g for g in page.brief.numbers if g.status in ("conflicts", "superseded")]
        matches = {i: [c for c in page.gold.conflicts if _is(g, c)] for i, g in enumerate(groups)}
        shown += len(groups)
        true += sum(bool(matched) for matched in matches.values())
        for conflict in page.gold.conflicts:
            labels += 1
            mine = [groups[i] for i, matched in matches.items() if conflict in matched]
            found += bool(mine)
            right_status += any(g.status == conflict.status for g in mine)
    return {
        "what": "contested figures", "labels": labels, "recall": found / labels,
        "precision": true / shown if shown else 1.0, "right kind": right_status / max(found, 1),
    }  # fmt: skip


def _is(group: NumberGroup, conflict: GoldConflict) -> bool:
    """Whether a group sets two of the labelled values against each other."""
    values = {row.quantity.value for row in group.rows}
    seen = {
        figure.value
        for figure in conflict.figures
        for value in values
        for scale in _scales(group, conflict.unit)
        if abs(value * scale - figure.value) <= SAME * figure.value
    }
    return len(seen) >= 2


def _scales(group: NumberGroup, unit: str) -> Sequence[float]:
    """Factors from a group's SI unit to that of the label."""
    shown = {row.quantity.unit for row in group.rows}
    factors = {"MW": ("W", 1e-6), "GW": ("W", 1e-9), "h": ("s", 1 / 3600), "year": ("s", 1 / 31_556_952)}
    base, factor = factors.get(unit, (unit, 1.0))
    return (factor, 1.0) if base in shown else (1.0,)


def _labelled(made: Sequence[Page]) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    forecasts = [(p, f) for p in made for f in p.gold.forecasts]
    told = [(p, i) for p in made for i in p.brief.implications]
    hit = sum(
        any(f.words in c.quote for i in p.brief.implications for c in i.statement.citations) for p, f in forecasts
    )
    known = sum(any(f.words in c.quote for f in p.gold.forecasts for c in i.statement.citations) for p, i in told)
    rows.append({
        "what": "forecasts", "labels": len(forecasts), "recall": hit / len(forecasts), "precision": known / len(told),
        "right kind": "",
    })  # fmt: skip
    milestones = [(p, m) for p in made for m in p.gold.milestones]
    lines = [(p, m) for p in made for m in p.brief.timeline if m.event_id is None]
    hit = sum(any(t.first <= m.date.first <= t.last for t in p.brief.timeline) for p, m in milestones)
    known = sum(any(t.first <= m.date.first <= t.last for m in p.gold.milestones) for p, t in lines)
    rows.append({
        "what": "milestones", "labels": len(milestones), "recall": hit / len(milestones),
        "precision": known / len(lines), "right kind": "",
    })  # fmt: skip
    return rows


def _elements(made: Sequence[Page]) -> list[dict[str, object]]:
    foreign = {
        name: sum(s.language != page.brief.language for page in made for s in (getattr(page.brief, name) or ()))
        for name in ("takeaways", "deep_dive")
    }
    return [
        {
            "element": name,
            "events": sum(bool(getattr(p.brief, name)) for p in made),
            "items": sum(len(v) if isinstance(v := getattr(p.brief, name), tuple) else bool(v) for p in made),
            "in another language": foreign.get(name, ""),
        }
        for name in ELEMENTS
    ]


if __name__ == "__main__":
    main()
