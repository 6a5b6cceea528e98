"""The numbered evidence that a model may rest statements on: sentences of the event's articles, as data."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groundwire.briefs import quality
from groundwire.briefs.check import statements
from groundwire.text import clean_text
from groundwire.types import Article, Brief, Citation, Evidence

MAX_SENTENCE = 600
"""Characters of a sentence that may be cited; longer ones are tables or attacks."""
HAN_PER_TOKEN, LATIN_PER_TOKEN = 1.0, 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One numbered sentence."""

    number: int
    citation: Citation
    article: Article

    @property
    def line(self) -> str:
        """As the prompt shows it: on one line, so that no text can begin a line of its own, without hidden characters."""
        return f"[{self.number}] {' '.join(clean_text(self.citation.quote).split())}"


def tokens(text: str) -> int:
    """About how many tokens a text takes, rather too many than too few."""
    latin = sum(c.isascii() for c in text)
    return int(latin / LATIN_PER_TOKEN + (len(text) - latin) / HAN_PER_TOKEN) + 1


def build(brief: Brief, articles: Sequence[Article], evidence: Mapping[int, Evidence], budget: int) -> list[Item]:
    """As much evidence as fits: first what the extractive brief cites, in page order, then each article from its top.

    Args:
        brief: The extractive brief.
        articles: The current version of each member's article.
        evidence: Its sentences, by version id.
        budget: Tokens that the pack may take.
    """
    by_id = {article.id: article for article in articles}
    cited = [c for s in statements(brief) for c in s.citations if c.version_id in by_id]
    rest = sorted(
        (position, article.published_at, article.id, found.sentence.start, found.sentence.end)
        for article in articles
        for position, found in enumerate(evidence[article.id].sentences)
        if quality.unfit(found.sentence.text, title=position == 0) is None
    )
    more = [Citation(version_id=v, start=a, end=b, quote=by_id[v].text[a:b]) for _, _, v, a, b in rest]
    items: list[Item] = []
    taken: dict[int, list[tuple[int, int]]] = {}
    said: set[str] = set()
    for citation in [*cited, *more]:
        spans = taken.setdefault(citation.version_id, [])
        words = citation.quote.strip().lower()
        overlaps = any(a < citation.end and citation.start < b for a, b in spans)
        if overlaps or words in said or len(citation.quote) > MAX_SENTENCE:
            continue
        item = Item(number=len(items) + 1, citation=citation, article=by_id[citation.version_id])
        budget -= tokens(item.line)
        if budget < 0:
            break
        items.append(item)
        spans.append((citation.start, citation.end))
        said.add(words)
    return items
