"""Extractive brief + a model's proposals -> a brief in which every written statement passed the checks."""

from groundwire.briefs.written.gate import unsupported
from groundwire.briefs.written.translate import translate
from groundwire.briefs.written.write import Ask, Asking, Withheld, Written, write

__all__ = ["Ask", "Asking", "Withheld", "Written", "translate", "unsupported", "write"]
