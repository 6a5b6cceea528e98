"""The outlets' web pages: each outlet has its own template, with everything around the article that real ones have."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import datetime
from functools import cache

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from groundwire.sample.feeds import CONTENT_TYPES
from groundwire.sample.outlets import Outlet
from groundwire.sample.wire import SampleArticle

MARK = "groundwire-sample"
"""Name of the meta element in every page."""


def render_article(article: SampleArticle, others: Sequence[SampleArticle], url: str) -> bytes:
    """An article's page.

    Args:
        article: Which.
        others: What "related" boxes may link to.
        url: The server's root, without a slash at the end.
    """
    outlet = article.outlet
    return _render(
        outlet.template,
        outlet,
        url,
        article=article,
        related=[other for other in others if other.key != article.key][:5],
        published=article.published_at.astimezone(outlet.zone),
        changed=article.changed_at.astimezone(outlet.zone),
        json_ld=_json_ld(article, url),
    )


def render_home(outlet: Outlet, found: Sequence[SampleArticle], url: str) -> bytes:
    """An outlet's front page, which names its feed."""
    return _render("home.html", outlet, url, articles=sorted(found, key=lambda a: a.published_at, reverse=True))


def _json_ld(article: SampleArticle, url: str) -> Markup:
    data = {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": article.title,
        "mainEntityOfPage": url + article.path,
        "datePublished": _iso(article.published_at, article),
        "dateModified": _iso(article.changed_at, article),
        "author": [{"@type": "Person", "name": article.author}],
        "publisher": {"@type": "Organization", "name": article.outlet.title},
    }
    # "<" escaped, so that no text can end the script element
    return Markup(json.dumps(data, ensure_ascii=False).replace("<", "\\u003c"))  # noqa: S704  JSON made just here


def _iso(at: datetime, article: SampleArticle) -> str:
    return at.astimezone(article.outlet.zone).isoformat(timespec="seconds")


def _render(template: str, outlet: Outlet, url: str, **values: object) -> bytes:
    page = _environment().get_template(template)
    feed = f"{url}/{outlet.key}/{outlet.feed_path}"
    return page.render(
        outlet=outlet,
        url=url,
        home=f"{url}/{outlet.key}/",
        feed=feed,
        feed_type=CONTENT_TYPES[outlet.feed],
        mark=MARK,
        **values,
    ).encode()


@cache
def _environment() -> Environment:
    return Environment(
        loader=PackageLoader("groundwire.sample", "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
