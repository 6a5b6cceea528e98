"""The interface's words."""

from __future__ import annotations

import json
import re
import tomllib
from datetime import UTC, date, datetime
from importlib.resources import files
from typing import Any

import pytest

from groundwire.briefs import action, audience, deep_dive, hook, implications, numbers, takeaways, timeline, tldr
from groundwire.evidence.roles import AUDIENCES, KINDS
from groundwire.settings import LANGUAGES
from groundwire.types import Reason
from groundwire.web.messages import messages, negotiate


def flat(table: dict[str, Any], prefix: str = "") -> dict[str, str]:
    found: dict[str, str] = {}
    for key, value in table.items():
        found |= flat(value, f"{prefix}{key}.") if isinstance(value, dict) else {f"{prefix}{key}": value}
    return found


FOLDER = files("groundwire.web")
TABLES = {
    language: {
        key: words
        for part in ("desk", "living", "bill")
        for key, words in flat(
            tomllib.loads(FOLDER.joinpath("messages", f"{part}.{language}.toml").read_text(encoding="utf-8"))
        ).items()
    }
    for language in LANGUAGES
}


def test_both_languages_have_the_same_messages() -> None:
    assert TABLES["en"].keys() == TABLES["zh"].keys()


def test_both_languages_fill_in_the_same_values() -> None:
    names = {language: {k: set(re.findall(r"{(\w+)}", v)) for k, v in t.items()} for language, t in TABLES.items()}
    assert names["en"] == names["zh"]


def test_chinese_messages_are_chinese() -> None:
    same = {"site.name", "site.atom", "site.json_feed", "event.json", "numbers.single", "about.version"}
    left = [k for k, v in TABLES["zh"].items() if not re.search(r"[\u4e00-\u9fff]", v) and k not in same]
    assert left == ["site.other_language"]


def test_every_message_that_a_template_names_is_there() -> None:
    templates = FOLDER.joinpath("templates")
    named = set()
    for template in (*templates.iterdir(), *templates.joinpath("living").iterdir()):
        if not template.is_file():
            continue
        source = template.read_text(encoding="utf-8")
        named |= set(re.findall(r"""\bt\("([a-z_.]+[a-z_])"[,)]""", source))
    keys = TABLES["en"].keys()
    assert named
    assert [name for name in sorted(named) if name not in keys and f"{name}.one" not in keys] == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_role_and_kind_of_news_has_a_name(language: str) -> None:
    words = messages(language)
    assert [role for role in AUDIENCES if role not in words.table["roles"]] == []
    assert [kind for kind in KINDS if kind not in words.table["topics"]] == []


def test_an_unknown_key_names_itself() -> None:
    assert messages("en").name("topics", "data_centres") == "data centres"


def test_one_and_many() -> None:
    assert messages("en")("card.outlets", n=1) == "1 outlet"
    assert messages("en")("card.outlets", n=9) == "9 outlets"
    assert messages("zh")("card.outlets", n=1) == "1家媒体"


@pytest.mark.parametrize(
    ("seconds", "en", "zh"),
    [
        (0, "0m", "0分钟"),
        (-5, "0m", "0分钟"),
        (86 * 60, "86m", "86分钟"),
        (7200, "2h", "2小时"),
        (3 * 86_400, "3d", "3天"),
    ],
)
def test_gaps_are_short(seconds: float, en: str, zh: str) -> None:
    assert messages("en").gap(seconds) == en
    assert messages("zh").gap(seconds) == zh


@pytest.mark.parametrize(
    ("first", "last", "grain", "en", "zh"),
    [
        (date(2026, 1, 1), date(2026, 12, 31), "year", "2026", "2026年"),
        (date(2026, 7, 1), date(2026, 12, 31), "half", "H2 2026", "2026年下半年"),
        (date(2026, 10, 1), date(2026, 12, 31), "quarter", "Q4 2026", "2026年四季度"),
        (date(2025, 11, 1), date(2025, 11, 30), "month", "Nov 2025", "2025年11月"),
        (date(2026, 3, 2), date(2026, 3, 8), "week", "week of 2 Mar 2026", "2026年3月2日起一周"),
        (date(2026, 3, 9), date(2026, 3, 9), "day", "9 Mar 2026", "2026年3月9日"),
        (date(2026, 3, 9), date(2026, 3, 11), "day", "9 Mar 2026 – 11 Mar 2026", "2026年3月9日 – 2026年3月11日"),
    ],
)
def test_stretches_are_as_precise_as_their_source(first: date, last: date, grain: Any, en: str, zh: str) -> None:
    assert messages("en").stretch(first, last, grain) == en
    assert messages("zh").stretch(first, last, grain) == zh


def test_moments_are_in_utc() -> None:
    at = datetime(2026, 2, 11, 8, 30, tzinfo=UTC)
    assert messages("en").moment(at) == "11 Feb 2026, 08:30"
    assert messages("zh").moment(at) == "2026年2月11日 08:30"


def test_reasons_read_well_in_both_languages() -> None:
    alike = Reason(kind="similarity", detail="81% alike in meaning", weight=1.0)
    names = Reason(kind="entities", detail="Ferrule, Brindle", weight=1.0)
    assert messages("en").reason(alike) == "81% alike in meaning"
    assert messages("zh").reason(alike) == "含义相近 81%"
    assert messages("en").reason(names) == "same names: Ferrule, Brindle"
    assert messages("zh").reason(names) == "名称相同：Ferrule, Brindle"


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("", "en"),
        ("zh-CN,zh;q=0.9,en;q=0.5", "zh"),
        ("en-GB;q=0.8, zh;q=0.9", "zh"),
        ("de, fr;q=0.7", "en"),
        ("zh;q=0", "en"),
        ("zh;q=abc,en;q=0.1", "en"),
        (",;,;;q=,zh", "zh"),
        ("zh;q=nan", "en"),
    ],
)
def test_the_language_follows_accept_language(header: str, language: str) -> None:
    assert negotiate(header, "en") == language


def test_no_message_is_left_over() -> None:
    sources = [
        f
        for part in ("templates", "templates/living", "routes", "views", "", "../editions")
        for f in FOLDER.joinpath(part).iterdir()
        if f.is_file()
    ]
    said = "".join(f.read_text(encoding="utf-8") for f in sources)
    # named by a key made of data
    open_ended = (
        "languages roles topics reason health evidence absent absent_why parameter action_kind notice keys numbers tldr"
        " relation ledger.state ledger.heading ledger.about ledger.verdict ledger.by ledger.suggests ledger.unresolvable ledger.table correction"
        " bill.name bill.what bill.unknown"
    )
    groups = (*(f"{group}." for group in open_ended.split()), "about.rule_")
    names = {re.sub(r"\.(one|other)$", "", key) for key in TABLES["en"]}
    assert [name for name in sorted(names) if name not in said and not name.startswith(groups)] == []


def test_every_topic_that_events_get_has_a_name() -> None:
    table = json.loads((files("groundwire.events") / "data" / "topics.json").read_text(encoding="utf-8"))
    assert [t for t in table["topics"] if f"topics.{t}" not in TABLES["zh"]] == []


def test_why_a_section_is_absent_is_told_in_chinese_too() -> None:
    parts = (action, audience, deep_dive, hook, implications, numbers, takeaways, timeline)
    reasons = [*(part.ABSENT for part in parts), *tldr.ABSENT.values()]
    assert [why for why in reasons if messages("zh").name("absent_why", why) == why] == []
