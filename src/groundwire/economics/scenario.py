"""One application to be worked out: its numbers as ranges, its choices, its plans; and what was assumed, by whom."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from groundwire.economics.catalog import Catalog
from groundwire.economics.device_prices import Tenure
from groundwire.economics.parameters import parameters
from groundwire.economics.plans import Plan
from groundwire.economics.uncertainty import Range

__all__ = ["Assumption", "Cohort", "EdgeChoice", "Routing", "Scenario"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Cohort:
    """Users who use it alike."""

    name: str
    share: float
    """Of active users. [1]"""
    multiple: float
    """Their requests over the mean user's. [1]"""


@dataclass(frozen=True, slots=True, kw_only=True)
class EdgeChoice:
    """A model on the user's own device."""

    accelerator: str
    model: str
    precision: str = "int4"


@dataclass(frozen=True, slots=True, kw_only=True)
class Routing:
    """A share of requests that a small model answers."""

    model: str
    share: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Assumption:
    """A number that nobody gave: what stands in, and why."""

    key: str
    range: Range
    unit: str
    source: str
    source_zh: str = ""
    """Where it differs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Scenario:
    """All that is needed to answer; built by ``application.build`` only, which checks it."""

    name: str
    catalog: Catalog
    """Models, devices, prices and grids that it is worked out with."""
    ranges: Mapping[str, Range]
    """By key of ``parameters``, in the key's unit; a number without default that was not given is absent."""
    assumptions: tuple[Assumption, ...]
    models: tuple[str, ...]
    """Names of open models that would do the job, as written."""
    accelerators: tuple[str, ...] = ()
    """To compare; none: all data-centre devices that have a price."""
    precisions: tuple[str, ...] = ("auto", "fp8")
    tenures: tuple[Tenure, ...] = ("on-demand", "reserved")
    hosted: tuple[str, ...] = ()
    """"provider/model" of APIs to compare."""
    hosted_offers: bool = True
    """Whether to look for hosts of the open models, too."""
    edge: EdgeChoice | None = None
    routing: Routing | None = None
    autoscale: bool = False
    region: str = "US"
    cooling: str = "average"
    plans: tuple[Plan, ...] = ()
    cohorts: tuple[Cohort, ...] = ()
    own_api: bool = False
    """Whether a hosted price was given by hand."""
    unknown_model_sizes: tuple[float, float | None] | None = None
    """Total and active parameters for names that the catalogue lacks. [1]"""
    draws: int = 400
    seed: int = 1
    given: Mapping[str, object] = field(default_factory=dict)
    """What the user said, as a nested table: a shareable address is made of it."""

    def with_ranges(self, **changes: Range | float) -> Scenario:
        """The same with some numbers changed (checked against their limits)."""
        table = parameters()
        merged = dict(self.ranges)
        for key, value in changes.items():
            merged[key] = table[key].checked(value if isinstance(value, Range) else Range.exact(float(value)))
        return replace(self, ranges=merged)

    def mid(self, key: str) -> float:
        """The middle of a number that is there."""
        return self.ranges[key].mid
