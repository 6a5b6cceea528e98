"""Length-preserving normal form of a text, so that grammars see one spelling and offsets stay those of the text."""

from __future__ import annotations

import re

_FULL_WIDTH = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F) if code != 0xFF0C} | {
    0xFFE1: 0xA3,
    0xFFE5: 0xA5,
}  # ￡, ￥
# "４，５６５" groups digits, "100，200" lists two numbers
_GROUPING = re.compile("(?<=[０-９])，(?=[０-９]{3})")
_SPACES = dict.fromkeys([0x09, 0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000], 0x20)
_PUNCTUATION = str.maketrans("’‘ʼ“”–‐‑‒−﹣〜～﹪٪μ∶", "'''\"\"------~~%%µ:")
# only the characters that occur in numbers, units and dates: this is no general converter
_SIMPLIFIED = str.maketrans(
    "億萬點個兩週號後時鐘間從內開來過歲幣圓負陸貳參禮當這幾雙對餘噸國歐鎊錢農曆歷節聖誕復陰陽終憂慶動勞婦軍將約達於與會屆關張"
    "顆塊臺輛萊條盞層項種輪類業戶員華攝溫頓紐錫蘭韓亞緬釐納倆馬還現為創紀區連續僅無許數預計長齡滿碼頁詞據際觸費價漲縮減佔佈產"
    "線積東風羅語聯歡樂頭廳獎盤隻麵書圖機電瑪盧銖輝幹淨總標準運興畢齊邊發裡裏",
    "亿万点个两周号后时钟间从内开来过岁币圆负陆贰叁礼当这几双对余吨国欧镑钱农历历节圣诞复阴阳终忧庆动劳妇军将约达于与会届关张"
    "颗块台辆莱条盏层项种轮类业户员华摄温顿纽锡兰韩亚缅厘纳俩马还现为创纪区连续仅无许数预计长龄满码页词据际触费价涨缩减占布产"
    "线积东风罗语联欢乐头厅奖盘只面书图机电玛卢铢辉干净总标准运兴毕齐边发里里",
)
_LATIN = {**_FULL_WIDTH, **_SPACES, **_PUNCTUATION}
_CHINESE = {**_LATIN, **_SIMPLIFIED}


def fold(text: str, language: str) -> str:
    """Full-width forms, odd spaces and dashes made plain, Chinese simplified where it matters; same length and case."""
    if text.isascii():
        return text.replace("\t", " ")
    if "，" in text:
        text = _GROUPING.sub(",", text)
    return text.translate(_CHINESE if language == "zh" else _LATIN)


def lower(text: str) -> str:
    """Lower case, character by character: never longer than the text (as ``"İ".lower()`` is)."""
    lowered = text.lower()
    if len(lowered) == len(text):
        return lowered
    return "".join(low if len(low := character.lower()) == 1 else character for character in text)
