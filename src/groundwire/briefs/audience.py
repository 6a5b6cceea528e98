"""Who should care: readers' roles, each with the words of the sources that decided it."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import NamedTuple

from groundwire.briefs import cite, quality
from groundwire.briefs.pool import Candidate, Pool
from groundwire.evidence import cues, roles
from groundwire.evidence.cues import Hit
from groundwire.types import Audience, Statement

MOST = 3
LEAST_TERMS = 2
"""Different words that a role needs, one of them deciding."""
LEAST = 0.6
"""Score below which the words are said in passing."""
BESIDE = 0.35
"""What a word counts that speaks for a role without deciding it."""
WIDTH = 44
"""Weight of the slice shown as the deciding words; it lies within one clause."""
ABSENT = "too few words of the sources point to a reader's role"


class _Found(NamedTuple):
    candidate: Candidate
    hit: Hit
    decides: bool

    @property
    def term(self) -> str:
        """The word's normal form."""
        return cues.stem(self.candidate.text[self.hit.start : self.hit.end])


def choose(pool: Pool) -> tuple[Audience, ...]:
    """The roles that the event's titles, leads and central sentences speak to most, best first."""
    found: dict[str, list[_Found]] = defaultdict(list)
    for c in pool.candidates:
        if c.position <= 4 or pool.of(c) >= 0.45:
            named = [(m.start - c.start, m.end - c.start) for m in c.found.mentions if m.kind != "other"]
            hits = cues.find(c.text)
            for group, decides in (("audience", True), ("beside", False)):
                for role, words in roles.tally(hits, group).items():
                    found[role] += [
                        _Found(c, h, decides) for h in words if not any(a < h.end and h.start < b for a, b in named)
                    ]
    scored = sorted(
        (
            (_score(pool, hits), role)
            for role, hits in found.items()
            if any(f.decides for f in hits) and len({f.term for f in hits}) >= LEAST_TERMS
        ),
        key=lambda pair: (-pair[0], pair[1]),
    )
    if not scored:
        return ()
    top = scored[0][0]
    return tuple(
        Audience(role=role, statement=_deciding_words(pool, [f for f in found[role] if f.decides]))
        for score, role in scored[:MOST]
        if score >= max(0.5 * top, LEAST)
    )


def _one_phrase(text: str) -> bool:
    return quality.weight(text) <= WIDTH and not re.search(r"\d|[,;:，。；：、（）()]|\s[—–-]\s", text)


def _score(pool: Pool, found: list[_Found]) -> float:
    """Each different word counts once, where it stands most prominently."""
    best: dict[str, float] = {}
    for f in found:
        worth = (1.0 if f.decides else BESIDE) * max(pool.of(f.candidate) + 0.5 * f.candidate.is_title, 0.0)
        best[f.term] = max(best.get(f.term, 0.0), worth)
    return round(sum(best.values()), 6)


def _deciding_words(pool: Pool, found: list[_Found]) -> Statement:
    """The slice that holds the most deciding words of one sentence, reader's language first; never with a number."""
    options: list[tuple[float, int, int, int, Candidate]] = []
    by_candidate: dict[int, list[_Found]] = defaultdict(list)
    for f in found:
        by_candidate[f.candidate.index].append(f)
    for own in by_candidate.values():
        c = own[0].candidate
        hits = sorted((f.hit.start, f.hit.end) for f in own)
        for i, (start, first_end) in enumerate(hits):
            end = max((end for _, end in hits[i:] if _one_phrase(c.text[start:end])), default=first_end)
            terms = len({c.text[a:b].lower() for a, b in hits[i:] if b <= end})
            merit = 0.5 * min(terms, 3) + pool.of(c) + 0.01 * min(end - start, 24)
            merit += 0.8 * (c.article.language == pool.language)
            options.append((-round(merit, 6), c.index, start, end, c))
    _, _, start, end, c = min(options, key=lambda o: o[:4])
    words = cite.citation(c.article, c.start + start, c.start + end)
    return Statement(
        section="who_should_care",
        text=words.quote,
        citations=(words,),
        language=cite.language_of(words.quote, c.article.language),
    )
