"""What the records promise, on each database."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from groundwire.errors import NotFound, StorageError
from groundwire.storage import Store, schema
from groundwire.storage.briefs import StoredBrief
from groundwire.storage.events import EventFacts, Placement
from groundwire.storage.sources import FetchRecord
from groundwire.types import Citation, Entry, Extracted, PollState, Reason, Source, Statement

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


def add_source(store: Store, url: str = "https://wire.example/feed") -> Source:
    return store.sources.add(Source(id=0, url=url, title="Wire (sample)"), NOW)


def add_article(store: Store, source: Source, title: str, body: str = "A body.", url: str = "") -> int:
    extracted = Extracted(
        title=title,
        body=body,
        author=None,
        published_at=NOW - timedelta(hours=2),
        published_evidence="meta",
        language="en",
        canonical_url=None,
    )
    with store.database.write() as connection:
        article_id = store.articles.save(connection, source.id, url or f"https://wire.example/{title}", extracted, NOW)
        store.search.index(connection, article_id, f"{title}\n{body}")
    return article_id


def place(store: Store, article_id: int, event_id: int) -> None:
    reason = Reason(kind="similarity", detail="0.8", weight=0.8)
    placement = Placement(
        article_id=article_id, event_id=event_id, origin_id=article_id, reasons=(reason,), fingerprint=b"\x00\x01"
    )
    store.events.place([placement], [], "fake", NOW)


def publish(store: Store, event_id: int, statements: list[Statement]) -> None:
    brief = StoredBrief(event_id=event_id, language="en", document="{}", build="b", made_at=NOW)
    store.briefs.save(brief, statements, None)


def cite(store: Store, article_id: int, start: int, end: int, section: str = "headline") -> Statement:
    version = store.articles.history(article_id)[-1]
    quote = version.text[start:end]
    citation = Citation(version_id=version.id, start=start, end=end, quote=quote)
    return Statement(section="headline", text=quote, citations=(citation,), language="en")


def test_adding_the_same_source_twice_keeps_one(store: Store) -> None:
    assert add_source(store).id == add_source(store).id
    assert len(store.sources.all()) == 1


def test_a_new_source_is_due_and_a_polled_one_is_not(store: Store) -> None:
    source = add_source(store)
    assert [s.id for s, _ in store.sources.due(NOW)] == [source.id]
    state = PollState(etag='W/"x"', next_poll_at=NOW + timedelta(minutes=15), last_success_at=NOW)
    record = FetchRecord(
        fetched_at=NOW,
        status=200,
        not_modified=False,
        bytes_read=10,
        elapsed_s=0.1,
        entries=1,
        new_entries=1,
        error=None,
    )
    with store.database.write() as connection:
        store.sources.save_poll(connection, source.id, state, record)
    assert store.sources.due(NOW) == []
    assert store.sources.due(NOW + timedelta(minutes=15))[0][1].etag == 'W/"x"'
    assert store.sources.next_due_at() == NOW + timedelta(minutes=15)
    assert store.sources.health(NOW)[0].word == "ok"


def test_an_entry_is_new_once_changed_when_edited_and_known_by_its_second_key(store: Store) -> None:
    source = add_source(store)

    def save(entry: Entry) -> int:
        with store.database.write() as connection:
            return store.entries.save(connection, source.id, [entry], NOW, lambda e: e.url)

    first = Entry(key="k1", url="https://wire.example/1", title="One", html="text")
    assert save(first) == 1
    assert save(first) == 0
    assert save(Entry(key="session-2", url="https://wire.example/1", title="One", html="text")) == 0
    due = store.entries.due(NOW, 10)
    assert [d.entry.title for d in due] == ["One"]
    with store.database.write() as connection:
        store.entries.done(connection, due[0].id, None)
    assert store.entries.due(NOW, 10) == []
    save(Entry(key="k1", url="https://wire.example/1", title="One, corrected", html="text"))
    assert [d.entry.title for d in store.entries.due(NOW, 10)] == ["One, corrected"]


def test_an_edited_article_gets_a_new_version_and_the_old_one_stays(store: Store) -> None:
    source = add_source(store)
    article = add_article(store, source, "Title", "It costs 2 dollars.", url="https://wire.example/1")
    assert add_article(store, source, "Title", "It costs 2 dollars.", url="https://wire.example/1") == article
    assert add_article(store, source, "Title", "It costs 3 dollars.", url="https://wire.example/1") == article
    versions = store.articles.history(article)
    assert [v.version for v in versions] == [1, 2]
    assert versions[0].text == "Title\n\nIt costs 2 dollars."
    assert versions[0].text[versions[0].body_start :] == "It costs 2 dollars."
    assert [v.id for v in store.articles.due(10)] == [versions[1].id]


def test_the_database_refuses_to_change_a_version(store: Store) -> None:
    add_article(store, add_source(store), "Title")
    with pytest.raises(sa.exc.DBAPIError, match="immutable"), store.database.engine.begin() as connection:
        connection.execute(schema.article_versions.update().values(text="forged"))


def test_the_database_refuses_a_published_statement_without_citation(store: Store) -> None:
    article = add_article(store, add_source(store), "Title")
    place(store, article, 1)
    naked = Statement(section="hook", text="Trust me.", citations=(), language="en")
    with pytest.raises(sa.exc.DBAPIError, match="citation"):
        publish(store, 1, [naked])
    publish(store, 1, [cite(store, article, 0, 5)])
    with pytest.raises(sa.exc.DBAPIError, match="last citation"), store.database.engine.begin() as connection:
        connection.execute(schema.citations.delete())


def test_a_true_citation_holds_and_a_planted_lie_is_found(store: Store) -> None:
    article = add_article(store, add_source(store), "Title", "Prices fell 40 %.")
    place(store, article, 1)
    publish(store, 1, [cite(store, article, 0, 5), cite(store, article, 7, 23)])
    assert [c.holds for c in store.briefs.all_citations()] == [True, True]
    with store.database.engine.begin() as connection:
        connection.execute(schema.citations.update().where(schema.citations.c.quote == "Title").values(quote="Titles"))
    assert [c.holds for c in store.briefs.all_citations()] == [False, True]


def test_a_brief_is_replaced_whole_and_the_event_is_no_longer_due(store: Store) -> None:
    article = add_article(store, add_source(store), "Title")
    place(store, article, 1)
    assert store.events.due(10) == [(1, NOW)]
    publish(store, 1, [cite(store, article, 0, 5)])
    publish(store, 1, [cite(store, article, 0, 4)])
    assert store.events.due(10) == []
    assert [c.quote for c in store.briefs.all_citations()] == ["Titl"]


def test_merged_events_redirect_for_ever(store: Store) -> None:
    source = add_source(store)
    articles = [add_article(store, source, f"Story {n}") for n in range(3)]
    for event_id, article in enumerate(articles, 1):
        place(store, article, event_id)
        publish(store, event_id, [cite(store, article, 0, 5)])
    slugs = [store.events.get(n).slug for n in (1, 2, 3)]
    store.events.merge(2, 3, NOW)
    store.events.merge(1, 2, NOW)
    assert {store.events.by_slug(slug).id for slug in slugs} == {1}
    assert [m.article_id for m in store.events.get(1).members] == articles
    assert [(d.first_id, d.second_id) for d in store.events.decisions()] == [
        (articles[1], articles[2]),
        (articles[0], articles[1]),
        (articles[0], articles[2]),
    ]
    assert [e.id for e in store.events.page()] == [1]


def test_split_pin_and_hide_are_recorded(store: Store) -> None:
    source = add_source(store)
    articles = [add_article(store, source, f"Story {n}") for n in range(3)]
    for article in articles:
        place(store, article, 1)
    new = store.events.split([articles[2]], 1, NOW)
    assert [m.article_id for m in store.events.get(new).members] == [articles[2]]
    store.events.pin(articles[1], new, NOW)
    assert store.events.of_article(articles[1]) == new
    publish(store, 1, [cite(store, articles[0], 0, 5)])
    store.events.set_hidden(1, NOW, hidden=True)
    assert store.events.page() == []
    assert [d.kind for d in store.events.decisions()] == ["split", "split", "pin", "hide"]
    with pytest.raises(NotFound, match="some, not all"):
        store.events.split([articles[0]], 1, NOW)


def test_slugs_are_readable_ascii_and_never_reused(store: Store) -> None:
    source = add_source(store)
    titles = [
        "Orrin Cloud cuts prices — by 40 %!",
        "Orrin Cloud cuts prices by 40 %",
        "云厂商 Orrin 降价",
        "AI芯片9月降价",
        "涨价",
        "机房断电，AI应用宕机9小时",
    ]
    bodies = {6: "今晨，鹭汀云（Luting Cloud）青屏（Qingping）地域中断，Luting Cloud正在修复AI服务。"}
    for event_id, title in enumerate(titles, 1):
        place(store, add_article(store, source, title, bodies.get(event_id, "正文。")), event_id)
    assert [store.events.get(n).slug for n in range(1, 7)] == [
        "2026-11-20-orrin-cloud-cuts-prices-by-40",
        "2026-11-20-orrin-cloud-cuts-prices-by-40-2",
        "2026-11-20-orrin",
        "2026-11-20-ai-9-event-4",
        "2026-11-20-event-5",
        "2026-11-20-luting-cloud-qingping",
    ]


def test_search_finds_english_and_chinese_words(store: Store) -> None:
    source = add_source(store)
    bodies = [("Cooling", "Liquid cooling halves the bill."), ("液冷", "液冷数据中心把推理成本降低了一半。")]
    for event_id, (title, body) in enumerate(bodies, 1):
        article = add_article(store, source, title, body)
        place(store, article, event_id)
        publish(store, event_id, [cite(store, article, 0, 2)])
    assert [h.event_id for h in store.search.find("liquid COOL")] == [1]
    assert [h.event_id for h in store.search.find("推理成本")] == [2]
    assert store.search.find("liquid 推理") == []
    assert store.search.find("' OR \" * : & | !") == []


def test_facts_order_the_front_page_and_topics_filter_it(store: Store) -> None:
    source = add_source(store)
    for event_id in (1, 2):
        article = add_article(store, source, f"Story {event_id}")
        place(store, article, event_id)
        publish(store, event_id, [cite(store, article, 0, 5)])
        facts = EventFacts(
            event_id=event_id,
            title=f"T{event_id}",
            language="en",
            first_published_at=NOW,
            last_published_at=NOW,
            topics=("chips",) if event_id == 1 else ("chips", "energy"),
            importance=float(event_id),
        )
        store.events.save_facts(facts)
    assert [e.title for e in store.events.page()] == ["T2", "T1"]
    assert [e.id for e in store.events.page(topic="energy")] == [2]
    assert store.events.topics() == {"chips": 2, "energy": 1}
    assert [e.id for e in store.events.page(language="zh")] == []


def test_a_lease_is_held_by_one_until_it_runs_out(store: Store) -> None:
    minute = timedelta(minutes=1)
    assert store.leases.take("run", "a", NOW, minute) is None
    assert store.leases.take("run", "b", NOW, minute) == "a"
    assert store.leases.take("run", "a", NOW + minute / 2, minute) is None
    assert store.leases.take("run", "b", NOW + 2 * minute, minute) is None
    store.leases.release("run", "a")
    assert store.leases.take("run", "a", NOW + 2 * minute, minute) == "b"


def test_naive_times_are_refused(store: Store) -> None:
    with pytest.raises(sa.exc.StatementError, match="naive"):
        store.sources.due(datetime(2026, 11, 20))


def test_migrations_lead_to_the_schema_that_the_code_uses(store: Store) -> None:
    inspector = sa.inspect(store.database.engine)
    for table in schema.metadata.tables.values():
        assert {c["name"] for c in inspector.get_columns(table.name)} == set(table.columns.keys()), table.name


def test_a_newer_schema_is_refused_with_a_clear_word(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    with Store(url) as store, store.database.engine.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(StorageError, match="newer Groundwire; upgrade"):
        Store(url)


def test_a_full_disk_is_one_clear_line_and_what_was_stored_stays(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    with Store(url) as store:
        source = add_source(store)
        add_article(store, source, "Kept")
        with store.database.read() as connection:
            pages = connection.exec_driver_sql("PRAGMA page_count").scalar_one()
            connection.exec_driver_sql(f"PRAGMA max_page_count = {pages}")  # the connection returns to the pool
        with pytest.raises(StorageError, match="free some space"):
            for n in range(100):
                add_article(store, source, f"Story {n}", "x" * 10_000)
    with Store(url) as store:
        assert store.articles.count() >= 1
        assert store.articles.due(1)[0].title == "Kept"


WRITER = """
import sys
from datetime import UTC, datetime
from groundwire.storage import Store
from groundwire.types import Entry, Source
now = datetime(2026, 11, 20, tzinfo=UTC)
store = Store(sys.argv[1])
source = store.sources.add(Source(id=0, url="https://a.example/", title="A"), now)
for n in range(100_000):
    with store.database.write() as connection:
        store.entries.save(connection, source.id, [Entry(key=str(n), url=None, title="t")], now, lambda e: None)
    print(n, flush=True)
"""


def test_nothing_acknowledged_is_lost_when_the_process_is_killed(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'test.db'}"
    process = subprocess.Popen([sys.executable, "-c", WRITER, url], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    acknowledged = [int(process.stdout.readline()) for _ in range(50)]
    os.kill(process.pid, signal.SIGKILL)
    acknowledged += [int(line) for line in process.stdout.read().split()]
    process.wait()
    with Store(url) as store:
        stored = {int(due.entry.key) for due in store.entries.due(NOW, 200_000)}
    assert set(acknowledged) <= stored
