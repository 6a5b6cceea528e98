from __future__ import annotations

import itertools

import pytest

from groundwire.evidence.entities import find, normal_key


def keys(text: str, language: str = "en", title_end: int = 0) -> dict[str, str]:
    return {m.text: m.key for m in find(text, language, title_end=title_end)}


def test_one_thing_has_one_key_in_both_languages() -> None:
    english = find("Nvidia sells chips to Microsoft.", "en")
    chinese = find("英伟达向微软出售芯片。", "zh")
    assert {m.key for m in english} == {m.key for m in chinese} == {"nvidia", "microsoft"}


@pytest.mark.parametrize(
    ("text", "alias", "key", "times"),
    [
        ("今晨，鹭汀云（Luting Cloud）中断。鹭汀云称，客服已回应。", "鹭汀云", "luting cloud", 2),
        ("首席执行官玛塔·奎尔（Marta Quill）表示支持。奎尔随后离席，玛塔·奎尔未再发言。", "奎尔", "marta quill", 1),
        ("Luting Cloud（鹭汀云）今晨中断，鹭汀云称正在修复。", "鹭汀云", "luting cloud", 2),
        ("The Basin Utilities Commission (BUC) met. Later BUC voted.", "BUC", "basin utilities commission", 2),
    ],
)
def test_a_name_in_brackets_is_a_second_name_from_then_on(text: str, alias: str, key: str, times: int) -> None:
    language = "en" if text.isascii() else "zh"
    assert [m.key for m in find(text, language) if m.text == alias] == [key] * times


def test_a_word_for_any_company_does_not_become_the_name_of_one() -> None:
    found = find("一家公司（Quaylight）降价，另一家公司观望。", "zh")
    assert {m.text for m in found} == {"Quaylight"}


def test_a_remark_in_brackets_is_no_second_name() -> None:
    assert keys("Shares of Oxbarrow Cloud (UP) rose.")["UP"] == "up"


def test_a_company_suffix_is_no_part_of_the_key() -> None:
    assert normal_key("Oxbarrow Cloud Inc.") == normal_key("Oxbarrow Cloud") == "oxbarrow cloud"
    assert normal_key("星河智算有限公司") == "星河智算"


def test_a_surname_alone_means_the_person_named_in_full_before() -> None:
    found = find("Chief Executive Marta Quill said so. Later Quill left.", "en")
    assert [(m.text, m.key, m.kind) for m in found] == [
        ("Marta Quill", "marta quill", "person"),
        ("Quill", "marta quill", "person"),
    ]


def test_the_first_word_of_a_sentence_is_no_name_because_of_its_capital() -> None:
    assert keys("Prices fell. Shares rose, and prices fell again.") == {}


def test_a_title_in_title_case_names_only_what_the_body_names() -> None:
    title = "Quaylight Cuts Prices Of Its Big Model"
    found = keys(f"{title}\n\nDevelopers welcomed that Quaylight cut prices.", title_end=len(title))
    assert set(found) == {"Quaylight"}


@pytest.mark.parametrize(
    ("text", "name", "kind"),
    [
        ("The Basin Utilities Commission ruled.", "Basin Utilities Commission", "organisation"),
        ("They run Quay-5 27B today.", "Quay-5 27B", "product"),
        ("“No,” said analyst Ruth Okonjo.", "Ruth Okonjo", "person"),
        ("It moved to Singapore.", "Singapore", "place"),
    ],
)
def test_english_names_get_their_kind(text: str, name: str, kind: str) -> None:
    assert (name, kind) in {(m.text, m.kind) for m in find(text, "en")}


def test_chinese_names_are_found_by_suffix_title_and_book_marks() -> None:
    text = "北京云帆科技有限公司与蓝鲸资本完成融资，首席执行官陈立明表示，《算力年鉴》有误。"
    assert {"云帆科技", "蓝鲸资本", "陈立明", "算力年鉴"} <= {m.key.removeprefix("北京") for m in find(text, "zh")}


def test_latin_names_stand_out_in_chinese_text() -> None:
    text = "Quaylight 发布 Quay-5 Turbo 模型，API 每百万 tokens 1.5 美元，支持 GPU 推理。"
    found = keys(text, "zh")
    assert "Quaylight" in found
    assert "Quay-5 Turbo" in found
    assert not {"API", "GPU", "tokens 1.5", "tokens"} & set(found)


def test_web_addresses_hold_no_names() -> None:
    assert keys("See https://example.com/Nvidia/Launch or mail Bob@Example.com now.") == {}


def test_mentions_lie_where_they_say_and_never_overlap() -> None:
    text = "OpenAI's Sam Altman met Microsoft Azure AI people of the Bank of America in New York."
    found = find(text, "en")
    assert all(text[m.start : m.end] == m.text for m in found)
    assert all(a.end <= b.start for a, b in itertools.pairwise(found))


def test_a_day_that_owns_something_is_no_name() -> None:
    assert keys("Lewis Hamilton starts Sunday's race; in April’s I'm told Grebe Instruments lost.") == {
        "Lewis Hamilton": "lewis hamilton",
        "Grebe Instruments": "grebe instruments",
    }
