"""The event's title: the most central, informative and sober of the sources' own titles."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import numpy as np

from groundwire.briefs import cite, quality
from groundwire.briefs.ledger import Ledger
from groundwire.briefs.pool import Candidate, Pool
from groundwire.types import Article, Event, Statement

LIMIT = 130
"""Weight (``quality.weight``) of a headline."""

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
    """The best title as a statement; with no fit title, the best lead sentence; at the worst the first title whole."""
    titles = [c for c in pool.candidates if c.is_title]
    leads = [c for c in pool.candidates if 1 <= c.position <= 2]
    ranked = sorted(titles, key=lambda c: (-_merit(pool, c), c.index))
    ranked += sorted(leads, key=lambda c: (-pool.of(c), c.index))
    for candidate in ranked:
        trimmed = _without_full_stop(_without_site_name(candidate))
        statement = cite.state("headline", trimmed, pool, limit=LIMIT if not trimmed.is_title else LIMIT * 2)
        if statement is not None:
            ledger.tell(candidate)
            return statement
    raise LookupError("no candidate is fit for a headline")


def fallback(event: Event, articles: list[Article]) -> Statement:
    """The first non-empty line of the earliest article, as it stands."""
    for article in sorted(articles, key=lambda a: (a.published_at, a.id)):
        start = len(article.text) - len(article.text.lstrip())
        end = article.text.find("\n", start)
        end = len(article.text) if end < 0 else end
        if end > start:
            words = cite.citation(article, start, min(end, start + 300))
            return Statement(section="headline", text=words.quote, citations=(words,), language=article.language)
    raise ValueError(f"event {event.id} has no article with text")


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
