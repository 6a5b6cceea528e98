"""An accelerator as its data sheet states it: dense peaks, memory, links, power."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from groundwire.errors import EconomicsError

__all__ = ["Accelerator", "AcceleratorKind", "Confidence", "PriceRange"]

AcceleratorKind = Literal["datacenter gpu", "datacenter asic", "desktop gpu", "integrated", "npu", "cpu"]
Confidence = Literal["high", "medium", "low"]
KINDS: tuple[AcceleratorKind, ...] = ("datacenter gpu", "datacenter asic", "desktop gpu", "integrated", "npu", "cpu")
_LADDER = {
    "fp4": ("fp4", "fp8", "bf16", "fp32"),
    "fp8": ("fp8", "bf16", "fp32"),
    "int8": ("int8", "bf16", "fp32"),
    "bf16": ("bf16", "fp32", "int8"),
    "fp32": ("fp32", "bf16"),
}
"""By number format, the formats that stand in for it, nearest first."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PriceRange:
    """A dated range of what something costs."""

    low: float
    high: float
    unit: str
    """"USD/h" per device for rent, "USD" per device for purchase."""
    source: str
    checked: str

    def __post_init__(self) -> None:
        if not 0 < self.low <= self.high:
            raise EconomicsError("price range", f"low {self.low} and high {self.high} must be positive and in order")


@dataclass(frozen=True, slots=True, kw_only=True)
class Accelerator:
    """One device, counted as servers count them (one GPU of a superchip; a two-socket board of CPUs is one)."""

    name: str
    title: str
    vendor: str
    kind: AcceleratorKind
    family: str
    """Architecture generation ("hopper", "cdna3"): what calibration pools over."""
    peaks: dict[str, float]
    """Dense peak by number format ("fp32", "bf16", "fp8", "fp4", "int8"). [FLOP/s]"""
    memory: float
    """[byte]"""
    memory_bandwidth: float
    """[byte/s]"""
    link_bandwidth: float
    """To its peers, one direction. [byte/s]"""
    link: str
    link_domain: int
    """Devices that reach each other at that speed."""
    tdp: float
    """Thermal design power; for systems on a chip, of the package. [W]"""
    idle: float | None
    """[W]; None: not published, then a share of TDP is assumed."""
    cooling: Literal["air", "liquid", "passive", "active"]
    year: int
    aliases: tuple[str, ...] = ()
    rent: PriceRange | None = None
    purchase: PriceRange | None = None
    confidence: Confidence = "medium"
    source: str = ""
    checked: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        where = f"accelerator {self.name!r}"
        if self.kind not in KINDS:
            raise EconomicsError(f"{where}: kind", f"{self.kind!r} is none of {', '.join(KINDS)}")
        limits = {  # plausible ranges: catch a slip of unit (GB for byte), not an unusual device
            "memory": (self.memory, 1e8, 1e14),
            "memory_bandwidth": (self.memory_bandwidth, 1e9, 1e17),
            "link_bandwidth": (self.link_bandwidth, 1e6, 1e14),
            "tdp": (self.tdp, 0.5, 50_000.0),
            **{f"peak {k}": (v, 1e9, 1e18) for k, v in self.peaks.items()},
        }
        for field, (value, low, high) in limits.items():
            if not low <= value <= high:
                raise EconomicsError(f"{where}: {field}", f"{value:g} lies outside {low:g} to {high:g}; check the unit")
        if not self.peaks:
            raise EconomicsError(f"{where}: peaks", "at least one of fp32, bf16, fp8, fp4, int8 is needed")
        if self.idle is not None and not 0 <= self.idle < self.tdp:
            raise EconomicsError(f"{where}: idle", f"{self.idle} W must lie between 0 and the TDP of {self.tdp} W")
        if self.link_domain < 1:
            raise EconomicsError(f"{where}: link_domain", "must be at least 1")

    def peak_format(self, number_format: str) -> str:
        """The format in which arithmetic asked for in another is really done.

        A device without native FP4 or FP8 computes in the next wider format that it has (weights are unpacked first).
        """
        for candidate in _LADDER.get(number_format, ("bf16", "fp32")):
            if candidate in self.peaks:
                return candidate
        return next(iter(self.peaks))

    def peak(self, number_format: str) -> float:
        """Dense peak for arithmetic in a number format, or in the one that stands in for it. [FLOP/s]"""
        return self.peaks[self.peak_format(number_format)]
