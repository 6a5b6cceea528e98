"""The brief of an event: every element in the order in which they may claim a sentence."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import metadata

from groundwire.briefs import (
    action,
    audience,
    deep_dive,
    headline,
    hook,
    implications,
    numbers,
    pool,
    takeaways,
    timeline,
    tldr,
)
from groundwire.briefs.check import statements
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Embedder
from groundwire.types import Article, Brief, Event, Evidence, Provenance, RelatedEvent

RULES = "3"
"""Raised when the rules change what a brief says: part of the build hash."""


def compose(
    event: Event,
    articles: Sequence[Article],
    evidence: Mapping[int, Evidence],
    related: Sequence[RelatedEvent],
    related_evidence: Mapping[int, Sequence[Evidence]],
    embedder: Embedder,
    language: str,
) -> Brief:
    """Choose the sentences that tell the event; the same input gives the same brief, byte for byte.

    Args:
        event: The event; its members say which articles are copies of which.
        articles: The current version of each member's article, at least one with text.
        evidence: What ``evidence.analyse`` found, by version id, for every one of ``articles``.
        related: Other events, for the related list and the timeline.
        related_evidence: Evidence of related events' articles by event id; events without are left out of the timeline.
        embedder: Meaning across languages.
        language: The reader's; sentences in it are preferred, others keep their own language.

    Raises:
        ValueError: No article has any text.
    """
    own = pool.build(event, articles, evidence, embedder, language)
    ledger = Ledger(own)
    try:
        title = headline.choose(own, ledger)
    except LookupError:
        title = headline.fallback(event, list(articles))
    # who claims a sentence first: the summary, then what only few sentences can serve, then the rest
    changed = tldr.what_changed(own, ledger)
    why = tldr.why_it_matters(own, ledger)
    todo = tldr.what_to_do(own, ledger)
    ahead = implications.choose(own, ledger)
    why = why or tldr.cause_and_effect(own, ledger)
    dated = timeline.choose(own, ledger, evidence, related, related_evidence)
    line = hook.choose(own, ledger)
    points = takeaways.choose(own, ledger)
    deep = deep_dive.choose(own, ledger)
    points = takeaways.fill(own, ledger, points)
    brief = Brief(
        event_id=event.id,
        language=language,
        headline=title,
        hook=line,
        what_changed=changed,
        why_it_matters=why,
        what_to_do=todo,
        who_should_care=audience.choose(own),
        takeaways=points,
        deep_dive=deep,
        numbers=numbers.choose(own, embedder),
        implications=ahead,
        timeline=dated,
        related=tuple(related),
        action=action.choose(own),
        provenance=Provenance(model=None, proposed=0, kept=0, dropped=0, build=""),
    )
    return _with_account(brief, own, articles)


def _with_account(brief: Brief, own: pool.Pool, articles: Sequence[Article]) -> Brief:
    kept = sum(1 for _ in statements(brief))
    proposed = len(own.candidates) + sum(own.dropped.values())
    absent = {
        name: reason
        for name, present, reason in (
            ("hook", brief.hook, hook.ABSENT),
            ("what_changed", brief.what_changed, tldr.ABSENT["what_changed"]),
            ("why_it_matters", brief.why_it_matters, tldr.ABSENT["why_it_matters"]),
            ("what_to_do", brief.what_to_do, tldr.ABSENT["what_to_do"]),
            ("who_should_care", brief.who_should_care, audience.ABSENT),
            ("takeaways", brief.takeaways, takeaways.ABSENT),
            ("deep_dive", brief.deep_dive, deep_dive.ABSENT),
            ("numbers", brief.numbers, numbers.ABSENT),
            ("implications", brief.implications, implications.ABSENT),
            ("timeline", brief.timeline, timeline.ABSENT),
            ("related", brief.related, "no other event is close enough"),
            ("action", brief.action, action.ABSENT),
        )
        if not present
    }
    names = {f: getattr(brief, f) for f in Brief.__dataclass_fields__}
    names |= {
        "absent": absent,
        "provenance": Provenance(
            model=None,
            proposed=max(proposed, kept),
            kept=kept,
            dropped=max(proposed - kept, 0),
            build=_build(brief, articles),
        ),
    }
    return Brief(**names)


def _build(brief: Brief, articles: Sequence[Article]) -> str:
    """SHA-256 over what went in: texts, related events, language, version of code and rules."""
    inputs = {
        "version": _version(),
        "rules": RULES,
        "event": brief.event_id,
        "language": brief.language,
        "texts": sorted([a.id, a.text_hash] for a in articles),
        "related": [[r.event_id, r.relation] for r in brief.related],
    }
    return hashlib.sha256(json.dumps(inputs, sort_keys=True).encode()).hexdigest()


@cache
def _version() -> str:
    return metadata.version("groundwire")  # reads files: once is enough
