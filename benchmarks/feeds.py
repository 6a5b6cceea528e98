"""Feed parsing: titles, links, ids, dates, texts and entries on conformance sets; versions of a real feed replayed.

    python -m benchmarks.feeds [--data PATH] [--json] [--wrong]

PATH: a folder with ``feedparser/`` (``neutral_checks.jsonl`` and its files), ``gofeed/`` (``X.xml`` and ``X.json``) and
``history/`` (a tar of versions in order), any of them; or one of these folders. ``--wrong`` lists what failed.

What is compared: of feedparser's checks, those on fields that an entry or feed of ours carries (the note says how many
of all that is; ``sanitize/`` and ``bozo`` test feedparser's own sanitiser and are left out). Titles are text with us,
so markup in an expected title is rendered before comparing; ids are compared by our key of them, HTML by its tree.
Beside ours: feedparser and fastfeedparser, read through the same checks.
"""

from __future__ import annotations

import html
import json
import re
import tarfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

import fastfeedparser  # type: ignore[import-untyped]  # it has no types
import feedparser  # type: ignore[import-untyped]  # it has no types
from lxml import etree
from lxml import html as lxml_html

from benchmarks.common import need, parser, read_jsonl, report
from groundwire.collect.feed import parse_feed, person_name
from groundwire.collect.identity import guid_key, second_key
from groundwire.markup import inline_text
from groundwire.times import parse_time
from groundwire.types import Entry

HOST = "http://127.0.0.1:8097/"
"""Where feedparser's cases expect to be served from: some resolve links against it."""


@dataclass(frozen=True)
class Seen:
    """A feed as one of the parsers sees it, in the fields that are compared."""

    title: str = ""
    link: str = ""
    language: str = ""
    version: str = ""
    ttl: str = ""
    entries: tuple[SeenEntry, ...] = ()


@dataclass(frozen=True)
class SeenEntry:
    """One entry of it."""

    title: str = ""
    link: str = ""
    key: str = ""
    author: str = ""
    language: str = ""
    html: tuple[str, ...] = ()
    times: tuple[datetime, ...] = ()
    terms: tuple[str, ...] = ()


CORE = ("entries", "titles", "links", "ids", "dates")
"""The kinds that the target of 0.98 is set for."""

Reader = Callable[[bytes, str, str | None], Seen]


def ours(body: bytes, url: str, content_type: str | None) -> Seen:
    feed = parse_feed(body, url, content_type)
    return Seen(
        title=feed.title, link=feed.homepage or "", language=feed.language or "", version=feed.format,
        ttl="" if feed.ttl_s is None else f"{feed.ttl_s / 60:.0f}", entries=tuple(_our_entry(e) for e in feed.entries),
    )  # fmt: skip


def _our_entry(entry: Entry) -> SeenEntry:
    return SeenEntry(
        title=entry.title, link=entry.url or "", key=entry.key, author=entry.author or "",
        language=entry.language or "", html=(entry.html,), terms=entry.categories,
        times=tuple(t for t in (entry.published_at, entry.updated_at) if t),
    )  # fmt: skip


def theirs(parsed: Any) -> Seen:
    """feedparser's or fastfeedparser's result: they share the names of fields."""
    feed = parsed.get("feed", {})
    return Seen(
        title=inline_text(feed.get("title") or ""), link=feed.get("link") or "",
        language=_primary(feed.get("language")),
        version=parsed.get("version") or "", ttl=str(feed.get("ttl") or ""),
        entries=tuple(_their_entry(entry) for entry in parsed.get("entries", [])),
    )  # fmt: skip


def _their_entry(entry: Any) -> SeenEntry:
    texts = [entry.get("summary") or "", entry.get("description") or ""]
    texts += [content.get("value") or "" for content in entry.get("content") or []]
    times = [parse_time(entry.get(name)) for name in ("published", "updated", "created") if entry.get(name)]
    return SeenEntry(
        title=inline_text(entry.get("title") or ""), link=entry.get("link") or "",
        key=guid_key(entry["id"]) if entry.get("id") else "", author=person_name(entry.get("author")) or "",
        language=_primary(entry.get("language")), html=tuple(texts), times=tuple(t for t in times if t),
        terms=tuple(tag.get("term") or "" for tag in entry.get("tags") or []),
    )  # fmt: skip


def read_feedparser(body: bytes, url: str, content_type: str | None) -> Seen:
    headers = {"content-type": content_type or "application/xml", "content-location": url}
    return theirs(feedparser.parse(body, response_headers=headers, sanitize_html=False))


def read_fastfeedparser(body: bytes, _url: str, _content_type: str | None) -> Seen:
    return theirs(fastfeedparser.parse(body))


READERS: dict[str, Reader] = {"groundwire": ours, "feedparser": read_feedparser, "fastfeedparser": read_fastfeedparser}


# --- comparing -------------------------------------------------------------------------------------------------


def _primary(tag: str | None) -> str:
    return re.split(r"[-_]", tag or "")[0].lower()


def same_text(found: str, expected: str) -> bool:
    return found in (" ".join(expected.split()), inline_text(expected))


def same_html(found: str, expected: str) -> bool:
    """Equal trees; or equal text, where plain text is expected that stands escaped in our HTML."""
    return _shape(found) == _shape(expected) or " ".join(html.unescape(found).split()) == " ".join(expected.split())


def _shape(text: str) -> str:
    """The parsed tree, serialised one way."""
    if not text.strip():
        return ""
    tree = lxml_html.fragment_fromstring(text, create_parent="div")
    while len(tree) == 1 and tree[0].tag == "div" and not (tree.text or tree[0].tail or "").strip():
        tree = tree[0]  # a wrapper says nothing
    return " ".join(etree.tostring(tree, method="c14n").decode("utf-8").replace("> <", "><").split())


def same_url(found: str, expected: str) -> bool:
    return found.rstrip("/") == expected.rstrip("/")


def same_time(found: tuple[datetime, ...], expected: list[int]) -> bool:
    year, month, day, hour, minute, second = expected[:6]
    return datetime(year, month, day, hour, minute, second, tzinfo=UTC) in found


_FEED_CHECKS: dict[str, Callable[[Seen, Any], bool]] = {
    "feed.title": lambda seen, value: same_text(seen.title, value),
    "feed.title_detail.value": lambda seen, value: same_text(seen.title, value),
    "feed.link": lambda seen, value: same_url(seen.link, value),
    "feed.language": lambda seen, value: seen.language == _primary(value),
    "feed.ttl": lambda seen, value: seen.ttl == value,
    "version": lambda seen, value: seen.version == value,
    "len.entries": lambda seen, value: len(seen.entries) == value,
}
_ENTRY_CHECKS: dict[str, Callable[[SeenEntry, Any], bool]] = {
    "title": lambda entry, value: same_text(entry.title, value),
    "title_detail.value": lambda entry, value: same_text(entry.title, value),
    "link": lambda entry, value: same_url(entry.link, value),
    "id": lambda entry, value: entry.key == guid_key(value),
    "guid": lambda entry, value: entry.key == guid_key(value),
    "author": lambda entry, value: entry.author == (person_name(value) or ""),
    "author_detail.name": lambda entry, value: value in entry.author,
    "authors.#.name": lambda entry, value: value in entry.author,
    "summary": lambda entry, value: any(same_html(text, value) for text in entry.html),
    "summary_detail.value": lambda entry, value: any(same_html(text, value) for text in entry.html),
    "description": lambda entry, value: any(same_html(text, value) for text in entry.html),
    "content.#.value": lambda entry, value: any(same_html(text, value) for text in entry.html),
    "published_parsed": lambda entry, value: same_time(entry.times, value),
    "updated_parsed": lambda entry, value: same_time(entry.times, value),
    "created_parsed": lambda entry, value: same_time(entry.times, value),
    "published": lambda entry, value: parse_time(value) in entry.times,
    "updated": lambda entry, value: parse_time(value) in entry.times,
    "created": lambda entry, value: parse_time(value) in entry.times,
    "category": lambda entry, value: inline_text(value) in entry.terms,
    "tags.#.term": lambda entry, value: inline_text(value) in entry.terms,
    "language": lambda entry, value: entry.language == _primary(value),
}
_KINDS = {
    "title": "titles", "title_detail": "titles", "link": "links", "id": "ids", "guid": "ids", "author": "authors",
    "authors": "authors", "author_detail": "authors", "summary": "texts", "summary_detail": "texts",
    "description": "texts", "content": "texts", "category": "categories", "tags": "categories", "language": "languages",
    "version": "formats", "ttl": "ttl", "entries": "entries",
}  # fmt: skip


@dataclass
class Tally:
    """Right and wrong checks of one reader on one set, by kind of field."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)
    files: int = 0
    files_right: int = 0
    unread: int = 0
    bytes: int = 0
    seconds: float = 0.0
    wrong: list[str] = field(default_factory=list)

    def add(self, name: str, results: list[tuple[str, bool, str]]) -> None:
        self.files += bool(results)
        self.files_right += bool(results) and all(good for _, good, _ in results)
        for kind, good, detail in results:
            self.all[kind] += 1
            self.right[kind] += good
            if not good:
                self.wrong.append(f"{name}: {detail}")


@dataclass(frozen=True)
class Check:
    """One expectation: what is compared, and how."""

    kind: str
    detail: str
    holds: Callable[[Seen], bool]


@dataclass(frozen=True)
class Case:
    """One file with its expectations."""

    name: str
    body: bytes
    url: str
    content_type: str | None
    checks: tuple[Check, ...]


def run(cases: list[Case], reader: Reader) -> Tally:
    tally = Tally()
    for case in cases:
        began = time.perf_counter()
        try:
            seen = reader(case.body, case.url, case.content_type)
        except Exception:
            seen = Seen()
            tally.unread += 1
        tally.seconds += time.perf_counter() - began
        tally.bytes += len(case.body)
        tally.add(case.name, [(check.kind, check.holds(seen), check.detail) for check in case.checks])
    return tally


# --- the sets --------------------------------------------------------------------------------------------------


def feedparser_cases(folder: Path) -> tuple[list[Case], int]:
    """The cases with checks on fields that we carry, and how many checks there are in all."""
    cases: list[Case] = []
    every = 0
    for row in read_jsonl(folder / "neutral_checks.jsonl"):
        if "/sanitize/" in f"/{row['file']}" or not (folder / row["file"]).exists():
            continue
        wanted = [check for check in row["checks"] or [] if check["path"] != ["bozo"]]
        every += len(wanted)
        checks = tuple(found for found in map(_feedparser_check, wanted) if found is not None)
        headers = {name.lower(): value.strip() for name, value in row["headers"].items()}
        url = urljoin(HOST + row["file"], headers.get("content-location", ""))
        url = url if url.startswith("http") else HOST + row["file"]
        body = (folder / row["file"]).read_bytes()
        cases.append(Case(row["file"], body, url, headers.get("content-type", "application/xml"), checks))
    return cases, every


def _feedparser_check(check: dict[str, Any]) -> Check | None:
    if check["op"] != "==":
        return None
    path, value = check["path"], check["value"]
    detail = f"{'.'.join(map(str, path))} should be {value!r}"
    if path[0] == "entries" and len(path) > 2:
        name = ".".join("#" if isinstance(step, int) else str(step) for step in path[2:])
        index, holds_entry = path[1], _ENTRY_CHECKS.get(name)
        if holds_entry is None or value is None:
            return None
        kind = "dates" if name.split("_")[0] in ("published", "updated", "created") else _KINDS[path[2]]

        def holds(seen: Seen) -> bool:
            return len(seen.entries) > index and holds_entry(seen.entries[index], value)

        return Check(kind, detail, holds)
    holds_feed = _FEED_CHECKS.get(".".join(map(str, path)))
    if holds_feed is None or value is None:
        return None
    return Check(_KINDS[str(path[-1] if path[0] != "feed" else path[1])], detail, lambda seen: holds_feed(seen, value))


def gofeed_cases(folder: Path) -> list[Case]:
    cases: list[Case] = []
    for expected in sorted(folder.rglob("*.json")):
        source = expected.with_suffix(".xml")
        if not source.exists():
            continue
        fields = json.loads(expected.read_text("utf-8"))
        url = HOST + source.name
        checks = tuple(_gofeed_checks(fields, url))
        cases.append(Case(f"gofeed/{source.name}", source.read_bytes(), url, "application/xml", checks))
    return cases


def _gofeed_checks(fields: dict[str, Any], url: str) -> Iterator[Check]:
    entries = fields.get("items") or fields.get("entries") or []
    yield Check("entries", f"{len(entries)} entries", lambda seen: len(seen.entries) == len(entries))
    if "title" in fields:
        yield Check("titles", f"title {fields['title']!r}", lambda seen: same_text(seen.title, fields["title"]))
    if homepage := _alternate(fields):
        yield Check("links", f"link {homepage!r}", lambda seen: same_url(seen.link, urljoin(url, homepage)))
    if "language" in fields:
        tag = fields["language"]
        yield Check("languages", f"language {tag!r}", lambda seen: seen.language == _primary(tag))
    if "ttl" in fields:
        yield Check("ttl", f"ttl {fields['ttl']!r}", lambda seen: seen.ttl == fields["ttl"])
    for index, entry in enumerate(entries):
        for kind, value, holds in _gofeed_entry(entry, url):

            def at(seen: Seen, index: int = index, holds: Callable[[SeenEntry], bool] = holds) -> bool:
                return len(seen.entries) > index and holds(seen.entries[index])

            yield Check(kind, f"entry {index}: {kind} should be {value!r}", at)


def _gofeed_entry(entry: dict[str, Any], url: str) -> Iterator[tuple[str, Any, Callable[[SeenEntry], bool]]]:
    if title := entry.get("title"):
        yield "titles", title, lambda seen: same_text(seen.title, title)
    if link := _alternate(entry):
        yield "links", link, lambda seen: same_url(seen.link, urljoin(url, link))
    guid = entry.get("id") or (entry.get("guid") or {}).get("value")
    if guid:
        yield "ids", guid, lambda seen: seen.key == guid_key(guid)
    for name in ("publishedParsed", "updatedParsed", "pubDateParsed"):
        if at := parse_time(entry.get(name)):
            yield "dates", entry[name], lambda seen, at=at: at in seen.times  # type: ignore[misc]
    text = (entry.get("content") or {}).get("value") if isinstance(entry.get("content"), dict) else entry.get("content")
    text = text or entry.get("description") or entry.get("summary")
    if text:
        yield "texts", text, lambda seen: any(same_html(ours, text) for ours in seen.html)


def _alternate(fields: dict[str, Any]) -> str | None:
    if fields.get("link"):
        return str(fields["link"])
    links = [link if isinstance(link, dict) else {"href": link} for link in fields.get("links") or []]
    return next(
        (link["href"] for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")), None
    )


# --- history ---------------------------------------------------------------------------------------------------


def replay(archive: Path, polls_wanted: int | None = None) -> dict[str, object]:
    """Poll all (or the first so many) versions of a feed, keeping entries as the store does: by key or second key."""
    known: dict[str, tuple[str, str]] = {}  # key -> (title, html)
    seconds: dict[str, str] = {}
    edited: set[str] = set()
    texts_edited: set[str] = set()
    new = polls = edits = bytes_read = 0
    began = time.perf_counter()
    for body in islice(_versions(archive), polls_wanted):
        polls += 1
        bytes_read += len(body)
        feed = parse_feed(body, "https://example.org/rss.xml")
        assert len({entry.key for entry in feed.entries}) == len(feed.entries)
        for entry in feed.entries:
            other = second_key(entry)
            key = entry.key if entry.key in known else seconds.get(other or "", entry.key)
            new += key not in known
            if key in known and known[key] != (entry.title, entry.html):
                edits += 1
                edited.add(key)
                if inline_text(known[key][1], 10**6) != inline_text(entry.html, 10**6):
                    texts_edited.add(key)
            known[key] = (entry.title, entry.html)
            if other:
                seconds.setdefault(other, key)
    took = time.perf_counter() - began
    titles = Counter(title for title, _ in known.values())
    return {
        "polls": polls, "new entries": new, "edits": edits, "entries edited": len(edited),
        "in their text": len(texts_edited),
        "stored twice": sum(n - 1 for n in titles.values()), "MB/s": bytes_read / 1e6 / took,
    }  # fmt: skip


def _versions(archive: Path) -> Iterator[bytes]:
    """The archive's files by name, which begins with the time of the poll; read in its own order: seeking is slow."""
    bodies: dict[str, bytes] = {}
    with tarfile.open(archive) as tar:
        for member in tar:
            handle = tar.extractfile(member) if member.isfile() else None
            if handle is not None:
                bodies[member.name] = handle.read()
    for name in sorted(bodies):
        yield bodies[name]


def speed(archive: Path) -> dict[str, object]:
    """Megabytes a second of each reader on the versions of a real feed."""
    bodies = list(_versions(archive))[::10]
    row: dict[str, object] = {"megabytes": sum(map(len, bodies)) / 1e6}
    for name, reader in READERS.items():
        began = time.perf_counter()
        for body in bodies:
            reader(body, "https://example.org/rss.xml", "application/xml")
        row[f"{name} MB/s"] = float(str(row["megabytes"])) / (time.perf_counter() - began)
    return row


# --- report ----------------------------------------------------------------------------------------------------


def rows_of(name: str, cases: list[Case], *, show: bool) -> list[dict[str, object]]:
    rows: list[dict[str, object]] = []
    for reader_name, reader in READERS.items():
        tally = run(cases, reader)
        row: dict[str, object] = {"set": name, "reader": reader_name, "files": tally.files}
        row["files right"] = tally.files_right / max(1, tally.files)
        row["checks"] = tally.all.total()
        row["right"] = tally.right.total() / max(1, tally.all.total())
        row["core right"] = sum(tally.right[k] for k in CORE) / max(1, sum(tally.all[k] for k in CORE))
        for kind in (
            "entries",
            "titles",
            "links",
            "ids",
            "dates",
            "texts",
            "authors",
            "categories",
            "languages",
            "formats",
        ):
            row[kind] = f"{tally.right[kind]}/{tally.all[kind]}" if tally.all[kind] else "-"
        row["unread"] = tally.unread
        rows.append(row)
        if show and reader is ours:
            print("\n".join(tally.wrong))
    return rows


def main() -> None:
    options = parser(__doc__, "feeds")
    options.add_argument("--wrong", action="store_true", help="list the checks that fail")
    chosen = options.parse_args()
    root = need(chosen.data)
    folders = [root, *(path for path in sorted(root.iterdir()) if path.is_dir())] if root.is_dir() else [root.parent]
    rows: list[dict[str, object]] = []
    notes: list[str] = []
    for folder in folders:
        if (folder / "neutral_checks.jsonl").exists():
            cases, every = feedparser_cases(folder)
            rows += rows_of("feedparser", cases, show=chosen.wrong)
            notes.append(
                f"feedparser: {sum(len(c.checks) for c in cases)} of {every} checks are on fields that we carry"
            )
        elif folder.name == "gofeed" or (folder == root and any(folder.glob("*.xml"))):
            rows += rows_of("gofeed", gofeed_cases(folder), show=chosen.wrong)
    notes.append("target 0.98 of the core (entries, titles, links, ids, dates); feedparser on its own cases 0.991")
    report("feed parsing: conformance", rows, as_json=chosen.json, note="; ".join(notes))
    for archive in [path for folder in folders for path in sorted(folder.glob("*.tar.*"))]:
        report("feed parsing: versions of one feed, replayed", [replay(archive)], as_json=chosen.json)
        report("feed parsing: speed", [speed(archive)], as_json=chosen.json)


if __name__ == "__main__":
    main()
