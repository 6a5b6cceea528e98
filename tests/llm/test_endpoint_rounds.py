"""A desk whose model misbehaves in every way there is: complete pages, one clear line, another try later."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

pytest.importorskip("openai", reason="the models extra is not installed")

from model_endpoint import Endpoint, Reply, Script, completion, prompt_of, refusal, schema_of, sensible, serving

from groundwire.briefs import from_json, statements
from groundwire.events.embeddings import UniversalSentenceEncoder
from groundwire.llm.scripted import code_of
from groundwire.pipeline.briefing import BriefWriter
from groundwire.pipeline.building import EventBuilder
from groundwire.pipeline.metering import Meter
from groundwire.pipeline.report import Report
from groundwire.pipeline.writing import AGAIN
from groundwire.settings import load
from groundwire.storage import Store
from groundwire.types import Brief, Extracted, Source
from groundwire.verify import verify

NOW = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
STORIES = (
    ("en", "Kestwick cuts the price of its T9 accelerator by 20 percent",
     "Kestwick cut the price of its T9 accelerator by 20 percent on Monday.\nThe T9 now costs $24,800 a chip.\n"
     "Buyers should compare their bills before they sign a new contract.\nRivals will find it harder to compete."),
    ("en", "Orrin Labs raises $300 million for data centres",
     "Orrin Labs raised $300 million on Friday from three funds.\nIt plans two data centres in Norway.\n"
     "The money lasts until 2028, its founder said.\nPower costs 4 cents a kilowatt-hour there."),
    ("zh", "岚溪科技发布新模型", "岚溪科技周一发布新模型，价格下调40%。\n新模型一次可读20万个词元。\n公司称将于明年开源。"),
)  # fmt: skip
ENCODER = UniversalSentenceEncoder()


class Desk:
    """Three events in a store, told by whoever the settings name."""

    def __init__(self, home: Path) -> None:
        self.home, self.store = home, Store(f"sqlite:///{home / 'desk.db'}")
        self.lines: list[str] = []
        self.killed_at = ""
        """The run ends, as if killed, when a line with these words is logged."""
        source = self.store.sources.add(Source(id=0, url="https://a.example/feed", title="Outlet"), NOW)
        for number, (language, title, body) in enumerate(STORIES):
            told = Extracted(
                title=title, body=body, author=None, published_at=NOW - timedelta(hours=1), published_evidence="feed",
                language=language, canonical_url=None,
            )  # fmt: skip
            with self.store.database.write() as connection:
                self.store.articles.save(connection, source.id, f"https://a.example/{number}", told, NOW)

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None:
        self.lines.append(words)
        if self.killed_at and self.killed_at in words:
            raise SystemExit

    def round(self, url: str, at: datetime = NOW, **settings: Any) -> list[Brief]:
        """Tell what is due; the briefs in the reader's language, and the lines that were logged in ``lines``."""
        named = {
            "model": "tiny",
            "model_url": url,
            "model_timeout_s": 20.0,
            "model_retries": 0,
            "model_key": "secret-1",
        }
        chosen = load(self.home, {}, **{**named, **settings})
        builder, writer = (
            EventBuilder(self.store, chosen, ENCODER),
            BriefWriter(self.store, chosen, ENCODER, Meter(self.store)),
        )
        self.lines.clear()
        builder.run(lambda: at, self, Report())
        writer.run(builder.landscape(at), lambda: at, self, Report())
        return [brief for brief in self.briefs() if brief.language == "en"]

    def briefs(self) -> list[Brief]:
        return [from_json(json.loads(document)) for _, document, _ in self.store.briefs.documents()]


def by_model(briefs: list[Brief]) -> list[str]:
    return [s.text for brief in briefs for s in statements(brief) if s.made_by == "model"]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    made = Desk(tmp_path)
    yield made
    made.store.close()


def truncated(request: dict[str, Any]) -> Reply:
    return completion(f'{{"code": "{code_of(schema_of(request))}", "statements": [{{"section": "hook", "evid')


def numbers_out_of_range(request: dict[str, Any]) -> Reply:
    if "translations" in schema_of(request)["properties"]:
        return sensible(request)
    proposed = [{"section": "hook", "evidence": [n], "text": "Kestwick cut the price."} for n in (0, -1, 99, 10**12)]
    return completion(json.dumps({"code": code_of(schema_of(request)), "statements": proposed}))


def for_ever(request: dict[str, Any]) -> Reply:
    if "translations" in schema_of(request)["properties"]:
        return sensible(request)
    one = '{"section": "hook", "evidence": [1], "text": "It goes on and on and on and it goes on and on and on"}, '
    return completion(f'{{"code": "{code_of(schema_of(request))}", "statements": [{one * 900}')


def of_another(request: dict[str, Any]) -> Reply:
    answer = json.loads(json.loads(sensible(request).body)["choices"][0]["message"]["content"])
    return completion(json.dumps({**answer, "code": "deadbeef"}))


BAD: dict[str, tuple[Script | Reply, str, int]] = {
    "slow": (Reply(wait_s=1.2), "no answer in time", 3),
    "dripping": (Reply(body=b" " * 900 + b"{}", drip_s=0.01), "no answer in time", 3),
    "endless": (Reply(body=b'{"choices": [' + 9_000 * b" ", endless=True), "can't be read (too long)", 3),
    "too many": (refusal(429), "asked too often", 1),
    "wrong key": (refusal(401), "refuses the key; set GROUNDWIRE_MODEL_KEY", 1),
    "broken": (refusal(500), "answers 500", 3),
    "no such model": (refusal(404), "knows no such model", 1),
    "no JSON": (Reply(body=b"<html>hello</html>"), "no JSON", 3),
    "empty": (completion(""), "can't be used", 8),
    "no statements": (completion('{"statements": []}'), "can't be used", 8),
    "malformed": (completion("{'statements': ["), "can't be used", 8),
    "truncated": (truncated, "can't be used", 8),
    "against the schema": (completion('{"code": 1, "statements": {"hook": "Kestwick cut."}}'), "can't be used", 8),
    "refusing": (completion("I can't help with that."), "can't be used", 8),
    "another's answer": (of_another, "can't be used", 8),
}  # fmt: skip
"""Kind -> what the endpoint does, what is logged, and how often it is asked in one run: three briefs, one with words to translate."""


@pytest.mark.parametrize("kind", BAD)
def test_each_bad_answer_leaves_extractive_pages_a_clear_line_and_another_try(desk: Desk, kind: str) -> None:
    answer, words, asked = BAD[kind]
    endpoint = Endpoint(answer)
    with serving(endpoint) as url:
        patience = 0.4 if kind in ("slow", "dripping") else 20.0
        briefs = desk.round(url, model_languages="en", model_concurrency=1, model_timeout_s=patience)
    assert len(briefs) == 3
    assert by_model(briefs) == []
    assert all(brief.what_changed or brief.hook for brief in briefs)
    (line,) = [line for line in desk.lines if "no price" not in line]
    assert words in line
    assert "secret-1" not in line
    assert len(endpoint.requests) == asked
    assert not verify(desk.store).false
    with serving(Endpoint(sensible)) as url:
        desk.round(url, NOW + AGAIN / 2, model_languages="en")
        assert by_model(desk.briefs()) == []
        briefs = desk.round(url, NOW + AGAIN + timedelta(seconds=1), model_languages="en")
    assert by_model(briefs)
    assert len(briefs) == 3


@pytest.mark.parametrize("answer", [numbers_out_of_range, for_ever])
def test_what_a_model_makes_up_is_withheld_and_not_asked_for_again(desk: Desk, answer: Script) -> None:
    with serving(Endpoint(answer)) as url:
        briefs = desk.round(url, model_languages="en")
        assert by_model(briefs) == []
        assert all(desk.store.model_calls.withheld(brief.event_id) for brief in briefs)
        endpoint = Endpoint(sensible)
    with serving(endpoint) as url:
        desk.round(url, NOW + 2 * AGAIN, model_languages="en")
    assert endpoint.requests == []


def test_an_endpoint_that_is_down_costs_no_page(desk: Desk) -> None:
    briefs = desk.round("http://127.0.0.1:9/v1")
    assert len(briefs) == 3
    (line,) = desk.lines
    assert (
        line == "model tiny: the endpoint can't be reached; check model_url, and that it runs; the rest is extractive"
    )


def test_a_budget_that_ends_within_a_brief_says_so_and_the_rest_is_extractive(desk: Desk) -> None:
    small: dict[str, Any] = {
        "model_languages": "en",
        "model_context_tokens": 2000,
        "model_output_tokens": 300,
        "model_concurrency": 1,
    }

    def taking_700_tokens(request: dict[str, Any]) -> Reply:
        answer = json.loads(sensible(request).body)
        return completion(
            answer["choices"][0]["message"]["content"], usage={"prompt_tokens": 600, "completion_tokens": 100}
        )

    with serving(Endpoint(taking_700_tokens)) as url:
        briefs = desk.round(url, model_budget_tokens=2000, **small)
        written = [brief for brief in briefs if brief.provenance.model]
        assert len(written) == 1
        assert len(briefs) == 3
        assert any("the run's budget is spent (model_budget_tokens, model_budget_usd)" in line for line in desk.lines)
        first = len(by_model(briefs))
        more = desk.round(url, NOW + AGAIN + timedelta(seconds=1), **small)
    assert len(by_model(more)) > first > 0


def test_an_answer_is_kept_though_the_run_is_killed_before_its_brief_is_made(desk: Desk) -> None:
    endpoint = Endpoint(sensible)
    with serving(endpoint) as url:
        desk.killed_at = "no price"  # said after the first answer
        with pytest.raises(SystemExit):
            desk.round(url, model_languages="en", model_concurrency=1)
        assert len(endpoint.requests) == 1
        assert desk.briefs() == []
        desk.killed_at = ""
        briefs = desk.round(url, model_languages="en", model_concurrency=1)
    assert len(briefs) == 3
    assert all(brief.provenance.model for brief in briefs[:2])
    prompts = [prompt_of(request) for request in endpoint.requests]
    assert len(set(prompts)) == len(prompts)


def test_answers_that_come_in_any_order_give_the_same_pages(tmp_path: Path) -> None:
    def later_first(waits: Iterator[float]) -> Script:
        def answer(request: dict[str, Any]) -> Reply:
            reply = sensible(request)
            return Reply(body=reply.body, wait_s=next(waits, 0.0))

        return answer

    pages = []
    for name, waits, at_once in (("one", iter(()), 1), ("two", iter((0.4, 0.2, 0.0)), 3)):
        (tmp_path / name).mkdir()
        desk = Desk(tmp_path / name)
        endpoint = Endpoint(later_first(waits))
        with serving(endpoint) as url:
            desk.round(url, model_concurrency=at_once)
        pages.append([document for _, document, _ in desk.store.briefs.documents()])
        assert endpoint.at_once == at_once
        desk.store.close()
    assert pages[0] == pages[1]


TRANSLATED = {
    "Orrin Labs raises $300 million for data centres": "Orrin Labs为数据中心融资3亿美元",
}


def translating(wrong: Callable[[str], str] = lambda text: text) -> Script:
    def answer(request: dict[str, Any]) -> Reply:
        schema = schema_of(request)
        if "translations" not in schema["properties"]:
            return completion(json.dumps({"code": code_of(schema), "statements": []}))
        lines = [line for line in prompt_of(request).splitlines() if line.startswith("[")]
        told = [
            {"number": int(line[1 : line.index("]")]), "text": wrong(TRANSLATED[line.split("] ", 1)[1]])}
            for line in lines if line.split("] ", 1)[1] in TRANSLATED
        ]  # fmt: skip
        return completion(json.dumps({"code": code_of(schema), "translations": told}))

    return answer


def test_what_no_source_says_in_the_readers_language_is_translated_and_checked(desk: Desk) -> None:
    with serving(Endpoint(translating())) as url:
        desk.round(url)
    made = {(b.language, s.text) for b in desk.briefs() for s in statements(b) if s.made_by == "model"}
    assert made == {("zh", "Orrin Labs为数据中心融资3亿美元")}
    assert not verify(desk.store).false
    both = {(b.event_id, b.language) for b in desk.briefs()}
    assert len(both) == 6


def test_a_wrong_translation_is_withheld_and_the_original_stays(desk: Desk) -> None:
    with serving(Endpoint(translating(lambda text: text.replace("3亿", "30亿")))) as url:
        desk.round(url)
    assert not [s for b in desk.briefs() for s in statements(b) if s.made_by == "model" and "30亿" in s.text]
    reasons = [reason for event in (1, 2, 3) for _, _, why in desk.store.model_calls.withheld(event) for reason in why]
    assert any(reason.startswith("number") for reason in reasons)


def test_a_judge_at_the_same_endpoint_is_asked_and_recorded(desk: Desk) -> None:
    def answer(request: dict[str, Any]) -> Reply:
        if "supported" in schema_of(request)["properties"]:
            return completion(json.dumps({"code": code_of(schema_of(request)), "supported": False}))
        return sensible(request)

    endpoint = Endpoint(answer)
    with serving(endpoint) as url:
        briefs = desk.round(url, judge_model="strict", model_languages="en")
    assert by_model(briefs) == []
    assert {request["model"] for request in endpoint.requests} == {"tiny", "strict"}
    with desk.store.database.read() as connection:
        purposes = {row[0] for row in connection.exec_driver_sql("SELECT DISTINCT purpose FROM model_calls")}
    assert "judge" in purposes
