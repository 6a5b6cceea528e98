"""Characters to well-formed XML, where little is missing."""

from __future__ import annotations

import html
import html.entities
import re
from typing import Final

KNOWN_PREFIXES: Final = {
    "atom": "http://www.w3.org/2005/Atom",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "media": "http://search.yahoo.com/mrss/",
    "rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#",
    "sy": "http://purl.org/rss/1.0/modules/syndication/",
    "xhtml": "http://www.w3.org/1999/xhtml",
}
_SECTIONS = re.compile(r"(<!\[CDATA\[.*?\]\]>|<!--.*?-->)", re.DOTALL)
_AMPERSAND = re.compile(r"&(?:#(?:[0-9]{1,7}|[xX][0-9a-fA-F]{1,6});|([A-Za-z][A-Za-z0-9]{1,31});|)")
_XML_ENTITIES: Final = frozenset({"amp", "lt", "gt", "quot", "apos"})
_PREFIX = re.compile(r"(?:</?|\s)([A-Za-z_][\w.-]{0,40}):[A-Za-z_][\w.-]*(?=[\s=/>])")
_ROOT = re.compile(r"<([A-Za-z_][\w.-]*:)?([A-Za-z_][\w.-]*)(?=[\s/>])")
_ITEM_END = re.compile(r"</((?:[A-Za-z_][\w.-]*:)?(?:item|entry))\s*>")
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_CHARREF = re.compile(r"&#(?:([0-9]{1,9})|[xX]([0-9a-fA-F]{1,8}));?")


def printable_xml(text: str) -> str:
    """Without the characters that XML forbids, written out or as character references."""

    def keep(found: re.Match[str]) -> str:
        code = int(found[1]) if found[1] else int(found[2], 16)
        return "" if code > 0x10FFFF or _NOT_XML.match(chr(code)) else found[0]

    return _CHARREF.sub(keep, _NOT_XML.sub("", text))


def repair_xml(text: str) -> str:
    """Close to what was meant, for XML that is not well-formed in the common ways; others come back as broken.

    HTML's entities become characters, bare ampersands are escaped, undeclared prefixes are declared, and a document
    that was cut off ends after its last whole item.
    """
    parts = _SECTIONS.split(text)
    parts[::2] = [_AMPERSAND.sub(_entity, part) for part in parts[::2]]
    return _closed(_declared("".join(parts)))


def _entity(found: re.Match[str]) -> str:
    name = found[1]
    if name is None:
        return found[0] if len(found[0]) > 1 else "&amp;"
    if name in _XML_ENTITIES:
        return found[0]
    character = html.entities.html5.get(name + ";")
    return html.escape(character, quote=True) if character else f"&amp;{name};"


def _declared(text: str) -> str:
    root = _ROOT.search(text)
    if root is None:
        return text
    outside = "".join(_SECTIONS.split(text)[::2])
    used = set(_PREFIX.findall(outside)) - {"xml", "xmlns"}
    missing = sorted(prefix for prefix in used if not re.search(rf"\sxmlns:{re.escape(prefix)}\s*=", text))
    names = "".join(f' xmlns:{p}="{KNOWN_PREFIXES.get(p.lower(), "urn:undeclared:" + p)}"' for p in missing[:50])
    return text[: root.end()] + names + text[root.end() :]


def _closed(text: str) -> str:
    """Cut after the last whole item and closed, where the end of the root is missing."""
    root = _ROOT.search(text)
    if root is None or re.search(rf"</{re.escape(root[0][1:])}\s*>\s*(?:<!--.*?-->\s*)*\Z", text[-4096:], re.DOTALL):
        return text
    if re.search(rf"</{re.escape(root[0][1:])}\s*>", text[-65_536:]):
        return text  # something follows the root: not cut off
    ends = list(_ITEM_END.finditer(text))
    if not ends:
        return text
    head = text[: ends[-1].end()]
    channel = "</channel>" if "<channel" in head and "</channel" not in head else ""
    return f"{head}{channel}</{root[0][1:]}>"
