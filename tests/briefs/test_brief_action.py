from __future__ import annotations

import pytest
from brief_samples import MakeBrief, article


@pytest.mark.parametrize(
    ("text", "language", "kind", "parameters"),
    [
        (
            "Foo cut its price to $0.15 per million input tokens and $0.60 per million output tokens.", "en", "price",
            {"input_usd_per_mtok": "0.15", "output_usd_per_mtok": "0.6"},
        ),
        (
            "Input tokens cost $0.15 per million and output tokens $0.60 per million tokens, Foo said.", "en", "price",
            {"input_usd_per_mtok": "0.15", "output_usd_per_mtok": "0.6"},
        ),
        (
            "Foo priced its model at $3/$15 per million input/output tokens on Monday.", "en", "price",
            {"input_usd_per_mtok": "3", "output_usd_per_mtok": "15"},
        ),
        (
            "Foo 宣布，定价为每百万输入 Token 25 美元、每百万输出 Token 125 美元。", "zh", "price",
            {"input_usd_per_mtok": "25", "output_usd_per_mtok": "125"},
        ),
        (
            "Foo 宣布价格维持每百万 token 输入 3 美元、输出 15 美元不变。", "zh", "price",
            {"input_usd_per_mtok": "3", "output_usd_per_mtok": "15"},
        ),
        (
            "Renting an H200 costs $2.50 an hour at Bar Cloud, down from $3.10.", "en", "rate",
            {"accelerator": "H200", "rental_usd_per_hour": "2.5"},
        ),
        (
            "Foo 宣布，H200 租金降至每小时 2.5 美元。", "zh", "rate",
            {"accelerator": "H200", "rental_usd_per_hour": "2.5"},
        ),
        ("The campus of Foo pays $0.062 per kWh for its power.", "en", "energy", {"electricity_usd_per_kwh": "0.062"}),
        (
            "Foo released Quux-4, which has 671 billion parameters.", "en", "model",
            {"model": "Quux-4", "parameters_b": "671"},
        ),
        ("Foo will buy 10,000 B200 accelerators, it said on Monday.", "en", "chip", {"accelerator": "B200"}),
    ],
)  # fmt: skip
def test_numbers_fill_the_workbench(
    text: str, language: str, kind: str, parameters: dict[str, str], make_brief: MakeBrief
) -> None:
    brief = make_brief([article(1, "Foo news" if language == "en" else "Foo 消息一则", text, language=language)])
    assert brief.action is not None
    assert brief.action.kind == kind
    assert dict(brief.action.parameters) == parameters
    assert brief.action.statement is not None
    assert brief.action.statement.text in text


@pytest.mark.parametrize(
    "text",
    [
        "Foo raised $80 million to build agents for law firms on Monday.",
        "Foo charges $20 a month for its subscription from Monday.",
        "Lunch at Foo costs $2.50 an hour after noon, the canteen said.",
    ],
)
def test_other_money_changes_no_cost_of_inference(text: str, make_brief: MakeBrief) -> None:
    brief = make_brief([article(1, "Foo news", text)])
    assert brief.action is None
    assert "action" in brief.absent
