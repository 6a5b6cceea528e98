"""Finding what a name means, and saying what was probably meant when it means nothing."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Sequence

from groundwire.errors import EconomicsError

__all__ = ["nearest", "pick"]


def nearest(name: str, known: Iterable[str], count: int = 3) -> list[str]:
    """The known names most like ``name``, best first; case and punctuation do not count."""
    table: dict[str, str] = {}
    for k in known:
        table.setdefault(_plain(k), k)
    wanted = _plain(name)
    close = difflib.get_close_matches(wanted, table, n=count, cutoff=0.5)
    within = [k for k in table if len(wanted) >= 3 and wanted in k and k not in close]
    return [table[k] for k in (*close, *sorted(within, key=len))][:count]


def pick(field: str, name: str, known: Sequence[str], *, extra: Sequence[str] = ()) -> str:
    """The known name that ``name`` spells, whatever its case and punctuation.

    Args:
        field: What is being named, for the message.
        name: As written.
        known: Names there are.
        extra: Other names to suggest that the caller has looked among already.

    Raises:
        EconomicsError: unknown; suggests the nearest, or lists a short vocabulary.
    """
    for k in known:
        if _plain(k) == _plain(name):
            return k
    everything = [*known, *extra]
    close = nearest(name, everything)
    if close:
        hint = f"did you mean {' or '.join(repr(c) for c in close)}?"
    elif len(everything) <= 24:
        hint = f"choose one of {', '.join(everything)}"
    else:
        hint = f"see the list of {len(everything)} with: groundwire economics catalog"
    raise EconomicsError(field, f"{name!r} is unknown; {hint}")


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
