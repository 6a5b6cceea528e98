"""How many of the editor's top stories of a day are in our first k.

Data: a daily digest (``ai_daily_zh.jsonl``) in which section 要闻 marks the top stories; other items, earlier days and
(if beside it) the English corpus serve as what else is in the news up to the end of that day. Section, order and ids
are hidden from the ranking. Weights shipped were fitted on the whole set here; the honest figure for it is the
cross-validated one (10 folds by day, 5 shuffles). On another file "shipped weights" is honest as well.

    python -m benchmarks.ranking [--data FOLDER-or-FILE] [--json] [--fit]
"""

from __future__ import annotations

import hashlib
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from benchmarks import common
from groundwire.editions import front_page
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence import analyse
from groundwire.types import Article

TOP = "要闻"
PENALTY = 25.0
"""L2 penalty of the logistic regression, in units of one standard deviation."""

Array = npt.NDArray[np.float64]


class Day(NamedTuple):
    """One day's items with their features and whether the editor put them on top."""

    values: Array
    top: npt.NDArray[np.bool_]
    length: Array
    figures: Array
    noise: Array


def main() -> None:
    options = common.parser(__doc__, "corpus")
    options.add_argument("--fit", action="store_true", help="print weights fitted on all of the data, as TOML")
    arguments = options.parse_args()
    days = load(common.need(arguments.data))
    if not days:
        print(f"skipped: no item of section {TOP} in {arguments.data}")
        sys.exit(0)
    if arguments.fit:
        print_model(days)
        return
    rows = [
        {"ranking": name, **recall(days, scores)}
        for name, scores in (
            ("random", [day.noise for day in days]),
            ("longest first", [day.length for day in days]),
            ("most figures first", [day.figures for day in days]),
            ("most reported first", [day.values[:, front_page.FEATURES.index("coverage")] for day in days]),
            ("most prominent name first", [day.values[:, front_page.FEATURES.index("prominence")] for day in days]),
            ("shipped weights", [shipped(day) for day in days]),
        )
    ]
    rows.append({"ranking": "cross-validated by day", **cross_validated(days)})
    tops = int(sum(day.top.sum() for day in days))
    common.report(
        "ranking: share of the editor's top stories in our first k",
        rows,
        as_json=arguments.json,
        note=f"{tops} top stories on {len(days)} days; k: as many as the editor has that day",
    )


def load(path: Path) -> list[Day]:
    """The days that have top stories, each item with features from what was known by the end of that day."""
    own, others = _files(path)
    rows = [row for file in own for row in common.read_jsonl(file)]
    background = [row for file in others for row in common.read_jsonl(file)]
    evidence = [analyse(_article(i, row)) for i, row in enumerate([*rows, *background])]
    encoder = UniversalSentenceEncoder()
    vectors = encoder.encode([e.article.text[: front_page.OPENING] for e in evidence])
    titles = encoder.encode([e.article.title for e in evidence])
    items = [
        front_page.item(_hidden(row), e, v, t)
        for row, e, v, t in zip([*rows, *background], evidence, vectors, titles, strict=True)
    ]
    by_day: dict[str, list[int]] = defaultdict(list)
    for i, row in enumerate(rows):
        by_day[row["date"]].append(i)
    days = []
    for name in sorted(by_day):
        mine = by_day[name]
        top = np.array([rows[i].get("section") == TOP for i in mine])
        if not top.any() or top.all():
            continue
        today = items[mine[0]].day
        reports = [
            it for i, it in enumerate(items)
            if i not in set(mine) and today - front_page.MEMORY <= it.day <= today
        ]  # fmt: skip
        day_items = [items[i] for i in mine]
        days.append(
            Day(
                values=front_page.features(day_items, reports),
                top=top,
                length=np.array([float(it.length) for it in day_items]),
                figures=np.array([float(it.figures) for it in day_items]),
                noise=np.array([it.id / 2**62 for it in day_items]),
            )
        )
    return days


def _files(path: Path) -> tuple[list[Path], list[Path]]:
    """Files with editor's sections, and files that are only background."""
    found = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    marked = [f for f in found if any(row.get("section") == TOP for row in common.read_jsonl(f))]
    beside = found if path.is_dir() else sorted(path.parent.glob("*.jsonl"))
    return marked, [f for f in beside if f not in marked and "news" in f.name]


def _hidden(row: Mapping[str, Any]) -> int:
    """An id that says nothing of the order in the file."""
    return int.from_bytes(hashlib.sha256(f"{row['title']}{row['text']}".encode()).digest()[:7], "big") << 6


def _article(number: int, row: Mapping[str, Any]) -> Article:
    title = " ".join(str(row["title"]).split())
    at = datetime.fromisoformat(row["date"]).replace(tzinfo=UTC)
    text = f"{title}\n\n{row['text']}"
    return Article(
        id=number, article_id=number, version=1, source_id=0, outlet="", url="", title=title, text=text, author=None,
        published_at=at, published_evidence="feed", collected_at=at, language=row["language"], text_hash="",
    )  # fmt: skip


def recall(days: Sequence[Day], scores: Sequence[Array]) -> dict[str, float]:
    """Share of all top stories among the first k, 5 and 10 of their days; ties broken by hash."""
    hits: dict[str, int] = {"first k": 0, "first 5": 0, "first 10": 0}
    tops = 0
    for day, score in zip(days, scores, strict=True):
        order = np.lexsort((day.noise, -score))
        n = int(day.top.sum())
        tops += n
        for name, k in (("first k", n), ("first 5", 5), ("first 10", 10)):
            hits[name] += int(day.top[order[:k]].sum())
    return {name: hit / tops for name, hit in hits.items()}


def shipped(day: Day) -> Array:
    """The scores that the front page gives."""
    scales, weights = front_page.model()
    scores: Array = ((day.values - day.values.mean(axis=0)) / scales) @ weights
    return scores


def cross_validated(days: Sequence[Day], folds: int = 10, shuffles: int = 5) -> dict[str, float]:
    """Fit on nine tenths of the days, rank the tenth; mean over shuffles."""
    found: list[dict[str, float]] = []
    for seed in range(shuffles):
        order = np.random.default_rng(seed).permutation(len(days))
        scores: list[Array] = [np.zeros(0)] * len(days)
        for part in np.array_split(order, min(folds, len(days))):
            held = set(part.tolist())
            scales, weights = fit([d for i, d in enumerate(days) if i not in held])
            for i in held:
                scores[i] = ((days[i].values - days[i].values.mean(axis=0)) / scales) @ weights
        found.append(recall(days, scores))
    return {name: float(np.mean([f[name] for f in found])) for name in found[0]}


def fit(days: Sequence[Day]) -> tuple[Array, Array]:
    """Scales and weights by logistic regression (Newton's method) on features centred within each day."""
    centred = np.vstack([d.values - d.values.mean(axis=0) for d in days])
    scales = centred.std(axis=0)
    scales[scales < 1e-9] = 1.0
    x = np.hstack([centred / scales, np.ones((len(centred), 1))])
    y = np.concatenate([d.top for d in days]).astype(float)
    balance = np.where(y > 0, 0.5 / y.mean(), 0.5 / (1 - y.mean()))
    penalty = np.full(x.shape[1], PENALTY)
    penalty[-1] = 0.0
    w = np.zeros(x.shape[1])
    for _ in range(25):
        p = 1 / (1 + np.exp(-x @ w))
        gradient = x.T @ (balance * (p - y)) + penalty * w
        hessian = (x.T * (balance * p * (1 - p))) @ x + np.diag(penalty + 1e-9)
        w -= np.linalg.solve(hessian, gradient)
    return scales, w[:-1]


def print_model(days: Sequence[Day]) -> None:
    """The model file of ``editions/front_page.py``."""
    scales, weights = fit(days)
    print(
        f"# Fitted by `python -m benchmarks.ranking --fit` on {len(days)} days of a digest with its editor's top ones."
    )
    print("# scale: standard deviation of a feature within a day; weight: per standard deviation.")
    for name, values in (("scale", scales), ("weight", weights)):
        print(f"\n[{name}]")
        for feature, value in zip(front_page.FEATURES, values, strict=True):
            print(f"{feature} = {value:.4f}")


if __name__ == "__main__":
    main()
