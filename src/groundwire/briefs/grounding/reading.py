"""One sentence read for checking: words with their meanings and clauses, what negates them, how sure the text is of them.

No parser: a cue ("not", "may", 尚未, 计划) governs the next content word of its clause, which is where English and Chinese
news put the predicate. Figures, dates and names come from the evidence room.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cache, lru_cache
from typing import Literal

import rjieba

from groundwire.briefs.grounding import lexicon
from groundwire.evidence import dates, entities, fold, quantities
from groundwire.evidence.cues import has_chinese
from groundwire.evidence.cues import stem as stem_of
from groundwire.types import DateMention, Mention, Quantity

MAX_TEXT = 3000
"""Characters of one sentence that are read; longer ones are tables or attacks."""

Modality = Literal["", "possible", "future", "actual"]
LEVELS: dict[Modality, int] = {"possible": 1, "future": 2, "actual": 3, "": 9}

_EN = re.compile(
    r"(?P<code>[^\W\d_]+\d\w*)|(?P<word>[^\W\d_]+(?=n't\b)|n't\b|'(?:s|re|ve|ll|d|m)\b|[^\W\d_]+(?:\.[^\W\d_]+)*)|(?P<number>\d+(?:[.,]\d+)*%?)|(?P<mark>[^\w\s])"
)
_BORDER_MARKS = frozenset(',;:.!?()[]"\n，。；：、！？（）“”「」《》…—')
_ADVERB = re.compile(r"\w{2,}ly$")
_PAST = re.compile(r"\w{2,}ed$")
_PRESENT = re.compile(r"\w{2,}[^s]s$")
_HAN = re.compile(r"[\u3400-\u9fff]")
_DOLLARS = re.compile(r"\$(US|A|AU|NZ|C|CA|HK|S)(?=\d)")
"""$US5 is US$5; the length stays."""
_NEGATION_BEHIND = re.compile("[可并也都还将仍就却从决毫绝再既而但尚暂均又则亦便更很太]+[不未没无]")
_TAKES_TO = frozenset(
    [
        "plan",
        "plans",
        "planned",
        "planning",
        "intend",
        "intends",
        "intended",
        "intending",
        "aim",
        "aims",
        "aimed",
        "aiming",
        "hope",
        "hopes",
        "hoped",
        "hoping",
        "expect",
        "expects",
        "expected",
        "expecting",
        "scheduled",
        "prepare",
        "prepares",
        "preparing",
        "propose",
        "proposes",
        "proposed",
        "promise",
        "promises",
        "promised",
        "pledge",
        "pledges",
        "pledged",
        "vow",
        "vows",
        "vowed",
        "seek",
        "seeks",
        "seeking",
        "want",
        "wants",
        "wanted",
        "poised",
        "fail",
        "fails",
        "failed",
        "failing",
        "decline",
        "declines",
        "declined",
        "refuse",
        "refuses",
        "refused",
    ]
)
"""Cues only where "to" follows: these words are content elsewhere."""
_MOST_LOOK_AHEAD = 6


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


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """All that the checks need to know of one sentence; offsets are in ``text``."""

    text: str
    folded: str
    language: str
    published_at: datetime
    tokens: tuple[Token, ...]
    content: tuple[int, ...]
    """Positions of content words in ``tokens``, numbers included."""
    negations: tuple[int, ...]
    """Clause of each negation."""
    quantities: tuple[Quantity, ...]
    dates: tuple[DateMention, ...]
    mentions: tuple[Mention, ...]


def is_chinese(text: str, language: str) -> bool:
    """Whether to read a text as Chinese: said to be, or full of Han characters."""
    return language == "zh" or (has_chinese(text) and 3 * len(_HAN.findall(text)) > len(text))


@lru_cache(maxsize=8192)
def read(text: str, language: str, published_at: datetime) -> Reading:
    """Read one sentence (or a short text). Dates without a year are seen from ``published_at``."""
    text = _DOLLARS.sub(r"\1$", text[:MAX_TEXT])
    chinese = is_chinese(text, language)
    language = "zh" if chinese else "en"
    folded = fold.fold(text, language)
    lowered = fold.lower(folded)
    tokens = tuple(_chinese_tokens(lowered) if chinese else _english_tokens(lowered))
    mentions = entities.find(text, language)
    tokens = _mark_asides(tokens, lowered)
    tokens, negations = (_mark_chinese if chinese else _mark_english)(tokens, folded, mentions)
    found = dates.find(text, language, published_at)
    amounts = quantities.find(text, language)
    money = [(q.start, q.end) for q in amounts if q.kind == "currency"]
    mentions = tuple(m for m in mentions if not any(a < m.end and m.start < b for a, b in money))  # the US of US$5
    return Reading(
        text=text, folded=lowered, language=language, published_at=published_at, tokens=tokens,
        content=tuple(i for i, t in enumerate(tokens) if t.content), negations=negations,
        quantities=amounts, dates=found, mentions=mentions,
    )  # fmt: skip


def level(token: Token) -> int:
    """How sure the text is of a predicate: 1 possible, 2 planned or to come, 3 so; 0 if its form doesn't say."""
    if token.modality:
        return LEVELS[token.modality]
    return 3 if token.past else 0


# --- words -----------------------------------------------------------------------------------------------------------


@cache
def _stop() -> frozenset[str]:
    return lexicon.word_set("stop_en")


@cache
def _stop_zh() -> frozenset[str]:
    return lexicon.word_set("stop_zh")


@cache
def _border() -> frozenset[str]:
    return lexicon.word_set("border_en") | lexicon.word_set("border_zh")


def _english_tokens(lowered: str) -> Iterator[Token]:
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


def _chinese_tokens(lowered: str) -> Iterator[Token]:
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


def _mark_asides(tokens: tuple[Token, ...], lowered: str) -> tuple[Token, ...]:
    spans = [m.span() for m in _ASIDE.finditer(lowered)]
    if not spans:
        return tokens
    return tuple(replace(t, aside=True) if any(a <= t.start and t.end <= b for a, b in spans) else t for t in tokens)


# --- negation and certainty ------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Cues:
    negation: lexicon.Phrases
    excepted: lexicon.Phrases
    modality: dict[Modality, lexicon.Phrases]


@cache
def _cues(language: str) -> _Cues:
    modality: dict[Modality, lexicon.Phrases] = {
        kind: lexicon.word_phrases(f"{kind}_{language}", "modality") for kind in ("possible", "future", "actual")
    }
    return _Cues(
        lexicon.word_phrases(language, "negation"), lexicon.word_phrases(f"except_{language}", "negation"), modality
    )


def _phrase_at(tokens: Sequence[Token], i: int, table: lexicon.Phrases) -> int:
    """How many words from ``i`` on are a phrase of the table; 0 if none."""
    for phrase in table.get(tokens[i].text, ()):
        if all(i + k < len(tokens) and tokens[i + k].text == part for k, part in enumerate(phrase)):
            return len(phrase)
    return 0


def _mark_english(
    tokens: tuple[Token, ...], folded: str, mentions: Sequence[Mention]
) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    cues, marked, negations = _cues("en"), list(tokens), []
    names = {m.end for m in mentions}
    skip = 0
    for i, token in enumerate(tokens):
        if i < skip:
            continue
        if length := _phrase_at(tokens, i, cues.excepted):
            skip = i + length
            continue
        if (length := _phrase_at(tokens, i, cues.negation)) and _is_cue(tokens, i, length, folded):
            negations.append(token.clause)
            if token.text in _TAKES_TO:  # "failed to launch": the failing itself is said to be so
                head = _head(tokens, i + length)
                if head is not None:
                    marked[head] = replace(marked[head], negated=not marked[head].negated)
            elif (head := _head(tokens, i + length)) is not None:
                marked[head] = replace(marked[head], negated=not marked[head].negated)
            continue
        for kind, table in cues.modality.items():
            if (length := _phrase_at(tokens, i, table)) and _is_cue(tokens, i, length, folded):
                _mark(marked, _head(tokens, i + length), kind)
                break
        else:
            if token.text == "to" and i and (tokens[i - 1].end in names or tokens[i - 1].text in ("is", "are")):
                _mark(marked, _head(tokens, i + 1), "future")
    return tuple(marked), tuple(negations)


def _mark(marked: list[Token], head: int | None, kind: Modality) -> None:
    if head is not None:
        weakest = min(kind, marked[head].modality, key=LEVELS.__getitem__)
        marked[head] = replace(marked[head], modality=weakest, nearest=kind)


def _is_cue(tokens: Sequence[Token], i: int, length: int, folded: str) -> bool:
    token = tokens[i]
    following = tokens[i + length] if i + length < len(tokens) else None
    if length == 1 and token.text in _TAKES_TO:
        return any(t.text == "to" and t.clause == token.clause for t in tokens[i + 1 : i + 4])
    if token.text == "may":  # the month
        return not (folded[token.start] == "M" or (following is not None and following.number))
    if token.text == "no":  # "no. 1"
        return not (following is not None and following.number)
    return True


def _head(tokens: Sequence[Token], i: int) -> int | None:
    """The content word that a cue before position ``i`` governs."""
    if i >= len(tokens):
        return None
    clause = tokens[i].clause
    for j in range(i, min(i + _MOST_LOOK_AHEAD, len(tokens))):
        token = tokens[j]
        if token.clause != clause:
            return None
        if not token.content or token.number or _ADVERB.match(token.text):
            continue
        if token.text in _TAKES_TO and _is_cue(tokens, j, 1, ""):
            continue
        return j
    return None


def _mark_chinese(
    tokens: tuple[Token, ...], _folded: str, _mentions: Sequence[Mention]
) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    cues, marked, negations = _cues("zh"), list(tokens), []
    for i, token in enumerate(tokens):
        if token.text in cues.excepted:
            continue
        cue = token.text in cues.negation or bool(_NEGATION_BEHIND.fullmatch(token.text))
        if cue or (_negative_prefix(token) and not token.concepts):
            negations.append(token.clause)
            head = _head_zh(tokens, i + 1, cues) if cue else i
            if head is not None:
                marked[head] = replace(marked[head], negated=not marked[head].negated)
        for kind, table in cues.modality.items():
            if token.text in table and not _disposal(tokens, i) and not _plan_itself(tokens, i):
                _mark(marked, _head_zh(tokens, i + 1, cues), kind)
                break
    return tuple(marked), tuple(negations)


def _negative_prefix(token: Token) -> bool:
    return len(token.text) > 1 and token.text[0] in "不未没无" and token.tag[:1] in ("v", "a", "d", "l")


def _disposal(tokens: Sequence[Token], i: int) -> bool:
    """Whether 将 moves an object forward (将价格下调) rather than speaking of what is to come (将下调价格)."""
    if tokens[i].text != "将":
        return False
    following = next((t for t in tokens[i + 1 : i + 2] if t.clause == tokens[i].clause), None)
    return following is not None and following.tag[:1] in ("n", "e", "r", "m") and following.tag != "nz"


_WHO_PLANS = frozenset(
    ["我", "我们", "你", "他", "她", "它", "他们", "她们", "它们", "确认", "表示", "宣布", "透露", "称"]
)
"""Before 计划: someone, or a verb of saying, so that it is a verb."""


def _plan_itself(tokens: Sequence[Token], i: int) -> bool:
    """Whether 计划, 目标 or 希望 is a noun here (价格调整计划, 该计划): what follows is no verb, or what precedes belongs to it."""
    if tokens[i].text not in ("计划", "目标", "希望", "承诺"):
        return False
    before = tokens[i - 1] if i and tokens[i - 1].clause == tokens[i].clause else None
    behind = tokens[i + 1] if i + 1 < len(tokens) and tokens[i + 1].clause == tokens[i].clause else None
    if behind is None or behind.tag[:1] not in ("v", "d", "p", "t", "m", "n"):
        return True
    if before is None or before.text in _WHO_PLANS:
        return False
    return before.tag[:1] in ("v", "r", "b", "m")


def _head_zh(tokens: Sequence[Token], i: int, cues: _Cues) -> int | None:
    """The next verb of the clause, or else its next content word."""
    if i >= len(tokens):
        return None
    clause, first = tokens[i].clause, None
    if _disposal(tokens, i):  # the verb stands behind the object that 将 moves forward
        verbs = [
            j
            for j in range(i, len(tokens))
            if tokens[j].clause == clause and tokens[j].content and tokens[j].tag[:1] == "v"
        ]
        return verbs[-1] if verbs else None
    for j in range(i, min(i + 2 * _MOST_LOOK_AHEAD, len(tokens))):
        token = tokens[j]
        if token.clause != clause:
            break
        if not token.content or token.number or token.text in cues.negation:
            continue
        if any(token.text in table for table in cues.modality.values()):
            continue
        if token.tag[:1] == "v" or token.tag in ("vn", "a", "l"):
            return j
        first = j if first is None else first
    return first
