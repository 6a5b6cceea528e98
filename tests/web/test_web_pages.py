"""What the pages show, through the front door."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from lxml import html
from starlette.testclient import TestClient
from web_desk import COPY, HOSTILE_TITLE, NOW, QUIET, WIRE, ZH, Desk, make_app, make_client

from groundwire.editions.reader import Match
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.web import create_app
from groundwire.web.site import Section
from groundwire.web.views.lists import Card, Sentence, front_page
from groundwire.web.views.parts import Coverage, Freshness
from groundwire.web.views.proof import number_marks

ELEMENTS = [
    "freshness",
    "headline",
    "sources",
    "share",
    "hook",
    "tldr",
    "what_changed",
    "why_it_matters",
    "what_to_do",
    "who_should_care",
    "takeaways",
    "deep_dive",
    "numbers",
    "implications",
    "timeline",
    "related",
    "action",
    "recap",
    "rights",
    "provenance",
    "together",
]


def page(client: TestClient, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.text[:500]
    return html.fromstring(answer.content)


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def event_path(desk: Desk, key: str = "full") -> str:
    return f"/events/{desk.slugs[key]}"


# --- front page ------------------------------------------------------------------------------------------------


def test_the_front_page_ranks_events_and_says_who_reports_them(client: TestClient, desk: Desk) -> None:
    root = page(client, "/")
    headlines = [text(h) for h in root.cssselect(".entry h2")]
    assert headlines[0] == WIRE[0]
    assert QUIET[0] in headlines
    first = text(root.cssselect(".entry")[0])
    assert "4 reports" not in first
    assert "3 outlets, 3 independent reports" in first  # the copy counts once, the merged report for itself
    assert "English, Chinese" in first
    assert "Fresh" in first
    assert "collected in 86m" in first
    assert "Contested price cut: 40% Lanternpost Wire and 1 more, or 35% 灯柱快报" in first
    assert "Rivals did not comment." in first


def test_an_old_event_is_not_called_fresh(client: TestClient) -> None:
    quiet = next(e for e in page(client, "/").cssselect(".entry") if QUIET[0] in text(e))
    assert "Fresh" not in text(quiet)


def test_hidden_and_merged_events_are_on_no_list(client: TestClient, desk: Desk) -> None:
    for path in (
        "/",
        "/topics/price",
        "/search?q=hidden",
        "/weekly/2026-W11",
        "/feed.atom",
        "/feed.json",
        "/api/events",
    ):
        assert desk.slugs["hidden"] not in client.get(path).text
        assert desk.slugs["merged"] not in client.get(path).text


def test_a_topic_page_holds_its_events_only(client: TestClient) -> None:
    root = page(client, "/topics/energy")
    assert [text(h) for h in root.cssselect(".entry h2")] == [QUIET[0]]
    assert text(root.cssselect("h1")[0]) == "Energy"
    page(client, "/topics/no-such", 404)


def listed(number: int, origins: int, *topics: str, liked: bool = False) -> Card:
    return Card(
        id=number,
        slug=f"event-{number}",
        url=f"/events/event-{number}",
        topics=topics,
        headline=Sentence(text=f"Event {number}", language="en"),
        hook=None,
        freshness=Freshness(fresh=False, newest_published_at=NOW, collected_in_s=None),
        coverage=Coverage(articles=origins, outlets=origins, origins=origins, languages=("en",)),
        contested=(),
        match=Match(topics=("energy",)) if liked else Match(),
        sample=False,
        first_published_at=NOW,
        last_published_at=NOW,
    )


def front(*cards: Card, leading: int) -> tuple[list[int], dict[str, list[int]], list[int]]:
    made = front_page(cards, {}, topic=None, page=1, more=False, leading=leading)
    rest = {group.topic: [c.id for c in group.cards] for group in made.rest}
    return [c.id for c in made.leading], rest, [c.id for c in made.single]


def test_confirmed_events_lead_others_follow_by_topic_and_single_reports_come_last() -> None:
    cards = (listed(1, 3, "chips"), listed(2, 1), listed(3, 2), listed(4, 2, "energy", "chips"), listed(5, 1))
    assert front(*cards, leading=2) == ([1, 3], {"energy": [4]}, [2, 5])


def test_what_touches_a_readers_choice_leads_even_with_one_report() -> None:
    assert front(listed(1, 3), listed(2, 1, liked=True), listed(3, 2), leading=2) == ([1, 2], {"": [3]}, [])


def test_single_reports_lead_where_too_little_is_confirmed() -> None:
    assert front(listed(1, 1), listed(2, 2), listed(3, 1), leading=2) == ([1, 2], {}, [3])


def test_what_follows_the_leading_events_is_headlines_only(
    own_client: TestClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("groundwire.web.pages.LEADING", 1)
    root = page(own_client, "/")
    assert len(root.cssselect(".entry")) == 1
    assert QUIET[0] in [text(a) for a in root.cssselect(".once li > a")]


def test_made_up_news_is_marked_as_such(tmp_path: Path) -> None:
    with Store(f"sqlite:///{tmp_path / 'sample.db'}") as store:
        desk = Desk(store)
        desk.article("made-up", desk.source("Lanternpost Wire (sample)", "en"), QUIET, NOW)
        desk.event("made-up", {"made-up": "made-up"}, (), lambda n: desk.plain("made-up", n), 1.0)
        client = next(make_client(make_app(desk, tmp_path)))
        for path in ("/", event_path(desk, "made-up")):
            assert "every company, person and figure on this page is invented" in client.get(path).text
        assert client.get(f"/api{event_path(desk, 'made-up')}").json()["sample"]


def test_real_news_is_not_called_a_sample(client: TestClient, desk: Desk) -> None:
    assert not page(client, event_path(desk)).cssselect(".sample")
    assert not page(client, "/").cssselect(".sample")


def test_a_long_front_page_has_pages(own_client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("groundwire.web.pages.PER_PAGE", 2)
    first, second = page(own_client, "/"), page(own_client, "/?page=2")
    assert first.cssselect('.pages a[rel="next"]')[0].get("href") == "/?page=2"
    assert second.cssselect('.pages a[rel="prev"]')[0].get("href") == "/"
    assert len(first.cssselect(".entry")) == 2
    assert len(second.cssselect(".entry")) == 1
    page(own_client, "/?page=3", 404)
    page(own_client, "/?page=0", 422)


def test_an_empty_desk_says_how_to_begin(tmp_path: Path) -> None:
    settings = Settings(home=tmp_path)
    with Store(f"sqlite:///{tmp_path / 'empty.db'}") as store:
        empty = TestClient(create_app(store, settings, token="x" * 20, now=lambda: NOW), base_url="http://localhost")
        assert "groundwire demo" in empty.get("/", headers={"Accept-Language": "en"}).text
        assert empty.get("/feed.atom").status_code == 200
        assert empty.get("/sources").status_code == 200


# --- the event page --------------------------------------------------------------------------------------------


def test_every_element_of_the_design_is_on_the_page_under_its_id(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk))
    assert [e for e in ELEMENTS if not root.cssselect(f"#{e}")] == []
    ids = [e.get("id") for e in root.cssselect("[id]")]
    assert len(ids) == len(set(ids))


def test_an_absent_section_is_not_shown_and_the_page_says_why(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk, "quiet"))
    assert not root.cssselect("#hook, #takeaways, #numbers, #timeline, #action")
    assert "key takeaways: one short source" in text(root.cssselect("#provenance")[0])


def test_every_statement_has_its_proof_beside_it(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk))
    articles = {a.id: a for a in desk.articles.values()}
    notes = root.cssselect("details.note")
    assert len(notes) == len(root.cssselect("a.ref")) > 15
    for note in notes:
        (way, *_) = note.cssselect(".ways a")
        version, start, end = map(int, re.findall(r"\d+", way.get("href").partition("#")[0]))
        shown = text(note.cssselect("blockquote")[0])
        assert articles[version].outlet in text(note.cssselect("summary")[0])
        assert articles[version].text[start:end] in shown or shown.strip("…“”") in " ".join(
            articles[version].text.split()
        )
    row = root.cssselect("#what_changed .row")[0]
    assert len(row.cssselect("a.ref")) == len(row.cssselect("details.note")) == 3
    numbers = [r.text for r in root.cssselect("a.ref")]
    assert numbers == [str(n) for n in range(1, len(numbers) + 1)]


def test_the_numbers_that_a_statement_rests_on_are_marked_in_the_quote(client: TestClient, desk: Desk) -> None:
    row = page(client, event_path(desk)).cssselect("#what_changed .row")[0]
    marks = [[m.text for m in note.cssselect("mark")] for note in row.cssselect("details.note")]
    assert marks[0] == ["40%", "$1.20"]
    assert marks[2] == []  # the Chinese report gives other figures


def test_a_copys_words_are_not_printed_twice(client: TestClient, desk: Desk) -> None:
    notes = page(client, event_path(desk)).cssselect("#what_changed details.note")
    assert "folded" in notes[1].get("class")
    assert "the same words as 3" in text(notes[1])


def test_disagreeing_figures_stand_side_by_side(client: TestClient, desk: Desk) -> None:
    numbers = page(client, event_path(desk)).cssselect("#numbers")[0]
    assert "sources disagree" in text(numbers)
    assert [text(b) for b in numbers.cssselect(".figure .words b")] == ["40%", "35%"]
    assert "Lanternpost Wire3" not in text(numbers)
    sides = [text(f) for f in numbers.cssselect(".figure .words")]
    assert "Lanternpost Wire" in sides[0]
    assert "Copperplate Daily" in sides[0]
    assert "灯柱快报" in sides[1]


def test_a_forecast_names_who_when_and_why(client: TestClient, desk: Desk) -> None:
    forecast = " ".join(" ".join(page(client, event_path(desk)).cssselect("#implications")[0].itertext()).split())
    assert "By Q3 2026 “the third quarter of 2026”" in forecast
    assert "Says Ferrule" in forecast
    assert "Because volume will rise" in forecast


def test_wire_copies_stand_below_the_report_that_they_copy(client: TestClient, desk: Desk) -> None:
    together = page(client, event_path(desk)).cssselect("#together")[0]
    origins = together.cssselect(":scope > ol > li")
    assert len(origins) == 3
    assert COPY[0] in text(origins[0].cssselect("ul")[0])
    assert "same names: Ferrule Systems, Brindle" in text(together)


def test_the_timeline_leads_to_the_earlier_event(client: TestClient, desk: Desk) -> None:
    rows = page(client, event_path(desk)).cssselect("#timeline li")
    assert rows[0].cssselect("a.elsewhere")[0].get("href") == event_path(desk, "quiet")
    assert [text(r.cssselect(".date")[0]) for r in rows] == ["20 Feb 2026", "9 Mar 2026"]


def test_sharing_needs_no_script_of_anyone(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk))
    links = [a.get("href") for a in root.cssselect("#share a")]
    assert any(link.startswith("https://x.com/intent/post?text=Ferrule") for link in links)
    assert any(
        link.startswith("https://www.linkedin.com/sharing/share-offsite/?url=http%3A%2F%2F127.0.0.1") for link in links
    )
    assert any(link.startswith("mailto:?subject=Ferrule%20Systems") for link in links)
    assert {s.get("src") for s in root.cssselect("script[src]")} == {root.cssselect("script[src]")[0].get("src")}


def test_the_action_leads_to_the_workbench_only_where_there_is_one(
    own_client: TestClient, own_desk: Desk, own_app: Any
) -> None:
    site = own_app.state.site
    site.sections = [s for s in site.sections if s.path != "/workbench"]
    assert not page(own_client, event_path(own_desk)).cssselect("#action a.go")
    assert "output, USD per million tokens1.2" in text(page(own_client, event_path(own_desk)).cssselect("#action")[0])
    site.sections = [*site.sections, Section(path="/workbench", names={"en": "Workbench", "zh": "测算台"})]
    site.cache.clear()
    root = page(own_client, event_path(own_desk))
    assert root.cssselect("#action a.go")[0].get("href").startswith("/workbench?output_usd_per_mtok=1.2&event=")
    assert "Workbench" in text(root.cssselect(".folio nav")[0])


def test_machines_find_open_graph_and_schema_org_data(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk))
    assert root.cssselect('link[rel="canonical"]')[0].get("href") == f"http://127.0.0.1:8700{event_path(desk)}"
    assert root.cssselect('meta[property="og:title"]')[0].get("content") == WIRE[0]
    data = json.loads(root.cssselect('script[type="application/ld+json"]')[0].text)
    assert data["@type"] == "NewsArticle"
    assert data["headline"] == WIRE[0]
    assert len(data["citation"]) == 4
    listing = json.loads(page(client, "/").cssselect('script[type="application/ld+json"]')[0].text)
    assert listing["itemListElement"][0]["name"] == WIRE[0]


# --- hostile words ---------------------------------------------------------------------------------------------


def test_hostile_words_are_shown_and_never_obeyed(client: TestClient, desk: Desk) -> None:
    for path in ("/", event_path(desk, "hostile"), "/search?q=end", "/topics/price"):
        answer = client.get(path)
        assert "<script>alert" not in answer.text
        assert "<img" not in answer.text
        assert "49" not in re.sub(r"\d{3,}|[-\w]*49\w+", "", text(html.fromstring(answer.content)))
        root: Any = html.fromstring(answer.content)
        assert not root.xpath("//@*[starts-with(name(), 'on')]")
        assert not [h for h in root.xpath("//@href|//@src") if h.lower().startswith(("javascript:", "data:"))]
    root = page(client, event_path(desk, "hostile"))
    data = json.loads(root.cssselect('script[type="application/ld+json"]')[0].text)
    assert data["headline"] == HOSTILE_TITLE[:110]
    assert text(root.cssselect("#headline")[0]).startswith("</script><script>alert(1)</script>")


def test_a_search_for_markup_is_shown_as_words(client: TestClient) -> None:
    answer = client.get("/search", params={"q": '"><script>alert(1)</script>'})
    assert answer.status_code == 200
    assert "<script>alert" not in answer.text


# --- citation targets ------------------------------------------------------------------------------------------


def test_a_citation_leads_to_the_quote_highlighted_in_its_paragraph(client: TestClient, desk: Desk) -> None:
    way = page(client, event_path(desk)).cssselect("#why_it_matters a.ref")[0].get("href")
    path, _, fragment = way.partition("#")
    root = page(client, path)
    (mark,) = root.cssselect("mark")
    assert mark.get("id") == fragment
    assert mark.text_content() == "doubled throughput on 96 accelerators"
    paragraph = mark.getparent()
    assert text(paragraph) == WIRE[1].split("\n")[1]
    shown = text(root)
    assert "Lanternpost Wire" in shown
    assert "9 Mar 2026, 09:00" in shown
    assert "English" in shown
    assert root.cssselect(".onward a.go")[0].get("href") == "https://news.example/wire"
    assert WIRE[1].split("\n")[2] not in shown  # the rest is for its publisher to show


def test_a_quoted_headline_stands_above_the_paragraph_that_it_heads(client: TestClient, desk: Desk) -> None:
    article = desk.articles["wire"]
    shown = text(page(client, f"/articles/{article.id}?start=0&end={len(WIRE[0])}").cssselect(".passages")[0])
    assert WIRE[1].split("\n")[0] in shown
    assert WIRE[1].split("\n")[1] not in shown


def test_the_figure_in_a_products_name_is_no_number() -> None:
    assert number_marks("Quay-5 and 岭峰-3 cost 5% more", "Quay-5, 岭峰-3: 5%") == ((21, 23),)


def test_an_article_without_a_passage_shows_all_that_is_quoted_of_it(client: TestClient, desk: Desk) -> None:
    root = page(client, f"/articles/{desk.articles['zh'].id}")
    marks = [m.text_content() for m in root.cssselect("mark")]
    assert ZH[1].split("\n")[0] in marks
    assert root.cssselect(".passages")[0].get("lang") == "zh-Hans"


@pytest.mark.parametrize(
    "query", ["start=5", "end=9", "start=9&end=5", "start=5&end=5", "start=0&end=999999", "start=999998&end=999999"]
)
def test_a_passage_that_is_none_is_not_found(client: TestClient, query: str) -> None:
    assert client.get(f"/articles/1?{query}").status_code == 404


@pytest.mark.parametrize("path", ["/articles/999", "/articles/99999999999999999999", "/articles/x", "/articles/-1"])
def test_an_article_that_is_none_is_not_found(client: TestClient, path: str) -> None:
    assert client.get(path).status_code in (404, 422)


def test_an_edited_article_still_resolves_and_says_so(own_client: TestClient, own_desk: Desk) -> None:
    before = own_desk.articles["quiet"]
    source = next(s for s in own_desk.store.sources.all() if s.title == "Lanternpost Wire")
    own_desk.article("quiet", source.id, (QUIET[0], QUIET[1].replace("two years", "three years")), before.published_at)
    assert own_desk.articles["quiet"].version == 2
    root = page(own_client, f"/articles/{before.id}")
    assert root.cssselect(".newer a")[0].get("href") == f"/articles/{own_desk.articles['quiet'].id}"
    assert page(own_client, event_path(own_desk, "quiet")).cssselect("details.note")


# --- addresses -------------------------------------------------------------------------------------------------


def test_a_merged_events_address_leads_to_the_survivor_for_good(client: TestClient, desk: Desk) -> None:
    for suffix in ("", ".md", ".json"):
        answer = client.get(event_path(desk, "merged") + suffix)
        assert answer.status_code == 301
        assert answer.headers["location"] == event_path(desk) + suffix
    assert client.get(f"/api{event_path(desk, 'merged')}").headers["location"] == f"/api{event_path(desk)}"


def test_an_event_whose_page_is_not_written_yet_says_so(own_client: TestClient, own_desk: Desk) -> None:
    event = own_desk.store.events.by_slug(own_desk.slugs["quiet"])
    own_desk.store.briefs.withdraw(event.id)
    answer = own_client.get(event_path(own_desk, "quiet"))
    assert answer.status_code == 503
    assert "Being written" in answer.text


# --- search ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("words", ["inference prices", "FERRULE", "推理价格", "费鲁尔"])
def test_search_finds_english_and_chinese(client: TestClient, words: str) -> None:
    root = page(client, f"/search?q={words}")
    assert text(root.cssselect(".entry h2")[0]) == WIRE[0]
    assert root.cssselect("#q")[0].get("value") == words


def test_a_search_without_result_says_what_to_do(client: TestClient) -> None:
    assert "Fewer words find more" in text(page(client, "/search?q=zeppelin"))


@pytest.mark.parametrize("words", ['"', "a OR b", "NEAR(x y)", "*", "' OR 1=1 --", "%", "a" * 300, "🦊", "()"])
def test_search_takes_any_words(client: TestClient, words: str) -> None:
    assert client.get("/search", params={"q": words}).status_code == 200


# --- languages -------------------------------------------------------------------------------------------------

PATHS = ["/", "/topics/price", "/weekly/2026-W11", "/search?q=Ferrule", "/sources", "/about", "/articles/1", "/nowhere"]


@pytest.mark.parametrize("path", PATHS)
def test_every_page_speaks_chinese(client: TestClient, path: str) -> None:
    answer = client.get(path, headers={"Accept-Language": "zh-CN,zh;q=0.9,en;q=0.5"})
    assert '<html lang="zh-Hans">' in answer.text
    assert "内容版权归原出版方所有" in answer.text
    assert answer.headers.get("vary", "Accept-Language").count("Accept-Language") == 1


def test_the_language_is_chosen_by_link_and_kept(client: TestClient, desk: Desk) -> None:
    path = event_path(desk)
    assert "三十秒速览" in client.get(f"{path}?lang=zh").text
    assert "三十秒速览" in client.get(path).text  # the cookie
    root = page(client, f"{path}?lang=zh")
    assert root.cssselect("a.language")[0].get("href") == f"{path}?lang=en"
    assert "In 30 seconds" in client.get(f"{path}?lang=en").text
    assert client.get(f"{path}?lang=tlh").status_code == 200


def test_words_of_a_source_keep_their_language(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk) + "?lang=zh")
    assert root.cssselect("#headline")[0].get("lang") == "en"
    assert root.cssselect("#what_to_do .words p")[0].get("lang") == "zh-Hans"


def test_pages_read_without_scripts(client: TestClient, desk: Desk) -> None:
    root = page(client, event_path(desk))
    for control in root.cssselect("button"):  # those that need one stay out of sight until it runs
        assert control.get("hidden") is not None or control.getparent().get("method")
    assert not root.cssselect("noscript")
    assert not root.xpath("//*[@style]|//style")
