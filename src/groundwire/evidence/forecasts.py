"""Which sentences look ahead: the words that hedge, by when, who says so and for what stated reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from groundwire.evidence import ahead
from groundwire.evidence.cues import Hit
from groundwire.types import DateMention, Forecast, Mention, Sentence

MIN_REASON = 8
"""Characters; a shorter "reason" is a fragment."""

_UNTIL = re.compile(r"(?:until|till|through|since|直到|直至)\b", re.IGNORECASE)
_BEFORE_A_NAME = re.compile(r"\bthe\s$", re.IGNORECASE)
_NAME_NEXT = re.compile(r"\s[A-Z]")
_BECAUSE_EN = (
    r"(?:because(?: of)?|(?<!is )(?<!are )(?<!was )(?<!were )due to|thanks to|owing to|as a result of|given(?: that)?"
    r"|(?<=, )since(?!\s(?:\d|last|then|[A-Z][a-z]+\s\d)))\s"
)
_BECAUSE_ZH = r"(?:由于|因为|因(?!此|而|为|素|应)|鉴于|原因(?:是|在于))"
BECAUSE_AT_END = re.compile(rf"(?:\b{_BECAUSE_EN}|{_BECAUSE_ZH})$", re.IGNORECASE)
"""The conjunction that a clause ends with where the reason behind it was cut off."""
_REASON_EN = re.compile(
    rf"\b(?:{_BECAUSE_EN}|(?=(?:driven by|on the back of|fuell?ed by|helped by|amid|citing)\s))"
    r"(?P<reason>(?:[^;:.!?]|[.:](?=\d))+)",
    re.IGNORECASE,
)
_REASON_ZH = re.compile(
    rf"(?:{_BECAUSE_ZH}|(?=得益于|受益于|受[^，。]{{2,20}}(?:影响|推动|拖累|带动"
    r"|驱动|限制|制约)))(?P<reason>[^，。；：！？]+)"
)
_REASON_SENTENCE = re.compile(
    r"^(?:The (?:main |key |chief )?reasons? (?:is|was|are)(?! in\b)|That is because|This is because"
    r"|That['’]s because|It(?:'s| is) because"
    r"|Behind (?:this|the)|原因(?:是|在于)|这是因为|主要(?:是)?(?:因为|由于)|究其原因)"
)
_THEREFORE = re.compile(
    r"^(?:That is why|Therefore|As a result|Consequently|For (?:this|that) reason|因此|所以|为此|正因如此)"
)
_ATTRIBUTION_TAIL = re.compile(
    r",?\s(?:(?:(?:its|the)\s)?(?:[a-z-]+\s){0,3}[A-Z][\w’'-]+(?:\s[A-Z][\w’'-]+)*|he|she|they|it|the \w+)\s(?:said|says|told|added|wrote)\b.*$"
)
_TRAILING_CLAUSE = re.compile(
    r",\s(?:[a-z]+ing\b|which\b|who\b|while\b|but\b|and\b|according\b|with\b|[A-Z]|“|\").*$", re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Weighed:
    """A sentence with a cue, before the model has judged it."""

    cue: ahead.Cue
    horizon: DateMention | None
    reason: tuple[int, int] | None
    features: dict[str, float]


def weigh(
    sentence: Sentence,
    hits: Sequence[Hit],
    dates: Sequence[DateMention],
    mentions: Sequence[Mention],
    published: date,
    *,
    who: str = "",
    before: Sentence | None = None,
    after: Sentence | None = None,
) -> Weighed | None:
    """What tells whether a sentence looks ahead; None if it has no cue. Arguments as in ``find``."""
    cues = ahead.cues(sentence.text)
    first = ahead.first(cues)
    if first is None:
        return None
    horizon = _horizon(sentence, dates, sentence.start + first.start, published)
    reason = _reason(sentence, before, after)
    beside = ahead.Beside(
        date_ahead=horizon is not None,
        dated_past=bool(dates) and all(d.last < published for d in dates),
        speaker=bool(who),
        reason=reason is not None,
        named_before=any(0 <= first.start - (m.end - sentence.start) <= 3 for m in mentions),
        technical=sum(hit.label == "technical" for hit in hits),
    )
    return Weighed(first, horizon, reason, ahead.features(sentence.text, cues, beside))


def find(
    sentence: Sentence,
    hits: Sequence[Hit],
    dates: Sequence[DateMention],
    mentions: Sequence[Mention],
    published: date,
    *,
    who: str = "",
    before: Sentence | None = None,
    after: Sentence | None = None,
) -> Forecast | None:
    """The prediction that a sentence makes, or None: questions and reports of the past are none.

    Args:
        sentence: The sentence to judge.
        hits: Its cues of other kinds, at offsets within it (``cues.find``).
        dates: Dates in it, at offsets in the article.
        mentions: Names in it, at offsets in the article.
        published: The day that "ahead" counts from.
        who: The sentence's speaker, if known (``attribution.Memory``).
        before: The neighbour that may hold the reason.
        after: The other neighbour.
    """
    weighed = weigh(sentence, hits, dates, mentions, published, who=who, before=before, after=after)
    if weighed is None or not ahead.surely(weighed.features):
        return None
    return Forecast(
        start=sentence.start,
        end=sentence.end,
        text=sentence.text,
        horizon=weighed.horizon,
        who=who or _planner(sentence, weighed.cue, mentions),
        reason=weighed.reason,
        hedge=sentence.text[weighed.cue.start : weighed.cue.end],
    )


def _horizon(sentence: Sentence, dates: Sequence[DateMention], hedge_at: int, published: date) -> DateMention | None:
    """The date ahead nearest behind the hedge, else nearest before it."""
    ahead = [d for d in dates if d.last > published and not _UNTIL.match(d.text) and not _names(sentence, d)]
    return min(ahead, key=lambda d: (d.start < hedge_at, abs(d.start - hedge_at)), default=None)


def _names(sentence: Sentence, mention: DateMention) -> bool:
    """Whether a year only names something ("the 2014 rules"), or the time after it is meant ("beyond 2014")."""
    if mention.grain != "year":
        return False
    start, end = mention.start - sentence.start, mention.end - sentence.start
    named = _BEFORE_A_NAME.search(sentence.text[:start]) and _NAME_NEXT.match(sentence.text, end)
    return named is not None or sentence.text[:start].endswith("beyond ")


def _planner(sentence: Sentence, hedge: ahead.Cue, mentions: Sequence[Mention]) -> str:
    """Who plans: the name right before the plan."""
    for m in mentions:  # "Foo plans to", "Foo 计划"
        gap = sentence.text[m.end - sentence.start : hedge.start] if m.end - sentence.start <= hedge.start else None
        planned = re.match(
            r"(?:plan|intend|aim|expect|hope|is planning|are planning|计划|规划|承诺|拟|力争|争取)",
            sentence.text[hedge.start :],
        )
        if gap is not None and len(gap) <= 8 and planned and m.kind in ("organisation", "person", "other"):
            return m.text
    return ""


def _reason(sentence: Sentence, before: Sentence | None, after: Sentence | None) -> tuple[int, int] | None:
    text = sentence.text
    for pattern in (_REASON_EN, _REASON_ZH):
        match = pattern.search(text)
        if match:
            start, end = match.span("reason")
            words = _ATTRIBUTION_TAIL.sub("", text[start:end])
            if match.start() == 0 or pattern is not _REASON_ZH:
                words = _TRAILING_CLAUSE.sub("", words)
            if match.start() < 2 and text.isascii() and "," in words:
                words = words[: words.index(",")]
            words = words.rstrip(' ,;:，。”"')
            if len(words) >= (MIN_REASON if words.isascii() else MIN_REASON // 2):
                return sentence.start + start, sentence.start + start + len(words)
    if after is not None and _REASON_SENTENCE.match(after.text):
        return after.start, after.end
    if before is not None and _THEREFORE.match(text):
        return before.start, before.end
    return None
