"""The gate: a statement and the sentences that it cites -> kept or withheld, with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwire.briefs.grounding import (
    attachment,
    causes,
    dates,
    direction,
    form,
    names,
    numbers,
    polarity,
    quotation,
    roles,
    splice,
)
from groundwire.briefs.grounding.align import Pair, ranked
from groundwire.briefs.grounding.reading import Reading, read
from groundwire.briefs.grounding.verdict import EvidenceSentence, Finding, Verdict
from groundwire.evidence import sentences

MAX_EVIDENCE = 80
"""Evidence sentences that are read; a statement cites few, an article has about forty."""


def check(
    statement: str, language: str, evidence: Sequence[EvidenceSentence], *, published_at: datetime | None = None
) -> Verdict:
    """Whether the evidence bears a statement out.

    Args:
        statement: One statement, in English or Chinese.
        language: Its language ("en", "zh").
        evidence: The sentences that it cites, of either language.
        published_at: When the statement is made, which its relative dates are seen from; by default the latest time
            among the evidence.

    Returns:
        The verdict. A statement is kept if nothing was found against it.
    """
    findings = form.problems(statement)
    if not evidence:
        findings.append(Finding(kind="no_evidence", detail="cites nothing", start=0, end=len(statement)))
    if findings:
        return Verdict(kept=False, findings=tuple(findings), support=0.0, rests_on=())
    cited = evidence[:MAX_EVIDENCE]
    now = published_at or max(e.published_at for e in cited)
    read_evidence = [read(e.text, e.language, e.published_at) for e in cited]
    contexts = [read(e.context, e.language, e.published_at) if e.context else None for e in cited]
    rests: set[int] = set()
    for part in sentences.split(statement, language):
        reading = read(part.text, language, now)
        if any(_same_words(reading, other) for other in read_evidence):
            rests.update(k for k, other in enumerate(read_evidence) if _same_words(reading, other))
            continue
        pairs = [Pair(reading, other) for other in read_evidence]
        rests.update(k for k in ranked(pairs)[:3] if pairs[k].coverage() > 0)
        findings += [
            Finding(kind=f.kind, detail=f.detail, start=f.start + part.start, end=f.end + part.start)
            for f in contradictions(reading, pairs, contexts)
        ]
    return Verdict(kept=not findings, findings=tuple(findings), support=0.0, rests_on=tuple(sorted(rests)))


def _same_words(a: Reading, b: Reading) -> bool:
    """Whether one sentence is the other, word for word."""
    return a.folded.strip(" .。") == b.folded.strip(" .。") and a.language == b.language


def contradictions(statement: Reading, pairs: Sequence[Pair], contexts: Sequence[Reading | None]) -> list[Finding]:
    """What one sentence of a statement says that its evidence doesn't, or says otherwise."""
    evidence = [p.evidence for p in pairs]
    figures, wrong_figures = numbers.compare(statement, evidence)
    days, wrong_days = dates.compare(statement, evidence)
    named, wrong_names = names.compare(statement, evidence, contexts)
    margin = 0.25
    swapped, confirmed = roles.compare(pairs)
    rivals = [
        r for r in attachment.rivalries(pairs, figures, days, named)
        if not (r.kind == "name" and any(a < r.end and r.start < b for a, b in confirmed))
    ]  # fmt: skip
    return [
        *wrong_figures,
        *wrong_days,
        *wrong_names,
        *quotation.compare(statement, evidence),
        *attachment.compare(statement.text, rivals, {"number": 0.15, "date": 0.2, "name": 0.25}),
        *polarity.negation(pairs),
        *polarity.modality(pairs),
        *direction.compare(pairs, margin),
        *swapped,
        *causes.compare(pairs, margin),
        *splice.compare(pairs, 0.6),
    ]
