"""Which sentences look ahead: the words that hedge, by when, who says so and for what stated reason."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from groundwire.evidence.cues import Hit
from groundwire.types import DateMention, Forecast, Mention, Sentence

MIN_REASON = 8
"""Characters; a shorter "reason" is a fragment."""

_ABILITY = frozenset(("could", "would", "should"))
"""Modals that without a date speak of what is possible, not of what will be."""
_UNTIL = re.compile(r"(?:until|till|through|since|直到|直至)\b", re.IGNORECASE)
_QUESTION = re.compile(r"[?？]\s*[”\"’」]?\s*$")
_PAST_BEFORE = re.compile(
    r"(?:\b(?:was|were|had been|has been|had|been|than|as|previously|once|originally|earlier|initially"
    r"|widely)\s(?:[a-z]+ly\s)?$)"
    r"|(?:曾|此前|原|原本|原定|曾经|超出|超|低于|高于|不及|好于|优于|符合|已|先前|之前)的?$",
    re.IGNORECASE,
)
_PERFECT_AFTER = re.compile(
    r"^\snot be\b|^\s(?:(?:not|also|well|already|only)\s)?have\b|^\s(?:n['’]t|not)\shave\b", re.IGNORECASE
)
_NOUN_BEFORE = re.compile(r"\b(?:the|a|free|own|good|at|her|his|their|its|ill|a living)\s$", re.IGNORECASE)
_MONTH_MAY = re.compile(r"^(?:\s\d|,|\.|\s(?:to|and|through|of)\b)")
_CHINESE_NO_VERB_AFTER = re.compile(
    r"^(?:[其该此这]|.{0,12}(?:作为|视为|整合|纳入|转为|用于|称为|从.{1,12}[降升提调]))"
)
_PLAN_NOUN_AFTER = re.compile(r"^(?:[的、，。；：”）从由为是已上下]|$|[A-Za-z]*(?:用户|套餐|订阅|配额|额度|中))")
_PLAN_NOUN_BEFORE = re.compile(
    r"(?:的|[A-Za-z0-9]\s?|付费|订阅|套餐|编码|开源|合作|支持|测试|奖励|所有|商业|资助|培训|试点|该|此|这一|一项|项目)$"
)

_REASON_EN = re.compile(
    r"\b(?:because(?: of)?|due to|thanks to|driven by|owing to|as a result of|on the back of|fuell?ed by|helped by"
    r"|amid|given(?: that)?|citing|(?<=, )since(?!\s(?:\d|last|then|[A-Z][a-z]+\s\d)))\s[^;.!?]*",
    re.IGNORECASE,
)
_REASON_ZH = re.compile(
    r"(?:由于|因为|因(?!此|而|为|素|应)|鉴于|得益于|受益于|原因(?:是|在于)|受(?=[^，。]{2,20}(?:影响|推动|拖累|带动"
    r"|驱动|限制|制约)))[^，。；！？]*"
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
        hits: Its cues, at offsets within it (``cues.find``).
        dates: Dates in it, at offsets in the article.
        mentions: Names in it, at offsets in the article.
        published: The day that "ahead" counts from.
        who: The sentence's speaker, if known (``attribution.Memory``).
        before: The neighbour that may hold the reason.
        after: The other neighbour.
    """
    text = sentence.text
    if _QUESTION.search(text):
        return None
    hedges = [h for h in hits if h.label == "hedge" and _looks_ahead(text, h)]
    modals = [h for h in hits if h.label == "modal" and _looks_ahead(text, h)]
    if not hedges and not modals:
        return None
    first = (hedges or modals)[0]
    horizon = _horizon(dates, sentence.start + first.start, published)
    if horizon is None and dates and all(d.last < published for d in dates) and not hedges:
        return None
    reason = _reason(sentence, before, after)
    first_word = text[first.start : first.end].lower()
    who = who or _planner(sentence, first, mentions)
    if not hedges and horizon is None and not (reason is not None and who and first_word not in _ABILITY):
        return None
    return Forecast(
        start=sentence.start,
        end=sentence.end,
        text=text,
        horizon=horizon,
        who=who,
        reason=reason,
        hedge=text[first.start : first.end],
    )


def _looks_ahead(text: str, hit: Hit) -> bool:
    words, left, right = text[hit.start : hit.end], text[: hit.start], text[hit.end :]
    if _PAST_BEFORE.search(left[-24:]):
        return False
    if words.isascii():
        lower = words.lower()
        if lower in {"could", "may", "might", "would", "will"} and _PERFECT_AFTER.match(right[:16]):
            return False
        if lower == "may" and words == "May" and (hit.start > 0 or _MONTH_MAY.match(right[:8])):
            return False
        if lower == "set to" and re.search(r"\b(?:was|were|had|has|have|be)\s$", left[-6:]):
            return False
        return not (
            lower in {"will", "plan to", "expect", "forecasts", "projects", "likely"}
            and _NOUN_BEFORE.search(left[-12:])
        )
    if words == "将":
        return _CHINESE_NO_VERB_AFTER.match(right) is None
    if words == "计划":
        return _PLAN_NOUN_AFTER.match(right) is None and _PLAN_NOUN_BEFORE.search(left[-6:]) is None
    if words == "预测" and re.search(r"(?:[A-Za-z]|采用|使用|进行|时间|的)$", left):
        return False
    return not (words in {"预期", "估计"} and right[:1] in "的，。")


def _horizon(dates: Sequence[DateMention], hedge_at: int, published: date) -> DateMention | None:
    """The date ahead nearest behind the hedge, else nearest before it."""
    ahead = [d for d in dates if d.last > published and not _UNTIL.match(d.text)]
    return min(ahead, key=lambda d: (d.start < hedge_at, abs(d.start - hedge_at)), default=None)


def _planner(sentence: Sentence, hedge: Hit, mentions: Sequence[Mention]) -> str:
    """Who plans: the name right before the plan."""
    for m in mentions:  # "Foo plans to", "Foo 计划"
        gap = sentence.text[m.end - sentence.start : hedge.start] if m.end - sentence.start <= hedge.start else None
        planned = re.match(
            r"(?:plan|intend|aim|expect|hope|is planning|are planning|计划|拟|力争|争取)", sentence.text[hedge.start :]
        )
        if gap is not None and len(gap) <= 8 and planned and m.kind in ("organisation", "person", "other"):
            return m.text
    return ""


def _reason(sentence: Sentence, before: Sentence | None, after: Sentence | None) -> tuple[int, int] | None:
    text = sentence.text
    for pattern in (_REASON_EN, _REASON_ZH):
        match = pattern.search(text)
        if match:
            start, end = match.span()
            words = _ATTRIBUTION_TAIL.sub("", text[start:end])
            if start == 0 or pattern is not _REASON_ZH:
                words = _TRAILING_CLAUSE.sub("", words)
            if start < 2 and text.isascii() and "," in words:
                words = words[: words.index(",")]
            words = words.rstrip(' ,;:，。”"')
            if len(words) >= (MIN_REASON if words.isascii() else MIN_REASON // 2):
                return sentence.start + start, sentence.start + start + len(words)
    if after is not None and _REASON_SENTENCE.match(after.text):
        return after.start, after.end
    if before is not None and _THEREFORE.match(text):
        return before.start, before.end
    return None
