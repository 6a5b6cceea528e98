"""Numbers in a text, before anything is known of their units: the public name of what ``amounts`` reads."""

from groundwire.evidence.amounts.numbers import Number, to_float

__all__ = ["Number", "to_float"]
