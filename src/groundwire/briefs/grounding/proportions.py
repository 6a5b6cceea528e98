"""Shares, multiples and discounts, however they are said: by half, 一半, 50%; doubled, 翻番, 2x; 20% off, 八折."""

from __future__ import annotations

import re
from typing import Literal

from groundwire.types import Quantity

Meaning = tuple[Literal["share", "multiple", "paid"], float]
"""A part of a whole (also: what is added or taken away), the new over the old, or what is left to pay of a price."""
Meanings = frozenset[Meaning]

SHARE_TOLERANCE = 0.005
"""A third is 33%."""

_TWO = "doubl"
_STEMS = {_TWO: 2, "trebl": 3, "tripl": 3, "quadrupl": 4, "quintupl": 5}
_FOLDS = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_VERB_EN = re.compile(
    rf"\b(?P<stem>{'|'.join(_STEMS)})(?:ed|ing)\b(?! (?:down|as)\b)"
    rf"|\b(?P<base>{'|'.join(_STEMS)})es?\b(?= (?:the|its|their|that|what|in|to|from|since|over|every|this|last)\b|[.,;]|$)"
    rf"|\b(?P<fold>{'|'.join(_FOLDS)})fold\b|\b(?P<twice>twice)(?= (?:as|the|that|what|its|their|more|last)\b)"
    r"|\b(?P<half>halv(?:ed|es?|ing))\b|\b(?P<price>half[- ]price|half off|half the price)\b"
)
_VERB_ZH = re.compile(
    r"翻了?(?P<doublings>[两二三四])番|(?P<two>翻了?一?番|翻了?一?倍|双倍|加倍)|(?P<half>减半|腰斩|砍半)|(?P<price>半价)"
)
_DOUBLINGS = {"两": 4, "二": 4, "三": 8, "四": 16}
_RISES = re.compile(r"(?:增长|增加|提高|提升|上涨|上升|扩大|多出?|高出?)了?(?:近|约|超过?|逾|至少)?\s?$")
_FALLS = re.compile(
    r"\b(?:cut|cuts|cutting|discount|lower|reduc|slash|fell|fall|drop|down|declin|decreas|sav(?:e|ing)|cheaper)\w*\b[^.;,]{0,50}$"
    r"|(?:降|减|便宜|优惠|下调|节省|省|低)[^。；，,]{0,12}$"
)
_OFF = re.compile(r"[ -](?:off\b|discount|price cut|reduction|cheaper|less\b|lower)|的?(?:折扣|优惠|降幅)")
_TO = re.compile(r"(?:\bto|至|到|为)\s?(?:about |around |only |just |约|仅)?$")
_OF_PRICE = re.compile(r" of (?:its |the |their )?(?:original |list |full |previous |old |usual )?(?:price|cost)")
_PRICE_BEFORE = re.compile(r"(?:原价|原来|标价|定价)的?\s?$")
_FRACTION = re.compile(r"半|分之|\b(?:half|thirds?|quarters?|fifths?|sixths?|eighths?|tenths?)\b")


def spoken(folded: str, language: str) -> list[tuple[int, int, float, Meanings]]:
    """What words alone say: start, end, the number that they stand for, and what it means.

    Args:
        folded: A lower-case text.
        language: "en" or "zh".
    """
    found = []
    for match in (_VERB_ZH if language == "zh" else _VERB_EN).finditer(folded):
        groups = {k: v for k, v in match.groupdict().items() if v}
        if "half" in groups or "price" in groups:
            found.append((*match.span(), 0.5, _times(0.5) if "half" in groups else _paid(0.5)))
            continue
        times = 2.0
        if stem := groups.get("stem") or groups.get("base"):
            times = float(_STEMS[stem])
        elif fold := groups.get("fold"):
            times = float(_FOLDS.index(fold) + 2)
        elif number := groups.get("doublings"):
            times = float(_DOUBLINGS[number])
        found.append((*match.span(), times, _times(times)))
    return found


def of(quantity: Quantity, folded: str) -> Meanings:
    """What a figure means as a proportion; empty if it is none, or a range of them."""
    if quantity.upper is not None:
        return frozenset()
    before, behind = folded[max(0, quantity.start - 60) : quantity.start], folded[quantity.end :]
    if quantity.unit == "x":
        return _times(quantity.value + 1) if _RISES.search(before) else frozenset({("multiple", quantity.value)})
    if quantity.unit == "%":
        share = quantity.value / 100
        if is_discount(quantity):
            return _paid(share)
    elif 0 < quantity.value < 1 and _FRACTION.search(quantity.text.lower()):
        share = quantity.value
    else:
        return frozenset()
    if _TO.search(before) or _OF_PRICE.match(behind) or _PRICE_BEFORE.search(before):
        return frozenset({("share", share), ("paid", share)})
    if _OFF.match(behind) or _FALLS.search(before):
        return frozenset({("share", share), ("paid", 1 - share)})
    return frozenset({("share", share)})


def is_discount(quantity: Quantity) -> bool:
    """Whether it is said as what is left to pay (八折)."""
    return quantity.unit == "%" and quantity.text.rstrip().endswith("折")


def agree(a: Meanings, b: Meanings) -> bool:
    """Whether two proportions can mean the same."""
    return any(
        k == other and abs(x - y) <= (SHARE_TOLERANCE if k != "multiple" else 1e-9) for k, x in a for other, y in b
    )


def _times(multiple: float) -> Meanings:
    """A change to so many times of what was: doubled is 100% more, halved is 50% less."""
    left: Meanings = frozenset({("paid", multiple)}) if multiple < 1 else frozenset()
    return left | {("multiple", multiple), ("share", abs(multiple - 1))}


def _paid(share: float) -> Meanings:
    return frozenset({("paid", share), ("share", 1 - share)})
