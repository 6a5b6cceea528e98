"""Forecasts and dated milestones found in news: precision and recall on our own labels, by language and kind of source.

Data: the recorded corpus (``ai_daily_zh.jsonl``, ``ai_news_en.jsonl``: id, date, language, title, text), or any folder with
files of these names and format; whole articles (``events/wikinews_en.jsonl``, those whose address tells their day) where
that file is in the folder or in ``events/`` beside it. The labels (``benchmarks/labels/``: guidelines, and references to
items by id and offsets) name what is to be found. A sentence is found if the program marks one that covers at least half
of it. Baselines: every sentence with a date ahead (forecasts), with any date (milestones).

The weights of the finder of forecasts were fitted on all of these labels (``--fit`` prints them), so "shipped" is in
sample; the honest figure is "cross-validated": ten folds by item, penalty and threshold fixed beforehand. Rules for milestones were
revised after reading errors on the Chinese items; the whole articles were not looked at.

    python -m benchmarks.forecasts [--data FOLDER] [--json] [--fit]
"""

from __future__ import annotations

import csv
import hashlib
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks import common
from groundwire.evidence import attribution, cues, forecasts, timeline
from groundwire.evidence.analyse import MAX_SENTENCE, analyse
from groundwire.forecasts.score import wilson
from groundwire.types import Article, Evidence, SentenceEvidence

WIKINEWS = "wikinews_en.jsonl"
SAMPLE = {
    "forecast": {"ai_daily_zh.jsonl": 460, "ai_news_en.jsonl": 1189, WIKINEWS: 29},
    "milestone": {"ai_daily_zh.jsonl": 1504, "ai_news_en.jsonl": 1189, WIKINEWS: 29},
}
"""How many items of each file were labelled, in the order of ``_order``."""
NOT_LABELLED = frozenset(("m-21704845-1",))
"""Captions of pictures of other years, not an article."""
KINDS = {"zh": "digest, Chinese", "en": "posts' digest, English", "m": "articles, English"}
"""Kind of source by the beginning of an item's id."""
LABELS = Path(__file__).parent / "labels" / "forecasts.tsv"
PENALTY = 3.0
"""L2 penalty of the logistic regression."""
THRESHOLD = -0.35
"""Log odds from which a sentence is taken for a forecast."""
RARE = 8
"""A feature seen in fewer sentences gets no weight."""
FOLDS = 10
Span = tuple[str, int, int]
"""Item, half-open offsets in its text."""
Array = npt.NDArray[np.float64]


def main() -> None:
    options = common.parser(__doc__, "corpus")
    options.add_argument("--fit", action="store_true", help="print the finder's weights fitted on all labels, as TOML")
    arguments = options.parse_args()
    folder = common.need(arguments.data)
    labels = read_labels()
    rows: list[dict[str, object]] = []
    for kind, systems in SYSTEMS.items():
        items = [item for name, count in SAMPLE[kind].items() for item in sample(folder, name, count)]
        found = [(item["id"], article(item).body_start, analyse(article(item))) for item in items]
        read = {key for key, _, _ in found}
        truth = {s for s in labels[kind] if s[0] in read}
        marked = {
            name: {(key, s.start - offset, s.end - offset) for key, offset, e in found for s in marks(e)}
            for name, marks in systems.items()
        }
        if kind == "forecast":
            judged = [j for _, _, e in found for j in judge(e)]
            keys = [key for key, _, e in found for _ in judge(e)]
            if arguments.fit:
                print_model(judged, [_is_true(truth, k, j) for k, j in zip(keys, judged, strict=True)])
                return
            marked = {"cross-validated": cross_validated(judged, keys, truth), **marked}
        for group in (*KINDS, ""):
            of_group = {s for s in truth if not group or _group(s) == group}
            for name, spans in marked.items():
                if of_group:
                    chosen = {s for s in spans if not group or _group(s) == group}
                    rows.append(
                        {"what": kind, "source": KINDS.get(group, "all"), "system": name, **scores(of_group, chosen)}
                    )
    note = "intervals: Wilson, 95 %; one annotator; milestones of month precision or finer (bare years for the past)"
    common.report("Forecasts and dated milestones found", rows, as_json=arguments.json, note=note)


def _group(span: Span) -> str:
    return span[0].partition("-")[0]


def sample(folder: Path, name: str, count: int) -> list[dict[str, Any]]:
    """The items of a file that were labelled; none where the file is absent."""
    path = next((p for p in (folder / name, folder.parent / "events" / name) if p.exists()), None)
    if path is None:
        return []
    items = [item for item in map(_dated, common.read_jsonl(path)) if item is not None]
    return [item for item in sorted(items, key=_order)[:count] if item["id"] not in NOT_LABELLED]


_DAY_IN_ADDRESS = re.compile(r"[/-](20[01]\d)[/-](\d\d?|[a-z]{3})[/-](\d\d?)(?=[/-])", re.IGNORECASE)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")


def _dated(item: dict[str, Any]) -> dict[str, Any] | None:
    """An item with its day, from its address if the set gives none; None if that tells none either."""
    if item.get("date"):
        return item
    match = _DAY_IN_ADDRESS.search(item.get("url") or "")
    if match is None:
        return None
    month = match[2].lower()
    number = _MONTHS.index(month) + 1 if month in _MONTHS else int(month) if month.isdigit() else 0
    try:
        return item | {"date": date(int(match[1]), number, int(match[3])).isoformat()}
    except ValueError:
        return None


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


# --- the finder's model ----------------------------------------------------------------------------------------


class Judged(NamedTuple):
    """A sentence with cues, at offsets in its item's text, and its features."""

    start: int
    end: int
    values: dict[str, float]


def judge(evidence: Evidence) -> Iterator[Judged]:
    """The candidates of an article, as ``analyse`` sees them."""
    written = evidence.article
    split = [s.sentence for s in evidence.sentences]
    earlier = attribution.Memory()
    for i, found in enumerate(evidence.sentences):
        sentence = found.sentence
        who = earlier.speaker(sentence.text, [(m.text, m.kind) for m in found.mentions])
        if sentence.start < written.body_start or len(sentence.text) > MAX_SENTENCE:
            continue
        weighed = forecasts.weigh(
            sentence, cues.find(sentence.text), found.dates, found.mentions, written.published_at.date(), who=who,
            before=split[i - 1] if i > 1 else None, after=split[i + 1] if i + 1 < len(split) else None,
        )  # fmt: skip
        if weighed is not None:
            yield Judged(sentence.start - written.body_start, sentence.end - written.body_start, weighed.features)


def _is_true(truth: set[Span], key: str, judged: Judged) -> bool:
    return any(_covers((key, judged.start, judged.end), true) for true in truth if true[0] == key)


def cross_validated(judged: Sequence[Judged], keys: Sequence[str], truth: set[Span]) -> set[Span]:
    """What models fitted without the item's own fold mark."""
    labels = np.array([_is_true(truth, k, j) for k, j in zip(keys, judged, strict=True)], dtype=float)
    fold = np.array([int(hashlib.sha256(f"fold:{key}".encode()).hexdigest(), 16) % FOLDS for key in keys])
    taken = np.zeros(len(judged), dtype=bool)
    for held_out in range(FOLDS):
        train = fold != held_out
        names = _names([j for j, kept in zip(judged, train, strict=True) if kept])
        x = _matrix(judged, names)
        weights = _logistic(x[train], labels[train])
        taken[~train] = x[~train] @ weights >= THRESHOLD
    return {(key, j.start, j.end) for key, j, kept in zip(keys, judged, taken, strict=True) if kept}


def _names(judged: Sequence[Judged]) -> list[str]:
    count: dict[str, int] = {}
    for j in judged:
        for name, value in j.values.items():
            count[name] = count.get(name, 0) + (value != 0)
    return sorted(name for name, seen in count.items() if seen >= RARE)


def _matrix(judged: Sequence[Judged], names: Sequence[str]) -> Array:
    return np.array([[j.values.get(name, 0.0) for name in names] for j in judged])


def _logistic(x: Array, y: Array) -> Array:
    """Weights of a logistic regression by Newton's method."""
    w = np.zeros(x.shape[1])
    for _ in range(30):
        p = 1 / (1 + np.exp(-np.clip(x @ w, -30, 30)))
        gradient = x.T @ (p - y) + PENALTY * w
        w -= np.linalg.solve((x.T * (p * (1 - p))) @ x + PENALTY * np.eye(len(w)), gradient)
    return w


def print_model(judged: Sequence[Judged], labels: Sequence[bool]) -> None:
    """The model file of ``evidence/ahead.py``."""
    names = _names(judged)
    weights = _logistic(_matrix(judged, names), np.array(labels, dtype=float))
    print(
        f"# Fitted by `python -m benchmarks.forecasts --fit` on {len(judged)} sentences with cues, {sum(labels)} of them"
    )
    print("# labelled as forecasts. Log odds a feature adds; a sentence is a forecast from the threshold on.")
    print(f"\nthreshold = {THRESHOLD}\n\n[weight]")
    for name, weight in zip(names, weights, strict=True):
        print(f'"{name}" = {weight:.3f}')


# --- systems ---------------------------------------------------------------------------------------------------

Place = Any
"""Anything with ``start`` and ``end`` in the article's text."""


def _body(evidence: Evidence) -> Iterator[SentenceEvidence]:
    return (s for s in evidence.sentences if s.sentence.start >= evidence.article.body_start)


def _forecasts(evidence: Evidence) -> Iterable[Place]:
    return [s.sentence for s in _body(evidence) if s.forecast is not None]


def _milestones(evidence: Evidence) -> Iterable[Place]:
    """Not "today": by the guidelines the report's own day is none."""
    day = evidence.article.published_at.date()
    return [s.sentence for s in _body(evidence) if timeline.milestone(s, day, day, opening=False) is not None]


def _dated_any(evidence: Evidence) -> Iterable[Place]:
    return [s.sentence for s in _body(evidence) if s.dates]


def _dated_ahead(evidence: Evidence) -> Iterable[Place]:
    day = evidence.article.published_at.date()
    return [s.sentence for s in _body(evidence) if any(d.last > day for d in s.dates)]


SYSTEMS: dict[str, dict[str, Callable[[Evidence], Iterable[Place]]]] = {
    "forecast": {"shipped": _forecasts, "any date ahead": _dated_ahead},
    "milestone": {"shipped": _milestones, "any date": _dated_any},
}

if __name__ == "__main__":
    main()
