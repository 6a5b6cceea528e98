"""The sample wire: made-up news of made-up companies from made-up outlets, served as real feeds and pages.

Everything in it is invented, and says so wherever it is shown. It exists so that a newcomer sees the whole desk at
work without any account or network, and so that tests and benchmarks have news whose truth is known.
"""

from groundwire.sample.outlets import OUTLETS, Outlet
from groundwire.sample.server import SampleWire, Stats, serve_sample
from groundwire.sample.story_time import GoldDate
from groundwire.sample.wire import (
    DEFAULT_BASE,
    Correction,
    GoldConflict,
    GoldFigure,
    GoldForecast,
    GoldMilestone,
    SampleArticle,
    SampleEvent,
    articles,
    events,
)

__all__ = [
    "DEFAULT_BASE",
    "OUTLETS",
    "Correction",
    "GoldConflict",
    "GoldDate",
    "GoldFigure",
    "GoldForecast",
    "GoldMilestone",
    "Outlet",
    "SampleArticle",
    "SampleEvent",
    "SampleWire",
    "Stats",
    "articles",
    "events",
    "serve_sample",
]
