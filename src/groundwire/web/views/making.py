"""How a page was made: by whom, of how many candidates, and what that took."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from groundwire.bill import Bill
from groundwire.web.desk import Dossier
from groundwire.web.views.bill import Taken, taken_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Making:
    """How the page was made."""

    model: str | None
    proposed: int
    kept: int
    dropped: int
    withheld: int
    """Written statements that failed the checks."""
    calls: int
    """Of a language model."""
    processor_s: float | None
    """None in a static copy: the same evidence makes the same bytes, however long that took. [s]"""
    taken: Taken | None
    """None: nothing was measured."""
    complete: bool
    """False: the energy or the price of a call isn't known and is left out."""
    build: str
    made_at: datetime
    absent: Mapping[str, str]
    """Element -> why it is not on the page."""


def making(dossier: Dossier, bill: Bill | None) -> Making:
    """How an event's page was made; ``bill``: what its own work took."""
    made = dossier.brief.provenance
    calls = sum(line.calls for line in bill.models) if bill is not None else 0
    seconds = bill.processor_s if bill is not None else 0.0
    return Making(
        model=made.model,
        proposed=made.proposed,
        kept=made.kept,
        dropped=made.dropped,
        withheld=made.withheld,
        calls=calls,
        processor_s=seconds or None,
        taken=taken_of(bill.footprint, bill.usd) if bill is not None and (calls or seconds) else None,
        complete=bill is None or bill.complete,
        build=made.build,
        made_at=dossier.made_at,
        absent=dossier.brief.absent,
    )
