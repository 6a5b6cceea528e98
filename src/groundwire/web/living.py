"""Pages of what outlives a day, as functions of the site, the reader and the address."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, time, timedelta
from typing import Literal

from groundwire.forecasts import Verdict
from groundwire.storage.forecasts import Kept
from groundwire.types import Article
from groundwire.web.caching import Lifetime, Rendered
from groundwire.web.site import HTML, Reader, Site
from groundwire.web.views.calibration import calibration_chart
from groundwire.web.views.forecasts import MOST, ForecastsPage, ForecastView, chosen, forecasts_page, ledger_notes, view
from groundwire.web.views.forecasts import LedgerNote as LedgerNote


def read_forecasts(site: Site, now: datetime | None) -> tuple[ForecastsPage, Lifetime]:
    """The ledger's page; it holds until the day ends."""
    ledger = site.store.forecasts.all()
    midnight = None if now is None else datetime.combine(now.date() + timedelta(days=1), time(), tzinfo=UTC)
    return forecasts_page(ledger, _cited(site, chosen(ledger, now)[0]), now), Lifetime(since=None, until=midnight)


def forecasts(site: Site, reader: Reader) -> Rendered:
    """The ledger of forecasts."""
    page, holds = read_forecasts(site, reader.now)
    words = reader.words
    chart = None
    if page.total.bins:
        chart = calibration_chart(
            page.total.bins,
            title=words("ledger.chart_title"),
            stated=words("ledger.chart_stated"),
            came_true=words("ledger.chart_true"),
            perfect=words("ledger.chart_perfect"),
        )
    body = site.template("living/forecasts.html", reader, page=page, chart=chart, most=MOST)
    return Rendered(body=body, media_type=HTML, holds=holds)


def resolve(site: Site, forecast_id: int, verdict: Verdict | Literal["open"], note: str) -> ForecastView:
    """Say what became of a forecast.

    Raises:
        NotFound: There is no such forecast, or it can't be resolved.
    """
    now = site.now()
    kept = site.store.forecasts.resolve(forecast_id, verdict, note=note.strip(), decided_by="person", now=now)
    site.cache.clear()
    return view(kept, _cited(site, [kept]), now.date())


def notes_for(site: Site, article_ids: Iterable[int], now: datetime | None) -> Mapping[str, LedgerNote]:
    """What the ledger says of the forecasts of an event's articles, by the forecast's key."""
    own = site.store.forecasts.of_articles(set(article_ids))
    of_sources = site.store.forecasts.of_sources({kept.forecast.source for kept in own})
    return ledger_notes(own, of_sources, now.date() if now else None)


def _cited(site: Site, ledger: Iterable[Kept]) -> dict[int, Article]:
    versions = {k.forecast.version_id for k in ledger} | {p.version_id for k in ledger for p in k.proposals}
    return {article.id: article for article in site.store.articles.versions(sorted(versions))}
