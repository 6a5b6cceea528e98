"""The same amounts, shares and days in English and in Chinese bear each other out; others contradict each other."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from groundwire.briefs.grounding import EvidenceSentence, check

AT = datetime(2026, 11, 20, tzinfo=UTC)
MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")  # fmt: skip
HAN = "零一二三四五六七八九十"


def against(english: str, chinese: str) -> tuple[set[str], set[str]]:
    """Kinds of findings of the English sentence by the Chinese one, and the other way round."""

    def kinds(said: str, language: str, text: str, other: str) -> set[str]:
        cited = [EvidenceSentence(text=text, language=other, published_at=AT)]
        return {f.kind for f in check(said, language, cited).findings}

    return kinds(english, "en", chinese, "zh"), kinds(chinese, "zh", english, "en")


def decimal(value: float) -> str:
    return f"{value:.6f}".rstrip("0").rstrip(".")


def english(number: int) -> list[str]:
    """Ways to write a whole number in English, without rounding it."""
    forms = [f"{number:,}"]
    scales = ((10**3, "thousand"), (10**6, "million"), (10**9, "billion"), (10**12, "trillion"))
    return forms + [f"{decimal(number / n)} {word}" for n, word in scales if n <= number < 1000 * n]


def chinese(number: int) -> list[str]:
    """The same in Chinese, by ten thousands."""
    forms = [str(number)]
    return forms + [f"{decimal(number / n)}{gap}{word}" for n, word in ((10**4, "万"), (10**8, "亿"), (10**12, "万亿"))
                    if n <= number < 10_000 * n for gap in ("", " ")]  # fmt: skip


amounts = st.builds(lambda digits, zeros: digits * 10**zeros, st.integers(11, 999), st.integers(2, 11))
MONEY = (
    ("${}", "{}美元"),
    ("{} dollars", "{} 美元"),
    ("¥{}", "{}元"),
    ("{} yuan", "{}元人民币"),
    ("€{}", "{}欧元"),
    ("RMB {}", "¥{}"),
)


@settings(max_examples=80, deadline=None)
@given(amounts, st.data())
def test_an_amount_of_money_means_the_same_in_both_languages(number: int, data: st.DataObject) -> None:
    pattern = data.draw(st.sampled_from(MONEY))
    en, zh = data.draw(st.sampled_from(english(number))), data.draw(st.sampled_from(chinese(number)))
    said = against(
        f"Velant raised {pattern[0].format(en)} from Corvane.", f"Velant 获 Corvane 投资 {pattern[1].format(zh)}。"
    )
    assert said == (set(), set())


@settings(max_examples=80, deadline=None)
@given(amounts, st.sampled_from((0.1, 0.5, 1.5, 2.0, 10.0, 100.0, 1e4)), st.data())
def test_another_amount_is_found_in_both_languages(number: int, times: float, data: st.DataObject) -> None:
    other = round(number * times)
    assume(abs(other - number * times) < 1e-6)
    en, zh = data.draw(st.sampled_from(english(number))), data.draw(st.sampled_from(chinese(other)))
    first, second = against(f"Velant has {en} users.", f"Velant 拥有 {zh} 名用户。")
    assert first & {"number", "unit"}
    assert second & {"number", "unit"}


@pytest.mark.parametrize(
    ("sign", "word"), [("$", "元"), ("¥", "美元"), ("€", "美元"), ("$", "欧元"), ("HK$", "美元"), ("RMB ", "日元")]
)
def test_another_currency_is_found(sign: str, word: str) -> None:
    first, second = against(f"Velant raised {sign}1.2 billion.", f"Velant 融资 12 亿{word}。")
    assert first & {"number", "unit"}
    assert second & {"number", "unit"}


def english_days(day: date) -> list[str]:
    month, short = MONTHS[day.month - 1], MONTHS[day.month - 1][:3]
    return [
        f"{day.day} {month} {day.year}",
        f"{month} {day.day}, {day.year}",
        f"{short}. {day.day}, {day.year}",
        day.isoformat(),
    ]


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))


@settings(max_examples=80, deadline=None)
@given(days, st.integers(0, 3), st.booleans())
def test_a_day_means_the_same_in_both_languages(day: date, form: int, spaced: bool) -> None:
    gap = " " if spaced else ""
    zh = f"{day.year}{gap}年{gap}{day.month}{gap}月{gap}{day.day}{gap}日"
    said = against(f"Velant opened its office on {english_days(day)[form]}.", f"Velant 于 {zh} 启用办公室。")
    assert said == (set(), set())


@settings(max_examples=60, deadline=None)
@given(days, st.integers(0, 3), st.integers(1, 700))
def test_another_day_is_found_in_both_languages(day: date, form: int, apart: int) -> None:
    other = day + timedelta(days=apart)
    zh = f"{other.year}年{other.month}月{other.day}日"
    first, second = against(f"Velant opened its office on {english_days(day)[form]}.", f"Velant 于 {zh} 启用办公室。")
    assert "date" in first
    assert "date" in second


@settings(max_examples=60, deadline=None)
@given(st.integers(1, 99), st.integers(1, 99))
def test_shares_agree_only_if_they_are_equal(one: int, other: int) -> None:
    tens, ones = divmod(other, 10)
    han = ("" if tens < 2 else HAN[tens]) + ("十" if tens else "") + (HAN[ones] if ones or not tens else "")
    written = [f"{other}%", f"百分之{han}", *([f"{HAN[tens]}成"] if not ones else [])]
    for zh in written:
        first, second = against(f"Velant's revenue rose {one} percent.", f"Velant 营收增长{zh}。")
        assert bool(first) == (one != other), zh
        assert bool(second) == (one != other), zh


@settings(max_examples=40, deadline=None)
@given(st.integers(1, 9), st.integers(1, 9))
def test_a_chinese_discount_names_what_is_left_to_pay(off: int, left: int) -> None:
    first, second = against(f"Velant sells Tarn at {off}0% off.", f"Velant 以{HAN[left]}折出售 Tarn。")
    assert bool(first) == bool(second) == (off + left != 10)


@settings(max_examples=40, deadline=None)
@given(st.integers(2, 60), st.integers(2, 60))
def test_multiples_agree_only_if_they_are_equal(one: int, other: int) -> None:
    first, second = against(f"Velant's engine is {one} times as fast.", f"Velant 引擎速度是原来的 {other} 倍。")
    assert bool(first) == bool(second) == (one != other)


SAME = [
    ("Velant's revenue doubled.", "Velant 营收翻番。"),
    ("Velant's revenue doubled.", "Velant 营收翻了一番。"),
    ("Velant's revenue doubled.", "Velant 营收翻倍。"),
    ("Velant's revenue quadrupled.", "Velant 营收翻两番。"),
    ("Velant's revenue tripled.", "Velant 营收增长两倍。"),
    ("Velant's revenue rose threefold.", "Velant 营收增至三倍。"),
    ("Velant halved the price.", "Velant 将价格减半。"),
    ("Velant cut the price by 50%.", "Velant 将价格降低一半。"),
    ("Velant sells Tarn at half price.", "Velant 以五折出售 Tarn。"),
    ("Velant sells Tarn at 35% off.", "Velant 以六五折出售 Tarn。"),
    ("Half of Velant's users pay.", "Velant 一半用户付费。"),
    ("Two thirds of Velant's users pay.", "Velant 三分之二的用户付费。"),
    ("Velant has 20,000 users.", "Velant 拥有两万用户。"),
    ("Velant has 30 million users.", "Velant 拥有三千万用户。"),
    ("Velant's app takes half an hour.", "Velant 应用耗时半小时。"),
    ("Velant's app takes 90 minutes.", "Velant 应用耗时一个半小时。"),
    ("Velant's app costs 0.5 yuan.", "Velant 应用售价五毛。"),
    ("Velant pays $5 per million tokens.", "Velant 每百万 token 支付 5 美元。"),
    ("Velant will ship in Q3 2027.", "Velant 将于2027年第三季度出货。"),
    ("Velant will ship in the second half of 2027.", "Velant 将于2027年下半年出货。"),
    ("Velant will ship by the end of 2027.", "Velant 将于2027年底前出货。"),
    ("Velant will ship within 7 days.", "Velant 将于 7 天内出货。"),
    ("Velant came third.", "Velant 排名第三。"),
]


@pytest.mark.parametrize(("english_", "chinese_"), SAME)
def test_proportions_and_times_in_words_mean_the_same(english_: str, chinese_: str) -> None:
    assert against(english_, chinese_) == (set(), set())


OTHER = [
    ("Velant's revenue doubled.", "Velant 营收翻两番。"),
    ("Velant's revenue doubled.", "Velant 营收增长两倍。"),
    ("Velant's revenue quadrupled.", "Velant 营收翻番。"),
    ("Velant halved the price.", "Velant 将价格降低三成。"),
    ("Velant cut the price by 50%.", "Velant 价格降低三分之一。"),
    ("Velant sells Tarn at 80% off.", "Velant 打8折出售 Tarn。"),
    ("Half of Velant's users pay.", "Velant 三分之一用户付费。"),
    ("Velant's share rose by 3 percent.", "Velant 份额上升 3 个百分点。"),
    ("Velant's engine is 3x faster.", "Velant 引擎快 3%。"),
    ("Velant pays $5 per million tokens.", "Velant 每千 token 支付 5 美元。"),
    ("Velant's data center draws 1.5 GW.", "Velant 数据中心功率 1.5 兆瓦。"),
    ("Velant will ship in Q3 2027.", "Velant 将于2026年三季度出货。"),
    ("Velant will ship on November 3.", "Velant 将于3月11日出货。"),
    ("Velant will ship in three months.", "Velant 将于三天后出货。"),
    ("Velant's app takes 90 minutes.", "Velant 应用耗时半小时。"),
    ("Velant uses two models.", "Velant 使用三款模型。"),
]


@pytest.mark.parametrize(("english_", "chinese_"), OTHER)
def test_other_proportions_and_times_are_found_either_way(english_: str, chinese_: str) -> None:
    first, second = against(english_, chinese_)
    assert first
    assert second
