"""What single cells of measurement files say: numbers and number formats as people write them."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping

from groundwire.economics.models import ModelShape
from groundwire.economics.precision import resolve_precision
from groundwire.errors import EconomicsError

__all__ = ["count_before", "number", "number_in", "scheme_of"]

_NUMBER = re.compile(r"(?<![\w.])[~≈<>=]*\s*(\d+(?:\.\d+)?(?:[eE][+-]?\d{1,3})?|\.\d+)\s*([kKM](?![\w/]))?")
_THOUSANDS = re.compile(r"(?<=\d),(?=\d{3}(?!\d))")
_SUFFIX = {"k": 1024.0, "K": 1024.0, "M": 1024.0**2}
"""Of lengths in tokens: "8k" is a power of two."""


def number_in(text: str) -> float:
    """The first number of a cell ("1,024", "8k", "~35 tok/s"); NaN if there is none, or one that no measurement has."""
    found = _NUMBER.search(_THOUSANDS.sub("", text)) if not text.lstrip().startswith("-") else None
    value = float(found[1]) * _SUFFIX.get(found[2] or "", 1.0) if found else math.nan
    return value if value < 1e15 else math.nan


def number(row: Mapping[str, str], key: str, *, default: float | None = None) -> float:
    """The number of a cell.

    Raises:
        EconomicsError: the cell holds none, and no default is given.
    """
    value = number_in(row.get(key, ""))
    if math.isfinite(value):
        return value
    if default is None:
        raise EconomicsError(key, "is missing or no number")
    return default


def count_before(name: str) -> int:
    """How many devices a name speaks of ("8x H200", "H100 x4", "3090 * 6"); 1 if it does not."""
    found = re.search(r"(?<![\w.])(\d{1,4}) ?[x×*] ?(?=[a-zA-Z])|\S ?[x×*] ?(\d{1,4})\s*$", name)
    return max(int(found[1] or found[2]), 1) if found else 1


def scheme_of(cell: str, model_name: str, engine: str, model: ModelShape) -> str:
    """The number format of a row: its cell, or what the model's name says ("…-FP8", "…-AWQ"), or what the engine serves untold.

    Raises:
        EconomicsError: the cell names a format that there is not.
    """
    if not _SILENT.fullmatch(cell.strip().lower()):
        return cell
    name = model_name.rsplit("/", 1)[-1]
    for start in (0, *(m.end() for m in re.finditer(r"[-_ :]", name))):
        try:
            return resolve_precision(name[start:] or "?", model).name
        except EconomicsError:
            continue  # this part of the name says nothing of a format
    # Ollama and LM Studio serve this one unless asked for another (their libraries, read 2026-11-23)
    return "q4_k_m" if re.search(r"ollama|lm.?studio", engine.lower()) else ""


_SILENT = re.compile(
    r"|-+|\?|n/?a|none|null|unknown|unset|default|original|native|auto|mixed|quantized|compressed.tensors|modelopt|quark|bitsandbytes"
)
"""Cells that leave the format open, or name a way of packing that comes in several."""
