"""Negation and certainty: the statement denies what the evidence denies, and is no surer of it (may, plans to, has)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import ALIKE, Pair
from groundwire.briefs.grounding.nearby import Counterpart, counterparts
from groundwire.briefs.grounding.reading import LEVELS, Reading, Token, level
from groundwire.briefs.grounding.verdict import Finding

_SURE = {1: "possible", 2: "planned or to come", 3: "so"}
_BEFORE_NOUN = frozenset(
    [
        "the",
        "a",
        "an",
        "of",
        "its",
        "their",
        "his",
        "her",
        "in",
        "for",
        "on",
        "at",
        "by",
        "with",
        "and",
        "or",
        "new",
        "this",
        "that",
        "these",
        "those",
        "to",
        "some",
        "many",
        "all",
    ]
)


def negation(pairs: Sequence[Pair]) -> list[Finding]:
    """Words that the statement denies and the evidence affirms, or the other way round."""
    statement = pairs[0].statement
    findings = []
    unheard = set(statement.negations)
    for i in statement.content:
        token = statement.tokens[i]
        if token.number:
            continue
        found = counterparts(pairs, i, least=ALIKE if token.negated else 0.9)
        if not found:
            continue
        if any(c.token.negated == token.negated for c in found):
            if token.negated:
                unheard.discard(token.clause)
            continue
        if all(_same_parity(token, c, pairs) for c in found):
            unheard.discard(token.clause)
            continue
        if token.negated and all(
            c.token.key != token.key and _opposed(token, pairs[c.sentence].evidence) for c in found
        ):
            unheard.discard(token.clause)
            continue
        unheard.discard(token.clause)
        says, has = ("denies", "affirms") if token.negated else ("affirms", "denies")
        findings.append(
            Finding(
                kind="negation",
                detail=f"the statement {says} “{token.text}”, the evidence {has} it",
                start=token.start,
                end=token.end,
            )
        )
    for clause in sorted(unheard):
        if not _negative(pairs):
            first = next(t for t in statement.tokens if t.clause == clause)
            findings.append(
                Finding(
                    kind="negation",
                    detail="the statement denies something, the evidence denies nothing",
                    start=first.start,
                    end=first.end,
                )
            )
    return findings


def _same_parity(token: Token, found: Counterpart, pairs: Sequence[Pair]) -> bool:
    """Whether both clauses hold a negation, only of different words: a matter of wording (no deal was made, did not make a deal)."""
    pair = pairs[found.sentence]
    stated, cited = pair.statement.negations.count(token.clause), pair.evidence.negations.count(found.token.clause)
    return stated == cited > 0


def _opposed(token: Token, evidence: Reading) -> bool:
    """Whether the evidence affirms the opposite of the denied word (did not accept, rejected)."""
    return any(lexicon.opposite(token.concepts, t.concepts) and not t.negated for t in evidence.tokens)


@cache
def _inherent() -> frozenset[str]:
    english = {lexicon.base(w) for w in lexicon.word_set("inherent_en", "negation")}
    return frozenset(english) | lexicon.word_set("inherent_zh", "negation")


def _negative(pairs: Sequence[Pair]) -> bool:
    """Whether any evidence sentence that the statement draws on denies something, by a word for it or within a word."""
    best = max(p.coverage() for p in pairs)
    for pair in pairs:
        if pair.coverage() < 0.5 * best:
            continue
        if pair.evidence.negations or any(t.key in _inherent() or _prefixed(t) for t in pair.evidence.tokens):
            return True
    return False


def _prefixed(token: Token) -> bool:
    return (
        token.text.startswith(("un", "in", "im", "non", "dis", "ir")) and len(token.text) > 7
    ) or token.text.endswith("less")


def modality(pairs: Sequence[Pair]) -> list[Finding]:
    """Predicates that the statement is surer of than the evidence, or less sure."""
    statement = pairs[0].statement
    findings = []
    for position, i in enumerate(statement.content):
        token = statement.tokens[i]
        if token.number or token.negated:
            continue
        found = counterparts(pairs, i, share=0.6)
        sure = level(token) or _present(statement, position, found)
        levels = [level(c.token) for c in found]
        late = {c.token.nearest for c in found}
        if token.nearest and "" not in late and token.nearest not in late and levels:
            sure, levels = LEVELS[token.nearest], [LEVELS[kind] for kind in late]
        if not sure or not levels or any(other in (0, sure) for other in levels):
            continue
        if statement.language == "zh" and not token.modality and sure == 3 and not token.past:
            continue
        findings.append(
            Finding(
                kind="modality",
                detail=f"the statement has “{token.text}” as {_SURE[sure]}, the evidence as {_SURE[max(levels)]}",
                start=token.start,
                end=token.end,
            )
        )
    return findings


def _present(statement: Reading, position: int, found: Sequence[Counterpart]) -> int:
    """3 where the statement has the present (launches) of what the evidence has under a modal verb (may launch); else 0."""
    i = statement.content[position]
    token = statement.tokens[i]
    if (
        statement.language != "en"
        or not token.text.endswith("s")
        or i == 0
        or statement.tokens[i - 1].text in _BEFORE_NOUN
    ):
        return 0
    own_form = any(c.token.modality and token.text in (c.token.text + "s", c.token.text + "es") for c in found)
    return 3 if own_form else 0
