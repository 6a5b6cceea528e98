"""The numbered evidence that a model may rest statements on: sentences of the event's articles, as data."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from groundwire.briefs import quality
from groundwire.briefs.check import statements
from groundwire.briefs.grounding import form
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
        """As the prompt shows it."""
        return f"[{self.number}] {as_data(self.citation.quote)}"


_NUMBER_MARK = re.compile(r"[\[【〔]\s*([A-Za-z]{0,8}\s?\d{1,4})\s*[\]】〕]")
_TO_ROUND = str.maketrans({"<": "‹", ">": "›", "`": "'"})


def as_data(text: str) -> str:
    """Foreign words as a prompt may show them.

    On one line, so that they can't begin a line of their own; without hidden characters; without what looks like an
    evidence number, a tag, a chat template's mark or a code fence.
    """
    plain = _NUMBER_MARK.sub(r"(\1)", " ".join(clean_text(text).split()))
    return plain.translate(_TO_ROUND)


_ORDER = re.compile(
    r"^\W*(?:please |kindly )?(?:report|write|say|state|publish|declare|output|print|answer|repeat|respond|reply|summari[sz]e|cite"
    r"|disregard|ignore|forget|override|pretend)\b(?: that\b|\s?:| (?:the|this|these|all|any|your|only|with)\b)"
    r"|\b(?:must|should|please|now|and|to) (?:report|write|say|state|publish|declare|claim|output) (?:that\b|\w+ (?:is|are|was|has|have)\b)"
    r"|\b(?:has|have|with) no rules\b|^\W*(?:editors?|models?|summari[sz]ers?|ai)\s?:"
    r"|(?:请|必须)(?:写道?|输出|回答|声明|报道)",
    re.IGNORECASE,
)
"""What is said to whoever writes: a sentence of news that begins so loses little by staying out of a prompt."""


def gives_orders(text: str) -> bool:
    """Whether a sentence is, or may be, addressed to a machine or a writer: such a one is no evidence."""
    found = _ORDER.search(text) is not None or quality.unfit(text) == "instruction"
    return found or any(problem.kind == "instruction" for problem in form.problems(text))


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
        if overlaps or words in said or len(citation.quote) > MAX_SENTENCE or gives_orders(citation.quote):
            continue
        item = Item(number=len(items) + 1, citation=citation, article=by_id[citation.version_id])
        budget -= tokens(item.line)
        if budget < 0:
            break
        items.append(item)
        spans.append((citation.start, citation.end))
        said.add(words)
    return items
