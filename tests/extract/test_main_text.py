from __future__ import annotations

import pytest
from page_samples import (
    FETCHED_AT,
    PARAGRAPHS,
    PARAGRAPHS_ZH,
    TITLE,
    TITLE_ZH,
    frame,
    frame_zh,
    page,
    paragraphs,
)

from groundwire.extract import extract_article
from groundwire.extract.blocks import blocks_of, weight, words_of
from groundwire.extract.boilerplate import introduces_related, is_aside, is_dateline, is_ending, is_related
from groundwire.extract.vote import voted
from groundwire.markup import parse_html
from groundwire.types import RawPage

EXPECTED = "\n".join(PARAGRAPHS)
EXPECTED_ZH = "\n".join(PARAGRAPHS_ZH)


def body_of(raw: RawPage) -> str:
    return extract_article(raw).body


def test_menus_teasers_comments_and_footers_are_cut_away() -> None:
    assert body_of(page(frame(paragraphs()))) == EXPECTED


def test_the_headline_and_the_line_of_date_and_author_are_not_text() -> None:
    article = f"<h2>{TITLE}</h2><p>By Ada Quill</p><p>November 20, 2026 | 3 min read</p>{paragraphs()}"
    assert body_of(page(frame(article), head=f"<title>{TITLE} | News Example</title>")) == EXPECTED


def test_an_article_split_by_adverts_over_several_containers_is_whole() -> None:
    parts = [PARAGRAPHS * 2, PARAGRAPHS * 2]
    article = "<aside>Advertisement</aside>".join(
        f'<div class="body-part"><div class="inner">{paragraphs(p)}</div></div>' for p in parts
    )
    found = body_of(page(frame(article)))
    assert found.count(PARAGRAPHS[0]) == 4


def test_pointers_to_other_articles_are_cut_out_of_the_middle() -> None:
    article = (
        f"{paragraphs(PARAGRAPHS[:2])}<p>Read more: <a href='/x'>Another headline about something else entirely</a></p>"
        "<p><strong>DON'T MISS</strong></p><p><a href='/y'>A third headline</a> [VIDEO]</p>"
        f"{paragraphs(PARAGRAPHS[2:])}"
    )
    assert body_of(page(frame(article))) == EXPECTED


def test_invitations_and_closing_lines_are_cut() -> None:
    closing = (
        "<p>Sign up for our newsletter to get chips in your inbox every morning.</p>"
        "<p>Follow us on Twitter and Facebook.</p>"
        "<p>(Reporting by Bo Ink; Editing by Ada Quill)</p><p>Tags: chips, prices</p><p>© 2026 News Example</p>"
    )
    assert body_of(page(frame(paragraphs() + closing))) == EXPECTED


def test_such_words_inside_a_sentence_stay() -> None:
    said = "Customers who sign up for a year pay less, the company said, and may share this price with their partners."
    article = paragraphs([*PARAGRAPHS[:2], said, *PARAGRAPHS[2:]])
    assert said in body_of(page(frame(article)))


def test_subheadings_quotes_and_lists_stay_in_their_place() -> None:
    article = (
        f"{paragraphs(PARAGRAPHS[:2])}<h2>What it means</h2><blockquote><p>We had no choice.</p></blockquote>"
        f"<ul><li>Power: 350 W</li><li>Memory: 96 GB</li></ul>{paragraphs(PARAGRAPHS[2:])}"
    )
    lines = body_of(page(frame(article))).split("\n")
    assert lines[2:6] == ["What it means", "We had no choice.", "Power: 350 W", "Memory: 96 GB"]


def test_a_table_keeps_its_rows_and_its_noughts() -> None:
    rows = "".join(f"<tr><td>Model {n} accelerator card</td><td>{n * 100} W</td><td>0</td></tr>" for n in range(1, 6))
    found = body_of(page(frame(f"{paragraphs()}<table>{rows}</table><p>{PARAGRAPHS[0]}</p>")))
    assert "Model 3 accelerator card | 300 W | 0" in found.split("\n")


def test_of_two_texts_the_one_that_the_title_is_about_is_taken() -> None:
    notice = "<div class='notice'><p>This copy is for your personal use only. To order more, see our site.</p></div>"
    hidden = "".join(f"<section class='snippet'><span class='t'>{text}</span></section>" for text in PARAGRAPHS * 2)
    found = body_of(page(f"<h1>{TITLE}</h1>{notice}<div>{hidden}</div>", head=f"<title>{TITLE}</title>"))
    assert PARAGRAPHS[0] in found


@pytest.mark.parametrize(
    "article",
    [
        '<div class="article">' + paragraphs(PARAGRAPHS_ZH) + "</div>",
        '<div id="content">' + "<br/><br/>".join("\u3000\u3000" + text for text in PARAGRAPHS_ZH) + "</div>",
        '<div class="content"><p>' + "<br>".join(PARAGRAPHS_ZH) + "</p></div>",
        '<div id="js_content">'
        + "".join(f"<section><p><span>{t[:6]}<span>{t[6:]}</span></span></p></section>" for t in PARAGRAPHS_ZH)
        + "</div>",
        '<div id="js_content">'
        + "".join(f"<section><span>{text}</span></section>" for text in PARAGRAPHS_ZH)
        + "</div>",
        "<table><tr><td>" + paragraphs(["\u3000\u3000" + text for text in PARAGRAPHS_ZH]) + "</td></tr></table>",
        '<div class="detail">' + "".join(f"<div>{text}</div>" for text in PARAGRAPHS_ZH) + "</div>",
        '<div class="article">' + "<p>图片来源：样例网</p>".join(f"<p>{text}</p>" for text in PARAGRAPHS_ZH) + "</div>",
    ],
    ids=["paragraphs", "breaks", "breaks in one paragraph", "nested spans", "sections", "table", "divs", "captions"],
)
def test_chinese_pages_of_every_build_give_their_text_alone(article: str) -> None:
    found = extract_article(page(frame_zh(article), lang="zh-CN", head=f"<title>{TITLE_ZH}_科技_样例网</title>"))
    assert found.body == EXPECTED_ZH
    assert (found.title, found.author, found.language) == (TITLE_ZH, "张三", "zh")


def test_extraction_leaves_no_hidden_characters() -> None:
    article = paragraphs([text.replace("chip", "ch\u200bi\u00adp") + "\u202e" for text in PARAGRAPHS])
    assert body_of(page(frame(article))) == EXPECTED


def test_same_page_same_text() -> None:
    assert extract_article(page(frame(paragraphs()))) == extract_article(page(frame(paragraphs())))
    assert page("").fetched_at == FETCHED_AT


# --- the parts -------------------------------------------------------------------------------------------------


def test_a_text_that_stands_twice_is_matched_where_its_neighbours_are() -> None:
    root = parse_html(
        "<div class=teaser><p>First paragraph here.</p></div><div class=body><p>First paragraph here.</p><p>Second one."
        "</p><p>Third one.</p></div>"
    )
    assert root is not None
    blocks = blocks_of(root)
    assert voted(blocks, "First paragraph here.\nSecond one.\nThird one.") == {1, 2, 3}


def test_short_cells_are_matched_as_whole_lines_only() -> None:
    root = parse_html("<p>a 10</p><table><tr><td>10<td>100</table>")
    assert root is not None
    assert voted(blocks_of(root), "a 10\n| 10 | 100 |") == {0, 1, 2}


def test_blocks_know_where_they_stand() -> None:
    root = parse_html(
        "<div class='b2 a1'><p>x <a href=y>link text</a></p><table><tr><td>c</td></tr></table><b>bold</b></div>"
    )
    assert root is not None
    text, cell, bold = blocks_of(root)
    assert text.path[:2] == ("p.", "div.a# b#")
    assert (text.link_chars, round(text.linked, 2)) == (8, 0.89)
    assert (cell.row, cell.table, text.row) == (1, 1, -1)
    assert bold.bold
    assert not text.bold


def test_chinese_weighs_three_times_its_length() -> None:
    assert (weight("abc"), weight("芯片")) == (3, 6)
    assert words_of("A-b_c 芯片！") == "abc芯片"


@pytest.mark.parametrize(
    "line",
    [
        "Copyright 2026 News Example",
        "Tags: chips",
        "责任编辑：李四",
        "本文来自样例网，作者：张三",
        "免责声明：本文仅供参考，不构成投资建议。",
        "原文链接：https://news.example/1",
        "返回搜狐，查看更多",
        "（完）",
        "12 Comments",
        "desk@news.example",
        "転載を禁じます",
    ],
)
def test_lines_that_end_a_page(line: str) -> None:
    assert is_ending(line)


@pytest.mark.parametrize(
    "line",
    [
        "扫码关注公众号，获取更多资讯",
        "点击关注我们",
        "Get the day’s headlines delivered to your inbox every morning",
        "图源：样例网",
        "Advertisement",
    ],
)
def test_lines_that_are_nowhere_part_of_an_article(line: str) -> None:
    assert is_aside(line)


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-20 09:30",
        "2026年11月20日 09:30 来源：样例网",
        "By Ada Quill",
        "4 min read",
        "November 20, 2026",
        "首页 > 科技 > 正文",
        "阅读量：1.2万",
    ],
)
def test_lines_that_only_date_an_article(line: str) -> None:
    assert is_dateline(line)


@pytest.mark.parametrize(
    "line",
    [
        *PARAGRAPHS,
        *PARAGRAPHS_ZH,
        "The company will share this with partners.",
        "He commented on the deal.",
        "编辑部周一收到回复，公司没有否认。",
        "2026年公司收入增长三成，利润却下降。",
    ],
)
def test_sentences_are_none_of_these(line: str) -> None:
    assert not (is_ending(line) or is_aside(line) or is_dateline(line) or introduces_related(line))
    assert not is_related(line, link_chars=len(line) // 3)
