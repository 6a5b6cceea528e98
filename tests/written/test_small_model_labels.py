"""What people found false among the statements that a small model got onto pages no longer gets there."""

from __future__ import annotations

import csv
from datetime import UTC, datetime
from pathlib import Path

import pytest
from written_case import encoder

from groundwire.briefs.grounding import EvidenceSentence, check
from groundwire.briefs.written import sentence

LABELS = Path(__file__).parents[2] / "benchmarks" / "labels" / "small_model.tsv"
ROWS = list(csv.DictReader(LABELS.read_text("utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE))
AT = datetime(2026, 11, 20, tzinfo=UTC)


@pytest.mark.parametrize("row", [r for r in ROWS if r["verdict"] == "false"], ids=lambda r: str(r["statement"])[:30])
def test_what_was_found_false_is_withheld(row: dict[str, str]) -> None:
    cited = [EvidenceSentence(text=row["evidence"], language=row["evidence_language"], published_at=AT)]
    verdict = check(row["statement"], row["language"], cited, embedder=encoder())
    assert not (verdict.kept and verdict.supported) or sentence.problems(row["statement"], row["language"])


def test_every_label_is_one_of_three() -> None:
    assert {row["verdict"] for row in ROWS} == {"true", "false", "unclear"}
