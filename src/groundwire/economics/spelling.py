"""Names as people write them: what counts in a spelling, and what a model's name says of its size."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from itertools import accumulate

__all__ = ["VARIANTS", "simpler", "sizes_in", "stands_in", "tight", "without_minor", "without_sizes", "words"]

# words of a model's name that say how it was tuned or packed, not what shape it has
_PACKING = frozenset([
    "instruct", "chat", "it", "base", "hf", "thinking", "preview", "gguf", "awq", "gptq", "int4", "int8", "fp8",
    "fp4", "nvfp4", "mxfp4", "bf16", "fp16", "f16", "q4", "q8", "static", "pertensor", "dynamic", "quantized",
    "edge", "latest", "99", "99.9", "meta", "nvidia",
])  # fmt: skip
# words that name a different device when they follow its number: an alias without them is then the wrong one
VARIANTS = frozenset(
    ["ti", "super", "xt", "xtx", "gre", "pro", "max", "ultra", "nvl", "pcie", "laptop", "mobile", "ada", "mini", "plus"]
)
_QUANT = re.compile(
    r"\b(i?q\d(?: \w{1,2}){0,2}(?: (?:small|medium|large))?|mostly \w+(?: \w)*|w\d+a\d+|\d+bit|\d bit)\b"
)
_SIZE = re.compile(r"(?<![\w.])[b-z]?(\d+(?:[.p]\d+)?) ?([bm])\b")  # "7b", "e4b"; "a3b" are the active ones


@lru_cache(maxsize=65536)
def words(name: str) -> str:
    """A name's letters and numbers, lower case, single spaces: what names are compared by."""
    text = name.lower().replace("‑", "-").replace("(r)", " ").replace("(tm)", " ")
    text = re.sub(r"[^a-z0-9.]+", " ", text)
    text = re.sub(r"\.(?!\d)|(?<!\d)\.", " ", text)
    return re.sub(r"\s+", " ", text).strip()


def tight(name: str) -> str:
    """``words`` without spaces and points."""
    return words(name).replace(" ", "").replace(".", "")


def stands_in(key: str, text: str) -> bool:
    """Whether every word of ``key`` stands in ``text`` (one that ends in a digit or "ti" may carry a footnote mark)."""
    have = text.split()
    starts = list(accumulate((len(h) for h in have), initial=0))
    joined = "".join(have)
    for word in key.split():
        marked = re.compile(re.escape(word) + r"(1|2)?$") if re.fullmatch(r"\w*\d{3,4}\w*|ti|xt|super", word) else None
        if word in have or (marked and any(marked.match(h) for h in have)):
            continue
        telling = len(word) >= 4 and any(c.isdigit() for c in word) and any(c.isalpha() for c in word)
        if not telling or not (
            any(joined.startswith(word, at) for at in starts) or re.search(rf"\dx?{re.escape(word)}", joined)
        ):
            return False
    return True  # "mi 300x" and "8xh200", too


def simpler(name: str) -> Iterable[str]:
    """The name with ever more tuning and packing words taken off."""
    text = _QUANT.sub(" ", words(name))
    yield text
    kept = [w for w in text.split() if w not in _PACKING]
    yield " ".join(kept)
    kept = [w for w in kept if not re.fullmatch(r"v\d(\.\d)?|\d{4}|\d{6}", w)]
    yield " ".join(kept)
    for end in range(len(kept) - 1, 1, -1):  # fine-tunes append their own names
        yield " ".join(kept[:end])


def without_sizes(name: str) -> str:
    """``tight`` of a name's words that are no sizes: what all sizes of a family share."""
    return tight(" ".join(w for w in words(name).split() if not re.fullmatch(r"[a-z]?\d+(?:\.\d+)?[bm]|\d+x\d+b", w)))


def without_minor(name: str) -> tuple[str, float]:
    """``tight`` of a name without what follows the point of its version, and that number: "qwen2.5" is "qwen2" and 5."""
    found = re.search(r"(?<=\d)\.(\d{1,2})(?![\w.])", words(name))
    if found is None:
        return tight(name), 0.0
    return tight(words(name)[: found.start()] + words(name)[found.end() :]), float(found[1])


def sizes_in(name: str) -> tuple[float | None, float | None]:
    """Total and active parameters that a name speaks of. [1]"""
    text = words(re.sub(r"(?<=\d)_(?=\d+[bB](?![A-Za-z0-9]))", ".", name))  # "1_6b"
    experts = re.search(r"\b(\d+)x(\d+(?:\.\d+)?)b\b", text)
    if experts:
        count, each = int(experts[1]), float(experts[2]) * 1e9
        return count * each * 0.84, 2 * each * 0.9  # attention and embeddings are shared: Mixtral's proportions
    mixed = re.search(r"(\d+(?:\.\d+)?)b a(\d+(?:\.\d+)?)([bm])\b", text)
    if mixed:
        return float(mixed[1]) * 1e9, float(mixed[2]) * (1e9 if mixed[3] == "b" else 1e6)
    sizes = [float(n.replace("p", ".")) * (1e9 if unit == "b" else 1e6) for n, unit in _SIZE.findall(" " + text)]
    sizes = [s for s in sizes if 1e7 <= s <= 1e13]
    return (sizes[0], None) if sizes else (None, None)
