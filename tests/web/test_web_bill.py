"""The desk's own bill: on its page, as data, and under each event."""

from __future__ import annotations

import dataclasses
import json
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from starlette.testclient import TestClient
from web_desk import NOW, Desk

from groundwire.bill import bill, check, is_local
from groundwire.editions.export import File
from groundwire.errors import SettingsError
from groundwire.llm import Call
from groundwire.settings import Settings
from groundwire.storage.work import Asked, Worked
from groundwire.web.static_copy import static_files
from groundwire.web.views.bill import SpreadView, amount, between

DAY = datetime(2026, 3, 9, tzinfo=UTC)


def asked(model: str, **changes: Any) -> Asked:
    call = Asked(
        model=model, day=DAY.date(), calls=10, input_tokens=30_000, output_tokens=6_000, cost_usd=0.25, elapsed_s=90.0
    )
    return dataclasses.replace(call, **changes)


def call(event_id: int, model: str, prompt: str = "a") -> Call:
    return Call(
        prompt_hash=prompt, purpose="write", event_id=event_id, model=model, parameters={}, answer="{}", input_tokens=3000,
        output_tokens=600, cost_usd=None, elapsed_s=9.0, asked_at=NOW,
    )  # fmt: skip


def settings(tmp_path: Path, **changes: Any) -> Settings:
    return dataclasses.replace(Settings(home=tmp_path), **changes)


def test_a_hundred_seconds_of_a_core_are_a_sixth_of_a_watt_hour(tmp_path: Path) -> None:
    found = bill(
        [Worked(stage="brief", day=DAY.date(), number=4, processor_s=100.0)], [], settings(tmp_path, region="US")
    )
    # 100 s x 3.76 W x 1.54 = 579 J = 0.1608 Wh; x 384.4 g/kWh = 0.0618 g
    assert found.footprint.energy.mid / 3600 == pytest.approx(0.1608, rel=1e-3)
    assert found.footprint.emissions.mid * 1e3 == pytest.approx(0.0618, rel=2e-3)
    assert found.briefs == 4 and found.complete


def test_a_model_of_our_own_takes_what_its_machine_draws_while_it_answers(tmp_path: Path) -> None:
    own = settings(tmp_path, model_url="http://127.0.0.1:11434/v1", model_watts=200.0)
    (line,) = bill([], [asked("qwen-3-8b", cost_usd=None)], own).models
    assert line.footprint is not None and line.usd is not None
    # 90 s x 200 W x 1.54 = 27 720 J = 7.7 Wh; x $0.0892/kWh = $0.00068684
    assert line.footprint.energy.mid / 3600 == pytest.approx(7.7)
    assert line.usd.mid == pytest.approx(0.00068684)


def test_what_is_not_known_is_said_and_left_out_of_the_sum(tmp_path: Path) -> None:
    local = settings(tmp_path, model_url="http://localhost:8080/v1")
    hosted = settings(tmp_path, model_url="https://api.example.com/v1")
    for given, model, why in ((local, "qwen-3-8b", "local"), (hosted, "gpt-5.1", "shape")):
        found = bill([], [asked(model)], given)
        assert (found.models[0].unknown, found.models[0].footprint, found.complete) == (why, None, False)
        assert found.usd.mid == 0.25  # its list price is known all the same
        assert found.footprint.energy.mid == 0


def test_a_hosted_open_model_is_predicted_and_a_list_price_is_not_added_to_its_electricity(tmp_path: Path) -> None:
    found = bill([], [asked("Qwen/Qwen3-8B")], settings(tmp_path, model_url="https://api.example.com/v1"))
    energy = found.footprint.energy
    assert 0 < energy.low < energy.mid < energy.high
    assert found.usd.mid == 0.25 and found.complete


def test_weeks_add_up_to_the_whole(tmp_path: Path) -> None:
    days = [datetime(2026, 3, day, tzinfo=UTC).date() for day in (8, 9, 15, 16)]
    worked = [Worked(stage="brief", day=day, number=1, processor_s=float(day.day)) for day in days]
    found = bill(worked, [], settings(tmp_path))
    assert [(week.name, week.processor_s) for week in found.weeks] == [
        ("2026-W12", 16.0), ("2026-W11", 24.0), ("2026-W10", 8.0),
    ]  # fmt: skip
    assert found.footprint.energy.mid == pytest.approx(sum(week.footprint.energy.mid for week in found.weeks))


@pytest.mark.parametrize(
    ("url", "local"),
    [("http://127.0.0.1:1/v1", True), ("http://10.0.0.4/v1", True), ("http://[::1]:1/v1", True), ("", False),
     ("http://localhost/v1", True), ("http://ollama:11434/v1", True), ("https://api.example.com/v1", False)],
)  # fmt: skip
def test_an_endpoint_in_our_own_network_is_local(url: str, local: bool) -> None:
    assert is_local(url) is local


def test_settings_that_no_bill_follows_from_are_named(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="setting region: 'Atlantis' is unknown"):
        check(settings(tmp_path, region="Atlantis"))
    with pytest.raises(SettingsError, match="setting model_device: 'abacus'"):
        check(settings(tmp_path, model_device="abacus"))


def test_amounts_read_in_a_size_that_fits() -> None:
    watts = SpreadView(low=0.00025, mid=0.00031, high=0.0004)
    assert amount(watts, "Wh") == "310\N{NO-BREAK SPACE}µWh"
    assert between(watts, "Wh") == "250–400\N{NO-BREAK SPACE}µWh"
    assert amount(SpreadView(low=1.0, mid=1.0, high=1.0), "$") == "$1.00"
    assert amount(None, "g") == "?"


def test_the_page_and_the_data_say_what_was_booked(own_client: TestClient, own_desk: Desk) -> None:
    assert "Nothing has been measured yet" in own_client.get("/bill").text
    own_desk.store.work.book("collect", 1.25, 30, NOW)
    own_desk.store.work.book("brief", 0.75, 1, NOW, own_desk.store.events.by_slug(own_desk.slugs["full"]).id)
    page = own_client.get("/bill").text
    assert "1 brief took 2.00 s of a processor core" in page and "polling sources" in page
    assert "1 篇简报用了一个处理器核心 2.00 秒" in own_client.get("/bill?lang=zh").text
    data = own_client.get("/api/bill").json()
    assert [(s["stage"], s["number"], s["processor_s"]) for s in data["stages"]] == [
        ("collect", 30, 1.25), ("brief", 1, 0.75),
    ]  # fmt: skip
    assert all(source for _, _, source in data["assumed"])


def test_an_event_shows_its_own_share_and_a_static_copy_only_what_is_on_record(
    own_client: TestClient, own_desk: Desk, tmp_path: Path
) -> None:
    store, slug = own_desk.store, own_desk.slugs["full"]
    event_id = store.events.by_slug(slug).id
    store.work.book("brief", 0.75, 1, NOW, event_id)
    store.model_calls.save(call(event_id, "Qwen/Qwen3-8B"))
    assert "took 0.75 s of a processor core and 1 call of a model" in own_client.get(f"/events/{slug}").text
    taken = own_client.get(f"/api/events/{slug}").json()["provenance"]
    assert taken["processor_s"] == 0.75 and taken["taken"]["energy_wh"]["mid"] > 0
    copies = {file.path: file for file in static_files(store, Settings(home=tmp_path))}
    page = _text(copies[f"events/{slug}.html"])
    assert "It took 1 call of a model" in page and "0.75 s" not in page
    assert json.loads(copies[f"events/{slug}.json"].body)["provenance"]["processor_s"] is None


def _text(file: File) -> str:
    return re.sub(r"\s+", " ", file.body.decode())
