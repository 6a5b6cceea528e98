"""Passages proposed as evidence on forecasts: how many of them bear on the outcome, by bound.

Data: the recorded Chinese digest (``ai_daily_zh.jsonl``), read once as a forecast's report and once as later reports. The
labels (``benchmarks/labels/proposals.tsv``) are 103 pairs of a forecast and the best passage of a later report that
shares a name with it, drawn in bands of similarity by hash; "bears" is yes where the passage tells whether (or how far)
the very thing came true. By one annotator, with the similarity in sight; bounds were chosen on these pairs.

    python -m benchmarks.proposals [--data FOLDER] [--json]
"""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks import common
from benchmarks.forecasts import article
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence.analyse import analyse
from groundwire.forecasts import Registered
from groundwire.forecasts.propose import ALIKE, ALIKE_FIGURE, Vectors, propose
from groundwire.forecasts.register import register
from groundwire.forecasts.score import wilson
from groundwire.types import Brief, Citation, Evidence, Implication, Provenance, Statement

LABELS = Path(__file__).parent / "labels" / "proposals.tsv"
BOUNDS = ((0.35, 0.35), (0.5, 0.35), (0.6, 0.5), (0.6, 0.6), (0.65, 0.5), (0.7, 0.5), (0.7, 0.7), (ALIKE, ALIKE_FIGURE))


class Remembering:
    """The encoder, asked once a sentence."""

    def __init__(self) -> None:
        self._encoder = UniversalSentenceEncoder()
        self._known: dict[tuple[str, ...], Vectors] = {}

    def encode(self, texts: Sequence[str]) -> Vectors:
        """As the encoder."""
        return self._known.setdefault(tuple(texts), self._encoder.encode(texts))


def main() -> None:
    arguments = common.parser(__doc__, "corpus").parse_args()
    items = {item["id"]: item for item in common.read_jsonl(common.need(arguments.data / "ai_daily_zh.jsonl"))}
    encoder = Remembering()
    with LABELS.open(encoding="utf-8") as lines:
        pairs = [
            row for row in csv.DictReader(lines, delimiter="\t") if {row["forecast"], row["report"]} <= items.keys()
        ]
    judged = []
    for row in pairs:
        said, later = (
            analyse(replace(article(items[row[name]]), id=n, article_id=n))
            for n, name in enumerate(("forecast", "report"), 1)
        )
        kept = entry(said, int(row["start"]))
        judged.append((None if kept is None else (kept, later), row["bears"] == "yes"))
    bearing = sum(yes for _, yes in judged)
    rows: list[dict[str, object]] = []
    for alike, figure in BOUNDS:
        found = [
            (p, yes)
            for pair, yes in judged
            if pair is not None and (p := propose(*pair, encoder, alike=alike, alike_figure=figure)) is not None
        ]
        right = sum(yes for _, yes in found)
        low, high = wilson(right, len(found))
        hints = [yes for p, yes in found if p.suggests]
        rows.append(
            {
                "bound": alike,
                "with a figure": figure,
                "proposed": len(found),
                "right": right,
                "precision": right / len(found) if found else 0.0,
                "interval": f"{low:.2f} to {high:.2f}",
                "recall": right / bearing if bearing else 0.0,
                "verdicts hinted": len(hints),
                "of them right": sum(hints),
            }
        )
    note = f"{len(judged)} labelled pairs, {bearing} bear on the forecast; last line: as shipped"
    common.report("Proposed evidence", rows, as_json=arguments.json, note=note)


def entry(evidence: Evidence, start: int) -> Registered | None:
    """The ledger's entry for the forecast at an offset of the article; None if it isn't one that can be resolved."""
    found = next((s for s in evidence.sentences if s.sentence.start == start and s.forecast), None)
    if found is None or found.forecast is None:
        return None
    words = Citation(version_id=evidence.article.id, start=start, end=found.sentence.end, quote=found.sentence.text)
    said = Statement(section="implications", text=words.quote, citations=(words,), language="zh")
    shown = Implication(statement=said, who=found.forecast.who, horizon=found.forecast.horizon, reason=None)
    page = Brief(
        event_id=1, language="zh", headline=said, hook=None, what_changed=None, why_it_matters=None, what_to_do=None,
        who_should_care=(), takeaways=(), deep_dive=(), numbers=(), implications=(shown,), timeline=(), related=(),
        action=None, provenance=Provenance(model=None, proposed=1, kept=1, dropped=0, build=""),
    )  # fmt: skip
    number = evidence.article.id
    return next(register(page, {number: evidence.article}, {number: evidence}, evidence.article.published_at), None)


if __name__ == "__main__":
    main()
