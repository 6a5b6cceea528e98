"""Two facts not made into one: whoever a statement is about is whom the sentence is about that tells what it says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import MEANS, Pair, match
from groundwire.briefs.grounding.fragments import Path, Word
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

_LEAST_WORDS = 2
"""Content words that a predicate has at least."""
_HEAD = 7
"""Words at the beginning of a sentence in which its subject stands."""
_JOINING = frozenset(("and", "or", "then", "和", "并", "并且", "及", "以及", "同时", "还", "也"))
_AUXILIARIES = frozenset(
    [
        "is",
        "are",
        "was",
        "were",
        "has",
        "have",
        "had",
        "will",
        "would",
        "can",
        "could",
        "may",
        "might",
        "should",
        "must",
        "does",
        "did",
        "do",
        "be",
        "been",
        "'s",
    ]
)


def subject(reading: Reading) -> tuple[list[int], list[int]]:
    """Content words before the first verb of a sentence, and those from it on; positions in ``tokens``; empty if unsure."""
    for position, token in enumerate(reading.tokens):
        if not _verb(reading, position):
            continue
        before = [
            i for i in reading.content
            if i < position and reading.tokens[i].clause == token.clause and not reading.tokens[i].number
        ]  # fmt: skip
        if before:
            return before, [i for i in reading.content if i >= position]
    return [], []


def _verb(reading: Reading, position: int) -> bool:
    token = reading.tokens[position]
    if reading.language == "zh":
        return token.tag == "v" and position > 0
    return token.text in _AUXILIARIES or token.past


def compare(pairs: Sequence[Pair], told: float) -> list[Finding]:
    """A subject of one sentence of the evidence with the predicate of another that is about something else.

    Args:
        pairs: The statement against each evidence sentence.
        told: Share of the predicate that a sentence must have to be the one that tells it. 0 to 1
    """
    if len(pairs) < 2:
        return []
    statement = pairs[0].statement
    about, predicate = subject(statement)
    if not about or len(predicate) < _LEAST_WORDS:
        return []
    telling = max(pairs, key=lambda p: p.coverage(predicate))
    if telling.coverage(predicate) < told or _has(telling, about) or _refers_back(telling.evidence):
        return []
    elsewhere = [p for p in pairs if p is not telling and _has(p, about)]
    if not elsewhere or any(p.coverage(predicate) >= told for p in elsewhere):
        return []
    first, last = statement.tokens[about[0]], statement.tokens[about[-1]]
    words = statement.text[first.start : last.end]
    detail = f"the sentence that tells this is not about “{words}”"
    return [Finding(kind="splice", detail=detail, start=first.start, end=last.end)]


def seams(pairs: Sequence[Pair], known: Sequence[Word], path: Path) -> list[Finding]:
    """Places inside a clause where a statement goes on with another evidence sentence, whose own subject it has left behind.

    Args:
        pairs: The statement against each evidence sentence.
        known: The words of these, numbered through.
        path: How the statement reads off them.
    """
    tokens = pairs[0].statement.tokens
    placed = [(i, at) for i, at in enumerate(path.places) if at >= 0]
    findings = []
    for (i, a), (j, b) in pairwise(placed):
        if known[a].sentence == known[b].sentence or _bordered(tokens, i, j):
            continue
        there = known[b]
        evidence = pairs[there.sentence].evidence
        following = [k for k, at in placed if k >= j and known[at].sentence == there.sentence]
        if sum(tokens[k].content for k in following) < _LEAST_WORDS:
            continue
        left = _left_behind(evidence, there.index)
        if not left or any(match(token, other) > 0 for token in left for other in tokens[:j]):
            continue
        words = " ".join(token.text for token in left)
        detail = f"in the evidence “{tokens[j].text}” and what follows is said of “{words}”"
        findings.append(Finding(kind="splice", detail=detail, start=tokens[i].start, end=tokens[j].end))
    return findings[:1]


def _bordered(tokens: Sequence[Token], i: int, j: int) -> bool:
    """Whether a clause ends, or another is joined on, between two words of a statement."""
    return tokens[i].clause != tokens[j].clause or any(t.text in _JOINING for t in tokens[i : j + 1])


def _left_behind(evidence: Reading, index: int) -> list[Token]:
    """Content words that stand before a word in its clause and name whom it is said of; empty if they refer back."""
    before = [t for t in evidence.tokens[:index] if t.clause == evidence.tokens[index].clause]
    if _refers_back(evidence) and evidence.tokens[0] in before:
        return []
    return [t for t in before if t.content and not t.number]


def _has(pair: Pair, words: Sequence[int]) -> bool:
    """Whether the evidence sentence has any of these words of the statement."""
    return any(s >= MEANS for i in words for _, s in pair.links.get(i, ()))


def _refers_back(reading: Reading) -> bool:
    """Whether a sentence's subject is a word for something named before (it, the company, 该公司), or it has none."""
    words = [t.text for t in reading.tokens[:_HEAD]]
    if reading.language == "zh":
        first = reading.tokens[0].tag[:1] if reading.tokens else ""
        return first in ("v", "d", "p", "c") or any(w in lexicon.word_set("anaphor_zh") for w in words)
    table = lexicon.word_phrases("anaphor_en")
    return any(tuple(words[i : i + len(p)]) == p for i, word in enumerate(words) for p in table.get(word, ()))
