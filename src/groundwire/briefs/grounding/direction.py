"""Opposites: where the evidence says rose, more, 上涨 or bought, the statement doesn't say fell, less, 下跌 or sold."""

from __future__ import annotations

from collections.abc import Sequence

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import Pair, affinity, company, place, rendered
from groundwire.briefs.grounding.reading import Token
from groundwire.briefs.grounding.verdict import Finding


def compare(pairs: Sequence[Pair], margin: float) -> list[Finding]:
    """Words whose opposite stands, in the evidence, where they stand in the statement.

    Args:
        pairs: The statement against each evidence sentence.
        margin: By how much the opposite's surroundings must agree better than those of the word itself. 0 to 1
    """
    findings = []
    for token in pairs[0].statement.tokens:
        if not token.concepts or token.number:
            continue
        own, rival, instead, kept = 0.0, 0.0, "", False
        for pair in pairs:
            here = place(pair.statement, token.start, token.end)
            for other in pair.evidence.tokens:
                same = other.key == token.key or bool(other.concepts & token.concepts)
                if not same and (not lexicon.opposite(token.concepts, other.concepts) or rendered(pair, other)):
                    continue
                there = place(pair.evidence, other.start, other.end)
                around, slot = affinity(pair, here, there), all(company(pair, here, there))
                if same == (other.negated == token.negated):
                    own, kept = max(own, around), kept or slot
                elif not same and (slot or around > rival):
                    rival, instead = 1.0 if slot else around, other.text
        if instead and not kept and rival > own + margin:
            findings.append(_finding(token, instead))
    return findings


def _finding(token: Token, instead: str) -> Finding:
    detail = f"“{token.text}” where the evidence has “{instead}”"
    return Finding(kind="direction", detail=detail, start=token.start, end=token.end)
