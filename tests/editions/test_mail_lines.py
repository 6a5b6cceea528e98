"""Lines of a plain mail: none wider than a terminal, nothing lost, whatever the script."""

from __future__ import annotations

from unicodedata import east_asian_width

from hypothesis import given
from hypothesis import strategies as st

from groundwire.editions.mail import WIDTH, filled


def columns(line: str) -> int:
    return sum(2 if east_asian_width(c) in "WF" else 1 for c in line)


@given(st.text(st.sampled_from("ab %,.。，、（）“”每小时美元1 2\n\u3000"), max_size=400))
def test_nothing_is_lost_and_no_line_is_too_wide(text: str) -> None:
    made = filled(text)
    assert "".join(made.split()) == "".join(text.split())
    for line in made.split("\n"):
        assert columns(line) <= WIDTH or max(columns(word) for word in line.split()) > WIDTH - 20


def test_chinese_is_as_wide_as_the_mail_and_no_line_begins_with_a_comma() -> None:
    lines = filled("截至9月底的三个月，营收23.1亿美元，同比增长64%；净亏损扩大。" * 6).split("\n")
    assert all(70 <= columns(line) <= WIDTH for line in lines[:-1])
    assert not any(line[0] in "，。；%" for line in lines)
