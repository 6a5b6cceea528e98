"""Article text -> what code can find in it: sentences, quantities, dates, names, roles, forecasts."""

from groundwire.evidence.analyse import analyse

__all__ = ["analyse"]
