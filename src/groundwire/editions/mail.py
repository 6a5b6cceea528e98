"""The recap as mail: plain text and HTML in one message, with ways to unsubscribe (RFC 2369, RFC 8058)."""

from __future__ import annotations

import hashlib
import html
import re
from collections.abc import Callable
from datetime import date, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid
from typing import Protocol
from unicodedata import east_asian_width
from urllib.parse import quote

from groundwire.editions.recap import Due, Entry, Figure, Recap, Said

Link = Callable[[str], str]
WIDTH = 76
MOST_DUE = 12
"""Forecasts in a mail; the page has all."""
_POLICY = SMTP.clone(max_line_length=200)
"""A long address is not folded: some readers of List-Unsubscribe miss what stands on a second line."""


class Words(Protocol):
    """What the interface says in one language (``web.messages``)."""

    @property
    def language(self) -> str:
        """Which."""

    def __call__(self, key: str, /, **values: object) -> str:
        """A message, values filled in."""

    def day(self, day: date) -> str:
        """A day as the language writes it."""


def recap_mail(
    recap: Recap,
    *,
    to: str,
    sender: str,
    base_url: str,
    words: Words,
    now: datetime,
    leave: str = "",
    again: bool = False,
) -> EmailMessage:
    """One reader's mail.

    Args:
        recap: What to tell.
        to: The reader's address.
        sender: Ours; a wish to unsubscribe goes there.
        base_url: Where the site is.
        words: The reader's language.
        now: The date of the mail.
        leave: Path of the page where this reader unsubscribes; "" if there is none.
        again: A second copy that was asked for: with an identity of its own.
    """
    base = base_url.rstrip("/")

    def link(path: str) -> str:
        return f"{base}{path}"

    message = EmailMessage(policy=_POLICY)
    message["From"] = Address("Groundwire", addr_spec=sender)
    message["To"] = Address(addr_spec=to)
    message["Subject"] = f"Groundwire: {words('weekly.title', week=recap.period.name)}"
    message["Date"] = format_datetime(now)
    domain = sender.rpartition("@")[2]
    message["Message-ID"] = make_msgid(domain=domain) if again else message_id(recap.period.name, to, domain)
    message["List-Id"] = f"Groundwire <weekly.{sender.rpartition('@')[2]}>"
    ways = [f"<mailto:{quote(sender, safe='@')}?subject=unsubscribe%20{quote(to, safe='')}>"]
    if leave:
        ways.insert(0, f"<{link(leave)}>")
    message["List-Unsubscribe"] = ", ".join(ways)
    if leave and base.startswith("https://"):  # RFC 8058 asks for HTTPS
        message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    message["Auto-Submitted"] = "auto-generated"
    bye = words("mail.leave_at", address=link(leave)) if leave else words("mail.leave", address=sender)
    message.set_content(text_of(recap, link, words, bye))
    message.add_alternative(html_of(recap, link, words, bye), subtype="html")
    message["Content-Language"] = words.language  # last: what becomes a part of several takes such headers along
    return message


def message_id(edition: str, to: str, domain: str) -> str:
    """The identity of an edition for a reader, the same at every try: where a crash between sending and noting it makes
    us send it again, the receiver can tell that it is the same mail (at least once, with an idempotency key).
    """
    digest = hashlib.sha256(f"{edition}\n{to}".encode()).hexdigest()[:32]
    return f"<{edition}.{digest}@{domain}>"


def text_of(recap: Recap, link: Link, words: Words, bye: str = "") -> str:
    """The recap as plain text of at most 76 columns a line (a Chinese character takes two); links stand on lines of
    their own."""
    blocks = [f"{words('weekly.title', week=recap.period.name)}\n{counted(recap, words)}"]
    for title, entries in ((words("weekly.new"), recap.stories), (words("weekly.running"), recap.running)):
        if entries:
            blocks.append(title.upper())
            blocks += [_told(entry, link) for entry in entries]
    if recap.numbers:
        titles = _titles(recap)
        numbers = [
            f"* {_plain(f.text)}{_beside(f, words)} ({f.said.outlet})\n  {_plain(titles[f.slug])}"
            for f in recap.numbers
        ]
        blocks += [words("weekly.numbers").upper(), "\n".join(numbers)]
    if recap.due:
        blocks.append(words("weekly.due").upper())
        blocks += [
            f"{filled(d.text)}\n{_due(d, words)}\n{link(f'/forecasts#forecast-{d.id}')}" for d in recap.due[:MOST_DUE]
        ]
    blocks.append("\n".join(line for line in (link(f"/weekly/{recap.period.name}"), bye, words("site.rights")) if line))
    return "\n\n".join(blocks) + "\n"


def _told(entry: Entry, link: Link) -> str:
    lines = [filled(f"{line.text} ({line.outlet})") for line in entry.lines]
    return "\n".join([filled(entry.title), *lines, link(f"/events/{entry.slug}")])


def filled(text: str) -> str:
    """A text in lines of at most ``WIDTH`` columns, broken at spaces and between Chinese characters, none of them begun
    with a closing mark."""
    lines, line, columns = list[str](), "", 0
    for piece in _PIECE.findall(_plain(text)):
        wide = sum(2 if east_asian_width(c) in "WF" else 1 for c in piece.rstrip())
        if line and columns + wide > WIDTH:
            lines.append(line.rstrip())
            line, columns = "", 0
        line += piece
        columns += wide + len(piece) - len(piece.rstrip())
    return "\n".join([*lines, line.rstrip()])


_WIDE = r"[\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]"
_PIECE = re.compile(rf"(?:{_WIDE}|[^\s\u2e80-\u9fff\uac00-\ud7af\uff00-\uffef]+)[，。、；：！？）】》”’%]*\s*")


_STYLE = (
    "body{margin:0;padding:24px 16px;background:#fdfcf9;color:#1d1b18;font:17px/1.5 Georgia,'Songti SC',serif}"
    "main{max-width:36em;margin:0 auto}h1{font-size:28px;line-height:1.15;margin:0 0 6px}"
    "h2{font:600 14px/1.4 Helvetica,Arial,sans-serif;color:#9a2c1d;border-top:1px solid #1d1b18;margin:28px 0 8px;"
    "padding-top:8px}h3{font-size:19px;line-height:1.25;margin:18px 0 4px}p{margin:0 0 6px}a{color:#1d1b18}h3 a,.due a{text-decoration:none}"
    ".small{font:13px/1.45 Helvetica,Arial,sans-serif;color:#5d574e}"
    "@media(prefers-color-scheme:dark){body{background:#181614;color:#ece7de}h2{color:#f0907d;border-color:#ece7de}"
    "a{color:#ece7de}.small,.small a{color:#aaa296}}"
)


def html_of(recap: Recap, link: Link, words: Words, bye: str) -> str:
    """The recap as an HTML document: one column, no image, no script, nothing loaded from anywhere."""
    title = words("weekly.title", week=recap.period.name)
    parts = [f"<h1>{_escaped(title)}</h1>", f'<p class="small">{_escaped(counted(recap, words))}</p>']
    for heading, entries in ((words("weekly.new"), recap.stories), (words("weekly.running"), recap.running)):
        if entries:
            parts.append(f"<h2>{_escaped(heading)}</h2>")
            parts += [_entry_html(entry, link) for entry in entries]
    if recap.numbers:
        parts.append(f"<h2>{_escaped(words('weekly.numbers'))}</h2>")
        titles = _titles(recap)
        parts += [
            f'<p lang="{_escaped(f.said.language)}"><b>{_escaped(f.text)}</b>{html.escape(_beside(f, words))} '
            f'<span class="small">{_anchor(link(f"/events/{f.slug}"), titles[f.slug])}</span></p>'
            for f in recap.numbers
        ]
    if recap.due:
        parts.append(f"<h2>{_escaped(words('weekly.due'))}</h2>")
        parts += [
            f'<p class="due" lang="{_escaped(d.language)}">{_anchor(link(f"/forecasts#forecast-{d.id}"), d.text)}</p>'
            f'<p class="small">{_escaped(_due(d, words))}</p>'
            for d in recap.due[:MOST_DUE]
        ]
    page = _anchor(link(f"/weekly/{recap.period.name}"), words("mail.page"))
    parts.append(f'<p class="small">{page}. {_escaped(bye)}</p>')
    parts.append(f'<p class="small">{_escaped(words("site.rights"))}</p>')
    return (
        f'<!doctype html><html lang="{words.language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width"><meta name="color-scheme" content="light dark"><title>{_escaped(title)}</title>'
        f"<style>{_STYLE}</style></head><body><main>{''.join(parts)}</main></body></html>\n"
    )


def _entry_html(entry: Entry, link: Link) -> str:
    heading = _anchor(link(f"/events/{entry.slug}"), entry.title)
    return f'<h3 lang="{_escaped(entry.language)}">{heading}</h3>' + "".join(_line_html(s, link) for s in entry.lines)


def _line_html(said: Said, link: Link) -> str:
    passage = link(f"/articles/{said.version_id}?start={said.start}&end={said.end}")
    return (
        f'<p lang="{_escaped(said.language)}">{_escaped(said.text)} '
        f'<span class="small">{_anchor(passage, said.outlet)}</span></p>'
    )


def counted(recap: Recap, words: Words) -> str:
    """How much there was, in one line."""
    return words(
        "weekly.counted",
        n=recap.reports,
        outlets=words("card.outlets", n=recap.outlets),
        begun=words("weekly.stories", n=recap.begun),
        continued=recap.continued,
    )


def _titles(recap: Recap) -> dict[str, str]:
    return {entry.slug: entry.title for entry in (*recap.stories, *recap.running)}


def _beside(figure: Figure, words: Words) -> str:
    """What stands behind a number: what it measures ("11,000 accelerators" says so itself), and what others say instead."""
    text, measures = _plain(figure.text), _plain(figure.measures)
    told = "" if measures.lower() in text.lower() else f" {measures}"
    return f"{told}; {words('weekly.against', figure=_plain(figure.against))}" if figure.against else told


def _due(due: Due, words: Words) -> str:
    verdict = words(f"ledger.verdict.{due.verdict}") if due.verdict else words("weekly.undecided")
    return f"{due.source} · {words('ledger.until', day=words.day(due.until))} · {verdict}"


def _anchor(address: str, label: str) -> str:
    return f'<a href="{html.escape(address)}">{_escaped(label)}</a>'


def _plain(text: str) -> str:
    return " ".join(text.split())


def _escaped(text: str) -> str:
    return html.escape(_plain(text))
