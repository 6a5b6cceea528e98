"""Conditions and exceptions: what the evidence says for a case ("unless prices fall"), a statement may not say for all."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from groundwire.briefs.grounding.align import MEANS, Pair
from groundwire.briefs.grounding.reading import Reading
from groundwire.briefs.grounding.verdict import Finding

_CONDITION = {
    "en": re.compile(
        r"\b(?<!as )(?<!even )(?<!what )(?<!ask )(?<!asked )(?<!see )(?<!know )(?<!wonder )(?<!decide )(?<!check )(?<!test )"
        r"(?:only if|if|unless|except|excluding|provided(?: that)?|on condition that|as long as|subject to|contingent on)\b"
    ),
    "zh": re.compile(r"如果|若(?!干)|倘若|假如|一旦|除非|只要"),
}
_HEDGED = re.compile(
    r"\b(?:may|might|could|would|possibly|perhaps|conditional\w*|condition|when|once|only|mostly|partly|some|most)\b|可能|或将?|有望|只有|部分"
)
"""A statement that leaves room for another case in its own words."""
_STOP = re.compile(r"[,;，；。]|[.](?=\s|$)|$")
_LEAST = 2
"""Words of a clause that a statement must tell to have told it."""


def compare(pairs: Sequence[Pair]) -> list[Finding]:
    """A finding if a statement tells what the evidence ties to a condition, or the condition itself, without an "if"."""
    statement = pairs[0].statement
    if _CONDITION[statement.language].search(statement.folded) or _HEDGED.search(statement.folded):
        return []
    detail = ""
    for pair in pairs:
        told = {j for links in pair.links.values() for j, strength in links if strength >= MEANS}
        wrong = next(_without_case(pair, told), "")
        if told and not wrong and pair.coverage() >= 1.0:
            return []  # a sentence that says all of it, for every case
        detail = detail or wrong
    return [Finding(kind="modality", detail=detail, start=0, end=len(statement.text))] if detail else []


def _without_case(pair: Pair, told: set[int]) -> Iterator[str]:
    """What a statement that tells these words of one sentence leaves out of it, or takes for so."""
    half = max(_LEAST, (len(pair.statement.content) + 1) // 2)
    for start, end, governed in _conditions(pair.evidence):
        condition = [j for j in pair.evidence.content if start <= pair.evidence.tokens[j].start < end]
        inside, limited = len(told.intersection(condition)), len(told.intersection(governed))
        words = " ".join(pair.evidence.text[start:end].split())[:80]
        if limited >= half and 3 * inside <= len(condition):
            yield f"left out: “{words}”"
        elif inside >= max(half, 3) and not limited:
            yield f"only a condition in the evidence: “{words}”"


def _conditions(evidence: Reading) -> Iterator[tuple[int, int, list[int]]]:
    """(start, end, positions of the content words of the clause that it limits) of each condition of a sentence."""
    text, tokens = evidence.folded, evidence.tokens
    for found in _CONDITION[evidence.language].finditer(text):
        stop = _STOP.search(text, found.end())
        end = stop.start() if stop else len(text)
        before = [t for t in tokens if t.end <= found.start()]
        behind = [t for t in tokens if t.start >= end]
        opens = not before or text[: found.start()].rstrip().endswith((",", "，", ";", "；"))
        limited = behind[:1] if opens and behind else before[-1:]
        governed = [j for j in evidence.content if limited and tokens[j].clause == limited[0].clause]
        yield found.start(), end, [j for j in governed if not found.start() <= tokens[j].start < end]
