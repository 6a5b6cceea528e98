"""Does it matter how a stream is cut into batches? One batch, a batch a day, one by one, compared with each other.

On the sample wire (labels ship with it) also how right each is; on labelled sets with times (``--data``) likewise.
Agreement is the pairwise F1 of two groupings: of the pairs of articles that one puts together, how many the other does.
"Origins" counts articles whose origin (the report that they copy) is the labelled one; only the sample wire has these.
"""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from itertools import combinations

from benchmarks.common import parser, report
from benchmarks.event_sets import b_cubed, read_sets
from groundwire.events import Document, EventIndex, UniversalSentenceEncoder
from groundwire.events.embeddings import Embedder
from groundwire.pipeline.briefing import Remembering
from groundwire.sample import wire

CUTS = ("one batch", "by day", "one by one")


def batches(documents: Sequence[Document], cut: str) -> list[list[Document]]:
    """The stream in order of time, cut."""
    ordered = sorted(documents, key=lambda d: (d.published_at is None, d.published_at, d.article_id))
    if cut == "one batch":
        return [ordered]
    if cut == "one by one":
        return [[document] for document in ordered]
    days: dict[object, list[Document]] = {}
    for document in ordered:
        days.setdefault(document.published_at and document.published_at.date(), []).append(document)
    return list(days.values())


def grouped(documents: Sequence[Document], cut: str, embedder: Embedder) -> tuple[list[int], list[int]]:
    """Event and origin of each document."""
    index = EventIndex(embedder=embedder)
    event_of: dict[int, int] = {}
    origin_of: dict[int, int] = {}
    for batch in batches(documents, cut):
        update = index.add(batch)
        survivors = {merge.absorbed_id: merge.survivor_id for merge in update.merges}
        event_of = {article: survivors.get(event, event) for article, event in event_of.items()}
        for assignment in update.assignments:
            event_of[assignment.article_id] = assignment.event_id
            origin_of[assignment.article_id] = assignment.origin_id
    return [event_of[d.article_id] for d in documents], [origin_of[d.article_id] for d in documents]


def agreement(a: Sequence[Hashable], b: Sequence[Hashable]) -> float:
    """Pairwise F1 of two groupings of the same articles; 1 if neither puts any two together."""
    in_a = {pair for pair in combinations(range(len(a)), 2) if a[pair[0]] == a[pair[1]]}
    in_b = {pair for pair in combinations(range(len(b)), 2) if b[pair[0]] == b[pair[1]]}
    return 2 * len(in_a & in_b) / (len(in_a) + len(in_b)) if in_a or in_b else 1.0


def rows_of(
    name: str, documents: Sequence[Document], labels: Sequence[str], origins: Sequence[int] | None, embedder: Embedder
) -> list[dict[str, object]]:
    """Each cut's figures on one set."""
    found = {cut: grouped(documents, cut, embedder) for cut in CUTS}
    rows: list[dict[str, object]] = []
    for cut, (events, copied) in found.items():
        precision, recall, f1 = b_cubed(labels, events)
        right = "-" if origins is None else sum(a == b for a, b in zip(copied, origins, strict=True)) / len(origins)
        row: dict[str, object] = {"set": name, "cut": cut, "precision": precision, "recall": recall, "F1": f1}
        row["agrees with one batch"] = agreement(found["one batch"][0], events)
        row["origins right"] = right
        rows.append(row)
    return rows


def sample() -> tuple[list[Document], list[str], list[int]]:
    """The sample wire's articles with their labels: event (noise: alone) and origin."""
    articles = wire.articles()
    number = {article.key: i for i, article in enumerate(articles)}
    outlets = sorted({article.outlet.key for article in articles})
    documents = [
        Document(
            article_id=i,
            source_id=outlets.index(article.outlet.key),
            language=article.outlet.language,
            title=article.title,
            text=article.body,
            published_at=article.published_at,
        )
        for i, article in enumerate(articles)
    ]
    labels = [article.event or f"noise {article.key}" for article in articles]
    return documents, labels, [number[article.copy_of or article.key] for article in articles]


def main() -> None:
    chosen = parser(__doc__, "events").parse_args()
    embedder = Remembering(UniversalSentenceEncoder(), keep=100_000)
    documents, labels, origins = sample()
    rows = rows_of("sample wire", documents, labels, origins, embedder)
    if chosen.data.exists():
        for labelled in read_sets(chosen.data):
            if any(document.published_at for document in labelled.documents):
                rows += rows_of(labelled.name, labelled.documents, labelled.labels, None, embedder)
    report("events by how the stream is cut", rows, as_json=chosen.json)


if __name__ == "__main__":
    main()
