"""What a person is accused of is published only with who says so: a page speaks for its sources, not for itself."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from groundwire.evidence import entities
from groundwire.types import Mention


def unattributed(text: str, language: str, quotes: Sequence[tuple[str, str]]) -> str | None:
    """The accusing word of a statement that names a person and not who says so; None: there is nothing to object to.

    Args:
        text: The statement.
        language: Its language.
        quotes: What it cites, each with its language: a person whom they introduce may stand there by name alone.
    """
    patterns = _patterns()
    accusing = patterns["accusing"].search(text)
    if accusing is None or patterns["attributing"].search(text):
        return None
    if language == "zh":  # a name without spaces or capitals is easily missed: any accusation needs who makes it
        return accusing.group()
    named = {m.text for m in entities.find(text, language) if _may_be_person(m)}
    named |= {m.text for quote, spoken in quotes for m in entities.find(quote, spoken) if _may_be_person(m)}
    return accusing.group() if any(name in text for name in named) else None


def _may_be_person(mention: Mention) -> bool:
    """Whether words name a person, or may: two or three words of which nothing says that they name something else."""
    words = mention.text.replace("·", " ").split()
    return mention.kind == "person" or (
        mention.kind == "other" and 2 <= len(words) <= 3 and not any(c.isdigit() for c in mention.text)
    )


@cache
def _patterns() -> dict[str, re.Pattern[str]]:
    words = tomllib.loads((files("groundwire.briefs.written") / "accusations.toml").read_text(encoding="utf-8"))
    return {
        kind: re.compile(rf"\b(?:{'|'.join(words[kind]['en'])})\b|{'|'.join(words[kind]['zh'])}", re.IGNORECASE)
        for kind in ("accusing", "attributing")
    }
