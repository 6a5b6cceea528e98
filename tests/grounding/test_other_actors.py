"""A word for one kind of actor doesn't stand where the evidence has another kind act."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from groundwire.briefs.grounding import EvidenceSentence, check

AT = datetime(2026, 11, 20, tzinfo=UTC)
COUNTY = "The Holm County council voted 6 to 1 on Monday to rezone Pell Meadow for Orrin Labs' data centre, clearing the last hurdle."


def kinds(statement: str, evidence: str, language: str = "en") -> set[str]:
    cited = [EvidenceSentence(text=evidence, language=language, published_at=AT)]
    return {f.kind for f in check(statement, language, cited).findings}


@pytest.mark.parametrize("actor", ["The company", "The chipmaker", "Residents"])
def test_another_kind_of_actor_is_found(actor: str) -> None:
    assert "role" in kinds(
        f"{actor} will rezone Pell Meadow for Orrin Labs' data centre, clearing the last hurdle.", COUNTY
    )


@pytest.mark.parametrize(
    ("statement", "evidence"),
    [
        ("The council will rezone Pell Meadow for Orrin Labs' data centre.", COUNTY),
        ("The government will rezone Pell Meadow for Orrin Labs' data centre.", COUNTY),  # one kind
        ("The company plans two data centres.", "Orrin Labs told the council on Monday that it plans two data centres."),
        ("The regulator fined Orrin Labs.", "The company Orrin Labs was fined by the regulator."),
        ("The company raised prices.", "Orrin Labs raised prices after users complained."),
        ("The company's users left for rivals.", "Users left for rivals after the price rose."),
    ],
)  # fmt: skip
def test_the_same_kind_or_a_name_that_the_word_may_mean_is_fine(statement: str, evidence: str) -> None:
    assert "role" not in kinds(statement, evidence)


def test_chinese_actors_too() -> None:
    assert "role" in kinds("公司批准在佩尔草地兴建数据中心。", "法院周一批准在佩尔草地兴建数据中心。", "zh")
    assert "role" not in kinds("法院批准在佩尔草地兴建数据中心。", "法院周一批准在佩尔草地兴建数据中心。", "zh")
