"""Usage exports of four kinds: measured workload, present cost, one line for every hole. All samples are made up."""

from __future__ import annotations

import gzip
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from groundwire.economics.application import build
from groundwire.economics.usage import parse_usage, read_usage, usage_application
from groundwire.errors import EconomicsError

START = datetime(2026, 10, 5, tzinfo=UTC)


def openai_csv(rows: int = 48) -> bytes:
    lines = ["start_time,end_time,start_time_iso,end_time_iso,num_model_requests,model,batch,input_tokens,"
             "input_cached_tokens,output_tokens"]  # fmt: skip
    for i in range(rows):
        at = START + timedelta(hours=i)
        end = at + timedelta(hours=1)
        busy = 10 if 8 <= at.hour < 20 else 2
        lines.append(
            f"{int(at.timestamp())},{int(end.timestamp())},{at.isoformat()},{end.isoformat()},{busy},gpt-4.1-mini,"
            f"{'true' if i % 4 == 0 else 'false'},{busy * 1200},{busy * 300},{busy * 250}"
        )
    return "\n".join(lines).encode()


def test_openai_hours_become_a_workload_with_its_day() -> None:
    found = parse_usage(openai_csv(), on=date(2026, 10, 7))
    assert found.format == "OpenAI usage export"
    assert found.days == pytest.approx(2.0)
    assert found.calls == 2 * (12 * 10 + 12 * 2)
    assert found.input_tokens_per_call == pytest.approx(1200)
    assert found.output_tokens_per_call == pytest.approx(250)
    assert found.profile is not None
    assert found.profile[12] == pytest.approx(5 * found.profile[2])
    # priced by hand: (900 x 0.4 + 300 x 0.1 + 250 x 1.6) / 1e6 a call, a quarter of the rows at the batch price
    model = found.models[0]
    assert model.usd is not None
    assert 0 < model.usd < found.calls * 0.00079 * 1.01
    assert found.usd_per_month == pytest.approx(model.usd / 2 * 30.4375, rel=1e-3)


def test_openai_pages_of_the_api_say_the_same_as_the_csv() -> None:
    page = {"object": "page", "data": [
        {"object": "bucket", "start_time": int(START.timestamp()), "end_time": int(START.timestamp()) + 86400,
         "results": [{"object": "organization.usage.completions.result", "input_tokens": 1000, "output_tokens": 200,
                      "input_cached_tokens": 400, "num_model_requests": 4, "model": "gpt-4.1-mini", "batch": False}]}
    ]}  # fmt: skip
    found = parse_usage(json.dumps(page).encode())
    assert (found.calls, found.input_tokens, found.cached_tokens) == (4, 1000, 400)


def test_anthropic_counts_no_calls_and_says_so() -> None:
    text = (
        "usage_date_utc,model_version,api_key,workspace,usage_type,usage_input_tokens_no_cache,"
        "usage_input_tokens_cache_write_5m,usage_input_tokens_cache_write_1h,usage_input_tokens_cache_read,"
        "usage_output_tokens\n"
        "2026-10-05 00:00:00,claude-haiku-4-5,k,team,standard,1000,500,0,8500,700\n"
        "2026-10-06 00:00:00,claude-haiku-4-5,k,team,batch,2000,0,0,0,300\n"
    )
    found = parse_usage(text.encode(), on=date(2026, 10, 7))
    assert found.calls is None
    assert found.input_tokens == 12_000
    assert found.cached_tokens == 8500
    assert 0 < found.batch_share < 1
    # by hand, per million: input 1, written for five minutes 1.25, read 0.1, output 5
    first = 1000 * 1.0 + 500 * 1.25 + 8500 * 0.1 + 700 * 5.0
    assert found.models[0].usd == pytest.approx((first + 2000 * 1.0 + 300 * 5.0) / 1e6)
    assert "no batch price is listed: the standard one stands in" in found.models[0].priced_by
    assert found.users is None  # workspaces are no users
    assert any("does not count calls" in note for note in found.notes)
    with pytest.raises(EconomicsError, match="does not count calls"):
        usage_application(found)


def test_anthropic_pages_of_the_api_carry_nested_cache_writes() -> None:
    result = {
        "uncached_input_tokens": 100,
        "cache_creation": {"ephemeral_1h_input_tokens": 30, "ephemeral_5m_input_tokens": 20},
        "cache_read_input_tokens": 50,
        "output_tokens": 10,
        "model": "claude-haiku-4-5",
        "service_tier": "standard",
    }
    bucket = {"starting_at": "2026-10-05T00:00:00Z", "ending_at": "2026-10-06T00:00:00Z", "results": [result]}
    page = {"data": [bucket]}
    found = parse_usage(json.dumps(page).encode())
    assert (found.input_tokens, found.cached_tokens, found.output_tokens) == (200, 50, 10)


def spans(count: int = 60) -> bytes:
    made = []
    for i in range(count):
        at = START + timedelta(minutes=37 * i)
        made.append({
            "name": "chat", "startTimeUnixNano": str(int(at.timestamp() * 1e9)),
            "status": {"code": 2 if i % 20 == 0 else 1},
            "attributes": [
                {"key": "gen_ai.system", "value": {"stringValue": "openai"}},
                {"key": "gen_ai.request.model", "value": {"stringValue": "gpt-4.1-mini"}},
                {"key": "gen_ai.usage.input_tokens", "value": {"intValue": str(500 + i)}},
                {"key": "gen_ai.usage.output_tokens", "value": {"intValue": "80"}},
                {"key": "user.id", "value": {"stringValue": f"u{i % (1 + i % 12)}"}},
            ],
        })  # fmt: skip
    made.append({"name": "GET /", "startTimeUnixNano": str(int(START.timestamp() * 1e9)), "attributes": []})
    return json.dumps({"resourceSpans": [{"scopeSpans": [{"spans": made}]}]}).encode()


def test_opentelemetry_spans_give_calls_users_and_failures() -> None:
    found = parse_usage(spans())
    assert found.format == "OpenTelemetry GenAI spans"
    assert found.calls == 60
    assert found.users == 12
    assert found.usage_spread is not None
    assert found.failed_share == pytest.approx(3 / 60)


def test_spans_that_sum_up_others_are_not_counted_twice() -> None:
    def span(operation: str, tokens: int) -> dict[str, object]:
        return {"timestamp": "2026-10-05T10:00:00Z", "attributes": {
            "gen_ai.operation.name": operation, "gen_ai.usage.input_tokens": tokens, "gen_ai.usage.output_tokens": 5,
            "gen_ai.usage.cache_read.input_tokens": 40, "gen_ai.request.model": "m"}}  # fmt: skip

    lines = [span("chat", 100), span("chat", 200), span("invoke_agent", 300), span("execute_tool", 300)]
    found = parse_usage("\n".join(map(json.dumps, lines)).encode())
    assert (found.calls, found.input_tokens, found.cached_tokens) == (2, 300, 80)


def test_flat_spans_one_a_line_are_spans_too() -> None:
    line = {"timestamp": "2026-10-05T10:00:00Z", "attributes": {"gen_ai.usage.input_tokens": 10,
            "gen_ai.usage.output_tokens": 5, "gen_ai.request.model": "m"}}  # fmt: skip
    found = parse_usage("\n".join(json.dumps(line) for _ in range(3)).encode())
    assert found.calls == 3


def test_litellm_logs_state_what_was_spent() -> None:
    text = (
        "request_id,call_type,spend,total_tokens,prompt_tokens,completion_tokens,startTime,endTime,model,user,end_user\n"
        "a,acompletion,0.004,1500,1000,500,2026-10-05 08:00:00,2026-10-05 08:00:05,openai/gpt-4.1,team,anna\n"
        "b,acompletion,0.002,900,700,200,2026-10-05 09:00:00,2026-10-05 09:00:03,openai/gpt-4.1,team,ben\n"
    )
    found = parse_usage(text.encode())
    assert found.format == "LiteLLM spend log"
    assert found.users == 2
    assert found.models[0].usd == pytest.approx(0.006)
    assert found.models[0].priced_by == "the file"


def test_litellm_tells_cached_input_in_its_metadata_and_its_own_cache_ran_no_model() -> None:
    row = {"request_id": "a", "spend": 0.004, "prompt_tokens": 1000, "completion_tokens": 500, "model": "openai/gpt-4.1",
           "startTime": "2026-10-05T08:00:00Z", "cache_hit": "False"}  # fmt: skip
    usage = {"prompt_tokens": 1000, "prompt_tokens_details": {"cached_tokens": 600}}
    rows = [
        {**row, "metadata": {"usage_object": usage}},
        {**row, "metadata": json.dumps({"usage_object": {"cache_read_input_tokens": 100}})},
        {**row, "metadata": "{not json"},
        {**row, "cache_hit": "True", "spend": 0},
    ]
    found = parse_usage(json.dumps(rows).encode())
    assert (found.calls, found.cached_tokens) == (3, 700)


def test_a_page_that_is_not_the_last_says_so() -> None:
    result = {"input_tokens": 10, "output_tokens": 2, "num_model_requests": 1, "model": None, "user_id": "u"}
    page = {"object": "page", "has_more": True, "next_page": "p2",
            "data": [{"start_time": int(START.timestamp()), "results": [result]}]}  # fmt: skip
    notes = parse_usage(json.dumps(page).encode()).notes
    assert any("more pages follow" in n for n in notes)
    assert any("group the export by model" in n for n in notes)
    assert any("accounts that the provider knows" in n for n in notes)


def test_measured_usage_is_the_start_of_an_application() -> None:
    table = usage_application(parse_usage(openai_csv(24 * 8)))
    scenario = build(table)
    assert scenario.mid("input_tokens") == pytest.approx(1200)
    assert scenario.mid("cached_share") == pytest.approx(0.25)
    assert scenario.mid("peak_to_mean") == pytest.approx(10 / 6, rel=1e-3)
    assert scenario.hosted == ("openai/gpt-4.1-mini",)


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "is empty"),
        (b"   \n", "is empty"),
        (b"\xff\xfe\x00\x01", "not text in UTF-8"),
        (b"a,b\n1,2\n", "no known export"),
        (b"[]", "has no rows"),
        (b"[1, 2]", "must be an object"),
        (b'{"data": [{"results": []}]}', "no rows"),
        (b'{"a": 1', "not valid JSON"),
        (b"[" * 100_000, "nested too deeply"),
        (openai_csv(3).replace(b"1200", b"x").replace(b",2400,", b",?,"), "input_tokens is '?', must be a number"),
        (openai_csv(3) + b"\n1,2,3", "line 5: has 3 cells where the header has 10"),
        (openai_csv(3).replace(b",2400,", b",-5,"), "input_tokens is -5"),
        (openai_csv(3).replace(b",2400,", b",nan,"), "input_tokens is nan"),
        (openai_csv(3).replace(b"2026-10-05T01:00:00+00:00,2026", b"yesterday,2026"), "start_time_iso is 'yesterday'"),
        (openai_csv(2).replace(b",500", b","), "output_tokens is missing"),
        (b"\x1f\x8b" + b"broken", "damaged gzip"),
        (b"a,a\n1,2\n", "twice"),
    ],
)
def test_a_hole_in_the_file_is_one_line_that_says_where(raw: bytes, message: str) -> None:
    with pytest.raises(EconomicsError) as caught:
        parse_usage(raw)
    assert message in str(caught.value)
    assert "\n" not in str(caught.value)


def test_a_packed_file_is_unpacked_but_a_bomb_is_not(tmp_path: Path) -> None:
    path = tmp_path / "usage.csv.gz"
    path.write_bytes(gzip.compress(openai_csv()))
    assert read_usage(path).calls == 288
    with pytest.raises(EconomicsError, match="is larger than"):
        parse_usage(gzip.compress(b"0" * 65_000_000))


def test_a_file_that_is_not_there_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(EconomicsError, match="can't be read"):
        read_usage(tmp_path / "none.csv")


@given(raw=st.binary(max_size=400))
def test_no_bytes_do_more_than_fail(raw: bytes) -> None:
    try:
        parse_usage(raw)
    except EconomicsError as error:
        assert str(error)


@given(
    rows=st.lists(
        st.dictionaries(
            st.sampled_from(
                ["start_time", "num_model_requests", "input_tokens", "output_tokens", "model", "attributes"]
            ),
            st.one_of(st.none(), st.integers(), st.floats(), st.text(max_size=5), st.lists(st.integers(), max_size=2)),
        ),
        max_size=4,
    )
)
def test_no_json_does_more_than_fail(rows: list[dict[str, object]]) -> None:
    try:
        parse_usage(json.dumps(rows).encode())
    except EconomicsError as error:
        assert str(error)
