"""The workbench through its front door: a form that is an address, the answer in six formats, and hostile addresses."""

from __future__ import annotations

import csv
import io
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lxml import html
from starlette.testclient import TestClient
from web_desk import BASE, NOW, TOKEN, Desk

from groundwire.economics.application import EXAMPLES, build
from groundwire.economics.query import scenario_of_query
from groundwire.settings import Settings
from groundwire.web import create_app


def page(client: TestClient, path: str, status: int = 200, **params: str) -> Any:
    reply = client.get(path, params=params or None)
    assert reply.status_code == status, reply.text[:500]
    return html.fromstring(reply.content)


def text(element: Any) -> str:
    return " ".join(element.text_content().split())


def submitted(root: Any, **changes: str) -> list[tuple[str, str]]:
    """What a browser without scripts sends when the button is pressed."""
    form = root.cssselect("form#sheet")[0]
    assert form.get("method") == "get"
    assert form.get("action") == "/workbench"
    for field, value in changes.items():
        form.fields[field] = value
    return [(k, v) for k, v in form.form_values() if v is not None]


# --- the answer ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_every_example_gives_a_sentence_a_ranking_and_its_sources(client: TestClient, name: str, lang: str) -> None:
    root = page(client, "/workbench", example=name, lang=lang)
    assert len(text(root.cssselect("h1.verdict")[0])) > 30
    ways = root.cssselect("section table tbody tr")
    assert len(ways) >= 3
    assert "best" in ways[0].get("class")
    sources = root.cssselect(".sources div")
    assert len(sources) >= 8
    assert not {"nan", "inf", "none"} & set(text(root.cssselect("#answer")[0]).lower().split())


def test_an_empty_address_shows_an_example_and_says_so(client: TestClient) -> None:
    root = page(client, "/workbench")
    assert root.cssselect("h1.verdict")
    assert "example" in text(root.cssselect(".outcome .notice")[0]).lower()


def test_charts_carry_units_and_direct_labels_and_ranges(client: TestClient) -> None:
    root = page(client, "/workbench", example="coding-agent")
    charts = root.cssselect(".for-wide svg.chart")
    assert len(charts) >= 6
    axes = [text(a) for chart in charts for a in chart.cssselect("text.axis")]
    for unit in ("cents a request", "USD a month", "milliseconds per output token", "gross margin, %", "watt-hours",
                 "grams of CO2e"):  # fmt: skip
        assert any(unit in a for a in axes), unit
    assert all(chart.get("aria-label") for chart in charts)
    assert root.cssselect("svg line.range")
    assert root.cssselect("svg line.whisker")
    assert root.cssselect("svg line.spread")


def test_published_figures_stand_beside_ours_with_their_boundaries(client: TestClient) -> None:
    root = page(client, "/workbench", example="chat-assistant")
    section = next(s for s in root.cssselect("section") if "Energy and carbon" in text(s.cssselect("h2")[0]))
    assert "Google" in text(section)
    assert "idle reserve" in text(section)  # what is inside Google's boundary


# --- the form -----------------------------------------------------------------------------------------------------


def test_the_form_works_without_scripts_and_its_address_holds_everything(client: TestClient) -> None:
    first = page(client, "/workbench", example="chat-assistant")
    pairs = submitted(first, users="5000", region="FR", ttft_s="3")
    reply = client.get(f"/workbench?{urlencode(pairs)}")
    if reply.status_code == 303:  # to an address without the empty fields
        reply = client.get(reply.headers["location"])
    assert reply.status_code == 200
    second: Any = html.fromstring(reply.content)
    fields = second.cssselect("form#sheet")[0].fields
    assert (fields["users"], fields["region"], fields["ttft_s"]) == ("5000", "FR", "3")
    assert text(second.cssselect(".figures")[0]) != text(first.cssselect(".figures")[0])


def test_the_shared_address_answers_the_same_to_anybody(client: TestClient) -> None:
    root = page(client, "/workbench", example="coding-agent", users="777")
    shared = root.cssselect("a[data-copy]")[0]
    assert shared.get("data-copy") == BASE + shared.get("href")
    pairs = parse_qsl(urlsplit(shared.get("href")).query, keep_blank_values=True)
    assert not [v for k, v in pairs if k == "example"]  # it stands on its own
    assert scenario_of_query(pairs).ranges == scenario_of_query([("example", "coding-agent"), ("users", "777")]).ranges
    again = page(client, shared.get("href"))
    assert text(again.cssselect("h1.verdict")[0]) == text(root.cssselect("h1.verdict")[0])


def test_the_other_language_asks_the_same_question(client: TestClient) -> None:
    page = client.get("/workbench?name=X&users=5000&models=llama-3.1-8b&lang=en").text
    assert 'href="/workbench?name=X&amp;users=5000&amp;models=llama-3.1-8b&amp;lang=zh"' in page


def test_a_wrong_input_is_named_marked_and_nothing_typed_is_lost(client: TestClient) -> None:
    root = page(client, "/workbench", 422, example="chat-assistant", users="-3", ttft_s="4", name="Mine")
    assert "workload.users: is -3, must be positive" in text(root.cssselect(".wrong")[0])
    wrong = root.cssselect("[aria-invalid=true]")
    assert [w.get("name") for w in wrong] == ["users"]
    fields = root.cssselect("form#sheet")[0].fields
    assert (fields["users"], fields["ttft_s"], fields["name"]) == ("-3", "4", "Mine")


def test_a_wrong_input_in_a_closed_part_opens_it(client: TestClient) -> None:
    root = page(client, "/workbench", 422, example="chat-assistant", edge_model="llama-3.2-1b")
    assert "edge.accelerator: is missing" in text(root.cssselect(".wrong")[0])
    opened = root.cssselect("details.more-inputs[open]")
    assert len(opened) == 1
    assert opened[0].cssselect("[name=edge_accelerator][aria-invalid=true]")


SMALL = {"users": "900", "requests_per_user_day": "5", "input_tokens": "500", "output_tokens": "200",
         "models": "llama-3.1-8b", "hosted_offers": "false"}  # fmt: skip


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"users": "0"}, "must be positive"),
        ({"users": "1e400"}, "finite"),
        ({"models": "lama-3.1-8b"}, "llama-3.1-8b"),
        ({"models": "llama-3.1-405b", "accelerators": "l4"}, "take larger devices, fewer bits or a smaller model"),
        ({"tpot_s": "0.0002"}, "the fastest"),
        ({"tpot_s": "50 ms"}, "without a unit"),
        ({"ttft_s": "1500"}, "write 1.5 for 1500 ms"),
        ({"region": "Atlantis"}, "is unknown"),
        ({"hosted": "openai/gpt-99"}, "did you mean"),
        ({"usres": "5"}, "did you mean 'users'"),
        ({"example": "nothing"}, "choose one of"),
        ({"plan_name": "A", "plan_kind": "subscription", "plan_share": "0.4", "plan_usd_per_month": "3"}, "not 1"),
        ({"autoscale": "true", "tenures": "owned"}, "drop it"),
        ({"catalog": "/etc/passwd"}, "catalog"),
    ],
)
def test_what_can_not_be_worked_out_says_why_in_every_format(
    client: TestClient, params: dict[str, str], message: str
) -> None:
    query = urlencode({**SMALL, **params})
    for path in ("/workbench", "/workbench/answer", "/workbench/report"):
        root = page(client, f"{path}?{query}", 422)
        assert message in text(root.cssselect(".wrong")[0])
    for path in ("/workbench.json", "/workbench.csv"):
        reply = client.get(f"{path}?{query}")
        assert reply.status_code == 422
        assert message in reply.json()["error"]


# --- other formats ------------------------------------------------------------------------------------------------


def test_the_ranking_as_csv(client: TestClient) -> None:
    reply = client.get("/workbench.csv", params={"example": "chat-assistant"})
    assert reply.headers["content-type"].startswith("text/csv")
    assert 'filename="workbench.csv"' in reply.headers["content-disposition"]
    rows = list(csv.DictReader(io.StringIO(reply.text)))
    costs = [float(r["usd_per_request_p50"]) for r in rows]
    assert len(rows) > 5
    assert costs == sorted(costs)


def test_the_whole_answer_as_json_with_levers_if_wanted(client: TestClient) -> None:
    plain = client.get("/workbench.json", params={"example": "coding-agent"}).json()
    assert plain["levers"] is None
    costs = [way["usd_per_request"]["p50"] for way in plain["comparison"]["ways"]]
    assert costs == sorted(costs)
    assert plain["break_even"]["points"]
    found = client.get("/workbench.json", params={"example": "coding-agent", "levers": "true"}).json()
    assert len(found["levers"]["levers"]) >= 10


def test_the_scenario_as_an_application_file(client: TestClient) -> None:
    reply = client.get("/workbench.toml", params={"example": "coding-agent", "users": "321"})
    table = tomllib.loads(reply.text)
    assert build(table).mid("users") == 321


def test_the_report_prints_the_answer_and_what_to_change(client: TestClient) -> None:
    root = page(client, "/workbench/report", example="coding-agent")
    assert root.cssselect("h1.verdict")
    assert not root.cssselect("form#sheet")
    assert len(root.cssselect("table.levers tbody tr")) >= 10
    assert "do not add up" in text(root)


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_levers_are_ranked_with_what_they_cost_in_quality(client: TestClient, lang: str) -> None:
    root = page(client, "/workbench/levers", example="coding-agent", lang=lang)
    rows = root.cssselect("table.levers tbody tr")
    assert len(rows) >= 10
    assert all(text(td) for tr in rows for td in tr.cssselect("td")[-2:])  # quality and work are said for each
    assert ("unknown" if lang == "en" else "未知") in text(root.cssselect("table.levers")[0])
    assert len(root.cssselect(".combinations li")) >= 2


def test_an_engineer_sees_each_formula_with_its_units(client: TestClient) -> None:
    root = page(client, "/workbench/formulas")
    rows = {r.get("id"): text(r) for r in root.cssselect(".formulas div")}
    assert len(rows) > 30
    capital = rows["cost.capital_recovery"]
    assert "(P - S) i / (1 - (1 + i)^-n) + S i [USD/year]" in capital
    assert "Years in use, n [year]" in capital
    assert page(client, "/workbench").cssselect('a[href="/workbench/formulas"]')


def test_the_fragment_is_the_answer_alone(client: TestClient) -> None:
    reply = client.get("/workbench/answer", params={"example": "chat-assistant"})
    assert reply.status_code == 200
    assert "<html" not in reply.text
    assert "verdict" in reply.text


# --- the site's own catalogue -------------------------------------------------------------------------------------


@pytest.fixture
def own_prices(desk: Desk, tmp_path: Path) -> Iterator[TestClient]:
    (tmp_path / "prices.toml").write_text(
        '[[price]]\naccelerator = "h100"\nrent."on-demand" = 0.5\nsource = "our contract"\nchecked = "2026-11-01"\n',
        encoding="utf-8",
    )
    settings = Settings(home=tmp_path, base_url=BASE, catalog_files=("prices.toml",))
    with TestClient(create_app(desk.store, settings, token=TOKEN, now=lambda: NOW), base_url=BASE) as made:
        yield made


def test_the_sites_own_prices_are_used_and_named(own_prices: TestClient) -> None:
    params = {"example": "chat-assistant", "models": "llama-3.1-8b", "accelerators": "h100", "tenures": "on-demand",
              "hosted_offers": "false", "ttft_s": "5"}  # fmt: skip
    found = own_prices.get("/workbench.json", params=params).json()
    assert any("our contract" in a["source"] for a in found["assumptions"])


# --- hostile addresses --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "query",
    [
        "users=%00", "users=" + "9" * 5000, "name=%3Cscript%3Ealert(1)%3C/script%3E&users=-1",
        "models=" + ",".join(f"m{i}" for i in range(500)), "plan_share=1&" * 300, "users[]=3", "=", "&&&", "%ff=%fe",
        "profile=" + ",".join(["1"] * 23), "draws=1e9", "monte_carlo_draws=10000000", "parameters_b=1e300",
        "input_tokens=1e30", "edge_model=../../etc/passwd&edge_accelerator=m4",
    ],
)  # fmt: skip
def test_hostile_addresses_are_the_readers_fault(client: TestClient, query: str) -> None:
    reply = client.get(f"/workbench?{query}")
    if reply.status_code == 303:
        reply = client.get(reply.headers["location"])
    assert 200 <= reply.status_code < 500
    assert "<script>alert" not in reply.text


KEYS = st.sampled_from(["users", "models", "hosted", "plan_share", "plan_name", "ttft_s", "region", "profile", "name",
                        "input_tokens", "cached_share", "tenures", "monte_carlo_draws", "edge_model", "x"])  # fmt: skip
VALUES = st.text(max_size=20) | st.sampled_from(
    ["-1", "0", "1e9", "nan", "inf", "1 to 2", "2..1", "true", "llama-3.1-8b"]
)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.tuples(KEYS, VALUES), max_size=5))
def test_no_address_breaks_the_page(client: TestClient, pairs: list[tuple[str, str]]) -> None:
    reply = client.get("/workbench/answer?" + urlencode(pairs, errors="surrogatepass"))
    assert reply.status_code in (200, 400, 422)
