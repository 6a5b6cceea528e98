"""Two facts not made into one: whoever a statement is about is whom the sentence is about that tells what it says."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import MEANS, Pair, match
from groundwire.briefs.grounding.fragments import Path, Word
from groundwire.briefs.grounding.names import names
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

_LEAST_WORDS = 2
"""Content words that a predicate has at least."""
_HEAD = 7
"""Words at the beginning of a sentence in which its subject stands."""
_JOINING = frozenset(("and", "or", "then", "和", "并", "并且", "及", "以及", "同时", "还", "也"))
_BE = frozenset(("is", "are", "was", "were", "be", "been", "being", "被", "获", "遭"))
_BY = frozenset(("由", "被", "获", "遭", "受", "把", "将"))
_POINTING = frozenset(("there", "this", "that", "these", "those", "such"))
_AUXILIARIES = lexicon.word_set("auxiliary_en")


def subject(reading: Reading) -> tuple[list[int], list[int]]:
    """Content words before the first verb of a sentence, and those from it on; positions in ``tokens``; empty if unsure."""
    for position, token in enumerate(reading.tokens):
        if not _verb(reading, position):
            continue
        before = [
            i for i in reading.content
            if i < position and reading.tokens[i].clause == token.clause and not reading.tokens[i].number
        ]  # fmt: skip
        if before and _names_something(reading, before):
            return before, [i for i in reading.content if i >= position]
    return [], []


def _names_something(reading: Reading, words: Sequence[int]) -> bool:
    """Whether a noun is among these words, as far as their tags tell."""
    return reading.language != "zh" or any(reading.tokens[i].tag[:1] in ("n", "e", "x") for i in words)


def _verb(reading: Reading, position: int) -> bool:
    token = reading.tokens[position]
    if reading.language == "zh":
        return token.tag == "v" and position > 0
    return (
        token.text in _AUXILIARIES
        or token.past
        or (position > 0 and token.text.endswith("s") and "say" in token.concepts)
    )


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
    if telling.coverage(predicate) < told or _about(telling, about, predicate) or _refers_back(telling.evidence):
        return []
    elsewhere = [p for p in pairs if p is not telling and _about(p, about)]
    if not elsewhere or any(p.coverage(predicate) >= told for p in elsewhere):
        return []
    first, last = statement.tokens[about[0]], statement.tokens[about[-1]]
    words = statement.text[first.start : last.end]
    detail = f"the sentence that tells this is not about “{words}”"
    return [Finding(kind="splice", detail=detail, start=first.start, end=last.end)]


def seams(pairs: Sequence[Pair], known: Sequence[Word], path: Path) -> list[Finding]:
    """Places inside a clause where a statement leaps to words of the evidence that are said there of something else.

    It leaps to another sentence, or back in the same one. What stands before these words in their clause, and so says whom
    they are said of, has no counterpart in what the statement says before (after a leap back: anywhere).

    Args:
        pairs: The statement against each evidence sentence.
        known: The words of these, numbered through.
        path: How the statement reads off them.
    """
    tokens = pairs[0].statement.tokens
    placed = [(i, at) for i, at in enumerate(path.places) if at >= 0]
    if placed and any(t.text in _POINTING for t in tokens[: placed[0][0]]):
        placed.insert(0, (0, -1))  # "there" or "this" in the place of what the evidence speaks of
    for (i, a), (j, b) in pairwise(placed):
        there, back = known[b], a >= 0 and known[a].sentence == known[b].sentence
        if (
            (back and b > a)
            or tokens[i].clause != tokens[j].clause
            or any(t.text in _JOINING for t in tokens[i : j + 1])
        ):
            continue
        following = [k for k, at in placed if k >= j and known[at].sentence == there.sentence]
        if sum(tokens[k].content for k in following) < _LEAST_WORDS:
            continue
        evidence = pairs[there.sentence].evidence
        if back and _passive(tokens, j) and not _passive(evidence.tokens, there.index):
            continue  # the price was cut: whoever did it may be left out
        left = _left_behind(evidence, there.index)
        said = tokens if back else tokens[:j]
        if left and not any(match(token, other) > 0 for token in left for other in said):
            words = " ".join(token.text for token in left)
            detail = f"in the evidence “{tokens[j].text}” and what follows is said of “{words}”"
            return [Finding(kind="splice", detail=detail, start=tokens[i].start, end=tokens[j].end)]
    return []


def _passive(tokens: Sequence[Token], i: int) -> bool:
    """Whether a word that makes a verb passive stands right before one."""
    return any(t.text in _BE for t in tokens[max(0, i - 3) : i])


def _left_behind(evidence: Reading, index: int) -> list[Token]:
    """Words before one in its clause that say whom it is said of: its names, else its content words; none if they refer back."""
    before = [t for t in evidence.tokens[:index] if t.clause == evidence.tokens[index].clause]
    if _refers(before, evidence.language):
        return []
    spans = [(n.start, n.end) for n in names(evidence)]
    named = [t for t in before if any(a < t.end and t.start < b for a, b in spans)]
    return named or [t for t in before if t.content and not t.number]


def _refers(words: Sequence[Token], language: str) -> bool:
    """Whether a word among these stands for something named before (it, the company, 该公司)."""
    texts = [t.text for t in words]
    if language == "zh":
        return any(text in lexicon.word_set("anaphor_zh") - {"官方", "团队"} for text in texts)
    table = lexicon.word_phrases("anaphor_en")
    return any(tuple(texts[i : i + len(p)]) == p for i, text in enumerate(texts) for p in table.get(text, ()))


def _about(pair: Pair, words: Sequence[int], predicate: Sequence[int] = ()) -> bool:
    """Whether the evidence sentence has the last of a subject's words, which names it, or half of them.

    In Chinese, whose order tells who does what, they must stand before what it says of them, unless one of both is passive.
    """
    until = len(pair.evidence.tokens)
    if pair.statement.language == "zh" and not any(
        t.text in _BY for r in (pair.statement, pair.evidence) for t in r.tokens
    ):
        said = sorted(max(pair.links[i], key=lambda found: found[1])[0] for i in predicate if i in pair.links)
        until = said[len(said) // 2] if said else until
    there = [any(s >= MEANS and j < until for j, s in pair.links.get(i, ())) for i in words]
    return there[-1] or 2 * sum(there) >= len(there)


def _refers_back(reading: Reading) -> bool:
    """Whether a sentence begins with a word for something named before (it, the company, 该公司), or has no subject."""
    if reading.language == "zh" and reading.tokens and reading.tokens[0].tag[:1] in ("v", "d", "p", "c"):
        return True
    head = reading.tokens[:_HEAD]
    first = min((n.start for n in names(reading)), default=len(reading.text))
    return _refers([t for t in head if t.start < first], reading.language)
