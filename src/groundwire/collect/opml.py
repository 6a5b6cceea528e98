"""OPML subscription lists, in and out (http://opml.org/spec2.opml, section "Subscription lists").

Read tolerantly: any nesting (folders become topics), attribute names in any case, HTML's entities, broken markup as far
as it can be repaired; never a document type's entities. What we write we read back the same.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final, Protocol
from xml.parsers import expat

from lxml import etree

from groundwire.collect.identity import canonical_url, safe_url
from groundwire.collect.xml_repair import printable_xml, repair_xml
from groundwire.encoding import decode
from groundwire.errors import ParseError
from groundwire.text import one_line

MAX_OPML_BYTES: Final = 20_000_000
MAX_SOURCES: Final = 5_000
"""Taken of one file, the first of it."""
MAX_TOPICS: Final = 8
_TOPIC_LENGTH: Final = 100
_ALTERNATIVES: Final = "alternatives"
"""Our own attribute: other addresses of the same outlet, separated by spaces. Readers ignore what they don't know."""


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlineSource:
    """One subscription of a list."""

    url: str
    """The feed's address."""
    title: str
    homepage: str | None = None
    language: str | None = None
    topics: tuple[str, ...] = ()
    """The folders that it lies in, outermost first, then its own categories."""
    alternatives: tuple[str, ...] = ()


class Listed(Protocol):
    """What can be written as a subscription: ``types.Source`` and ``OutlineSource``."""

    @property
    def url(self) -> str:
        """The feed's address."""

    @property
    def title(self) -> str:
        """The outlet's name."""

    @property
    def homepage(self) -> str | None:
        """Its site."""

    @property
    def language(self) -> str | None:
        """BCP 47 primary subtag."""

    @property
    def topics(self) -> tuple[str, ...]:
        """Folder path."""

    @property
    def alternatives(self) -> tuple[str, ...]:
        """Other feeds of the same outlet."""


def parse_opml(body: bytes, content_type: str | None = None) -> tuple[OutlineSource, ...]:
    """The subscriptions of a list, in order, each address once, at most 5 000.

    Raises:
        ParseError: no OPML, entity declarations, or too large.
    """
    if len(body) > MAX_OPML_BYTES:
        raise ParseError("OPML", f"larger than {MAX_OPML_BYTES // 1_000_000} MB")
    text, _ = decode(body, content_type)
    if re.search(r"<!ENTITY", text, re.IGNORECASE):
        raise ParseError("OPML", "entities refused: it declares its own")
    text = printable_xml(re.sub(r"<!DOCTYPE[^>]*>", "", text, count=1, flags=re.IGNORECASE)).strip()
    found: dict[str, OutlineSource] = {}
    for source in _sources(_Outlines().read(text)):
        found.setdefault(canonical_url(source.url) or source.url, source)
        if len(found) >= MAX_SOURCES:
            break
    return tuple(found.values())


def render_opml(sources: Iterable[Listed], title: str) -> str:
    """An OPML 2.0 document, UTF-8 when encoded, of nested folders in the order of their first source."""
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = one_line(title)
    body = etree.SubElement(root, "body")
    folders: dict[tuple[str, ...], etree._Element] = {(): body}
    for source in sources:
        parent = body
        path = tuple(topic for topic in (one_line(topic, _TOPIC_LENGTH) for topic in source.topics) if topic)[
            :MAX_TOPICS
        ]
        for depth in range(1, len(path) + 1):
            if path[:depth] not in folders:
                name = path[depth - 1]
                folders[path[:depth]] = etree.SubElement(parent, "outline", text=name, title=name)
            parent = folders[path[:depth]]
        name = one_line(source.title) or source.url
        outline = etree.SubElement(parent, "outline", type="rss", text=name, title=name, xmlUrl=_printable(source.url))
        if source.homepage:
            outline.set("htmlUrl", _printable(source.homepage))
        if source.language:
            outline.set("language", _printable(source.language))
        if source.alternatives:
            outline.set(_ALTERNATIVES, " ".join(_printable(url) for url in source.alternatives))
    document: bytes = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    return document.decode("utf-8")


class _Outlines:
    """The outlines of a document with their depth, by expat: any nesting, no tree in memory, no recursion."""

    def __init__(self) -> None:
        self.rows: list[tuple[int, dict[str, str]]] = []
        self._depth = 0
        self._is_opml = False

    def read(self, text: str) -> _Outlines:
        """Strictly or, where the document is broken, repaired and as far as it goes.

        Raises:
            ParseError: it is no OPML.
        """
        error = self._parse(text)
        if error:
            self.rows, self._depth, self._is_opml = [], 0, False
            self._parse(repair_xml(text))
        if not self._is_opml:
            raise ParseError("OPML", f"not readable ({error})" if error else "it has no <opml>")
        return self

    def _parse(self, text: str) -> str:
        parser = expat.ParserCreate(encoding="utf-8")
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        try:
            parser.Parse(text.encode("utf-8", "replace"), True)  # noqa: FBT003  it takes no keywords
        except expat.ExpatError as error:
            return expat.ErrorString(error.code)
        return ""

    def _start(self, tag: str, attributes: dict[str, str]) -> None:
        name = tag.lower().rpartition(":")[2]
        self._is_opml = self._is_opml or name == "opml"
        if name == "outline":
            self._depth += 1
            self.rows.append((self._depth, {key.lower(): value for key, value in attributes.items()}))

    def _end(self, tag: str) -> None:
        self._depth -= tag.lower().rpartition(":")[2] == "outline"


def _sources(outlines: _Outlines) -> Iterator[OutlineSource]:
    path: list[tuple[int, str]] = []
    for depth, row in outlines.rows:
        while path and path[-1][0] >= depth:
            path.pop()
        name = one_line(row.get("text") or row.get("title") or "")
        if "xmlurl" not in row:
            path.append((depth, one_line(name, _TOPIC_LENGTH)))
            continue
        url = safe_url(row["xmlurl"])
        if url is None:
            continue
        homepage = safe_url(row.get("htmlurl"))
        folders = [folder for _, folder in path if folder]
        categories = [
            one_line(word.strip("/ "), _TOPIC_LENGTH) for word in row.get("category", "").split(",")[:MAX_TOPICS]
        ]
        alternatives = (safe_url(word) for word in row.get(_ALTERNATIVES, "").split()[:10])
        yield OutlineSource(
            url=url,
            title=name or one_line(row.get("title") or "") or homepage or url,
            homepage=homepage,
            language=_language(row.get("language")),
            topics=tuple(dict.fromkeys(topic for topic in (*folders, *categories) if topic))[:MAX_TOPICS],
            alternatives=tuple(dict.fromkeys(word for word in alternatives if word and word != url)),
        )


def _language(tag: str | None) -> str | None:
    found = re.match(r"\s*([A-Za-z]{2,3})(?![A-Za-z])", tag or "")
    return found[1].lower() if found else None


def _printable(value: str) -> str:
    return one_line(value, 4096)
