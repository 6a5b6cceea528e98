"""What negates a word and how sure the text is of it: a cue ("not", "may", 尚未, 计划) governs the next content word of its clause."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.words import LEVELS, Modality, Token
from groundwire.types import Mention

_ADVERB = re.compile(r"\w{2,}ly$")
_NEGATION_BEHIND = re.compile("[可并也都还将仍就却从决毫绝再既而但尚暂均又则亦便更很太]+[不未没无]")
_TAKES_TO = lexicon.word_set("takes_to_en", "modality")
"""Cues only where "to" follows: these words are content elsewhere."""
_MOST_LOOK_AHEAD = 6


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


def mark_english(
    tokens: tuple[Token, ...], folded: str, mentions: Sequence[Mention]
) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    """The words of an English sentence with what is denied and how sure it is, and the clause of each negation."""
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


def mark_chinese(
    tokens: tuple[Token, ...], _folded: str, _mentions: Sequence[Mention]
) -> tuple[tuple[Token, ...], tuple[int, ...]]:
    """The same of a Chinese sentence; takes what ``mark_english`` takes."""
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
