"""Numbers in Chinese text: the public name of the grammar in ``amounts``."""

from groundwire.evidence.amounts.chinese_numbers import scan

__all__ = ["scan"]
