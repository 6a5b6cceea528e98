from __future__ import annotations

import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from groundwire.text import clean_text, one_line, truncate


def test_control_and_hidden_characters_are_gone() -> None:
    assert clean_text("a\0b\x1b[31mc\x08d") == "ab[31mcd"
    assert clean_text("in\u200bvis\u00adi\u2060ble\ufeff") == "invisible"
    assert clean_text("invoice\u202egnp.exe\u202c") == "invoicegnp.exe"
    assert clean_text("tag\U000e0041\U000e0042ged") == "tagged"


def test_spaces_and_newlines_come_in_one_kind() -> None:
    assert clean_text("a\u00a0b\u3000c\r\nd\re\u2028f") == "a b c\nd\ne\nf"


def test_windows_1252_passed_off_as_latin_1_is_read_as_browsers_do() -> None:
    assert clean_text("don\x92t \x93quote\x94 \x85") == "don’t “quote” …"


def test_zalgo_keeps_four_marks_a_letter() -> None:
    cleaned = clean_text("z" + "\u0310" * 10_000 + "a")
    assert cleaned.count("\u0310") == 4
    assert cleaned.endswith("a")


def test_smuggled_variation_selectors_are_cut_to_one() -> None:
    assert clean_text("☺" + "".join(chr(0xE0100 + i % 200) for i in range(500))) == "☺\U000e0100"


def test_truncation_never_parts_a_letter_from_its_marks() -> None:
    assert truncate("abcde" + "\u0310\u0311" + "fgh", 7) == "abcd…"
    assert truncate("short", 7) == "short"


def test_a_title_of_five_megabytes_costs_little_and_keeps_512_characters() -> None:
    assert len(one_line("x" * 5_000_000)) == 512


@given(st.text())
def test_cleaned_text_is_nfc_printable_and_stays_as_it_is(text: str) -> None:
    cleaned = clean_text(text)
    assert clean_text(cleaned) == cleaned
    assert unicodedata.is_normalized("NFC", cleaned)
    assert not any(unicodedata.category(c) in ("Cc", "Cs") and c != "\n" for c in cleaned)
    cleaned.encode("utf-8")


@given(st.text(), st.integers(min_value=2, max_value=40))
def test_one_line_is_one_line_within_its_limit(text: str, limit: int) -> None:
    line = one_line(text, limit)
    assert len(line) <= limit
    assert "\n" not in line
