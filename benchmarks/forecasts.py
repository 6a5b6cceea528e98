"""Forecasts and dated milestones found in short news items: precision and recall on our own labels.

Data: the recorded corpus (``ai_daily_zh.jsonl``, ``ai_news_en.jsonl``: id, date, language, title, text), or any folder with
files of these names and format. The labels (``benchmarks/labels/``: guidelines, and references to items by id and
offsets) were made before the program's output was looked at. A sentence is found if the program marks one that covers
at least half of it. Baselines: every sentence with a date ahead (forecasts), with any date (milestones). Nothing is
fitted here.

    python -m benchmarks.forecasts [--data FOLDER] [--json]
"""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, time
from pathlib import Path
from typing import Any

from benchmarks import common
from groundwire.evidence import timeline
from groundwire.evidence.analyse import analyse
from groundwire.forecasts.score import wilson
from groundwire.types import Article, Evidence, SentenceEvidence

SAMPLE = {
    "forecast": {"ai_daily_zh.jsonl": 460, "ai_news_en.jsonl": 420},
    "milestone": {"ai_daily_zh.jsonl": 1504, "ai_news_en.jsonl": 420},
}
"""How many items of each file were labelled, in the order of ``_order``."""
LABELS = Path(__file__).parent / "labels" / "forecasts.tsv"
Span = tuple[str, int, int]
"""Item, half-open offsets in its text."""


def main() -> None:
    arguments = common.parser(__doc__, "corpus").parse_args()
    folder = common.need(arguments.data)
    labels = read_labels()
    rows: list[dict[str, object]] = []
    for kind, systems in SYSTEMS.items():
        items = [item for name, count in SAMPLE[kind].items() for item in sample(common.need(folder / name), count)]
        found = [(item["id"], len(item["title"]) + 2, analyse(article(item))) for item in items]
        for language in ("zh", "en", "all"):
            chosen = [f for f in found if language == "all" or f[0].startswith(language)]
            truth = {s for s in labels[kind] if language == "all" or s[0].startswith(language)}
            for name, marks in systems.items():
                spans = {(key, s.start - offset, s.end - offset) for key, offset, e in chosen for s in marks(e)}
                rows.append({"what": kind, "language": language, "system": name, **scores(truth, spans)})
    note = "intervals: Wilson, 95 %; one annotator; milestones of month precision or finer (bare years for the past)"
    common.report("Forecasts and dated milestones found", rows, as_json=arguments.json, note=note)


def sample(path: Path, count: int) -> list[dict[str, Any]]:
    """The items that were labelled."""
    return sorted(common.read_jsonl(path), key=_order)[:count]


def _order(item: dict[str, Any]) -> str:
    return hashlib.sha256(f"forecast-labels:{item['id']}".encode()).hexdigest()


def read_labels() -> dict[str, set[Span]]:
    """Labelled spans by kind."""
    labels: dict[str, set[Span]] = {"forecast": set(), "milestone": set()}
    with LABELS.open(encoding="utf-8") as lines:
        for row in csv.DictReader(lines, delimiter="\t"):
            labels[row["kind"]].add((row["item"], int(row["start"]), int(row["end"])))
    return labels


def article(item: dict[str, Any]) -> Article:
    """An item as the desk would store it, published at noon of its day."""
    at = datetime.combine(datetime.fromisoformat(item["date"]).date(), time(12), tzinfo=UTC)
    return Article(
        id=1, article_id=1, version=1, source_id=1, outlet="corpus", url=item["url"] or "", title=item["title"],
        text=f"{item['title']}\n\n{item['text']}", author=None, published_at=at, published_evidence="feed",
        collected_at=at, language=item["language"], text_hash="",
    )  # fmt: skip


def scores(truth: set[Span], spans: set[Span]) -> dict[str, object]:
    """Precision, recall and F1 of spans that overlap by half."""
    right = sum(any(_covers(span, true) for true in truth) for span in spans)
    met = sum(any(_covers(span, true) for span in spans) for true in truth)
    precision = right / len(spans) if spans else 0.0
    recall = met / len(truth) if truth else 0.0
    f1 = 2 * precision * recall / (precision + recall) if precision + recall else 0.0
    low, high = wilson(met, len(truth))
    return {
        "labelled": len(truth),
        "marked": len(spans),
        "precision": precision,
        "recall": recall,
        "recall interval": f"{low:.2f} to {high:.2f}",
        "F1": f1,
    }


def _covers(span: Span, true: Span) -> bool:
    shared = min(span[2], true[2]) - max(span[1], true[1])
    return span[0] == true[0] and 2 * shared >= true[2] - true[1]


Place = Any
"""Anything with ``start`` and ``end`` in the article's text."""


def _body(evidence: Evidence) -> Iterator[tuple[int, SentenceEvidence]]:
    return ((i, s) for i, s in enumerate(evidence.sentences) if s.sentence.start >= evidence.article.body_start)


def _forecasts(evidence: Evidence) -> Iterable[Place]:
    return [s.sentence for _, s in _body(evidence) if s.forecast is not None]


def _milestones(evidence: Evidence) -> Iterable[Place]:
    day = evidence.article.published_at.date()
    return [s.sentence for i, s in _body(evidence) if timeline.milestone(s, day, day, opening=i <= 2) is not None]


def _dated(evidence: Evidence) -> Iterable[Place]:
    return [s.sentence for _, s in _body(evidence) if s.dates]


def _dated_ahead(evidence: Evidence) -> Iterable[Place]:
    day = evidence.article.published_at.date()
    return [s.sentence for _, s in _body(evidence) if any(d.last > day for d in s.dates)]


SYSTEMS: dict[str, dict[str, Callable[[Evidence], Iterable[Place]]]] = {
    "forecast": {"ours": _forecasts, "any date ahead": _dated_ahead},
    "milestone": {"ours": _milestones, "any date": _dated},
}

if __name__ == "__main__":
    main()
