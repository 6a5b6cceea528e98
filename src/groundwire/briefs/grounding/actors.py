"""Who acts, where only a word for a kind of actor says so: "the company will rezone" of what a county board voted to do."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import MEANS, Pair
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

_PASSIVE = re.compile(r"\bby\b|被|由")
_OPENING = 4
"""Words among which a statement's subject begins."""


def compare(pairs: Sequence[Pair]) -> list[Finding]:
    """A finding if the statement lets one kind of actor do what each sentence that tells of it lets only other kinds do.

    A sentence that names somebody else besides, before what was done, decides nothing: the word may refer to that name.
    Nor does one in the passive, which tells last who acts.
    """
    statement = pairs[0].statement
    subject = next((i for i, t in enumerate(statement.tokens[:_OPENING]) if _kind(t)), None)
    if subject is None:
        return []
    actor = statement.tokens[subject]
    act = next((i for i in statement.content if i > subject), None)
    behind = statement.folded[actor.end : actor.end + 2]
    if act is None or behind.startswith(("'", "’", "的")) or statement.tokens[act].clause != actor.clause:
        return []
    others: list[Token] = []
    for pair in pairs:
        for j, strength in pair.links.get(act, ()):
            if strength < MEANS:
                continue
            told = [t for t in pair.evidence.tokens if _kind(t)]
            before = [t for t in told if t.start < pair.evidence.tokens[j].start]
            if not before or any(_kind(t) == _kind(actor) for t in told) or _PASSIVE.search(pair.evidence.folded):
                return []
            if _names_another(pair.evidence, j, before):
                return []
            others += before
    if not others:
        return []
    detail = f"“{actor.text}” does it, in the evidence “{others[0].text}” does ({statement.tokens[act].text})"
    return [Finding(kind="role", detail=detail, start=actor.start, end=actor.end)]


def _names_another(evidence: Reading, j: int, actors: Sequence[Token]) -> bool:
    """Whether a name stands before word ``j`` that isn't part of what the actors are called."""
    named = (m for m in evidence.mentions if m.start < evidence.tokens[j].start)
    return any(not any(m.start <= t.end + 1 and t.start <= m.end + 1 for t in actors) for m in named)


def _kind(token: Token) -> str:
    return _kinds().get(token.text) or _kinds().get(token.key, "")


@cache
def _kinds() -> dict[str, str]:
    """Word, or stem of an English word -> the kind of actor that it names."""
    found = {}
    for kind in ("business", "public", "people"):
        for word in lexicon.word_set(f"{kind}_en", "actors"):
            found[word] = found[lexicon.base(word)] = kind
        for word in lexicon.word_set(f"{kind}_zh", "actors"):
            found[word] = kind
    return found
