"""From a publisher's change to what readers see, over real HTTP on both sides: look, re-check, log, feed."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import pytest
from lxml import etree
from press import Desk, Page, Press, press

from groundwire.verify import verify

ATOM = "{http://www.w3.org/2005/Atom}"
CASH = "Pellworth Robotics used up $490 million of cash in the third quarter, its filing shows."
CASH_NOW = "Pellworth Robotics used up $940 million of cash in the third quarter, its filing shows."
HALL = "Pellworth Robotics also closed its assembly hall in Ostrava and let 300 people go."
COURIER, HERALD, ALONE = "/courier/cash", "/herald/cash", "/herald/sewage"


def pages() -> dict[str, Page]:
    return {
        COURIER: Page(
            "Pellworth Robotics burns cash as orders for its arms fall",
            [
                CASH,
                "Orders for its warehouse arms fell by 22% in the same quarter, the company said on Tuesday.",
                "Pellworth Robotics expects to cut its spending on AI accelerators by half before March 2027.",
            ],
        ),
        HERALD: Page(
            "Pellworth Robotics burns cash and closes a hall in Ostrava",
            [
                CASH,
                HALL,
                "Its chief executive, Ines Varga, said that Pellworth Robotics has money for another year.",
            ],
        ),
        ALONE: Page(
            "Tolmin Water buys sensors that smell a blocked sewer",
            [
                "Tolmin Water bought 4,000 sensors that smell a blocked sewer before it floods a street.",
                "A model on each sensor's chip tells grease from leaves, says the maker, Grebe Instruments.",
                "Tolmin Water paid 1.2 million euros and expects to save as much within two years.",
            ],
        ),
    }


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Press, Path]]:
    """A publisher, and the home of a desk that has read it an hour after everything came out."""
    home = tmp_path_factory.mktemp("first")
    with press(pages()) as site:
        made = Desk(home, site)
        made.round(timedelta(hours=1))
        assert len(made.store.events.page()) == 2, "one event of two reports, one of one"
        made.store.close()
        yield site, home


@pytest.fixture
def read(first: tuple[Press, Path], tmp_path: Path) -> Iterator[tuple[Press, Desk]]:
    """The same, each test with a desk of its own."""
    site, home = first
    site.pages = pages()
    site.bodies.clear()
    shutil.copytree(home, tmp_path, dirs_exist_ok=True)
    made = Desk(tmp_path, site)
    yield site, made
    made.store.close()


def get(address: str) -> tuple[int, str]:
    try:
        with urlopen(Request(address, headers={"Accept-Language": "en"}), timeout=30) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refused:
        return refused.code, refused.read().decode()


def entries(base: str) -> dict[str, tuple[str, datetime, str]]:
    """Of the desk's Atom feed: identity -> (address, updated, content)."""
    root = etree.fromstring(get(f"{base}/feed.atom")[1].encode())
    found = {}
    for entry in root.iter(f"{ATOM}entry"):
        link = entry.find(f"{ATOM}link[@rel='alternate']")
        assert link is not None
        at = datetime.fromisoformat(entry.findtext(f"{ATOM}updated", ""))
        found[entry.findtext(f"{ATOM}id", "")] = (
            link.get("href", "").split("/events/")[-1], at, entry.findtext(f"{ATOM}content", "")
        )  # fmt: skip
    return found


def slug_of(read: Desk, path: str) -> str:
    return next(
        e.slug
        for e in read.store.events.page()
        if any(a.url.endswith(path) for a in read.store.articles.of_event(e.id))
    )


def test_a_changed_figure_reaches_page_log_data_and_feed(read: tuple[Press, Desk]) -> None:
    site, made = read
    slug, other = slug_of(made, COURIER), slug_of(made, ALONE)
    with made.served() as base:
        before = entries(base)
        assert "$490 million" in get(f"{base}/events/{slug}")[1]
        for path in (COURIER, HERALD):
            site.pages[path].paragraphs[0] = CASH_NOW
        report = made.round(timedelta(hours=8))
        assert report.corrections > 0
        page = get(f"{base}/events/{slug}")[1]
        log = page[page.index('id="corrections"') :]
        assert "$490 million" in log
        assert "$940 million" in log
        assert "$490 million" not in page[: page.index('id="corrections"')], "the page itself says what is so now"
        told = json.loads(get(f"{base}/api/events/{slug}")[1])["corrections"]
        assert {(c["quote"], c["now_says"], c["fate"]) for c in told} >= {(CASH, CASH_NOW, "revised")}
        after = entries(base)
    (changed,) = [i for i, (name, _, _) in after.items() if name == slug]
    assert changed in before, "the entry keeps its identity, so programs show it as changed"
    assert after[changed][1] == made.now > before[changed][1]
    assert "$940 million" in after[changed][2]
    assert [after[i][1] - before[i][1] for i, (name, _, _) in after.items() if name == other] == [timedelta(0)]
    assert verify(made.store).false == []


@pytest.mark.parametrize("how", ["not found twice", "a notice on the page"])
def test_a_retracted_article_withdraws_what_rests_on_it_alone(read: tuple[Press, Desk], how: str) -> None:
    site, made = read
    slug = slug_of(made, HERALD)
    with made.served() as base:
        before = get(f"{base}/events/{slug}")[1]
        assert CASH in before
        assert HALL in before
        if how == "a notice on the page":
            site.pages[HERALD].paragraphs = ["This article has been retracted. Its author made up the hall."]
        else:
            site.pages[HERALD].status = 404
        made.round(timedelta(hours=8))
        if how == "not found twice":
            assert HALL in get(f"{base}/events/{slug}")[1], "a mishap is no retraction"
            made.round(timedelta(hours=33))
        after = get(f"{base}/events/{slug}")[1]
        shown, log = after.split('id="corrections"')
        assert HALL not in shown
        assert HALL in log
        assert CASH in shown, "the other report still bears it"
        fates = {c["quote"]: c["fate"] for c in json.loads(get(f"{base}/api/events/{slug}")[1])["corrections"]}
        assert fates[HALL] == "withdrawn"
        assert next(at for name, at, _ in entries(base).values() if name == slug) == made.now
    assert verify(made.store).false == []


def test_an_event_whose_only_report_is_retracted_is_gone_and_says_why(read: tuple[Press, Desk]) -> None:
    site, made = read
    slug = slug_of(made, ALONE)
    site.pages[ALONE].status = 410
    made.round(timedelta(hours=8))
    with made.served() as base:
        status, said = get(f"{base}/events/{slug}")
        assert status == 410
        assert "retracted" in said
        assert "4,000 sensors" not in get(f"{base}/")[1]
        assert slug not in {name for name, _, _ in entries(base).values()}


def test_a_publisher_that_is_unwell_retracts_nothing(read: tuple[Press, Desk]) -> None:
    site, made = read
    for page, status in zip(site.pages.values(), (500, 503, 403), strict=True):
        page.status = status
    report = made.round(timedelta(hours=8))
    assert (report.rechecked, report.corrections, report.briefs) == (3, 0, 0)
    for page in site.pages.values():
        page.status = 200
    report = made.round(timedelta(hours=11))
    assert (report.rechecked, report.corrections) == (3, 0), "it is asked again soon, and all stands"
    site.bodies.clear()
    assert made.round(timedelta(hours=26)).rechecked == 3
    assert site.bodies == [], "an unchanged page is not sent again"
