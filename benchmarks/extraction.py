"""Article text: F1 of shingles against the true text, and title, time and author where the data names them.

Definition: that of the article-extraction-benchmark (its evaluate.py): multisets of shingles of four words ``\\w+``;
true and false positives and false negatives of each page scaled to sum to one; precision and recall averaged over the
pages that have any; F1 of these means. For pages in Chinese, Japanese or Korean a shingle is four letters, and F1 is
averaged by page. Beside ours stands trafilatura's own output (``favor_precision=True``) on the same pages.

    python -m benchmarks.extraction [--data PATH] [--json]

PATH: a folder with a JSON of expected fields by page and ``html/ID.html.gz`` (as ``extraction/aeb``), one of ``X.json``
beside ``X*.html.gz`` (as ``extraction/cjk``), or a folder that holds such folders.
"""

from __future__ import annotations

import gzip
import json
import re
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import trafilatura

from benchmarks.common import need, parser, report
from groundwire.errors import ParseError
from groundwire.extract import extract_article
from groundwire.extract.blocks import words_of
from groundwire.times import parse_time
from groundwire.types import Extracted, RawPage

ANCHORS = {
    "aeb": "trafilatura favor_precision 0.964, best known (rs-trafilatura) 0.970",
    "cjk": "trafilatura 0.71 to 1.00",
}
_CJK = re.compile("[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
_FETCHED_AT = datetime(2026, 11, 22, tzinfo=UTC)


@dataclass(frozen=True)
class Page:
    """One page with what is true of it."""

    name: str
    url: str
    body: bytes
    text: str
    title: str | None = None
    author: str | None = None
    published: str | None = None


def read_pages(folder: Path) -> list[Page]:
    """Pages whose true text some JSON in the folder has: one file for all of them, or one beside each."""
    pages: list[Page] = []
    for expected in sorted(folder.rglob("*.json")):
        document = json.loads(expected.read_text("utf-8"))
        for name, fields in _listed(expected.stem, document):
            html = _html_of(expected.parent, name)
            if html is not None:
                pages.append(_page(name, _latest(fields), html))
    return pages


def _listed(stem: str, document: Any) -> Iterator[tuple[str, dict[str, Any]]]:
    """Names and expected fields: of the one page that the file is named after, or of all that it lists."""
    if isinstance(document, list):
        for row in document:
            name = next(
                (row[key] for key in ("id", "name", "file", "html", "page") if isinstance(row.get(key), str)), None
            )
            if name:
                yield name, row
    elif isinstance(document, dict):
        yield stem, document
        for name, fields in sorted(document.items()):
            if isinstance(fields, dict):
                yield name, fields


def _html_of(folder: Path, name: str) -> Path | None:
    """The page of that name, plain or gzipped, beside the JSON or in ``html/``; the last of several dated ones."""
    own = re.compile(re.escape(name) + r"(?:_\d[\d_]*)?(?:\.html?)?(?:\.gz)?")
    for place in (folder, folder / "html"):
        if place.is_dir():
            found = [p for p in _names(place) if own.fullmatch(p.name) and p.suffix != ".json"]
            if found:
                return found[-1]
    return None


@cache
def _names(folder: Path) -> tuple[Path, ...]:
    return tuple(sorted(path for path in folder.iterdir() if path.is_file()))


def _latest(fields: dict[str, Any]) -> dict[str, Any]:
    """The last of several versions ("V1", "V1_1") of the expected fields, where there are versions."""
    versions = [value for key, value in fields.items() if re.fullmatch(r"V\d+(?:_\d+)*", key)]
    return versions[-1] if versions else fields


def _page(name: str, fields: dict[str, Any], html: Path) -> Page:
    raw = html.read_bytes()

    def first(*names: str) -> Any:
        return next((fields[n] for n in names if fields.get(n)), None)

    authors = first("author", "authors")
    return Page(
        name=name,
        url=str(first("url", "link") or f"https://example.org/{name}"),
        body=gzip.decompress(raw) if raw[:2] == b"\x1f\x8b" else raw,
        text="\n".join(_strings(first("articleBody", "text", "body", "content", "plaintext"))),
        title=first("title", "headline"),
        author=", ".join(_strings(authors)) or None,
        published=first("published", "published_at", "publishing_date", "date", "datePublished"),
    )


def _strings(value: object) -> Iterator[str]:
    """All text in a value, in order: a body may be one string, a list, or sections of headlines and paragraphs."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for key in sorted(
            value,
            key=lambda key: (
                ("summary", "headline", "paragraphs").index(key) if key in ("summary", "headline", "paragraphs") else 9
            ),
        ):
            yield from _strings(value[key])
    elif isinstance(value, list):
        for item in value:
            yield from _strings(item)


# --- scores ----------------------------------------------------------------------------------------------------


def shingles(text: str, *, letters: bool) -> Counter[tuple[str, ...]]:
    tokens = list(re.sub(r"\W+", "", text)) if letters else re.findall(r"\w+", text)
    return Counter(tuple(tokens[i : i + 4]) for i in range(max(1, len(tokens) - 3)) if tokens)


def precision_recall(true: str, found: str, *, letters: bool) -> tuple[float | None, float | None]:
    """Of one page; None where there is nothing to be precise about, or to recall."""
    expected, given = shingles(true, letters=letters), shingles(found, letters=letters)
    both = (expected & given).total()
    return (
        both / given.total() if given else None,
        both / expected.total() if expected else None,
    )


def f1(precision: float, recall: float) -> float:
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def corpus_f1(pairs: list[tuple[float | None, float | None]]) -> tuple[float, float, float]:
    precision = statistics.mean(p for p, _ in pairs if p is not None)
    recall = statistics.mean(r for _, r in pairs if r is not None)
    return f1(precision, recall), precision, recall


def score(pages: list[Page], texts: dict[str, str]) -> tuple[float, float, float]:
    """F1, precision, recall."""
    letters = statistics.median(len(_CJK.findall(page.text)) / max(1, len(page.text)) for page in pages) > 0.3
    pairs = [precision_recall(page.text, texts[page.name], letters=letters) for page in pages]
    if letters:
        by_page = [(f1(p or 0, r or 0), p or 0, r or 0) for p, r in pairs]
        mean_f1, precision, recall = (statistics.mean(column) for column in zip(*by_page, strict=True))
        return mean_f1, precision, recall
    return corpus_f1(pairs)


# --- runs ------------------------------------------------------------------------------------------------------


def extract_all(pages: list[Page]) -> tuple[dict[str, Extracted | None], float]:
    """What we find, and pages a second."""
    began = time.perf_counter()
    found: dict[str, Extracted | None] = {}
    for page in pages:
        raw = RawPage(url=page.url, body=page.body, content_type="text/html", fetched_at=_FETCHED_AT)
        try:
            found[page.name] = extract_article(raw)
        except ParseError:
            found[page.name] = None
    return found, len(pages) / (time.perf_counter() - began)


def trafilatura_all(pages: list[Page]) -> tuple[dict[str, str], float]:
    began = time.perf_counter()
    texts = {p.name: trafilatura.extract(p.body, favor_precision=True, include_comments=False) or "" for p in pages}
    return texts, len(pages) / (time.perf_counter() - began)


def _same_title(found: str, expected: str) -> bool:
    """Equal words; or ours is the expected one without the site's names that some data leave at its end."""
    ours, theirs = words_of(found), words_of(expected)
    return ours == theirs or (len(ours) >= 0.6 * len(theirs) and theirs.startswith(ours))


def right_fields(pages: list[Page], found: dict[str, Extracted | None]) -> dict[str, str]:
    """Right titles, days and authors (any expected name in ours), of those expected."""
    shares: dict[str, list[bool]] = {"title": [], "day": [], "author": []}
    for page in pages:
        ours = found[page.name]
        if page.title:
            shares["title"].append(ours is not None and _same_title(ours.title, page.title))
        expected = parse_time(page.published, ours.language if ours else None) if page.published else None
        if expected is not None:
            at = ours.published_at if ours else None
            shares["day"].append(at is not None and abs((at - expected).total_seconds()) < 86_400)
        if page.author:
            names = [words_of(name) for name in re.split(r"[,、，;]| and ", page.author)]
            said = words_of(ours.author or "") if ours else ""
            shares["author"].append(any(name and name in said for name in names))
    return {name: f"{sum(right)}/{len(right)}" if right else "-" for name, right in shares.items()}


def measure(name: str, pages: list[Page]) -> list[dict[str, object]]:
    found, speed = extract_all(pages)
    texts = {name: ours.body if ours else "" for name, ours in found.items()}
    theirs, their_speed = trafilatura_all(pages)
    rows: list[dict[str, object]] = []
    for label, chosen in (("all", pages), ("even half", pages[::2]), ("odd half", pages[1::2])):
        if len(chosen) < 2 and label != "all":
            continue
        mine, base = score(chosen, texts), score(chosen, theirs)
        fields = right_fields(chosen, found)
        whole = label == "all"
        rows.append(
            {"set": f"{name}, {label}", "pages": len(chosen), "F1": mine[0], "precision": mine[1], "recall": mine[2],
             "trafilatura F1": base[0], "title": fields["title"], "day": fields["day"], "author": fields["author"],
             "pages/s": f"{speed:.0f}" if whole else "", "trafilatura pages/s": f"{their_speed:.0f}" if whole else ""}
        )  # fmt: skip
    return rows


def main() -> None:
    options = parser(__doc__, "extraction").parse_args()
    root = need(options.data)
    within = sorted(path for path in root.iterdir() if path.is_dir() and path.name != "html")
    folders = within if within and not any(root.glob("*.json")) else [root]
    rows: list[dict[str, object]] = []
    for folder in folders:
        pages = read_pages(folder)
        if pages:
            rows += measure(folder.name, pages)
    if not rows:
        print(f"skipped: no pages with expected text under {root}")
        return
    anchors = "; ".join(f"{name}: {anchor}" for name, anchor in ANCHORS.items())
    report("article text", rows, as_json=options.json, note=f"anchors: {anchors}; target 0.964")


if __name__ == "__main__":
    main()
