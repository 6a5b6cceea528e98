"""The endpoint's client against a real HTTP server on loopback: every way to fail ends in one clear sentence."""

from __future__ import annotations

import gzip
import json

import pytest

pytest.importorskip("openai", reason="the models extra is not installed")

from model_endpoint import Endpoint, Reply, completion, refusal, serving

from groundwire.llm import Answer, ModelError
from groundwire.llm.endpoint import MAX_BYTES, EndpointModel

SCHEMA = {"type": "object"}


def model(url: str, *, retries: int = 0, timeout_s: float = 5.0, key: str = "k") -> EndpointModel:
    return EndpointModel("tiny", base_url=url, key=key, timeout_s=timeout_s, retries=retries)


def ask(asked: EndpointModel) -> Answer:
    return asked.answer("say", schema=SCHEMA, max_output_tokens=9)


def test_an_answer_comes_with_what_it_took_and_who_gave_it() -> None:
    with serving(Endpoint(completion("{}", model="tiny-2026-11-01", system_fingerprint="fp_1"))) as url:
        answer = ask(model(url))
    assert (answer.text, answer.input_tokens, answer.output_tokens) == ("{}", 5, 2)
    assert answer.model == "tiny-2026-11-01 fp_1"


def test_a_request_is_bounded_and_carries_the_key() -> None:
    endpoint = Endpoint(completion("{}"))
    with serving(endpoint) as url:
        ask(model(url, key="secret-1"))
    (request,) = endpoint.requests
    assert (request["max_tokens"], request["temperature"], request["seed"]) == (9, 0.0, 7)
    assert "tools" not in request
    assert endpoint.keys == ["Bearer secret-1"]


def test_a_server_that_asks_for_patience_is_asked_again() -> None:
    endpoint = Endpoint(refusal(429, **{"Retry-After": "0.01"}), completion("{}"))
    with serving(endpoint) as url:
        assert ask(model(url, retries=1)).text == "{}"
    assert len(endpoint.requests) == 2


def test_a_server_that_knows_no_schemas_is_asked_for_json_then_in_words_alone() -> None:
    endpoint = Endpoint(refusal(400), refusal(422), completion("{}"), completion("{}"))
    with serving(endpoint) as url:
        asked = model(url)
        ask(asked)
        ask(asked)
    formats = [request.get("response_format", {}).get("type") for request in endpoint.requests]
    assert formats == ["json_schema", "json_object", None, None]


def test_a_parameter_that_a_model_names_as_unknown_is_left_out_from_then_on() -> None:
    first = refusal(400, "unsupported parameter max_tokens; use max_completion_tokens")
    endpoint = Endpoint(first, refusal(400, "temperature can't be set"), completion("{}"))
    with serving(endpoint) as url:
        ask(model(url))
    last = endpoint.requests[-1]
    assert last["max_completion_tokens"] == 9
    assert "max_tokens" not in last
    assert "temperature" not in last
    assert "response_format" in last


@pytest.mark.parametrize(
    ("reply", "words", "lasting"),
    [
        (refusal(401), "refuses the key; set GROUNDWIRE_MODEL_KEY", True),
        (refusal(403), "refuses the key", True),
        (refusal(404), "no such model", True),
        (refusal(429), "asked too often", True),
        (refusal(500), "answers 500", False),
        (refusal(413), "answers 413", False),
        (refusal(400), "answers 400", False),
        (Reply(wait_s=1.0), "no answer in time", False),
        (Reply(body=b" " * 500 + b"{}", drip_s=0.02), "no answer in time", False),
        (Reply(body=b"<html>Welcome</html>"), "no JSON", False),
        (Reply(body=b"[" * 100_000), "no JSON", False),
        (Reply(body=b"[1]"), "no chat completion", False),
        (Reply(body=b""), "no JSON", False),
        (Reply(body=b" " * (MAX_BYTES + 1)), "too long", False),
        (Reply(body=b'{"choices": [' + 9_000 * b" ", endless=True), "too long", False),
        (Reply(body=gzip.compress(b"0" * 9_000), headers={"Content-Encoding": "gzip"}), "compressed", False),
        (Reply(body=b"{}", headers={"Content-Length": "9"}), "can't be reached", True),
    ],
)
def test_each_refusal_is_one_sentence(reply: Reply, words: str, lasting: bool) -> None:
    with serving(Endpoint(reply)) as url, pytest.raises(ModelError, match=words) as caught:
        ask(model(url, timeout_s=0.4, key="secret-1"))
    assert caught.value.lasting == lasting
    assert "\n" not in str(caught.value)
    assert "secret-1" not in str(caught.value)


@pytest.mark.parametrize(
    "other",
    [
        {"choices": []}, {"choices": None}, {"choices": "none"}, {"choices": [7]}, {"choices": [{"message": None}]},
        {"choices": [{"message": {"content": None}}]}, {"choices": [{"message": {"content": ["a"]}}]},
    ],
)  # fmt: skip
def test_a_reply_without_words_is_an_empty_answer(other: dict[str, object]) -> None:
    with serving(Endpoint(completion("{}", **other))) as url:
        assert ask(model(url)).text == ""


@pytest.mark.parametrize("usage", [None, {}, [], {"prompt_tokens": -5, "completion_tokens": 10**30}])
def test_use_that_a_server_does_not_tell_is_estimated_on_the_high_side(usage: object) -> None:
    with serving(Endpoint(completion("{}", usage=usage, model=None))) as url:
        answer = ask(model(url))
    assert (answer.input_tokens, answer.output_tokens, answer.model) == (1, 9, "tiny")


def test_an_endpoint_that_is_down_says_so() -> None:
    with pytest.raises(ModelError, match="can't be reached") as caught:
        ask(model("http://127.0.0.1:9/v1"))
    assert caught.value.lasting


def test_a_price_is_that_of_the_endpoint_and_of_no_other() -> None:
    # gpt-4o-mini: 0.15 USD per million input tokens (OpenAI's list price, as genai-prices records it)
    for url, expected in (("", 0.15), ("https://api.openai.com/v1", 0.15), ("http://127.0.0.1:11434/v1", None)):
        asked = EndpointModel("gpt-4o-mini", base_url=url, key="k", timeout_s=1, retries=0)
        assert asked.price(1_000_000, 0) == (expected if expected is None else pytest.approx(expected))
    assert json.dumps(asked.parameters)


def listing(*names: object) -> Reply:
    return Reply(body=json.dumps({"object": "list", "data": [{"id": name} for name in names]}).encode())


@pytest.mark.parametrize(
    ("reply", "served"),
    [
        (listing("tiny", "large"), ("tiny", "large")),
        (listing("tiny", 7, None), ("tiny",)),
        (listing(), None),
        (Reply(body=b'{"data": {"id": "tiny"}}'), None),
        (refusal(404), None),
    ],
)
def test_an_endpoint_tells_what_it_serves_without_a_model_being_asked(reply: Reply, served: object) -> None:
    endpoint = Endpoint(reply)
    with serving(endpoint) as url:
        assert model(url).served() == served
    assert [request["path"] for request in endpoint.requests] == ["/v1/models"]


@pytest.mark.parametrize(
    ("reply", "words"),
    [(refusal(401), "GROUNDWIRE_MODEL_KEY"), (refusal(500), "answers 500"), (Reply(body=b"<html>"), "no JSON")],
)
def test_a_list_that_cannot_be_had_is_one_sentence(reply: Reply, words: str) -> None:
    with serving(Endpoint(reply)) as url, pytest.raises(ModelError, match=words):
        model(url, retries=2).served()
