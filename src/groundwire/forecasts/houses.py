"""Which names in the ledger are one house: "Penhallow" and "Penhallow Securities"."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping

_KIND = (
    r"securities|research|capital|capital markets|partners|group|holdings?|bank|investments?|advisors|advisers|analytics"
    r"|consulting|corp(?:oration)?|company|co|inc(?:orporated)?|ltd|limited|llc|plc|ag|gmbh|s\.?a"
)
_TAIL = re.compile(rf"[,\s]+(?:{_KIND})\.?$", re.IGNORECASE)
_TAIL_ZH = re.compile(r"(?:证券|研究院|研究所|研究|资本|集团|控股|银行|投资|咨询|有限公司|股份|公司)$")


def houses(names: Iterable[str]) -> Mapping[str, str]:
    """Each name -> the name that its house is shown under: the fullest one.

    A name without the words that only say what kind of firm it is means the same house as the one that has them, if just
    one has: "Morgan" is neither of "Morgan Research" and "Morgan Bank".
    """
    stems: dict[str, set[str]] = defaultdict(set)
    known = sorted(set(names))
    for name in known:
        stems[_stem(name)].add(name)
    shown = {name: name for name in known}
    for members in stems.values():
        longer = {name for name in members if _fold(name) != _stem(name)}
        if len({_fold(name) for name in longer}) == 1:
            fullest = min(longer)
            shown |= dict.fromkeys(members, fullest)
    return shown


def _fold(name: str) -> str:
    return " ".join(name.casefold().replace(".", "").split())


def _stem(name: str) -> str:
    folded = _fold(name)
    shorter = _TAIL_ZH.sub("", _TAIL.sub("", folded))
    return shorter if len(shorter) >= 2 else folded
