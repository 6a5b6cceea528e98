"""Every hostile case against the site and its outputs: where it is tested, or why it does not apply."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

HERE = Path(__file__).parent

TESTED = {
    "WA-001": "test_web_access.py::test_another_sites_request_changes_nothing",
    "WA-003": "test_web_access.py::test_nobody_can_be_logged_in_by_another_site",
    "WA-004": "test_web_access.py::test_a_login_leads_nowhere_else",
    "WA-005": "test_web_access.py::test_there_is_no_way_out_by_a_link_of_ours",
    "WA-006": "test_web_guard.py::test_other_host_names_are_refused",
    "WA-007": "test_web_guard.py::test_paths_out_of_the_site_lead_nowhere",
    "WA-008": "test_web_guard.py::test_ranges_are_not_computed",
    "WA-010": "test_web_api.py::test_a_body_that_makes_no_sense_is_not_understood",
    "WA-011": "test_web_api.py::test_no_operation_ever_breaks",
    "WA-012": "test_web_access.py::test_wrong_tokens_are_limited_and_then_even_the_right_one_must_wait",
    "WA-013": "test_web_access.py::test_a_cookie_that_was_tampered_with_is_nothing",
    "WA-015": "test_web_guard.py::test_every_answer_carries_the_security_headers",
    "WA-017": "test_web_access.py::test_the_token_is_never_taken_from_the_address",
    "WA-019": "test_web_access.py::test_the_token_opens_a_session_and_the_page_then_offers_decisions",
    "WA-021": "test_web_api.py::test_search_topics_sources_and_health",
    "WA-024": "test_web_serving.py::test_no_second_request_hides_in_the_body_of_a_first",
    "WA-025": "test_web_guard.py::test_other_methods_are_not_allowed",
    "OO-008": "../editions/test_feeds_out.py::test_hostile_words_stay_words",
    "OO-009": "test_web_api.py::test_our_json_is_valid_whatever_the_strings_hold",
}
REASONS = {
    "WA-016": "no output is a spreadsheet; JSON and OPML cells are not run by the programs that read them",
    "WA-022": "there is no media proxy: pages hold no picture of anyone else, the policy allows none",
    "WA-023": "one desk has one reader: nothing is anyone's own; hidden events are the only ids that are withheld,"
    " tested by test_web_access.py::test_an_event_can_be_hidden_and_shown_again",
    "OO-001": "input: tests/collect",
    "OO-002": "input: tests/collect",
    "OO-003": "input: tests/collect",
    "OO-006": "input: tests/collect",
    "OO-007": "input: tests/collect",
    "OO-010": "no mail is sent yet",
    "OO-011": "no mail is sent yet",
    "OO-013": "no webhook is called",
    "OO-015": "no push is received",
}


@pytest.mark.parametrize(("case", "place"), TESTED.items())
def test_each_case_names_a_test_that_is_there(case: str, place: str) -> None:
    file, _, name = place.partition("::")
    assert re.search(rf"^def {name}\(", (HERE / file).read_text(encoding="utf-8"), re.MULTILINE), case


@pytest.mark.data
def test_every_case_is_tested_or_has_a_reason(data_dir: Path) -> None:
    lines = (data_dir / "adversarial" / "cases.jsonl").read_text(encoding="utf-8").splitlines()
    cases = [case for case in map(json.loads, lines) if case["category"] in ("web_api", "opml_out")]
    assert cases
    assert [c["id"] for c in cases if c["id"] not in TESTED.keys() | REASONS.keys()] == []
    assert not TESTED.keys() & REASONS.keys()
