"""Timelines of news topics: which dates, and what is said of them, beside counting publications.

Data: Timeline17's formats: ``TOPIC.docs.jsonl.gz`` (id, topic, pub_date, sentences) and ``TOPIC.timelines.json`` (the
newspapers' own timelines). As in the published work a system is told how many dates the reference has, its first
and last day and the mean number of sentences a date. Measures: F1 of the dates; ROUGE-1 and ROUGE-2 F1 with dates
aligned many to one by distance and content (Martschat and Markert 2017, "align+ m:1"): an aligned pair d days
apart counts 1/(d+1). The ROUGE here is our own (lower case, light stemming), so its figures are near the published
ones, not identical with them. Figures are means over timelines. Nothing is fitted.

    python -m benchmarks.timelines [--data FOLDER] [--json]
"""

from __future__ import annotations

import json
import re
import sys
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from benchmarks import common
from groundwire.evidence import dates
from groundwire.evidence.chronicle import DatedSentence, Document, chronicle
from groundwire.evidence.cues import stem

Timeline = Mapping[date, Sequence[str]]
MAX_SENTENCE = 1000
"""Characters: what is longer is a table or a broken text."""


def main() -> None:
    options = common.parser(__doc__, "timelines")
    arguments = options.parse_args()
    topics = sorted(common.need(arguments.data).glob("*.docs.jsonl.gz"))
    if not topics:
        print(f"skipped: no *.docs.jsonl.gz in {arguments.data}")
        sys.exit(0)
    rows: list[dict[str, object]] = []
    scores: dict[str, list[tuple[float, float, float]]] = {"ours": [], "publications counted": []}
    for path in topics:
        topic = path.name.removesuffix(".docs.jsonl.gz")
        documents = load(path)
        for number, reference in enumerate(references(path.with_name(f"{topic}.timelines.json")), 1):
            for name, made in systems(documents, reference).items():
                score = date_f1(made, reference), aligned_rouge(made, reference, 1), aligned_rouge(made, reference, 2)
                scores[name].append(score)
                rows.append(_row(f"{topic} {number}", name, len(reference), score))
    for name, all_scores in scores.items():
        f1, ar1, ar2 = (sum(column) / len(all_scores) for column in zip(*all_scores, strict=True))
        rows.append(_row("mean", name, 0, (f1, ar1, ar2)))
    published = (
        "published best over all 19 timelines of Timeline17 (DATEWISE): date F1 0.544, AR1 0.120, AR2 0.035; "
        "publications counted there: date F1 0.481"
    )
    common.report("timelines", rows, as_json=arguments.json, note=published)


def _row(timeline: str, system: str, size: int, score: tuple[float, float, float]) -> dict[str, object]:
    return {
        "timeline": timeline, "system": system, "dates": size or "",
        "date F1": score[0], "AR1": score[1], "AR2": score[2],
    }  # fmt: skip


def load(path: Path) -> list[Document]:
    """Documents with the dates that their sentences name."""
    documents = []
    for row in common.read_jsonl(path):
        published = date.fromisoformat(row["pub_date"][:10])
        noon = datetime(published.year, published.month, published.day, 12, tzinfo=UTC)
        documents.append(
            Document(
                published=published,
                sentences=tuple(
                    DatedSentence(text=text, dates=dates.find(text[:MAX_SENTENCE], "en", noon))
                    for text in row["sentences"]
                ),
            )
        )
    return documents


def references(path: Path) -> list[Timeline]:
    """The newspapers' timelines; days that one lists twice are joined."""
    found: list[Timeline] = []
    for rows in json.loads(path.read_text("utf-8")):
        timeline: dict[date, list[str]] = {}
        for row in rows:
            timeline.setdefault(date.fromisoformat(row["date"][:10]), []).extend(row["sentences"])
        found.append(timeline)
    return found


def systems(documents: Sequence[Document], reference: Timeline) -> dict[str, Timeline]:
    """Ours, and the days with most publications told by the first sentences published on them."""
    first, last = min(reference), max(reference)
    size = max(1, round(sum(map(len, reference.values())) / len(reference)))
    counted = Counter(d.published for d in documents if first <= d.published <= last)
    days = sorted((first + timedelta(n) for n in range((last - first).days + 1)), key=lambda d: (-counted[d], d))
    leads = {day: [d.sentences[0].text for d in documents if d.published == day and d.sentences] for day in days}
    return {
        "ours": chronicle(documents, first, last, dates=len(reference), sentences=size),
        "publications counted": {day: leads[day][:size] for day in days[: len(reference)]},
    }


def date_f1(made: Timeline, reference: Timeline) -> float:
    """F1 of the sets of dates."""
    right = len(set(made) & set(reference))
    return 2 * right / (len(made) + len(reference)) if right else 0.0


def aligned_rouge(made: Timeline, reference: Timeline, n: int) -> float:
    """Alignment-based ROUGE-n F1, dates aligned many to one by date and content."""
    mine = {day: _grams(sentences, n) for day, sentences in made.items()}
    theirs = {day: _grams(sentences, n) for day, sentences in reference.items()}
    mine_1 = {day: _grams(sentences, 1) for day, sentences in made.items()}
    theirs_1 = {day: _grams(sentences, 1) for day, sentences in reference.items()}
    precision = _covered(mine, theirs, mine_1, theirs_1)
    recall = _covered(theirs, mine, theirs_1, mine_1)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


Grams = Mapping[date, Counter[tuple[str, ...]]]


def _covered(own: Grams, other: Grams, own_1: Grams, other_1: Grams) -> float:
    """Share of ``own``'s n-grams that its aligned dates in ``other`` have, discounted by the days between."""
    total = sum(sum(grams.values()) for grams in own.values())
    if not total or not other:
        return 0.0
    near: Callable[[date, date], float] = lambda a, b: 1 / (abs((a - b).days) + 1)  # noqa: E731  (a formula)
    matched = 0.0
    for day, grams in own.items():
        best = max(sorted(other), key=lambda o: near(day, o) * _f1(own_1[day], other_1[o]))
        matched += near(day, best) * sum((grams & other[best]).values())
    return matched / total


def _f1(a: Counter[tuple[str, ...]], b: Counter[tuple[str, ...]]) -> float:
    shared = sum((a & b).values())
    return 2 * shared / (sum(a.values()) + sum(b.values())) if shared else 0.0


def _grams(sentences: Sequence[str], n: int) -> Counter[tuple[str, ...]]:
    words = [stem(w) for s in sentences for w in re.findall(r"[a-z0-9]+", s.lower())]
    return Counter(tuple(words[i : i + n]) for i in range(len(words) - n + 1))


if __name__ == "__main__":
    main()
