"""What no statement may contain, whatever the evidence says: addresses, markup, hidden characters, orders to a machine."""

from __future__ import annotations

import re
from functools import cache

from groundwire.briefs.grounding import lexicon
from groundwire.briefs.grounding.verdict import Finding
from groundwire.text import clean_text

MAX_STATEMENT = 700
"""Characters; a longer "statement" is no sentence."""
_ADDRESS = re.compile(
    r"\b(?:https?|ftp|file|data|javascript|mailto|tel|ipfs|ws|wss)\s?:\s?\S|\bwww\.\S|\b[\w-]+(?:\.[\w-]+)*\.(?:com|net|org|io|cn|ru|xyz|top|info|example|evil|dev|app|ai|co|me|sh|gg|ly)/\S"
    r"|[\w.+-]+@[\w-]+\.\w{2,}|\b\d{1,3}(?:\.\d{1,3}){3}\b",
    re.IGNORECASE,
)
_MARKUP = re.compile(
    r"</?[a-zA-Z!][^>]{0,200}>?|&(?:#x?[0-9a-f]+|[a-z]{2,8});|!?\[[^\]\n]{0,200}\]\s?\(|```|`[^`\n]+`|\{\{|\{%|^\s*#{1,6}\s|\*\*|__|~~",
    re.IGNORECASE,
)
_MARKER = re.compile(
    r"\[\s?(?:[A-Za-z]{0,8}[\s:_-]?\d{1,4}(?:\s?[,，、-]\s?[A-Za-z]?\d{1,4})*|\^[^\]]{1,20}|citation needed|source|来源|证据)\s?\]|【\s?(?:\d|来源|证据)[^】]{0,20}】|〔\d+〕|\(\s?(?:evidence|source|citation|证据|来源)\s?[:#]?\s?\d+\s?\)",
    re.IGNORECASE,
)
_JSON = re.compile(r"[{\[]\s*\"\w+\"\s*:")
_ENCODED = re.compile(
    r"\b(?=[A-Za-z0-9+/_-]*\d)(?=[A-Za-z0-9+/_-]*[a-z])(?=[A-Za-z0-9+/_-]*[A-Z])[A-Za-z0-9+/_-]{32,}={0,2}|(?:%[0-9A-Fa-f]{2}){4,}|(?:\\[xu][0-9A-Fa-f]{2,4}){2,}"
)


@cache
def _orders() -> re.Pattern[str]:
    injected = lexicon.table("words.toml")["injected"]
    english = "|".join(f"(?:{p})" for p in injected["en"])
    return re.compile(rf"{english}|{'|'.join(injected['zh'])}", re.IGNORECASE)


def problems(statement: str) -> list[Finding]:
    """Everything in a statement that is no plain sentence of news."""
    found = []
    if not statement.strip():
        return [Finding(kind="form", detail="empty", start=0, end=0)]
    if len(statement) > MAX_STATEMENT:
        found.append(_form(f"longer than {MAX_STATEMENT} characters", MAX_STATEMENT, len(statement)))
        statement = statement[:MAX_STATEMENT]
    if clean_text(statement) != statement or "\n" in statement:
        found.append(_form("hidden, control or unnormalised characters", 0, len(statement)))
        statement = clean_text(statement)
    for pattern, what in (
        (_ADDRESS, "an address"), (_MARKUP, "markup"), (_MARKER, "an evidence marker of its own"), (_JSON, "structured data"), (_ENCODED, "encoded text"),
    ):  # fmt: skip
        if match := pattern.search(statement):
            found.append(_form(f"{what}: “{match.group()[:60]}”", *match.span()))
    if match := _orders().search(statement):
        found.append(
            Finding(
                kind="instruction",
                detail=f"addressed to a machine or a reader: “{match.group()[:60]}”",
                start=match.start(),
                end=match.end(),
            )
        )
    return found


def _form(detail: str, start: int, end: int) -> Finding:
    return Finding(kind="form", detail=detail, start=start, end=end)
