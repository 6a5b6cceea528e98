"""Who did what to whom: two names and the word between them stand in the same roles in statement and evidence."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from groundwire.briefs.grounding.align import MEANS, Pair, match
from groundwire.briefs.grounding.names import Name, names, occurrences
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

MAX_APART = 90
"""Characters between two names that one word may still relate."""
_PASSIVE = re.compile(
    r"\b(?:be|been|being|is|was|are|were|get|got|gets)\b[^,.;]{0,40}\bby\b(?:\s+\w+){0,3}\s*$|\b\w+ed by\s*$|(?:\bbought|\bsold|\bmade|\bbuilt|\bwon|\btaken|\bgiven) by\s*$"
)
_PASSIVE_ZH = re.compile(r"被|遭到?|受到|由|获得?")
_MUTUAL = re.compile(
    r"\b(?:and|with|or|between|versus|vs|alongside|like|than|from|as well as|including|such as)\s*(?:the\s+)?$|^\s*(?:and|or|,|&|/)|(?:与|和|及|跟|同|、|或|以及)\s*$|^\s*(?:与|和|及|跟|同|、|或)"
)
_MUTUAL_CONCEPTS = frozenset(
    ("together", "merge", "meet", "discuss", "agree", "rival", "partner", "same", "different", "split", "war")
)


@dataclass(frozen=True, slots=True)
class Relation:
    """``agent`` does ``act`` to ``patient``."""

    agent: Name
    act: Token
    patient: Name


def relations(reading: Reading, named: Sequence[Name], *, neighbours: bool) -> Iterator[Relation]:
    """Relations that names and the words between them suggest; mutual ones (A and B merged) are left out.

    Args:
        reading: The sentence.
        named: Its names, in order.
        neighbours: Only between names with no other name between them.
    """
    for a, first in enumerate(named):
        rest = named[a + 1 : a + 2] if neighbours else named[a + 1 :]
        for second in rest:
            if not 0 < second.start - first.end <= MAX_APART or second.key == first.key:
                continue
            between = reading.folded[first.end : second.start]
            if _MUTUAL.search(between):
                continue
            if reading.language == "zh" and (match_ := _PASSIVE_ZH.search(between)):
                behind = [t for t in reading.tokens if second.end <= t.start <= second.end + 12 and _acts(t)]
                if between[match_.end() :].strip() == "" or not any(
                    _acts(t) for t in _between(reading, first.end + match_.end(), second.start)
                ):
                    yield from (Relation(second, t, first) for t in behind[:2])
                    continue
            passive = bool(_PASSIVE.search(between))
            for token in _between(reading, first.end, second.start):
                if _acts(token):
                    yield Relation(second, token, first) if passive else Relation(first, token, second)


def _between(reading: Reading, start: int, end: int) -> Iterator[Token]:
    return (t for t in reading.tokens if start <= t.start and t.end <= end)


def _acts(token: Token) -> bool:
    """Whether a word can be what one does to another."""
    return (
        token.content
        and not token.number
        and not token.concepts & _MUTUAL_CONCEPTS
        and (not token.tag or token.tag[:1] == "v")
    )


def compare(pairs: Sequence[Pair]) -> tuple[list[Finding], list[tuple[int, int]]]:
    """Relations of the statement that the evidence has only the other way round; spans of names in relations that it has."""
    statement = pairs[0].statement
    own = names(statement)
    if len(own) < 2:
        return [], []
    findings, confirmed = [], []
    for stated in relations(statement, own, neighbours=True):
        right = wrong = False
        for pair in pairs:
            agents, patients = _same(stated.agent, pair.evidence), _same(stated.patient, pair.evidence)
            if not agents or not patients:
                continue
            named = sorted([*agents, *patients, *_others(pair.evidence, [*agents, *patients])], key=lambda n: n.start)
            for seen in relations(pair.evidence, named, neighbours=False):
                if match(stated.act, seen.act) < MEANS:
                    continue
                right |= seen.agent.key == stated.agent.key and seen.patient.key == stated.patient.key
                wrong |= seen.agent.key == stated.patient.key and seen.patient.key == stated.agent.key
        if right:
            confirmed += [(n.start, n.end) for n in (stated.agent, stated.patient)]
        elif wrong:
            detail = f"in the evidence “{stated.patient.text}” does it to “{stated.agent.text}” ({stated.act.text})"
            first, last = sorted((stated.agent, stated.patient), key=lambda n: n.start)
            findings.append(Finding(kind="role", detail=detail, start=first.start, end=last.end))
    return findings[:1], confirmed


def _same(name: Name, evidence: Reading) -> list[Name]:
    return [Name(a, b, evidence.text[a:b], name.key) for a, b in occurrences(name, evidence)]


def _others(evidence: Reading, known: Sequence[Name]) -> list[Name]:
    return [n for n in names(evidence) if not any(k.start < n.end and n.start < k.end for k in known)]
