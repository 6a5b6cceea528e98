"""Written statements within the fourth stage: who is asked, what it may cost, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from threading import Lock

from groundwire.briefs import statements
from groundwire.briefs.grounding import Embedder
from groundwire.briefs.written import Ask, Asking, Withheld, Written, translate, write
from groundwire.llm import Budget, Call, LanguageModel, Question, Recorder, configured, configured_judge
from groundwire.pipeline.report import Clock, Progress
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.types import Article, Brief, Evidence

AGAIN = timedelta(minutes=30)
"""After which a brief that the model failed is written again, if the desk runs then."""
WORKER_RUN = timedelta(hours=1)
"""Workers share a run's budget: what all of them together spent in so long counts."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """An event's brief in one language, as far as a model could make it, and what comes of it."""

    brief: Brief
    withheld: tuple[Withheld, ...]
    failure: str
    again: bool


class Writers:
    """The models of the settings, and one ``Writer`` a run.

    Args:
        store: Where answers are kept.
        settings: Which models, and their limits.
        embedder: Tells how near a translation is to what it translates.
        model: In place of the one that the settings name.
        judge: The same of the judge.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        embedder: Embedder,
        model: LanguageModel | None = None,
        judge: LanguageModel | None = None,
    ) -> None:
        self._store, self._settings, self._embedder = store, settings, embedder
        self._model = model or configured(settings)
        self._judge = judge or configured_judge(settings)
        self._current: tuple[datetime, Writer] | None = None

    def wake(self, now: Clock) -> int:
        """Make the briefs due that wait for a model; return how many."""
        return self._store.model_calls.retry(now()) if self._model is not None else 0

    def start(self, now: Clock, progress: Progress) -> Writer | None:
        """The writer of a run, with the briefs that wait for one made due; None without a model."""
        self.wake(now)
        return self._writer(now, progress, spent=(0, 0.0))

    def share(self, now: Clock, progress: Progress) -> Writer | None:
        """The writer of one of several workers: a new one every half hour, within what all spend in an hour."""
        at = now()
        if self._current is None or at - self._current[0] >= AGAIN:
            writer = self._writer(now, progress, self._store.model_calls.spent(at - WORKER_RUN))
            if writer is None:
                return None
            self._current = (at, writer)
        return self._current[1]

    def _writer(self, now: Clock, progress: Progress, spent: tuple[int, float]) -> Writer | None:
        if self._model is None:
            return None
        settings, calls = self._settings, self._store.model_calls
        budget = Budget(settings.model_budget_tokens - spent[0], settings.model_budget_usd - spent[1])

        def recorder(model: LanguageModel) -> Recorder:
            return Recorder(
                model, calls, budget, now, lambda words: progress.problem("briefs", f"model {model.name}: {words}")
            )

        judge = None if self._judge is None else recorder(self._judge)
        return Writer(self._store, settings, self._embedder, recorder(self._model), judge, now, progress)


class Writer:
    """Writes briefs in one run, until the model or the budget gives out. Threads may share it.

    Args:
        store: Where what was withheld is kept.
        settings: The model's limits.
        embedder: As of ``Writers``.
        recorder: The model that writes and translates.
        judge: The one that must agree; None: code alone decides.
        now: The clock.
        progress: Told once of each cause of failure.
    """

    def __init__(
        self,
        store: Store,
        settings: Settings,
        embedder: Embedder,
        recorder: Recorder,
        judge: Recorder | None,
        now: Clock,
        progress: Progress,
    ) -> None:
        self._store, self._settings, self._recorder, self._judge = store, settings, recorder, judge
        self._embedder = embedder
        self._now, self._progress = now, progress
        self._told: set[str] = set()
        self._lock = Lock()

    @property
    def languages(self) -> tuple[str, ...]:
        """Further languages that briefs are made in."""
        return tuple(code for code in dict.fromkeys(self._settings.model_languages) if code != self._settings.language)

    def write(
        self, brief: Brief, articles: Sequence[Article], evidence: Mapping[int, Evidence], cited: Mapping[int, Article]
    ) -> Edition:
        """The brief with what the model wrote of it, then with what it translated of the rest, as far as that holds.

        Args:
            brief: The extractive brief in the reader's own language.
            articles: The current version of each member's article.
            evidence: Its sentences, by version id.
            cited: Every version that the brief cites.
        """
        asking = self._asking(brief)
        limits = {"context_tokens": self._settings.model_context_tokens, "output_tokens": self._settings.model_output_tokens}  # fmt: skip
        written = write(brief, articles, evidence, asking, **limits)
        return self._translated(written.brief, cited, written)

    def translate(self, brief: Brief, cited: Mapping[int, Article]) -> Edition:
        """The brief in a further language, with what no source says in it translated, as far as that holds.

        In a language that isn't asked for it stays as it is.
        """
        if brief.language not in self.languages:
            return Edition(brief=brief, withheld=(), failure="", again=False)
        return self._translated(brief, cited, None)

    def _translated(self, brief: Brief, cited: Mapping[int, Article], written: Written | None) -> Edition:
        found = [] if written is None else [written]
        if any(statement.language != brief.language for statement in statements(brief)):
            found.append(
                translate(
                    brief,
                    cited,
                    self._asking(brief),
                    context_tokens=self._settings.model_context_tokens,
                    output_tokens=self._settings.model_output_tokens,
                )
            )
        failures = list(dict.fromkeys(one.failure for one in found if one.failure))
        for failure in failures:
            self._tell(failure)
        return Edition(
            brief=found[-1].brief if found else brief,
            withheld=tuple(one for part in found for one in part.withheld),
            failure="; ".join(failures),
            again=any(one.again for one in found),
        )

    def _asking(self, brief: Brief) -> Asking:
        def of(recorder: Recorder) -> Ask:
            def ask(question: Question) -> Call:
                return recorder.answer(brief.event_id, question)

            return ask

        return Asking(of(self._recorder), of(self._judge) if self._judge else None, self._embedder)

    def _tell(self, failure: str) -> None:
        with self._lock:
            if failure in self._told:
                return
            self._told.add(failure)  # one line a cause, not one a brief
        self._progress.problem("briefs", f"model {self._recorder.model.name}: {failure}; the rest is extractive")

    def save(self, event_id: int, editions: Sequence[Edition]) -> None:
        """Keep what was withheld, and when to try again."""
        dropped = [(w.section, w.text, w.reasons) for edition in editions for w in edition.withheld]
        self._store.model_calls.save_withheld(event_id, dropped)
        failure = next((edition.failure for edition in editions if edition.again), "")
        retry_at = self._now() + AGAIN if failure else None
        self._store.model_calls.postpone(event_id, failure, retry_at)
