"""The sample articles: complete, marked, consistent with their labels, and right for any base date."""

from __future__ import annotations

import re
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from groundwire.errors import GroundwireError
from groundwire.sample import DEFAULT_BASE, OUTLETS, SampleArticle, articles, events
from groundwire.sample.story_time import GoldDate, StoryTime

BY_KEY = {article.key: article for article in articles()}


def words(article: SampleArticle) -> int:
    return len(article.body) if article.outlet.language == "zh" else len(article.body.split())


def test_there_are_about_sixty_articles_of_six_outlets_two_of_them_chinese() -> None:
    assert 55 <= len(articles()) <= 70
    assert Counter(outlet.language for outlet in OUTLETS.values()) == {"en": 4, "zh": 2}
    assert min(Counter(article.outlet.key for article in articles()).values()) >= 8
    assert Counter(outlet.feed for outlet in OUTLETS.values()) == {"rss": 2, "atom": 2, "json": 2}


def test_there_are_twelve_events_each_told_by_several_outlets_in_both_languages() -> None:
    assert len(events()) == 12
    for event in events():
        told = [article for article in articles() if article.event == event.key]
        assert len({article.outlet.key for article in told}) >= 3, event.key
        assert {article.outlet.language for article in told} == {"en", "zh"}, event.key
        assert set(event.related) <= {other.key for other in events()} - {event.key}


def test_articles_span_three_weeks_and_the_newest_are_fresh() -> None:
    times = [article.published_at for article in articles()]
    assert timedelta(days=20) <= DEFAULT_BASE - times[0] <= timedelta(days=21)
    assert timedelta() < DEFAULT_BASE - times[-1] < timedelta(hours=1)
    assert any(DEFAULT_BASE - time == timedelta(minutes=86) for time in times)


def test_articles_have_the_length_of_short_news() -> None:
    for article in articles():
        low, high = (200, 500) if article.outlet.language == "zh" else (120, 350)
        assert low <= words(article) <= high, article.key


def test_it_has_what_real_news_has() -> None:
    found = articles()
    assert sum(article.copy_of is not None for article in found) >= 5
    assert sum(article.follow_up for article in found) >= 8
    assert sum(article.event is None for article in found) == 6
    assert sum(article.members_only for article in found) == 1
    assert {conflict.status for event in events() for conflict in event.conflicts} == {"conflicts", "superseded"}
    assert all(event.conflicts and event.forecasts and event.milestones for event in events())


def test_wire_copies_are_verbatim_or_nearly() -> None:
    shares = []
    for article in articles():
        if article.copy_of:
            original = BY_KEY[article.copy_of]
            assert original.outlet != article.outlet
            assert original.published_at < article.published_at
            shares.append(len(set(article.paragraphs) & set(original.paragraphs)) / len(article.paragraphs))
    assert max(shares) == 1
    assert 0.4 <= min(shares) < 1


def test_no_two_articles_share_a_sentence_unless_one_copies_the_other() -> None:
    seen: dict[str, str] = {}
    for article in articles():
        if article.copy_of:
            continue
        for sentence in re.split(r"(?<=[.?!])\s|(?<=[。？！])|\n", article.body):
            if len(sentence) > 25:
                assert seen.setdefault(sentence, article.key) == article.key, sentence


def test_every_figure_of_a_conflict_stands_in_each_article_named() -> None:
    corrected = {article.key: article for article in articles(corrected=True)}
    for event in events():
        for conflict in event.conflicts:
            assert len(conflict.figures) >= 2
            for figure in conflict.figures:
                for key in figure.articles:
                    assert BY_KEY[key].event == event.key
                    assert figure.words in BY_KEY[key].body + BY_KEY[key].title + corrected[key].body, (key, figure)


def test_conflicting_figures_differ() -> None:
    values = {
        (event.key, conflict.measures): {figure.value for figure in conflict.figures}
        for event in events()
        for conflict in event.conflicts
    }
    assert values["dunmore-flats", "cost of the first phase"] == {1.2e9, 1.35e9}
    assert values["dunmore-flats", "power of the whole site"] == {300, 280}
    assert all(len(found) > 1 for found in values.values())


def test_every_forecast_stands_in_its_article_with_speaker_and_horizon() -> None:
    for event in events():
        for forecast in event.forecasts:
            article = BY_KEY[forecast.article]
            assert any(forecast.words in paragraph and forecast.who in paragraph for paragraph in article.paragraphs)
            spans = {(mention.first, mention.last) for mention in article.dates}
            assert forecast.horizon is None or (forecast.horizon.first, forecast.horizon.last) in spans


def test_dates_stand_in_their_articles_as_worded() -> None:
    for article in articles():
        for mention in article.dates:
            assert mention.text in article.title + "\n" + article.body
            assert mention.first <= mention.last


def test_yesterday_means_the_day_before_the_article() -> None:
    meaning = {
        "yesterday": -1,
        "昨日": -1,
        "昨天": -1,
        "昨夜": -1,
        "a day earlier": -1,
        "今天": 0,
        "今日": 0,
        "this morning": 0,
    }
    seen = set()
    for article in articles():
        day = article.published_at.astimezone(article.outlet.zone).date()
        for mention in article.dates:
            if mention.text in meaning:
                seen.add(mention.text)
                assert mention.first == mention.last == day + timedelta(days=meaning[mention.text]), article.key
    assert {"yesterday", "昨日", "今天"} <= seen


def test_the_corrected_article_has_two_versions_and_says_what_changed() -> None:
    before = {article.key: article for article in articles()}
    changed = [article for article in articles(corrected=True) if article.correction]
    assert [article.key for article in changed] == ["oxbarrow-results-margin"]
    (after,) = changed
    assert after.correction is not None
    assert after.version == 2
    assert after.path == before[after.key].path
    assert after.published_at == before[after.key].published_at < after.changed_at
    assert "$490 million" in before[after.key].body
    assert "$940 million" not in before[after.key].body
    assert after.paragraphs[-1].startswith("Correction (")
    unchanged = [article for article in articles(corrected=True) if not article.correction]
    assert unchanged == [article for article in articles() if article.key != after.key]


# Real names that must not slip into invented news; places may be real.
REAL = (
    "nvidia",
    "openai",
    "anthropic",
    "google",
    "microsoft",
    "amazon",
    "meta",
    "apple",
    "intel",
    "qualcomm",
    "broadcom",
    "tsmc",
    "samsung",
    "oracle",
    "coreweave",
    "deepseek",
    "mistral",
    "reuters",
    "bloomberg",
    "英伟达",
    "谷歌",
    "微软",
    "亚马逊",
    "华为",
    "阿里",
    "腾讯",
    "百度",
    "字节",
    "台积电",
    "三星",
    "路透",
    "彭博",
    "新华社",
)


def test_no_real_company_is_named() -> None:
    for article in articles():
        text = (article.title + "\n" + article.body).lower()
        for name in REAL:
            assert not re.search(rf"\b{name}\b" if name.isascii() else name, text), (article.key, name)


@settings(max_examples=40, deadline=None)
@given(st.datetimes(datetime(2024, 1, 1), datetime(2040, 12, 31), timezones=st.just(UTC)))
def test_any_base_date_will_do(base: datetime) -> None:
    found = articles(base, corrected=True)
    assert len(found) == len(articles())
    assert found == sorted(found, key=lambda article: (article.published_at, article.key))
    assert all(article.published_at < base for article in found)
    assert all("{" not in article.title + article.body for article in found)
    assert len(events(base)) == 12


def test_a_base_without_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="aware"):
        articles(datetime(2026, 11, 19))


def test_the_same_base_gives_the_same_articles() -> None:
    assert articles() == articles()


STORY = {"base": date(2026, 11, 19), "published": date(2026, 11, 6)}  # a Thursday and a Friday


@pytest.mark.parametrize(
    ("style", "written", "printed", "first", "last"),
    [
        ("us", "{date -6}", "November 13", date(2026, 11, 13), date(2026, 11, 13)),
        ("uk", "{date -6}", "13 November", date(2026, 11, 13), date(2026, 11, 13)),
        ("us", "{date 43}", "January 1, 2027", date(2027, 1, 1), date(2027, 1, 1)),
        ("zh", "{date 43}", "2027年1月1日", date(2027, 1, 1), date(2027, 1, 1)),
        ("us", "{day -15}", "Wednesday", date(2026, 11, 4), date(2026, 11, 4)),
        ("zh", "{day -20}", "上周五", date(2026, 10, 30), date(2026, 10, 30)),
        ("zh", "{day -10}", "下周一", date(2026, 11, 9), date(2026, 11, 9)),
        ("us", "{on -14 yesterday}", "yesterday", date(2026, 11, 5), date(2026, 11, 5)),
        ("us", "{month 3}", "February 2027", date(2027, 2, 1), date(2027, 2, 28)),
        ("zh", "{month -1}", "10月", date(2026, 10, 1), date(2026, 10, 31)),
        ("uk", "{quarter 2}", "the second quarter of 2027", date(2027, 4, 1), date(2027, 6, 30)),
        ("zh", "{quarter 1}", "2027年第一季度", date(2027, 1, 1), date(2027, 3, 31)),
        ("zh", "{year 1}", "2027年", date(2027, 1, 1), date(2027, 12, 31)),
    ],
)
def test_dates_are_worded_as_the_outlet_would(style: str, written: str, printed: str, first: date, last: date) -> None:
    story = StoryTime(**STORY, style=style)  # type: ignore[arg-type]  # parametrised
    assert story.render(f"so {written}.") == (f"so {printed}.", (GoldDate(text=printed, first=first, last=last),))


@pytest.mark.parametrize("written", ["{day -3}", "{on -3}", "{soon 3}", "{date}", "}"])
def test_a_date_that_cannot_be_worded_is_an_error(written: str) -> None:
    with pytest.raises(GroundwireError, match="sample article"):
        StoryTime(**STORY, style="us").render(written)
