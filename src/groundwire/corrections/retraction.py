"""Whether an article now says that it has been retracted."""

from __future__ import annotations

import re

from groundwire.types import Article

OPENING = 400
"""Characters of the body in which a notice stands."""

_TITLE = re.compile(
    r"^\W*(?:retracted|retraction|withdrawn)\b\s*[:：—–-]|^\W*(?:撤稿|已撤稿|已撤回|撤回声明)", re.IGNORECASE
)
_NOTICE = re.compile(
    r"\b(?:this|the)\s(?:article|story|report|piece|post)\s(?:has been|was|is)\s(?:\w+\s)?(?:retracted|withdrawn|taken down)\b"
    r"|\bwe\s(?:have\s|are\s)?(?:retract(?:ed|ing)?|withdrawn?|withdrawing)\s(?:this|the)\s(?:article|story|report|piece)\b"
    r"|(?:本文|该文|此文|本稿|该报道|此报道|文章)(?:现|现已|已|已经)(?:被)?(?:撤回|撤稿|撤下|删除)",
    re.IGNORECASE,
)


def retraction_notice(article: Article) -> str:
    """The words that retract it, verbatim; "" if it stands."""
    title = _TITLE.search(article.title)
    if title:
        return article.title
    opening = article.text[article.body_start : article.body_start + OPENING]
    match = _NOTICE.search(opening)
    if match is None:
        return ""
    start = max(opening.rfind(end, 0, match.start()) for end in "\n.。") + 1
    ends = [i for i in (opening.find(end, match.end()) for end in "\n.。") if i >= 0]
    return opening[start : min(ends, default=len(opening))].strip()
