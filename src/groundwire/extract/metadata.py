"""What a page says about itself: its names, author, site, description and address."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from urllib.parse import urljoin, urlsplit

from lxml import etree

from groundwire.extract.blocks import Block, weight, words_of
from groundwire.markup import element_text, inline_text, select
from groundwire.text import one_line

_MAX_JSON: Final = 1_000_000
_MAX_NODES: Final = 2_000
_ARTICLE_TYPES: Final = frozenset(
    {
        "advertisercontentarticle", "analysisnewsarticle", "article", "backgroundnewsarticle", "blogposting",
        "liveblogposting", "newsarticle", "opinionnewsarticle", "report", "reportagenewsarticle", "reviewnewsarticle",
        "scholarlyarticle", "socialmediaposting", "techarticle",
    }
)  # fmt: skip
_SEPARATOR = re.compile(
    r"\s+[|\-–—·•»«:／]+\s+|\s*[|｜_]+\s*|\s*[–—]{1,2}\s*(?=[^–—]{1,20}$)"
    r"|(?<=[\u3000-\u9fff\uff00-\uffef])-(?=\S{2,20}$)"
)
_BY = re.compile(
    r"\s*(?:(?:written |posted |story |reported |words |text )?by\b:?|作者|文|记者|記者|撰文|撰稿|编辑)"
    r"\s*[:：|丨／/]?\s+"
    r"|^(?:作者|记者|記者|文|撰文)\s*[:：|丨／/]\s*",
    re.IGNORECASE,
)
_NO_NAME = re.compile(
    r"https?:|www\.|^@|^\W*$"
    r"|^(?:admin|administrator|editor|staff|author|guest|unknown|null|none|undefined|root|webmaster)$",
    re.IGNORECASE,
)
_AUTHOR_METAS: Final = (
    "author", "article:author", "article:author_name", "byl", "byline", "sailthru.author", "parsely-author",
    "dc.creator", "dcterms.creator", "dc.contributor", "citation_author", "shareaholic:article_author_name",
    "twitter:creator:name",
)  # fmt: skip
_BYLINE = re.compile(
    r"(?:作者|撰文|撰稿|文|记者|記者)\s*[:：|丨｜／/]\s*"
    r"([\u4e00-\u9fff·]{2,6}(?:[、,， ](?!编辑|责编|记者|来源|摄影|校对|出品|发布|時間|时间)[\u4e00-\u9fff·]{2,4})*"
    r"|[A-Za-z][\w .'-]{1,30})"
    r"|^[Bb][Yy]:?\s+([A-Z][\w.'’-]+(?: [A-Z][\w.'’-]*){1,3})"
)
_BYLINE_BLOCKS: Final = 30
"""Blocks after the headline in which a byline may stand."""
_WITH_CLASS: Final = (
    "//*[self::a or self::span or self::p or self::div][contains(concat(' ', normalize-space(@class), ' '), ' {} ')]"
)
_AUTHOR_PLACES: Final = (
    "//*[@itemprop='author']//*[@itemprop='name']",
    "//*[@itemprop='author']",
    "//a[@rel='author']",
    *(_WITH_CLASS.format(name) for name in ("author-name", "byline", "author")),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """A page's words about itself, clean plain text."""

    title: str
    titles: tuple[str, ...]
    """All names of the page, with and without the site's."""
    description: str
    author: str | None
    site_name: str | None
    canonical_url: str | None
    language: str | None
    """As declared; often the template's and not the article's."""
    published: str | None
    """JSON-LD's datePublished, as written."""
    metas: Mapping[str, str]
    """Content of the meta elements by name, property or itemprop in lower case; the first of each."""


def read_metadata(root: etree._Element, url: str) -> Metadata:
    """Read a page's head, JSON-LD and headline; ``url`` is where it came from."""
    metas = _metas(root)
    article = _json_article(root)
    site_name = _short(metas.get("og:site_name") or _name(article.get("publisher")) or metas.get("application-name"))
    headings = [element_text(h1).replace("\n", " ") for h1 in root.iterfind(".//h1")][:4]
    named = [_string(article.get("headline")), metas.get("og:title", ""), metas.get("twitter:title", "")]
    page_title = one_line(_title_element(root))
    titles = [inline_text(text) for text in [*named, metas.get("title", ""), page_title] if text] + headings
    shown = [text for text in map(inline_text, named) if text]
    title = _title([one_line(heading) for heading in headings if heading], shown, page_title, site_name, url)
    cut = [_without_site(text, site_name, url) for text in titles]
    return Metadata(
        title=title,
        titles=tuple(dict.fromkeys(text for text in (title, *titles, *cut) if text)),
        description=inline_text(metas.get("og:description") or metas.get("description") or "", 1000),
        author=_author(root, metas, article, site_name),
        site_name=site_name,
        canonical_url=_canonical(root, metas, url),
        language=root.get("lang") or root.get("{http://www.w3.org/XML/1998/namespace}lang") or metas.get("og:locale"),
        published=_string(article.get("datePublished")) or _string(article.get("dateCreated")) or None,
        metas=metas,
    )


def _title_element(root: etree._Element) -> str:
    """The content of <title>, the head's rather than an SVG's."""
    elements = [*root.iterfind(".//head/title"), *root.iterfind(".//title")]
    return next((element.text for element in elements if element.text), "")


def _metas(root: etree._Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for element in root.iter("meta"):
        name = element.get("name") or element.get("property") or element.get("itemprop")
        content = element.get("content")
        if name and content and content.strip():
            found.setdefault(name.strip().lower()[:100], content.strip()[:5000])
    return found


# --- JSON-LD ---------------------------------------------------------------------------------------------------


def _json_article(root: etree._Element) -> Mapping[str, Any]:
    """The first article that the page's JSON-LD describes; empty if none."""
    for script in root.iter("script"):
        if "ld+json" in (script.get("type") or "").lower() and script.text:
            for node in _nodes(script.text[:_MAX_JSON]):
                kinds = node.get("@type")
                kinds = kinds if isinstance(kinds, list) else [kinds]
                if any(isinstance(kind, str) and kind.lower() in _ARTICLE_TYPES for kind in kinds):
                    return node
    return {}


def _nodes(text: str) -> Iterator[Mapping[str, Any]]:
    """All objects of a JSON text, outermost first; nothing where it is not JSON."""
    try:
        waiting: list[Any] = [json.loads(text.strip().rstrip(";"), strict=False)]
    except (ValueError, RecursionError):
        return
    for _ in range(_MAX_NODES):
        if not waiting:
            return
        node = waiting.pop(0)
        if isinstance(node, dict):
            yield node
            waiting.extend(value for value in node.values() if isinstance(value, dict | list))
        elif isinstance(node, list):
            waiting.extend(value for value in node if isinstance(value, dict | list))


def _string(value: object) -> str:
    return html.unescape(value).strip() if isinstance(value, str) else ""


def _name(value: object) -> str:
    """The name of a person or organisation, however JSON-LD gives it."""
    if isinstance(value, list):
        return ", ".join(dict.fromkeys(name for name in (_name(item) for item in value[:10]) if name))
    return _name(value.get("name")) if isinstance(value, dict) else _string(value)


# --- fields ----------------------------------------------------------------------------------------------------


def _title(headings: list[str], named: list[str], page_title: str, site_name: str | None, url: str) -> str:
    """The headline: the heading that the page's other names confirm, else what they say without the site's name."""
    others = [words_of(text) for text in (*named, page_title) if text]
    labels = _site_labels(site_name, url)
    for heading in headings:
        key = words_of(heading)
        confirmed = any(key in other or (other and other in key) for other in others)
        if confirmed and weight(heading) >= 8 and key not in labels:
            return heading
    for text in (*named, page_title):
        if shown := _without_site(text, site_name, url):
            return shown
    return headings[0] if headings else ""


def _without_site(title: str, site_name: str | None, url: str) -> str:
    """The title without the names of the site and its sections that publishers append."""
    labels = _site_labels(site_name, url)
    while True:
        cuts = list(_SEPARATOR.finditer(title))
        if not cuts:
            return title.strip()
        head, tail = title[: cuts[-1].start()].strip(), title[cuts[-1].end() :].strip()
        usual = cuts[-1][0].strip() in ("|", "｜", "_", "-")
        if not head or not (_names_site(tail, labels) or (usual and _is_appended(head, tail))):
            return title.strip()
        title = head


def _site_labels(site_name: str | None, url: str) -> set[str]:
    labels = {words_of(label) for label in (urlsplit(url).hostname or "").split(".") if len(label) > 2}
    return labels | ({words_of(site_name)} if site_name else set())


def _names_site(tail: str, labels: set[str]) -> bool:
    """Whether it is the site's name, longer or shorter: "TechNews" and "tech", "Example Daily" and "example.com"."""
    key = words_of(tail)
    return key in labels or any(
        len(label) > 3 and (label in key or (len(key) > 3 and key in label)) for label in labels
    )


def _is_appended(head: str, tail: str) -> bool:
    """Whether it looks like a site's or section's name: short beside the title, and no sentence."""
    return weight(tail) <= 40 and weight(head) >= 1.5 * weight(tail) and not re.search(r"[.!?。！？]$", tail)


def _author(
    root: etree._Element, metas: Mapping[str, str], article: Mapping[str, Any], site_name: str | None
) -> str | None:
    candidates = [_name(article.get("author")), *(metas.get(name, "") for name in _AUTHOR_METAS)]
    for candidate in candidates:
        if name := _person(candidate):
            return name
    for place in _AUTHOR_PLACES:
        for element in select(root, place)[:3]:
            name = _person(element.get("content") or element_text(element).replace("\n", " "))
            if name and len(name) <= 60 and name != site_name:
                return name
    return None


def byline(blocks: Sequence[Block]) -> str | None:
    """The author that a short line near the headline or at the end names ("By …", 作者：…)."""
    start = next((block.index for block in blocks if block.tag == "h1"), 0)
    for block in blocks[start : start + _BYLINE_BLOCKS]:
        found = _BYLINE.search(block.text) if len(block.text) <= 160 else None
        if found is not None and (name := _person(found[1] or found[2])):
            return name
    return None


def _person(text: str) -> str | None:
    shown = re.split(
        r"\s*[|•·]\s|\s{2,}|[,，]?\s+(?:published|updated|posted|on)\b", _BY.sub("", inline_text(text, 200), count=1)
    )[0]
    shown = shown.strip(" ,;:：|")
    return None if not shown or len(shown) > 120 or _NO_NAME.search(shown) else shown


def _short(text: str | None) -> str | None:
    return inline_text(text, 100) or None if text else None


def _canonical(root: etree._Element, metas: Mapping[str, str], url: str) -> str | None:
    """The address that the page says is its own, if it lies on the same site: else a page could pose as another's."""
    links = [link.get("href") for link in root.iterfind(".//link[@rel='canonical']")]
    for address in (*links, metas.get("og:url")):
        if not address:
            continue
        try:
            absolute = urljoin(url, address.strip())
            parts, own = urlsplit(absolute), urlsplit(url)
        except ValueError:
            continue
        if parts.scheme in ("http", "https") and _site(parts.hostname) == _site(own.hostname) and len(parts.path) > 1:
            return absolute
    return None


def _site(host: str | None) -> str:
    """The last two labels, three under the likes of .co.uk: near enough to the registered domain."""
    labels = (host or "").lower().split(".")
    return ".".join(labels[-3:] if len(labels) > 2 and len(labels[-2]) <= 3 and len(labels[-1]) == 2 else labels[-2:])
