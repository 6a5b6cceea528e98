"""What devices draw: idle power, and a dynamic part that follows how busy memory and arithmetic units are.

A share of the range between idle and thermal design power is drawn by the mere running of kernels, another by memory
traffic, another by arithmetic; the shares are fitted, the busyness is computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.scheduler import Served
from groundwire.economics.performance.terms import Terms

__all__ = ["POWER_PRIOR", "device_power"]

Array = npt.NDArray[np.float64]

POWER_PRIOR: Final[Mapping[str, float]] = {"idle": 0.15, "active": 0.2, "memory": 0.45, "compute": 0.5, "link": 0.05}
"""Shares of thermal design power: at idle; added while kernels run; by full memory traffic; by full arithmetic."""


def device_power(t: Terms, shares: Mapping[str, float], served: Served, utilization: Array) -> Array:
    """Mean draw of one device in a steady state. [W]"""
    tdp, idle = np.asarray(t.tdp, float), np.asarray(t.idle, float)
    d = served.decode
    memory = np.clip(d.memory / d.total, 0.0, 1.0) * (1.0 - served.prefill_share)
    busy = 1.0 - np.clip(d.overhead / d.total, 0.0, 1.0) * (1.0 - served.prefill_share)
    base = np.where(np.isnan(idle), shares["idle"] * tdp, idle)
    drawn = base + tdp * (shares["active"] * busy + shares["memory"] * memory + shares["compute"] * utilization)
    return np.asarray(np.clip(drawn, base, tdp))
