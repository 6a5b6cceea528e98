"""The sample pages as an editor would judge them."""

from __future__ import annotations

import pytest
from brief_samples import SamplePages


def test_every_sample_event_has_the_heart_of_a_page(sample_pages: SamplePages) -> None:
    for key, brief in sample_pages.briefs.items():
        assert brief.what_changed is not None, key
        assert brief.numbers, key
        assert brief.implications, key
        assert brief.who_should_care, key
        assert len(brief.takeaways) + len(brief.deep_dive) >= 3, key


def test_most_sample_events_advise_the_reader(sample_pages: SamplePages) -> None:
    advised = [key for key, brief in sample_pages.briefs.items() if brief.what_to_do is not None]
    assert len(advised) >= 0.6 * len(sample_pages.briefs)


def test_headlines_are_in_the_readers_language_and_no_questions(sample_pages: SamplePages) -> None:
    for brief in sample_pages.briefs.values():
        assert brief.headline.language == "en"
        assert not brief.headline.text.endswith("?")


def test_several_sources_speak_on_a_page_with_several_sources(sample_pages: SamplePages) -> None:
    for key, brief in sample_pages.briefs.items():
        sources = {c.version_id for s in (*brief.takeaways, *brief.deep_dive) for c in s.citations}
        sources |= {s.citations[0].version_id for s in (brief.what_changed, brief.what_to_do, brief.hook) if s}
        assert len(sources) >= 2, key


def test_the_known_milestones_are_on_the_timelines(sample_pages: SamplePages) -> None:
    wanted = found = 0
    for key, gold in sample_pages.gold.items():
        newest = max(a.published_at.date() for a in sample_pages.articles[key])
        for milestone in gold.milestones:
            if milestone.date.first <= newest:
                wanted += 1
                found += any(m.first <= milestone.date.first <= m.last for m in sample_pages.briefs[key].timeline)
    assert found >= 0.75 * wanted


@pytest.mark.parametrize("words", ["Subscribe", "newsletter", "Sponsored", "关注"])
def test_nothing_of_the_outlets_furniture_is_on_a_page(words: str, sample_pages: SamplePages) -> None:
    for brief in sample_pages.briefs.values():
        assert words not in repr(brief)
