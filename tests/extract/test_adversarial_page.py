"""The recorded hostile HTML: nothing of it survives but text, and reading it is bounded."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from lxml import html as lxml_html
from page_samples import FETCHED_AT, PARAGRAPHS, URL, frame, page, paragraphs

from groundwire.collect.workers import Workers
from groundwire.errors import ParseError
from groundwire.extract import extract_article, extract_entry
from groundwire.markup import html_to_text, inline_text
from groundwire.text import clean_text
from groundwire.types import Entry, RawPage

PLAIN = {
    "HT-004": "hi\n-->",
    "HT-015": '<p title="\n">',
    "HT-018": "x",
    "HT-019": "x",
    "HT-021": "x",
    "HT-040": "x",
    "HT-044": "{{7*7}} ${7*7} <%= 7*7 %> {% raw %}",
    "HT-049": "<script>alert(1)</script>",
    "HT-051": "gnp.exe",
}
"""What a reader sees of a payload, where it is anything: text, whatever it looks like."""

SWALLOWS = {"HT-009", "HT-017"}
"""An unclosed <style> or <plaintext> hides the rest of its own document, as HTML has it; of nobody else's."""


@pytest.fixture(scope="module")
def cases(data_dir: Path) -> dict[str, dict[str, Any]]:
    path = data_dir / "adversarial" / "cases.jsonl"
    if not path.exists():
        pytest.skip(f"no hostile inputs at {path}")
    rows = [json.loads(line) for line in path.read_text("utf-8").splitlines() if line.strip()]
    return {row["id"]: row for row in rows if row["category"] == "html"}


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(1) as running:
        yield running


def entry(markup: str) -> Entry:
    return Entry(key="k", url=URL, title="T", html=markup)


def assert_inert(text: str) -> None:
    """Shown as everything is shown, escaped, it is one text node; and it is clean."""
    shown = lxml_html.fragment_fromstring(html.escape(text), create_parent="div")
    assert len(shown) == 0
    assert text == clean_text(text)


@pytest.mark.data
def test_of_every_literal_payload_only_text_is_left(cases: dict[str, dict[str, Any]]) -> None:
    literal = {name: case["payload"] for name, case in cases.items() if case["kind"] == "literal"}
    assert literal
    for name, payload in literal.items():
        text = html_to_text(payload)
        if name in PLAIN:
            assert text == PLAIN[name], name
        elif name != "HT-017":
            assert "alert" not in text, name
        around = html_to_text(f"<p>before</p>{payload}<p>after</p>")
        assert around.startswith("before"), name
        assert name in SWALLOWS or around.endswith("after"), name
        for seen in (text, inline_text(payload)):
            assert_inert(seen)


@pytest.mark.data
def test_payloads_inside_pages_and_entries_leave_articles_of_text(cases: dict[str, dict[str, Any]]) -> None:
    for name, case in cases.items():
        if case["kind"] != "literal":
            continue
        article = frame(f"{paragraphs(PARAGRAPHS[:2])}{case['payload']}{paragraphs(PARAGRAPHS[2:])}")
        found = extract_article(page(article))
        assert PARAGRAPHS[0] in found.body, name
        for text in (found.title, found.body, found.author or ""):
            assert_inert(text)
        assert_inert(extract_entry(entry(case["payload"]), FETCHED_AT).body)


# --- described and generated -----------------------------------------------------------------------------------


def old_elements() -> None:
    source = "<marquee>a</marquee><blink>b</blink><dialog open>c</dialog><frameset><frame src=x></frameset>"
    assert html_to_text(source).split() == ["a", "b", "c"]


def naughty_strings() -> None:
    """The list itself is third-party text; these are its kinds, made up anew."""
    strings = [
        "undefined",
        "NaN",
        "-1/0",
        "1;DROP TABLE users",
        "' OR 1=1 -- ",
        "$HOME `touch /tmp/x` %s%n",
        "../../x",
        "<a href='\x19javascript:alert(1)'>t</a>",
        "\u202a\u202atest\u202a",
        "\ufdfd \u0640\u0640",
        "田中さん \U0001f469\U0001f3fd",
        "T\u0323\u033a\u033a\u0315o\u035e \u0337i\u0332\u032c\u0347",
        "\x00\x01\x7f",
    ]
    for text in strings:
        cleaned = clean_text(text)
        assert clean_text(cleaned) == cleaned
        assert_inert(inline_text(text))
        assert_inert(html_to_text(text))


def tokenizer_inputs() -> None:
    """The shapes that tokenizer tests are made of, combined: no element survives, nothing raises."""
    tokens = "< > </ <! <!-- --> <? ]]> <![CDATA[ & &# &#x ; = / a"
    parts = [*re.split(" ", tokens), "'", '"', "\0", "\t"]
    for first in parts:
        for second in parts:
            for third in parts:
                assert_inert(html_to_text(first + second + third))


DESCRIBED: dict[str, Callable[[], None]] = {
    "HT-052": old_elements,
    "HT-057": naughty_strings,
    "HT-059": tokenizer_inputs,
}
GENERATED = {
    "HT-054": "<div>" * 50_000 + "deep",
    "HT-056": "<p " + " ".join(f"a{n}=1" for n in range(50_000)) + ">wide</p>",
    "open links": "<a>" * 20_000 + "x",
    "open comments": "<!--" * 400_000,
    "entities": "&lt;" * 200_000,
    "one long word": "x" * 1_000_000,
    "tables in tables": "<table><tr><td>" * 20_000,
    "many short blocks": "<p>x</p>" * 20_000,
}


@pytest.mark.parametrize("case", DESCRIBED)
def test_described_inputs(case: str) -> None:
    DESCRIBED[case]()


@pytest.mark.parametrize("case", GENERATED)
def test_generated_inputs_end_within_the_workers_bounds(case: str, workers: Workers) -> None:
    markup = GENERATED[case]
    raw = RawPage(url=URL, body=markup.encode(), content_type="text/html", fetched_at=FETCHED_AT)
    for task, *given in ((extract_article, raw), (extract_entry, entry(markup), FETCHED_AT)):
        try:
            assert_inert(workers.run_sync(task, *given).body[:1000])
        except ParseError as error:
            assert error.reason
    assert workers.run_sync(extract_entry, entry("<p>next</p>"), FETCHED_AT).body == "next"


@pytest.mark.data
def test_every_recorded_input_is_tested(cases: dict[str, dict[str, Any]]) -> None:
    answered = {*DESCRIBED, *GENERATED}
    if not answered & set(cases):
        pytest.skip("another part of the data: its literal inputs are tested above")
    assert {name for name, case in cases.items() if case["kind"] != "literal"} - answered == set()
