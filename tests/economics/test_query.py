"""An address holds the whole scenario."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.application import EXAMPLES, build, example, parse_application
from groundwire.economics.query import scenario_of_query, table_of_query, to_query
from groundwire.economics.report import scenario_toml
from groundwire.errors import EconomicsError


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_scenario_survives_the_way_through_an_address(name: str) -> None:
    before = build(example(name))
    address = urlencode(to_query(before.given))
    assert len(address) < 2000
    after = scenario_of_query(parse_qsl(address, keep_blank_values=True))
    assert after.ranges == before.ranges
    assert (after.models, after.hosted, after.tenures, after.precisions) == (
        before.models, before.hosted, before.tenures, before.precisions,
    )  # fmt: skip
    assert after.plans == before.plans
    assert (after.edge, after.region, after.cooling, after.autoscale) == (
        before.edge, before.region, before.cooling, before.autoscale,
    )  # fmt: skip


@pytest.mark.parametrize("name", EXAMPLES)
def test_a_scenario_survives_the_way_through_an_application_file(name: str) -> None:
    before = build(example(name))
    from_address = scenario_of_query(to_query(before.given))
    after = parse_application(scenario_toml(from_address).encode())
    assert after.ranges == before.ranges
    assert after.plans == before.plans


def test_an_empty_address_is_the_first_example() -> None:
    assert scenario_of_query([]).name == "Chat assistant"
    assert scenario_of_query([("example", "coding-agent")]).name == "Coding agent"


@pytest.mark.parametrize(
    "pairs",
    [
        [("accelerator", "H100"), ("rental_usd_per_hour", "2.1"), ("event", "some-slug")],
        [("input_usd_per_mtok", "0.25")],
        [("input_usd_per_mtok", "0.25"), ("output_usd_per_mtok", "2"), ("cached_usd_per_mtok", "0.025")],
        [("electricity_usd_per_kwh", "0.31")],
        [("model", "Some New Model"), ("parameters_b", "70")],
        [("accelerator", "B200")],
    ],
)
def test_what_an_event_page_fills_in_is_laid_over_an_example(pairs: list[tuple[str, str]]) -> None:
    scenario = scenario_of_query(pairs)
    assert scenario.ranges["users"].mid > 0
    for key, value in pairs:
        if key in scenario.ranges:
            assert scenario.mid(key) == float(value)


@pytest.mark.parametrize(
    ("pairs", "message"),
    [
        ([("usres", "5")], "did you mean 'users'"),
        ([("users", "x" * 500)], "longer than"),
        ([("users", "-1")], "must be positive"),
        ([("region", "Atlantis")], "site.region"),
        ([("example", "nothing")], "example"),
    ],
)
def test_a_wrong_address_says_what_is_wrong(pairs: list[tuple[str, str]], message: str) -> None:
    with pytest.raises(EconomicsError) as caught:
        scenario_of_query(pairs)
    assert message in str(caught.value)


def test_empty_rows_of_the_form_are_no_plans() -> None:
    row = [("plan_name", ""), ("plan_kind", "subscription"), ("plan_share", ""), ("plan_usd_per_month", "")]
    full = [("plan_name", "Pro"), ("plan_kind", "subscription"), ("plan_share", "1"), ("plan_usd_per_month", "9")]
    assert len(table_of_query([*full, *row])["plan"]) == 1


@given(pairs=st.lists(st.tuples(st.text(max_size=12), st.text(max_size=30)), max_size=6))
def test_no_address_does_more_than_fail(pairs: list[tuple[str, str]]) -> None:
    try:
        scenario_of_query(pairs)
    except EconomicsError as error:
        assert str(error)
