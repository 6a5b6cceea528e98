"""What a quantity measures: the words of its clause that say so, verbatim."""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from groundwire.evidence.cues import has_chinese, word_class
from groundwire.types import Quantity

MAX_WORDS = 6
MAX_CHARACTERS_ZH = 14

_CLAUSE_BREAK = re.compile(r"[,;:()\[\]—–“”\"，。；：、（）！？!?\n]|\s-\s|\.\s|\.$")
_CLAUSE_BREAK_BEFORE = re.compile(r"(?<!\d)[,，](?!\d)|[;:()\[\]—–“”\"。；：、（）！？!?\n]|\s-\s|\.\s|,\s")

_STOP = word_class("phrase_end_en")
_STOP_RE = "|".join(sorted(_STOP))
_RIGHT_OF = re.compile(
    rf"^\s?(?:of|in|worth of|worth in)\s(?:(?:the|its|their|all|a|an|any"
    rf"|new)\s)?((?:(?!(?:{_STOP_RE})\b)[A-Za-z][\w’'/+-]*\s?){{1,5}})"
)
_RIGHT_NOUN = re.compile(rf"^(?:\s|-)((?:(?!(?:{_STOP_RE}|of)\b)[A-Za-z][\w’'/+-]*\s?){{1,4}})")
_RIGHT_VERB = re.compile(r"^(?:\s)(?:[a-z]+ed|[a-z]+s|rose|fell|grew|went|came|took|made|got)\b")
_CHAIN_WORD = re.compile(
    r"^(?:of|at|to|by|is|was|are|were|be|been|has|have|had|will|would|could|may|about|around|nearly|almost|roughly"
    r"|approximately|over|under|more|less|than|up|down|from"
    r"|only|just|as|high|low|much|many|some|between|a|an|record|total|some|another|additional|further|least|most|its"
    r"|the|and|also|now|currently|then|since|for|"
    r"reach(?:ed|es)?|hit|hits|total(?:l?ed|l?ing|s)?|stands?|stood|exceed(?:s|ed)?|expected|projected|forecast"
    r"|estimated|valued|priced|worth|set|capped|averag(?:ed|es|ing)|"
    r"rose|rises|risen|rise|fell|falls|fallen|fall|grew|grows|grown|grow|climbed|dropped|jumped|surged|slid|soared"
    r"|increased|increase|decreased|declined|gained|doubled|tripled|plunged|shrank)$",
    re.IGNORECASE,
)
_MOVED = re.compile(
    r"^(?:rose|rises|risen|fell|falls|fallen|grew|grows|grown|climbed|dropped|jumped|surged|slid|soared|increased"
    r"|decreased|declined|gained|plunged|shrank)$",
    re.IGNORECASE,
)
_DETERMINER = re.compile(
    r"^(?:the|a|an|its|their|his|her|this|that|with|and|or|but|of|for|to|in|on|at|by|as|while|when|from|which|who)$",
    re.IGNORECASE,
)
_WORDS = re.compile(r"[^\s]+")

_CHAIN_ZH = re.compile(
    r"(?:约为|约|超过|超|达到|高达|多达|达|为|至|到|增至|降至|升至|涨至|跌至|提升至|提高至|上调至|下调至|扩大至|仅为?"
    r"|仅需|只需|近|接近|共计?|合计|总计|累计|不超过|不足|不到|至少|最多"
    r"|最高可?|最低|提升|提高|降低|下降|增长|上涨|下跌|减少|增加"
    r"|上调|下调|同比|环比|了|已经?|将|会|是|有|从|由|以|的|可|可达|需要?|大约|大概|每|平均|突破|逾|过|上|下|缩短"
    r"|延长|扩大|节省|再|又|均|都|只|还|新增|预计|获得?|完成)+$"
)
_CHANGE_ZH = re.compile(
    r"(?:提升|提高|降低|下降|增长|上涨|下跌|减少|增加|上调|下调|缩短|节省|同比|环比)+(?:了|约|超过?|近|至|到|达)?$"
)
_STOP_ZH = word_class("phrase_end_zh")
_RIGHT_ZH = re.compile(r"^\s?的([\u4e00-\u9fffA-Za-z0-9 ]{2,12})")
_RIGHT_NOUN_ZH = re.compile(
    r"^\s?(?:(?:万|亿|个|名|家|张|台|款|座|枚|颗|项|种|次|篇|条|位|块)\s?)?([\u4e00-\u9fff]{2,6}"
    r"|[A-Za-z][A-Za-z ]{1,15})"
)


def of(sentence: str, quantity: Quantity, offset: int, others: Sequence[Quantity] = ()) -> str:
    """The slice of ``sentence`` that names what ``quantity`` measures, "" if its clause doesn't say.

    Args:
        sentence: The sentence's text.
        quantity: At offsets in the article.
        offset: Where the sentence begins in the article.
        others: The sentence's other quantities: a phrase doesn't reach across them.
    """
    start, end = quantity.start - offset, quantity.end - offset
    spans = sorted((q.start - offset, q.end - offset) for q in others if q is not quantity)
    left_from = max((m.end() for m in _CLAUSE_BREAK_BEFORE.finditer(sentence, 0, start)), default=0)
    right_cut = _CLAUSE_BREAK.search(sentence, end)
    right_to = min([right_cut.start() if right_cut else len(sentence), *(s for s, _ in spans if s >= end)])
    right = sentence[end:right_to]
    if has_chinese(sentence[max(0, start - 12) : end + 12]):
        left_from = max([left_from, *(e for _, e in spans if e <= start)])
        return _chinese(sentence[left_from:start], right)
    return _english(sentence, left_from, start, right, spans, quantity)


def _english(
    sentence: str, left_from: int, start: int, right: str, spans: Sequence[tuple[int, int]], quantity: Quantity
) -> str:
    match = _RIGHT_OF.match(right)
    if match and quantity.kind != "duration":
        return match.group(1).strip()
    if quantity.kind in ("number", "count", "currency", "percent", "dimension", "rate") and not _RIGHT_VERB.match(
        right
    ):
        match = _RIGHT_NOUN.match(right)
        if match and quantity.kind != "rate" and quantity.kind != "dimension":
            return match.group(1).strip()
    return _english_before(sentence, left_from, start, spans)


def _english_before(sentence: str, left_from: int, start: int, spans: Sequence[tuple[int, int]]) -> str:
    """The noun phrase, with a verb of change if there is one, that leads up to the number."""
    words = [(m.start(), m.end()) for m in _WORDS.finditer(sentence, left_from, start)]
    stop = len(words)
    moved_end: int | None = None
    while stop > 0:
        a, b = words[stop - 1]
        inside = any(s < b and a < e for s, e in spans)
        if not inside and not _CHAIN_WORD.match(sentence[a:b]):
            break
        if not inside and _MOVED.match(sentence[a:b]) and moved_end is None:
            moved_end = b
        elif inside:
            moved_end = None
        stop -= 1
    first = stop
    while first > 0 and stop - first < MAX_WORDS:
        a, b = words[first - 1]
        if sentence[a:b].lower() in _STOP or any(s < b and a < e for s, e in spans):
            break
        first -= 1
    while first < stop and _DETERMINER.match(sentence[words[first][0] : words[first][1]]):
        first += 1
    if first >= stop:
        return ""
    return sentence[words[first][0] : moved_end or words[stop - 1][1]]


def _chinese(left: str, right: str) -> str:
    match = _RIGHT_ZH.match(right)
    if match:
        return _cut_zh(match.group(1), forwards=True)
    stripped = left.rstrip()
    change = _CHANGE_ZH.search(stripped)
    chain = _CHAIN_ZH.search(stripped)
    core = stripped[: chain.start()] if chain else stripped
    name = _cut_zh(core, forwards=False)
    if name:
        at = core.rindex(name)
        return (
            stripped[at : change.start() + len(re.sub(r"(?:了|约|超过?|近|至|到|达)$", "", change.group()))]
            if change
            else name
        )
    match = _RIGHT_NOUN_ZH.match(right)
    return _cut_zh(match.group(1), forwards=True) if match else ""


def _cut_zh(text: str, *, forwards: bool) -> str:
    """Up to four words next to the number, stopping at function words."""
    words = rjieba.cut(text)
    kept: list[str] = []
    for word in words if forwards else reversed(words):
        if word in _STOP_ZH or (not word.strip() and not kept) or len("".join(kept)) + len(word) > MAX_CHARACTERS_ZH:
            if word.strip() or kept:
                break
            continue
        kept.append(word)
        if len([w for w in kept if w.strip()]) == 5:
            break
    phrase = "".join(kept if forwards else reversed(kept)).strip()
    return phrase if len(phrase) >= 2 and not phrase.isdigit() else ""
