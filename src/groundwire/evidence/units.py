"""Conversion between units: the public name of the table in ``amounts``."""

from groundwire.evidence.amounts.units import convert

__all__ = ["convert"]
