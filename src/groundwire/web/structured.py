"""What machines read in a page: schema.org data for search engines (JSON-LD)."""

from __future__ import annotations

from typing import Any

from groundwire.web.plain import plain
from groundwire.web.views.event import EventPage
from groundwire.web.views.lists import FrontPage


def event_data(page: EventPage, base_url: str) -> dict[str, Any]:
    """An event's page as a NewsArticle that cites its sources."""
    sources = (page.sources.lead, *page.sources.others)
    return {
        "@context": "https://schema.org",
        "@type": "NewsArticle",
        "headline": page.headline.text[:110],
        "description": page.hook.text if page.hook else None,
        "url": f"{base_url}{page.url}",
        "mainEntityOfPage": f"{base_url}{page.url}",
        "inLanguage": page.language,
        "datePublished": plain(page.first_published_at),
        "dateModified": plain(page.provenance.made_at),
        "keywords": list(page.topics),
        "author": {"@type": "Organization", "name": "Groundwire", "url": base_url},
        "publisher": {"@type": "Organization", "name": "Groundwire", "url": base_url},
        "isBasedOn": [source.original_url for source in sources if source.original_url],
        "citation": [
            {
                "@type": "NewsArticle",
                "headline": source.title,
                "url": source.original_url,
                "inLanguage": source.language,
                "datePublished": plain(source.published_at),
                "publisher": {"@type": "Organization", "name": source.outlet},
            }
            for source in sources
            if source.original_url
        ],
    }


def front_data(page: FrontPage, base_url: str) -> dict[str, Any]:
    """A front page as a list of its events."""
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "itemListElement": [
            {"@type": "ListItem", "position": place, "url": f"{base_url}{card.url}", "name": card.headline.text}
            for place, card in enumerate(page.leading, start=1)
        ],
    }
