"""As what a text gives a figure: as measured, as what must be reached, as a part or rest, as the moment something took place.

Figures of different aspects are no rivals, however alike their clauses read: "won 31% of the vote" and "needs 50% of the vote".
"""

from __future__ import annotations

import re
from typing import Literal

from groundwire.types import Quantity

Aspect = Literal["condition", "moment", "part"]

_CONDITION = re.compile(
    r"\b(?:if|unless|must|should|(?:have|has|had|needs?) to|required to|thresholds?|targets?|goals?)\b[^.;]{0,80}$"
    r"|(?:如果|若|假如|倘若|只要|必须|须|门槛|目标)[^。；]{0,30}$",
    re.IGNORECASE,
)
_MOMENT = re.compile(r"\s?(?:after|before|later|earlier|ago|from now)\b|\s?[之以]?[后前]", re.IGNORECASE)
_LENGTH = re.compile(r"\b(?:for|took|takes|lasted|lasts|spent)\s(?:[a-z]+\s){0,2}$|[历持耗][时续]\s?$", re.IGNORECASE)
_PART = re.compile(
    r"\b(?:another|an? additional|an? extra|an? further|the first|the last|the remaining|the other)\s$|(?:另有|另外|其余|剩余|还剩|再)\s?$",
    re.IGNORECASE,
)
_REST = re.compile(
    r"[^.,;:]{0,16}\b(?:to go|left|remaining|to spare|more than (?:the|its|their|last))\b", re.IGNORECASE
)


def aspects(text: str, quantity: Quantity, start: int) -> frozenset[Aspect]:
    """What a figure is given as, beyond a plain value.

    Args:
        text: The sentence.
        quantity: A figure in it.
        start: Offset of the sentence in the article.
    """
    before, behind = text[: quantity.start - start], text[quantity.end - start :]
    found: set[Aspect] = set()
    if _CONDITION.search(before):
        found.add("condition")
    if quantity.kind == "duration" and _MOMENT.match(behind) and not _LENGTH.search(before):
        found.add("moment")
    if _PART.search(before) or _REST.match(behind):
        found.add("part")
    return frozenset(found)
