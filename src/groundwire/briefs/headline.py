"""The event's title: the most central, informative and sober of the sources' own titles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np

from groundwire.briefs import cite, quality, words
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence.cues import has_chinese
from groundwire.types import Article, Event, Statement

LIMIT = 130
"""Weight (``quality.weight``) of a headline."""
LONGEST = 190
"""Of one that no cut makes shorter."""

LOOSE = 0.5
"""Looseness (``quality.looseness``) from which a lead needs what stood before it."""

LATE = timedelta(days=2)
"""A title from so long after the first report heads a follow-up."""

_BAIT = re.compile(
    r"^(?:what|how|why|inside|when|where|who|which)\b|\bin detail\b|^(?:reading|understanding)\b|[?？]|[!！]|\b(?:you won't|you need to"
    r"|here['’]s|this is (?:why|how|what)|what (?:you|to) know"
    r"|everything (?:you|we)|the (?:real )?reason|shocking|insane|mind[- ]blowing|game[- ]chang|just (?:changed"
    r"|killed|broke)|secret|hot take|explained|opinion|live updates?|live blog|watch:|video:|podcast|newsletter"
    r"|roundup|round-up|weekly|digest|daily)\b"
    r"|重磅|突发|炸裂|震惊|竟然|居然|刚刚|太(?:猛|强|狠)|疯狂|全网|刷屏|必看|揭秘|内幕|一文(?:读懂|看懂)|到底|为何"
    r"|如何|怎么|盘点|早报|晚报|周报|日报|速递|…|\.\.\.",
    re.IGNORECASE,
)
_SITE_NAME = re.compile(r"\s(?:[|｜]|[-–—])\s[^|｜–—-]{2,30}$|\s?[_|｜][^_|｜]{2,16}$")


def is_sober(title: str) -> bool:
    """Whether a title states what happened, and neither asks, teases nor sums up a day."""
    return _BAIT.search(title) is None


def choose(pool: Pool, ledger: Ledger) -> Statement:
    """The best title as a statement; with no fit title, the best lead sentence, as short as an honest cut makes it."""
    titles = [c for c in pool.candidates if c.is_title]
    leads = sorted((c for c in pool.candidates if 1 <= c.position <= 2), key=lambda c: (-pool.of(c), c.index))
    ranked = [(c, LIMIT * 2) for c in sorted(titles, key=lambda c: (-_merit(pool, c), c.index))]
    ranked += [
        (c, limit)
        for loose in (False, True)
        for limit in (LIMIT, LONGEST)
        for c in leads
        if loose == (c.looseness >= LOOSE)
    ]
    for candidate, limit in ranked:
        trimmed = _without_full_stop(_without_site_name(candidate))
        statement = cite.state("headline", trimmed, pool, limit=limit)
        if statement is not None:
            ledger.tell(candidate if len(statement.text) == len(trimmed.text) else _as_told(candidate, statement))
            return statement
    raise LookupError("no candidate is fit for a headline")


def _as_told(candidate: Candidate, headline: Statement) -> Candidate:
    """A sentence of which only the first clause was told: the whole of it is news still."""
    told = headline.citations[0]
    text = headline.text
    return replace(candidate, position=0, end=told.end, text=text, content=words.content(text), numbers=frozenset())


def fallback(event: Event, articles: list[Article]) -> Statement:
    """The first non-empty line of the earliest article, as it stands."""
    for article in sorted(articles, key=lambda a: (a.published_at, a.id)):
        start = len(article.text) - len(article.text.lstrip())
        end = article.text.find("\n", start)
        end = len(article.text) if end < 0 else end
        if end > start:
            end = _at_a_word(article.text, start, end)
            cited = cite.citation(article, start, min(end, start + 300))
            return Statement(section="headline", text=cited.quote, citations=(cited,), language=article.language)
    raise ValueError(f"event {event.id} has no article with text")


def _at_a_word(text: str, start: int, end: int) -> int:
    """Where a title that a feed cut off within a word of the first sentence ends with the word before."""
    body = text[end:].lstrip()
    rest = body[end - start : end - start + 1] if body.startswith(text[start:end]) else ""
    blank = text.rfind(" ", start, end)
    within = rest.isalnum() and text[end - 1].isalnum() and not has_chinese(text[start:end])
    return len(text[:blank].rstrip(",;: ")) if within and blank > start else end


def _merit(pool: Pool, c: Candidate) -> float:
    others = [t for t in pool.candidates if t.is_title and t.origin != c.origin]
    central = float(np.mean([pool.similarity(c, t) for t in others])) if others else 0.5
    length = quality.weight(c.text)
    return (
        pool.of(c)
        + 0.5 * central
        + 0.1 * bool(c.keys)
        + 0.08 * bool(c.numbers)
        - 0.35 * bool(_BAIT.search(c.text))
        - 0.12 * (c.article.published_at - pool.event.first_published_at > LATE)
        - 0.15 * (length < 30)
        - 0.2 * (length > 130)
        - 0.2 * (c.text.isupper())
        + (0.35 if c.article.language == pool.language else 0.0)
    )


def _without_site_name(c: Candidate) -> Candidate:
    match = _SITE_NAME.search(c.text) if c.is_title else None
    if match is None or match.start() < 20:
        return c
    site = match.group().strip(" |｜-–—_").casefold()
    outlet = c.article.outlet.casefold()
    if site not in outlet and outlet not in site and not re.search(r"[|｜_]", match.group()):
        return c
    return replace(c, end=c.start + match.start(), text=c.text[: match.start()])


def _without_full_stop(c: Candidate) -> Candidate:
    """Headlines end without one."""
    match = re.search(r"(?<=[\w”’」）)]{3})[.。]$", c.text)
    if match is None or re.search(r"\b(?:Inc|Corp|Ltd|Co|[A-Z])\.$", c.text):
        return c
    return replace(c, end=c.end - 1, text=c.text[:-1])
