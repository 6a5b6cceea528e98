"""The event index as the pipeline uses it: invented companies, invented news."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import pytest

from groundwire.events import Assignment, Constraints, Document, Embedder, EventIndex, Stored, UniversalSentenceEncoder

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return UniversalSentenceEncoder()


def document(
    number: int, title: str, text: str, *, hours: float = 0, language: str = "en", source: int = 0
) -> Document:
    return Document(
        article_id=number,
        source_id=source or number,
        language=language,
        title=title,
        text=text,
        published_at=START + timedelta(hours=hours),
    )


ACQUISITION = [
    document(
        1,
        "Velmora to buy chip start-up Tarnquist for $2.4 billion",
        "Cloud provider Velmora said on Monday that it will buy Tarnquist, which designs inference chips, for $2.4 billion "
        "in cash. Tarnquist's 310 engineers will join Velmora's Oslo laboratory. Chief executive Ines Halvard called it "
        "the company's largest purchase so far.",
    ),
    document(
        2,
        "Tarnquist sold to Velmora in $2.4bn deal",
        "Inference chip designer Tarnquist has agreed to be taken over by Velmora, the group led by Ines Halvard. "
        "$2.4bn price is paid in cash and values each of the 310 engineers at close to eight million dollars.",
        hours=3,
    ),
    document(
        3,
        "云服务商 Velmora 以 24 亿美元收购芯片公司 Tarnquist",
        "云服务商 Velmora 周一宣布，将以 24 亿美元现金收购推理芯片设计公司 Tarnquist。Tarnquist 的 310 名工程师将加入 Velmora 位于奥斯陆的实验室。",
        hours=5,
        language="zh",
    ),
]
OUTAGE = [
    document(
        4,
        "Power failure stops Brackwell data centre for six hours",
        "A failed transformer cut power to Brackwell's data centre near Leiden on Tuesday. Training runs of 14 customers were "
        "lost; the operator promised credits. Power came back after six hours.",
        hours=26,
    ),
    document(
        5,
        "Brackwell customers lose training runs in Leiden outage",
        "Fourteen customers of Brackwell lost training runs when a transformer failed at its Leiden data centre on Tuesday, "
        "leaving halls dark for six hours. Brackwell said that it would pay credits.",
        hours=29,
    ),
]


def stored(assignments: Sequence[Assignment]) -> list[Stored]:
    return [
        Stored(article_id=a.article_id, event_id=a.event_id, origin_id=a.origin_id, fingerprint=a.fingerprint)
        for a in assignments
    ]


def test_reports_of_one_happening_share_an_event_across_languages(embedder: Embedder) -> None:
    update = EventIndex(embedder=embedder).add([*ACQUISITION, *OUTAGE])
    events = {a.article_id: a.event_id for a in update.assignments}
    assert events[1] == events[2] == events[3]
    assert events[4] == events[5]
    assert events[1] != events[4]


def test_reasons_name_what_the_reports_share(embedder: Embedder) -> None:
    update = EventIndex(embedder=embedder).add(ACQUISITION)
    why = {reason.kind: reason.detail for reason in update.assignments[1].reasons}
    assert "Tarnquist" in why["entities"]
    assert "$2.4" in why["numbers"]
    assert why["time"] == "published 3 hours apart"


def test_a_restored_index_goes_on_where_it_stopped(embedder: Embedder) -> None:
    first = EventIndex(embedder=embedder)
    kept = first.add([ACQUISITION[0], OUTAGE[0]])
    second = EventIndex(embedder=embedder, next_event_id=first.next_event_id)
    second.restore(stored(kept.assignments))
    assert first.add(ACQUISITION[1:]) == second.add(ACQUISITION[1:])


def test_event_ids_start_where_storage_says(embedder: Embedder) -> None:
    update = EventIndex(embedder=embedder, next_event_id=41).add(ACQUISITION[:1])
    assert update.assignments[0].event_id == 41
    assert update.assignments[0].reasons == ()


def test_what_a_person_put_together_stays_together(embedder: Embedder) -> None:
    index = EventIndex(embedder=embedder, constraints=Constraints.of(together=[(4, 1)]))
    events = {a.article_id: a.event_id for a in index.add([*ACQUISITION, *OUTAGE]).assignments}
    assert events[1] == events[4]


def test_what_a_person_took_apart_stays_apart(embedder: Embedder) -> None:
    index = EventIndex(embedder=embedder, constraints=Constraints.of(apart=[(1, 2)]))
    events = {a.article_id: a.event_id for a in index.add(ACQUISITION).assignments}
    assert events[1] != events[2]


def test_what_nothing_can_join_any_more_takes_no_memory(embedder: Embedder) -> None:
    index = EventIndex(embedder=embedder)
    for turn in range(4):
        index.add(
            [
                document(1_000 * turn + n, f"Notice {turn}-{n}", "Nothing happened.", hours=24 * 60 * turn)
                for n in range(200)
            ]
        )
    assert len(index) == 200
    assert index.candidates_held <= 2 * 256
