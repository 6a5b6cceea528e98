"""Factors between SI units and those people use; formulas take SI, edges convert with these."""

from __future__ import annotations

from typing import Final

__all__ = ["DAY", "GRAM", "HOUR", "KWH", "MILLION", "MONTH", "WH", "YEAR"]

HOUR: Final = 3600.0
"""[s]"""
DAY: Final = 86_400.0
"""[s]"""
YEAR: Final = 365.25 * DAY
"""[s]"""
MONTH: Final = YEAR / 12.0
"""[s]"""
WH: Final = 3600.0
"""[J]"""
KWH: Final = 3.6e6
"""[J]"""
GRAM: Final = 1e-3
"""[kg]"""
MILLION: Final = 1e6
"""Tokens that prices are quoted for. [token]"""
