"""Numbers in English text: the public name of the grammar in ``amounts``."""

from groundwire.evidence.amounts.english_numbers import scan

__all__ = ["scan"]
