"""Who should care: readers' roles, each with the words of the sources that decided it."""

from __future__ import annotations

import re
from collections import defaultdict

from groundwire.briefs import cite, quality
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence import cues, roles
from groundwire.evidence.cues import Hit
from groundwire.types import Audience, Statement

MOST = 3
LEAST_TERMS = 2
"""Different deciding words that a role needs."""
WIDTH = 44
"""Weight of the slice shown as the deciding words; it lies within one clause."""
ABSENT = "too few words of the sources point to a reader's role"

_Found = tuple[Candidate, Hit]


def choose(pool: Pool) -> tuple[Audience, ...]:
    """The roles that the event's titles, leads and central sentences speak to most, best first."""
    found: dict[str, list[_Found]] = defaultdict(list)
    for c in pool.candidates:
        if c.position <= 4 or pool.of(c) >= 0.45:
            named = [(m.start - c.start, m.end - c.start) for m in c.found.mentions]
            for role, hits in roles.tally(cues.find(c.text), "audience").items():
                found[role] += [(c, h) for h in hits if not any(a < h.end and h.start < b for a, b in named)]
    scored = sorted(((_score(pool, hits), role) for role, hits in found.items()), key=lambda pair: (-pair[0], pair[1]))
    if not scored:
        return ()
    top = scored[0][0]
    return tuple(
        Audience(role=role, statement=_deciding_words(pool, found[role]))
        for score, role in scored[:MOST]
        if score >= 0.5 * top and len(_terms(found[role])) >= LEAST_TERMS
    )


def _one_phrase(text: str) -> bool:
    return quality.weight(text) <= WIDTH and not re.search(r"[,;:，。；：、（）()]|\s[—–-]\s", text)


def _terms(found: list[_Found]) -> set[str]:
    return {cues.stem(c.text[h.start : h.end]) for c, h in found}


def _score(pool: Pool, found: list[_Found]) -> float:
    """Each different word counts once, where it stands most prominently."""
    best: dict[str, float] = {}
    for c, h in found:
        term = cues.stem(c.text[h.start : h.end])
        best[term] = max(best.get(term, 0.0), pool.of(c) + 0.5 * c.is_title)
    return round(sum(best.values()), 6)


def _deciding_words(pool: Pool, found: list[_Found]) -> Statement:
    """The shortest slice that holds the most deciding words of one sentence, reader's language first."""
    options: list[tuple[float, int, int, int, Candidate]] = []
    by_candidate: dict[int, list[_Found]] = defaultdict(list)
    for c, h in found:
        by_candidate[c.index].append((c, h))
    for pairs in by_candidate.values():
        c = pairs[0][0]
        hits = sorted((h.start, h.end) for _, h in pairs)
        for i, (start, _) in enumerate(hits):
            ends = [end for _, end in hits[i:] if _one_phrase(c.text[start:end])]
            if ends:
                terms = len({c.text[a:b].lower() for a, b in hits[i:] if b <= max(ends)})
                merit = 0.5 * min(terms, 3) + pool.of(c) + 0.5 * (c.article.language == pool.language)
                options.append((-round(merit, 6), c.index, start, max(ends), c))
    _, _, start, end, c = min(options, key=lambda o: o[:4])
    words = cite.citation(c.article, c.start + start, c.start + end)
    return Statement(
        section="who_should_care",
        text=words.quote,
        citations=(words,),
        language=cite.language_of(words.quote, c.article.language),
    )
