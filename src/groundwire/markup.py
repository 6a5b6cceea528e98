"""Foreign HTML to text: the only form in which it goes on.

Nothing a publisher wrote as markup is ever stored for display or sent to a browser; what leaves here is text, and text
is escaped where it is shown. Work is bounded before parsing: bytes, attributes and depth (libxml2 stops at its own).
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from typing import Final
from urllib.parse import urljoin

from lxml import etree
from lxml import html as lxml_html

from groundwire.text import clean_text, one_line

MAX_HTML: Final = 5_000_000
"""Characters of one document or fragment that are looked at."""

_LONG_TAG = re.compile(r"<([a-zA-Z][a-zA-Z0-9:-]{0,30})\s[^<>]{65536,}>")
_FORBIDDEN = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff\ud800-\udfff]")
_START_TAG = re.compile(r"<[a-zA-Z][^<>]*>")
_ADDRESS = re.compile(r"""(\s(?:href|src|cite|poster)\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE)
_RELATIVE = re.compile(
    r"""\s(?:href|src|cite|poster)\s*=\s*["']?\s*(?!["']?\s*(?:https?:|mailto:|data:|#))""", re.IGNORECASE
)
_TAG = re.compile(r"<[a-zA-Z/!?]")
_HTML_NAMES: Final = (
    "a abbr acronym address applet area article aside audio b base bdi bdo big blink blockquote body br button canvas "
    "caption center cite code col colgroup data datalist dd del details dfn dialog dir div dl dt em embed fieldset "
    "figcaption figure font footer form frame frameset h1 h2 h3 h4 h5 h6 head header hgroup hr html i iframe img input "
    "ins kbd label legend li link listing main map mark marquee math menu meta meter mglyph mtext nav nobr noembed "
    "noframes noscript object ol optgroup option output p param picture plaintext pre progress q rp rt ruby s samp "
    "script section select small source span strike strong style sub summary sup svg table tbody td template textarea "
    "tfoot th thead time title tr track tt u ul var video wbr xmp"
)
_NOT_A_TAG = re.compile(
    rf"<(?!/?(?:{_HTML_NAMES.replace(' ', '|')})(?![\w-])[^>]*>|!--|!\[CDATA\[|!doctype|\?)", re.IGNORECASE
)
SKIPPED_ELEMENTS: Final = frozenset(
    "script style template noscript iframe object applet svg math head title meta link base "  # noqa: SIM905  a list would fill a page
    "input select option textarea button datalist audio video canvas map frameset frame noframes".split()
)
"""Elements whose content is not text of the document."""
BLOCK_ELEMENTS: Final = frozenset(
    "p div li ul ol tr table thead tbody tfoot caption h1 h2 h3 h4 h5 h6 blockquote pre section article "  # noqa: SIM905  as above
    "header footer figure figcaption dl dt dd address hr main aside nav center details summary br body "
    "form fieldset legend dialog plaintext xmp listing marquee".split()
)
"""Elements that begin a new line."""
_CELLS: Final = frozenset({"td", "th"})
_PREFORMATTED: Final = frozenset({"pre", "xmp", "listing", "plaintext", "textarea"})


def parse_html(source: str) -> lxml_html.HtmlElement | None:
    """Parse a document or fragment, with what could cost quadratic time cut away; None where there is nothing."""
    bounded = _LONG_TAG.sub(r"<\1>", _FORBIDDEN.sub("", source[:MAX_HTML]))
    if not bounded.strip():
        return None
    # lxml refuses text that names an encoding: it is decoded already
    bounded = re.sub(r"^\s*<\?xml[^>]*\?>", "", bounded)
    try:
        tree: lxml_html.HtmlElement = lxml_html.document_fromstring(bounded)
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None
    return tree


def html_to_text(source: str) -> str:
    """What a reader would see: paragraphs separated by one newline, cleaned; markup, scripts and forms gone."""
    if not _TAG.search(source):  # its line breaks are all the structure there is
        return _paragraphs(html.unescape(source[:MAX_HTML]))
    tree = parse_html(source)
    return "" if tree is None else _paragraphs("".join(_pieces(tree)))


def inline_text(source: str, limit: int = 512) -> str:
    """The text of a short piece of HTML (a title, a name) on one line, entities decoded exactly once.

    What only looks like a tag (``vector<int>``, ``1 < 2``) stays: titles are plain text as often as not.
    """
    bounded = _NOT_A_TAG.sub("&lt;", source[: 64 * limit])
    return one_line(html_to_text(bounded), limit)


def select(root: etree._Element, xpath: str) -> list[etree._Element]:
    """The elements that an XPath of ours finds."""
    found = root.xpath(xpath)
    return [node for node in found if isinstance(node, etree._Element)] if isinstance(found, list) else []


def ends_skipping(skipped: etree._Element, element: etree._Element) -> bool:
    """Whether an element breaks out of a drawing or formula that was left open, as HTML has it (13.2.6.5)."""
    return skipped.tag in ("svg", "math") and element.tag in BLOCK_ELEMENTS


def absolute_links(source: str, base: str) -> str:
    """The HTML with its relative addresses made absolute, everything else as it was."""
    if not _RELATIVE.search(source):
        return source
    return _START_TAG.sub(lambda tag: _ADDRESS.sub(lambda found: _absolute(found, base), tag[0]), source)


def _absolute(found: re.Match[str], base: str) -> str:
    quote = found[2][0] if found[2][0] in "\"'" else ""
    address = found[2].strip("\"'").strip()
    if not address or re.match(r"[a-zA-Z][a-zA-Z0-9+.-]*:|#", address):
        return found[0]
    try:
        return f"{found[1]}{quote}{html.escape(urljoin(base, html.unescape(address)))}{quote}"
    except ValueError:
        return found[0]


def element_text(element: etree._Element) -> str:
    """The text of one element of a parsed page, as ``html_to_text`` would give it."""
    return _paragraphs("".join(_pieces(element)))


def _paragraphs(text: str) -> str:
    lines = (" ".join(line.split()) for line in clean_text(text).split("\n"))
    return "\n".join(line for line in lines if line)


def _pieces(root: etree._Element) -> Iterator[str]:
    """Text in document order, with newlines at block boundaries; iterative, as depth is the publisher's choice."""
    preformatted = 0
    skip_until: etree._Element | None = None
    for event, element in etree.iterwalk(root, events=("start", "end", "comment", "pi")):
        if skip_until is not None and event == "start" and ends_skipping(skip_until, element):
            skip_until = None
        if skip_until is not None:
            if event == "end" and element is skip_until:
                skip_until = None
                if element is not root:
                    yield _flow(element.tail, preformatted)
            continue
        if event in ("comment", "pi"):
            yield _flow(element.tail, preformatted)
            continue
        tag = element.tag
        if event == "start":
            if tag in SKIPPED_ELEMENTS:
                skip_until = element
                continue
            if tag in BLOCK_ELEMENTS:
                yield "\n"
            elif tag in _CELLS:
                yield " "
            preformatted += tag in _PREFORMATTED
            yield _flow(element.text, preformatted)
        else:
            preformatted -= tag in _PREFORMATTED
            if tag in BLOCK_ELEMENTS and tag != "br":
                yield "\n"
            if element is not root:
                yield _flow(element.tail, preformatted)


def _flow(text: str | None, preformatted: int) -> str:
    """A text node as HTML shows it: line breaks in the source are spaces, but in preformatted text."""
    if not text or preformatted:
        return text or ""
    return text.replace("\r", " ").replace("\n", " ").replace("\u2028", " ").replace("\u2029", " ")
