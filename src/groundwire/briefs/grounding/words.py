"""The words of a sentence: base form, meanings, clause, whether it is said by the way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Literal

import rjieba

from groundwire.briefs.grounding import lexicon
from groundwire.evidence.cues import stem as stem_of

Modality = Literal["", "possible", "future", "actual"]
LEVELS: dict[Modality, int] = {"possible": 1, "future": 2, "actual": 3, "": 9}

_EN = re.compile(
    r"(?P<code>[^\W\d_]+\d\w*)|(?P<word>[^\W\d_]+(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[^\W\d_]+(?:\.[^\W\d_]+)*)|(?P<number>\d+(?:[.,]\d+)*%?)|(?P<mark>[^\w\s])"
)
_BORDER_MARKS = frozenset(',;:.!?()[]"\n，。；：、！？（）“”「」《》…—')
_PAST = re.compile(r"\w{2,}ed$")
_PRESENT = re.compile(r"\w{2,}[^s]s$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word of a reading."""

    start: int
    end: int
    text: str
    """Lower case."""
    key: str
    """Stem in English, the word in Chinese."""
    concepts: frozenset[str]
    clause: int
    content: bool
    number: bool = False
    negated: bool = False
    modality: Modality = ""
    nearest: Modality = ""
    """The last word before it that says how sure: may *have* launched."""
    past: bool = False
    """A form that tells of the past or present by itself (launched, launches, 发布了)."""
    aside: bool = False
    """Inside brackets or between two commas: what a sentence says by the way."""
    tag: str = ""
    """Part of speech of a Chinese word."""


@cache
def _stop() -> frozenset[str]:
    return lexicon.word_set("stop_en")


@cache
def _stop_zh() -> frozenset[str]:
    return lexicon.word_set("stop_zh")


@cache
def _border() -> frozenset[str]:
    return lexicon.word_set("border_en") | lexicon.word_set("border_zh")


def english(lowered: str) -> Iterator[Token]:
    """The words of an English sentence in lower case."""
    clause, stop, border = 0, _stop(), _border()
    found: list[Token] = []
    for match in _EN.finditer(lowered):
        word = match.group()
        start, end = match.span()
        if match["mark"]:
            clause += word in _BORDER_MARKS or (word == "-" and lowered[start - 1 : start] == " ")
            continue
        if match["number"]:
            found.append(_token(start, end, word, word, clause, content=True, number=True))
            continue
        if word in border:
            clause += 1
        stem = lexicon.base(word)
        token = _token(start, end, word, stem, clause, content=word not in stop and len(word) > 1 and word[0] != "'")
        past = bool(_PAST.match(word)) or (
            stem != word and not _PRESENT.match(word) and lexicon.base(word) != stem_of(word)
        )
        found.append(replace(token, concepts=lexicon.concepts_en(stem), past=past))
    yield from _joined(found)


def _token(start: int, end: int, text: str, key: str, clause: int, *, content: bool, number: bool = False) -> Token:
    return Token(
        start=start, end=end, text=text, key=key, concepts=frozenset(), clause=clause, content=content, number=number
    )


def _joined(tokens: list[Token]) -> Iterator[Token]:
    """Words of a phrase that means something together get that meaning too (roll out, lay off, data center)."""
    table = lexicon.concept_phrases_en()
    for i, token in enumerate(tokens):
        for phrase in table.get(token.key, ()):
            if tuple(t.key for t in tokens[i : i + len(phrase)]) == phrase:
                token = replace(token, concepts=token.concepts | lexicon.concepts_en("_".join(phrase)))
                break
        yield token


@lru_cache(maxsize=65536)
def _concepts_zh(word: str) -> frozenset[str]:
    own = lexicon.concepts_zh(word)
    if own or len(word) < 3:
        return own
    inside = [word[a:b] for a in range(len(word)) for b in range(a + 2, len(word) + 1)]
    return frozenset(c for part in inside for c in lexicon.concepts_zh(part))


_BECAUSE = r"(?<![^\s，。；：])因(?![此为而素果子特缘])"
"""因 at the head of a clause, which the segmenter runs together with a name behind it."""


@cache
def _cuts() -> re.Pattern[str]:
    """Words that the segmenter may not run together with their neighbours: cues, after the words that only contain one."""
    cues = {w for kind in ("possible_zh", "future_zh", "actual_zh") for w in lexicon.word_set(kind, "modality")}
    cues |= lexicon.word_set("zh", "negation")
    cues = {w for w in cues if len(w) > 1} | set("不未没将已曾")
    whole = lexicon.word_set("keep_zh", "negation") | lexicon.word_set("except_zh", "negation")
    whole |= {w for w in lexicon.chinese_words() if len(w) > 1 and any(c in w for c in cues)}
    longest = sorted(whole | cues, key=lambda w: (-len(w), w))
    return re.compile("|".join([*map(re.escape, longest), _BECAUSE]))


def _cut(text: str) -> Iterator[tuple[str, str]]:
    """Words and their parts of speech; cues stand alone."""
    position = 0
    for match in _cuts().finditer(text):
        if match.start() > position:
            yield from rjieba.tag(text[position : match.start()])
        yield match.group(), rjieba.tag(match.group(), hmm=False)[0][1]
        position = match.end()
    yield from rjieba.tag(text[position:])


def chinese(lowered: str) -> Iterator[Token]:
    """The words of a Chinese sentence, Latin ones in lower case."""
    clause, position, stop, border = 0, 0, _stop_zh() | _stop(), _border()
    for word, tag in _cut(lowered):
        start = lowered.find(word, position)
        if start < 0 or not word.strip():
            continue
        position = end = start + len(word)
        if not any(c.isalnum() for c in word):
            clause += any(c in _BORDER_MARKS for c in word)
            continue
        if word in border:
            clause += 1
        if word.isascii():
            key = word if word[0].isdigit() else lexicon.base(word)
            token = _token(start, end, word, key, clause, content=word not in stop, number=word[0].isdigit())
            yield replace(token, tag=tag, concepts=lexicon.concepts_en(key))
            continue
        number = tag == "m" and word not in ("一个", "一种", "一些", "许多", "不少", "一次", "一起")
        token = _token(start, end, word, word, clause, content=word not in stop, number=number)
        yield replace(token, concepts=_concepts_zh(word), tag=tag, past=lowered[end : end + 1] in ("了", "过"))


_ASIDE = re.compile(
    r"(?<=[,，])[^,，;；:：.。!?()（）]{3,80}(?=[,，](?! ?(?:and|or|but)\b))|(?<=[(（])[^()（）]{2,80}(?=[)）])|(?<= [–—-] )[^–—]{3,80}(?= [–—-] )|(?<=—)[^—]{3,80}(?=—)"
)


def mark_asides(tokens: tuple[Token, ...], lowered: str) -> tuple[Token, ...]:
    """The words, with those marked that a sentence says by the way."""
    spans = [m.span() for m in _ASIDE.finditer(lowered)]
    if not spans:
        return tokens
    return tuple(replace(t, aside=True) if any(a <= t.start and t.end <= b for a, b in spans) else t for t in tokens)
