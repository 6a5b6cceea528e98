"""Words of a text, whatever mixture of scripts it is written in, and their stable hashes."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator

import numpy as np
import numpy.typing as npt
import rjieba

Hashes = npt.NDArray[np.uint32]

# Latin words keep inner dots, hyphens and apostrophes only to be cut at them; Han runs go to the word segmenter.
_RUN = re.compile(r"[A-Za-zÀ-ɏ]+|\d+(?:[.,]\d+)*|[㐀-鿿豈-﫿]+|[^\W\d_A-Za-zÀ-ɏ㐀-鿿豈-﫿]+")
_HAN = re.compile(r"[㐀-鿿豈-﫿]")

# Words that carry no topic; others are weighed down by their document frequency.
_STOP = """
    a about after all also am an and any are as at be because been before being between both but by can could did do
    does doing down during each few for from further had has have having he her here hers him his how i if in into is
    it its itself just ll me more most my no nor not now of off on once only or other our out over own re s said same
    say says she should so some such t than that the their them then there these they this those through to too under
    until up ve very was we were what when where which while who whom why will with would you your
    的 了 和 是 在 也 与 及 等 对 将 为 其 并 被 把 从 到 由 于 以 而 但 或 这 那 该 此 个 中 上 下 内 外 后 前 都 就 还
    又 更 最 已 已经 可以 进行 通过 以及 目前 方面
    表示 称 我们 他们 一个 一些 这个 这些 没有 不是 如果 因为 所以
"""
STOP_WORDS = frozenset(_STOP.split())


def normalise(text: str) -> str:
    """NFKC with curly quotes made straight: one spelling a character."""
    return unicodedata.normalize("NFKC", text).replace("’", "'").replace("‘", "'")


def is_han(text: str) -> bool:
    """Whether a text contains Chinese characters."""
    return _HAN.search(text) is not None


def words(text: str) -> Iterator[str]:
    """The words of a normalised text in order: lower case, stemmed lightly, without stop words.

    English plurals and the commonest endings are cut (enough for matching, no dictionary); Chinese is cut by
    rjieba, single characters are left out; other scripts are taken as runs of letters. Numbers are kept as written.
    """
    for run in _RUN.findall(text):
        first = run[0]
        if first.isascii() or first <= "ɏ":
            word = run.lower()
            if word not in STOP_WORDS and (len(word) > 1 or first.isdigit()):
                yield stem(word)
        elif _HAN.match(first):
            for word in rjieba.cut(run):
                if len(word) > 1 and word not in STOP_WORDS:
                    yield word
        else:
            yield run.lower()


def stem(word: str) -> str:
    """A light English stem: plural s, -ing, -ed, -ly and final -e cut where four letters stay."""
    if len(word) < 4 or not word.isalpha():
        return word
    if word.endswith("ies") and len(word) > 5:
        word = word[:-3] + "y"
    elif word.endswith(("sses", "shes", "ches", "xes", "zes")):
        word = word[:-2]
    elif word.endswith("s") and not word.endswith(("ss", "us", "is")):
        word = word[:-1]
    for ending in ("ing", "ed", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 4:
            word = word[: -len(ending)]
            if len(word) > 4 and word[-1] == word[-2] and word[-1] not in "ls":
                word = word[:-1]
            break
    if len(word) > 4 and word.endswith("e"):
        word = word[:-1]
    return word


def hash32(text: str) -> int:
    """A stable 32-bit hash: the same in every process and on every machine."""
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def hashes(texts: Iterable[str]) -> Hashes:
    """``hash32`` of each text, in order."""
    return np.fromiter((zlib.crc32(t.encode("utf-8", "surrogatepass")) for t in texts), dtype=np.uint32)
