"""The gate: a statement and the sentences that it cites -> kept or withheld, with every reason."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from groundwire.briefs.grounding import (
    actors,
    attachment,
    causes,
    conditions,
    dates,
    direction,
    exchange,
    form,
    fragments,
    names,
    numbers,
    polarity,
    quotation,
    roles,
    splice,
    substitution,
    support,
    translation,
)
from groundwire.briefs.grounding.align import Pair, ranked
from groundwire.briefs.grounding.reading import Reading, read
from groundwire.briefs.grounding.support import Vouched
from groundwire.briefs.grounding.translation import Embedder
from groundwire.briefs.grounding.verdict import EvidenceSentence, Finding, Verdict
from groundwire.evidence import sentences

MAX_EVIDENCE = 80
"""Evidence sentences that are read; a statement cites few, an article has about forty."""


def check(
    statement: str,
    language: str,
    evidence: Sequence[EvidenceSentence],
    *,
    published_at: datetime | None = None,
    embedder: Embedder | None = None,
) -> Verdict:
    """Whether the evidence bears a statement out.

    Args:
        statement: One statement, in English or Chinese.
        language: Its language ("en", "zh").
        evidence: The sentences that it cites, of either language.
        published_at: When the statement is made, which its relative dates are seen from; by default the latest time
            among the evidence.
        embedder: Tells how near a statement is to evidence of the other language; without it such evidence supports
            nothing.

    Returns:
        The verdict. A statement is kept if nothing was found against it.
    """
    findings = form.problems(statement)
    if not evidence:
        findings.append(Finding(kind="no_evidence", detail="cites nothing", start=0, end=len(statement)))
    if findings:
        return Verdict(kept=False, findings=tuple(findings), support=0.0, needed=1.0, rests_on=())
    cited = evidence[:MAX_EVIDENCE]
    now = published_at or max(e.published_at for e in cited)
    read_evidence = [read(e.text, e.language, e.published_at) for e in cited]
    contexts = [read(e.context, e.language, e.published_at) if e.context else None for e in cited]
    rests: set[int] = set()
    likely: list[tuple[float, float]] = []
    for part in sentences.split(statement, language):
        reading = read(part.text, language, now)
        pairs = [Pair(reading, other) for other in read_evidence]
        if any(_same_words(reading, other) for other in read_evidence):
            rests.update(k for k, other in enumerate(read_evidence) if _same_words(reading, other))
            likely.append(_supported(pairs, (), (), None))
            continue
        rests.update(k for k in ranked(pairs)[:3] if pairs[k].coverage() > 0)
        found, vouched = contradictions(reading, pairs, contexts)
        likely.append(_supported(pairs, vouched, found, embedder))
        findings += [
            Finding(kind=f.kind, detail=f.detail, start=f.start + part.start, end=f.end + part.start) for f in found
        ]
    weakest, needed = min(likely, key=lambda found: found[0] - found[1], default=(0.0, 1.0))
    return Verdict(
        kept=not findings, findings=tuple(findings), support=weakest, needed=needed, rests_on=tuple(sorted(rests))
    )


def _supported(
    pairs: Sequence[Pair], vouched: Vouched, findings: Sequence[Finding], embedder: Embedder | None
) -> tuple[float, float]:
    """Support and what is needed of it, by the evidence of the statement's language or by that of the other, whichever does better."""
    same = [k for k, p in enumerate(pairs) if p.evidence.language == p.statement.language]
    other = [k for k in range(len(pairs)) if k not in same]
    likely = [(0.0, 1.0)]
    if same:
        model = support.load_model()
        values = support.features([pairs[k] for k in same], _among(vouched, same), findings)
        likely.append((model.probability(values), model.threshold))
    if other and embedder is not None:
        model = support.load_model("cross_language")
        texts = [pairs[0].statement.text, *(pairs[k].evidence.text for k in other)]
        vectors = embedder.encode([*texts, " ".join(texts[1:])])
        meaning = float((vectors[1:] @ vectors[0]).max())
        foreign, theirs = [pairs[k] for k in other], _among(vouched, other)
        borne_out = all(near >= model.clause for near, *_ in translation.added(foreign, theirs, embedder)) and all(
            near >= model.verb for near, *_ in translation.verbs(foreign, theirs, embedder)
        )
        values = translation.features(foreign, theirs, findings, meaning)
        likely.append((model.probability(values) if borne_out else 0.0, model.threshold))
    return max(likely, key=lambda found: found[0] - found[1])


def _among(vouched: Vouched, kept: Sequence[int]) -> list[tuple[int, int, int, int, int]]:
    """What is vouched for by the kept evidence sentences, renumbered."""
    return [(a, b, kept.index(k), c, d) for a, b, k, c, d in vouched if k in kept]


def _same_words(a: Reading, b: Reading) -> bool:
    """Whether one sentence is the other, word for word."""
    return a.folded.strip(" .。") == b.folded.strip(" .。") and a.language == b.language


def contradictions(
    statement: Reading, pairs: Sequence[Pair], contexts: Sequence[Reading | None]
) -> tuple[list[Finding], Vouched]:
    """What one sentence of a statement says that its evidence doesn't, or says otherwise; and the points it has right."""
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
    vouched = [(f.figure.start, f.figure.end, k, there.start, there.end) for f in figures for k, there in f.places]
    vouched += [(d.date.start, d.date.end, k, there.start, there.end) for d in days for k, there in d.places]
    vouched += [(n.name.start, n.name.end, *there) for n in named for there in n.places]
    known = fragments.words(evidence)
    path = fragments.trace(statement, known, support.given(pairs, known, vouched))
    found = [
        *wrong_figures,
        *wrong_days,
        *wrong_names,
        *quotation.compare(statement, evidence),
        *attachment.compare(statement.text, rivals, {"number": 0.15, "date": 0.2, "name": 0.25}),
        *polarity.negation(pairs),
        *(polarity.modality(pairs) or conditions.compare(pairs)),
        *direction.compare(pairs, margin),
        *(swapped or exchange.compare(pairs) or actors.compare(pairs)),
        *causes.compare(pairs, margin),
        *(splice.compare(pairs, 0.6) or splice.seams(pairs, known, path)),
    ]
    return found or substitution.compare(pairs, known, path), vouched
