"""One article version -> all that code finds in it. Pure, and fast enough to run on everything collected."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

from groundwire.evidence import attribution, cues, dates, entities, forecasts, meaning, quantities, roles, sentences
from groundwire.types import Article, DateMention, Evidence, Mention, Quantity, Sentence, SentenceEvidence

MAX_SENTENCE = 1500
"""Characters; a longer "sentence" is a table, a list without punctuation or an attack: no cues are sought in it."""
MAX_TEXT = 200_000
"""Characters of an article that are analysed; the rest keeps its sentences but yields no evidence."""


_Span = Quantity | DateMention | Mention
_BLANK = "\u25a1"
_S = TypeVar("_S", Quantity, DateMention, Mention)


def analyse(article: Article) -> Evidence:
    """Sentences of the article in order (the title first) with quantities, dates, names, roles and forecasts."""
    split = sentences.of_article(article)
    text = article.text[:MAX_TEXT]
    named = entities.find(text, article.language, title_end=len(article.title))
    dated = dates.find(text, article.language, article.published_at)
    hidden: list[_Span] = [*dated, *(m for m in named if any(c.isdigit() for c in m.text))]
    counted = [q for q in quantities.find(_masked(text, hidden), article.language) if not _in_code(text, q)]
    mentions, date_mentions, amounts = (
        _by_sentence(split, named),
        _by_sentence(split, dated),
        _by_sentence(split, counted),
    )
    found: list[SentenceEvidence] = []
    earlier = attribution.Memory()
    for i, sentence in enumerate(split):
        if len(sentence.text) > MAX_SENTENCE or sentence.end > MAX_TEXT:
            found.append(SentenceEvidence(sentence=sentence, roles={"none": 1.0}))
            continue
        hits = cues.find(sentence.text)
        who = earlier.speaker(sentence.text, [(m.text, m.kind) for m in mentions[i]])
        forecast = forecasts.find(
            sentence,
            hits,
            date_mentions[i],
            mentions[i],
            article.published_at.date(),
            who=who,
            before=split[i - 1] if i > 1 else None,
            after=split[i + 1] if i + 1 < len(split) else None,
        )
        context = roles.Context(sentence, hits, i, amounts[i], date_mentions[i], mentions[i], forecast)
        found.append(
            SentenceEvidence(
                sentence=sentence,
                roles=roles.score(context),
                quantities=_with_meaning(sentence, amounts[i], date_mentions[i], who),
                dates=tuple(date_mentions[i]),
                mentions=tuple(mentions[i]),
                forecast=forecast,
            )
        )
    return Evidence(article=article, sentences=tuple(found))


def _with_meaning(
    sentence: Sentence, amounts: Sequence[Quantity], days: Sequence[DateMention], who: str
) -> tuple[Quantity, ...]:
    spans = [(d.start, d.end) for d in days]
    return tuple(
        replace(q, measures=meaning.of(sentence.text, q, sentence.start, amounts, spans), said_by=who) for q in amounts
    )


def _by_sentence(split: Sequence[Sentence], spans: Iterable[_S]) -> list[list[_S]]:
    """Spans sorted into the sentences that wholly contain them; what crosses a border belongs to none."""
    starts = [s.start for s in split]
    placed: list[list[_S]] = [[] for _ in split]
    for span in spans:
        i = bisect_right(starts, span.start) - 1
        if i >= 0 and span.end <= split[i].end:
            placed[i].append(span)
    return placed


def _masked(text: str, spans: Iterable[_Span]) -> str:
    """The text with spans blanked, offsets kept: the 2027 of a date and the 5 of "Foo-5" are no quantities."""
    characters = list(text)
    for span in spans:
        characters[span.start : span.end] = _BLANK * (span.end - span.start)
    return "".join(characters)


def _in_code(text: str, q: Quantity) -> bool:
    """Whether a number is part of an identifier ("J120136.02+300305.5", "v2-7")."""
    before = text[q.start - 1 : q.start] if q.start else ""
    return before.isascii() and (before.isalnum() or (before in "+_#@" and q.start > 1 and text[q.start - 2].isalnum()))
