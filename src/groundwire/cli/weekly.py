"""`groundwire weekly`: the recap in a terminal, or by mail."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated

import typer

from groundwire.cli.context import context, err, out, print_json, utc_now
from groundwire.editions.mail import recap_mail, text_of
from groundwire.editions.reader import Interests
from groundwire.editions.recap import Period, period
from groundwire.errors import GroundwireError, SettingsError
from groundwire.evidence.roles import AUDIENCES
from groundwire.recaps import completed_week, interests_of, read_recap
from groundwire.settings import Settings
from groundwire.smtp import MailError, send
from groundwire.storage import Store
from groundwire.web.messages import messages
from groundwire.web.plain import plain


def register(app: typer.Typer) -> None:
    """Add the command."""
    app.command(epilog="Example: groundwire weekly --week 2026-W47 --mail")(weekly)


def weekly(
    ctx: typer.Context,
    week: Annotated[
        str | None, typer.Option(help="2026-W47, or a day as 2026-11-19.", show_default="last week")
    ] = None,
    role: Annotated[list[str], typer.Option(help="A reader's role; may be repeated.")] = [],  # noqa: B006  typer copies it
    topic: Annotated[list[str], typer.Option(help="A topic; may be repeated.")] = [],  # noqa: B006  typer copies it
    mail: Annotated[bool, typer.Option("--mail", help="Send it to the addresses in mail_to.")] = False,
    again: Annotated[bool, typer.Option("--again", help="Also to those who have it already.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False,
) -> None:
    """Recap what mattered, ranked by independent reports, reach, novelty and your interests."""
    settings, now = context(ctx).settings, utc_now()
    span = period(week) if week else completed_week(now)
    if unknown := [r for r in role if r not in AUDIENCES]:
        raise GroundwireError(f"role {unknown[0]!r} is not known; known are {', '.join(AUDIENCES)}")
    named = Interests(roles=tuple(role), topics=tuple(topic)) if role or topic else interests_of(settings)
    words = messages(settings.language)
    with context(ctx).store() as store:
        found = read_recap(store, span, named, settings.language)
        if not found.reports:
            raise GroundwireError(f"no news in {span.name}; `groundwire run` collects, --week names another week")
        if not mail:
            if as_json:
                value = plain(found)
                print_json(value if isinstance(value, dict) else {})
            else:
                base = settings.base_url.rstrip("/")
                out.print(text_of(found, lambda path: base + path, words), markup=False, end="")
            return
        _mail(store, settings, span, named if role or topic else None, now=now, again=again)


def _mail(
    store: Store, settings: Settings, span: Period, asked: Interests | None, *, now: datetime, again: bool
) -> None:
    """Send everybody the recap as they asked for it (``asked``: ranked so for all), each in their own language."""
    readers = {s.address: s for s in store.mailings.all()}
    addresses = list(dict.fromkeys((*settings.mail_to, *readers)))
    if not addresses or not settings.mail_from:
        raise SettingsError(
            "settings mail_from and mail_to: name the sender and who gets the recap, or `groundwire readers add`"
        )
    readers = store.mailings.known(addresses, now)
    have = set() if again else store.mailings.sent_to(span.name)
    wanted = [reader for to in addresses if (reader := readers[to]).left_at is None and to not in have]
    problems = []
    for reader in wanted:
        language = reader.language or settings.language
        found = read_recap(store, span, asked or reader.interests or interests_of(settings), language)
        message = recap_mail(
            found,
            to=reader.address,
            sender=settings.mail_from,
            base_url=settings.base_url,
            words=messages(language),
            now=now,
            leave=f"/unsubscribe/{reader.token}",
            again=again,
        )
        try:
            send(settings, message)
        except MailError as error:  # one bad address must not cost the others their mail
            problems.append(str(error))
            err.print(f"problem: {error}", markup=False)
            continue
        store.mailings.sent(span.name, reader.address, utc_now())
        out.print(f"{span.name} sent to {reader.address}", markup=False)
    if have and not wanted:
        out.print(f"{span.name} has gone to everybody who gets it; --again sends it once more")
    if problems:
        raise GroundwireError(f"{len(problems)} of {len(wanted)} mails not sent; run again later, nobody gets two")
