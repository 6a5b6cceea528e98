"""Extractive brief + a model's proposals -> a brief in which every written statement passed the checks."""

from groundwire.briefs.written.gate import unsupported
from groundwire.briefs.written.write import Withheld, Written, write

__all__ = ["Withheld", "Written", "unsupported", "write"]
