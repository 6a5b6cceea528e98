from __future__ import annotations

import json
from dataclasses import replace
from datetime import date

import pytest
from brief_samples import SamplePages

from groundwire.briefs import check_citations, from_json, statements, to_json
from groundwire.types import Brief, Citation, Statement


@pytest.fixture(scope="module")
def brief(sample_pages: SamplePages) -> Brief:
    return sample_pages.briefs["quaylight-prices"]


def lie(brief: Brief, **changes: object) -> Brief:
    assert brief.what_changed is not None
    citation = replace(brief.what_changed.citations[0], **changes)  # type: ignore[arg-type]  # a test may say anything
    return replace(brief, what_changed=replace(brief.what_changed, citations=(citation,)))


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"quote": "Quaylight raised its prices."}, "the quote is not what"),
        ({"start": 3}, "the quote is not what"),
        ({"version_id": 10_000}, "is not there"),
        ({"end": 10**9}, "lies outside"),
        ({"start": -5, "end": 4}, "lies outside"),
    ],
)
def test_a_planted_lie_is_found(
    brief: Brief, sample_pages: SamplePages, changes: dict[str, object], reason: str
) -> None:
    articles = {a.id: a for a in sample_pages.articles["quaylight-prices"]}
    problems = check_citations(lie(brief, **changes), articles)
    assert any(reason in p.reason for p in problems)
    assert all(p.section == "what_changed" for p in problems)


def test_altered_words_and_missing_citations_are_found(brief: Brief, sample_pages: SamplePages) -> None:
    articles = {a.id: a for a in sample_pages.articles["quaylight-prices"]}
    bare = replace(brief, headline=replace(brief.headline, citations=()))
    altered = replace(brief, headline=replace(brief.headline, text="Quaylight doubles its prices"))
    assert [p.reason for p in check_citations(bare, articles)] == ["no citation"]
    assert "differs from the words" in check_citations(altered, articles)[0].reason
    assert check_citations(brief, articles) == []


def test_every_brief_survives_json_unchanged(sample_pages: SamplePages) -> None:
    for made in sample_pages.briefs.values():
        assert from_json(json.loads(json.dumps(to_json(made), ensure_ascii=False))) == made


def test_json_keys_are_sorted_and_dates_are_iso(brief: Brief) -> None:
    plain = to_json(brief)
    assert list(plain) == sorted(plain)
    assert plain["timeline"]
    assert date.fromisoformat(plain["timeline"][0]["first"]) == brief.timeline[0].first


@pytest.mark.parametrize("broken", [{}, {"event_id": 1}, {"headline": 3}])
def test_what_is_no_brief_is_refused(broken: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="not a brief"):
        from_json(broken)


def test_statements_are_given_in_page_order(brief: Brief) -> None:
    given = list(statements(brief))
    assert given[0] == brief.headline
    assert all(isinstance(s, Statement) and isinstance(s.citations[0], Citation) for s in given)
