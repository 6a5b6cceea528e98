"""Labelled events: reading the sets, and the measures by which groupings are compared."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from benchmarks.common import read_jsonl
from groundwire.events.records import Document


@dataclass(frozen=True, slots=True)
class LabelledSet:
    """Documents, and the event that people say each one tells of."""

    name: str
    documents: list[Document]
    labels: list[str]


@dataclass(frozen=True, slots=True)
class PairSet:
    """Chinese and English items that link the same page, and the pools they come from.

    Links are left out of the documents: they made the labels.
    """

    chinese: list[Document]
    english: list[Document]
    pairs: list[tuple[int, int]]
    """Positions in ``chinese`` and ``english``."""
    paired_chinese: list[int]
    paired_english: list[int]


def read_set(path: Path) -> LabelledSet:
    """One object a line: id, published_at or null, language, source, title, text, event."""
    rows = list(read_jsonl(path))
    sources: dict[str, int] = {}
    documents = [
        Document(
            article_id=number,
            source_id=sources.setdefault(str(row.get("source") or f"unknown {number}"), len(sources)),
            language=row["language"],
            title=row["title"] or "",
            text=row["text"] or "",
            published_at=_time(row.get("published_at")),
        )
        for number, row in enumerate(rows)
    ]
    return LabelledSet(path.stem, documents, [row["event"] for row in rows])


def read_sets(path: Path) -> list[LabelledSet]:
    """Every labelled set in a folder (files whose objects have an ``event``), or the one in a file."""
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    return [read_set(file) for file in files if "event" in next(read_jsonl(file), {})]


def read_pairs(path: Path) -> PairSet | None:
    """Pairs in a folder or file, resolved through ``corpus/`` beside or above it; None where there are none.

    An English item that the corpus lacks is taken from the pair's own opening words.
    """
    files = sorted(path.glob("*.jsonl")) if path.is_dir() else [path]
    found = [file for file in files if "zh" in next(read_jsonl(file), {})]
    if not found:
        return None
    corpus: dict[str, dict[str, Any]] = {}
    for folder in (found[0].parent / "corpus", found[0].parent.parent / "corpus"):
        for file in sorted(folder.glob("*.jsonl")):
            corpus.update({row["id"]: row for row in read_jsonl(file)})
    rows = [row for file in found for row in read_jsonl(file)]
    pools: dict[str, dict[str, dict[str, Any]]] = {
        "zh": {key: row for key, row in corpus.items() if row["language"] == "zh"},
        "en": {key: row for key, row in corpus.items() if row["language"] == "en"},
    }
    keys: list[tuple[str, str]] = []
    for row in rows:
        names = (f"zh-{row['zh']['date']}-{row['zh']['n']}", f"en-{row['en']['date']}-{row['en']['i']}")
        for side, key in zip(("zh", "en"), names, strict=True):
            item = row[side]
            pools[side].setdefault(
                key,
                {"date": item["date"], "title": item.get("title", ""), "text": item.get("text", ""), "language": side},
            )
        keys.append(names)
    numbered = {side: {key: i for i, key in enumerate(pool)} for side, pool in pools.items()}
    made: dict[str, list[Document]] = {}
    number = 0
    for side, pool in pools.items():
        made[side] = []
        for row in pool.values():
            made[side].append(
                Document(
                    article_id=number,
                    source_id=0 if side == "zh" else 1,
                    language=side,
                    title=row["title"] or "",
                    text=row["text"] or "",
                    published_at=_time(row["date"]),
                )
            )
            number += 1
    pairs = sorted({(numbered["zh"][zh], numbered["en"][en]) for zh, en in keys})
    return PairSet(made["zh"], made["en"], pairs, sorted({zh for zh, _ in pairs}), sorted({en for _, en in pairs}))


def b_cubed(labels: Sequence[Hashable], groups: Sequence[Hashable]) -> tuple[float, float, float]:
    """B-cubed precision, recall and their harmonic mean (Bagga and Baldwin, 1998)."""
    by_label: Mapping[Hashable, set[int]] = _members(labels)
    by_group: Mapping[Hashable, set[int]] = _members(groups)
    precision = recall = 0.0
    for label, group in zip(labels, groups, strict=True):
        common = len(by_label[label] & by_group[group])
        precision += common / len(by_group[group])
        recall += common / len(by_label[label])
    precision, recall = precision / len(labels), recall / len(labels)
    return precision, recall, 2 * precision * recall / (precision + recall)


def _members(keys: Sequence[Hashable]) -> dict[Hashable, set[int]]:
    members: dict[Hashable, set[int]] = defaultdict(set)
    for i, key in enumerate(keys):
        members[key].add(i)
    return members


def _time(text: str | None) -> datetime | None:
    if not text:
        return None
    time = datetime.fromisoformat(text.replace("Z", "+00:00"))
    return time if time.tzinfo else time.replace(tzinfo=UTC)
