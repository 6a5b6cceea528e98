"""Which lines are about the page and not of the article, by the phrases of ``data/boilerplate.toml``."""

from __future__ import annotations

import re
import tomllib
from importlib.resources import files
from typing import Final

MAX_LINE: Final = 400
"""Longer lines are never boilerplate by their words alone. [character]"""

_DATE: Final = (
    r"(?:\d{4}\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}日?|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}"
    r"|(?:\w{3,9}\.?,? )?(?:\d{1,2}(?:st|nd|rd|th)? (?:de )?\w{3,10}\.?|\w{3,9}\.? \d{1,2}(?:st|nd|rd|th)?)"
    r",? (?:de )?\d{4})"
)
"""A date in figures or words: the places of "<DATE>" in the phrases."""


def _phrases(kind: str) -> str:
    table = tomllib.loads(files("groundwire.extract").joinpath("data/boilerplate.toml").read_text("utf-8"))[kind]
    listed = [phrase.replace("<DATE>", _DATE) for language in table.values() for phrase in language]
    return "|".join(f"(?:{phrase})" for phrase in listed)


def _whole_line(kind: str) -> re.Pattern[str]:
    return re.compile(rf"\W*(?:{_phrases(kind)})\W*", re.IGNORECASE)


_RELATED = re.compile(rf"\W*(?:{_phrases('related')})(?!\w)\s*[:：|>»\]】）)—–.…-]*\s*", re.IGNORECASE)
_COMMENTS, _ASIDE, _ENDING, _DATELINE = (_whole_line(kind) for kind in ("comments", "anywhere", "ending", "dateline"))


def is_related(text: str, link_chars: int) -> bool:
    """Whether a line only points elsewhere: link text, but for words that say so ("Read more:")."""
    lead = _RELATED.match(text[:MAX_LINE]) if link_chars else None
    if lead is None:
        return False
    rest = len(text.replace(" ", "")) - len(lead[0].replace(" ", ""))
    return link_chars >= 0.8 * rest


def introduces_related(text: str) -> bool:
    """Whether a heading or line only announces other articles."""
    return len(text) <= 80 and _RELATED.fullmatch(text) is not None


def begins_another_part(text: str) -> bool:
    """Whether a line ends the article and announces comments or other articles."""
    return len(text) <= 40 and (_RELATED.fullmatch(text) is not None or _COMMENTS.fullmatch(text) is not None)


def is_aside(text: str) -> bool:
    """Whether a line asks the reader to subscribe, follow, share or write, or credits a picture: nowhere article."""
    return len(text) <= MAX_LINE and _ASIDE.fullmatch(text) is not None


def is_ending(text: str) -> bool:
    """Whether a line at the end of a text is about the page: rights, credits, tags, comments, disclaimers."""
    return len(text) <= MAX_LINE and _ENDING.fullmatch(text) is not None


def is_dateline(text: str) -> bool:
    """Whether a line at the head of a text only says when, by whom and where it was published."""
    return len(text) <= 160 and _DATELINE.fullmatch(text) is not None
