"""Content words of a statement, for telling whether two say the same."""

from __future__ import annotations

import re
from functools import lru_cache

import rjieba

from groundwire.evidence.cues import has_chinese, stem, word_class

_RUN = re.compile(r"[A-Za-z][A-Za-z0-9]*(?:[-'’.][A-Za-z0-9]+)*|\d+(?:[.,]\d+)*%?|[\u3400-\u9fff]+")
_STOP_EN = word_class("not_a_name") | word_class("phrase_end_en")
_STOP_ZH = word_class("phrase_end_zh")


@lru_cache(maxsize=20_000)
def content(text: str) -> frozenset[str]:
    """Stems of English words, Chinese words of two or more characters, numbers; function words left out."""
    found: set[str] = set()
    for run in _RUN.findall(text):
        if has_chinese(run):
            found.update(w for w in rjieba.cut(run) if len(w) > 1 and w not in _STOP_ZH)
        elif run[0].isdigit():
            found.add(run.replace(",", ""))
        elif run.lower() not in _STOP_EN:
            found.add(stem(run))
    return frozenset(found)


def contained(inner: frozenset[str], outer: frozenset[str]) -> float:
    """Share of ``inner``'s words that ``outer`` has too; 0 for an empty one."""
    return len(inner & outer) / len(inner) if inner else 0.0
