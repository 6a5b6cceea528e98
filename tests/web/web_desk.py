"""A small desk of made-up news in a real database, for the tests of the site."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from fastapi import FastAPI
from starlette.testclient import TestClient

from groundwire.briefs import statements, to_json
from groundwire.errors import FetchError
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.events import EventFacts, Placement
from groundwire.types import (
    Action,
    Article,
    Audience,
    Brief,
    Citation,
    DateMention,
    Extracted,
    Implication,
    Milestone,
    NumberGroup,
    NumberRow,
    Provenance,
    Quantity,
    Reason,
    RelatedEvent,
    Section,
    Source,
    Statement,
)
from groundwire.web import create_app

NOW = datetime(2026, 3, 9, 12, 0, tzinfo=UTC)
TOKEN = "a-token-for-tests-only-0123456789"
BASE = "http://127.0.0.1:8700"

WIRE = (
    "Ferrule Systems cuts inference prices by 40%",
    "Ferrule Systems cut the price of its Brindle model by 40% to $1.20 per million output tokens on Monday.\n"
    "The new price follows a move to eight-bit weights, which the company says doubled throughput on 96 accelerators.\n"
    "Ferrule expects revenue per accelerator to recover by the third quarter of 2026 because volume will rise.",
)
COPY = (
    "Ferrule lowers inference prices",
    "Ferrule Systems cut the price of its Brindle model by 40% to $1.20 per million output tokens on Monday.\n"
    "Rivals did not comment.",
)
ZH = (
    "费鲁尔下调推理价格",
    "费鲁尔公司周一把布林德模型的输出价格下调35%，至每百万词元1.30美元。\n创业公司应当重新计算自己的推理成本。",
)
QUIET = (
    "Pellworth opens a hall cooled by sea water",
    "Pellworth opened a hall of 12 megawatts that is cooled by sea water.\nIt took two years to build.",
)
HOSTILE_TITLE = "</script><script>alert(1)</script> <b>\"Grand\" & 'total'</b> {{ 7*7 }} \u202eevil"
HOSTILE = (HOSTILE_TITLE, "<img src=x onerror=alert(1)> javascript:alert(1) \u2028 end of it.\nNothing else.")


class Desk:
    """Fills a store and remembers what it put where."""

    def __init__(self, store: Store) -> None:
        self.store = store
        self.slugs: dict[str, str] = {}
        self.articles: dict[str, Article] = {}
        self._next = 1

    def source(self, title: str, language: str) -> int:
        url = f"https://{title.split()[0].lower()}.example/feed.xml"
        home = url.removesuffix("feed.xml")
        made = Source(id=0, url=url, title=title, homepage=home, language=language, topics=("Wire",))
        return self.store.sources.add(made, NOW - timedelta(days=30)).id

    def article(
        self, key: str, source: int, said: tuple[str, str], published: datetime, *, language: str = "en", url: str = ""
    ) -> Article:
        found = Extracted(
            title=said[0],
            body=said[1],
            author="Ada Whitlow" if language == "en" else None,
            published_at=published,
            published_evidence="feed",
            language=language,
            canonical_url=None,
        )
        collected = published + timedelta(minutes=86)
        with self.store.database.write() as connection:
            address = url or f"https://news.example/{key}"
            article_id = self.store.articles.save(connection, source, address, found, collected)
            self.store.search.index(connection, article_id, f"{said[0]}\n{said[1]}")
        self.articles[key] = self.store.articles.history(article_id)[-1]
        return self.articles[key]

    def event(
        self,
        key: str,
        members: dict[str, str],
        topics: tuple[str, ...],
        make: Callable[[int], Brief],
        importance: float,
    ) -> int:
        """``members``: article key -> key of its origin."""
        event_id, self._next = self._next, self._next + 1
        articles = [self.articles[name] for name in members]
        first = min(articles, key=lambda a: a.published_at)
        placements = [
            Placement(
                article_id=self.articles[name].article_id,
                event_id=event_id,
                origin_id=self.articles[origin].article_id,
                reasons=(Reason(kind="entities", detail="Ferrule Systems, Brindle", weight=0.8),),
                fingerprint=b"",
            )
            for name, origin in members.items()
        ]
        self.store.events.place(placements, [], "test", NOW)
        brief = make(event_id)
        self.store.events.save_facts(
            EventFacts(
                event_id=event_id,
                title=first.title,
                language=first.language,
                first_published_at=first.published_at,
                last_published_at=max(a.published_at for a in articles),
                topics=topics,
                importance=importance,
            )
        )
        self.store.events.save_related(event_id, brief.related)
        document = json.dumps(to_json(brief), ensure_ascii=False, sort_keys=True)
        stored = StoredBrief(event_id=event_id, language="en", document=document, build="b" * 64, made_at=NOW)
        self.store.briefs.save(stored, list(statements(brief)), None)
        self.slugs[key] = self.store.events.get(event_id).slug
        return event_id

    def say(self, section: Section, *places: tuple[str, str], language: str = "en") -> Statement:
        """A statement in the words of the first place; each place is (article key, words)."""
        citations = tuple(self.cite(key, words) for key, words in places)
        return Statement(section=section, text=citations[0].quote, citations=citations, language=language)

    def cite(self, key: str, words: str) -> Citation:
        article = self.articles[key]
        start = article.text.index(words)
        return Citation(version_id=article.id, start=start, end=start + len(words), quote=words)

    def plain(self, key: str, event_id: int, language: str = "en") -> Brief:
        """A brief that says no more than the article's title and first sentence."""
        title, body = self.articles[key].text.split("\n\n", 1)
        sentence = body.split("\n")[0]
        return Brief(
            event_id=event_id,
            language=language,
            headline=self.say("headline", (key, title), language=language),
            hook=None,
            what_changed=self.say("what_changed", (key, sentence), language=language),
            why_it_matters=None,
            what_to_do=None,
            who_should_care=(),
            takeaways=(),
            deep_dive=(),
            numbers=(),
            implications=(),
            timeline=(),
            related=(),
            action=None,
            provenance=Provenance(model=None, proposed=4, kept=2, dropped=2, build="c" * 64),
            absent={"hook": "nothing to say", "takeaways": "one short source"},
        )

    def full(self, event_id: int, earlier: RelatedEvent) -> Brief:
        """A brief with every element."""
        cut = "Ferrule Systems cut the price of its Brindle model by 40% to $1.20 per million output tokens on Monday."
        forecast = WIRE[1].split("\n")[2]
        horizon = DateMention(
            start=0,
            end=25,
            text="the third quarter of 2026",
            first=date(2026, 7, 1),
            last=date(2026, 9, 30),
            grain="quarter",
        )
        return Brief(
            event_id=event_id,
            language="en",
            headline=self.say("headline", ("wire", WIRE[0])),
            hook=self.say("hook", ("copy", "Rivals did not comment.")),
            what_changed=self.say("what_changed", ("wire", cut), ("copy", cut), ("zh", ZH[1].split("\n")[0])),
            why_it_matters=self.say("why_it_matters", ("wire", "doubled throughput on 96 accelerators")),
            what_to_do=self.say("what_to_do", ("zh", "创业公司应当重新计算自己的推理成本。"), language="zh"),
            who_should_care=(
                Audience(role="founders", statement=self.say("who_should_care", ("zh", "创业公司"), language="zh")),
            ),
            takeaways=(self.say("takeaways", ("wire", WIRE[1].split("\n")[1])),),
            deep_dive=(self.say("deep_dive", ("wire", "a move to eight-bit weights")),),
            numbers=(
                NumberGroup(
                    measures="price cut",
                    status="conflicts",
                    rows=(
                        self.number("wire", cut, "40%", 40.0),
                        self.number("copy", cut, "40%", 40.0),
                        self.number("zh", ZH[1].split("\n")[0], "35%", 35.0),
                    ),
                ),
            ),
            implications=(
                Implication(
                    statement=self.say("implications", ("wire", forecast)),
                    who="Ferrule",
                    horizon=horizon,
                    reason=self.say("implications", ("wire", "volume will rise")),
                ),
            ),
            timeline=(
                Milestone(
                    first=date(2026, 2, 20),
                    last=date(2026, 2, 20),
                    grain="day",
                    statement=self.say("timeline", ("quiet", "It took two years to build.")),
                    event_id=earlier.event_id,
                ),
                Milestone(
                    first=date(2026, 3, 9),
                    last=date(2026, 3, 9),
                    grain="day",
                    statement=self.say("timeline", ("wire", cut)),
                ),
            ),
            related=(earlier,),
            action=Action(
                kind="price",
                parameters={"output_usd_per_mtok": "1.2"},
                statement=self.say("action", ("wire", "$1.20 per million output tokens")),
            ),
            provenance=Provenance(model=None, proposed=40, kept=14, dropped=26, build="a" * 64),
            absent={},
        )

    def number(self, key: str, sentence: str, figure: str, value: float) -> NumberRow:
        at = self.articles[key].text.index(sentence) + sentence.index(figure)
        quantity = Quantity(start=at, end=at + len(figure), text=figure, kind="percent", value=value, unit="%")
        language = self.articles[key].language
        return NumberRow(
            quantity=quantity,
            outlet=self.articles[key].outlet,
            statement=self.say("numbers", (key, sentence), language=language),
        )


def fill(store: Store) -> Desk:
    """Four visible events, a merged one, a hidden one."""
    desk = Desk(store)
    wire, copy, zh = (
        desk.source("Lanternpost Wire", "en"),
        desk.source("Copperplate Daily", "en"),
        desk.source("灯柱快报", "zh"),
    )
    monday = NOW - timedelta(hours=3)
    desk.article("wire", wire, WIRE, monday)
    desk.article("copy", copy, COPY, monday + timedelta(minutes=30))
    desk.article("zh", zh, ZH, monday + timedelta(hours=1), language="zh")
    desk.article("quiet", wire, QUIET, NOW - timedelta(days=17))
    desk.article("hostile", copy, HOSTILE, NOW - timedelta(days=2), url="javascript:alert(1)")
    desk.article("second", copy, ("Ferrule price cut explained", "It is a large cut.\nRivals wait."), monday)
    desk.article("secret", copy, ("To be hidden", "Nobody should read it.\nThe end."), monday)
    desk.event("quiet", {"quiet": "quiet"}, ("energy",), lambda n: desk.plain("quiet", n), 0.4)
    earlier = RelatedEvent(
        event_id=1,
        slug=desk.slugs["quiet"],
        title=QUIET[0],
        relation="earlier",
        reasons=(Reason(kind="similarity", detail="62% alike in meaning", weight=0.5),),
    )
    members = {"wire": "wire", "copy": "wire", "zh": "zh"}
    desk.event("full", members, ("price", "models"), lambda n: desk.full(n, earlier), 0.9)
    desk.event("hostile", {"hostile": "hostile"}, ("price",), lambda n: desk.plain("hostile", n), 0.2)
    merged = desk.event("merged", {"second": "second"}, ("price",), lambda n: desk.plain("second", n), 0.1)
    hidden = desk.event("hidden", {"secret": "secret"}, ("price",), lambda n: desk.plain("secret", n), 0.95)
    full = store.events.by_slug(desk.slugs["full"])
    store.events.merge(full.id, merged, NOW)
    store.events.set_hidden(hidden, NOW, hidden=True)
    return desk


class FakeSources:
    """Stands in for the network: every address has a feed but the dead one."""

    def __init__(self, store: Store) -> None:
        self.store, self.asked = store, list[str]()

    async def __call__(self, url: str) -> Source:
        self.asked.append(url)
        if "dead" in url:
            raise FetchError(url, "no such host")
        return self.store.sources.add(Source(id=0, url=url, title="A new source"), NOW)


def make_app(desk: Desk, home: Path) -> FastAPI:
    settings = Settings(home=home, base_url=BASE)
    return create_app(desk.store, settings, token=TOKEN, now=lambda: NOW, add_source=FakeSources(desk.store))


def make_client(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, base_url=BASE, follow_redirects=False, headers={"Accept-Language": "en"}) as made:
        yield made
