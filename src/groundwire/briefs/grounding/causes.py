"""Cause and effect: what the statement gives as the cause is not the effect in the evidence, and some cause is given there."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import MEANS, Pair, match
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding

_MOST_WORDS = 14
"""Content words on either side of a causal word that belong to its cause and its effect."""


@dataclass(frozen=True, slots=True)
class Causation:
    """What a text says has come from what: content words of either, and the causal word."""

    cue: Token
    cause: tuple[Token, ...]
    effect: tuple[Token, ...]


def causations(reading: Reading) -> list[Causation]:
    """Every "effect because cause", "cause led to effect", "because cause, effect" of a sentence."""
    language, tokens = reading.language, reading.tokens
    found = []
    tables = [
        (kind, lexicon.word_phrases(f"{kind}_{language}", "cause")) for kind in ("head", "effect_first", "cause_first")
    ]
    for i, token in enumerate(tokens):
        for kind, table in tables:
            length = next(
                (len(p) for p in table.get(token.text, ()) if tuple(t.text for t in tokens[i : i + len(p)]) == p), 0
            )
            if not length:
                continue
            before = _content(reversed(tokens[:i]))
            behind = tokens[i + length :]
            if kind == "head":
                if before and _opens_clause(tokens, i) is False:
                    if language == "zh" or token.text == "since":
                        continue
                    found.append(Causation(token, _content(behind), before))
                    break
                clause = behind[0].clause if behind else 0
                inner = [t for t in behind if t.clause <= clause]
                outer = [t for t in behind if t.clause > clause]
                if inner and outer and not before:
                    found.append(Causation(token, _content(inner), _content(outer)))
                    break
                if inner and before:
                    found.append(Causation(token, _content(inner), before))
                    break
                continue
            if before and behind:
                after = _content(behind)
                found.append(
                    Causation(token, after, before) if kind == "effect_first" else Causation(token, before, after)
                )
                break
    return found


def _opens_clause(tokens: Sequence[Token], i: int) -> bool:
    """Whether punctuation or nothing stands before the word (a border word opens a clause of its own)."""
    return i == 0 or tokens[i].clause - tokens[i - 1].clause > 1


def _content(tokens: Iterable[Token]) -> tuple[Token, ...]:
    return tuple([t for t in tokens if t.content][:_MOST_WORDS])


def compare(pairs: Sequence[Pair], margin: float) -> list[Finding]:
    """Causes and effects that have changed places, and causes that the evidence doesn't give at all.

    Args:
        pairs: The statement against each evidence sentence.
        margin: By how much a reversed reading must fit better. 0 to 1
    """
    findings = []
    for stated in causations(pairs[0].statement):
        best = [c for pair in pairs for c in causations(pair.evidence)]
        straight = max((_fit(stated.cause, c.cause) + _fit(stated.effect, c.effect) for c in best), default=0.0)
        crossed = max((_fit(stated.cause, c.effect) + _fit(stated.effect, c.cause) for c in best), default=0.0)
        if crossed > straight + margin:
            detail = "cause and effect have changed places"
            findings.append(Finding(kind="cause", detail=detail, start=stated.cue.start, end=stated.cue.end))
        elif not best and not _causal_word(pairs):
            detail = f"the evidence doesn't say that one came of the other (“{stated.cue.text}”)"
            findings.append(Finding(kind="cause", detail=detail, start=stated.cue.start, end=stated.cue.end))
    return findings


def _fit(a: Sequence[Token], b: Sequence[Token]) -> float:
    """Share of the words ``a`` that are among ``b``."""
    if not a:
        return 0.0
    return sum(any(match(x, y) >= MEANS for y in b) for x in a) / len(a)


def _causal_word(pairs: Sequence[Pair]) -> bool:
    """Whether the evidence has any word that can give a reason, even one of time (after, following, as, 随着)."""
    loose = frozenset(
        [
            "after",
            "following",
            "as",
            "so",
            "since",
            "with",
            "for",
            "over",
            "amid",
            "后",
            "随着",
            "为",
            "因",
            "由",
            "受",
            "以",
            "使",
            "让",
            "令",
        ]
    )
    return any(t.text in loose for pair in pairs for t in pair.evidence.tokens)
