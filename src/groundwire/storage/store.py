"""All records in one place."""

from __future__ import annotations

from types import TracebackType

from groundwire.storage.articles import Articles
from groundwire.storage.briefs import Briefs
from groundwire.storage.corrections import Corrections
from groundwire.storage.database import Database
from groundwire.storage.entries import Entries
from groundwire.storage.events import Events
from groundwire.storage.forecasts import Forecasts
from groundwire.storage.leases import Leases
from groundwire.storage.mailings import Mailings
from groundwire.storage.model_calls import ModelCalls
from groundwire.storage.recaps import Recaps
from groundwire.storage.search import Search
from groundwire.storage.sources import Sources
from groundwire.storage.work import Work


class Store:
    """A database and the records in it; opened on a URL such as ``sqlite:///home/groundwire.db``."""

    def __init__(self, url: str) -> None:
        self.database = Database(url)
        self.sources = Sources(self.database)
        self.entries = Entries(self.database)
        self.articles = Articles(self.database)
        self.events = Events(self.database)
        self.briefs = Briefs(self.database)
        self.forecasts = Forecasts(self.database)
        self.corrections = Corrections(self.database)
        self.mailings = Mailings(self.database)
        self.recaps = Recaps(self.database)
        self.model_calls = ModelCalls(self.database)
        self.search = Search(self.database)
        self.leases = Leases(self.database)
        self.work = Work(self.database)

    def close(self) -> None:
        """Give back all connections."""
        self.database.close()

    def __enter__(self) -> Store:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()
