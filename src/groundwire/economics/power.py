"""What devices draw: a share of thermal design power that grows with how hard memory and arithmetic units work.

Chips raise and lower clock and voltage with the load, so the draw grows far slower than in proportion: over two decades of
utilisation it follows a power law with small exponents, between idle and the design power. The exponents are fitted; the
utilisations are computed.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import numpy as np
import numpy.typing as npt

from groundwire.economics.performance.scheduler import Served
from groundwire.economics.performance.terms import Terms

__all__ = ["POWER_PRIOR", "device_power", "loads"]

Array = npt.NDArray[np.float64]

POWER_PRIOR: Final[Mapping[str, float]] = {"full": 0.9, "compute": 0.1, "memory": 0.1, "resident": 0.0, "idle": 0.12}
"""Share of thermal design power at full load of a device that holds 1e10 weights; exponents of the load of arithmetic units,
of the load of memory, and of the weights that a device holds; share drawn at idle where that is not published."""


def loads(t: Terms, served: Served, utilization: Array) -> tuple[Array, Array, Array]:
    """Useful arithmetic over the 16-bit peak, bytes moved over bandwidth, weights per device over 1e10. [1]

    Over the 16-bit peak in every format: narrower operands are multiplied faster, but fetched, unpacked and scaled all the same.
    """
    compute = np.clip(utilization * np.asarray(t.peak, float) / np.asarray(t.peak_wide, float), 1e-5, 1.0)
    memory = np.clip(served.decode.stream / served.tpot, 1e-5, 1.0)
    return compute, np.asarray(memory), np.asarray(np.asarray(t.weights, float) / 1e10 + 0.0 * compute)


def device_power(t: Terms, law: Mapping[str, float], served: Served, utilization: Array) -> Array:
    """Mean draw of one device in a steady state: ``TDP * full * c^a * m^b * w^r``, between idle and TDP. [W]

    Args:
        t: Counts per device, with its thermal design power.
        law: Fitted values, keys of ``POWER_PRIOR``.
        served: The steady state.
        utilization: Useful arithmetic over peak. [1]
    """
    tdp, idle = np.asarray(t.tdp, float), np.asarray(t.idle, float)
    compute, memory, weights = loads(t, served, utilization)
    share = law["full"] * compute ** law["compute"] * memory ** law["memory"] * weights ** law["resident"]
    base = np.where(np.isnan(idle), law["idle"] * tdp, idle)
    return np.asarray(np.clip(tdp * share, base, tdp))
