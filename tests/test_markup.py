from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.markup import absolute_links, html_to_text, inline_text


def test_paragraphs_lists_and_cells_come_on_lines_of_their_own() -> None:
    source = "<div>One<p>Two <b>bold</b> x</p>tail<ul><li>a<li>b</ul><table><tr><td>1<td>2</table></div>"
    assert html_to_text(source) == "One\nTwo bold x\ntail\na\nb\n1 2"


def test_scripts_styles_frames_and_form_controls_leave_nothing() -> None:
    source = "a<script>x()</script>b<style>p{}</style>c<iframe srcdoc='<p>d'></iframe>e<select><option>f</select>g"
    assert html_to_text(source) == "abceg"


def test_line_breaks_in_the_source_are_spaces_but_in_preformatted_text() -> None:
    assert html_to_text("<p>one\ntwo</p><pre>three\n four</pre>") == "one two\nthree\nfour"


def test_plain_text_keeps_its_line_breaks_and_has_its_entities_read() -> None:
    assert html_to_text("first &amp; second\nthird") == "first & second\nthird"


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("2 > 1 &amp; 1 < 2", "2 > 1 & 1 < 2"),
        ("std::vector<int> explained", "std::vector<int> explained"),
        ("The <em>new</em> chip", "The new chip"),
        ("<b>&lt;script&gt;alert(1)&lt;/script&gt;</b>", "<script>alert(1)</script>"),
        ("AT&amp;amp;T", "AT&amp;T"),
        ("AT&T raises prices", "AT&T raises prices"),
    ],
)
def test_titles_are_decoded_exactly_once(title: str, expected: str) -> None:
    assert inline_text(title) == expected


def test_relative_addresses_become_absolute_and_nothing_else_changes() -> None:
    source = """<p>x = "/y" <a class=b href='/c?d=1&amp;e=2'>f</a><img src=g.png><a href="mailto:h@i.test">j</a></p>"""
    assert absolute_links(source, "https://k.test/l/m") == (
        """<p>x = "/y" <a class=b href='https://k.test/c?d=1&amp;e=2'>f</a><img src=https://k.test/l/g.png>"""
        """<a href="mailto:h@i.test">j</a></p>"""
    )


@pytest.mark.parametrize(
    "hostile",
    ["<div>" * 50_000 + "x", "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x</p>", "<!--" * 400_000],
    ids=["nesting", "attributes", "comments"],
)
def test_quadratic_traps_are_sprung_without_harm(hostile: str) -> None:
    assert len(html_to_text(hostile)) <= 1


@given(st.text())
def test_any_text_survives_as_html(source: str) -> None:
    html_to_text(source)
    inline_text(source)
    absolute_links(source, "https://a.test/")
