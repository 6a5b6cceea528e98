from __future__ import annotations

from datetime import date, timedelta

from groundwire.evidence.chronicle import DatedSentence, Document, chronicle, weigh
from groundwire.types import DateMention

START = date(2026, 1, 1)


def named(day: date, *, relative: bool = False) -> DateMention:
    return DateMention(start=0, end=1, text="x", first=day, last=day, grain="day", relative=relative)


def document(published: int, *sentences: tuple[str, int | None]) -> Document:
    return Document(
        published=START + timedelta(published),
        sentences=tuple(
            DatedSentence(text=text, dates=() if day is None else (named(START + timedelta(day)),))
            for text, day in sentences
        ),
    )


QUAKE = "The earthquake struck the harbour town of Port Maris before dawn."
NOISE = "Officials in the capital held another briefing about the budget."


def test_a_day_still_named_weeks_later_outweighs_a_day_of_many_reports() -> None:
    documents = [document(9, (NOISE, None)) for _ in range(10)]
    documents += [document(late, (QUAKE, 2)) for late in (20, 30)]
    weights = weigh(documents, START, START + timedelta(31))
    assert max(weights, key=lambda day: weights[day]) == START + timedelta(2)


def test_with_no_mentions_the_days_of_most_publications_come_first() -> None:
    documents = [document(day, (NOISE, None)) for day in (4, 4, 4, 7)]
    weights = weigh(documents, START, START + timedelta(9))
    assert sorted(weights, key=lambda day: -weights[day])[:2] == [START + timedelta(4), START + timedelta(7)]


def test_a_document_counts_once_however_often_it_names_a_day() -> None:
    once = weigh([document(9, (QUAKE, 2)), document(9, (NOISE, 3))], START, START + timedelta(9))
    often = weigh([document(9, *[(QUAKE, 2)] * 5), document(9, (NOISE, 3))], START, START + timedelta(9))
    assert once == often


def test_each_day_is_told_by_what_is_said_of_it_and_no_sentence_twice() -> None:
    documents = [document(late, (QUAKE, 2), (NOISE, 5)) for late in (10, 11, 12)]
    told = chronicle(documents, START, START + timedelta(12), dates=2, sentences=3)
    assert told == {START + timedelta(2): (QUAKE,), START + timedelta(5): (NOISE,)}


def test_the_order_of_documents_changes_nothing() -> None:
    documents = [document(late, (QUAKE, 2), (NOISE, 5), (f"{NOISE} Again {late}.", 5)) for late in (10, 11, 12)]
    one, other = (
        chronicle(d, START, START + timedelta(12), dates=3, sentences=2) for d in (documents, documents[::-1])
    )
    assert one == other
    assert list(one) == sorted(one)


def test_nothing_to_read_gives_days_without_words() -> None:
    assert chronicle([], START, START, dates=1, sentences=1) == {START: ()}
