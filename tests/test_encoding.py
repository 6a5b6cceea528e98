from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.encoding import decode

CHINESE = "人工智能芯片价格下降，数据中心运营商表示将在明年扩大采购规模。" * 6
JAPANESE = "人工知能向け半導体の価格が下がり、データセンター事業者は来年の調達を増やすと述べた。" * 6


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("gb18030", CHINESE),
        ("big5", "人工智慧晶片價格下降，資料中心業者表示將在明年擴大採購規模。" * 6),
        ("shift_jis", JAPANESE),
        ("euc_jp", JAPANESE),
        ("iso2022_jp", JAPANESE),
        ("koi8_r", "Цены на ускорители снижаются, операторы центров обработки данных расширяют закупки. " * 6),
        ("cp949", "인공지능 반도체 가격이 내려가면서 데이터센터 운영사들이 내년에 구매를 늘리겠다고 밝혔다. " * 6),
    ],
)
def test_undeclared_encodings_are_told_by_their_bytes(encoding: str, text: str) -> None:
    found, doubts = decode(f"<rss><title>{text}</title></rss>".encode(encoding))
    assert text in found
    assert doubts or encoding == "iso2022_jp"


@pytest.mark.parametrize(
    "encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "utf-32", "utf-32-le", "utf-32-be"]
)
def test_marks_and_zero_bytes_tell_unicode_encodings(encoding: str) -> None:
    assert decode("<a>芯片</a>".encode(encoding)) == ("<a>芯片</a>", ())


def test_two_marks_are_no_text() -> None:
    assert decode("\ufeff\ufeff<a/>".encode())[0] == "<a/>"


def test_the_header_wins_over_the_declaration_unless_it_is_wrong() -> None:
    body = "<?xml version='1.0' encoding='utf-8'?><a>é</a>".encode("cp1252")
    assert decode(body, "application/xml; charset=windows-1252")[0].endswith("<a>é</a>")
    lying = "<?xml version='1.0' encoding='utf-8'?><a>芯片</a>".encode()
    assert decode(lying, "text/xml; charset=us-ascii")[0].endswith("<a>芯片</a>")
    text, doubts = decode(lying, "text/xml; charset=gb2312-nonsense")
    assert text.endswith("<a>芯片</a>")
    assert doubts


def test_labels_are_read_as_browsers_read_them() -> None:
    body = "<?xml version='1.0' encoding='gb2312'?><a>朱镕基</a>".encode("gb18030")  # 镕 is not in GB 2312
    assert decode(body)[0].endswith("<a>朱镕基</a>")


@pytest.mark.parametrize("label", ["zlib_codec", "base64", "rot13", "idna", "undefined", "x" * 40])
def test_a_charset_that_is_none_is_passed_over(label: str) -> None:
    text, doubts = decode("<a>芯片</a>".encode(), f"text/xml; charset={label}")
    assert text == "<a>芯片</a>"
    assert doubts


@given(st.binary(), st.sampled_from([None, "text/xml", "text/xml; charset=utf-16", "text/html; charset=punycode"]))
def test_any_bytes_decode_to_something(body: bytes, content_type: str | None) -> None:
    decode(body, content_type)[0].encode("utf-8", "surrogatepass")
