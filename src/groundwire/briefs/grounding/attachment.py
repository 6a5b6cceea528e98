"""Facts not spliced: a figure, date or name belongs to the same things in the statement as in the evidence."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from groundwire.briefs.grounding import dates, names, numbers
from groundwire.briefs.grounding.align import Pair, Place, affinity, company, place
from groundwire.briefs.grounding.anchors import Figure, figures
from groundwire.briefs.grounding.verdict import Finding

Spot = tuple[int, int, int, str]
"""Evidence sentence, span in it, its words."""


_BESIDE = re.compile(r"(?:['’]s)? ?")
_PLAIN = frozenset(("number", "count", "ordinal"))


@dataclass(frozen=True, slots=True)
class Rivalry:
    """A point of the statement whose surroundings in the evidence can be compared with those of its rivals there."""

    kind: Literal["number", "date", "name"]
    start: int
    end: int
    lead: float
    """By how much the best rival's surroundings agree better with the statement's than its own do. -1 to 1"""
    instead: str
    """The words of that rival."""


def rivalries(
    pairs: Sequence[Pair],
    figures_: Sequence[numbers.Found],
    dates_: Sequence[dates.Found],
    names_: Sequence[names.Found],
) -> Iterator[Rivalry]:
    """Every figure, date and name of the statement that the evidence has, against the others of its kind there."""
    if figures_:
        stated = [(k, f) for k, pair in enumerate(pairs) for f in figures(pair.evidence)]
        for item in figures_:
            taken = {(k, f.start) for k, f in item.places}
            own = [(k, f.start, f.end, f.text) for k, f in item.places]
            others = [
                (k, f.start, f.end, f.text) for k, f in stated if (k, f.start) not in taken and _alike(item.figure, f)
            ]
            yield from _rivalry("number", pairs, (item.figure.start, item.figure.end), own, others)
    for day in dates_:
        taken = {(k, d.start) for k, d in day.places}
        own = [(k, d.start, d.end, d.text) for k, d in day.places]
        others = [
            (k, d.start, d.end, d.text) for k, pair in enumerate(pairs) for d in pair.evidence.dates if (k, d.start) not in taken
        ]  # fmt: skip
        yield from _rivalry("date", pairs, (day.date.start, day.date.end), own, others)
    yield from _of_names(pairs, names_)


def _of_names(pairs: Sequence[Pair], found: Sequence[names.Found]) -> Iterator[Rivalry]:
    """As ``rivalries``; names side by side (London's Central School) are one."""
    if not found:
        return
    named = [(k, n.start, n.end) for k, pair in enumerate(pairs) for n in names.names(pair.evidence)]
    together = _joined([(0, f.name.start, f.name.end) for f in found], [pairs[0].statement.text])
    texts = [pair.evidence.text for pair in pairs]
    for _, start, end in together:
        parts = [f for f in found if start <= f.name.start and f.name.end <= end]
        own = [(k, a, b, texts[k][a:b]) for k, a, b in _joined([p for f in parts for p in f.places], texts)]
        others = [
            (k, a, b, texts[k][a:b]) for k, a, b in _joined(named, texts)
            if not any(k == o[0] and o[1] < b and a < o[2] for o in own)
        ]  # fmt: skip
        yield from _rivalry("name", pairs, (start, end), own, others)


def _joined(spans: Sequence[tuple[int, int, int]], texts: Sequence[str]) -> list[tuple[int, int, int]]:
    """Spans (text, start, end) of which those that only a space or 's keeps apart are made one."""
    found: list[tuple[int, int, int]] = []
    for k, start, end in sorted(set(spans)):
        if found and found[-1][0] == k and (start <= found[-1][2] or _BESIDE.fullmatch(texts[k], found[-1][2], start)):
            found[-1] = (k, found[-1][1], max(end, found[-1][2]))
        else:
            found.append((k, start, end))
    return found


def _alike(a: Figure, b: Figure) -> bool:
    """Whether two figures could be mistaken for each other: of one kind."""
    kinds = {f.quantity.kind if f.quantity else "number" for f in (a, b)}
    return len(kinds) == 1 or kinds <= _PLAIN


def _rivalry(
    kind: Literal["number", "date", "name"],
    pairs: Sequence[Pair],
    span: tuple[int, int],
    own: Sequence[Spot],
    others: Sequence[Spot],
) -> Iterator[Rivalry]:
    if own and others:
        here = place(pairs[0].statement, *span)
        kept = [company(pairs[k], here, place(pairs[k].evidence, a, b)) for k, a, b, _ in own]
        if any(all(sides) for sides in kept):
            return
        for k, a, b, words in others:
            if all(company(pairs[k], here, place(pairs[k].evidence, a, b))):
                yield Rivalry(kind, *span, 1.0, words)
                return
        if kind == "name" and any(any(sides) for sides in kept):
            return
        mine = max(_near(pairs, here, spot) for spot in own)
        best, instead = max((_near(pairs, here, spot), spot[3]) for spot in others)
        yield Rivalry(kind, *span, best - mine, instead)


def _near(pairs: Sequence[Pair], here: Place, spot: Spot) -> float:
    k, start, end, _ = spot
    return affinity(pairs[k], here, place(pairs[k].evidence, start, end))


def compare(statement: str, found: Iterable[Rivalry], margins: Mapping[str, float]) -> list[Finding]:
    """Figures, dates and names that the evidence gives for something else, where it gives another one for this.

    Args:
        statement: Its text.
        found: From ``rivalries``.
        margins: By kind, the least lead of a rival that shows it.
    """
    return [
        Finding(
            kind="attachment", detail=f"“{statement[r.start : r.end]}” stands where the evidence has “{r.instead}”", start=r.start, end=r.end
        )
        for r in found
        if r.lead > margins[r.kind]
    ]  # fmt: skip
