"""`groundwire forecasts list | resolve`: the ledger in a terminal."""

from __future__ import annotations

from dataclasses import asdict
from enum import StrEnum
from typing import Annotated, Any

import typer
from rich.markup import escape

from groundwire.cli.context import context, err, out, print_json, utc_now
from groundwire.errors import SettingsError
from groundwire.forecasts import State
from groundwire.forecasts.confirm import agreed, question
from groundwire.forecasts.score import by_source, score
from groundwire.llm import Budget, ModelError, Recorder, configured, configured_judge
from groundwire.storage.forecasts import Kept

app = typer.Typer(help="Who predicted what, and what came of it.", no_args_is_help=True)


class StateName(StrEnum):
    """States to choose from."""

    overdue = "overdue"
    due = "due"
    open = "open"
    resolved = "resolved"
    unresolvable = "unresolvable"


class VerdictName(StrEnum):
    """What a forecast may be decided to be."""

    true = "true"
    false = "false"
    void = "void"
    open = "open"


@app.command("list", epilog="Example: groundwire forecasts list --state overdue")
def list_forecasts(
    ctx: typer.Context,
    state: Annotated[StateName | None, typer.Option(help="Only those.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """List the ledger, what has to come true first, first; then how good the sources were."""
    today = utc_now().date()
    with context(ctx).store() as store:
        ledger = store.forecasts.all()
    shown = [kept for kept in ledger if state is None or kept.state(today) == state.value]
    entries = [(kept.forecast, kept.outcome) for kept in ledger]
    if as_json:
        sources = {source: asdict(found) for source, found in by_source(entries).items()}
        listed = [_plain(kept, kept.state(today)) for kept in shown]
        print_json({"forecasts": listed, "total": asdict(score(entries)), "sources": sources})
        return
    for kept in shown:
        f = kept.forecast
        when = f.rule.until.isoformat() if f.rule else "no day"
        verdict = f" {kept.outcome.verdict.upper()}" if kept.outcome else ""
        out.print(f"[bold]{kept.id}[/]  {when}  {kept.state(today)}{verdict}  {escape(f.source)}: {escape(f.text)}")
        out.print(f"    [dim]{escape(str(f.rule) if f.rule else f'not resolvable: {f.unresolvable}')}[/]")
        for proposal in kept.proposals:
            hint = f" (its figure says {proposal.suggests})" if proposal.suggests else ""
            out.print(f"    bears on it{hint}: {escape(proposal.quote)} [dim]{escape(proposal.why)}[/]")
    total = score(entries)
    out.print(f"{total.registered} on record, {total.resolved} decided, {total.true} came true, {total.void} void")
    if total.brier is not None and total.baseline is not None:
        out.print(
            f"Brier {total.brier:.3f} of {total.stated} with a stated probability; base rate {total.baseline:.3f}"
        )


@app.command(epilog="Example: groundwire forecasts resolve 12 true --note 'https://…: closed on 3 May'")
def resolve(
    ctx: typer.Context,
    forecast: Annotated[int, typer.Argument(metavar="ID", help="As `groundwire forecasts list` shows it.", min=1)],
    verdict: Annotated[VerdictName, typer.Argument(help="'open' takes an earlier verdict back.")],
    note: Annotated[str, typer.Option(help="Why, with an address if there is one.")] = "",
) -> None:
    """Say what became of a forecast; every decision is kept, the last one counts."""
    with context(ctx).store() as store:
        kept = store.forecasts.resolve(forecast, verdict.value, note=note, decided_by="person", now=utc_now())
    out.print(f"{kept.id} {kept.state(utc_now().date())}: {escape(kept.forecast.text)}")


@app.command(epilog="Example: groundwire forecasts confirm")
def confirm(ctx: typer.Context) -> None:
    """Let the configured model confirm what the rule makes of proposed passages: decided only where both agree."""
    settings, now = context(ctx).settings, utc_now()
    model = configured_judge(settings) or configured(settings)
    if model is None:
        raise SettingsError("settings judge_model and model: no model is set; a person decides: forecasts resolve ID …")
    decided = 0
    with context(ctx).store() as store:
        budget = Budget(settings.model_budget_tokens, settings.model_budget_usd)
        recorder = Recorder(model, store.model_calls, budget, utc_now, lambda words: err.print(words, markup=False))
        for kept in store.forecasts.all():
            proposal = next((p for p in kept.proposals if p.suggests), None)
            event_id = store.events.of_article(kept.forecast.article_id)
            if kept.outcome is not None or kept.forecast.rule is None or proposal is None or event_id is None:
                continue
            try:
                call = recorder.answer(event_id, question(kept.forecast, proposal))
            except ModelError as error:
                err.print(f"forecast {kept.id}: {error}; a person may decide it", markup=False)
                continue
            verdict = agreed(proposal, call.answer)
            if verdict is None:
                out.print(f"{kept.id} left to a person: the model does not confirm {proposal.suggests}", markup=False)
                continue
            note = f"{call.model} confirms what the rule says of: {proposal.quote}"[:500]
            store.forecasts.resolve(kept.id, verdict, note=note, decided_by="model", now=now)
            decided += 1
            out.print(f"{kept.id} {verdict}: {escape(kept.forecast.text)}")
    out.print(f"{decided} decided; `groundwire forecasts resolve ID open` takes one back")


def _plain(kept: Kept, state: State) -> dict[str, Any]:
    f = kept.forecast
    return {
        "id": kept.id,
        "state": state,
        "text": f.text,
        "source": f.source,
        "said_at": f.said_at,
        "until": f.rule.until.isoformat() if f.rule else None,
        "rule": str(f.rule) if f.rule else None,
        "unresolvable": f.unresolvable,
        "probability": asdict(f.probability) if f.probability else None,
        "outcome": asdict(kept.outcome) if kept.outcome else None,
        "evidence": [asdict(proposal) for proposal in kept.proposals],
        "event": kept.event_slug,
    }
