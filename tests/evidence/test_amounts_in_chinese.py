"""Amounts whose unit or sign touches Chinese words."""

from __future__ import annotations

import pytest

from groundwire.evidence import quantities


@pytest.mark.parametrize(
    ("text", "value", "unit"),
    [
        ("售价 ¥199。", 199, "CNY"),
        ("售价￥199。", 199, "CNY"),
        ("投资 $1.2亿。", 1.2e8, "USD"),
        ("提供40GB免费空间。", 40e9, "B"),
        ("功率为100MW的机房。", 100e6, "W"),
    ],
)
def test_a_sign_or_unit_is_read_whatever_stands_beside_it(text: str, value: float, unit: str) -> None:
    (found,) = quantities.find(text, "zh")
    assert found.value == pytest.approx(value)
    assert found.unit == unit


@pytest.mark.parametrize("text", ["支持5G网络。", "用于3D打印。", "面向2B业务。"])
def test_a_letter_that_belongs_to_a_word_is_no_unit(text: str) -> None:
    assert all(q.unit == "" for q in quantities.find(text, "zh"))


def test_each_of_two_amounts_keeps_its_own_currency() -> None:
    assert [q.unit for q in quantities.find("4 人民币 5 美元", "zh")] == ["CNY", "USD"]


def test_a_share_behind_a_name_is_read() -> None:
    (found,) = quantities.find("Velant 三分之一的用户付费。", "zh")
    assert found.value == pytest.approx(1 / 3)
