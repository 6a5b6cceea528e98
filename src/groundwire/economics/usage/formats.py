"""Foreign formats, one function each: rows in the publisher's words -> ``UsageRecord``.

Formats as their publishers document them (read 2026-11-23): OpenAI's organisation usage (API pages and the dashboard's
CSV), Anthropic's usage report (API pages and the console's CSV), OpenTelemetry's GenAI semantic conventions in OTLP
JSON or one flat span a line, and the columns of LiteLLM's spend log table.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

from groundwire.economics.usage.records import UsageRecord, count, field, moment, text
from groundwire.errors import EconomicsError

__all__ = ["FORMATS", "anthropic", "cut_off", "flatten", "litellm", "openai", "recognise", "spans"]

Row = Mapping[str, Any]


def flatten(document: Any) -> list[Row]:
    """The rows of a JSON document, whichever way it nests them.

    A list of rows; API pages (``data`` -> buckets -> ``results``, the bucket's times carried into each); OTLP
    (``resourceSpans`` -> ``scopeSpans`` -> ``spans``, attributes made flat).
    """
    if isinstance(document, Mapping):
        if "resourceSpans" in document:
            return list(_otlp(document))
        for key in ("data", "results", "rows", "items", "logs", "spans"):
            if isinstance(document.get(key), list):
                return flatten(document[key])
        return [_attributes(document)]
    if not isinstance(document, list):
        return []
    rows: list[Row] = []
    for item in document:
        if not isinstance(item, Mapping):
            raise EconomicsError(f"row {len(rows) + 1}", f"is {type(item).__name__}, must be an object")
        inner = item.get("results")
        if isinstance(inner, list):
            outer = {k: v for k, v in item.items() if k != "results"}
            rows += [{**outer, **_nested(r)} for r in inner if isinstance(r, Mapping)]
        elif "resourceSpans" in item:
            rows += list(_otlp(item))
        elif isinstance(item.get("data"), list) and "object" in item:
            rows += flatten(item["data"])
        else:
            rows.append(_attributes(item))
    return rows


def cut_off(document: Any) -> bool:
    """Whether a page of an API says that more pages follow, and none does."""
    last = document[-1] if isinstance(document, list) and document else document
    return isinstance(last, Mapping) and last.get("has_more") is True


def _nested(row: Row) -> dict[str, Any]:
    """One level of nesting made flat: cache_creation.ephemeral_1h_input_tokens."""
    flat: dict[str, Any] = {}
    for key, value in row.items():
        if isinstance(value, Mapping):
            flat.update({f"{key}.{k}": v for k, v in value.items()})
        else:
            flat[key] = value
    return flat


def _attributes(row: Row) -> Row:
    """A span with its attributes beside its own fields."""
    attributes = row.get("attributes")
    if isinstance(attributes, Mapping):
        return {**row, **attributes}
    if isinstance(attributes, list):
        return {**row, **_key_values(attributes)}
    return _nested(row)


def _otlp(document: Row) -> Iterator[Row]:
    def listed(holder: Any, *names: str) -> list[Any]:
        for name in names:
            found = holder.get(name) if isinstance(holder, Mapping) else None
            if isinstance(found, list):
                return found
        return []

    for resource in listed(document, "resourceSpans"):
        for scope in listed(resource, "scopeSpans", "instrumentationLibrarySpans"):
            for span in listed(scope, "spans"):
                if isinstance(span, Mapping):
                    yield {**span, **_key_values(listed(span, "attributes"))}


def _key_values(attributes: Sequence[Any]) -> dict[str, Any]:
    """OTLP's ``[{"key": k, "value": {"intValue": "3"}}]`` as a plain table."""
    flat: dict[str, Any] = {}
    for a in attributes:
        if isinstance(a, Mapping) and isinstance(a.get("key"), str) and isinstance(a.get("value"), Mapping):
            value = next(iter(a["value"].values()), None)
            flat[a["key"]] = value
    return flat


# --- one function a format ----------------------------------------------------------------------------------------


def openai(row: Row, where: str) -> UsageRecord | None:
    """A bucket of OpenAI's organisation usage; None for one without calls."""
    calls = count(row, where, "num_model_requests", "n_requests", default=0.0)
    inputs = count(row, where, "input_tokens", "n_context_tokens_total", default=0.0)
    if calls == 0 and inputs == 0:
        return None
    at = moment(row, where, "start_time_iso", "start_time", "timestamp", "aggregation_timestamp")
    seconds = 0.0
    if field(row, "end_time") is not None and field(row, "start_time") is not None:
        until = moment(row, where, "end_time_iso", "end_time")
        seconds = max((until - at).total_seconds(), 0.0)
    return UsageRecord(
        at=at,
        seconds=seconds,
        model=text(row, "model", "snapshot_id"),
        provider="openai",
        calls=calls,
        input_tokens=inputs,
        cached_tokens=min(
            count(row, where, "input_cached_tokens", "n_cached_context_tokens_total", default=0.0), inputs
        ),
        output_tokens=count(row, where, "output_tokens", "n_generated_tokens_total"),
        batch=str(field(row, "batch")).lower() == "true",
        user=text(row, "user_id"),
    )


def anthropic(row: Row, where: str) -> UsageRecord | None:
    """A bucket of Anthropic's usage report (API or console); None for an empty one. Calls are not counted in it."""
    fresh = count(row, where, "usage_input_tokens_no_cache", "uncached_input_tokens", "input_tokens", default=0.0)
    read = count(row, where, "usage_input_tokens_cache_read", "cache_read_input_tokens", default=0.0)
    written = sum(
        count(row, where, name, default=0.0)
        for name in (
            "usage_input_tokens_cache_write_5m", "usage_input_tokens_cache_write_1h",
            "cache_creation.ephemeral_5m_input_tokens", "cache_creation.ephemeral_1h_input_tokens",
        )
    )  # fmt: skip
    written += count(row, where, "cache_creation_5m_input_tokens", default=0.0)
    written += count(row, where, "cache_creation_1h_input_tokens", default=0.0)
    output = count(row, where, "usage_output_tokens", "output_tokens", default=0.0)
    if fresh + read + written + output == 0:
        return None
    at = moment(row, where, "usage_date_utc", "starting_at")
    seconds = 0.0
    if field(row, "ending_at") is not None:
        seconds = max((moment(row, where, "ending_at") - at).total_seconds(), 0.0)
    tier = text(row, "service_tier", "usage_type")
    return UsageRecord(
        at=at,
        seconds=seconds,
        model=text(row, "model_version", "model"),
        provider="anthropic",
        calls=None,
        input_tokens=fresh + read + written,
        cached_tokens=read,
        written_tokens=written,
        output_tokens=output,
        batch="batch" in tier.lower(),
        user=text(row, "account_id"),
    )


_NO_CALLS: Final = frozenset({"invoke_agent", "create_agent", "invoke_workflow", "execute_tool", "embeddings"})
"""Operations whose spans sum up the model calls below them, or are none."""


def spans(row: Row, where: str) -> UsageRecord | None:
    """A span of OpenTelemetry's GenAI conventions; None for spans that are no model call."""
    inputs = field(row, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    if inputs is None or text(row, "gen_ai.operation.name") in _NO_CALLS:
        return None
    total = count(row, where, "gen_ai.usage.input_tokens", "gen_ai.usage.prompt_tokens")
    cached = count(
        row, where, "gen_ai.usage.cache_read.input_tokens", "gen_ai.usage.cache_read_input_tokens",
        "gen_ai.usage.input_tokens.cached", default=0.0,
    )  # fmt: skip
    written = count(
        row, where, "gen_ai.usage.cache_creation.input_tokens", "gen_ai.usage.cache_write.input_tokens",
        "gen_ai.usage.cache_creation_input_tokens", default=0.0,
    )  # fmt: skip
    status = row.get("status")
    code = status.get("code") if isinstance(status, Mapping) else status
    return UsageRecord(
        at=moment(row, where, "startTimeUnixNano", "start_time_unix_nano", "start_time", "startTime", "timestamp"),
        seconds=0.0,
        model=text(row, "gen_ai.response.model", "gen_ai.request.model"),
        provider=text(row, "gen_ai.provider.name", "gen_ai.system"),
        calls=1.0,
        input_tokens=total,
        cached_tokens=min(cached, total),
        written_tokens=min(written, total),
        output_tokens=count(row, where, "gen_ai.usage.output_tokens", "gen_ai.usage.completion_tokens", default=0.0),
        user=text(row, "user.id", "enduser.id", "gen_ai.conversation.id"),
        failed=str(code) in ("2", "STATUS_CODE_ERROR", "ERROR") or field(row, "error.type") is not None,
    )


def litellm(row: Row, where: str) -> UsageRecord | None:
    """A row of LiteLLM's spend log; None for calls without tokens and those that its own cache answered."""
    inputs = count(row, where, "prompt_tokens", default=0.0)
    output = count(row, where, "completion_tokens", default=0.0)
    failed = text(row, "status").lower() in ("failure", "failed", "error")
    if (inputs + output == 0 and not failed) or text(row, "cache_hit").lower() == "true":
        return None
    usage = _litellm_usage(row)
    model = text(row, "model", "model_group")
    provider, _, _ = model.partition("/")
    spend = field(row, "spend")
    return UsageRecord(
        at=moment(row, where, "startTime", "start_time"),
        seconds=0.0,
        model=model,
        provider=text(row, "custom_llm_provider") or (provider if "/" in model else ""),
        calls=1.0,
        input_tokens=inputs,
        cached_tokens=min(count(usage, where, "cache_read_input_tokens", "cached_tokens", default=0.0), inputs),
        written_tokens=min(count(usage, where, "cache_creation_input_tokens", default=0.0), inputs),
        output_tokens=output,
        user=text(row, "end_user", "user"),
        cost_usd=None if spend is None else count(row, where, "spend"),
        failed=failed,
    )


def _litellm_usage(row: Row) -> Row:
    """What the provider said of tokens, out of the row's metadata (an object, or JSON in a cell); empty if nothing."""
    metadata = row.get("metadata")
    if isinstance(metadata, str):
        try:
            metadata = json.loads(metadata[:100_000])
        except (ValueError, RecursionError):
            return {}
    usage = row.get("metadata.usage_object")
    if isinstance(metadata, Mapping):
        usage = metadata.get("usage_object")
    if not isinstance(usage, Mapping):
        return {}
    details = usage.get("prompt_tokens_details")
    return {**(details if isinstance(details, Mapping) else {}), **usage}


FORMATS = {
    "OpenAI usage export": openai,
    "Anthropic usage export": anthropic,
    "OpenTelemetry GenAI spans": spans,
    "LiteLLM spend log": litellm,
}


def recognise(rows: Sequence[Row]) -> str:
    """Which format rows are of, by the columns of the first hundred.

    Raises:
        EconomicsError: none that is known; says what would be.
    """
    keys: set[str] = set()
    for row in rows[:100]:
        keys |= set(row)
    if any(k.startswith("gen_ai.") for k in keys):
        return "OpenTelemetry GenAI spans"
    if {"usage_input_tokens_no_cache", "uncached_input_tokens", "cache_read_input_tokens"} & keys:
        return "Anthropic usage export"
    if {"num_model_requests", "n_requests", "n_context_tokens_total"} & keys:
        return "OpenAI usage export"
    if {"prompt_tokens", "completion_tokens"} <= keys and {"startTime", "spend", "start_time"} & keys:
        return "LiteLLM spend log"
    if {"input_tokens", "output_tokens"} <= keys and {"start_time", "start_time_iso"} & keys:
        return "OpenAI usage export"
    shown = ", ".join(sorted(keys)[:8]) or "none"
    raise EconomicsError(
        "usage", f"its columns ({shown[:160]}) are those of no known export: OpenAI or Anthropic usage, OpenTelemetry "
        "GenAI spans, LiteLLM spend logs",
    )  # fmt: skip
