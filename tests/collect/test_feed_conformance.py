"""The conformance sets hold the target that the project set itself (benchmarks/feeds.py measures and explains)."""

from __future__ import annotations

from pathlib import Path

import pytest
from benchmarks.feeds import CORE, Tally, feedparser_cases, gofeed_cases, ours, replay, run


def core(tally: Tally) -> float:
    return sum(tally.right[kind] for kind in CORE) / sum(tally.all[kind] for kind in CORE)


def need(path: Path) -> Path:
    if not path.exists():
        pytest.skip(f"no feeds at {path}")
    return path


@pytest.mark.data
def test_feedparsers_own_cases_are_right(data_dir: Path) -> None:
    cases, _ = feedparser_cases(need(data_dir / "feeds" / "feedparser"))
    assert core(run(cases, ours)) >= 0.98


@pytest.mark.data
def test_gofeeds_cases_are_right(data_dir: Path) -> None:
    assert core(run(gofeed_cases(need(data_dir / "feeds" / "gofeed")), ours)) >= 0.98


@pytest.mark.data
def test_of_a_real_feed_over_months_nothing_is_stored_twice(data_dir: Path) -> None:
    archives = sorted(need(data_dir / "feeds" / "history").glob("*.tar.*"))
    row = replay(archives[0], 25)
    assert row["stored twice"] == 0
    assert int(str(row["new entries"])) > 0
