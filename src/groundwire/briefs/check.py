"""Every statement of a brief, and whether its citations say what they claim to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from groundwire.types import Article, Brief, Statement


@dataclass(frozen=True, slots=True, kw_only=True)
class Problem:
    """One thing wrong with one statement."""

    event_id: int
    section: str
    text: str
    reason: str


def statements(brief: Brief) -> Iterator[Statement]:
    """Every statement of every element, in page order."""
    yield brief.headline
    for single in (brief.hook, brief.what_changed, brief.why_it_matters, brief.what_to_do):
        if single is not None:
            yield single
    for audience in brief.who_should_care:
        yield audience.statement
    yield from brief.takeaways
    yield from brief.deep_dive
    for group in brief.numbers:
        for row in group.rows:
            yield row.statement
    for implication in brief.implications:
        yield implication.statement
        if implication.reason is not None:
            yield implication.reason
    for milestone in brief.timeline:
        yield milestone.statement
    if brief.action is not None and brief.action.statement is not None:
        yield brief.action.statement


def check_citations(brief: Brief, articles: Mapping[int, Article]) -> list[Problem]:
    """What is false about a brief: no citation, an unknown version, a quote that is not that slice, altered words.

    Args:
        brief: The brief to check.
        articles: Every cited version by its id.
    """
    found: list[Problem] = []

    def wrong(statement: Statement, reason: str) -> None:
        found.append(Problem(event_id=brief.event_id, section=statement.section, text=statement.text, reason=reason))

    for statement in statements(brief):
        if not statement.citations:
            wrong(statement, "no citation")
        for c in statement.citations:
            article = articles.get(c.version_id)
            if article is None:
                wrong(statement, f"cites version {c.version_id}, which is not there")
            elif not 0 <= c.start < c.end <= len(article.text):
                wrong(statement, f"span {c.start}:{c.end} lies outside version {c.version_id}")
            elif article.text[c.start : c.end] != c.quote:
                wrong(statement, f"the quote is not what version {c.version_id} says at {c.start}:{c.end}")
        if statement.made_by == "extract" and statement.citations and statement.text != statement.citations[0].quote:
            wrong(statement, "an extracted statement differs from the words that it cites")
    return found
