"""The command line through its front door: each promise that scripts rely on."""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

Run = subprocess.CompletedProcess[str]


def groundwire(*arguments: str | Path, home: Path) -> Run:
    command = [sys.executable, "-m", "groundwire", *map(str, arguments), "--home", str(home)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)


def answer(*arguments: str | Path, home: Path) -> Any:
    done = groundwire(*arguments, home=home)
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with the sample wire collected, built and briefed."""
    home = tmp_path_factory.mktemp("demo")
    done = groundwire("demo", "--no-serve", home=home)
    assert done.returncode == 0, done.stderr
    return home


def test_the_demo_shows_the_twelve_sample_events(demo: Path) -> None:
    events = answer("events", "--json", home=demo)["events"]
    several = [event for event in events if event["articles"] > 1]
    assert len(several) == 12
    assert all(event["headline"] and event["slug"] for event in events)


def test_the_demos_ledger_has_something_of_each_state_to_show(demo: Path) -> None:
    ledger = answer("forecasts", "list", "--json", home=demo)
    assert {f["state"] for f in ledger["forecasts"]} == {"overdue", "due", "open", "resolved", "unresolvable"}
    assert len(ledger["total"]["bins"]) >= 4
    assert 0 < ledger["total"]["brier"] < ledger["total"]["baseline"]
    assert ledger["total"]["void"] >= 1


def test_every_command_has_help_with_an_example(tmp_path: Path) -> None:
    commands = ["demo", "run", "serve", "events", "show", "search", "verify", "export", "doctor"]
    for command in [[c] for c in commands] + [["sources", c] for c in ("add", "import", "export", "list")]:
        done = groundwire(*command, "--help", home=tmp_path)
        assert done.returncode == 0
        assert "Example: groundwire" in done.stdout, command


def test_show_prints_a_page_in_three_forms(demo: Path) -> None:
    slug = answer("events", "--json", home=demo)["events"][0]["slug"]
    assert answer("show", slug, "--json", home=demo)["brief"]["headline"]["citations"]
    assert groundwire("show", slug, home=demo).stdout.count("(sample)") > 2
    markdown = groundwire("show", slug, "--markdown", home=demo).stdout
    assert markdown.startswith("# ")


def test_a_narrow_terminal_cuts_no_word_of_a_page(demo: Path) -> None:
    for event in answer("events", "--json", home=demo)["events"][:3]:
        brief = answer("show", event["slug"], "--json", home=demo)["brief"]
        shown = "".join(groundwire("show", event["slug"], home=demo).stdout.split())
        for statement in [brief["what_changed"], *brief["takeaways"], *brief["deep_dive"]]:
            assert "".join(statement["text"].split()) in shown
        assert event["slug"] in groundwire("events", home=demo).stdout


def test_an_unknown_event_is_one_clear_line(demo: Path) -> None:
    done = groundwire("show", "no-such-event", home=demo)
    assert done.returncode == 1
    assert done.stderr.strip() == "groundwire: no event 'no-such-event'; `groundwire events` lists them"


def test_search_finds_words_of_both_languages(demo: Path) -> None:
    assert answer("search", "T9", "accelerator", "--json", home=demo)["events"]
    assert answer("search", "电价", "--json", home=demo)["events"]
    assert groundwire("search", "xyzzyplugh", home=demo).returncode == 1


def test_verify_counts_what_it_checked_and_finds_a_planted_lie(demo: Path, tmp_path: Path) -> None:
    honest = answer("verify", "--json", home=demo)
    assert honest["checked"] > 100
    assert honest["false"] == []
    lied = tmp_path / "lied"
    lied.mkdir()
    with sqlite3.connect(demo / "groundwire.db") as source, sqlite3.connect(lied / "groundwire.db") as target:
        source.backup(target)
        target.execute(
            "UPDATE citations SET quote = quote || ' (allegedly)' WHERE id = (SELECT min(id) FROM citations)"
        )
    done = groundwire("verify", "--json", home=lied)
    assert done.returncode == 1
    assert len(json.loads(done.stdout)["false"]) >= 1


def test_running_again_changes_nothing(demo: Path) -> None:
    before = answer("events", "--json", home=demo)
    done = groundwire("demo", "--no-serve", home=demo)
    assert done.returncode == 0, done.stderr
    assert answer("events", "--json", home=demo) == before


def test_export_writes_the_same_bytes_twice(demo: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert groundwire("export", tmp_path / name, home=demo).returncode == 0
    files = sorted(p.relative_to(tmp_path / "one") for p in (tmp_path / "one").rglob("*") if p.is_file())
    assert files == sorted(p.relative_to(tmp_path / "two") for p in (tmp_path / "two").rglob("*") if p.is_file())
    assert all((tmp_path / "one" / f).read_bytes() == (tmp_path / "two" / f).read_bytes() for f in files)
    assert Path("index.html") in files


def test_opml_goes_out_and_comes_in_again(demo: Path, tmp_path: Path) -> None:
    file = tmp_path / "sources.opml"
    assert groundwire("sources", "export", file, home=demo).returncode == 0
    other = tmp_path / "other"
    done = groundwire("sources", "import", file, home=other)
    assert done.returncode == 0, done.stderr
    mine, theirs = (answer("sources", "list", "--json", home=home)["sources"] for home in (demo, other))
    assert [(s["url"], s["title"], s["topics"]) for s in mine] == [(s["url"], s["title"], s["topics"]) for s in theirs]


def test_the_starter_list_imports(tmp_path: Path) -> None:
    assert groundwire("sources", "import", "starter", home=tmp_path).returncode == 0
    assert len(answer("sources", "list", "--json", home=tmp_path)["sources"]) >= 60


def test_a_private_address_is_refused_unless_allowed_by_name(tmp_path: Path) -> None:
    done = groundwire("sources", "add", "http://127.0.0.1:9/feed", home=tmp_path)
    assert done.returncode == 1
    assert "--allow-host 127.0.0.1:9" in done.stderr
    assert len(done.stderr.strip().splitlines()) == 1


def test_doctor_reports_on_versions_disk_and_sources(demo: Path) -> None:
    findings = {f["name"]: f["state"] for f in answer("doctor", "--json", home=demo)["findings"]}
    assert findings["database"] == "ok"
    assert findings["sources"] == "ok"


@pytest.mark.parametrize(
    ("text", "word"),
    [("colour = 1", "unknown setting 'colour'"), ("port = 'x'", "setting port"), ("a = ", "Invalid value")],
)
def test_a_wrong_setting_is_one_line_that_names_it(tmp_path: Path, text: str, word: str) -> None:
    (tmp_path / "settings.toml").write_text(text)
    done = groundwire("events", home=tmp_path)
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr


def test_a_killed_demo_goes_on_where_it_was(demo: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "groundwire", "demo", "--no-serve", "--home", str(tmp_path)]
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not _stored_articles(tmp_path):
        time.sleep(0.2)
    time.sleep(2)
    os.kill(process.pid, signal.SIGKILL)
    process.wait()
    done = groundwire("demo", "--no-serve", home=tmp_path)
    assert done.returncode == 0, done.stderr

    def headlines(home: Path) -> set[tuple[str, int]]:
        return {(e["headline"], e["articles"]) for e in answer("events", "--json", home=home)["events"]}

    assert headlines(tmp_path) == headlines(demo)
    assert answer("verify", "--json", home=tmp_path)["false"] == []


def _stored_articles(home: Path) -> bool:
    try:
        with sqlite3.connect(f"file:{home / 'groundwire.db'}?mode=ro", uri=True) as connection:
            return connection.execute("SELECT 1 FROM articles").fetchone() is not None
    except sqlite3.OperationalError:  # not there yet
        return False


def test_a_second_run_at_the_same_time_is_refused(demo: Path) -> None:
    from datetime import UTC, datetime, timedelta

    from groundwire.storage import Store

    with Store(f"sqlite:///{demo / 'groundwire.db'}") as store:
        now = datetime.now(UTC)
        assert store.leases.take("run", "another machine", now, timedelta(minutes=1)) is None
        done = groundwire("run", "--once", home=demo)
        store.leases.release("run", "another machine")
    assert done.returncode == 1
    assert "another run is under way (another machine)" in done.stderr
