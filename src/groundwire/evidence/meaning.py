"""What a quantity measures: the words of its clause that say so, verbatim.

English: the noun phrase behind the number ("40% of traffic", "a 30% stake") or the one that leads up to it through
words of measure and change ("revenue rose 8% to $3 billion"). Chinese: the nouns behind 的, else those before the
words of measure (价格降至, 营收同比增长). A number that only continues another ("从 3% 升至 12%") measures the same.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

import rjieba

from groundwire.evidence.cues import has_chinese, stem, word_class
from groundwire.types import Quantity

MAX_WORDS = 7
MAX_CHARACTERS_ZH = 16
REACH_ZH = 60
"""Characters before a number in which its measure is sought."""

Span = tuple[int, int]

_BREAK = re.compile(r"(?<!\d)[,，]|[,，](?!\d)|[;:()\[\]—–“”\"。；：、（）！？!?\n]|\s-\s|\.\s|\.$")
_STOP = word_class("phrase_end_en")
_STOP_RE = "|".join(sorted(_STOP))
_NOUNS = rf"(?:(?!(?:{_STOP_RE})\b)[A-Za-z][\w’'/+-]*\s?)"
_OF_NOUNS = re.compile(
    rf"^\s?(of|worth of|in|worth in)\s(?:(?:the|its|their|all|a|an|any|new|his|her)\s)*({_NOUNS}{{1,5}})"
)
_NOUNS_BEHIND = re.compile(rf"^(?:\s|-)(?!of\b)({_NOUNS}{{1,4}})")
_VERB_BEHIND = re.compile(
    r"^\s(?:[a-z]{3,}ed|rose|fell|grew|went|came|took|made|got|thought|said|think|say|were|was|apiece|each|more|less"
    r"|higher|lower|or|plus)\b"
)
_LEADS = re.compile(
    r"^(?:of|at|to|by|is|was|are|were|be|been|will|would|could|may|from|worth|cost|costs|pric(?:es?|ed)|reach(?:ed|es"
    r"|ing)?|hit|hits|total(?:l?ed|l?ing|s)?"
    r"|stands?|stood|exceed(?:s|ed|ing)?|valued|averag(?:ed|es|ing)|remain(?:s|ed)?|accounts?|for|only|just|between"
    r"|capped|set|starts?|starting|expected|projected|forecast|estimated)$",
    re.IGNORECASE,
)
_FILLS = re.compile(
    r"^(?:about|around|nearly|almost|roughly|approximately|over|under|more|less|than|up|down|as|high|low|much|many"
    r"|some|a|an|record|total|another|additional|further|least|most|its|the|and|has|have|had"
    r"|also|now|currently|then|since|already|still|between|or|in|on|fewer|additional)$",
    re.IGNORECASE,
)
_MOVES = re.compile(
    r"^(?:rose|rises|risen|rising|fell|falls|fallen|falling|grew|grows|grown|growing|climb(?:ed|s)|drop(?:ped|s)"
    r"|jump(?:ed|s)|surg(?:ed|es)|slid|soared|increas(?:ed|es)|decreas(?:ed|es)|declin(?:ed|es)"
    r"|gain(?:ed|s)|doubled|tripled|plunged|shrank|cut|raised|lowered|reduc(?:ed|es|ing)|improv(?:ed|es|ing))$",
    re.IGNORECASE,
)
_JOINS = frozenset(("of", "in", "at", "for", "on", "per"))
_ARTICLES = word_class("articles_en")
_WORD = re.compile(r"[^\s]+")
_PLAIN = re.compile(r"[A-Za-z][\w’'-]*")
_VERBS, _MEASURES = word_class("verbs_en"), word_class("measures_en")
_VERBS_BASE = frozenset(("assume", "owe", "use", "draw", "come", "pass", "carry", "reserve"))
_BESIDE = re.compile(rf"^\s(?:on|for|per)\s(?:(?:the|its|their|a|an|each|every)\s)*({_NOUNS}{{1,4}})")
_TIGHT = re.compile(r"\b(?:of|to|at|by|from)\b[^,]{0,24}$")
_NOT_FIRST = word_class("not_first_en")
_TRAILING = re.compile(
    r"^(?:comes?|goes|remains?|makes?|uses?|us(?:ed|ing)|went|[a-z]{2,}(?:ed|ly)|living|working|coming|being"
    r"|already)$"
)
_NOT_A_NOUN = re.compile(
    r"^(?:(?!funding|pric|spend|train|financ|earn|manufactur|hir|rat|licens|host|process|build|revenue)[a-z]+ing|more"
    r"|less|most|least|other|another|such|very|already|still|early|first|time|back|well|just|even|so|too|ago|old|per"
    r"|percent|each|home|hold|left|little|what|our|ours|wait|highest|lowest|[a-z]{3,}(?<!suppl)(?<!repl)(?<!assemb)ly)$"
)  # fmt: skip


def _any(choices: frozenset[str]) -> str:
    """A pattern of alternatives, longest first."""
    return "|".join(map(re.escape, sorted(choices, key=lambda w: (-len(w), w))))


_MEASURED_ZH = word_class("measured_zh")
_CHANGED_ZH = word_class("changed_zh")
_LEAD_ZH = re.compile("(?:" + _any(_MEASURED_ZH | _CHANGED_ZH) + r"|\s)+$")
_CHANGE_ZH = re.compile("(?:" + _any(_CHANGED_ZH) + r"|大幅|显著|进一步)+")
_PER_TOKEN_ZH = re.compile(r"每\s?(?:百万|千|万|1M|100\s?万)?\s?(?:个)?\s?[Tt]okens?\s?(?:的)?(?:输入|输出)?\s?$")
_STOP_ZH = word_class("phrase_end_zh")
_NOUN_TAGS = frozenset(("n", "nr", "ns", "nt", "nz", "nrt", "ng", "vn", "an", "eng", "j", "l", "b", "a", "i", "f"))
_NOUN_VERBS_ZH = word_class("noun_verbs_zh")
_CLASSIFIER_ZH = r"[个名家张台款座枚颗项种次条位块只处份首篇步套栋辆架艘页]"
_COUNTED_ZH = re.compile(rf"^[\d.,\s约近超]*[零一二两三四五六七八九十百千万亿几数多余]*\s?{_CLASSIFIER_ZH}?\s?")
"""Number and classifier of a counted quantity: what is left names what was counted."""
_SAME_TIME_ZH = re.compile(r"(?:由|从|较|比|低于|高于|与)?\s?(?:去年|上年|前年|上一年|上季度|上月)?同期$")
_COMPARAND_ZH = re.compile(r"(?:是|为|到|达|至|相当于|[^，。的]{0,3}高于)\s?[^，。的]{1,20}的$")
"""Before a multiple: "能效是 T8 的 2.8 倍" measures the efficiency, not the T8."""
_GAP_ZH = re.compile(r"^[\s到至和与、，,~-]*(?:" + _any(_MEASURED_ZH | _CHANGED_ZH) + r"|\s)*$")


def of(
    sentence: str, quantity: Quantity, offset: int, others: Sequence[Quantity] = (), dates: Sequence[Span] = ()
) -> str:
    """The slice of ``sentence`` that names what ``quantity`` measures, "" if its clause doesn't say.

    Args:
        sentence: The sentence's text.
        quantity: At offsets in the article.
        offset: Where the sentence begins in the article.
        others: The sentence's other quantities.
        dates: Spans of dates in the article: no phrase reaches into one.
    """
    start, end = quantity.start - offset, quantity.end - offset
    taken = sorted((q.start - offset, q.end - offset) for q in others if q is not quantity)
    days = [(a - offset, b - offset) for a, b in dates]
    left_from = max((m.end() for m in _BREAK.finditer(sentence, 0, start)), default=0)
    cut = _BREAK.search(sentence, end)
    right_to = min([cut.start() if cut else len(sentence), *(a for a, _ in (*taken, *days) if a >= end)])
    right = sentence[end:right_to]
    if has_chinese(sentence[max(left_from, start - 12) : min(end + 8, right_to)]):
        return _chinese(sentence, left_from, start, right, quantity, taken, days)
    return _english(sentence, left_from, start, right, quantity, taken, days)


# --- English ---------------------------------------------------------------------------------------------------


def _english(
    sentence: str,
    left_from: int,
    start: int,
    right: str,
    quantity: Quantity,
    taken: Sequence[Span],
    days: Sequence[Span],
) -> str:
    if quantity.kind == "count" and (counted := _counted(quantity.text)):
        return counted
    behind = _OF_NOUNS.match(right)
    if behind and quantity.kind not in ("duration", "rate") and (of := _fit(_untrailed(behind.group(2)))):
        inside = behind.group(1).endswith("in")  # "$2 billion in debt", but not "6% in New York"
        if not inside or any(stem(w) in _MEASURES for w in of.split()):
            return of
    led, phrase = _leading(sentence, left_from, start, [*taken, *days])
    noun = _NOUNS_BEHIND.match(right) if not _VERB_BEHIND.match(right) else None
    direct = _fit(_untrailed(noun.group(1))) if noun and quantity.kind != "rate" else ""
    if quantity.kind == "duration" and "-" not in quantity.text:
        direct = ""
    attributive = quantity.kind == "number" and not _TIGHT.search(sentence[left_from:start])
    if direct and (attributive or not led):
        return direct
    if phrase and not _ends_in_verb(phrase):
        return phrase
    beside = _BESIDE.match(right)
    aside = _fit(_untrailed(beside.group(1))) if beside else ""
    nearest = _nearest_measure(sentence, left_from, start, taken)
    return (
        nearest
        or aside
        or direct
        or _divisor(quantity)
        or (phrase if len(phrase.split()) > 1 and not re.search(r"[\d$€£]", phrase) else "")
    )


def _divisor(quantity: Quantity) -> str:
    """What a rate is per, if that names something: the "output tokens" of "$6 per million output tokens"."""
    match = re.search(
        r"(?:per|each|every|a|an)\s(?:million\s|thousand\s|1M\s)?([a-z][a-z-]*(?:\s[a-z-]+)*)$", quantity.text
    )
    named = match is not None and quantity.kind == "rate" and stem(match.group(1).split()[-1]) in _MEASURES
    return match.group(1) if match and named else ""


def _ends_in_verb(phrase: str) -> bool:
    """Whether a phrase ends in a plain verb: one of change ("revenue rose") does name a measure."""
    *before, last = phrase.split()
    verb = stem(last) in _VERBS or stem(last) in _VERBS_BASE
    return _MOVES.match(last) is None and verb and (not before or stem(last) not in _MEASURES)


def _nearest_measure(sentence: str, left_from: int, start: int, blocked: Sequence[Span]) -> str:
    """The noun of measure nearest before the number in its clause, with its adjectives and its "of …"."""
    words = [(m.start(), m.end()) for m in _PLAIN.finditer(sentence, left_from, start)]
    for i in range(len(words) - 1, -1, -1):
        a, b = words[i]
        if any(s < b and a < e for s, e in blocked):
            return ""
        if stem(sentence[a:b]) not in _MEASURES or (
            i and sentence[slice(*words[i - 1])].lower() in ("to", "will", "would", "could")
        ):
            continue
        first = i
        while first > 0 and i - first < 3 and sentence[slice(*words[first - 1])].lower() not in _STOP | {"of"}:
            if (
                stem(sentence[slice(*words[first - 1])]) in _VERBS
                or sentence[words[first - 1][1] : words[first][0]] != " "
            ):
                break
            first -= 1
        last = i
        if i + 2 < len(words) and sentence[slice(*words[i + 1])].lower() in ("of", "on", "for"):
            last = i + 2
            while last + 1 < len(words) and last - i < 5 and sentence[slice(*words[last + 1])].lower() not in _STOP:
                if stem(sentence[slice(*words[last + 1])]) in _VERBS:
                    break
                last += 1
        return _fit(sentence[words[first][0] : words[last][1]])
    return ""


def _counted(text: str) -> str:
    """The noun inside a counted quantity: "10,000 GPUs" counts GPUs."""
    match = re.search(
        r"(?:(?<=\s)|(?<=-))(?!(?:thousand|million|billion|trillion|hundred|bn|mn|k|m|b)\b)[A-Za-z][\w’'/ -]*$", text
    )
    return _fit(match.group()) if match else ""


def _leading(sentence: str, left_from: int, start: int, blocked: Sequence[Span]) -> tuple[bool, str]:
    """Whether a word of measure leads up to the number, and the phrase before it with its verb of change."""
    words = [(m.start(), m.end()) for m in _WORD.finditer(sentence, left_from, start)]
    led, stop, moved = False, len(words), 0
    while stop > 0:
        a, b = words[stop - 1]
        word = sentence[a:b]
        if any(s < b and a < e for s, e in blocked):
            led, moved = True, 0
        elif _MOVES.match(word):
            led, moved = True, moved or b
        elif _LEADS.match(word):
            led = True
        elif not _FILLS.match(word):
            break
        stop -= 1
    first = stop
    while first > 0 and stop - first < MAX_WORDS:
        a, b = words[first - 1]
        word = sentence[a:b].lower()
        if any(s < b and a < e for s, e in blocked):
            break
        joins = (
            word in _JOINS and first < stop and first > 1 and sentence[slice(*words[first - 2])].lower() not in _STOP
        )
        if word in ("a", "an", "the") or (word in _STOP and not joins):
            break
        first -= 1
    while first < stop and sentence[slice(*words[first])].lower() in _ARTICLES:
        first += 1
    if first >= stop:
        return led, ""
    return led, _fit(sentence[words[first][0] : moved or words[stop - 1][1]])


def _untrailed(phrase: str) -> str:
    """Without the verb that the noun phrase runs into."""
    words = phrase.strip().split(" ")
    while len(words) > 1 and _TRAILING.match(words[-1]):
        words.pop()
    return " ".join(words)


def names_measure(phrase: str) -> bool:
    """Whether a measure's words hold a noun that says what is measured (any Chinese phrase is taken to)."""
    return has_chinese(phrase) or any(stem(word) in _MEASURES for word in phrase.split())


def _fit(phrase: str) -> str:
    """A phrase that names something, without articles before or connecting words behind it; or ""."""
    words = phrase.strip(" -'’").split(" ")
    while words and words[-1].lower() in _STOP | _ARTICLES:
        words.pop()
    inner = max(
        (
            i
            for i, word in enumerate(words[:-1])
            if i and word in ("a", "an", "the") and words[i - 1].lower() not in _STOP
        ),
        default=-1,
    )  # "per kilowatt-hour the median query": another phrase begins
    verb = max(
        (i for i, word in enumerate(words[:-1]) if i and word.endswith(("s", "ed")) and _only_verb(word)), default=-1
    )
    words = words[max(inner, verb) + 1 :]  # "Penhallow puts utilisation": its object is measured
    while words and words[0].lower() in _ARTICLES:
        words.pop(0)
    while len(words) > 1 and _only_verb(words[-1]) and not _MOVES.match(words[-1]):
        words.pop()
    phrase = " ".join(words)
    if not words or words[0].lower() in _NOT_FIRST or re.search(r"[$€£¥]|\b\d", phrase):
        return ""
    if not re.search(r"[A-Za-z]{2}", phrase) or (len(words) == 1 and not _is_noun(words[0].lower())):
        return ""
    if re.match(r"(?:what|including|excluding|according|compared|begins?|starts?)$", words[0], re.IGNORECASE):
        return ""
    return phrase


def _is_noun(word: str) -> bool:
    """Whether a word alone can name a thing: no participle, adverb or pronoun."""
    participle = word.endswith("ed") and not word.endswith("eed") and stem(word) not in _MEASURES
    return not participle and _NOT_A_NOUN.match(word) is None


def _only_verb(word: str) -> bool:
    return word.islower() and word not in _VERBS_BASE and stem(word) in _VERBS and stem(word) not in _MEASURES


# --- Chinese ---------------------------------------------------------------------------------------------------


def _chinese(
    sentence: str,
    left_from: int,
    start: int,
    right: str,
    quantity: Quantity,
    taken: Sequence[Span],
    days: Sequence[Span],
) -> str:
    if quantity.kind == "count":
        counted = _COUNTED_ZH.sub("", quantity.text, count=1).strip()
        if len(counted) >= 2:
            return counted if not re.search(r"\d", counted) else re.sub(r"^.*[^\u4e00-\u9fff]", "", counted)
    behind = re.match(r"\s?的\s?", right)
    if behind:
        noun = _nouns_from(right[behind.end() :])
        if noun:
            return noun
    days = [(a, b) for a, b in days if not sentence.startswith("同期", b)]  # what the number is compared with
    edge = max([left_from, *(e for _, e in (*taken, *days) if e <= start)])
    left = sentence[max(edge, start - REACH_ZH) : start].rstrip("$¥￥€£ ")
    if quantity.unit == "x" and (compared := _COMPARAND_ZH.search(left)):
        left = left[: compared.start()]
    before = max((span for span in taken if span[1] <= start), default=None)
    if before is not None and _GAP_ZH.match(sentence[before[1] : start].rstrip("$¥￥€£ ")):
        # "从 3% 升至 12%", "增长 23%，达 120 亿元": the same thing, moved on
        opens = max((m.end() for m in _BREAK.finditer(sentence, 0, before[0])), default=0)
        earlier = max([opens, *(e for _, e in (*taken, *days) if e <= before[0])])
        if before[1] - before[0] > 0 and (
            phrase := _nouns_before(sentence[earlier : before[0]].rstrip("$¥￥€£ "), change=False)
        ):
            return phrase
    direct = _nouns_from(re.sub(rf"^\s?{_CLASSIFIER_ZH}(?=\S\S)", "", right) if quantity.kind == "number" else right)
    if direct and (quantity.kind in ("number", "count") or not _LEAD_ZH.search(left)):
        return direct
    return _nouns_before(left, change=quantity.unit in ("%", "x", "pp")) or direct


def _nouns_before(left: str, *, change: bool) -> str:
    """The nouns that the words of measure at the end of ``left`` speak of, with a word of change if there is one."""
    tokens = _PER_TOKEN_ZH.search(left)
    if tokens:
        return tokens.group().strip()
    lead = _LEAD_ZH.search(left)
    core = left[: lead.start()] if lead else left
    if then := _SAME_TIME_ZH.search(core):
        core = _LEAD_ZH.sub("", core[: then.start()])
    changed = _CHANGE_ZH.search(left, len(core)) if lead and change else None
    kept: list[str] = []
    tags: list[str] = []
    possessive = False
    for word, tag in reversed(rjieba.tag(core)):
        length = sum(map(len, kept)) + len(word)
        if length > MAX_CHARACTERS_ZH or (word in _STOP_ZH and word != "的"):
            break
        if word == "的":
            if possessive or not kept:
                break
            possessive = True
        elif _ends_phrase(word, tag, verb_fits=possessive and length < 9) or (
            word.strip() and not re.search(r"[\w]", word)
        ):
            break
        kept.append(word)
        tags.append(tag)
    while kept and (kept[-1] == "的" or tags[-1] == "f"):
        kept.pop()
        tags.pop()
    phrase = "".join(reversed(kept)).strip()
    if len(phrase) < 2 or phrase.isdigit() or not _names(kept[::-1], tags[::-1]):
        return ""
    at = left.rindex(phrase)
    return left[at : changed.end()].strip() if changed else phrase


def _names(words: Sequence[str], tags: Sequence[str]) -> bool:
    """Whether the words name a thing: a verb alone (设置, 约合) does not."""
    return any(
        not tag.startswith("v") or word in _NOUN_VERBS_ZH or word[1:] in _NOUN_VERBS_ZH
        for word, tag in zip(words, tags, strict=True)
        if word.strip()
    )


def _ends_phrase(word: str, tag: str, *, verb_fits: bool) -> bool:
    """Whether a word can't be part of a noun phrase; a verb may stand before 的."""
    noun = not word.strip() or tag in _NOUN_TAGS or word in _NOUN_VERBS_ZH or word == "每"
    return not noun and not (verb_fits and tag.startswith("v"))


def _nouns_from(right: str) -> str:
    """The nouns that ``right`` begins with."""
    kept: list[str] = []
    tags: list[str] = []
    for word, tag in rjieba.tag(right[:40]):
        noun = (tag in _NOUN_TAGS and tag not in ("f", "l", "i")) or word in _NOUN_VERBS_ZH
        if word.strip() and (not noun or word in _STOP_ZH):
            break
        if sum(map(len, kept)) + len(word) > MAX_CHARACTERS_ZH:
            break
        kept.append(word)
        tags.append(tag)
    phrase = "".join(kept).strip()
    return phrase if len(phrase) >= 2 and not phrase.isdigit() and _names(kept, tags) else ""
