"""Every statement that recorded answers propose, checked anew with today's gate; no model is asked.

    python -m benchmarks.recorded_answers HOME...

A home is one that ``benchmarks.small_model --home`` or a desk has left; it is copied first. Prompts are not recorded, so
which sentence an evidence number meant is unknown after the prompts have changed: each statement is held against the
sentence of its event that has most of its words. That lets more pass than a desk does, but tries no evidence of the other
language. What passes is printed to be read.
"""

from __future__ import annotations

import argparse
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import closing
from pathlib import Path

from benchmarks import common
from groundwire.briefs.grounding import Embedder
from groundwire.briefs.words import contained, content
from groundwire.briefs.written import gate, proposal
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.evidence.analyse import analyse
from groundwire.evidence.cues import has_chinese
from groundwire.storage import Store
from groundwire.types import Article, Citation


def proposed(home: Path, copy: Path) -> Iterator[tuple[str, list[Citation], Mapping[int, Article]]]:
    """Each statement of a home's recorded answers, with the sentences and the articles of its event."""
    with closing(sqlite3.connect(f"file:{home / 'groundwire.db'}?mode=ro", uri=True)) as there:
        with closing(sqlite3.connect(copy)) as here:
            there.backup(here)
        calls = "SELECT event_id, answer FROM model_calls WHERE purpose IN ('write', 'repair') ORDER BY rowid"
        answers = there.execute(calls).fetchall()
    known: dict[int, tuple[list[Citation], dict[int, Article]]] = {}
    with Store(f"sqlite:///{copy}") as store:
        for event_id, answer in answers:
            if event_id not in known:
                articles = store.articles.of_event(event_id)
                found = [(a.id, one.sentence) for a in articles for one in analyse(a).sentences]
                cited = [Citation(version_id=v, start=s.start, end=s.end, quote=s.text) for v, s in found]
                known[event_id] = cited, {article.id: article for article in articles}
            for one in proposal.parse(answer):
                yield one.text, *known[event_id]


def nearest(text: str, sentences: list[Citation]) -> Citation:
    """The sentence that has most of a statement's words."""
    said = content(text)
    return max(sentences, key=lambda citation: contained(said, content(citation.quote)))


def doubts(text: str, cited: Citation, articles: Mapping[int, Article], embedder: Embedder) -> list[str]:
    """What today's gate says against a statement."""
    return gate.reasons(text, "zh" if has_chinese(text) else "en", [cited], articles, embedder)


def main() -> None:
    """Print how many statements today's gate lets through, and which."""
    known = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    known.add_argument("homes", nargs="+", type=Path)
    known.add_argument("--json", action="store_true")
    args = known.parse_args()
    embedder = UniversalSentenceEncoder()
    seen: set[tuple[str, str]] = set()
    passed: list[dict[str, object]] = []
    why: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as temporary:
        for nth, home in enumerate(args.homes):
            for text, sentences, articles in proposed(home, Path(temporary) / f"{nth}.db"):
                if not sentences:
                    continue
                cited = nearest(text, sentences)
                key = (text.lower().strip(" .。"), cited.quote)
                if key in seen:
                    continue
                seen.add(key)
                if reasons := doubts(text, cited, articles, embedder):
                    why[reasons[0].split(":")[0]] += 1
                else:
                    passed.append({"passes": text, "nearest sentence": " ".join(cited.quote.split())})
    rows: list[dict[str, object]] = [
        {"measure": "different statements proposed", "value": len(seen)},
        {"measure": "let through by today's gate", "value": len(passed)},
        *({"measure": f"  first reason: {kind}", "value": count} for kind, count in why.most_common()),
    ]
    common.report("Recorded answers, checked anew", rows, as_json=args.json)
    common.report("What passes", passed, as_json=args.json)


if __name__ == "__main__":
    main()
