"""Facts not spliced: a figure, date or name belongs to the same things in the statement as in the evidence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from groundwire.briefs.grounding import dates, names, numbers
from groundwire.briefs.grounding.align import Pair, Place, affinity, place
from groundwire.briefs.grounding.anchors import Figure, figures
from groundwire.briefs.grounding.verdict import Finding

Spot = tuple[int, int, int, str]
"""Evidence sentence, span in it, its words."""


def of_numbers(pairs: Sequence[Pair], found: Sequence[numbers.Found], margin: float) -> list[Finding]:
    """Figures that the evidence gives for something else, where it gives another figure for this."""
    everything = [(k, f) for k, pair in enumerate(pairs) for f in figures(pair.evidence)]
    findings = []
    for item in found:
        figure = item.figure
        own = [(k, f.start, f.end, f.text) for k, f in item.places]
        taken = {(k, f.start) for k, f in item.places}
        rivals = [(k, f.start, f.end, f.text) for k, f in everything if (k, f.start) not in taken and _alike(figure, f)]
        findings += _swapped(pairs, figure.start, figure.end, own, rivals, margin)
    return findings


def _alike(a: Figure, b: Figure) -> bool:
    """Whether two figures could be mistaken for each other: of one kind."""
    if a.quantity is None or b.quantity is None:
        return a.quantity is b.quantity
    return a.quantity.kind == b.quantity.kind


def of_dates(pairs: Sequence[Pair], found: Sequence[dates.Found], margin: float) -> list[Finding]:
    """Dates that the evidence gives for something else."""
    everything = [(k, d) for k, pair in enumerate(pairs) for d in pair.evidence.dates]
    findings = []
    for item in found:
        own = [(k, d.start, d.end, d.text) for k, d in item.places]
        taken = {(k, d.start) for k, d in item.places}
        rivals = [(k, d.start, d.end, d.text) for k, d in everything if (k, d.start) not in taken]
        findings += _swapped(pairs, item.date.start, item.date.end, own, rivals, margin)
    return findings


def of_names(pairs: Sequence[Pair], found: Sequence[names.Found], margin: float) -> list[Finding]:
    """Names that the evidence has in another connection, where it has another name in this one."""
    everything = [(k, n) for k, pair in enumerate(pairs) for n in names.names(pair.evidence)]
    findings = []
    for item in found:
        own = [(k, a, b, pairs[k].evidence.text[a:b]) for k, a, b in item.places]
        rivals = [
            (k, n.start, n.end, n.text) for k, n in everything
            if n.key != item.name.key and not any(k == o[0] and o[1] < n.end and n.start < o[2] for o in own)
        ]  # fmt: skip
        findings += _swapped(pairs, item.name.start, item.name.end, own, rivals, margin)
    return findings


def _swapped(
    pairs: Sequence[Pair], start: int, end: int, own: Iterable[Spot], rivals: Iterable[Spot], margin: float
) -> list[Finding]:
    """A finding if some rival's surroundings in the evidence are those of the span in the statement, and its own are not."""
    own = list(own)
    if not own:
        return []
    here = place(pairs[0].statement, start, end)
    mine = max(_near(pairs, here, spot) for spot in own)
    best, instead = max(((_near(pairs, here, spot), spot[3]) for spot in rivals), default=(0.0, ""))
    if best <= mine + margin:
        return []
    words = pairs[0].statement.text[start:end]
    return [
        Finding(kind="attachment", detail=f"“{words}” stands where the evidence has “{instead}”", start=start, end=end)
    ]


def _near(pairs: Sequence[Pair], here: Place, spot: Spot) -> float:
    k, start, end, _ = spot
    return affinity(pairs[k], here, place(pairs[k].evidence, start, end))
