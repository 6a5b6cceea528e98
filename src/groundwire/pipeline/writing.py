"""Written statements within the fourth stage: who is asked, what it may cost, and what happens when nobody answers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from groundwire.briefs.written import Written, write
from groundwire.llm import Budget, Call, LanguageModel, ModelError, Recorder, configured
from groundwire.pipeline.report import Clock, Progress
from groundwire.settings import Settings
from groundwire.storage import Store
from groundwire.types import Article, Brief, Evidence

AGAIN = timedelta(minutes=30)
"""After which a brief that the model failed is written again, if the desk runs then."""


class Writers:
    """The model of the settings, and one ``Writer`` a run.

    Args:
        store: Where answers are kept.
        settings: Which model, and its limits.
        model: In place of the one that the settings name.
    """

    def __init__(self, store: Store, settings: Settings, model: LanguageModel | None = None) -> None:
        self._store, self._settings = store, settings
        self._model = model or configured(settings)

    def start(self, now: Clock, progress: Progress) -> Writer | None:
        """The writer of a run, with the briefs that wait for one made due; None without a model."""
        if self._model is None:
            return None
        self._store.model_calls.retry(now())
        budget = Budget(self._settings.model_budget_tokens, self._settings.model_budget_usd)
        recorder = Recorder(self._model, self._store.model_calls, budget, now)
        return Writer(self._store, self._settings, recorder, now, progress)


class Writer:
    """Writes briefs in one run, until the model or the budget gives out."""

    def __init__(self, store: Store, settings: Settings, recorder: Recorder, now: Clock, progress: Progress) -> None:
        self._store, self._settings, self._recorder = store, settings, recorder
        self._now, self._progress = now, progress
        self._told: set[str] = set()

    def write(self, brief: Brief, articles: Sequence[Article], evidence: Mapping[int, Evidence]) -> Written:
        """The brief with what the model wrote of it, as far as that holds."""

        def ask(prompt: str, schema: Mapping[str, object], limit: int) -> Call:
            return self._recorder.answer(brief.event_id, prompt, schema=schema, max_output_tokens=limit)

        written = write(
            brief, articles, evidence, ask,
            context_tokens=self._settings.model_context_tokens, output_tokens=self._settings.model_output_tokens,
            failures=(ModelError,),
        )  # fmt: skip
        if written.failure and written.failure not in self._told:
            self._told.add(written.failure)  # one line a cause, not one a brief
            self._progress.problem("briefs", f"model {self._recorder.model.name}: {written.failure}")
        return written

    def save(self, event_id: int, written: Written) -> None:
        """Keep what was withheld, and when to try again."""
        dropped = [(w.section, w.text, w.reasons) for w in written.withheld]
        self._store.model_calls.save_withheld(event_id, dropped)
        # an unusable answer stays on record and would be the same again: only what was not answered is asked anew
        retry_at = self._now() + AGAIN if written.failure and self._recorder.stopped else None
        self._store.model_calls.postpone(event_id, written.failure, retry_at)
