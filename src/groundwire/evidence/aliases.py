"""Second names that a text itself introduces in brackets: "鹭汀云（Luting Cloud）", "Basin Utilities Commission (BUC)".

After: Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in biomedical text", 2003, for
initials; a Chinese name has no initials and no capitals, so there it is what recurs elsewhere in the text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

_CHINESE_BEFORE = re.compile(r"([\u3400-\u9fff·]{2,16})\s?[（(]$")
_CHINESE_BEHIND = re.compile(r"\s?[（(]([\u3400-\u9fff·]{2,16})[）)]")
_INITIALS_BEHIND = re.compile(r"\s[（(]([A-Z][A-Za-z]{1,7})[）)]")
_ANY = re.compile(r"(?:[一这那某另每两几多]{0,2}[家个款名位种])|[该某各]")
"""A description of one among many (一家公司)."""
_REACH = 20
"""Characters beside a name in which its brackets are looked for."""


def introduced(text: str, names: Mapping[tuple[int, int], str], generic: frozenset[str]) -> dict[str, str]:
    """Alias -> key of the thing, for every second name that brackets introduce.

    Args:
        text: The whole article.
        names: Keys of the names found, by their span in it.
        generic: Words that name no single thing (公司).
    """
    found: dict[str, str] = {}
    for (start, end), key in names.items():
        before = _CHINESE_BEFORE.search(text[max(0, start - _REACH) : start])
        if before and text[end : end + 1] in ("）", ")"):
            alias = _recurring(text, before.group(1))
            found |= dict.fromkeys(_forms(alias, generic), key)
            continue
        chinese = _CHINESE_BEHIND.match(text[end : end + _REACH])
        if chinese and text[start:end].isascii():
            found |= dict.fromkeys(_forms(chinese.group(1), generic), key)
            continue
        initials = _INITIALS_BEHIND.match(text[end : end + _REACH])
        if initials and _abbreviates(initials.group(1), text[start:end]):
            found[initials.group(1)] = key
    return found


def _recurring(text: str, run: str) -> str:
    """The longest end of a run of Chinese characters that the text has a second time: where the name begins."""
    for length in range(len(run), 1, -1):
        if text.count(run[-length:]) > 1:
            return run[-length:].lstrip("·")
    return ""


def _forms(alias: str, generic: frozenset[str]) -> Iterator[str]:
    """A name and, of a person's, the part behind the last dot."""
    for form in (alias, alias.rpartition("·")[2]):
        if len(form) > 1 and form not in generic and not _ANY.match(form):
            yield form


def _abbreviates(short: str, name: str) -> bool:
    """Whether the capitals of a short form are the initials of a name's words, "of" and "and" aside."""
    initials = "".join(word[0] for word in re.findall(r"[A-Za-z]+", name) if word[0].isupper())
    return len(initials) > 1 and initials == "".join(c for c in short if c.isupper())
