"""What stands in a statement where the evidence, between the same words, has something else: another name, the opposite, another unit, a "not", "has" for "may"."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.align import Pair, rendered
from groundwire.briefs.grounding.fragments import Path, Word
from groundwire.briefs.grounding.names import Name, names, occurrences
from groundwire.briefs.grounding.reading import Reading, Token
from groundwire.briefs.grounding.verdict import Finding, Kind

MOST = 5
"""Words that a gap may hold; what is longer is another wording."""
_FIGURE = re.compile(r"\d[\d.,]*[a-z]+")
"""A number and its unit in one word (100gw)."""
_TIMES = frozenset(("year", "quarter", "month", "week", "day", "hour"))


@dataclass(frozen=True, slots=True)
class Slot:
    """A gap between two words of the statement whose counterparts stand around a gap in one evidence sentence."""

    pair: Pair
    own: tuple[Token, ...]
    theirs: tuple[Token, ...]
    inner: bool
    """Whether it lies inside one clause of either text; else it may be a clause that was moved or left out."""


def slots(pairs: Sequence[Pair], known: Sequence[Word], path: Path) -> Iterator[Slot]:
    """Gaps that the statement fills otherwise than the evidence; the sentences' ends bound gaps too."""
    tokens = pairs[0].statement.tokens
    for k, pair in enumerate(pairs):
        placed = [(i, known[at].index) for i, at in enumerate(path.places) if at >= 0 and known[at].sentence == k]
        if not placed:
            continue
        bounds = [(-1, -1), *placed, (len(tokens), len(pair.evidence.tokens))]
        for (i, a), (j, b) in pairwise(bounds):
            own, theirs = tokens[i + 1 : j], pair.evidence.tokens[a + 1 : b] if b > a else ()
            if (own or theirs) and len(own) <= MOST and len(theirs) <= MOST and b > a:
                inner = _one_clause(tokens, i, j) and _one_clause(pair.evidence.tokens, a, b)
                yield Slot(pair, own, theirs, inner)


def _one_clause(tokens: Sequence[Token], first: int, last: int) -> bool:
    return first >= 0 and last < len(tokens) and tokens[first].clause == tokens[last].clause


def compare(pairs: Sequence[Pair], known: Sequence[Word], path: Path) -> list[Finding]:
    """A finding for each gap that is filled with what the evidence contradicts."""
    findings = []
    for slot in slots(pairs, known, path):
        for kind, differs in _TESTS:
            if words := differs(slot):
                own = slot.own or slot.pair.statement.tokens[:1]
                findings.append(Finding(kind=kind, detail=words, start=own[0].start, end=own[-1].end))
                break
    return findings


def _another_name(slot: Slot) -> str:
    own, theirs = _names_in(slot.pair.statement, slot.own), _names_in(slot.pair.evidence, slot.theirs)
    if not own or not theirs or any(_share(a, b) for a in own for b in theirs):
        return ""
    start, end = slot.theirs[0].start, slot.theirs[-1].end
    if any(start <= a and b <= end for name in own for a, b in occurrences(name, slot.pair.evidence)):
        return ""
    return f"“{own[0].text}” stands where the evidence has “{theirs[0].text}”"


def _names_in(reading: Reading, tokens: Sequence[Token]) -> list[Name]:
    if not tokens:
        return []
    found = [n for n in names(reading) if tokens[0].start < n.end and n.start < tokens[-1].end]
    if reading.language == "zh":  # a name's span may reach over the Latin words beside it, its text does not
        found = [n for n in found if any(t.text in n.text.lower() for t in tokens)]
        # Latin words in Chinese text are names or terms, which no other Latin word renders
        found += [Name(t.start, t.end, t.text, t.key) for t in tokens if t.tag == "eng" and len(t.text) > 1]
    return found


def _share(a: Name, b: Name) -> bool:
    return a.key == b.key or bool(set(a.text.lower().split()) & set(b.text.lower().split()))


def _opposite(slot: Slot) -> str:
    for token in slot.own:
        for other in slot.theirs:
            if lexicon.opposite(token.concepts, other.concepts) and not rendered(slot.pair, other):
                return f"“{token.text}” where the evidence has “{other.text}”"
    return ""


def _another_unit(slot: Slot) -> str:
    for token in slot.own:
        for other in slot.theirs:
            times = token.concepts & _TIMES, other.concepts & _TIMES
            figures = _FIGURE.fullmatch(token.text) and _FIGURE.fullmatch(other.text)
            if (all(times) and not times[0] & times[1]) or (figures and token.key != other.key):
                return f"“{token.text}” against “{other.text}” in the evidence"
    return ""


@cache
def _denials() -> frozenset[str]:
    return lexicon.word_set("en", "negation") | lexicon.word_set("zh", "negation")


def _denied_otherwise(slot: Slot) -> str:
    own, theirs = ([t.text for t in side if t.text in _denials()] for side in (slot.own, slot.theirs))
    if not slot.inner or len(own) % 2 == len(theirs) % 2:
        return ""
    return (
        f"the statement denies it (“{own[0]}”), the evidence doesn't"
        if own
        else f"the evidence denies it (“{theirs[0]}”)"
    )


@cache
def _cues(*kinds: str) -> frozenset[str]:
    return frozenset().union(
        *(lexicon.word_set(f"{k}_{language}", "modality") for k in kinds for language in ("en", "zh"))
    )


def _surer(slot: Slot) -> str:
    """Where the evidence has a word for what may or will be, the statement has one for what has been."""
    open_, so = _cues("possible", "future"), _cues("actual")
    own, theirs = [t.text for t in slot.own], [t.text for t in slot.theirs]
    if not slot.inner or any(w in open_ for w in own) or any(w in so for w in theirs):
        return ""
    done, may = next((w for w in own if w in so), ""), next((w for w in theirs if w in open_), "")
    return f"“{done}” where the evidence has “{may}”" if done and may else ""


_TESTS: tuple[tuple[Kind, Callable[[Slot], str]], ...] = (
    ("attachment", _another_name), ("direction", _opposite), ("unit", _another_unit), ("negation", _denied_otherwise),
    ("modality", _surer),
)  # fmt: skip
