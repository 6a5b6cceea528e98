"""Which contested figures the 30-second summary rests on: a reader in a hurry must hear of the quarrel as well."""

from __future__ import annotations

from groundwire.types import Brief, Citation, NumberGroup


def in_summary(brief: Brief) -> tuple[NumberGroup, ...]:
    """Figures on which sources differ, or that were revised, and that headline, hook or summary state."""
    said = (brief.headline, brief.hook, brief.what_changed, brief.why_it_matters, brief.what_to_do)
    cited = [citation for statement in said if statement is not None for citation in statement.citations]
    return tuple(
        group
        for group in brief.numbers
        if group.status in ("conflicts", "superseded") and any(_states(citation, group) for citation in cited)
    )


def _states(citation: Citation, group: NumberGroup) -> bool:
    return any(
        citation.version_id == row.statement.citations[0].version_id and row.quantity.text in citation.quote
        for row in group.rows
    )
