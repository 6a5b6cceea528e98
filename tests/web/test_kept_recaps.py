"""A week that is over stays what it said, but for corrections and what is hidden."""

from __future__ import annotations

from datetime import timedelta

from web_desk import NOW, Desk

from groundwire import recaps
from groundwire.corrections import Correction
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Recap, ranked, week_of

WEEK = week_of(NOW.date())
AFTER = NOW + timedelta(days=9)


def read(desk: Desk, interests: Interests | None = None) -> Recap:
    return recaps.read_recap(desk.store, WEEK, interests or Interests())


def grow(desk: Desk) -> None:
    """Next week somebody reports on an event of this one."""
    source = desk.store.sources.all()[0].id
    desk.article("late", source, ("Pellworth hall, a year on", "It was told late."), NOW - timedelta(hours=1))
    desk.event("late", {"late": "late"}, ("energy",), lambda n: desk.plain("late", n), 9.0)


def test_a_past_week_is_kept_and_does_not_change(own_desk: Desk) -> None:
    before = read(own_desk)
    assert recaps.keep_past(own_desk.store, AFTER) >= 1
    own_desk._next = 100
    grow(own_desk)
    assert read(own_desk) == before
    assert recaps.keep_past(own_desk.store, AFTER + timedelta(hours=1)) == 0


def test_a_running_week_is_not_kept(own_desk: Desk) -> None:
    recaps.keep_past(own_desk.store, NOW)
    assert own_desk.store.recaps.get(WEEK.name) is None


def test_a_correction_makes_a_kept_week_anew(own_desk: Desk) -> None:
    recaps.keep_past(own_desk.store, AFTER)
    own_desk._next = 100
    grow(own_desk)
    before = read(own_desk)
    event = own_desk.store.events.by_slug(before.stories[0].slug)
    article = own_desk.store.articles.of_event(event.id)[0]
    correction = Correction(
        article_id=article.article_id, version_id=article.id, newer_id=None, section="hook", statement="s",
        language="en", start=0, end=5, quote=article.text[:5], now_says="", now_start=0, kind="vanished",
        fate="withdrawn",
    )  # fmt: skip
    own_desk.store.corrections.log(event.id, [correction], AFTER + timedelta(hours=2))
    assert read(own_desk).reports == before.reports + 1
    assert recaps.keep_past(own_desk.store, AFTER + timedelta(hours=3)) == 1
    assert read(own_desk).reports == before.reports + 1


def test_what_is_hidden_leaves_a_kept_week(own_desk: Desk) -> None:
    recaps.keep_past(own_desk.store, AFTER)
    slug = next(e.slug for e in read(own_desk).stories)
    event = own_desk.store.events.by_slug(slug)
    own_desk.store.events.set_hidden(event.id, AFTER, hidden=True)
    told = read(own_desk)
    assert slug not in {e.slug for e in (*told.stories, *told.running)} | {f.slug for f in told.numbers}


def test_a_kept_week_is_ranked_for_each_reader(own_desk: Desk) -> None:
    recaps.keep_past(own_desk.store, AFTER)
    mine = read(own_desk, Interests(topics=("energy",)))
    fresh = ranked(recaps.make_draft(own_desk.store, WEEK), mine.due, Interests(topics=("energy",)))
    assert mine == fresh
    assert mine.stories[0].why.score != read(own_desk).stories[0].why.score
